"""One JSON document of any size, read element by element: the elements of a list, or of one list in an object.

Only as much of the text is held as the element at hand needs. A document that breaks off or is no JSON is refused
whole, for nobody can say where its next element would begin.
"""

import codecs
import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NoReturn

from fusion_ui.exchange.answer_fields import Fields
from fusion_ui.exchange.recorded_ratings import ImportRefusedError

LONGEST_ELEMENT = 32_000_000  # characters
_DECODER = json.JSONDecoder(strict=False)
_SPACE = " \t\r\n"


class Window:
    """What of a document has been read and not yet been taken, and the line at which it begins."""

    def __init__(self, chunks: Iterable[bytes], *, name: str) -> None:
        self._chunks = iter(chunks)
        self._decode: Callable[..., str] = codecs.getincrementaldecoder("utf-8-sig")().decode
        self._name = name
        self._text, self._at, self._is_over = "", 0, False
        self.line = 1

    def elements(self) -> Iterator[Fields]:
        """The objects of the list that comes next; an element that is none carries that as its problem."""
        self.take("[")
        if self.peek() == "]":
            return self.take("]")
        while True:
            self.peek()
            line, value = self.line, self.value()
            is_object = isinstance(value, dict)
            yield Fields(line, value if is_object else {}, "" if is_object else "is no JSON object")
            if self.peek() == "]":
                return self.take("]")
            self.take(",")

    def members(self, streamed: str) -> Iterator[tuple[str, Any]]:
        """Every member of the object that comes next; of the one called `streamed`, each element of its list."""
        self.take("{")
        while self.peek() != "}":
            key = self.value() if self.peek() == '"' else self.refuse("expecting a name in quotes")
            self.take(":")
            if key == streamed and self.peek() == "[":
                yield from ((key, element) for element in self.elements())
            else:
                yield key, self.value()
            if self.peek() != "}":
                self.take(",")
        self.take("}")

    def end(self) -> None:
        """Nothing may follow."""
        if self.peek():
            self.refuse("the document goes on behind its end")

    def peek(self) -> str:
        """The next sign that is no space, "" at the end."""
        while True:
            while self._at < len(self._text):
                sign = self._text[self._at]
                if sign not in _SPACE:
                    return sign
                self.line += sign == "\n"
                self._at += 1
            if not self._grow():
                return ""

    def take(self, sign: str) -> None:
        """Goes past this sign, which must be next."""
        if self.peek() != sign:
            self.refuse(f"expecting {sign!r}")
        self._at += 1

    def value(self) -> Any:
        """The value that comes next."""
        self.peek()
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                fault, end = error.msg, -1
            except RecursionError:
                self.refuse("it is nested too deeply")
            except ValueError:
                self.refuse("it holds a number of too many digits")
            # A number at the very end may go on in what was not read yet.
            if 0 <= end < len(self._text) or (end >= 0 and self._is_over):
                self.line += self._text.count("\n", self._at, end)
                self._at = end
                return value
            if len(self._text) - self._at > LONGEST_ELEMENT:
                self.refuse(f"an element is longer than {LONGEST_ELEMENT // 1_000_000} million characters, or broken")
            if not self._grow() and end < 0:
                self.refuse(fault)

    def refuse(self, why: str) -> NoReturn:
        """Ends the reading."""
        raise ImportRefusedError(f"{self._name}, line {self.line}: this is no whole JSON document ({why}).")

    def _grow(self) -> bool:
        """Reads at least as much as is held, so that a long element is not tried again for each piece of it."""
        pieces = [self._text[self._at :]]
        wanted = len(pieces[0]) + 1
        while wanted > 0 and not self._is_over:
            piece = self._next_piece()
            pieces.append(piece)
            wanted -= len(piece)
        grown = sum(map(len, pieces[1:])) > 0
        self._text, self._at = "".join(pieces), 0
        return grown

    def _next_piece(self) -> str:
        chunk = next(self._chunks, None)
        self._is_over = chunk is None
        try:
            return self._decode(chunk or b"", final=chunk is None)
        except UnicodeDecodeError:
            raise ImportRefusedError(
                f"{self._name} is not UTF-8 (after line {self.line}). Save the file as UTF-8."
            ) from None
