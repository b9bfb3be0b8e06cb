"""Model text as clean HTML that remembers where each word stands in its source, so that a passage marked on the
rendered text is stored as offsets of the text itself.

`data-o` is the offset of an element's first character, in code points; its characters follow one another in the source.
With `data-e` the element is a whole (a formula, an entity, an image's words) that reaches from `data-o` to `data-e`.
Every place is checked against the source: what cannot be placed carries no offset, and is marked in the raw text.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from fusion_ui.ui.markdown import clean, clipped, parser, shown

_PLACE = "place"
_CODE = re.compile(r"(<pre><code[^>]*>)(.*)(</code></pre>\s*)", re.DOTALL)
_CLOSING = {r"\(": 2, r"\[": 2, "$": 1, "$$": 2}


class _Place(NamedTuple):
    """Where a leaf stands in its paragraph; `is_whole` if its characters are not the source's own."""

    start: int
    end: int
    is_whole: bool


class _TracingState(StateInline):
    """A parser's state that notes where in its text each leaf was found."""

    def __init__(self, src: str, env: dict[str, Any]) -> None:
        super().__init__(src, parser(), env, [])
        self._began: int | None = None
        self._reached = 0

    def append_pending(self, text: str) -> None:
        if self._began is None:
            self._began = self.pos
        super().append_pending(text)

    def pushPending(self) -> Token:  # noqa: N802  # the library's own name
        token = super().pushPending()
        self._note(token, self.pos if self._began is None else self._began)
        self._began = None
        return token

    def push(self, ttype: str, tag: str, nesting: int) -> Token:  # type: ignore[override,unused-ignore]
        token = super().push(ttype, tag, nesting)  # type: ignore[arg-type,unused-ignore]
        if nesting == 0:
            self._note(token, max(self.pos, self._reached) if ttype == "text" else self.pos)
        return token

    def _note(self, token: Token, at: int) -> None:
        token.meta[_PLACE] = at
        self._reached = at + max(len(token.content), 1)


class _Lines:
    """The source by lines, to which blocks refer."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def line(self, number: int) -> str:
        end = self.starts[number + 1] - 1 if number + 1 < len(self.starts) else len(self.text)
        return self.text[self.starts[number] : end]

    def find(self, bare: str, number: int, *, after: int | None = None) -> int | None:
        """Where these words stand in a line: at its end, or first after a column. None if they do not."""
        if number >= len(self.starts):
            return None
        line = self.line(number)
        column = line.rstrip().rfind(bare) if after is None else line.find(bare, after)
        return self.starts[number] + column if column >= 0 else None


@lru_cache(512)
def anchored(text: str) -> str:
    """The text as clean HTML, as `markdown.render` gives it, with the offsets of its words."""
    drawn = clipped(shown(text))
    env: dict[str, Any] = {}
    tokens = list(_with_places(parser().parse(drawn, env), _Lines(drawn), env))
    return clean(str(parser().renderer.render(tokens, parser().options, env)), has_offsets=True)


def _with_places(tokens: Sequence[Token], lines: _Lines, env: dict[str, Any]) -> Iterator[Token]:
    column: int | None = None
    for token in tokens:
        if token.type == "tr_open":
            column = 0
        elif token.type in ("tr_close", "table_close"):
            column = None
        if token.type == "inline" and token.map:
            starts = _line_starts(token, lines, after=column)
            if column is not None and starts and starts[0] is not None:
                column = starts[0] + len(token.content) - lines.starts[token.map[0]]
            _place_paragraph(token, lines=lines, starts=starts, env=env)
        if token.type in ("fence", "code_block") and token.map:
            yield _placed_code(token, lines=lines, env=env)
        elif token.type == "math_block" and token.map:
            yield from _wrapped(token, tag="div", place=_block_place(token, lines))
        else:
            yield token


def _line_starts(token: Token, lines: _Lines, *, after: int | None) -> list[int | None]:
    """For each line of a paragraph, the offset in the source at which it would begin had nothing been cut off it."""
    assert token.map is not None
    starts: list[int | None] = []
    for number, line in enumerate(token.content.split("\n")):
        found = lines.find(line.strip(), token.map[0] + number, after=after)
        starts.append(None if found is None else found - (len(line) - len(line.lstrip())))
    return starts


def _place_paragraph(token: Token, *, lines: _Lines, starts: Sequence[int | None], env: dict[str, Any]) -> None:
    """Put the offsets into a paragraph's leaves, if it reads the same when parsed by itself."""
    children = _traced(token.content, env)
    if _kinds(children) != _kinds(token.children or []):
        return
    bounds = [0, *(match.end() for match in re.finditer("\n", token.content))]

    def in_source(at: int) -> int | None:
        number = bisect_right(bounds, at) - 1
        start = starts[number]
        return None if start is None else start + at - bounds[number]

    placed: list[Token] = []
    for child in children:
        leaf = child if child.type != "text_special" else Token("text", "", 0, content=child.content)
        place = _checked(_leaf_place(child, token.content), leaf=leaf, in_source=in_source, text=lines.text)
        placed += _wrapped(leaf, tag="span", place=place)
    token.children = placed


