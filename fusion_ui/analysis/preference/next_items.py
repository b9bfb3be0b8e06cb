"""What to have judged next: where one more judgement makes a difference surer than anywhere else.

Sureness comes from the whole design, as who met a third tells two apart as well; who is ahead decides
nothing. Within a pair the least-shown unit comes first.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fusion_ui.analysis.preference.bradley_terry import Tables, fit_bradley_terry
from fusion_ui.analysis.preference.comparisons import Comparisons, Floats, Ints, Mask
from fusion_ui.analysis.preference.connectivity import components
from fusion_ui.analysis.preference.win_rates import matrix_of

MOST = 20


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rateable:
    """What may be judged, as columns: a unit, two of the systems it shows, and how often it was judged.

    A unit that shows more than two systems has a row for each pair of them.
    """

    unit: Ints
    first: Ints
    second: Ints
    judgements: Ints

    def __len__(self) -> int:
        return len(self.unit)


@dataclass(frozen=True, slots=True, kw_only=True)
class NextItem:
    """A unit to be judged next; `gain` is what its judgement takes off the variance of the difference (logits)."""

    unit: int
    first: str
    second: str
    gain: float
    judgements: int
    why: str


def rateable_of(comparisons: Comparisons) -> Rateable:
    """The units that were judged at least once, with the distinct judgements of each."""
    k = len(comparisons.systems)
    low, high = np.sort([comparisons.first, comparisons.second], axis=0).astype(np.int64)
    keys = (comparisons.unit.astype(np.int64) * k + low) * k + high
    found, counts = np.unique(keys, return_counts=True)
    unit, pair = np.divmod(found, k * k)
    first, second = np.divmod(pair, k)
    columns = (each.astype(np.int32) for each in (unit, first, second, counts))
    return Rateable(**dict(zip(("unit", "first", "second", "judgements"), columns, strict=True)))


def next_items(comparisons: Comparisons, units: Rateable | None = None, *, most: int = MOST) -> tuple[NextItem, ...]:
    """The units to judge next, best first, each chosen as if those before it were judged already.

    Without `units` those that were judged so far; a place in `first` and `second` is one in `comparisons.systems`.
    """
    rateable = rateable_of(comparisons) if units is None else units
    design = _design_of(comparisons)
    k = len(comparisons.systems)
    pairs = rateable.first.astype(np.intp) * k + rateable.second
    is_left = rateable.first != rateable.second
    chosen: list[NextItem] = []
    while len(chosen) < most and is_left.any():
        gains = design.gains()
        offered = np.bincount(pairs[is_left], minlength=k * k).reshape(k, k) > 0
        best = int(np.argmax(np.where(offered, gains, -1.0)))
        row = _least_shown(rateable, is_left & (pairs == best))
        one, other = divmod(best, k)
        chosen.append(_item(comparisons, rateable, row, gain=float(gains[one, other]), why=design.why(one, other)))
        is_left &= rateable.unit != rateable.unit[row]
        design = design.after(one, other)
    return tuple(chosen)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Design:
    """What is known of the differences: covariance of the scores, a judgement's information, who met whom."""

    covariance: Floats
    information: Floats
    component: NDArray[np.intp]
    met: Mask

    def variances(self) -> Floats:
        own = np.diag(self.covariance)
        differences: Floats = own[:, None] + own[None, :] - 2 * self.covariance
        return differences

    def gains(self) -> Floats:
        """How much one more judgement of each pair takes off the variance of its difference (Sherman-Morrison)."""
        variances = self.variances()
        gains: Floats = self.information * variances**2 / (1 + self.information * variances)
        return gains

    def after(self, one: int, other: int) -> "_Design":
        """The design with one more judgement of this pair, whatever it says."""
        moved = self.covariance[:, one] - self.covariance[:, other]
        information = self.information[one, other]
        share = information / (1 + information * self.variances()[one, other])
        met = self.met.copy()
        met[one, other] = met[other, one] = True
        joined = np.where(self.component == self.component[other], self.component[one], self.component)
        return _Design(
            covariance=self.covariance - share * np.outer(moved, moved),
            information=self.information,
            component=joined,
            met=met,
        )

    def why(self, one: int, other: int) -> str:
        if self.component[one] != self.component[other]:
            return "No chain of comparisons links the two yet"
        if not self.met[one, other]:
            return "The two have not met, only others in between"
        return "Of all differences, one more judgement tells most of this one"


def _design_of(comparisons: Comparisons) -> _Design:
    matrix = matrix_of(comparisons)
    wins, ties = np.array(matrix.wins, dtype=np.float64), np.array(matrix.ties, dtype=np.float64)
    fit = fit_bradley_terry(Tables(wins, ties))
    ahead = fit.scores[:, None] - fit.scores[None, :]
    met = wins + wins.T + ties > 0
    component = np.arange(len(met))
    for members in components(met):
        component[list(members)] = members[0]
    return _Design(
        covariance=np.linalg.inv(fit.curvature).astype(np.float64),
        information=0.25 / np.cosh(ahead / 2) ** 2,
        component=component,
        met=met,
    )


def _least_shown(units: Rateable, among: Mask) -> int:
    rows = np.flatnonzero(among)
    return int(rows[np.argmin(units.judgements[rows])])


def _item(comparisons: Comparisons, units: Rateable, row: int, *, gain: float, why: str) -> NextItem:
    judgements = int(units.judgements[row])
    shown = f"judged {judgements} times so far" if judgements else "nobody has judged it"
    return NextItem(
        unit=int(units.unit[row]),
        first=comparisons.systems[units.first[row]],
        second=comparisons.systems[units.second[row]],
        gain=gain,
        judgements=judgements,
        why=f"{why}; {shown}.",
    )
