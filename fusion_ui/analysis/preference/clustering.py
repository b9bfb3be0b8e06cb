"""Uncertainty over prompts and raters at once: who belongs together, the two-way variance, the interval it gives.

Votes on one prompt, or of one rater, go wrong together: counted as independent they give intervals half as wide as they
should be. Where prompts or raters are too few to speak of others, the interval says that it does not.
"""

from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fusion_ui.analysis.preference.comparisons import Floats, Ints
from fusion_ui.analysis.preference.estimates import Basis, Estimate, share_of, t_quantile

FEWEST_PROMPTS = 5  # below, prompts show nothing about prompts in general
_FEWEST_TO_POOL = 4  # with two raters 95 % intervals would hold the truth in 88 %, with three in 93 % of studies
VOTES_ONLY = (
    "This describes these votes only: fewer than 5 prompts cannot stand for prompts in general. Judge more prompts."
)
ONE_RATER = "One rater: this speaks of this rater only. A second rater would let it speak of people."
ALL_THE_SAME = (
    "Every vote says the same, so their spread shows nothing: the bounds are Wilson's, with {of} counted once."
)
_Places = NDArray[np.intp]


class Groups(NamedTuple):
    """Rows that belong together: the group of each row, and the stratum that each group lies in."""

    place: _Places
    stratum: _Places


class Clusters(NamedTuple):
    """The rows of each stratum by prompt, by rater, and by both; strata are estimated apart from each other."""

    strata: int
    stratum: _Places
    prompts: Groups
    raters: Groups
    cells: Groups


class Spread(NamedTuple):
    """The variance of one estimate by what is taken as independent, and how many of these there are."""

    by_vote: float
    by_prompt: float
    by_rater: float
    by_cell: float
    votes: int
    prompts: int
    raters: int

    @property
    def two_way(self) -> float:
        """V_prompt + V_rater - V_cell (Cameron, Gelbach & Miller 2011, eq. 2.8), never below the largest part."""
        return max(self.by_prompt + self.by_rater - self.by_cell, self.by_prompt, self.by_rater, self.by_cell)

    @property
    def degrees_of_freedom(self) -> float:
        """Those of the two-way variance as Satterthwaite (1946) puts together those of its parts.

        Never fewer than the fewer of prompts and raters have, and no more where these are too few to tell.
        """
        fewest = min(self.prompts, self.raters)
        parts = (self.by_prompt, self.prompts), (self.by_rater, self.raters), (self.by_cell, self.votes)
        doubt = sum(part**2 / (groups - 1) for part, groups in parts if groups > 1)
        is_told = fewest >= _FEWEST_TO_POOL and doubt > 0
        return max(fewest - 1, self.two_way**2 / doubt) if is_told else fewest - 1


class Mean(NamedTuple):
    value: float
    spread: Spread


def dense(codes: NDArray[np.integer]) -> _Places:
    """The codes as 0, 1, 2, … in their order, without gaps."""
    if not len(codes):
        return np.zeros(0, dtype=np.intp)
    low, span = int(codes.min()), int(codes.max()) - int(codes.min()) + 1
    if span > 4 * len(codes) + 1024:  # a table of all that lies between would be mostly empty
        rare: _Places = np.unique(codes, return_inverse=True)[1]
        return rare
    shifted = codes.astype(np.intp) - low
    seen = np.zeros(span, dtype=np.bool_)
    seen[shifted] = True
    places: _Places = (np.cumsum(seen) - 1)[shifted]
    return places


def how_many(codes: NDArray[np.integer]) -> int:
    """How many groups there are in dense codes."""
    return int(codes.max()) + 1 if len(codes) else 0


