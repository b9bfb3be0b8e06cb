"""Scores by criterion: mean and distribution by system, and differences on the same prompts."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

import numpy as np

from fusion_ui.analysis.preference.clustering import Mean, clusters_of, dense, estimate_of, how_many, means_of
from fusion_ui.analysis.preference.codes import Places
from fusion_ui.analysis.preference.comparisons import Floats, Ints, Mask
from fusion_ui.analysis.preference.estimates import Estimate


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scores:
    """Columns of the same length, a row a score: places in `systems` and `criteria`, any numbers of prompt and rater.

    `scales` are the lowest and highest score of each criterion.
    """

    systems: tuple[str, ...]
    criteria: tuple[str, ...]
    scales: tuple[tuple[int, int], ...]
    system: Ints
    criterion: Ints
    score: Ints
    prompt: Ints
    rater: Ints

    def __post_init__(self) -> None:
        limits = np.array(self.scales, dtype=np.int64).reshape(-1, 2)[self.criterion]
        is_off = (self.score < limits[:, 0]) | (self.score > limits[:, 1])
        if is_off.any():
            row = int(is_off.argmax())
            name = self.criteria[self.criterion[row]]
            raise ValueError(f"A score of {self.score[row]} lies outside the scale of “{name}”.")


@dataclass(frozen=True, slots=True, kw_only=True)
class RubricMean:
    """The scores of one system by one criterion; `distribution` counts each score of the scale, lowest first."""

    system: str
    criterion: str
    mean: Estimate
    ratings: int
    scale: tuple[int, int]
    distribution: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RubricDifference:
    """How much higher `first` scores than `second`: the mean over the prompts where both have scores."""

    first: str
    second: str
    criterion: str
    difference: Estimate
    prompts: int


def rubric_means(scores: Scores, *, level: float = 0.95) -> tuple[RubricMean, ...]:
    """Means over scores by criterion and system, where there are any, with intervals clustered by prompt and rater."""
    number = len(scores.systems)
    stratum = scores.criterion.astype(np.intp) * number + scores.system
    strata = len(scores.criteria) * number
    clusters = clusters_of(prompt=scores.prompt, rater=scores.rater, stratum=stratum, strata=strata)
    order = np.argsort(stratum, kind="stable")
    groups = np.split(scores.score[order], np.searchsorted(stratum[order], np.arange(1, strata)))
    return tuple(
        RubricMean(
            system=scores.systems[at % number],
            criterion=scores.criteria[at // number],
            mean=estimate_of(mean.value, mean.spread, level=level, limits=(float(low), float(high))),
            ratings=len(group),
            scale=(low, high),
            distribution=tuple(np.bincount(group - low, minlength=high - low + 1).tolist()),
        )
        for at, (mean, group) in enumerate(
            zip(means_of(scores.score.astype(np.float64), clusters), groups, strict=True)
        )
        if mean
        for low, high in [scores.scales[at // number]]
    )


def rubric_differences(
    scores: Scores, *, pairs: Sequence[tuple[str, str]] | None = None, level: float = 0.95
) -> tuple[RubricDifference, ...]:
    """Differences of these pairs of systems, or of all, by criterion; none where no prompt has scores of both."""
    asked = list(combinations(scores.systems, 2)) if pairs is None else pairs
    rows = {system: np.flatnonzero(scores.system == at) for at, system in enumerate(scores.systems)}
    return tuple(
        RubricDifference(
            first=first,
            second=second,
            criterion=criterion,
            difference=estimate_of(mean.value, mean.spread, level=level, limits=(float(low - high), float(high - low))),
            prompts=mean.spread.prompts,
        )
        for first, second in asked
        for criterion, (low, high), mean in zip(
            scores.criteria, scores.scales, _differences(scores, rows[first], rows[second]), strict=True
        )
        if mean
    )


def _differences(scores: Scores, first: Places, second: Places) -> tuple[Mean | None, ...]:
    """The mean difference by criterion: prompts weigh the same, and of a prompt the scores of each system do.

    It is the mean of `signed`, which differ from it as each score does from the mean of its own system: what a prompt
    or a rater adds to both systems cancels out before clusters are squared.
    """
    shared = _shared(scores, first, second)
    criterion, sign = scores.criterion[shared.rows].astype(np.intp), np.where(shared.is_first, 1.0, -1.0)
    values = scores.score[shared.rows].astype(np.float64)
    own = criterion * 2 + shared.is_first
    number = 2 * len(scores.criteria)
    total = np.bincount(own, shared.weights, number)
    means = np.bincount(own, shared.weights * values, number) / np.where(total, total, 1.0)
    signed = 2 * sign * (values - means[own]) + (means[1::2] - means[::2])[criterion]
    clusters = clusters_of(
        prompt=scores.prompt[shared.rows],
        rater=scores.rater[shared.rows],
        stratum=criterion,
        strata=len(scores.criteria),
    )
    return means_of(signed, clusters, weights=shared.weights)


class _Shared(NamedTuple):
    """The scores on prompts where both systems have some, each with its share of its system's scores of the prompt."""

    rows: Places
    is_first: Mask
    weights: Floats


def _shared(scores: Scores, first: Places, second: Places) -> _Shared:
    rows = np.concatenate([first, second])
    is_first = np.arange(len(rows)) < len(first)
    prompt = dense(scores.prompt[rows])
    place = dense(scores.criterion[rows].astype(np.intp) * how_many(prompt) + prompt)
    number = np.bincount(place * 2 + is_first, minlength=2 * how_many(place)).reshape(-1, 2)
    both: Mask = np.all(number > 0, axis=1)[place]
    return _Shared(rows[both], is_first[both], 1.0 / number[place, is_first.astype(np.intp)][both])
