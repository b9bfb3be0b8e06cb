"""By how much the gold answer leads each rival, member by member: the numbers a choice of weights is made from.

A mixture of members leads by the weighted mean of its members' leads, so every rival is one linear condition on the
weights (arXiv 2509.21091, Lemma 4).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fusion_ui.analysis.limit import Judged


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Leads:
    """`rows` (n, members): the lead of gold over one rival, in shares of draws. `owner` (n,), ascending: the question
    each row belongs to; every question from 0 to `questions` - 1 has at least one row.
    """

    rows: NDArray[np.float64]
    owner: NDArray[np.int64]
    questions: int

    def among(self, wanted: NDArray[np.bool_]) -> "Leads":
        """These questions only, numbered anew."""
        kept = wanted[self.owner]
        place = np.cumsum(wanted) - 1
        return Leads(rows=self.rows[kept], owner=place[self.owner[kept]], questions=int(wanted.sum()))

    def smallest(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """(vectors, questions): the lead over the strongest rival under each of these weights (vectors, members)."""
        if not self.questions:
            return np.empty((len(weights), 0))
        starts = np.searchsorted(self.owner, np.arange(self.questions))
        return np.minimum.reduceat(weights @ self.rows.T, starts, axis=1)

    def least(self) -> NDArray[np.float64]:
        """(questions,): no weights lead by less than this."""
        return self._by_question(self.rows.min(axis=1))

    def most(self) -> NDArray[np.float64]:
        """(questions,): no weights lead by more than this."""
        return self._by_question(self.rows.max(axis=1))

    def _by_question(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        result = np.full(self.questions, np.inf)
        np.minimum.at(result, self.owner, values)
        return result


def leads_of(judged: Sequence[Judged], *, members: int) -> Leads:
    """The leads of these questions, without the rows that another row of the same question implies."""
    tables = [_binding(_rows(question)) for question in judged]
    return Leads(
        rows=np.vstack([np.empty((0, members)), *tables]),
        owner=np.repeat(np.arange(len(tables)), [len(table) for table in tables]),
        questions=len(tables),
    )


def _rows(question: Judged) -> NDArray[np.float64]:
    """The first row is the lead over nobody: it only counts where gold has no rival."""
    gold = question.share[:, [question.gold]]
    rows: NDArray[np.float64] = np.hstack([gold, gold - np.delete(question.share, question.gold, axis=1)]).T
    return rows


def _binding(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """A rival that no member prefers to another rival is beaten whenever that other one is."""
    rows = np.unique(rows, axis=0)
    implied: NDArray[np.bool_] = np.all(rows[:, None, :] >= rows[None, :, :], axis=2)
    np.fill_diagonal(implied, False)
    kept: NDArray[np.float64] = rows[~implied.any(axis=1)]
    return kept
