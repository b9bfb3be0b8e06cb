"""Makes clean text of a reply that arrives in pieces: halves of characters joined, thoughts told from text, capped."""

from collections.abc import Iterator
from itertools import groupby
from typing import Literal

from fusion_ui.engine.sampling import Delta, clean

MOST_CHARS = 400_000  # a reply longer than any book chapter is a model in a loop; the screen and the store need an end
_OPEN, _CLOSE = "<think>", "</think>"
_MOST_LEAD = 100  # blanks before the first tag; waiting for one has to end

Said = Literal["text", "thought"]


class Transcript:
    """Hears raw pieces and gives clean deltas; however the pieces are cut, the sum of the deltas is the same.

    A `<think>` block counts as thought only before the first word of text: later it is what the answer talks about.
    """

    def __init__(self, *, most_chars: int = MOST_CHARS) -> None:
        self._room = most_chars
        self._halves: dict[Said, str] = {"text": "", "thought": ""}
        self._thinks = _ThinkTags()
        self._fresh: list[tuple[Said, str]] = []
        self._said: dict[Said, list[str]] = {"text": [], "thought": []}

    @property
    def text(self) -> str:
        """The answer so far."""
        return "".join(self._said["text"])

    @property
    def thought(self) -> str:
        """The thinking so far."""
        return "".join(self._said["thought"])

    @property
    def is_full(self) -> bool:
        """Whether the cap is reached and the rest will not be heard."""
        return self._room <= 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing has been said in either channel."""
        return not (self._said["text"] or self._said["thought"])

    def hear(self, piece: str, channel: Said) -> None:
        """Take in the next raw piece."""
        piece = piece[: self._room]
        self._room -= len(piece)
        whole = self._halves[channel] + piece
        # JavaScript servers cut strings between the two halves of an emoji: the first half waits for the second.
        cut = len(whole) - (whole[-1:] >= "\ud800" and whole[-1:] <= "\udbff")
        self._halves[channel] = whole[cut:]
        self._note(clean(whole[:cut]), channel)

    def close(self) -> None:
        """Let go of what was still held back for a next piece."""
        for channel, half in self._halves.items():
            self._note(clean(half), channel)
            self._halves[channel] = ""
        self._keep(self._thinks.rest())

    def take(self) -> list[Delta]:
        """What was said since the last time, neighbours of one channel joined."""
        fresh, self._fresh = self._fresh, []
        return [
            Delta(text="".join(text for _, text in pieces), channel=channel)
            for channel, pieces in groupby(fresh, key=lambda piece: piece[0])
        ]

    def _note(self, piece: str, channel: Said) -> None:
        self._keep(self._thinks.split(piece) if channel == "text" else [("thought", piece)])

    def _keep(self, pieces: "list[tuple[Said, str]] | Iterator[tuple[Said, str]]") -> None:
        for channel, piece in pieces:
            if piece:
                self._fresh.append((channel, piece))
                self._said[channel].append(piece)


class _ThinkTags:
    """Tells `<think>` blocks at the beginning of an answer from the answer, across any cuts."""

    def __init__(self) -> None:
        self._state: Literal["beginning", "thinking", "speaking"] = "beginning"
        self._held = ""
        self._has_thought = False

    def split(self, piece: str) -> Iterator[tuple[Said, str]]:
        """The piece by channel; what may be part of a tag is held back."""
        self._held += piece
        if self._state == "beginning":
            self._begin()
        while self._state == "thinking":
            thought, closed, rest = self._held.partition(_CLOSE)
            if not closed:
                kept = _overlap(thought)
                self._held = thought[len(thought) - kept :]
                yield "thought", thought[: len(thought) - kept]
                return
            yield "thought", thought
            self._state, self._held = "beginning", rest
            self._begin()
        if self._state == "speaking":
            yield "text", self._held
            self._held = ""

    def rest(self) -> Iterator[tuple[Said, str]]:
        """What was held back when the reply ended."""
        if self._state == "thinking":
            yield "thought", self._held
        else:
            yield "text", self._held
        self._held = ""

    def _begin(self) -> None:
        lead = self._held.lstrip()
        has_waited = not self._has_thought and len(self._held) - len(lead) > _MOST_LEAD
        if self._has_thought:
            self._held = lead
        if has_waited or not _OPEN.startswith(lead[: len(_OPEN)]):
            self._state = "speaking"
        elif lead.startswith(_OPEN):
            self._state, self._held, self._has_thought = "thinking", lead[len(_OPEN) :], True


def _overlap(thought: str) -> int:
    """How many characters at the end may be the beginning of the closing tag."""
    return next((size for size in range(len(_CLOSE) - 1, 0, -1) if thought.endswith(_CLOSE[:size])), 0)
