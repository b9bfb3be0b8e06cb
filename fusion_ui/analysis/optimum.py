"""From leads to weights: guesses, the two programs, and the clean-up that makes the result the only one.

Each step may only improve on what is known already, judged by what the weights do and not by what a solver says.
"""

from collections.abc import Iterable
from math import floor, isfinite
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fusion_ui.analysis.answers import uniform
from fusion_ui.analysis.exclusion import at_most
from fusion_ui.analysis.leads import Leads
from fusion_ui.analysis.limit import STRICT
from fusion_ui.analysis.program import evenest, most_solved, widest, widest_for

_GUESSES = 1_000
_SEED = 0  # of the guesses: they only save work, and stand in where time runs out
_ROUND = 4_000  # vectors tried in a round of search
_PARENTS = 40  # that are gone on from
_REACHES = (0.3, 0.2, 0.1, 0.05, 0.03, 0.02, 0.01, 0.005)  # how far, round by round
_GIVE = 1e-11  # of the margin: room for rounding, so that the set in which the evenest weights are sought is not empty
_DECIMALS = 9
_COST = 1e-8  # what rounding the weights may take from the margin
_WHOLE = 1e-6  # HiGHS's tolerance for a whole number


class Optimum(NamedTuple):
    """Weights, an upper bound on the questions any weights solve, and whether nothing better exists."""

    weights: NDArray[np.float64]
    bound: int
    proven: bool


class _Known(NamedTuple):
    solved: int
    margin: float
    weights: NDArray[np.float64]


def optimum(leads: Leads, *, time_limit_s: float) -> Optimum:
    """The weights that solve the most questions with the widest margin.

    Two thirds of the time are the first program's. Where they are not enough, the second is left out: the margin is
    then the widest for the questions solved, not for their number.
    """
    known = _best(leads, _guesses(leads.rows.shape[1]))
    known, bound = _more_solved(leads, known, time_limit_s * 2 / 3)
    if not known.solved:
        return Optimum(uniform(leads.rows.shape[1]), bound, bound == 0)
    known = _improved(leads, known, [widest_for(leads.among(_won(leads, known)))])
    is_widest = False
    if known.solved == bound:
        known, is_widest = _wider(leads, known, time_limit_s / 3)
    return Optimum(_tidy(leads, known), bound, is_widest)


def _guesses(members: int) -> NDArray[np.float64]:
    """Equal weights, single members, and points all over the simplex, some of them near its edges."""
    rng = np.random.default_rng(_SEED)
    inside = rng.dirichlet(np.ones(members), _GUESSES // 2)
    edges = rng.dirichlet(np.full(members, 0.3), _GUESSES // 2)
    return np.vstack([uniform(members), np.eye(members), inside, edges])


def _searched(leads: Leads, known: _Known) -> _Known:
    """What a search by chance around the best guesses finds: for when the program has run out of time."""
    rng = np.random.default_rng(_SEED)
    members = leads.rows.shape[1]
    vectors = np.vstack([known.weights, rng.dirichlet(np.ones(members), _ROUND)])
    for reach in _REACHES:
        counts = (leads.smallest(vectors) > STRICT).sum(axis=1)
        parents = vectors[np.argsort(-counts, kind="stable")[:_PARENTS]]
        steps = rng.dirichlet(np.full(members, 0.3), (_ROUND // _PARENTS, len(parents)))
        vectors = np.vstack([parents, ((1 - reach) * parents + reach * steps).reshape(-1, members)])
    return _best(leads, vectors)


def _best(leads: Leads, vectors: NDArray[np.float64]) -> _Known:
    smallest = leads.smallest(vectors)
    won = smallest > STRICT
    counts = won.sum(axis=1)
    margins = np.where(won, smallest, np.inf).min(axis=1, initial=np.inf)
    place = np.lexsort((-margins, -counts))[0]
    return _Known(int(counts[place]), float(margins[place]), vectors[place])


def _improved(leads: Leads, known: _Known, found: Iterable[NDArray[np.float64] | None]) -> _Known:
    return _best(leads, np.vstack([known.weights, *(weights for weights in found if weights is not None)]))


def _won(leads: Leads, known: _Known) -> NDArray[np.bool_]:
    won: NDArray[np.bool_] = leads.smallest(known.weights[None, :])[0] > STRICT
    return won


def _contested(leads: Leads) -> NDArray[np.bool_]:
    """Questions that some weights may solve and others do not: only these need a binary."""
    return (leads.least() <= STRICT) & (leads.most() > STRICT)


def _more_solved(leads: Leads, known: _Known, time_limit_s: float) -> tuple[_Known, int]:
    """The first program, unless counting the questions that exclude each other shows it to be needless."""
    contested, sure = _contested(leads), leads.least() > STRICT
    possible = int(sure.sum()) + at_most(leads.among(contested), level=STRICT)
    if known.solved >= possible:
        return known, known.solved
    outcome = most_solved(leads.among(contested), time_limit_s=time_limit_s)
    if isfinite(outcome.bound):
        possible = min(possible, int(sure.sum()) + floor(outcome.bound + _WHOLE))
    known = _improved(leads, known, [outcome.weights, _for_chosen(leads, sure, contested, outcome.chosen)])
    if known.solved < possible:
        known = _searched(leads, known)
    return known, max(possible, known.solved)


def _wider(leads: Leads, known: _Known, time_limit_s: float) -> tuple[_Known, bool]:
    """The second program, from a margin that is the widest for the questions known to be solved together."""
    contested, sure = _contested(leads), leads.least() > STRICT
    outcome = widest(
        leads.among(contested),
        leads.among(sure),
        at_least=known.solved - int(sure.sum()),
        margin=known.margin,
        time_limit_s=time_limit_s,
    )
    known = _improved(leads, known, [outcome.weights, _for_chosen(leads, sure, contested, outcome.chosen)])
    return known, outcome.proven


def _for_chosen(
    leads: Leads, sure: NDArray[np.bool_], contested: NDArray[np.bool_], chosen: NDArray[np.bool_] | None
) -> NDArray[np.float64] | None:
    if chosen is None:
        return None
    wanted = sure.copy()
    wanted[np.flatnonzero(contested)[chosen]] = True
    return widest_for(leads.among(wanted)) if wanted.any() else None


def _tidy(leads: Leads, known: _Known) -> NDArray[np.float64]:
    """The same margin with weights as even as can be, in few decimals; whatever would lose a question is not done."""
    even = evenest(leads.among(_won(leads, known)), margin=known.margin - _GIVE) if len(known.weights) > 1 else None
    choices = [known.weights] if even is None else [even, known.weights]
    tidied = [weights for choice in choices for weights in (_rounded(choice), choice)]
    standings = [_best(leads, weights[None, :]) for weights in tidied]
    return next(
        standing.weights
        for standing in standings
        if standing.solved == known.solved and standing.margin >= known.margin - _COST
    )


def _rounded(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    rounded = np.round(weights, _DECIMALS)
    largest = int(rounded.argmax())
    rounded[largest] = round(1.0 - float(np.delete(rounded, largest).sum()), _DECIMALS)
    return rounded
