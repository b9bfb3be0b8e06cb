"""Pairs of contenders that judgements compare, and scores that they give, as columns."""

from collections.abc import Sequence
from typing import Any, NamedTuple, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from fusion_ui.analysis.preference.comparisons import UNKNOWN, Floats, Ints, Mask

Bytes: TypeAlias = NDArray[np.int8]


class Pairs(NamedTuple):
    """Two contenders compared by a judgement: its number, the unit it holds for, who won, whether the first was left.

    `is_double`: said of another unit that shows the same texts.
    """

    said: Ints
    unit: Ints
    first: Ints
    second: Ints
    outcome: Bytes
    left: Bytes
    is_double: Mask

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """All of them, in their order."""
        return cls(*(np.concatenate(column) for column in zip(*parts, strict=True)))

    def taken(self, rows: Any) -> "Pairs":
        """These rows."""
        return Pairs(*(column[rows] for column in self))


class Scored(NamedTuple):
    """Scores on criteria by judgement, contender and criterion's number."""

    said: Ints
    contender: Ints
    criterion: Ints
    value: Floats


NO_PAIRS = Pairs(*(np.zeros(0, kind) for kind in "i4 i4 i4 i4 i1 i1 ?".split()))
NO_SCORES = Scored(*(np.zeros(0, kind) for kind in "i4 i4 i4 f8".split()))


def pairs_in(said: Any, unit: Any, first: Any, second: Any, outcome: Any) -> Pairs:
    """Pairs by these columns, whose sides are unknown."""
    n = len(said)
    return Pairs(
        said=np.asarray(said, np.int32),
        unit=np.asarray(unit, np.int32),
        first=np.asarray(first, np.int32),
        second=np.asarray(second, np.int32),
        outcome=np.asarray(outcome, np.int8),
        left=np.full(n, UNKNOWN, np.int8),
        is_double=np.zeros(n, np.bool_),
    )


def pairs_of(rows: Sequence[tuple[int, int, int, int, int]]) -> Pairs:
    """Pairs by judgement, unit, first, second and outcome, whose sides are unknown."""
    return pairs_in(*zip(*rows, strict=True)) if rows else NO_PAIRS


def scored_of(rows: Sequence[tuple[int, int, int, float]]) -> Scored:
    """Scores by judgement, contender, criterion and value."""
    columns = (np.array(column) for column in zip(*rows, strict=True))
    kinds = (np.int32, np.int32, np.int32, np.float64)
    return Scored(*(column.astype(kind) for column, kind in zip(columns, kinds, strict=True))) if rows else NO_SCORES
