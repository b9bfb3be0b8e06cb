"""Scores at equal length and side: Bradley and Terry with two more columns, in one logistic fit.

A diagnostic beside the plain score and never in its place: where better answers are longer for good reasons, this takes
the reasons away with the length.
"""

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from scipy.special import expit

from fusion_ui.analysis.preference.bradley_terry import PRIOR
from fusion_ui.analysis.preference.clustering import Spread, clusters_of, dense, estimate_of, how_many
from fusion_ui.analysis.preference.comparisons import Comparisons, Floats
from fusion_ui.analysis.preference.connectivity import components
from fusion_ui.analysis.preference.effects import CLIP, log_length_ratio, side
from fusion_ui.analysis.preference.estimates import Estimate
from fusion_ui.analysis.preference.logit import Design, fit_logit, pair_design, plain_design, spreads

_TOLD_APART = 0.01  # of a column's variance that the systems do not explain: with less, it stands for them
NO_LENGTHS = "No comparison has the lengths of its two texts."
SEPARATED = "Side and length foretell every vote here, so that nothing bounds their effect."


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustedRung:
    """A score at equal length and side (natural logs, mean 0 in its component); `plain` rests on the same rows."""

    system: str
    score: Estimate
    plain: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjusted:
    """The rungs, highest first. `position` is what standing left brings, `length` a unit of log length ratio (logits).

    Either is None where it is unknown or cannot be told from the systems; all is, where votes do not bound it.
    """

    rungs: tuple[AdjustedRung, ...]
    position: Estimate | None
    length: Estimate | None
    note: str


class _Fitted(NamedTuple):
    """Values and spreads of the combinations that were asked for, then of side and length where they are told apart."""

    values: Floats
    spreads: tuple[Spread, ...]
    columns: tuple[bool, bool]

    def estimate(self, place: int, level: float) -> Estimate:
        return estimate_of(float(self.values[place]), self.spreads[place], level=level)


def adjusted(comparisons: Comparisons, *, level: float = 0.95, prior: float = PRIOR, clip: float = CLIP) -> Adjusted:
    """The ladder adjusted for length and side, from all rows whose lengths are known; ties count as half."""
    rows = _with_lengths(comparisons)
    if not len(rows):
        return Adjusted(rungs=(), position=None, length=None, note=NO_LENGTHS)
    places = dense(np.concatenate([rows.first, rows.second]))
    base = pair_design(places[: len(rows)], places[len(rows) :], systems=how_many(places))
    centred = _centred(base)
    fitted = _fitted(base, rows, of=centred, prior=prior, clip=clip)
    if fitted is None:
        return Adjusted(rungs=(), position=None, length=None, note=SEPARATED)
    plain = centred @ fit_logit(base, rows.score, prior=prior).coefficients
    present = np.bincount(np.concatenate([rows.first, rows.second]), minlength=len(rows.systems)) > 0
    names = [name for name, is_there in zip(rows.systems, present, strict=True) if is_there]
    rungs = [
        AdjustedRung(system=name, score=fitted.estimate(place, level), plain=float(plain[place]))
        for place, name in enumerate(names)
    ]
    position, length = _of_columns(fitted, level)
    return Adjusted(
        rungs=tuple(sorted(rungs, key=lambda rung: -rung.score.value)),
        position=position,
        length=length,
        note=_note(fitted, len(comparisons) - len(rows)),
    )


def adjusted_rate(comparisons: Comparisons, *, first: str, second: str, level: float = 0.95) -> Estimate | None:
    """The win rate of first against second at equal length and side; None where these two leave it undefined."""
    rows = _with_lengths(comparisons.between(first, second))
    if not len(rows):
        return None
    fitted = _fitted(plain_design(np.ones((len(rows), 1))), rows, of=np.eye(1), prior=PRIOR / 2, clip=CLIP)
    if fitted is None:
        return None
    logit = fitted.estimate(0, level)
    value, low, high = (None if end is None else float(expit(end)) for end in (logit.value, logit.low, logit.high))
    note = " ".join(filter(None, (logit.note, _note(fitted, 0))))
    return replace(logit, value=value or 0.0, low=low, high=high, se=None, note=note)


def _centred(base: Design) -> Floats:
    """(k, k) takes scores to those with mean 0 in their component, for only within one do they compare."""
    k = base.systems
    met = np.bincount(base.first * k + base.second, minlength=k * k).reshape(k, k) > 0
    centred = np.eye(k)
    for members in components(met):
        centred[np.ix_(members, members)] -= 1 / len(members)
    return centred


def _with_lengths(comparisons: Comparisons) -> Comparisons:
    usable = np.isfinite(comparisons.lengths).all(axis=1) & (comparisons.first != comparisons.second)
    return comparisons if usable.all() else comparisons.taken(usable)


def _fitted(base: Design, rows: Comparisons, *, of: Floats, prior: float, clip: float) -> _Fitted | None:
    """The base design with side and length beside it; `of` (size, size) combines the base's coefficients."""
    size = base.size
    columns = np.column_stack([base.columns, side(rows), np.clip(log_length_ratio(rows), -clip, clip)])
    kept = _told_apart(replace(base, columns=columns).information(np.full(len(columns), 0.25)), size)
    design = replace(base, columns=columns[:, [place - base.systems for place in kept if place >= base.systems]])
    extra = len(kept) - size
    fit = fit_logit(design, rows.score, prior=np.concatenate([np.full(size, prior), np.zeros(extra)]))
    if not fit.is_defined:
        return None
    wanted = np.eye(len(kept))
    wanted[:size, :size] = of
    variances = spreads(fit, design, clusters_of(prompt=rows.prompt, rater=rows.rater), of=wanted)
    return _Fitted(wanted @ fit.coefficients, variances, (size in kept, size + 1 in kept))


def _told_apart(whole: Floats, size: int) -> list[int]:
    """The places of the base, and of the columns after it that are no combination of what stands before."""
    kept = list(range(size))
    for place in range(size, len(whole)):
        others = whole[np.ix_(kept, kept)]
        explained = whole[place, kept] @ np.linalg.pinv(others, hermitian=True) @ whole[kept, place]
        if whole[place, place] - explained > _TOLD_APART * whole[place, place]:
            kept.append(place)
    return kept


def _of_columns(fitted: _Fitted, level: float) -> tuple[Estimate | None, Estimate | None]:
    has_side, has_length = fitted.columns
    last = len(fitted.values) - 1
    return (
        fitted.estimate(last - has_length, level) if has_side else None,
        fitted.estimate(last, level) if has_length else None,
    )


def _note(fitted: _Fitted, left_out: int) -> str:
    has_side, has_length = fitted.columns
    notes = [
        "" if has_side else "The side is unknown or goes with the systems: not adjusted for.",
        "" if has_length else "Lengths are equal or go with the systems: not adjusted for.",
        f"{left_out} comparisons without lengths are left out." if left_out else "",
    ]
    return " ".join(filter(None, notes))
