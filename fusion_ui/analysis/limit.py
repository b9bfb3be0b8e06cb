"""What mixtures of members answer in the limit of many draws, and whether that is gold: the count all else is held to.

Nothing here knows how weights are found.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fusion_ui.analysis.answers import AnswersError, AnswerSet, of_members, shares, uniform

STRICT = 1e-9  # a lead up to this is a tie; shares are fractions of at most some thousands of draws
_DECIMALS = 9


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Judged:
    """A question with a gold answer that all members answered: `share` (members, answers) and the place of gold."""

    name: str
    share: NDArray[np.float64]
    gold: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Single:
    """One member asked alone, and how many questions it solves."""

    member: str
    solved: int


def judged_of(answer_set: AnswerSet) -> tuple[Judged, ...]:
    """The questions with a gold answer; every member must have been asked each of them (`of_members`)."""
    return tuple(
        Judged(name=question.name, share=shares(question), gold=question.gold)
        for question in answer_set.questions
        if question.gold is not None
    )


def gold_leads(judged: Sequence[Judged], vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    """(vectors, questions): how far gold leads the strongest other answer under weights (vectors, members)."""
    table = np.empty((len(vectors), len(judged)))
    for place, question in enumerate(judged):
        mixture = vectors @ question.share
        gold = mixture[:, question.gold].copy()
        mixture[:, question.gold] = 0.0  # where gold has no rival, it must still have votes
        table[:, place] = gold - mixture.max(axis=1)
    return table


def solved(judged: Sequence[Judged], vectors: NDArray[np.float64]) -> NDArray[np.bool_]:
    """(vectors, questions): where gold has strictly the largest share."""
    return gold_leads(judged, vectors) > STRICT


def solved_by(answer_set: AnswerSet, weights: Sequence[float]) -> tuple[str, ...]:
    """The names of the questions that these weights, which need not sum to 1, solve in the limit.

    Looked at are the questions that all members answered and whose gold answer is known.
    """
    vector = np.asarray(weights, dtype=np.float64)
    known = vector.shape == (len(answer_set.members),) and bool(np.isfinite(vector).all() and (vector >= 0).all())
    if not known or not vector.any():
        raise AnswersError(f"Give {len(answer_set.members)} weights, none of them negative and not all of them 0.")
    judged = judged_of(of_members(answer_set, answer_set.members))
    won = solved(judged, (vector / vector.max() / (vector / vector.max()).sum())[None, :])[0]
    return tuple(question.name for question, is_won in zip(judged, won, strict=True) if is_won)


def singles_of(judged: Sequence[Judged], members: Sequence[str]) -> tuple[Single, ...]:
    """How many of these questions each member solves alone."""
    counts = solved(judged, np.eye(len(members))).sum(axis=1)
    return tuple(Single(member=member, solved=int(count)) for member, count in zip(members, counts, strict=True))


def best_single(judged: Sequence[Judged], members: int) -> int:
    """The place of the member that solves most alone; among equals the larger mean lead, then the first decides."""
    leads = gold_leads(judged, np.eye(members))
    order = [(int((row > STRICT).sum()), round(float(row.sum()), _DECIMALS)) for row in leads]
    return order.index(max(order))


def uniform_solved(judged: Sequence[Judged], members: int) -> int:
    """How many of these questions equal weights solve."""
    return int(solved(judged, uniform(members)[None, :]).sum())
