"""The sampler against a real inference server: a tiny model with random weights behind `transformers serve`."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable

import pytest

from fusion_ui.engine.sampling import Delta, Message, Reply, Request, reply_of
from fusion_ui.engine.values import Completion, Failure, Member
from fusion_ui.providers.litellm import LiteLLMSampler
from fusion_ui.providers.reception import Deadlines
from tests.providers.real_server import TinyServer

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

Asker = Callable[..., Request]


@pytest.fixture
def patient(make_sampler: Callable[..., LiteLLMSampler]) -> LiteLLMSampler:
    return make_sampler(deadlines=Deadlines())


@pytest.fixture
def to_tiny(tiny_server: TinyServer) -> Asker:
    """Requests to the tiny model."""

    def request(position: int = 1, *, max_tokens: int = 60, is_streamed: bool = True) -> Request:
        member = Member(name="tiny", model=tiny_server.model, api_base=tiny_server.api_base, max_tokens=max_tokens)
        turns = (Message(role="user", content="What is 6 times 7 ? The final answer is"),)
        return Request(member=member, messages=turns, position=position, seed=position, is_streamed=is_streamed)

    return request


async def test_seven_of_eight_streams_complete_while_one_is_cancelled(patient: LiteLLMSampler, to_tiny: Asker) -> None:
    dropped = patient.sample(to_tiny(8, max_tokens=4000))
    others = [asyncio.create_task(reply_of(patient, to_tiny(position))) for position in range(1, 8)]
    first = await _first_words(dropped)
    closing = time.monotonic()
    await dropped.aclose()
    assert first.text
    assert time.monotonic() - closing < 10
    ends = await asyncio.gather(*others)
    completions = [end for end in ends if isinstance(end, Completion)]
    assert len(completions) == 7, ends
    assert all(end.text.strip() and end.finish_reason in ("stop", "length") for end in completions)
    assert all(end.input_tokens and end.output_tokens and end.cost_usd is None for end in completions)
    assert len({end.text for end in completions}) > 1


async def test_a_reply_is_fetched_whole(patient: LiteLLMSampler, to_tiny: Asker) -> None:
    end = await reply_of(patient, to_tiny(is_streamed=False))
    assert isinstance(end, Completion)
    assert end.text.strip()


async def test_a_model_that_is_not_there_is_a_failure_in_words(
    patient: LiteLLMSampler, tiny_server: TinyServer
) -> None:
    member = Member(name="tiny", model="openai/nobody/here", api_base=tiny_server.api_base)
    end = await reply_of(patient, Request(member=member, messages=(Message(role="user", content="hi"),)))
    assert isinstance(end, Failure)
    assert end.message


async def _first_words(stream: AsyncGenerator[Reply, None]) -> Delta:
    """The first piece of text, whatever comes before it."""
    while True:
        reply = await anext(stream)
        assert isinstance(reply, Delta), reply
        if reply.channel == "text":
            return reply
