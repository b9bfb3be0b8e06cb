"""The sampler against a scripted server: what arrives, how it ends, what is retried and what is closed."""

import asyncio
import json
from collections.abc import Callable
from contextlib import aclosing

import pytest

from fusion_ui.engine.sampling import Delta, Reply
from fusion_ui.engine.values import Completion, Failure
from fusion_ui.providers.litellm import LiteLLMSampler
from fusion_ui.providers.reception import Deadlines
from tests.providers.conftest import OWN_KEY, Ask, replies_to
from tests.providers.fault_server import FaultServer, Play, Wire, endless, good, in_turn, refusing, speaking

pytestmark = pytest.mark.anyio

ROUTES = pytest.mark.parametrize("route", ["openai", "hosted_vllm"])
TOO_MANY = '{"error": {"message": "Rate limit reached"}}'


def completed(replies: list[Reply]) -> Completion:
    assert isinstance(replies[-1], Completion), replies
    assert all(isinstance(reply, Delta) for reply in replies[:-1])
    return replies[-1]


def failed(replies: list[Reply]) -> Failure:
    assert isinstance(replies[-1], Failure), replies
    return replies[-1]


def said(replies: list[Reply], channel: str) -> str:
    return "".join(reply.text for reply in replies if isinstance(reply, Delta) and reply.channel == channel)


@pytest.fixture
def playing(server: FaultServer) -> Callable[[Play], str]:
    """Puts a play on and gives the prompt that calls for it."""

    def play(chosen: Play) -> str:
        server.plays = {"play": chosen}
        return "play this"

    return play


@ROUTES
@pytest.mark.parametrize("is_streamed", [True, False])
async def test_a_good_answer_arrives_with_its_tokens(
    sampler: LiteLLMSampler, ask: Ask, *, route: str, is_streamed: bool
) -> None:
    replies = await replies_to(sampler, ask("hello there", route=route, is_streamed=is_streamed))
    end = completed(replies)
    assert end.text == said(replies, "text") == "You said: hello there"
    assert (end.finish_reason, end.input_tokens, end.output_tokens) == ("stop", 7, 5)
    assert 0 < (end.first_token_ms or 0) <= (end.duration_ms or 0)


async def test_what_was_asked_is_what_is_sent(sampler: LiteLLMSampler, server: FaultServer, ask: Ask) -> None:
    extra = {"top_p": 0.5, "stop": ["END"]}
    await replies_to(sampler, ask("x y", seed=42, temperature=0.3, max_tokens=9, extra=extra))
    body = server.seen[0].body
    assert {name: body[name] for name in ("seed", "temperature", "max_tokens", "top_p", "stop")} == {
        "seed": 42, "temperature": 0.3, "max_tokens": 9, "top_p": 0.5, "stop": ["END"],
    }  # fmt: skip


async def test_settings_not_passed_on_are_named(sampler: LiteLLMSampler, server: FaultServer, ask: Ask) -> None:
    replies = await replies_to(sampler, ask("x y", extra={"api_key": "stolen-key", "banana": 1}))
    assert said(replies, "note") == "Settings that are not passed on: api_key, banana."
    assert "stolen-key" not in repr(server.seen)


@ROUTES
async def test_thoughts_by_field_and_by_tag_are_no_answer(
    sampler: LiteLLMSampler, ask: Ask, playing: Callable[[Play], str], route: str
) -> None:
    async def play(wire: Wire) -> None:
        await wire.begin()
        await wire.say(reasoning_content="by field, ")
        for piece in ("<th", "ink>by t", "ag</thi", "nk>\n", "Yes."):
            await wire.say(piece)
        await wire.say(finish="stop")
        await wire.end()

    replies = await replies_to(sampler, ask(playing(play), route=route))
    assert (completed(replies).thought, completed(replies).text) == ("by field, by tag", "Yes.")
    assert (said(replies, "thought"), said(replies, "text")) == ("by field, by tag", "Yes.")


