"""Do weights pay on questions they have not seen? Cross-validation, beside equal weights and the best single member.

The training questions choose the weights and the single member alike, by the same programs as the full solve: no step
is left out, only the time limit is shorter, and solves that ran into it are counted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fusion_ui.analysis.answers import AnswersError, AnswerSet, of_members, uniform
from fusion_ui.analysis.leads import leads_of
from fusion_ui.analysis.limit import Judged, best_single, judged_of, solved
from fusion_ui.analysis.optimum import optimum
from fusion_ui.analysis.spread import Bounded, bounded_interval
from fusion_ui.analysis.weights import Weighting


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """How many more questions the weights solve than another choice, out of the same total, with a 95 % interval."""

    more: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Validation:
    """Questions solved while held out, summed over the folds, mean of the repeats; comparable with `total`.

    Intervals are 95 % Student's t over questions, each with its share of repeats in which it was solved: what to expect
    of as many other questions like these. They do not know that folds share training questions, so they are a little
    short. `unproven` of `folds` x `repeats` solves ended at the time limit with the best weights known.
    """

    folds: int
    repeats: int
    seed: int
    total: int
    cross_validated: float
    low: float
    high: float
    uniform: float
    best_single: float
    over_uniform: Difference
    over_single: Difference
    unproven: int


class HeldOut(NamedTuple):
    """Which held-out questions were solved by what was chosen on the others, and whether the choice is proven."""

    weighted: NDArray[np.bool_]
    uniform: NDArray[np.bool_]
    single: NDArray[np.bool_]
    is_proven: bool


def cross_validate(
    answer_set: AnswerSet, *, folds: int = 5, repeats: int = 4, seed: int = 0, time_limit_s: float = 15.0
) -> Validation:
    """Weights solved on all folds but one and judged on that one, for every fold and several ways of folding.

    More folds than questions are as many as questions. `time_limit_s` is for each solve.
    """
    if folds < 2 or repeats < 1:
        raise AnswersError(f"{folds} folds, {repeats} times: give at least 2 folds and 1 repeat.")
    common = of_members(answer_set, answer_set.members)
    judged, rng = judged_of(common), generator(seed)
    folds = max(min(folds, len(judged)), 1)
    tables = np.zeros((3, len(judged)))
    unproven = 0
    for _ in range(repeats):
        for test in np.array_split(rng.permutation(len(judged)), folds):
            held = held_out(judged, test, members=len(common.members), time_limit_s=time_limit_s)
            tables[:, test] += [held.weighted, held.uniform, held.single]
            unproven += not held.is_proven
    tables /= repeats
    return _validation(tables, folds=folds, repeats=repeats, seed=seed, unproven=unproven)


def held_out(judged: Sequence[Judged], test: NDArray[np.int64], *, members: int, time_limit_s: float) -> HeldOut:
    """What the questions outside `test` choose, judged on those in it."""
    tested = set(test.tolist())
    training = [question for place, question in enumerate(judged) if place not in tested]
    best = optimum(leads_of(training, members=members), time_limit_s=time_limit_s)
    single = np.eye(members)[best_single(training, members)]
    held = [judged[place] for place in test]
    weighted, equal, alone = solved(held, np.stack([best.weights, uniform(members), single]))
    return HeldOut(weighted, equal, alone, best.proven)


def generator(seed: int) -> np.random.Generator:
    """The source of chance for a seed, which must not be negative."""
    if seed < 0:
        raise AnswersError(f"The seed {seed} is negative. Give 0 or more.")
    return np.random.default_rng(seed)


def verdict(weighting: Weighting, validation: Validation) -> str:
    """One sentence: whether weights pay on questions they were not solved on, with the numbers."""
    total = validation.total
    if not weighting.solved:
        return f"There is nothing to weigh: no weights solve any of the {total} questions with a gold answer."
    if len(weighting.members) == 1:
        member = weighting.members[0]
        return f"There is nothing to weigh: {member} is the only member and solves {weighting.solved} of {total}."
    numbers = (
        f"on questions held out they solve {validation.cross_validated:.1f} of {total} "
        f"(95 % interval {validation.low:.1f} to {validation.high:.1f}; {weighting.solved} on the questions they were "
        f"solved on), equal weights {validation.uniform:.1f} and the best single member {validation.best_single:.1f}"
    )
    return f"{_judgement(validation)}: {numbers}."


def _judgement(validation: Validation) -> str:
    rivals = {"equal weights": validation.over_uniform, "the best single member": validation.over_single}
    if all(rival.low > 0 for rival in rivals.values()):
        return "Weights pay"
    worse = [name for name, rival in rivals.items() if rival.high < 0]
    if worse:
        return f"Weights do not pay, they are clearly worse than {' and '.join(worse)}"
    unclear = [name for name, rival in rivals.items() if rival.low <= 0]
    return f"Weights are not shown to pay, they do not clearly beat {' or '.join(unclear)}"


def _validation(tables: NDArray[np.float64], *, folds: int, repeats: int, seed: int, unproven: int) -> Validation:
    weighted, equal, single = tables
    total = len(weighted)
    own = _sum(weighted, least=0.0)
    return Validation(
        folds=folds,
        repeats=repeats,
        seed=seed,
        total=total,
        cross_validated=own.mean,
        low=own.low,
        high=own.high,
        uniform=float(equal.sum()),
        best_single=float(single.sum()),
        over_uniform=_difference(weighted - equal),
        over_single=_difference(weighted - single),
        unproven=unproven,
    )


def _difference(values: NDArray[np.float64]) -> Difference:
    interval = _sum(values, least=-1.0)
    return Difference(more=interval.mean, low=interval.low, high=interval.high)


def _sum(values: NDArray[np.float64], *, least: float) -> Bounded:
    total = len(values)
    interval = bounded_interval(values, within=(least, 1.0))
    return Bounded(float(values.sum()), interval.low * total, interval.high * total)
