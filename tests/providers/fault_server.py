"""A model server on 127.0.0.1 that answers as scripted: well, wrongly, slowly, half or not at all.

The first word of the prompt chooses the play. It records when each request came, with which headers, and when a client
left before its reply was complete.
"""

import asyncio
import json
import socket
import struct
import threading
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any


@dataclass(frozen=True, slots=True)
class Seen:
    """One request as it arrived; `at` is monotonic."""

    at: float
    path: str
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def prompt(self) -> str:
        """The last turn, whatever the protocol calls it."""
        turns = self.body.get("messages") or self.body.get("contents") or [{"content": self.body.get("prompt", "")}]
        content = turns[-1].get("content") or turns[-1].get("parts") or ""
        return content if isinstance(content, str) else content[0]["text"]


class Wire:
    """The connection a play writes its answer to."""

    def __init__(self, seen: Seen, writer: asyncio.StreamWriter) -> None:
        self.seen = seen
        self._writer = writer

    async def respond(self, status: int, body: str | bytes, **headers: str) -> None:
        """A whole answer."""
        raw = body.encode() if isinstance(body, str) else body
        self._head(status, {"content-type": "application/json", "content-length": str(len(raw))} | _dashed(headers))
        await self.raw(raw)

    async def begin(self, **headers: str) -> None:
        """The head of a stream."""
        self._head(200, {"content-type": "text/event-stream", "transfer-encoding": "chunked"} | _dashed(headers))
        await self._writer.drain()

    async def raw(self, piece: bytes) -> None:
        """Bytes as they are."""
        self._writer.write(piece)
        await self._writer.drain()

    async def part(self, piece: bytes) -> None:
        """One part of a chunked body."""
        await self.raw(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")

    async def event(self, content: Any) -> None:
        """One server-sent event; text is sent as it is, anything else as JSON."""
        line = content if isinstance(content, str) else json.dumps(content)
        await self.part(f"data: {line}\n\n".encode())

    async def say(self, text: str | None = None, *, finish: str | None = None, **delta: Any) -> None:
        """One chunk of a chat completion."""
        said = delta if text is None else {"content": text, **delta}
        choice = {"index": 0, "delta": {"role": "assistant", **said}, "finish_reason": finish}
        await self.event(_CHUNK | {"choices": [choice]})

    async def count(self, read: int, written: int) -> None:
        """The chunk that counts tokens."""
        usage = {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}
        await self.event(_CHUNK | {"choices": [], "usage": usage})

    async def end(self, *, is_marked: bool = True) -> None:
        """The end of a stream, with or without the word that says so."""
        if is_marked:
            await self.event("[DONE]")
        await self.raw(b"0\r\n\r\n")

    async def reset(self) -> None:
        """Break the connection as a dying server does."""
        await asyncio.sleep(0.05)  # what was written has to be read first, or the reset would swallow it
        sock = self._writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._writer.transport.abort()

    async def stall(self) -> None:
        """Say nothing until the client leaves."""
        await asyncio.Event().wait()

    def _head(self, status: int, headers: Mapping[str, str]) -> None:
        lines = "".join(f"{name}: {text}\r\n" for name, text in headers.items())
        self._writer.write(f"HTTP/1.1 {status} Scripted\r\n{lines}connection: close\r\n\r\n".encode())


Play = Callable[[Wire], Awaitable[None]]
_CHUNK = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "scripted"}


@dataclass
class FaultServer:
    """Serves `plays` on a thread of its own while the context is open; prompts without a play get "good"."""

    plays: Mapping[str, Play] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)
    left_at: list[float] = field(default_factory=list)
    open_now: int = 0
    host: str = ""
    changed: threading.Condition = field(default_factory=threading.Condition)

    def __enter__(self) -> "FaultServer":
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        starting = asyncio.start_server(self._serve, "127.0.0.1", 0, limit=2**24)
        self._server = asyncio.run_coroutine_threadsafe(starting, self._loop).result(5)
        self.host = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    @property
    def base(self) -> str:
        """The address to type."""
        return f"{self.host}/v1"

    def asked(self, prompt: str) -> list[Seen]:
        """The requests with this prompt."""
        return [seen for seen in self.seen if seen.prompt == prompt]

    def wait_until_open(self, number: int) -> None:
        """Block until exactly so many replies are being played."""
        with self.changed:
            assert self.changed.wait_for(lambda: self.open_now == number, timeout=60), self.open_now

    def _count(self, change: int) -> None:
        with self.changed:
            self.open_now += change
            self.changed.notify_all()

    async def _stop(self) -> None:
        self._server.close()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            seen = await _read_request(reader)
            self.seen.append(seen)
            self._count(1)
            try:
                if not await _played(self._play_for(seen)(Wire(seen, writer)), reader):
                    self.left_at.append(time.monotonic())
            finally:
                self._count(-1)
        writer.close()

    def _play_for(self, seen: Seen) -> Play:
        words = seen.prompt.split()
        return self.plays.get(words[0] if words else "", good)


async def _read_request(reader: asyncio.StreamReader) -> Seen:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = {name.lower(): text for name, _, text in (line.partition(": ") for line in head[1:] if line)}
    raw = await reader.readexactly(int(headers.get("content-length", "0")))
    body = json.loads(raw) if raw.startswith(b"{") else {"prompt": raw.decode("latin-1")}
    return Seen(at=time.monotonic(), path=head[0].split(" ")[1], headers=headers, body=body)


async def _played(play: Awaitable[None], reader: asyncio.StreamReader) -> bool:
    """Whether the play was played to its end before the client left."""
    playing = asyncio.ensure_future(play)
    leaving = asyncio.ensure_future(reader.read(1))
    try:
        await asyncio.wait({playing, leaving}, return_when=asyncio.FIRST_COMPLETED)
        is_whole = playing.done()
        if is_whole:
            playing.result()
        return is_whole
    finally:
        playing.cancel()
        leaving.cancel()
        await asyncio.gather(playing, leaving, return_exceptions=True)


def _dashed(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): text for name, text in headers.items()}


def speaking(*pieces: str, finish: str | None = "stop", usage: tuple[int, int] | None = (7, 5)) -> Play:
    """A play that says the pieces and ends well."""

    async def play(wire: Wire) -> None:
        await wire.begin()
        for piece in pieces:
            await wire.say(piece)
        await wire.say(finish=finish)
        if usage:
            await wire.count(*usage)
        await wire.end()

    return play


def refusing(status: int, body: str, **headers: str) -> Play:
    """A play that answers with an error."""

    async def play(wire: Wire) -> None:
        await wire.respond(status, body, **headers)

    return play


def in_turn(*plays: Play) -> Play:
    """A play that is another one each time, the last for ever."""
    left = list(plays)

    async def play(wire: Wire) -> None:
        await (left.pop(0) if len(left) > 1 else left[0])(wire)

    return play


async def endless(wire: Wire) -> None:
    """A play that goes on until the client leaves."""
    await wire.begin()
    while True:
        await wire.say("more ")
        await asyncio.sleep(0.02)


async def good(wire: Wire) -> None:
    """A short answer that repeats the prompt, streamed or whole as asked."""
    text = f"You said: {wire.seen.prompt}"
    if wire.seen.body.get("stream"):
        await speaking(*text.split(" ", 1)[:1], " " + text.split(" ", 1)[1])(wire)
        return
    message = {"role": "assistant", "content": text}
    usage = {"prompt_tokens": 7, "completion_tokens": 5, "total_tokens": 12}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    await wire.respond(200, json.dumps({"id": "w", "object": "chat.completion", "choices": [choice], "usage": usage}))
