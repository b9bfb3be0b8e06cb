"""Markdown whose sentences stay recognisable after rendering, so that a fused sentence can show its sources.

Spans are offsets in the source text. Marks are put into the parsed paragraphs, never into the text that decides the
block structure, and only where the paragraph read with its marks is exactly the paragraph read without them. A span
that ends in a code block, table or display formula gets its mark behind that block instead.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, NamedTuple

from markdown_it.token import Token

from fusion_ui.engine.ledger import Span
from fusion_ui.ui.markdown import clean, clipped, parser, shown

# Noncharacters cannot come from a model: `shown` replaces them and no HTML entity may name them. The hair spaces around
# them let emphasis see a gap, as it would between two sentences.
_OPEN, _CLOSE, _STOP, _GAP = "\ufdd0", "\ufdd1", "\ufdd2", "\u200a"
_MARK = re.compile(f"{_GAP}([{_OPEN}{_CLOSE}])(\\d+){_STOP}{_GAP}")
_CLOSERS = re.compile(r"[*_~`)\]}\"'»”’」』】）]*")
_LEAVES = frozenset({"text", "text_special", "code_inline", "math_inline", "math_inline_double", "image"})
_UNMARKABLE = frozenset({"fence", "code_block", "math_block", "hr"})
_MOST_READ = 200_000  # characters a page: what hostile paragraphs may cost beyond it, marks are not worth


class _Block(NamedTuple):
    """A leaf block of the page: its first source line, the index of its last token, and its text if it takes marks."""

    line: int
    last: int
    inline: Token | None


class _Cut(NamedTuple):
    """Span `number` covers [start, end) of a paragraph's text; `is_end` when it also ends there."""

    number: int
    start: int
    end: int
    is_end: bool


class _Source(NamedTuple):
    """The text as it is parsed, with the offset at which each line begins."""

    text: str
    starts: Sequence[int]

    def line_at(self, offset: int) -> int:
        return bisect_right(self.starts, offset) - 1

    def line(self, number: int) -> str:
        after = self.starts[number + 1] - 1 if number + 1 < len(self.starts) else len(self.text)
        return self.text[self.starts[number] : after]

    def last_offset(self, span: Span) -> int:
        """Where the last character of a span that is not space stands."""
        return max(span.start + len(self.text[span.start : span.end].rstrip()) - 1, 0)


@lru_cache(256)
def render_with_sources(text: str, spans: tuple[Span, ...], *, has_marks: bool) -> str:
    """The text as clean HTML in which the words of span n stand in `<span class="fx-said" data-s="n">`.

    With `has_marks` an empty `<span class="fx-mark" data-s="n">` follows the last word of each span, or its block.
    Spans are in order and do not overlap; where they do, the earlier one wins.
    """
    drawn = clipped(shown(text))
    source = _Source(drawn, [0, *(match.end() for match in re.finditer("\n", drawn))])
    env: dict[str, Any] = {}
    tokens = parser().parse(drawn, env)
    blocks = _blocks(tokens)
    behind: dict[int, list[int]] = {} if blocks else {len(tokens) - 1: [*range(len(spans))]}
    for block, cuts in _cuts_by_block(blocks, source=source, spans=spans):
        placed = _place(block.inline, cuts, env=env, has_marks=has_marks) if block.inline and cuts else set()
        behind[block.last] = [cut.number for cut in cuts if cut.is_end and cut.number not in placed]
    _mark_rows(tokens, source=source, spans=spans)
    page = list(_with_marks_behind(tokens, behind)) if has_marks else tokens
    return clean(str(parser().renderer.render(page, parser().options, env)), has_sources=True)


def _blocks(tokens: Sequence[Token]) -> list[_Block]:
    found: list[_Block] = []
    table_line: int | None = None
    for at, token in enumerate(tokens):
        if token.type == "table_open" and token.map:
            table_line = token.map[0]
        elif token.type == "table_close" and table_line is not None:
            found.append(_Block(table_line, at, None))
            table_line = None
        elif table_line is None and token.map and token.type == "inline":
            found.append(_Block(token.map[0], at + 1, token))
        elif table_line is None and token.map and token.type in _UNMARKABLE:
            found.append(_Block(token.map[0], at, None))
    return found


def _mark_rows(tokens: Sequence[Token], *, source: _Source, spans: Sequence[Span]) -> None:
    """Let each row of a table stand for the span that its line begins in."""
    begins = [span.start for span in spans]
    for token in tokens:
        if token.type == "tr_open" and token.map:
            offset = source.starts[token.map[0]]
            number = bisect_right(begins, offset + len(source.line(token.map[0]))) - 1
            if number >= 0 and spans[number].end > offset:
                token.attrs.update({"class": "fx-said", "data-s": str(number)})


def _cuts_by_block(
    blocks: Sequence[_Block], *, source: _Source, spans: Sequence[Span]
) -> Iterator[tuple[_Block, list[_Cut]]]:
    """Each block with what the spans cover of it. What stands in no block (a link's definition) counts to the last."""
    lines = [block.line for block in blocks]
    numbers: list[list[int]] = [[] for _ in blocks]
    last_block = [max(bisect_right(lines, source.line_at(source.last_offset(span))) - 1, 0) for span in spans]
    for number, span in enumerate(spans):
        first = max(bisect_right(lines, source.line_at(span.start)) - 1, 0)
        for at in range(first, min(last_block[number] + 1, len(blocks))):
            numbers[at].append(number)
    for at, block in enumerate(blocks):
        offset = _offsets(block, source)
        yield (
            block,
            [
                _Cut(n, offset(spans[n].start), offset(source.last_offset(spans[n]) + 1), last_block[n] == at)
                for n in numbers[at]
            ],
        )


