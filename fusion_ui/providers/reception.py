"""One reply as it comes from LiteLLM: deadlines on every wait, deltas in steps, and the truth about how it ended.

It knows the shape of LiteLLM's replies but imports nothing of it. Connections are closed whatever happens.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

from fusion_ui.engine.sampling import Delta
from fusion_ui.providers.faults import CallError
from fusion_ui.providers.transcript import Said, Transcript

T = TypeVar("T")

_STEP_S = 0.05  # deltas are joined to twenty a second: more than a reader sees, a fraction of what tokens would cost
_TRIM_EVERY = 50
_NEWEST_KEPT = 3  # LiteLLM looks back at the last two


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadlines:
    """How long we wait, in seconds: for the first token, between pieces, for a reply fetched whole, and in all.

    `tries` and `backoff_s` rule the second and third try; a longer pause asked for than `longest_pause_s` is not made.
    """

    first_token_s: float = 90.0
    idle_s: float = 45.0
    whole_s: float = 300.0
    total_s: float = 900.0
    tries: int = 3
    backoff_s: float = 1.0
    longest_pause_s: float = 60.0


STANDARD = Deadlines()


class Ending(NamedTuple):
    """How a reply ended: the reason the server gave, and its own count of tokens (LiteLLM's object) if it sent one."""

    finish_reason: str
    usage: Any | None


class Reception:
    """Receives one reply; `transcript` holds what has come, also after a failure."""

    def __init__(self, *, emit: Callable[[Delta], None], deadlines: Deadlines) -> None:
        self.transcript = Transcript()
        self.first_token_at: float | None = None
        self._emit = emit
        self._deadlines = deadlines
        self._loop = asyncio.get_running_loop()
        self._step: asyncio.TimerHandle | None = None
        self._ends_at = 0.0

    async def stream(self, opening: Awaitable[Any]) -> Ending:
        """Receive a streamed reply piece by piece."""
        reply = None
        self._ends_at = self._loop.time() + self._deadlines.total_s
        try:
            reply = _given(await self._within(self._deadlines.first_token_s, opening))
            usage = await self._hear_all(reply)
            # LiteLLM says "stop" also where a stream just ends; only this tells what the server really sent.
            finish_reason = getattr(reply, "received_finish_reason", None) or "unconfirmed"
            return Ending(finish_reason, usage if _has_server_usage(reply) else None)
        finally:
            self._finish()
            await _close(reply)

    async def whole(self, opening: Awaitable[Any]) -> Ending:
        """Receive a reply in one piece."""
        self._ends_at = self._loop.time() + self._deadlines.total_s
        try:
            reply = _given(await self._within(self._deadlines.whole_s, opening))
            finish_reason = "unconfirmed"
            for choice in reply.choices[:1]:
                self._hear(choice.message)
                finish_reason = choice.finish_reason or finish_reason
            return Ending(finish_reason, getattr(reply, "usage", None))
        finally:
            self._finish()

    async def _hear_all(self, reply: Any) -> Any | None:
        usage, heard = None, 0
        pieces: AsyncIterator[Any] = aiter(reply)
        while not self.transcript.is_full:
            patience = self._deadlines.first_token_s if self.first_token_at is None else self._deadlines.idle_s
            try:
                piece = await self._within(patience, anext(pieces))
            except StopAsyncIteration:
                break
            heard += 1
            usage = getattr(piece, "usage", None) or usage
            for choice in piece.choices[:1]:
                self._hear(choice.delta)
            if heard % _TRIM_EVERY == 0:
                _trim(reply)
            # A stream whose pieces have all arrived never gives way by itself; with this, 32 of them stay smooth.
            await asyncio.sleep(0)
        return usage

    def _hear(self, said: Any) -> None:
        self._note(getattr(said, "reasoning_content", None), "thought")
        self._note(said.content, "text")

    def _note(self, piece: object, channel: Said) -> None:
        if not isinstance(piece, str) or not piece:
            return
        self.transcript.hear(piece, channel)
        if self.first_token_at is None:
            self.first_token_at = self._loop.time()
        if self._step is None:
            self._step = self._loop.call_later(_STEP_S, self._flush)

    def _flush(self) -> None:
        self._step = None
        for delta in self.transcript.take():
            self._emit(delta)

    def _finish(self) -> None:
        if self._step is not None:
            self._step.cancel()
        self.transcript.close()
        self._flush()

    async def _within(self, seconds: float, step: Awaitable[T]) -> T:
        left = self._ends_at - self._loop.time()
        try:
            async with asyncio.timeout(min(seconds, left)):
                return await step
        except TimeoutError:
            if left <= seconds:
                raise CallError("timeout", f"not done after {self._deadlines.total_s:g} s") from None
            raise CallError("timeout", f"silent for {seconds:g} s") from None


def _given(reply: Any) -> Any:
    # LiteLLM 1.106 returns None instead of raising when a server answers 422 and unknown settings are dropped.
    if reply is None:
        raise CallError("request", "the server refused the request and gave no reason")
    return reply


def _has_server_usage(reply: Any) -> bool:
    """Whether the server counted the tokens; otherwise LiteLLM's last piece holds an estimate of its own."""
    chunks = getattr(reply, "chunks", None)
    return not isinstance(chunks, list) or any(getattr(chunk, "usage", None) for chunk in chunks)


def _trim(reply: Any) -> None:
    """Forget the pieces LiteLLM keeps (4 KB a token) except the newest, which hold the count of tokens."""
    chunks = getattr(reply, "chunks", None)
    if isinstance(chunks, list):
        del chunks[:-_NEWEST_KEPT]


async def _close(reply: Any) -> None:
    """Close the connection behind a streamed reply; leaving the loop alone would keep it open for ever."""
    if reply is not None and hasattr(reply, "aclose"):
        with suppress(Exception):  # a connection that breaks while being closed is closed
            await reply.aclose()
