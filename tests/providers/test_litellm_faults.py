"""Two hundred faults at once among good streams: each slot ends rightly and in plain words, and no key gets out."""

import asyncio
import json
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from fusion_ui.engine.sampling import Delta, Reply
from fusion_ui.engine.values import Completion, Failure
from fusion_ui.providers.litellm import LiteLLMSampler
from fusion_ui.providers.reception import Deadlines
from tests.providers.conftest import OWN_KEY, Ask, replies_to
from tests.providers.fault_server import FaultServer, Play, Wire, refusing, speaking

pytestmark = pytest.mark.anyio

HOUSE_KEY = "plain-looking-key-of-the-house"
ROUTES = ("openai", "hosted_vllm")
EACH = 10  # 11 kinds x 2 routes x 10 = 220 faults
PAGE = "<html><head><title>Bad gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"
QUOTES_KEY = json.dumps({"error": {"message": f"Incorrect API key provided: {OWN_KEY}. Not {HOUSE_KEY} either."}})


async def reset_midway(wire: Wire) -> None:
    await wire.begin()
    await wire.say("Half an")
    await wire.reset()


async def stall_midway(wire: Wire) -> None:
    await wire.begin()
    await wire.say("Half an")
    await wire.stall()


async def malformed(wire: Wire) -> None:
    await wire.begin()
    await wire.say("Half an")
    await wire.event('{"id": "c", "choices": [{')
    await wire.say(" answer", finish="stop")
    await wire.end()


async def invalid_utf8(wire: Wire) -> None:
    await wire.begin()
    await wire.say("Half an")
    await wire.part(b'data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"s","choices":[{"index":0,')
    await wire.part(b'"delta":{"content":" \xff\xfe answer"},"finish_reason":null}]}\n\n')
    await wire.say(finish="stop")
    await wire.end()


async def page_as_answer(wire: Wire) -> None:
    await wire.respond(200, PAGE, content_type="text/html")


PLAYS: dict[str, Play] = {
    "429": refusing(429, '{"error": {"message": "Rate limit reached"}}', retry_after="0.2"),
    "401": refusing(401, QUOTES_KEY),
    "500": refusing(500, json.dumps({"error": {"message": f"oops {OWN_KEY}"}})),
    "reset": reset_midway,
    "stall": stall_midway,
    "malformed": malformed,
    "empty": speaking(),
    "megabyte": speaking("x" * 1_000_000),
    "utf8": invalid_utf8,
    "page502": refusing(502, PAGE, content_type="text/html"),
    "page200": page_as_answer,
}


@dataclass(frozen=True)
class Expected:
    """How one kind of fault has to end."""

    words: str
    kind: str = ""
    text: str = ""


WHOLE = Expected("")  # a completion
EXPECTED: dict[tuple[str, str], Expected] = {
    **{(route, "429"): Expected("The provider asks us to slow down.", "rate") for route in ROUTES},
    **{(route, "401"): Expected("The API key is missing or was refused. Set OWN_KEY", "key") for route in ROUTES},
    **{(route, "500"): Expected("The provider had an internal error.", "server") for route in ROUTES},
    **{(route, "reset"): Expected("The server could not be reached, or", "network", "Half an") for route in ROUTES},
    **{(route, "stall"): Expected("The model did not answer in time.", "timeout", "Half an") for route in ROUTES},
    **{(route, "empty"): Expected("The model sent no text. Check the address", "empty") for route in ROUTES},
    **{(route, "page502"): Expected("The provider had an internal error.", "server") for route in ROUTES},
    **{(route, "page200"): Expected("The model sent no text. Check the address", "empty") for route in ROUTES},
    # The OpenAI client stops at a line it cannot read, the other route skips the line or replaces the bytes.
    ("openai", "malformed"): Expected("The server's reply could not be read.", "malformed", "Half an"),
    ("hosted_vllm", "malformed"): Expected("", "", "Half an answer"),
    ("openai", "utf8"): Expected("The server's reply could not be read.", "malformed", "Half an"),
    ("hosted_vllm", "utf8"): Expected("", "", "Half an \ufffd\ufffd answer"),
    **{(route, "megabyte"): Expected("", "", "x" * 400_000) for route in ROUTES},
}


def unlike(expected: Expected, end: Reply) -> bool:
    if isinstance(end, Completion):
        return expected.kind != "" or end.text != expected.text
    is_alike = isinstance(end, Failure) and end.message.startswith(expected.words)
    return not is_alike or (end.kind, end.text) != (expected.kind, expected.text)


async def test_two_hundred_faults_end_rightly_and_disturb_nobody(
    make_sampler: Callable[..., LiteLLMSampler], server: FaultServer, ask: Ask, caplog: pytest.LogCaptureFixture
) -> None:
    server.plays = PLAYS
    patient = Deadlines(first_token_s=60, idle_s=4, backoff_s=0.05)
    sampler = make_sampler({"OWN_KEY": OWN_KEY, "OPENAI_API_KEY": HOUSE_KEY}, concurrency=40, deadlines=patient)
    slots = [(route, kind) for _ in range(EACH) for kind in (*PLAYS, "good") for route in ROUTES]
    requests = [
        ask(f"{kind} {number}", route=route, api_key_env="OWN_KEY") for number, (route, kind) in enumerate(slots)
    ]
    began = time.monotonic()
    with caplog.at_level(logging.DEBUG):
        replies = await asyncio.gather(*(replies_to(sampler, request) for request in requests))
    seconds = time.monotonic() - began

    for number, (slot, reply) in enumerate(zip(slots, replies, strict=True)):
        expected = EXPECTED.get(slot, Expected("", "", f"You said: good {number}"))
        assert not unlike(expected, reply[-1]), (slot, reply[-1])
        assert all(isinstance(delta, Delta) for delta in reply[:-1])
    assert len(slots) - EACH * len(ROUTES) >= 200
    written = repr(replies) + caplog.text + "".join(repr(record.__dict__) for record in caplog.records)
    assert OWN_KEY not in written
    assert HOUSE_KEY not in written
    assert seconds < 600


@pytest.mark.parametrize("kind", ["401", "500"])
@pytest.mark.parametrize("is_streamed", [True, False])
async def test_no_exception_carries_a_key_out(
    make_sampler: Callable[..., LiteLLMSampler],
    server: FaultServer,
    ask: Ask,
    capfd: pytest.CaptureFixture[str],
    *,
    kind: str,
    is_streamed: bool,
) -> None:
    server.plays = PLAYS
    sampler = make_sampler({"OWN_KEY": OWN_KEY})
    replies = await replies_to(sampler, ask(f"{kind} x", api_key_env="OWN_KEY", is_streamed=is_streamed))
    written = capfd.readouterr()
    assert isinstance(replies[-1], Failure)
    assert OWN_KEY not in repr(replies) + written.out + written.err
