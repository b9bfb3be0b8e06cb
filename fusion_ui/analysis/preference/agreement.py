"""How far raters agree: alpha beside AC, since they part where answers are skewed, and the ceiling no judge can pass.

Intervals resample units: resampling pairs of values is too narrow (85 % instead of 95 % in simulations). Real
preferences give a nominal alpha of 0.25 to 0.32; that is usual, and no failure of a study.
"""

from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

import numpy as np

from fusion_ui.analysis.preference.codes import Codes, Counts, Level, Patterns, Places, Whole, counted, patterns, ranked
from fusion_ui.analysis.preference.coefficients import (
    Sums,
    agreement_weights,
    alpha,
    fleiss,
    gwet,
    raw,
    summed,
    sums,
)
from fusion_ui.analysis.preference.comparisons import Floats
from fusion_ui.analysis.preference.estimates import Estimate, Share, share_of

MOST_CLASSES = 101  # a scale of 0 to 100
FEWEST_UNITS = 5  # below, resampled units are too much alike to bound anything
_APART = 0.1  # a difference of alpha and AC that needs a word
_MOST_BLOCKS = 2000  # patterns that are resampled as they are; beyond, units are summed in random groups first
_MOST_CELLS = 4_000_000  # of all blocks' tables of classes by classes, some 30 MB
_FEWEST_BLOCKS = 200  # of so many an interval's width is known to 5 %
_FEW_OF_A_KIND = 20
_NO_SPREAD = 1e-9  # what rounding leaves


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Agreement on the units that two people or more rated, at a level of measurement.

    `units` are those; `ratings`, `raters` and `overlap` (mean ratings a unit) count all. `ac` is Gwet's AC1 for
    nominal codes, AC2 with quadratic weights otherwise; `fleiss` and `raw` take classes exactly. `ceiling` is how often
    a rating equals the majority of the others on its unit, classes that tie for it sharing the credit.
    """

    level: Level
    alpha: Estimate | None
    ac: Estimate | None
    fleiss: float | None
    raw: float | None
    units: int
    ratings: int
    raters: int
    overlap: float
    ceiling: Share
    note: str


def agreement(
    codes: Whole,
    units: Whole,
    raters: Whole,
    *,
    level: Level,
    together: Whole | None = None,
    resamples: int = 1000,
    seed: int = 0,
    confidence: float = 0.95,
) -> Agreement:
    """Agreement of these ratings, one a rater and unit: a rater's repeats show agreement with nobody else.

    Units that go right or wrong together, as the pairs of one ranking do, are resampled as one: `together` says for
    each rating what its unit belongs to.
    """
    ratings = Codes(codes, units, raters)
    if len(ranked(codes).keys) > MOST_CLASSES:
        return _nothing(ratings, level, f"Not computable: more than {MOST_CLASSES} different values; group them first.")
    counts = counted(ratings)
    if counts.table.sum(axis=1).max(initial=0) < 2:
        return _nothing(ratings, level, "Not computable: no unit has two ratings yet. Let people rate the same units.")
    bunch = None if together is None else _bunches(counts, together)
    drawing = _Drawing(resamples=resamples, seed=seed, confidence=confidence, bunch=bunch)
    return _measured(_nothing(ratings, level, ""), counts, drawing)


class _Drawing(NamedTuple):
    """How intervals are made: how often units are drawn, and which of them together."""

    resamples: int
    seed: int
    confidence: float
    bunch: Places | None


def _measured(known: Agreement, counts: Counts, drawing: _Drawing) -> Agreement:
    """What is known, with the coefficients of these counts."""
    level, classes, found = known.level, counts.classes, patterns(counts.table)
    weights = agreement_weights(classes, level)
    blocks = _blocks(counts.table, found, weights, drawing.bunch)
    total, drawn = (sums(flat, len(classes)) for flat in (blocks.number @ blocks.flat, _drawn(blocks, drawing)))
    units = int(total.overlapping)
    independent = units if drawing.bunch is None else min(units, int(drawing.bunch.max()) + 1)
    as_estimate = partial(resampled_estimate, units=independent, confidence=drawing.confidence)
    one = as_estimate(alpha(total, classes, level), alpha(drawn, classes, level))
    other = as_estimate(gwet(total, weights), gwet(drawn, weights))
    return replace(
        known,
        alpha=one,
        ac=other,
        fleiss=_defined(fleiss(total)),
        raw=_defined(raw(total)),
        units=units,
        ceiling=ceiling_of(found, level=drawing.confidence),
        note=_note(one, other, total),
    )


def ceiling_of(found: Patterns, *, level: float = 0.95) -> Share:
    """How often a rating equals the majority of the other ratings on its unit, over units with two or more.

    Only of a sole majority can one rating be taken away with the rest still in front, or level with those behind it.
    """
    others = found.rows.sum(axis=1) >= 2
    rows, number = found.rows[others], found.units[others]
    second, top = np.sort(np.pad(rows, ((0, 0), (2, 0))), axis=1)[:, -2:].T
    level_with = (rows == second[:, None]).sum(axis=1)
    hits = top * np.select([top - 1 > second, top - 1 == second], [1.0, 1 / (1 + level_with)], 0.0)
    return share_of(float(number @ hits), int(number @ rows.sum(axis=1)), level=level)


def _bunches(counts: Counts, together: Whole) -> Places:
    """The bunch of each unit."""
    bunch = np.empty(len(counts.units), dtype=np.intp)
    bunch[counts.place] = ranked(together).place
    return bunch


class _Blocks(NamedTuple):
    """Sums over units that are drawn together, and how many such blocks there are of each kind."""

    flat: Floats
    number: Whole


def _blocks(table: Floats, found: Patterns, weights: Floats, bunch: Places | None) -> _Blocks:
    """Each pattern of counts, standing for its units; or bunches of units, in random groups where they are too many.

    The sums of random groups vary as those of what is in them do.
    """
    most = max(_FEWEST_BLOCKS, min(_MOST_BLOCKS, _MOST_CELLS // table.shape[1] ** 2))
    if bunch is None and len(found.rows) <= most:
        return _Blocks(summed(found.rows[:, None], weights), found.units)
    label = np.arange(len(table)) if bunch is None else bunch
    number = int(label.max()) + 1
    if number > most:
        label = np.random.default_rng(0).permutation(number)[label] % most
    order = np.argsort(label, kind="stable")
    ends = np.cumsum(np.bincount(label))
    flat = [summed(part, weights) for part in np.split(table[order], ends[:-1])]
    return _Blocks(np.stack(flat), np.ones(len(flat), dtype=np.int64))


def _drawn(blocks: _Blocks, drawing: _Drawing) -> Floats:
    """The sums of so many resamples of the blocks, as many as there are each time."""
    rng, resamples = np.random.default_rng(drawing.seed), drawing.resamples
    kinds, number = len(blocks.number), int(blocks.number.sum())
    if number > _FEW_OF_A_KIND * kinds:
        times = rng.multinomial(number, blocks.number / number, size=resamples)
    else:  # drawing one by one is faster than asking how often each kind comes up
        kind = np.repeat(np.arange(kinds), blocks.number)[rng.integers(0, number, (resamples, number))]
        cells = np.arange(resamples)[:, None] * kinds + kind
        times = np.bincount(cells.ravel(), minlength=resamples * kinds).reshape(resamples, kinds)
    drawn: Floats = times.astype(np.float64) @ blocks.flat
    return drawn


def resampled_estimate(value: Floats, resampled: Floats, *, units: int, confidence: float) -> Estimate | None:
    """The value between the percentiles of its resamples; None where it is not defined, no bounds where none are."""
    if np.isnan(value):
        return None
    whole = Estimate(value=float(value), n=units, basis="units")
    defined = resampled[np.isfinite(resampled)]
    if units < FEWEST_UNITS:
        return replace(whole, note=f"No interval: fewer than {FEWEST_UNITS} units.")
    if len(defined) < 2 or np.ptp(defined) < _NO_SPREAD:
        return replace(whole, note="No interval: the units do not differ, so they cannot show how far others would.")
    low, high = np.quantile(defined, [(1 - confidence) / 2, (1 + confidence) / 2])
    # Resamples of few units lean to less agreement; an interval without its estimate would be read as a mistake.
    return replace(
        whole, low=min(float(low), whole.value), high=max(float(high), whole.value), se=float(defined.std(ddof=1))
    )


def _note(one: Estimate | None, other: Estimate | None, total: Sums) -> str:
    if one is None:
        return "Alpha is not defined: everybody gave one and the same answer, so agreement by chance would be complete."
    if other is None or abs(one.value - other.value) < _APART:
        return ""
    largest = float(total.shares.max() / total.units)
    return (
        "Alpha and AC part over chance: alpha takes off what the shares of the classes give by chance (the commonest "
        f"has {largest:.0%}), AC takes off the less the more answers gather in one class."
    )


def _nothing(ratings: Codes, level: Level, note: str) -> Agreement:
    """What can be said of any ratings: how many there are."""
    number, units = len(ratings.codes), len(ranked(ratings.units).keys)
    return Agreement(
        level=level,
        alpha=None,
        ac=None,
        fleiss=None,
        raw=None,
        units=0,
        ratings=number,
        raters=len(ranked(ratings.raters).keys),
        overlap=number / units if units else 0.0,
        ceiling=share_of(0, 0),
        note=note,
    )


def _defined(value: Floats) -> float | None:
    return None if np.isnan(value) else float(value)
