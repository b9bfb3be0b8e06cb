"""Who can be compared with whom: systems linked by comparisons, and whether wins lead from everyone to everyone.

Scores of systems that no chain of comparisons links say nothing about each other. Without a prior a maximum exists only
where no part of the systems won everything against the rest (Ford 1957, American Mathematical Monthly 64:28).
"""

import numpy as np
from numpy.typing import NDArray

from fusion_ui.analysis.preference.comparisons import Mask


def components(met: Mask) -> tuple[tuple[int, ...], ...]:
    """The systems that chains of comparisons link, largest component first; who met nobody is in none."""
    linked = met | met.T
    left = set(np.flatnonzero(linked.any(axis=1)).tolist())
    found = []
    while left:
        component = reached(linked, min(left))
        found.append(tuple(np.flatnonzero(component).tolist()))
        left.difference_update(found[-1])
    return tuple(sorted(found, key=lambda each: (-len(each), each)))


def is_strongly_connected(points: NDArray[np.float64]) -> bool:
    """Whether points (row from column, ties give some to both) lead from every system to every other."""
    scored = points > 0
    return not len(scored) or bool(reached(scored, 0).all() and reached(scored.T, 0).all())


def reached(linked: Mask, start: int) -> Mask:
    """What the links lead to from here, the start included."""
    seen = np.zeros(len(linked), dtype=np.bool_)
    seen[start] = True
    fresh = seen
    while fresh.any():
        fresh = linked[fresh].any(axis=0) & ~seen
        seen = seen | fresh
    return seen
