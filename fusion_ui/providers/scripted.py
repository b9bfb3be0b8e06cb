"""A sampler that plays scripts: what it says, how fast, and how it fails or stalls are all given beforehand.

It drives the demo and most tests; it holds no texts of its own.
"""

import asyncio
import re
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass

from fusion_ui.engine.sampling import Delta, Reply, Request
from fusion_ui.engine.values import Completion, Failure

_TICK_SECONDS = 0.05
_TOKEN = re.compile(r"\s*\S{1,6}|\s+$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """One reply as it will be played. With `failure` the text is what arrives before it; `stalls` never ends."""

    text: str = ""
    thought: str = ""
    note: str = ""
    first_token_ms: float = 0.0
    tokens_per_second: float | None = None
    finish_reason: str = "stop"
    failure: Failure | None = None
    stalls: bool = False
    cost_usd: float = 0.0


class ScriptedSampler:
    """Plays `script(request)`; `speed` scales every delay (0 = instant)."""

    def __init__(self, script: Callable[[Request], Script], *, speed: float = 1.0) -> None:
        self._script = script
        self._speed = speed

    async def sample(self, request: Request) -> AsyncGenerator[Reply, None]:
        """Stream the script chosen for this request."""
        script = self._script(request)
        loop = asyncio.get_running_loop()
        began = loop.time()
        if script.note:
            yield Delta(text=script.note, channel="note")
        await asyncio.sleep(script.first_token_ms / 1000 * self._speed)
        first_ms = (loop.time() - began) * 1000
        if script.thought:
            yield Delta(text=script.thought, channel="thought")
        async for piece in self._paced(script):
            yield Delta(text=piece)
        if script.stalls:
            await asyncio.Event().wait()
        elapsed_ms = (loop.time() - began) * 1000
        yield script.failure or Completion(
            text=script.text,
            thought=script.thought,
            finish_reason=script.finish_reason,
            input_tokens=sum(token_count(message.content) for message in request.messages),
            output_tokens=token_count(script.text) + token_count(script.thought),
            cost_usd=script.cost_usd,
            duration_ms=elapsed_ms,
            first_token_ms=first_ms,
        )

    async def _paced(self, script: Script) -> AsyncGenerator[str, None]:
        """The text in pieces of one tick each, never running ahead of the clock."""
        tokens = _TOKEN.findall(script.text)
        if not script.tokens_per_second or not self._speed:
            if script.text:
                yield script.text
            return
        loop = asyncio.get_running_loop()
        began, said, at = loop.time(), 0, 0
        rate = script.tokens_per_second / self._speed
        while said < len(tokens):
            await asyncio.sleep(_TICK_SECONDS)
            due = min(len(tokens), int((loop.time() - began) * rate))
            piece = "".join(tokens[said:due])
            said, at = due, at + len(piece)
            if piece:
                yield piece if said < len(tokens) else piece + script.text[at:]


def token_count(text: str) -> int:
    """A stand-in for a tokenizer: pieces of up to six characters."""
    return len(_TOKEN.findall(text))
