"""Where a flaw that was marked in a study lies in the output's own text.

A study may hide the names by which a text tells its writer; its offsets are those of the text as raters read it.
"""

import re
from typing import NamedTuple

from fusion_ui.studies.naming import MASK
from storage.flaws import StudyFlaw


class Place(NamedTuple):
    """A span of the output's own text; no start: the whole output. `lost` is the passage that is not in it."""

    start: int | None
    end: int | None
    lost: str = ""


def place_of(flaw: StudyFlaw) -> Place:
    """The place of the flaw; one whose passage cannot be found is of the whole output, with the passage told."""
    if flaw.start is None or flaw.end is None:
        return Place(None, None)
    if flaw.shown is None or flaw.text is None:
        return Place(flaw.start, flaw.end)
    names = tuple(flaw.names) if isinstance(flaw.names, list) else ()
    hidden = _hidden(flaw.shown, flaw.text, names=tuple(str(name) for name in names))
    if hidden is None:
        return Place(None, None, flaw.shown[flaw.start : flaw.end])
    return Place(_moved(flaw.start, hidden, is_end=False), _moved(flaw.end, hidden, is_end=True))


class _Hidden(NamedTuple):
    """A name in the output's own text, and where its mask stands in the text as shown."""

    shown_at: int
    start: int
    end: int


def _hidden(shown: str, text: str, *, names: tuple[str, ...]) -> tuple[_Hidden, ...] | None:
    """The names that were hidden, in order; None where the texts differ by more than hidden names."""
    spelt = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    pieces = shown.split(MASK)
    found = re.fullmatch(f"({spelt})".join(re.escape(piece) for piece in pieces), text) if names else None
    if found is None:
        return None
    hidden, at = [], 0
    for number, piece in enumerate(pieces[:-1], start=1):
        at += len(piece)
        hidden.append(_Hidden(at, *found.span(number)))
        at += len(MASK)
    return tuple(hidden)


def _moved(offset: int, hidden: tuple[_Hidden, ...], *, is_end: bool) -> int:
    """The offset in the output's own text; within a mask it is the name's beginning, or its end."""
    before = [each for each in hidden if each.shown_at < offset]
    if not before:
        return offset
    last = before[-1]
    after = offset - last.shown_at - len(MASK)
    if after < 0:
        return last.end if is_end else last.start
    return last.end + after
