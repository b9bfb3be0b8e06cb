"""What the stopping rules compare with their thresholds, for many count vectors at once.

The formulas are the engine's; here are grouping, remembering, and a bound that spares most integrals.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import special

from fusion_ui.engine.evidence import UNSEEN_MASS, doubts

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]

_ROOM = 200_000  # count vectors to remember; about 25 MB
_SLACK = 1e-6  # the integrals are right to about 2e-7 relative, the bound is exact


def bayes_factors(counts: NDArray[np.int16]) -> Floats:
    """(vectors,): s P / (1 - P) for each row of counts (vectors, answers), 0 = not seen; each row has a vote."""
    leaders = counts.max(axis=1, initial=0)
    distinct = np.count_nonzero(counts, axis=1)
    doubt = np.empty(len(counts))
    for leader in np.unique(leaders).tolist():
        rows = np.flatnonzero(leaders == leader)
        times = _times(counts[rows], leader)
        times[:, leader] -= 1  # the leader is not its own rival
        shapes = np.flatnonzero(times[:, 1:].any(axis=0)) + 1
        doubt[rows] = doubts(leader, tuple(shapes.tolist()), times[:, shapes])
    return np.asarray(distinct * (1.0 - doubt) / doubt, dtype=np.float64)


def pair_table(score: Callable[[Integers, Integers], Floats], cap: int) -> Floats:
    """(cap + 1, cap + 1): a score that depends on the two largest counts only, by the first and the second.

    Where the second would be the larger, or the first is 0, the place is not a number.
    """
    table = np.full((cap + 1, cap + 1), np.nan)
    for first in range(1, cap + 1):
        table[first, : first + 1] = score(np.full(first + 1, first), np.arange(first + 1))
    return table


def odds_ceiling(first: Integers, second: Integers) -> Floats:
    """(vectors,): P / (1 - P) is never more than this, whatever the other counts are.

    1 - P is at least Pr[G2 > G1] for the second answer or the unseen ones, which is Pr[Beta(a1, a2) < 1/2].
    """
    beaten = special.betainc(first, np.maximum(second, UNSEEN_MASS), 0.5)
    return np.asarray((1.0 - beaten) / beaten * (1.0 + _SLACK), dtype=np.float64)


class BayesFactors:
    """Bayes factors by signature, each distinct count vector integrated once while there is room to remember it."""

    def __init__(self, *, room: int = _ROOM) -> None:
        self._known: dict[int, float] = {}
        self._room = room

    def of(self, signatures: NDArray[np.uint64], counts: Callable[[Integers], NDArray[np.int16]]) -> Floats:
        """(vectors,): the Bayes factors; `counts` gives the count vectors at the places that are asked for."""
        distinct, places, back = np.unique(signatures, return_index=True, return_inverse=True)
        names = distinct.tolist()
        factors = np.array([self._known.get(name, np.nan) for name in names])
        new = np.flatnonzero(np.isnan(factors))
        if len(new):
            factors[new] = bayes_factors(counts(places[new]))
            if len(self._known) < self._room:
                self._known.update((names[place], factors[place]) for place in new.tolist())
        return factors[back]


def _times(counts: NDArray[np.int16], leader: int) -> Floats:
    """(vectors, leader + 1): how often each count stands in a vector."""
    width = leader + 1
    cells = counts + np.arange(len(counts))[:, None] * width
    return np.bincount(cells.ravel(), minlength=len(counts) * width).reshape(-1, width).astype(np.float64)
