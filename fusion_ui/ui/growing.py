"""A text while it is being written: finished blocks as HTML, once each, and the rest as plain text.

A block is finished when a line that is not indented follows a blank one, outside code fences and display formulas.
"""

import re

from fusion_ui.ui.markdown import LIMIT, render, shown

_FENCE = re.compile(r"\s*(`{3,}|~{3,})(.*)")
_MATHS = re.compile(r"\$\$|\\\[|\\\]")


class GrowingText:
    """What one watcher has seen of one growing text. Each call costs in proportion to what was added."""

    def __init__(self) -> None:
        self._text_seen = 0
        self._thought_seen = 0
        self._drawn = 0
        self._line = 0
        self._fence = ""
        self._is_maths = False
        self._is_gap = False

    def grow(self, text: str, thought: str) -> dict[str, str | list[str]]:
        """What to add on the screen: `blocks` of HTML and a new `tail`, or what to `add` to the tail; `thought`."""
        piece: dict[str, str | list[str]] = {}
        text = text if len(text) <= LIMIT else text[:LIMIT]
        if len(text) > self._text_seen:
            drawn, self._drawn = self._drawn, self._finished(text)
            if self._drawn > drawn:
                piece = {"blocks": [render(text[drawn : self._drawn])], "tail": shown(text[self._drawn :])}
            else:
                piece = {"add": shown(text[self._text_seen :])}
            self._text_seen = len(text)
        if len(thought) > self._thought_seen and self._thought_seen < LIMIT:
            piece["thought"] = shown(thought[self._thought_seen : LIMIT])
            self._thought_seen = len(thought)
        return piece

    def _finished(self, text: str) -> int:
        """Up to where blocks are finished; scans only the lines that are new."""
        finished = self._drawn
        while self._line < len(text):
            is_outside = not self._fence and not self._is_maths
            if self._is_gap and is_outside and not text[self._line].isspace():
                finished = self._line
            end = text.find("\n", self._line)
            if end < 0:
                break
            self._read(text[self._line : end])
            self._line = end + 1
        return finished

    def _read(self, line: str) -> None:
        self._is_gap = not line.strip()
        fence = _FENCE.match(line)
        if self._fence:
            if fence and fence[1].startswith(self._fence) and not fence[2].strip():
                self._fence = ""
        elif fence and not self._is_maths:
            self._fence = fence[1]
        else:
            for delimiter in _MATHS.findall(line):
                self._is_maths = not self._is_maths if delimiter == "$$" else delimiter == "\\["