def _offsets(block: _Block, source: _Source) -> Callable[[int], int]:
    """From offsets in the source to offsets in a block's text, which lacks what marks quotes, lists and headings."""
    starts, at = [], 0
    for number, line in enumerate(block.inline.content.split("\n") if block.inline else ()):
        bare = line.strip()
        column = source.line(block.line + number).rstrip().rfind(bare)
        starts.append((source.starts[block.line + number] + max(column, 0), at + line.find(bare), len(bare)))
        at += len(line) + 1

    def offset(place: int) -> int:
        number = source.line_at(place) - block.line
        if number < 0 or not starts:
            return 0
        begins, here, length = starts[min(number, len(starts) - 1)]
        return here + (length if number >= len(starts) else min(max(place - begins, 0), length))

    return offset


def _place(inline: Token, cuts: Sequence[_Cut], *, env: dict[str, Any], has_marks: bool) -> set[int]:
    """Put the marks into a paragraph and say which spans got theirs: all at once, or else one by one, each only if the
    paragraph reads the same with it. Closing quotes and emphasis go with their sentence where that is what it takes.
    """
    shape = _shape(inline.children or [])

    def parsed(chosen: Sequence[_Cut]) -> list[Token] | None:
        env["read"] = env.get("read", 0) + len(inline.content)
        children: list[Token] = []
        if env["read"] <= _MOST_READ:
            parser().inline.parse(_written(inline.content, chosen), parser(), env, children)
        return children if _shape(children) == shape else None

    reaching = [_reaching(inline.content, cut) for cut in cuts]
    kept, children = _first_fit([], ([*cuts], reaching), parsed)
    if children is None:
        for cut, reaching_cut in zip(cuts, reaching, strict=True):
            kept, found = _first_fit(kept, ([*kept, cut], [*kept, reaching_cut]), parsed)
            children = children if found is None else found
    if children is not None:
        inline.children = list(_wrapped(children, {cut.number for cut in cuts if cut.is_end and has_marks}))
    return {cut.number for cut in kept}


def _first_fit(
    kept: list[_Cut], attempts: Sequence[list[_Cut]], parsed: Callable[[Sequence[_Cut]], list[Token] | None]
) -> tuple[list[_Cut], list[Token] | None]:
    """The first attempt that leaves the paragraph as it is, with its tokens; else what was kept before."""
    for attempt in attempts:
        if (children := parsed(attempt)) is not None:
            return attempt, children
    return kept, None


def _reaching(content: str, cut: _Cut) -> _Cut:
    closers = _CLOSERS.match(content, cut.end)
    return cut._replace(end=closers.end() if closers else cut.end)


def _written(content: str, cuts: Sequence[_Cut]) -> str:
    parts, at = [], 0
    for cut in cuts:
        start = max(cut.start, at)
        words = content[start : max(cut.end, start)].rstrip().rstrip("\\")
        end = start + len(words)
        start = end - len(words.lstrip())
        parts += [content[at:start], _written_mark(_OPEN, cut), content[start:end], _written_mark(_CLOSE, cut)]
        at = end
    return "".join(parts) + content[at:]


def _written_mark(kind: str, cut: _Cut) -> str:
    return f"{_GAP}{kind}{cut.number}{_STOP}{_GAP}"


def _shape(children: Sequence[Token]) -> list[tuple[str, str, str, str]]:
    """What a paragraph says and how, without marks and without regard to how its text is cut into tokens."""
    shape: list[tuple[str, str, str, str]] = []
    for child in children:
        kind = "text" if child.type == "text_special" else child.type
        content = _MARK.sub("", child.content)
        if kind == "text" and shape and shape[-1][0] == "text":
            content = shape.pop()[3] + content
        if kind != "text" or content:
            shape.append((kind, child.tag, str(child.attrs), content))
    return shape


def _wrapped(children: Sequence[Token], ends: set[int]) -> Iterator[Token]:
    current: str | None = None
    for child in children:
        if child.type not in _LEAVES:
            yield child
            continue
        text, *marks = _MARK.split(child.content)
        is_text = child.type in ("text", "text_special")
        yield from _said(current, _text(text) if is_text else replace(child, content="".join([text, *marks[2::3]])))
        for kind, number, after in zip(marks[0::3], marks[1::3], marks[2::3], strict=True):
            current = number if kind == _OPEN else None
            if kind == _CLOSE and int(number) in ends:
                yield from _mark(number)
            if is_text:
                yield from _said(current, _text(after))


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


def _said(number: str | None, token: Token) -> Iterator[Token]:
    if number is None or not token.content.strip():
        yield token
    else:
        yield Token("said_open", "span", 1, attrs={"class": "fx-said", "data-s": number})
        yield token
        yield Token("said_close", "span", -1)


def _mark(number: str) -> Iterator[Token]:
    yield Token("mark_open", "span", 1, attrs={"class": "fx-mark", "data-s": number})
    yield Token("mark_close", "span", -1)


def _with_marks_behind(tokens: Sequence[Token], behind: dict[int, list[int]]) -> Iterator[Token]:
    for at, token in enumerate(tokens):
        yield token
        if numbers := behind.get(at):
            yield Token("marks_open", "p", 1, attrs={"class": "fx-marks"}, block=True)
            yield Token("inline", "", 0, children=[mark for n in numbers for mark in _mark(str(n))])
            yield Token("marks_close", "p", -1, block=True)
