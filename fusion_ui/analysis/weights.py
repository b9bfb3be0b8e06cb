"""Which weights an ensemble should have: as many questions solved in the limit as can be, then the widest margin.

arXiv 2509.21091, Lemma 4. How they are found is in `optimum` and `program`; here they are counted and reported.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from fusion_ui.analysis.answers import AnswersError, AnswerSet, of_members
from fusion_ui.analysis.leads import leads_of
from fusion_ui.analysis.limit import (
    STRICT,
    Single,
    best_single,
    gold_leads,
    judged_of,
    singles_of,
    solved_by,
    uniform_solved,
)
from fusion_ui.analysis.optimum import optimum

__all__ = ["Single", "Status", "Weighting", "solve", "solved_by"]

Status = Literal["optimal", "time limit", "nothing to solve"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighting:
    """Weights that solve the most questions and, among these, have the widest margin; where several do, the ones
    nearest to equal weights.

    `total` questions have a gold answer. `margin` is the smallest lead of gold over a rival in a solved question, None
    where none is solved. `gap` is how many more questions might be solved, relative to `solved`: "time limit" with
    gap 0 says that the number is proven and only the margin might be wider. Proofs hold for margins from 1e-5 on.
    """

    members: tuple[str, ...]
    weights: tuple[float, ...]
    solved: int
    total: int
    margin: float | None
    status: Status
    gap: float
    uniform_solved: int
    best_single: Single
    singles: tuple[Single, ...]
    solved_questions: tuple[str, ...]
    left_out: tuple[str, ...]


def solve(answer_set: AnswerSet, *, time_limit_s: float = 30.0) -> Weighting:
    """The weights for the questions that all members answered and whose gold answer is known.

    Within the time limit the result depends on the answers alone; beyond it, also on the speed of the machine.
    """
    if not time_limit_s > 0:
        raise AnswersError(f"A time limit of {time_limit_s} s leaves no time to solve. Give a positive number.")
    common = of_members(answer_set, answer_set.members)
    judged, members = judged_of(common), len(common.members)
    best = optimum(leads_of(judged, members=members), time_limit_s=time_limit_s)
    leads = gold_leads(judged, best.weights[None, :])[0]
    won = [question.name for question, lead in zip(judged, leads, strict=True) if lead > STRICT]
    singles = singles_of(judged, common.members)
    return Weighting(
        members=common.members,
        weights=tuple(float(weight) for weight in best.weights),
        solved=len(won),
        total=len(judged),
        margin=float(np.min(leads[leads > STRICT])) if won else None,
        status="time limit" if not best.proven else "optimal" if won else "nothing to solve",
        gap=(best.bound - len(won)) / max(len(won), 1),
        uniform_solved=uniform_solved(judged, members),
        best_single=singles[best_single(judged, members)],
        singles=singles,
        solved_questions=tuple(won),
        left_out=common.left_out,
    )
