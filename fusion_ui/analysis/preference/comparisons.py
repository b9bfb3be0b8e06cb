"""Judgements reduced to pairs, as columns: one row a pair of systems that one rater judged once.

A ranking of k gives k (k - 1) / 2 rows of one judgement. Columns and not objects, for a million rows are analysed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Ints: TypeAlias = NDArray[np.int32]
Floats: TypeAlias = NDArray[np.float64]
Mask: TypeAlias = NDArray[np.bool_]
UNKNOWN = -1
_COLUMNS = "first second outcome prompt rater unit judgement left lengths seconds".split()
_SCORES = np.array([1.0, 0.5, 0.0, 0.5])


class Outcome(IntEnum):
    """Who of a pair won. Both bad is told apart from a tie, and counts as one where a winner is needed."""

    FIRST = 0
    TIE = 1
    SECOND = 2
    BOTH_BAD = 3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Comparisons:
    """Columns of the same length n, and what their numbers stand for.

    `first`, `second`: places in `systems`; `outcome`: an Outcome; `prompt`, `unit`, `judgement`: any whole numbers that
    are the same where the prompt, the thing that was judged and the judgement are (a prompt may have many units);
    `rater`: places in `raters`; `left`: 1 where the first stood left (or on top), 0 where the second did, UNKNOWN;
    `lengths`: (n, 2) characters of first and second, NaN where unknown; `seconds`: of looking, NaN where unknown.
    """

    systems: tuple[str, ...]
    raters: tuple[str, ...]
    first: Ints
    second: Ints
    outcome: Ints
    prompt: Ints
    rater: Ints
    unit: Ints
    judgement: Ints
    left: Ints
    lengths: Floats
    seconds: Floats

    def __len__(self) -> int:
        return len(self.first)

    @property
    def score(self) -> Floats:
        """(n,) what goes to the first: 1, 0.5 or 0."""
        scores: Floats = _SCORES[self.outcome]
        return scores

    def taken(self, rows: Mask | NDArray[np.intp]) -> "Comparisons":
        """These rows; systems and raters keep their places."""
        return replace(self, **{name: getattr(self, name)[rows] for name in _COLUMNS})

    def between(self, first: str, second: str) -> "Comparisons":
        """The rows that compare these two, all told from the side of `first`."""
        one, other = self.systems.index(first), self.systems.index(second)
        straight = (self.first == one) & (self.second == other)
        turned = (self.first == other) & (self.second == one)
        return self.taken(straight | turned).seen_from(one)

    def seen_from(self, system: int) -> "Comparisons":
        """The same rows, each with this system first where it takes part."""
        turned = self.second == system
        opposite = np.array([Outcome.SECOND, Outcome.TIE, Outcome.FIRST, Outcome.BOTH_BAD], dtype=np.int32)
        return replace(
            self,
            first=np.where(turned, self.second, self.first),
            second=np.where(turned, self.first, self.second),
            outcome=np.where(turned, opposite[self.outcome], self.outcome),
            left=np.where(turned & (self.left != UNKNOWN), 1 - self.left, self.left).astype(np.int32),
            lengths=np.where(turned[:, None], self.lengths[:, ::-1], self.lengths),
        )


def comparisons_of(
    *,
    systems: Sequence[str],
    raters: Sequence[str],
    first: Sequence[int] | Ints,
    second: Sequence[int] | Ints,
    outcome: Sequence[int] | Ints,
    prompt: Sequence[int] | Ints,
    rater: Sequence[int] | Ints,
    unit: Sequence[int] | Ints | None = None,
    judgement: Sequence[int] | Ints | None = None,
    left: Sequence[int] | Ints | None = None,
    lengths: Sequence[Sequence[float]] | Floats | None = None,
    seconds: Sequence[float] | Floats | None = None,
) -> Comparisons:
    """The columns of these sequences; what is left out is unknown, units are prompts, rows judgements of their own."""
    n = len(first)
    whole: dict[str, Any] = {"first": first, "second": second, "outcome": outcome, "prompt": prompt, "rater": rater}
    whole["unit"] = prompt if unit is None else unit
    whole["judgement"] = np.arange(n) if judgement is None else judgement
    whole["left"] = np.full(n, UNKNOWN) if left is None else left
    return Comparisons(
        systems=tuple(systems),
        raters=tuple(raters),
        **{name: np.asarray(column, dtype=np.int32).reshape(n) for name, column in whole.items()},
        lengths=np.full((n, 2), np.nan) if lengths is None else np.asarray(lengths, dtype=np.float64).reshape(n, 2),
        seconds=np.full(n, np.nan) if seconds is None else np.asarray(seconds, dtype=np.float64).reshape(n),
    )
