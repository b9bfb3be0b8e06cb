"""Where sentences begin and end in model text: lossless spans that know Markdown and many scripts.

Code fences, display maths, table rows and headings are units of their own; everything else is cut at sentence ends
inside its line. Linear time on any input. What a sentence means, and which are alike, is decided elsewhere.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from fusion_ui.engine.ledger import Span

UnitKind = Literal["prose", "item", "heading", "code", "maths", "row", "mark"]

CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f"
_HARD = "。！？｡।॥؟۔።။។։"
_CLOSERS = "\"'»”’)\\]）］」』】》*_"

_FENCE = re.compile(r"[ \t>]*(?:[-*+][ \t]+|\d{1,3}[.)][ \t]+)?(?P<fence>`{3,}|~{3,})")
_MATHS = re.compile(r"[ \t>]*(?P<open>\$\$|\\\[|\\begin\{(?P<name>[a-zA-Z]{1,20}\*?)\})")
_ROW = re.compile(r"[ \t>]*\|")
_HEADING = re.compile(r"[ \t>]*#{1,6}[ \t]|[ \t>]*(\*\*|__)[^*_:：\n]{1,200}[:：]?\1[:：]?[ \t]*\n")
_ITEM = re.compile(r"[ \t>]*(?:[-*+•‣·▪◦–][ \t]|\(?(?:\d{1,3}|[a-zA-Z])[.)](?=[ \t])|\(?\d{1,3}[.)）、．](?=[^\s\d]))")
_WORD = re.compile(r"[^\W_]")
_STOP = re.compile(rf"[.!?…{_HARD}]+[{_CLOSERS}]*")
_NEXT = re.compile(r"[\s\"'“«„(\[*_¿¡]*(\w*\.?)")
_INITIAL = re.compile(r"[^\W\d_]\.")
_INITIALS = re.compile(r"(?![a-z])(?:[^\W\d_]{1,2}\.)+[^\W\d_]")
_LABEL = re.compile(r"\W*(?:[^\W\d]+\s+)?\d{1,3}\Z")

_ABBREVIATION = re.compile(
    r"mr|mrs|ms|dr|prof|st|mme|mlle|sra|dra|hr|fr|vs|e\.g|i\.e|cf|al|ca|approx|bzw|z\.b|d\.h|u\.a|usw|ggf|evtl|sog|bspw"
    r"|inkl|vgl|chr|sr|jr|dott|sig|т\.е|т\.д|т\.п|см|др|им",
    re.IGNORECASE,
)
_BEFORE_NUMBER = re.compile(
    r"no|nr|fig|abb|tab|eq|gl|art|abs|vol|p|pp|pg|sec|sect|ch|kap|n|num|стр|рис|гл|ст", re.IGNORECASE
)
_AFTER_ORDINAL = re.compile(
    r"jan|jänner|feb|mär|apr|mai|juni|juli|aug|sept|okto|novem|dezem|marts|maj|jahrhundert|weltkrieg|platz|klasse|stock",
    re.IGNORECASE,
)

_WRAPPED_AT = 50  # a hard-wrapped line is at least this long; shorter ones were broken on purpose
_LOOK_BACK = 80
_LONGEST_SHORT_FORM = 5  # "v. Chr.", "z. B.": the second word with its point
_LONGEST_MATHS = 4_000  # keeps the search for a closing delimiter bounded on hostile input


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A sentence, or a stretch of Markdown that must not be cut; units of one paragraph or list item share `block`."""

    span: Span
    kind: UnitKind
    block: int


class _Piece(NamedTuple):
    start: int
    end: int
    kind: UnitKind


def sentence_spans(text: str) -> tuple[Span, ...]:
    """The spans of the sentences of `text`, in order; together they cover it exactly."""
    return tuple(unit.span for unit in units(text))


def units(text: str) -> tuple[Unit, ...]:
    """The sentences of `text` with their kind; a blank stretch belongs to the unit before it (or to the first)."""
    found: list[Unit] = []
    start, block, ends_block = 0, 0, False
    previous: UnitKind = "mark"
    for piece in _pieces(text):
        if _is_blank(text, piece):
            ends_block = ends_block or "\n" in text[piece.start : piece.end]
            if found:
                found[-1] = Unit(span=Span(start=found[-1].span.start, end=piece.end), kind=previous, block=block)
                start = piece.end
            continue
        block += ends_block or _opens_block(piece.kind, after=previous)
        found.append(Unit(span=Span(start=start, end=piece.end), kind=piece.kind, block=block))
        start, previous, ends_block = piece.end, piece.kind, False
    if text and not found:
        return (Unit(span=Span(start=0, end=len(text)), kind="mark", block=0),)
    return tuple(found)


def _is_blank(text: str, piece: _Piece) -> bool:
    return text[piece.start : piece.end].isspace()


def _opens_block(kind: UnitKind, *, after: UnitKind) -> bool:
    if kind == "prose":
        return after not in ("prose", "item")
    return kind != "row" or after != "row"


def _pieces(text: str) -> Iterator[_Piece]:
    """Blocks of Markdown, with their prose cut into sentences; adjacent and covering the text."""
    at = 0
    while at < len(text):
        line_end = _line_end(text, at)
        kind, end = _block(text, at, line_end)
        if kind in ("prose", "item"):
            end = _unwrapped_end(text, at, line_end)
            yield from _sentences(text, at, end, kind)
        else:
            yield _Piece(at, end, kind)
        at = end


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end + 1


