"""Which cases a search leaves, in which order, and how many there would be for each value of a filter. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from fusion_ui.inspection.columns import Columns, Mask, Rows
from fusion_ui.inspection.finding import CLOSED, FACETS, RANGES, Sort, Sought

MOST_VALUES = 200
_SORTED_BY: Mapping[Sort, tuple[str, int]] = {
    "unstable": ("stability", 1),
    "expensive": ("cost_usd", -1),
    "longest": ("length", -1),
}
End: TypeAlias = float | str


class Counted(NamedTuple):
    """How many cases would be left with this value of a filter."""

    value: str
    cases: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """The cases that are left: by all that is asked, and by all but the choices of one name, where it has choices."""

    columns: Columns
    mask: Mask
    without: Mapping[str, Mask]
    sought: Sought

    def rows(self) -> Rows:
        """The cases in order."""
        return self.ordered(self.mask)

    def ordered(self, mask: Mask) -> Rows:
        """These cases in the order that is asked for; equals stand newest first."""
        newest = self.columns.newest[mask[self.columns.newest]]
        if self.sought.sort == "oldest":
            return newest[::-1]
        key = self._key()
        return newest if key is None else newest[np.argsort(key[newest], kind="stable")]

    def facets(self) -> dict[str, list[Counted]]:
        """The values of each filter: all of a closed list, the most frequent of an open one and those chosen."""
        return {name: self._facet(name) for name in FACETS}

    def counts(self, kind: str) -> dict[str, int]:
        """How many of the cases that are left have each label of a kind."""
        return _counts(self.columns, kind, self.mask)

    def _facet(self, name: str) -> list[Counted]:
        counts = _counts(self.columns, name, self.without.get(name, self.mask))
        if name in CLOSED:
            return [Counted(value, counts.get(value, 0)) for value in CLOSED[name]]
        chosen = self.sought.choices.get(name, ())
        ranked = sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))
        shown = [Counted(*entry) for entry in ranked[:MOST_VALUES]]
        named = {each.value for each in shown}
        return shown + [Counted(value, counts.get(value, 0)) for value in chosen if value not in named]

    def _key(self) -> NDArray[np.float64] | None:
        """What is sorted by, the smallest first; unknown figures are NaN, which come last."""
        columns, sort = self.columns, self.sought.sort
        if sort in _SORTED_BY:
            name, sign = _SORTED_BY[sort]
            return sign * columns.figures[name].astype(np.float64)
        if sort == "disagreement":
            return -_label_counts(columns, "disagree")
        if sort == "flaws":
            return -(columns.figures["flaw_weight"].astype(np.float64) + _LEAST * columns.figures["flaws"])
        return None


_LEAST = 1e-6  # a flaw that weighs nothing is more than none


def matched(columns: Columns, sought: Sought, *, words: Mask | None, among: Iterable[str] | None) -> Match:
    """The cases that hold the words and are among these runs (None: any), and fit every filter."""
    base = np.ones(len(columns), dtype=bool) if words is None else words.copy()
    for runs in (sought.runs or None, among):
        if runs is not None:
            base &= np.isin(columns.figures["run_id"], np.array([run.encode() for run in runs], dtype="S26"))
    for name, wanted in sought.ranges.items():
        figures = columns.figures[RANGES[name]]
        base &= (figures >= wanted.low) & (figures <= wanted.high)  # what is unknown (NaN) is in no range
    chosen = {name: _with_any(columns, name, values) for name, values in sought.choices.items()}
    mask = np.logical_and.reduce([base, *chosen.values()])
    without = {
        name: np.logical_and.reduce([base, *(other for key, other in chosen.items() if key != name)]) for name in chosen
    }
    return Match(columns=columns, mask=mask, without=without, sought=sought)


def ranges_of(columns: Columns) -> dict[str, tuple[End, End] | None]:
    """The least and the greatest known figure of all cases, by the name of the filter."""
    return {name: _ends(columns, name) for name in RANGES}


def _ends(columns: Columns, name: str) -> tuple[End, End] | None:
    figures = columns.figures[RANGES[name]]
    known = figures[~np.isnan(figures)] if figures.dtype.kind == "f" else figures
    if not known.size:
        return None
    low, high = known.min().item(), known.max().item()
    return (_day(low), _day(high)) if name == "day" else (low, high)


def _day(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).date().isoformat()


def _with_any(columns: Columns, kind: str, values: Iterable[str]) -> Mask:
    mask = np.zeros(len(columns), dtype=bool)
    wanted = set(values)
    ids = [number for number, label in enumerate(columns.labels) if label.kind == kind and label.value in wanted]
    if ids:
        entries = columns.entries[kind]
        mask[entries.rows[np.isin(entries.labels, ids)]] = True
    return mask


def _counts(columns: Columns, kind: str, mask: Mask) -> dict[str, int]:
    if kind not in columns.entries:
        return {}
    entries = columns.entries[kind]
    counted = np.bincount(entries.labels[mask[entries.rows]])
    return {columns.labels[label].value: int(counted[label]) for label in np.flatnonzero(counted)}


def _label_counts(columns: Columns, kind: str) -> NDArray[np.float64]:
    rows = columns.entries[kind].rows if kind in columns.entries else np.empty(0, dtype=np.int32)
    return np.bincount(rows, minlength=len(columns)).astype(np.float64)
