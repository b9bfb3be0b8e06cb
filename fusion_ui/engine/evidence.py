"""How settled a vote is: Pr[the leader is the pool's mode] and its Bayes factor, exactly.

Best-of-infinity (arXiv 2509.21091, Algorithm 1): the answer probabilities are Dirichlet(N1, ..., Ns, 0.3), the last
component standing for every answer not seen yet. The paper samples this posterior; here it is one integral.
Nothing here is the chance of being right.
"""

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special

from fusion_ui.engine.values import Evidence, Tally

UNSEEN_MASS = 0.3  # arXiv 2509.21091, section 3: the concentration shared by all unseen answers
_NODES = 48  # with the fifth power below: 1 - P to about 2e-7 relative
_POWER = 5  # crowds the nodes where the leader is small, which is where the rivals win
_LEAST_DOUBT = 1e-300  # keeps the Bayes factor of a landslide of a thousand votes a finite number


class Posterior(NamedTuple):
    """`doubt` is 1 - P, kept apart because P rounds to 1 long before the Bayes factor stops growing."""

    probability: float
    doubt: float
    bayes_factor: float


def evidence_of(tally: Tally, *, level: float | None = None) -> Evidence:
    """The evidence in a tally; before the first vote the probability is 0."""
    counts = tuple(count.count for count in tally.counts)
    posterior = posterior_of(counts)
    return Evidence(
        probability=posterior.probability,
        bayes_factor=posterior.bayes_factor,
        distinct=len(counts),
        draws=tally.draws,
        level=level,
    )


def posterior_of(counts: Sequence[int]) -> Posterior:
    """Posterior of the largest of these positive counts being the mode; the order of the counts does not matter."""
    ranked = tuple(sorted(counts, reverse=True))
    if not ranked:
        return Posterior(0.0, 1.0, 0.0)
    doubt = _doubt(ranked)
    return Posterior(1.0 - doubt, doubt, len(ranked) * (1.0 - doubt) / doubt)


def doubts(leader: int, rivals: Sequence[int], times: NDArray[np.float64]) -> NDArray[np.float64]:
    """(vectors,): 1 - P = E over x ~ Gamma(a1) of [1 - prod over i > 1 of F(x; ai)], for vectors with one leader.

    `times` (vectors, rivals) says how often each of these rival counts stands in a vector.
    """
    log_below = np.reshape([_log_below(rival, leader) for rival in rivals], (len(rivals), _NODES))
    log_all_below = times @ log_below + _log_below(UNSEEN_MASS, leader)
    doubt: NDArray[np.float64] = -np.expm1(log_all_below) @ _grid(leader).weights
    return np.maximum(doubt, _LEAST_DOUBT)


@lru_cache(maxsize=4096)
def _doubt(ranked: tuple[int, ...]) -> float:
    times = Counter(ranked[1:])
    return float(doubts(ranked[0], tuple(times), np.array([[*times.values()]], dtype=np.float64))[0])


class _Grid(NamedTuple):
    x: NDArray[np.float64]
    weights: NDArray[np.float64]


# The inverse and the distribution functions are nearly all of the cost of a new vector, and vectors share them.
@lru_cache(maxsize=1024)
def _grid(leader: int) -> _Grid:
    """Quadrature over x = F^-1(u^5; leader)."""
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    u = (nodes + 1) / 2
    return _Grid(special.gammaincinv(leader, u**_POWER), weights / 2 * _POWER * u ** (_POWER - 1))


@lru_cache(maxsize=16_384)
def _log_below(shape: float, leader: int) -> NDArray[np.float64]:
    """log F(x; shape) on the leader's grid, as log1p(-(1 - F)), which keeps the far tail where F rounds to 1."""
    above = np.minimum(special.gammaincc(shape, _grid(leader).x), 1.0 - 2.0**-53)
    below: NDArray[np.float64] = np.log1p(-above)
    return below