def _block(text: str, at: int, line_end: int) -> tuple[UnitKind, int]:
    """The kind of the block that begins here, and its end."""
    if code_end := _code_end(text, at, line_end):
        return "code", code_end
    if maths_end := _maths_end(text, at, line_end):
        return "maths", maths_end
    line = text[at:line_end]
    if not _WORD.search(line):
        return "mark" if not _ROW.match(line) else "row", line_end
    if _ROW.match(line):
        return "row", line_end
    if _HEADING.match(line) and text[line_end : line_end + 200].strip():
        return "heading", line_end
    return "item" if _ITEM.match(line) else "prose", line_end


def _code_end(text: str, at: int, line_end: int) -> int:
    """The end of a code fence opening on this line, 0 if none does; a fence never closed runs to the end."""
    opening = _FENCE.match(text, at, line_end)
    if not opening or opening["fence"] in text[opening.end() : line_end]:
        return 0
    fence = opening["fence"]
    closing = re.compile(rf"^[ \t>]*{fence[0]}{{{len(fence)},}}[ \t]*$", re.M).search(text, line_end)
    return _line_end(text, closing.end()) if closing else len(text)


def _maths_end(text: str, at: int, line_end: int) -> int:
    """The end of display maths opening on this line (with the rest of the line if that is only marks), 0 if none."""
    opening = _MATHS.match(text, at, line_end)
    if not opening:
        return 0
    closer = {"$$": "$$", "\\[": "\\]"}.get(opening["open"]) or f"\\end{{{opening['name']}}}"
    found = text.find(closer, opening.end(), opening.end() + _LONGEST_MATHS)
    if found < 0:
        return 0
    end = found + len(closer)
    rest_end = _line_end(text, end)
    return end if _WORD.search(text, end, rest_end) else rest_end


def _unwrapped_end(text: str, at: int, line_end: int) -> int:
    """The end of the line, or of the lines it was hard-wrapped over or that display maths begun in it takes."""
    start = at
    while line_end < len(text):
        if (maths_end := _open_maths_end(text, start, line_end)) > line_end:
            return maths_end
        if not _goes_on(text, start, line_end):
            break
        start, line_end = line_end, _line_end(text, line_end)
    return line_end


def _open_maths_end(text: str, at: int, line_end: int) -> int:
    """The end of the line that closes display maths left open on this one; the end of this one if none is."""
    for opening, closing in (("\\[", "\\]"), ("$$", "$$")):
        line = text[at:line_end]
        is_open = line.count("$$") % 2 if opening == closing else line.rfind(opening) > line.rfind(closing)
        found = text.find(closing, line_end, line_end + _LONGEST_MATHS) if is_open else -1
        if found >= 0:
            return _line_end(text, found + len(closing))
    return line_end


def _goes_on(text: str, start: int, line_end: int) -> bool:
    if line_end - start < _WRAPPED_AT or not text[line_end].islower():
        return False
    return text[start:line_end].rstrip()[-1:] not in set(".!?…:;" + _HARD)


def _sentences(text: str, start: int, end: int, kind: UnitKind) -> Iterator[_Piece]:
    at = start
    for stop in _STOP.finditer(text, start, end):
        if stop.end() >= end or not _ends_sentence(text, at, stop, end):
            continue
        cut = stop.end()
        while cut < end and text[cut].isspace():
            cut += 1
        yield _Piece(at, cut, kind)
        at, kind = cut, "prose"
    if at < end:
        yield _Piece(at, end, kind)


def _ends_sentence(text: str, start: int, stop: re.Match[str], end: int) -> bool:
    after = text[stop.end()]
    if _is_hard(text, stop):
        return not ("\u3041" <= after <= "\u3096" and stop.group()[-1] in "」』）)")  # 「はい。」と言った
    if not after.isspace():
        return False
    following = _NEXT.match(text, stop.end(), min(end, stop.end() + 60))
    word = following[1] if following else ""
    if word[:1].islower():
        return False
    if not stop.group().startswith(".") or stop.group().startswith(".."):
        return True
    return _is_full_stop(text[max(start, stop.start() - _LOOK_BACK) : stop.start()], word)


def _is_hard(text: str, stop: re.Match[str]) -> bool:
    """Whether the mark ends a sentence whatever follows: a CJK, Indic or Arabic stop, or ! and ? after CJK."""
    if any(mark in _HARD for mark in stop.group()):
        return True
    return stop.group()[0] in "!?" and re.match(f"[{CJK}]", text[stop.start() - 1 : stop.start()]) is not None


def _is_full_stop(before: str, following: str) -> bool:
    """Whether a full stop after `before` ends a sentence, and not an abbreviation, an initial or an ordinal."""
    if _LABEL.match(before):
        return False
    words = before.split()
    word = words[-1].lstrip("(\"'“«„[*_") if words and not before[-1:].isspace() else ""
    if word.isdigit():
        return not (len(word) <= 2 and _AFTER_ORDINAL.match(following))
    if len(word) == 1 and word.isalpha():
        return _is_label(word, words[-2] if len(words) > 1 else "", following)
    if _BEFORE_NUMBER.fullmatch(word):
        return not following[:1].isdigit()
    return not (_ABBREVIATION.fullmatch(word) or _INITIALS.fullmatch(word))


def _is_label(letter: str, previous: str, following: str) -> bool:
    """Whether a single letter names something ("the answer is B.", "solve for x.") and is not an initial ("z. B.")."""
    if not previous or previous.endswith(".") or _INITIAL.fullmatch(following):
        return False
    if letter.isupper():
        return not (previous.isalpha() and previous[0].isupper())
    return not (following[:1].isdigit() or (following.endswith(".") and len(following) <= _LONGEST_SHORT_FORM))