def distinct(codes: Ints, *, stratum: NDArray[np.integer], strata: int) -> _Places:
    """How many different codes each stratum has."""
    if not len(codes):
        return np.zeros(strata, dtype=np.intp)
    low, span = int(codes.min()), int(codes.max()) - int(codes.min()) + 1
    keys = np.sort(stratum.astype(np.int64) * span + (codes.astype(np.int64) - low))
    first = np.concatenate([[True], keys[1:] != keys[:-1]])
    return np.bincount(keys[first] // span, minlength=strata)


def clusters_of(*, prompt: Ints, rater: Ints, stratum: NDArray[np.integer] | None = None, strata: int = 1) -> Clusters:
    """The clusters of these rows; without strata all lie in one."""
    within = np.zeros(len(prompt), dtype=np.intp) if stratum is None else stratum.astype(np.intp)
    prompts, raters = dense(prompt), dense(rater)
    by_prompt = dense(within * how_many(prompts) + prompts)
    return Clusters(
        strata=strata,
        stratum=within,
        prompts=_groups(by_prompt, within),
        raters=_groups(dense(within * how_many(raters) + raters), within),
        cells=_groups(dense(by_prompt * how_many(raters) + raters), within),
    )


def _groups(place: _Places, within: _Places) -> Groups:
    stratum = np.zeros(how_many(place), dtype=np.intp)
    stratum[place] = within
    return Groups(place, stratum)


def summed(values: Floats, *, into: _Places, groups: int) -> Floats:
    """What the values of each group add up to."""
    return np.bincount(into, values, minlength=groups).astype(np.float64, copy=False)


def means_of(values: Floats, clusters: Clusters, *, weights: Floats | None = None) -> tuple[Mean | None, ...]:
    """The mean of each stratum, weighted by what is above 0, with its spread; None for a stratum without rows."""
    heavy = np.ones(len(values)) if weights is None else weights
    within, strata = clusters.stratum, clusters.strata
    votes = np.bincount(within, minlength=strata)
    total = np.where(votes, summed(heavy, into=within, groups=strata), 1.0)
    middle = summed(heavy * values, into=within, groups=strata) / total
    influence = heavy * (values - middle[within]) / total[within]
    every = Groups(np.arange(len(values)), within)
    variances = [_variance(influence, groups=groups, strata=strata) for groups in (every, *clusters[2:])]
    prompts, raters = (np.bincount(each.stratum, minlength=strata) for each in (clusters.prompts, clusters.raters))
    return tuple(
        Mean(float(value), spread_of(parts, counts)) if counts[0] else None
        for value, parts, counts in zip(
            middle, np.transpose(variances), np.transpose([votes, prompts, raters]), strict=True
        )
    )


def spread_of(variances: Floats, counts: _Places) -> Spread:
    """The spread of these four variances (vote, prompt, rater, cell) and three counts (votes, prompts, raters)."""
    vote, prompt, rater, cell = variances.tolist()
    votes, prompts, raters = counts.tolist()
    return Spread(vote, prompt, rater, cell, votes, prompts, raters)


def _variance(influence: Floats, *, groups: Groups, strata: int) -> Floats:
    sums = summed(influence, into=groups.place, groups=len(groups.stratum))
    squares = summed(sums**2, into=groups.stratum, groups=strata)
    return corrected(squares, np.bincount(groups.stratum, minlength=strata))


def corrected(squares: Floats, groups: _Places) -> Floats:
    """The sum of squares times G / (G - 1); nothing where one group shows no spread."""
    variance: Floats = np.where(groups > 1, squares * groups / np.maximum(groups - 1, 1), 0.0)
    return variance


def by_prompt(clusters: Clusters) -> Floats:
    """The weights under which every prompt of a stratum counts the same, however often it was judged."""
    weights: Floats = 1.0 / np.bincount(clusters.prompts.place)[clusters.prompts.place]
    return weights


def basis_of(*, prompts: int, raters: int) -> Basis:
    """Over what an interval may generalise with so many prompts and raters."""
    if prompts < FEWEST_PROMPTS:
        return "these votes only"
    return "prompts and raters" if raters > 1 else "prompts"


def estimate_of(
    value: float, spread: Spread, *, level: float, limits: tuple[float, float] | None = None, floor: float = 0.0
) -> Estimate:
    """The value with the interval that its spread allows; `floor` is a variance that it may not go below.

    Student's t with the spread's degrees of freedom on the two-way variance; with one rater on that of the prompts
    alone; with fewer than 5 prompts the interval of the votes as they are. `limits` are what values can reach.
    """
    if not 0 < level < 1:
        raise ValueError(f"the level {level} of an interval does not lie between 0 and 1")
    basis = basis_of(prompts=spread.prompts, raters=spread.raters)
    if basis == "these votes only":
        return _votes_only(value, spread, level=level, limits=limits, floor=floor)
    of_prompts = basis == "prompts"
    note = ONE_RATER if of_prompts else ""
    variance = max(spread.by_prompt if of_prompts else spread.two_way, floor)
    if variance <= _ROUNDING and limits is not None:
        fewest = spread.prompts if of_prompts else min(spread.prompts, spread.raters)
        of = "each prompt" if of_prompts else "the fewer of prompts and raters"
        low, high = _wilson(value, fewest, level=level, limits=limits)
        same = ALL_THE_SAME.format(of=of)
        return Estimate(value=value, low=low, high=high, n=spread.votes, basis=basis, note=f"{same} {note}".strip())
    se, df = variance**0.5, spread.prompts - 1 if of_prompts else spread.degrees_of_freedom
    low, high = _within(value, t_quantile(df, level=level) * se, limits)
    return Estimate(value=value, low=low, high=high, se=se, df=df, n=spread.votes, basis=basis, note=note)


_ROUNDING = 1e-24  # a variance below comes from rounding alone


def _votes_only(
    value: float, spread: Spread, *, level: float, limits: tuple[float, float] | None, floor: float
) -> Estimate:
    se = max(spread.by_vote, floor) ** 0.5
    if limits is not None:
        low, high = _wilson(value, spread.votes, level=level, limits=limits)
    else:
        low, high = _within(value, NormalDist().inv_cdf((1 + level) / 2) * se, limits)
    return Estimate(
        value=value, low=low, high=high, se=se or None, n=spread.votes, basis="these votes only", note=VOTES_ONLY
    )


def _wilson(value: float, of: int, *, level: float, limits: tuple[float, float]) -> tuple[float, float]:
    bottom, width = limits[0], limits[1] - limits[0]
    share = share_of(min(1.0, max(0.0, (value - bottom) / width)) * of, of, level=level)
    return bottom + width * (share.low or 0.0), bottom + width * (share.high or 0.0)


def _within(value: float, half: float, limits: tuple[float, float] | None) -> tuple[float, float]:
    bottom, top = limits or (-np.inf, np.inf)
    return float(max(bottom, value - half)), float(min(top, value + half))
