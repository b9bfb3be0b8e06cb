"""Coefficients of agreement as functions of sums over units, so that any weighting of the units costs one product.

Krippendorff's alpha (2011, Computing Krippendorff's alpha-reliability), Gwet's AC1 and AC2 (2008, Brit. J. Math. Stat.
Psychol. 61:29; 2014, Handbook of Inter-Rater Reliability, ch. 2-3), Fleiss' kappa (1971) for missing ratings as there.
"""

from typing import NamedTuple

import numpy as np

from fusion_ui.analysis.preference.codes import Level, Whole
from fusion_ui.analysis.preference.comparisons import Floats

# Of whole-numbered codes (ordinal ranks count in shares) two that differ anywhere make about 1 expected disagreement.
_NO_VARIETY = 0.1


class Sums(NamedTuple):
    """What the coefficients need of a set of units, or of many sets at once (leading axes)."""

    pairs: Floats  # (..., k, k) Krippendorff's coincidences
    shares: Floats  # (..., k) of each class, summed over units
    close: Floats  # weighted agreement, summed over units with two ratings or more
    same: Floats  # exact agreement, likewise
    overlapping: Floats  # units with two ratings or more
    units: Floats


def summed(rows: Floats, weights: Floats) -> Floats:
    """What `sums` tells apart, added up over rows of counts (..., rows, k) as one flat row (...)."""
    ratings = rows.sum(axis=-1)
    overlapping = ratings >= 2
    by_pair = (overlapping / np.maximum(1, ratings - 1))[..., None]
    pairs = rows.swapaxes(-1, -2) @ (rows * by_pair)
    pairs -= (rows * by_pair).sum(axis=-2)[..., None] * np.eye(rows.shape[-1])
    by_rating = by_pair[..., 0] / ratings
    close = ((rows * (rows @ weights)).sum(axis=-1) - ratings) * by_rating
    same = ((rows**2).sum(axis=-1) - ratings) * by_rating
    single = np.stack([close, same, overlapping, np.ones_like(ratings)], axis=-1).sum(axis=-2)
    shares = (rows / ratings[..., None]).sum(axis=-2)
    flat = pairs.reshape(*pairs.shape[:-2], rows.shape[-1] ** 2)
    return np.concatenate([flat, shares, single], axis=-1)


def sums(flat: Floats, classes: int) -> Sums:
    """Sums of what `summed` gave, told apart again."""
    pairs, shares, single = np.split(flat, [classes**2, classes**2 + classes], axis=-1)
    return Sums(pairs.reshape(*flat.shape[:-1], classes, classes), shares, *np.moveaxis(single, -1, 0))


def agreement_weights(classes: Whole, level: Level) -> Floats:
    """1 for the same class; for others 0 (nominal), or what Gwet's quadratic weights leave: ranks, or values."""
    if level == "nominal" or len(classes) < 2:
        return np.eye(len(classes))
    at = (np.arange(len(classes)) if level == "ordinal" else classes).astype(np.float64)
    weights: Floats = 1 - ((at[:, None] - at[None, :]) / (at[-1] - at[0])) ** 2
    return weights


def alpha(found: Sums, classes: Whole, level: Level) -> Floats:
    """Krippendorff's alpha: 1 - observed / expected disagreement; NaN where all said the same."""
    totals = found.pairs.sum(axis=-1)
    number = totals.sum(axis=-1)
    if level == "nominal":
        observed = number - np.trace(found.pairs, axis1=-2, axis2=-1)
        expected = number**2 - (totals**2).sum(axis=-1)
    else:
        at = _scale(totals, classes, level)
        squares = (totals * at**2).sum(axis=-1)
        observed = 2 * (squares - (at[..., None, :] @ found.pairs @ at[..., :, None])[..., 0, 0])
        expected = 2 * (number * squares - (totals * at).sum(axis=-1) ** 2)
    expected = expected / np.maximum(1, number - 1)
    return _ratio(expected - observed, np.where(expected > _NO_VARIETY, expected, 0.0))


def _scale(totals: Floats, classes: Whole, level: Level) -> Floats:
    """Where classes lie, for squared differences: ranks in the middle of their ratings (as shares), or values."""
    if level == "interval":
        return np.broadcast_to(classes - classes.mean(), totals.shape)
    number = np.maximum(1, totals.sum(axis=-1, keepdims=True))
    middles: Floats = (np.cumsum(totals, axis=-1) - totals / 2) / number - 0.5
    return middles


def gwet(found: Sums, weights: Floats) -> Floats:
    """Gwet's AC1 (identity weights) or AC2; all in one class is full agreement, chance expecting none."""
    classes = len(weights)
    shares = found.shares / np.maximum(1, found.units)[..., None]
    by_chance = weights.sum() / max(1, classes * (classes - 1)) * (shares * (1 - shares)).sum(axis=-1)
    agreed = _ratio(found.close, found.overlapping)
    return _ratio(agreed - by_chance, 1 - by_chance)


def fleiss(found: Sums) -> Floats:
    """Fleiss' kappa of the exact classes; NaN where all said the same."""
    by_chance = ((found.shares / np.maximum(1, found.units)[..., None]) ** 2).sum(axis=-1)
    rest = 1 - by_chance
    return _ratio(raw(found) - by_chance, np.where(rest > 1e-12, rest, 0.0))


def raw(found: Sums) -> Floats:
    """The share of pairs of ratings that are the same, averaged over units."""
    return _ratio(found.same, found.overlapping)


def _ratio(over: Floats, under: Floats) -> Floats:
    ratio: Floats = np.divide(over, under, out=np.full(np.shape(under), np.nan), where=np.asarray(under) != 0)
    return ratio
