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
    """(some, rows): whether m a + (1 - m) b <= 0 in every component for one m in [0, 1]: an intersection of rays."""
    slope = some[:, None, :] - rows[None, :, :]
    with np.errstate(divide="ignore", invalid="ignore"):
        turn = -rows[None, :, :] / slope
    low = np.where(slope < 0, turn, 0.0).max(axis=2)
    high = np.where(slope > 0, turn, 1.0).min(axis=2)
    level_ones = ((slope != 0) | (rows[None, :, :] <= 0)).all(axis=2)
    opposed: NDArray[np.bool_] = level_ones & (np.maximum(low, 0.0) <= np.minimum(high, 1.0))
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
