"""What wins a vote besides content: the side an answer stands on, and its length."""

from dataclasses import dataclass

import numpy as np

from fusion_ui.analysis.preference.clustering import clusters_of, estimate_of
from fusion_ui.analysis.preference.comparisons import UNKNOWN, Comparisons, Floats, Outcome
from fusion_ui.analysis.preference.contrasts import sign_test
from fusion_ui.analysis.preference.estimates import Estimate, Share, share_of
from fusion_ui.analysis.preference.logit import fit_logit, plain_design, spreads
from fusion_ui.analysis.preference.win_rates import mean_estimate

CLIP = 2.0  # log length ratio: beyond about seven times as long, a few empty answers would carry the slope
_ONE_SIDED = 0.75  # of a system's votes on one side, from which on side and system are told apart badly
_FEW = 20  # votes on a pair, below which chance deals sides unevenly
_MANY = 0.25  # of all votes: less of them hardly moves the effect


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionEffect:
    """How often the left one (or the top one) wins among decisive votes.

    `left` takes votes as they are (Wilson), `p` is exact against one half, `clustered` speaks of prompts and raters.
    """

    left: Share
    clustered: Estimate | None
    p: float | None
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LengthEffect:
    """How length goes with winning among decisive votes: no cause, as better answers may be longer.

    `slope` is the logit per unit of log length ratio clipped to +-2, the side being allowed for; `unclipped` the same
    without the clip; `longer` how often the longer wins where lengths differ; `clipped` rows beyond the clip.
    """

    slope: Estimate | None
    unclipped: float | None
    longer: Share
    clipped: int
    note: str


def position_effect(comparisons: Comparisons, *, level: float = 0.95) -> PositionEffect:
    """The effect over all decisive votes whose sides are known."""
    pairs = decisive(comparisons)
    pairs = pairs.taken(pairs.left != UNKNOWN)
    chose_left = (pairs.outcome == Outcome.FIRST) == (pairs.left == 1)
    hits, of = int(chose_left.sum()), len(pairs)
    return PositionEffect(
        left=share_of(hits, of, level=level),
        clustered=mean_estimate(
            chose_left.astype(np.float64), prompt=pairs.prompt, rater=pairs.rater, level=level, limits=(0.0, 1.0)
        ),
        p=sign_test(hits, of - hits),
        note=_one_sided(pairs) if of else "No decisive vote says which of the two stood left.",
    )


def length_effect(comparisons: Comparisons, *, level: float = 0.95) -> LengthEffect:
    """The effect over all decisive votes whose two lengths are known."""
    pairs = decisive(comparisons)
    pairs = pairs.taken(np.flatnonzero(np.isfinite(pairs.lengths).all(axis=1)))
    ratio = log_length_ratio(pairs)
    uneven = ratio != 0
    longer = (pairs.score == 1) == (ratio > 0)
    slope, note = _slope(pairs, np.clip(ratio, -CLIP, CLIP), level=level)
    whole, _ = _slope(pairs, ratio, level=level)
    return LengthEffect(
        slope=slope,
        unclipped=whole.value if whole else None,
        longer=share_of(int((longer & uneven).sum()), int(uneven.sum()), level=level),
        clipped=int((np.abs(ratio) > CLIP).sum()),
        note=note,
    )


def decisive(comparisons: Comparisons) -> Comparisons:
    """The rows with a winner."""
    return comparisons.taken((comparisons.outcome == Outcome.FIRST) | (comparisons.outcome == Outcome.SECOND))


def log_length_ratio(comparisons: Comparisons) -> Floats:
    """(n,) log of the first's length over the second's, one added to each for empty texts; NaN where unknown."""
    ratio: Floats = np.log1p(comparisons.lengths[:, 0]) - np.log1p(comparisons.lengths[:, 1])
    return ratio


def side(comparisons: Comparisons) -> Floats:
    """(n,) 1 where the first stood left, -1 where the second did, 0 where it is not known.

    As a column of a regression it is the intercept of "the left one wins", whichever of the two is first in a row.
    """
    signs: Floats = np.where(comparisons.left == UNKNOWN, 0, 2 * comparisons.left - 1).astype(np.float64)
    return signs


def _slope(pairs: Comparisons, ratio: Floats, *, level: float) -> tuple[Estimate | None, str]:
    if not ratio.any():
        return None, "No decisive vote is between texts of known and different lengths."
    sides = side(pairs)
    design = plain_design(np.column_stack([sides, ratio]) if sides.any() else ratio[:, None])
    fit = fit_logit(design, pairs.score)
    if not fit.is_defined:
        return None, "Length and side foretell every vote here: the slope has no bound. More votes would give it one."
    clusters = clusters_of(prompt=pairs.prompt, rater=pairs.rater)
    last = np.eye(len(fit.coefficients))[-1:]
    (spread,) = spreads(fit, design, clusters, of=last)
    return estimate_of(float(fit.coefficients[-1]), spread, level=level), ""


def _one_sided(pairs: Comparisons) -> str:
    """Warns of a pair one of which stood left nearly always: choosing left and choosing it are then the same."""
    k = len(pairs.systems)
    low, high = np.minimum(pairs.first, pairs.second), np.maximum(pairs.first, pairs.second)
    codes = low.astype(np.intp) * k + high
    shown = np.bincount(codes, minlength=k * k)
    lower_left = np.bincount(codes, (pairs.left == 1) == (pairs.first == low), minlength=k * k)
    uneven = np.maximum(lower_left, shown - lower_left) > _ONE_SIDED * shown
    places = np.flatnonzero(uneven & (shown >= _FEW))
    if shown[places].sum() <= _MANY * len(pairs):
        return ""
    one, other = (pairs.systems[place] for place in divmod(int(places[0]), k))
    others = len(places) - 1
    more = "" if not others else " and one more pair" if others == 1 else f" and {others} more pairs"
    return f"Sides were dealt out unevenly for {one} and {other}{more}, so that the side may stand for the system."