def _checked(place: _Place | None, *, leaf: Token, in_source: Callable[[int], int | None], text: str) -> _Place | None:
    """The place in the source, unless something else stands there."""
    start, end = (in_source(place.start), in_source(place.end)) if place else (None, None)
    if place is None or start is None or end is None:
        return None
    is_true = place.is_whole or text[start:end] == leaf.content
    return _Place(start, end, place.is_whole) if is_true else None


def _traced(content: str, env: dict[str, Any]) -> list[Token]:
    state = _TracingState(content, env)
    inline = parser().inline
    inline.tokenize(state)
    for rule in inline.ruler2.getRules(""):
        if rule.__name__ != "fragments_join":  # would merge what was found in two places
            rule(state)
    return state.tokens


def _kinds(children: Sequence[Token]) -> tuple[list[tuple[str, str]], str]:
    others = [(child.type, child.tag) for child in children if not child.type.startswith("text")]
    return others, "".join(child.content for child in children if child.type.startswith("text"))


def _leaf_place(leaf: Token, content: str) -> _Place | None:
    at = leaf.meta.get(_PLACE) if leaf.nesting == 0 and (leaf.content or leaf.type == "image") else None
    if at is None:
        return None
    match leaf.type:
        case "text":
            start = next((near for near in (at, at + 1) if content.startswith(leaf.content, near)), None)
            return None if start is None else _Place(start, start + len(leaf.content), False)
        case "text_special":
            return _Place(at, at + len(leaf.markup), True)
        case "code_inline":
            return _code_place(leaf, content, at)
        case "image":
            return _Place(at, at + len(leaf.content) + 3, True)  # `![words]`
        case "math_inline" | "math_inline_double":
            marks = _CLOSING.get(leaf.markup, len(leaf.markup))
            return _Place(at, at + len(leaf.content) + 2 * marks, True)
    return None


def _code_place(leaf: Token, content: str, at: int) -> _Place | None:
    inner = at + len(leaf.markup)
    plain = content.replace("\n", " ")
    start = next((near for near in (inner, inner + 1) if plain.startswith(leaf.content, near)), None)
    if start is None:
        return None
    end = start + len(leaf.content)
    return _Place(start, end, "\n" in content[start:end])


def _wrapped(token: Token, *, tag: str, place: _Place | None) -> Iterator[Token]:
    if place is None or place.start >= place.end:
        yield token
        return
    attributes: dict[str, str | int | float] = {"data-o": str(place.start)}
    if place.is_whole:
        attributes["data-e"] = str(place.end)
    if token.type == "code_inline":
        token.attrs = attributes
        yield token
        return
    yield Token("place_open", tag, 1, attrs=attributes)
    yield token
    yield Token("place_close", tag, -1)


def _block_place(token: Token, lines: _Lines) -> _Place | None:
    """From a formula's opening mark to the last sign of its last line."""
    assert token.map is not None
    column, last = lines.line(token.map[0]).find(token.markup), min(token.map[1], len(lines.starts)) - 1
    if column < 0:
        return None
    return _Place(lines.starts[token.map[0]] + column, lines.starts[last] + len(lines.line(last).rstrip()), True)


def _placed_code(token: Token, *, lines: _Lines, env: dict[str, Any]) -> Token:
    """A block of code whose every line knows its place; a list or quote around it has cut something off each."""
    assert token.map is not None
    drawn = str(parser().renderer.render([token], parser().options, env))
    parts = _CODE.fullmatch(drawn)
    first = token.map[0] + (token.type == "fence")
    if parts is None:
        return token
    said, shown_lines = token.content.split("\n"), parts[2].split("\n")
    if len(said) != len(shown_lines):
        return token
    body = "\n".join(
        _code_line(markup, offset=lines.find(line, first + at) if line.strip() and line == line.rstrip() else None)
        for at, (line, markup) in enumerate(zip(said, shown_lines, strict=True))
    )
    return Token("html_block", "", 0, content=parts[1] + body + parts[3])


def _code_line(markup: str, *, offset: int | None) -> str:
    return markup if offset is None else f'<span data-o="{offset}">{markup}</span>'
