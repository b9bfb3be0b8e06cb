"""Recorded answers as arrays: which member gave which answer to which question, how often, and in how many tokens.

Answers are grouped already: one key stands for all that are written differently and mean the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from fusion_ui.engine.values import FusionError

BLANK = -1


class AnswersError(FusionError):
    """Recorded answers that cannot be used as asked; the message says which and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Draws:
    """What one member was recorded to say to one question, in the order of recording.

    `keys` (n,) are places in the question's answers, `BLANK` where none was found; a blank is a draw that was paid for
    and does not vote. `tokens` (n,) belong to the same draws; None where they were not recorded.
    """

    keys: NDArray[np.int64]
    tokens: NDArray[np.float64] | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Question:
    """One question with everything recorded for it; `draws` are by member, None where a member was not asked.

    `answers` are distinct keys. `gold` is the place of the gold one, which stands among them even if nobody gave it;
    None where no gold answer is known. A question is told from others by `name`, which holds its set: "aime2025/7".
    """

    name: str
    answers: tuple[str, ...]
    gold: int | None
    draws: tuple[Draws | None, ...]
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AnswerSet:
    """Questions and the members that answered them; `left_out` names questions that could not be taken, with why."""

    members: tuple[str, ...]
    questions: tuple[Question, ...]
    left_out: tuple[str, ...] = ()


def of_members(answer_set: AnswerSet, members: Sequence[str]) -> AnswerSet:
    """The questions that all of these members answered, with these members in this order; the others are named in
    `left_out`. Raises AnswersError for an unknown member, and where no question is common to them.
    """
    unknown = [member for member in members if member not in answer_set.members]
    if unknown or not members:
        known = ", ".join(answer_set.members)
        raise AnswersError(f"No answers of {', '.join(unknown) or 'nobody'} are recorded. Members: {known}.")
    places = [answer_set.members.index(member) for member in members]
    asked = [
        (question, drawn)
        for question in answer_set.questions
        if all(drawn := tuple(question.draws[place] for place in places))
    ]
    if not asked:
        raise AnswersError(
            f"No question was answered by all of {', '.join(members)}. Choose members of the same set of questions."
        )
    taken = {question.name for question, _ in asked}
    missing = tuple(
        f"{question.name}: not answered by all members"
        for question in answer_set.questions
        if question.name not in taken
    )
    return AnswerSet(
        members=tuple(members),
        questions=tuple(replace(question, draws=drawn) for question, drawn in asked),
        left_out=(*answer_set.left_out, *missing),
    )


def shares(question: Question) -> NDArray[np.float64]:
    """(members, answers): the share of each answer among all draws of a member, blanks included in the total.

    This is what a member's votes tend to when it is asked without end. Zero for a member that was not asked.
    """
    table = np.zeros((len(question.draws), len(question.answers)))
    for row, drawn in zip(table, question.draws, strict=True):
        if drawn is not None and len(drawn.keys):
            row += np.bincount(drawn.keys[drawn.keys != BLANK], minlength=len(row)) / len(drawn.keys)
    return table


def uniform(members: int) -> NDArray[np.float64]:
    """(members,): the same weight for everybody."""
    return np.full(members, 1.0 / members)