@ROUTES
async def test_an_emoji_cut_by_the_server_is_whole(
    sampler: LiteLLMSampler, ask: Ask, playing: Callable[[Play], str], route: str
) -> None:
    prompt = playing(speaking("Hi \ud83d", "\ude00\0!"))
    replies = await replies_to(sampler, ask(prompt, route=route))
    assert completed(replies).text == said(replies, "text") == "Hi 😀!"


@ROUTES
async def test_tokens_nobody_counted_are_unknown(
    sampler: LiteLLMSampler, ask: Ask, playing: Callable[[Play], str], route: str
) -> None:
    end = completed(await replies_to(sampler, ask(playing(speaking("Hi", usage=None)), route=route)))
    assert (end.input_tokens, end.output_tokens, end.cost_usd) == (None, None, None)


@ROUTES
async def test_a_stream_that_just_ends_is_unconfirmed(
    sampler: LiteLLMSampler, ask: Ask, playing: Callable[[Play], str], route: str
) -> None:
    async def play(wire: Wire) -> None:
        await wire.begin()
        await wire.say("Half an")
        await wire.end(is_marked=False)

    end = completed(await replies_to(sampler, ask(playing(play), route=route)))
    assert (end.text, end.finish_reason) == ("Half an", "unconfirmed")


@ROUTES
async def test_only_thinking_until_the_budget_is_a_completion_without_text(
    sampler: LiteLLMSampler, ask: Ask, playing: Callable[[Play], str], route: str
) -> None:
    prompt = playing(speaking("<think>on and on", finish="length"))
    end = completed(await replies_to(sampler, ask(prompt, route=route)))
    assert (end.text, end.thought, end.finish_reason) == ("", "on and on", "length")


async def test_only_thinking_to_the_end_is_an_empty_answer(
    sampler: LiteLLMSampler, ask: Ask, playing: Callable[[Play], str]
) -> None:
    failure = failed(await replies_to(sampler, ask(playing(speaking("<think>well")))))
    assert failure.kind == "empty"
    assert "only thought" in failure.message


async def test_a_filtered_answer_without_text_is_a_refusal(
    sampler: LiteLLMSampler, ask: Ask, playing: Callable[[Play], str]
) -> None:
    failure = failed(await replies_to(sampler, ask(playing(speaking(finish="content_filter")))))
    assert (failure.kind, failure.is_retryable) == ("policy", False)


async def test_a_list_price_is_not_taken_for_an_own_server(sampler: LiteLLMSampler, ask: Ask) -> None:
    end = completed(await replies_to(sampler, ask("x y", model="openai/gpt-4o-mini")))
    assert end.cost_usd is None


@pytest.mark.parametrize("is_streamed", [True, False])
async def test_own_prices_make_the_cost(sampler: LiteLLMSampler, ask: Ask, *, is_streamed: bool) -> None:
    prices = {"input_cost_per_token": 0.001, "output_cost_per_token": 0.01}
    end = completed(await replies_to(sampler, ask("x y", extra=prices, is_streamed=is_streamed)))
    assert end.cost_usd == pytest.approx(7 * 0.001 + 5 * 0.01)


