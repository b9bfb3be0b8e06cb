"""How many decisive votes a sign test needs: exact, for small studies are where the approximation misleads."""

from math import ceil, sqrt
from statistics import NormalDist

import numpy as np
from scipy.special import bdtr, bdtrik

from fusion_ui.analysis.preference.comparisons import Floats

_ALPHA = 0.05
_POWER = 0.8
_RUNNING = 10
_MOST = 100_000  # nobody collects more; a share so near one half had better be shown to be even


def votes_for_power(share: float) -> int | None:
    """The first number from which the exact sign test has the power ten times running; None if it is out of reach.

    The power of a discrete test goes up and down with every vote; after ten it falls short by 0.3 points at most (0.55
    needs 807, and 817 would have 79.8 %).
    """
    share = max(share, 1 - share)
    if share >= 1:
        share = 1 - 1e-9
    rough = _normal_approximation(share)
    if rough > _MOST:
        return None
    votes = np.arange(1, ceil(1.3 * rough) + 40)
    has_power = sign_test_power(votes, share) >= _POWER
    running = np.lib.stride_tricks.sliding_window_view(has_power, _RUNNING).all(axis=1)
    return int(votes[np.argmax(running)])


def sign_test_power(votes: np.ndarray[tuple[int], np.dtype[np.integer]], share: float) -> Floats:
    """The chance that the two-sided exact sign test rejects equal chances, for each number of votes."""
    # The largest count k with P(X <= k) <= 2.5 %, -1 if there is none.
    critical = np.floor(bdtrik(_ALPHA / 2, votes, 0.5))
    critical = np.nan_to_num(critical, nan=-1.0)
    critical -= bdtr(np.maximum(critical, 0), votes, 0.5) > _ALPHA / 2
    low = np.where(critical >= 0, bdtr(np.maximum(critical, 0), votes, share), 0.0)
    high = np.where(critical >= 0, bdtr(np.maximum(critical, 0), votes, 1 - share), 0.0)
    power: Floats = low + high
    return power


def _normal_approximation(share: float) -> float:
    normal, gap = NormalDist(), share - 0.5
    if gap <= 0:
        return float("inf")
    reach = normal.inv_cdf(1 - _ALPHA / 2) / 2 + normal.inv_cdf(_POWER) * sqrt(share * (1 - share))
    return (reach / gap) ** 2
