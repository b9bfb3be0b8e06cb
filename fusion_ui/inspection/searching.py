"""Which cases say what a search names. The index of words decides, but for phrases: those are looked up in the texts.

Texts never change, so that what was looked up once is remembered. Looking up stops when the time is over: the cases
found by then are right, and the next call goes on.
"""

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fusion_ui.inspection.columns import Columns, Mask, Rows
from fusion_ui.inspection.words import Term, holds
from storage.case_words import Place, Text, cases_with, note_texts, texts_of
from storage.rows import Reader

_PLACES: tuple[Place, ...] = ("prompt", "answer", "note")
_REMEMBERED = 32
_AT_ONCE = 100


class Searched(NamedTuple):
    """The cases that say it, as far as is known: `left` have not been read yet, `done` have."""

    mask: Mask
    done: int
    left: int


@dataclass(slots=True)
class Memory:
    """What is known of phrases, for the latest of them: by case whether it holds the phrase (0: not read yet)."""

    verdicts: OrderedDict[tuple[str, Place | None], NDArray[np.int8]] = field(default_factory=OrderedDict)
    lock: Lock = field(default_factory=Lock)

    def of(self, phrase: str, place: Place | None, *, rows: int) -> NDArray[np.int8]:
        """The verdicts of a phrase for so many cases; those that are not known are 0."""
        with self.lock:
            known = self.verdicts.pop((phrase, place), np.zeros(0, dtype=np.int8))
            if len(known) < rows:
                known = np.concatenate([known, np.zeros(rows - len(known), dtype=np.int8)])
            self.verdicts[phrase, place] = known
            while len(self.verdicts) > _REMEMBERED:
                self.verdicts.popitem(last=False)
            return known


def searched(
    reader: Reader, columns: Columns, terms: tuple[Term, ...], *, memory: Memory, until: float
) -> Searched | None:
    """The cases that say all the terms, None where there are none; what takes longer than `until` is left."""
    if not terms:
        return None
    masks = [_narrowed(reader, columns, term) for term in terms]
    both = np.logical_and.reduce([texts | notes for texts, notes in masks])
    done = left = 0
    for term, (texts, notes) in zip(terms, masks, strict=True):
        if term.phrase:
            found = _read(reader, columns, term, texts=texts & both, notes=notes & both, memory=memory, until=until)
            both, done, left = both & found.mask, done + found.done, left + found.left
    return Searched(both, done, left)


class _Narrowed(NamedTuple):
    """The cases with all words of a term in their prompt or answers, and those with all of them in one note."""

    texts: Mask
    notes: Mask


def _narrowed(reader: Reader, columns: Columns, term: Term) -> _Narrowed:
    prompts, answers, notes = (
        columns.mask_of(cases_with(reader, term.words, place=place, is_begun=term.is_begun))
        if term.place in (None, place)
        else np.zeros(len(columns), dtype=bool)
        for place in _PLACES
    )
    return _Narrowed(prompts | answers, notes)


def _read(
    reader: Reader, columns: Columns, term: Term, *, texts: Mask, notes: Mask, memory: Memory, until: float
) -> Searched:
    """The cases that hold a phrase: notes are read each time, as they come and go; other texts once."""
    verdicts = memory.of(term.phrase, term.place, rows=len(columns))
    newest = columns.newest[texts[columns.newest]]
    unread = newest[verdicts[newest] == 0]
    read = 0
    for chunk in _chunks(unread):
        if read and monotonic() > until:  # some are read each time, so that asking again comes to an end
            break
        holding = _holding(columns, chunk, texts_of(reader, columns.figures["id"][chunk].tolist()), term)
        verdicts[chunk] = np.where(holding[chunk], 1, -1)
        read += len(chunk)
    noted = np.flatnonzero(notes).astype(np.int32)
    in_notes = _holding(columns, noted, note_texts(reader, columns.figures["id"][noted].tolist()), term)
    is_held = texts & (verdicts[: len(columns)] == 1)
    return Searched(is_held | in_notes, len(newest) - len(unread) + read, len(unread) - read)


def _holding(columns: Columns, rows: Rows, texts: Iterator[Text], term: Term) -> Mask:
    mask = np.zeros(len(columns), dtype=bool)
    held: set[int] = set()
    if rows.size:
        for text in texts:
            is_asked = term.place in (None, text.place) and text.case_id not in held
            if is_asked and holds(text.text, term.phrase):
                held.add(text.case_id)
    mask[columns.row_by_case[list(held)]] = True
    return mask


def _chunks(rows: Rows) -> Iterator[Rows]:
    return (rows[at : at + _AT_ONCE] for at in range(0, len(rows), _AT_ONCE))