@pytest.mark.parametrize(
    ("model", "cost_usd"), [("openai/gpt-4o-mini", 7 * 0.15e-6 + 5 * 0.6e-6), ("openai/nobody", None)]
)
async def test_the_vendors_own_models_have_their_list_price(
    sampler: LiteLLMSampler,
    server: FaultServer,
    ask: Ask,
    monkeypatch: pytest.MonkeyPatch,
    model: str,
    cost_usd: float | None,
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", server.base)
    monkeypatch.setenv("OPENAI_API_KEY", "key-of-the-house")
    end = completed(await replies_to(sampler, ask("x y", model=model, api_base=None)))
    assert end.cost_usd == (None if cost_usd is None else pytest.approx(cost_usd))
    assert server.seen[0].headers["authorization"] == "Bearer key-of-the-house"


async def test_a_named_key_reaches_the_vendor(
    sampler: LiteLLMSampler, server: FaultServer, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", server.base)
    monkeypatch.setenv("OPENAI_API_KEY", "key-of-the-house")
    await replies_to(sampler, ask("x y", api_base=None, api_key_env="OWN_KEY"))
    assert server.seen[0].headers["authorization"] == f"Bearer {OWN_KEY}"


async def test_an_unset_key_is_said_without_asking_anybody(
    sampler: LiteLLMSampler, server: FaultServer, ask: Ask
) -> None:
    failure = failed(await replies_to(sampler, ask("x y", api_key_env="ABSENT")))
    assert failure.kind == "key"
    assert "Set ABSENT (api_key_env of member 'gpt')" in failure.message
    assert server.seen == []


@ROUTES
async def test_the_pause_asked_for_is_kept(make_sampler: Callable[..., LiteLLMSampler], server: FaultServer, ask: Ask,
                                           route: str) -> None:  # fmt: skip
    server.plays = {"slowly": in_turn(refusing(429, TOO_MANY, retry_after="1"), good)}
    replies = await replies_to(make_sampler(), ask("slowly please", route=route))
    assert said(replies, "note") == "The provider asks us to slow down. Trying again in 2 s."
    assert completed(replies).text == "You said: slowly please"
    first, second = (seen.at for seen in server.seen)
    assert second - first >= 1.0


async def test_a_pause_beyond_patience_is_not_made(sampler: LiteLLMSampler, server: FaultServer, ask: Ask) -> None:
    server.plays = {"slowly": refusing(429, TOO_MANY, retry_after="61")}
    failure = failed(await replies_to(sampler, ask("slowly please")))
    assert (failure.kind, failure.is_retryable, len(server.seen)) == ("rate", True, 1)


async def test_who_pauses_holds_no_place(
    make_sampler: Callable[..., LiteLLMSampler], server: FaultServer, ask: Ask
) -> None:
    server.plays = {"slowly": in_turn(refusing(429, TOO_MANY, retry_after="50"), good)}
    sampler = make_sampler(concurrency=1)
    async with aclosing(sampler.sample(ask("slowly please"))) as slow:
        await anext(slow)
        completed(await asyncio.wait_for(replies_to(sampler, ask("quick one")), 45))


@ROUTES
@pytest.mark.parametrize(
    ("status", "tries"),
    [(500, 3), (502, 3), (503, 3), (401, 1), (402, 1), (403, 1), (404, 1), (400, 1), (413, 1)],
)
async def test_only_what_may_pass_is_tried_again(
    sampler: LiteLLMSampler, server: FaultServer, ask: Ask, *, route: str, status: int, tries: int
) -> None:
    server.plays = {"no": refusing(status, '{"error": {"message": "no"}}')}
    failure = failed(await replies_to(sampler, ask("no way", route=route)))
    assert (len(server.seen), failure.is_retryable) == (tries, tries > 1)


@pytest.mark.parametrize("route", ["anthropic", "gemini", "mistral", "ollama_chat"])
async def test_other_protocols_are_retried_alike(
    sampler: LiteLLMSampler, server: FaultServer, ask: Ask, route: str
) -> None:
    server.plays = {"no": refusing(429, TOO_MANY)}
    failure = failed(await replies_to(sampler, ask("no way", route=route, api_base=server.host)))
    assert (failure.kind, len(server.seen)) == ("rate", 3)


@pytest.mark.parametrize("body", ['{"choices": []}', '{"choices": [{"message": {"content": null}}]}'])
async def test_a_whole_reply_without_an_answer_is_empty(
    sampler: LiteLLMSampler, server: FaultServer, ask: Ask, body: str
) -> None:
    server.plays = {"no": refusing(200, body)}
    assert failed(await replies_to(sampler, ask("no words", is_streamed=False))).kind == "empty"


@ROUTES
async def test_a_refused_setting_is_a_request_failure_though_litellm_hides_it(
    sampler: LiteLLMSampler, server: FaultServer, ask: Ask, route: str
) -> None:
    server.plays = {"no": refusing(422, '{"error": {"message": "no"}}')}
    assert failed(await replies_to(sampler, ask("no way", route=route))).kind == "request"


async def test_an_empty_answer_is_tried_once_more(sampler: LiteLLMSampler, server: FaultServer, ask: Ask) -> None:
    server.plays = {"shy": in_turn(speaking(), speaking("Yes."))}
    assert completed(await replies_to(sampler, ask("shy one"))).text == "Yes."


@ROUTES
async def test_a_break_after_the_first_word_keeps_the_words_and_is_not_retried(
    sampler: LiteLLMSampler, server: FaultServer, ask: Ask, playing: Callable[[Play], str], route: str
) -> None:
    async def play(wire: Wire) -> None:
        await wire.begin()
        await wire.say("Half an")
        await wire.reset()

    failure = failed(await replies_to(sampler, ask(playing(play), route=route)))
    assert (failure.kind, failure.text, failure.is_retryable) == ("network", "Half an", True)
    assert len(server.seen) == 1


async def test_a_keep_alive_does_not_outwit_the_idle_deadline(
    make_sampler: Callable[..., LiteLLMSampler], ask: Ask, playing: Callable[[Play], str]
) -> None:
    sampler = make_sampler(deadlines=Deadlines(idle_s=0.5))

    async def play(wire: Wire) -> None:
        await wire.begin()
        await wire.say("Half an")
        while True:
            await wire.part(b": keep-alive\n\n")
            await asyncio.sleep(0.05)

    failure = failed(await replies_to(sampler, ask(playing(play))))
    assert (failure.kind, failure.text) == ("timeout", "Half an")
    assert "silent for 0.5 s" in failure.message


async def test_a_stream_without_end_meets_the_total_deadline(
    make_sampler: Callable[..., LiteLLMSampler], server: FaultServer, ask: Ask
) -> None:
    server.plays = {"endless": endless}
    failure = failed(await replies_to(make_sampler(deadlines=Deadlines(total_s=0.6)), ask("endless talk")))
    assert failure.kind == "timeout"
    assert failure.text.startswith("more more")


@pytest.mark.parametrize("is_streamed", [True, False])
async def test_a_server_that_never_answers_is_given_up(
    make_sampler: Callable[..., LiteLLMSampler], ask: Ask, playing: Callable[[Play], str], *, is_streamed: bool
) -> None:
    sampler = make_sampler(deadlines=Deadlines(first_token_s=0.3, whole_s=0.3, tries=2, backoff_s=0.01))
    failure = failed(await replies_to(sampler, ask(playing(Wire.stall), is_streamed=is_streamed)))
    assert failure.kind == "timeout"


async def test_a_server_that_is_not_there_is_a_network_failure(sampler: LiteLLMSampler, ask: Ask) -> None:
    failure = failed(await replies_to(sampler, ask("x y", api_base="http://127.0.0.1:9")))
    assert failure.kind == "network"
    assert "Check that http://127.0.0.1:9 is right" in failure.message


@ROUTES
async def test_a_megabyte_is_cut_at_the_cap(
    sampler: LiteLLMSampler, ask: Ask, playing: Callable[[Play], str], route: str
) -> None:
    end = completed(await replies_to(sampler, ask(playing(speaking("x" * 1_000_000)), route=route)))
    assert (len(end.text), end.finish_reason) == (400_000, "too_long")


@ROUTES
async def test_a_model_in_a_loop_is_hung_up_on_at_the_cap(
    sampler: LiteLLMSampler, server: FaultServer, ask: Ask, playing: Callable[[Play], str], route: str
) -> None:
    async def play(wire: Wire) -> None:
        await wire.begin()
        await wire.say("x" * 500_000)
        await wire.stall()

    assert completed(await replies_to(sampler, ask(playing(play), route=route))).finish_reason == "too_long"
    await asyncio.to_thread(server.wait_until_open, 0)
    assert len(server.left_at) == 1


async def test_a_repeating_model_is_no_error(sampler: LiteLLMSampler, ask: Ask, playing: Callable[[Play], str]) -> None:
    assert completed(await replies_to(sampler, ask(playing(speaking(*["la "] * 150))))).text == "la " * 150


async def test_tokens_counted_at_the_start_survive_the_forgetting_of_pieces(
    sampler: LiteLLMSampler, server: FaultServer, ask: Ask, playing: Callable[[Play], str]
) -> None:
    async def play(wire: Wire) -> None:
        await wire.begin()
        start = {
            "id": "m",
            "type": "message",
            "role": "assistant",
            "content": [],
            "model": "c",
            "usage": {"input_tokens": 321},
        }
        await _anthropic(wire, "message_start", message=start)
        await _anthropic(wire, "content_block_start", index=0, content_block={"type": "text", "text": ""})
        for _ in range(120):
            await _anthropic(wire, "content_block_delta", index=0, delta={"type": "text_delta", "text": "word "})
        await _anthropic(wire, "message_delta", delta={"stop_reason": "end_turn"}, usage={"output_tokens": 120})
        await _anthropic(wire, "message_stop")
        await wire.end(is_marked=False)

    end = completed(await replies_to(sampler, ask(playing(play), route="anthropic", api_base=server.host)))
    assert (end.text, end.finish_reason) == ("word " * 120, "stop")
    assert (end.input_tokens, end.output_tokens) == (321, 120)


async def _anthropic(wire: Wire, kind: str, **fields: object) -> None:
    await wire.part(f"event: {kind}\ndata: {json.dumps({'type': kind, **fields})}\n\n".encode())


@ROUTES
async def test_closing_streams_closes_their_connections(
    sampler: LiteLLMSampler, server: FaultServer, ask: Ask, route: str
) -> None:
    server.plays = {"endless": endless}
    streams = [sampler.sample(ask(f"endless {number}", route=route)) for number in range(8)]
    await asyncio.gather(*(anext(stream) for stream in streams))
    await asyncio.to_thread(server.wait_until_open, 8)
    await asyncio.gather(*(stream.aclose() for stream in streams))
    await asyncio.to_thread(server.wait_until_open, 0)
    assert len(server.left_at) == 8


@ROUTES
async def test_cancelling_while_waiting_for_the_first_word_closes_the_connection(
    sampler: LiteLLMSampler, server: FaultServer, ask: Ask, playing: Callable[[Play], str], route: str
) -> None:
    asking = asyncio.create_task(replies_to(sampler, ask(playing(Wire.stall), route=route)))
    await asyncio.to_thread(server.wait_until_open, 1)
    asking.cancel()
    await asyncio.to_thread(server.wait_until_open, 0)
    assert asking.cancelled() or asking.cancelling()


async def test_closing_the_sampler_ends_open_replies_in_words(
    sampler: LiteLLMSampler, server: FaultServer, ask: Ask
) -> None:
    server.plays = {"endless": endless}
    stream = sampler.sample(ask("endless talk"))
    await anext(stream)
    await asyncio.to_thread(sampler.close)
    rest = [reply async for reply in stream]
    assert failed(rest).kind == "cancelled"


async def test_no_more_calls_than_allowed_are_open_at_once(
    make_sampler: Callable[..., LiteLLMSampler], server: FaultServer, ask: Ask
) -> None:
    most = 0

    async def counted(wire: Wire) -> None:
        nonlocal most
        most = max(most, server.open_now)
        while most < 3:  # noqa: ASYNC110 - the others come when they can
            await asyncio.sleep(0.01)
        await good(wire)

    server.plays = {"count": counted}
    sampler = make_sampler(concurrency=3)
    await asyncio.gather(*(replies_to(sampler, ask(f"count {number}")) for number in range(12)))
    assert (most, len(server.seen)) == (3, 12)


async def test_warming_up_asks_nobody(sampler: LiteLLMSampler, server: FaultServer, ask: Ask) -> None:
    await sampler.warm_up()
    await sampler.warm_up()
    assert server.seen == []
    assert completed(await replies_to(sampler, ask("x y"))).text


async def test_no_key_is_in_the_repr(make_sampler: Callable[..., LiteLLMSampler]) -> None:
    sampler = make_sampler()
    assert OWN_KEY not in repr(sampler)
