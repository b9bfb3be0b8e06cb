"""The stretch of a case's texts that says most of what was searched for."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from fusion_ui.inspection.words import Term, spans_of
from storage.case_words import Place, Text

_BEFORE, _AFTER = 60, 180
_PREFERRED: tuple[Place, ...] = ("answer", "note", "prompt")  # a list shows the prompt anyway


class Part(NamedTuple):
    """Some of the text; a hit is what was searched for."""

    text: str
    hit: bool


class Excerpt(NamedTuple):
    """A stretch of one text, and which kind of text it is."""

    place: Place
    parts: tuple[Part, ...]


class _Said(NamedTuple):
    text: Text
    terms: tuple[Term, ...]
    first: int


def excerpt_of(texts: Iterable[Text], terms: Sequence[Term]) -> Excerpt | None:
    """Around the first hit in the text with most of the terms; None where no text has one."""
    best: _Said | None = None
    for text in sorted(texts, key=lambda text: _PREFERRED.index(text.place)):
        said = _said(text, terms)
        if said is not None and (best is None or len(said.terms) > len(best.terms)):
            best = said
        if best is not None and len(best.terms) == len(terms):
            break
    return Excerpt(best.text.place, _parts(best)) if best else None


def _said(text: Text, terms: Sequence[Term]) -> _Said | None:
    firsts = {
        term: first
        for term in terms
        if term.place in (None, text.place) and (first := next(spans_of(text.text, term), None)) is not None
    }
    return _Said(text, tuple(firsts), min(start for start, _ in firsts.values())) if firsts else None


def _parts(said: _Said) -> tuple[Part, ...]:
    text = said.text.text
    start, end = max(0, said.first - _BEFORE), min(len(text), said.first + _AFTER)
    stretch = text[start:end]
    spans = sorted({span for term in said.terms for span in spans_of(stretch, term)})
    parts, at = [Part("… ", False)] if start else [], 0
    for first, last in spans:
        if first >= at:
            parts += [Part(_tidy(stretch[at:first]), False), Part(stretch[first:last], True)]
            at = last
    parts.append(Part(_tidy(stretch[at:]) + (" …" if end < len(text) else ""), False))
    return tuple(part for part in parts if part.text)


def _tidy(text: str) -> str:
    """The text with one space for each stretch of white space, at its ends too."""
    words = " ".join(text.split())
    if not words:
        return " " if text else ""
    return f"{' ' if text[0].isspace() else ''}{words}{' ' if text[-1].isspace() else ''}"
