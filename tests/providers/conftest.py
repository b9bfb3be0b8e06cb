"""A scripted model server, samplers that are patient for tests, and requests to both."""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import ExitStack
from typing import Any

import pytest

from fusion_ui.engine.sampling import Message, Reply, Request
from fusion_ui.engine.values import Member
from fusion_ui.providers.litellm import LiteLLMSampler
from fusion_ui.providers.reception import Deadlines
from tests.providers import real_server
from tests.providers.fault_server import FaultServer
from tests.providers.real_server import TinyServer

OWN_KEY = "hush-own-key-of-the-member"
PATIENT = Deadlines(first_token_s=60, idle_s=60, whole_s=60, total_s=120, backoff_s=0.05)

Ask = Callable[..., Request]


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer() as running:
        yield running


@pytest.fixture
def make_sampler() -> Iterator[Callable[..., LiteLLMSampler]]:
    """Samplers that are closed after the test."""
    with ExitStack() as stack:

        def make(environ: Mapping[str, str] | None = None, **settings: Any) -> LiteLLMSampler:
            sampler = LiteLLMSampler(
                environ={"OWN_KEY": OWN_KEY} if environ is None else environ, **{"deadlines": PATIENT} | settings
            )
            stack.callback(sampler.close)
            return sampler

        yield make


@pytest.fixture
def sampler(make_sampler: Callable[..., LiteLLMSampler]) -> LiteLLMSampler:
    return make_sampler()


@pytest.fixture
def ask(server: FaultServer) -> Ask:
    """Requests to the scripted server; member fields and request fields as keywords."""

    def request(
        prompt: str, *, route: str = "openai", is_streamed: bool = True, seed: int = 0, **member: Any
    ) -> Request:
        fields = {"name": "gpt", "model": f"{route}/scripted", "api_base": server.base} | member
        return Request(
            member=Member(**fields),
            messages=(Message(role="user", content=prompt),),
            is_streamed=is_streamed,
            seed=seed,
        )

    return request


async def replies_to(sampler: LiteLLMSampler, request: Request) -> list[Reply]:
    """All that the sampler says to one request."""
    return [reply async for reply in stream_of(sampler, request)]


async def stream_of(sampler: LiteLLMSampler, request: Request) -> AsyncIterator[Reply]:
    """The replies one by one."""
    async for reply in sampler.sample(request):
        yield reply


@pytest.fixture(scope="session")
def tiny_server() -> Iterator[TinyServer]:
    """A real inference server; only for tests marked slow."""
    with real_server.tiny_server() as running:
        yield running
