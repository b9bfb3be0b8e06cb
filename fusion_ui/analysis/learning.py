"""How good weights are by the number of questions they were solved on, always judged on the others.

arXiv 2509.21091 (its experiment set 3) judges on all questions, those solved on included; that flatters the weights.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fusion_ui.analysis.answers import AnswersError, AnswerSet, of_members
from fusion_ui.analysis.limit import Judged, judged_of
from fusion_ui.analysis.spread import bounded_interval
from fusion_ui.analysis.validation import generator, held_out

_FIRST_SIZE = 4
_MOST_OF_THEM = 0.8  # the last size, so that enough questions are left to judge on


@dataclass(frozen=True, slots=True, kw_only=True)
class CurvePoint:
    """Shares of the held-out questions that are solved, mean over trials, after solving on `questions` others.

    `low` and `high` are the 95 % interval (Student's t over trials) of this simulation, for these very questions.
    `unproven` of the trials ended at the time limit.
    """

    questions: int
    accuracy: float
    low: float
    high: float
    uniform: float
    best_single: float
    unproven: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """Points by rising number of questions; none where fewer than two questions have a gold answer."""

    members: tuple[str, ...]
    total: int
    trials: int
    seed: int
    points: tuple[CurvePoint, ...]
    left_out: tuple[str, ...]


def learning_curve(
    answer_set: AnswerSet,
    *,
    sizes: Sequence[int] | None = None,
    trials: int = 20,
    seed: int = 0,
    time_limit_s: float = 5.0,
) -> Curve:
    """Random questions to solve on, the rest to judge on; in each trial a larger size adds to the smaller ones.

    Without `sizes` they double from 4 up to four fifths of the questions. `time_limit_s` is for each solve.
    """
    common = of_members(answer_set, answer_set.members)
    judged = judged_of(common)
    chosen = _default_sizes(len(judged)) if sizes is None else sorted(set(sizes))
    if trials < 1 or (chosen and not 1 <= chosen[0] <= chosen[-1] < len(judged)):
        raise AnswersError(
            f"A curve needs at least 1 trial, and sizes from 1 to {len(judged) - 1} so that some are left to judge on."
        )
    rng = generator(seed)
    orders = [rng.permutation(len(judged)) for _ in range(trials)]
    members = len(common.members)
    return Curve(
        members=common.members,
        total=len(judged),
        trials=trials,
        seed=seed,
        points=tuple(_point(judged, size, orders, members=members, time_limit_s=time_limit_s) for size in chosen),
        left_out=common.left_out,
    )


def _default_sizes(total: int) -> list[int]:
    last = int(total * _MOST_OF_THEM)
    doubled = [_FIRST_SIZE * 2**power for power in range(max(last, 1).bit_length())]
    return [*(size for size in doubled if size < last), *([last] if last else [])]


def _point(
    judged: Sequence[Judged], size: int, orders: Sequence[np.ndarray], *, members: int, time_limit_s: float
) -> CurvePoint:
    trials = [held_out(judged, order[size:], members=members, time_limit_s=time_limit_s) for order in orders]
    accuracy = bounded_interval(np.array([trial.weighted.mean() for trial in trials]), within=(0.0, 1.0))
    return CurvePoint(
        questions=size,
        accuracy=accuracy.mean,
        low=accuracy.low,
        high=accuracy.high,
        uniform=float(np.mean([trial.uniform.mean() for trial in trials])),
        best_single=float(np.mean([trial.single.mean() for trial in trials])),
        unproven=sum(not trial.is_proven for trial in trials),
    )
