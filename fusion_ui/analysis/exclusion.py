"""Which questions cannot be solved together, whatever the weights, and how many can be at most.

Two conditions a.w >= t and b.w >= t exclude each other when some mean of a and b is below t for every member.
"""

import numpy as np
from numpy.typing import NDArray

from fusion_ui.analysis.leads import Leads

_MOST_ROWS = 2_000  # the work grows with the square; without exclusions the programs are slower, not different
_BLOCK = 64


def exclusive(leads: Leads, *, level: float) -> NDArray[np.bool_]:
    """(questions, questions): True where no weights lead by more than `level` in both; False may be undecided."""
    excluded = np.zeros((leads.questions, leads.questions), dtype=np.bool_)
    if len(leads.rows) > _MOST_ROWS:
        return excluded
    rows = leads.rows - level
    for start in range(0, len(rows), _BLOCK):
        first, second = np.nonzero(_opposed(rows[start : start + _BLOCK], rows))
        excluded[leads.owner[first + start], leads.owner[second]] = True
    np.fill_diagonal(excluded, False)
    return excluded | excluded.T


def _opposed(some: NDArray[np.float64], rows: NDArray[np.float64]) -> NDArray[np.bool_]:
    """(some, rows): whether m a + (1 - m) b <= 0 for every member with one m in [0, 1].

    A member with a > 0 keeps m below b / (b - a), one with b > 0 keeps it above; with both there is no such m.
    """
    low, high = np.zeros((len(some), len(rows))), np.ones((len(some), len(rows)))
    for a, b in zip(some.T[:, :, None], rows.T[:, None, :], strict=True):
        with np.errstate(divide="ignore", invalid="ignore"):
            turn = b / (b - a)
        np.maximum(low, turn, out=low, where=b > 0)
        np.minimum(high, turn, out=high, where=a > 0)
    opposed: NDArray[np.bool_] = low <= high
    return opposed


def at_most(leads: Leads, *, level: float) -> int:
    """How many questions can be led by more than `level` at once: never too few, often too many.

    Questions that all exclude one another count once; such groups are gathered greedily.
    """
    live = leads.among(leads.most() > level)
    excluded = exclusive(live, level=level)
    free = np.ones(live.questions, dtype=np.bool_)
    groups = 0
    for question in np.argsort(-excluded.sum(axis=0), kind="stable"):
        if not free[question]:
            continue
        free[question] = False
        groups += 1
        fitting = excluded[question] & free
        while fitting.any():
            other = int(fitting.argmax())
            free[other] = False
            fitting &= excluded[other] & free
    return groups
