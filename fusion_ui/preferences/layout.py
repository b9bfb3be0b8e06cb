"""What was put before raters, as columns: the units of one source with their contenders. It never changes."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fusion_ui.analysis.preference.comparisons import Floats, Ints, Mask
from fusion_ui.studies.items import normalised
from storage.preferences import ROLES, ContenderCells, UnitCells

NONE = -1
Places = NDArray[np.intp]


class Doubles(NamedTuple):
    """Units that show the texts of another: what was said of `source` holds for `unit`.

    `contender` is which contender of the unit is the one at each place of the source.
    """

    unit: Ints
    source: Ints
    contender: Ints


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Layout:
    """Units by their place in the study, and contenders by unit and place, numbered through.

    The contenders of unit u are those from `start[u]` up to `start[u + 1]`; `gold` is the contender that should win.
    """

    place: Ints
    prompt: tuple[str, ...]  # its text
    prompt_length: Ints
    language: tuple[str, ...]
    tags: tuple[tuple[str, ...], ...]
    run: tuple[str | None, ...]
    is_main: Mask
    is_shown: Mask
    is_double: Mask
    gold: Ints
    start: Ints
    unit: Ints
    role: Ints
    member: tuple[str, ...]
    output: tuple[str, ...]
    length: Floats
    is_named: Mask
    doubles: Doubles

    @property
    def width(self) -> int:
        """The most contenders that a unit has."""
        return int(np.diff(self.start).max(initial=0))

    def units_at(self, places: Sequence[int]) -> Ints:
        """The units at these places, which are theirs unless places were left free."""
        found = np.asarray(places, dtype=np.int32)
        is_dense = not len(self.place) or self.place[-1] == len(self.place) - 1
        return found if is_dense else np.searchsorted(self.place, found).astype(np.int32)


def layout_of(
    units: Iterable[UnitCells], contenders: Iterable[ContenderCells], texts: Iterable[tuple[int, int, str]] = ()
) -> Layout:
    """The columns of these cells, both by place; `texts` are those of doubled units."""
    rows, cells = list(units), list(contenders)
    place = np.array([row.place for row in rows], dtype=np.int32)
    unit = np.searchsorted(place, [each.unit_place for each in cells]).astype(np.int32)
    start = np.searchsorted(unit, np.arange(len(rows) + 1)).astype(np.int32)
    gold = np.array([NONE if row.gold is None else row.gold for row in rows], dtype=np.int32)
    return Layout(
        place=place,
        prompt=tuple(row.prompt for row in rows),
        prompt_length=np.array([len(row.prompt) for row in rows], dtype=np.int32),
        language=tuple(row.language or "" for row in rows),
        tags=tuple(_tags(row.tags) for row in rows),
        run=tuple(row.run_id for row in rows),
        is_main=np.array([row.phase == "main" for row in rows], dtype=np.bool_),
        is_shown=np.array([not row.is_identical and row.same_as is None for row in rows], dtype=np.bool_),
        is_double=np.array([row.same_as is not None for row in rows], dtype=np.bool_),
        gold=np.where(gold == NONE, NONE, start[:-1] + gold).astype(np.int32),
        start=start,
        unit=unit,
        role=np.array([ROLES.index(each.role) for each in cells], dtype=np.int32),
        member=tuple(each.member for each in cells),
        output=tuple(each.output_id for each in cells),
        length=np.array([each.length for each in cells], dtype=np.float64),
        is_named=np.array([each.is_named for each in cells], dtype=np.bool_),
        doubles=_doubles(rows, place=place, start=start, texts=texts),
    )


def _tags(told: str | None) -> tuple[str, ...]:
    """The tags of a unit; whatever an import left there that is no list of texts is none."""
    tags = json.loads(told) if told and told.startswith("[") else []
    return tuple(dict.fromkeys(tag for tag in tags if isinstance(tag, str) and tag))


def _doubles(rows: Sequence[UnitCells], *, place: Ints, start: Ints, texts: Iterable[tuple[int, int, str]]) -> Doubles:
    text_by_place: defaultdict[int, dict[int, str]] = defaultdict(dict)
    for unit_place, at, text in texts:
        text_by_place[unit_place][at] = normalised(text)
    doubled = [(row.place, row.same_as) for row in rows if row.same_as is not None]
    widest = max((len(text_by_place[source]) for _, source in doubled), default=0)
    contender = np.full((len(doubled), widest), NONE, dtype=np.int32)
    units = np.searchsorted(place, [one for one, _ in doubled]).astype(np.int32)
    for row, (one, source) in enumerate(doubled):
        at_by_text = {text: at for at, text in text_by_place[one].items()}
        for at, text in text_by_place[source].items():
            if text in at_by_text:
                contender[row, at] = start[units[row]] + at_by_text[text]
    sources = np.searchsorted(place, [source for _, source in doubled]).astype(np.int32)
    return Doubles(units, sources, contender)
