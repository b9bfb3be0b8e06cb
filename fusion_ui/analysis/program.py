"""The mathematical programs behind the weights of an ensemble, solved by HiGHS; what is made of them is in `weights`.

Variables: the weights w, for each open question y in {0, 1} "is solved", and the margin x. Every rival of an open
question gives the row lead.w - x >= M (y - 1), with the smallest M that frees the row where y = 0.
HiGHS keeps its promises to 1e-6, so nothing it says is taken for granted: weights are counted again by the caller.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp, nnls

from fusion_ui.analysis.exclusion import at_most, exclusive
from fusion_ui.analysis.leads import Leads

LEVEL = 1e-5  # the margin that counts as solved inside a program: ten times what HiGHS tolerates
_OPTIMAL, _INFEASIBLE = 0, 2  # scipy's status codes
_CEILING_STEPS = 5
_MOST_STEPS = 1_000


class Outcome(NamedTuple):
    """Weights and which open questions they are meant to solve; None where no weights were found. `bound` on the
    number solved (first program) or on the margin (second); `proven` where the bound is met or nothing is better.
    """

    weights: NDArray[np.float64] | None
    chosen: NDArray[np.bool_] | None
    bound: float
    proven: bool


def most_solved(contested: Leads, *, time_limit_s: float) -> Outcome:
    """The first program: as many of these questions as weights can solve at once."""
    members = contested.rows.shape[1]
    objective = np.concatenate([np.zeros(members), -np.ones(contested.questions), [0.0]])
    return _solved(_Program(contested, None, LEVEL, LEVEL, 0), objective, time_limit_s)


def widest(contested: Leads, sure: Leads, *, at_least: int, margin: float, time_limit_s: float) -> Outcome:
    """The second program: the largest margin above a known one with which `at_least` contested questions and all the
    sure ones are solved. The known one is the largest for the questions it solves (`widest_for`). Proven without
    weights: there is none above it.
    """
    live = contested.most() > margin
    is_forced = live.sum() <= at_least
    ceiling = margin if is_forced else _ceiling(contested, sure, at_least=at_least, margin=margin)
    if ceiling <= margin:
        return Outcome(None, None, margin, True)
    objective = np.concatenate([np.zeros(contested.rows.shape[1] + int(live.sum())), [-1.0]])
    outcome = _solved(_Program(contested.among(live), sure, margin, ceiling, at_least), objective, time_limit_s)
    if outcome.chosen is None:
        return outcome
    chosen = np.zeros(contested.questions, dtype=np.bool_)
    chosen[np.flatnonzero(live)[outcome.chosen]] = True
    return outcome._replace(chosen=chosen)


def widest_for(leads: Leads) -> NDArray[np.float64] | None:
    """The weights with the largest margin when these very questions must be solved: a linear program."""
    count, members = leads.rows.shape
    result = linprog(
        np.append(np.zeros(members), -1.0),
        A_ub=np.column_stack([-leads.rows, np.ones(count)]),
        b_ub=np.zeros(count),
        A_eq=np.append(np.ones(members), 0.0)[None, :],
        b_eq=[1.0],
        bounds=[(0.0, 1.0)] * members + [(-1.0, 1.0)],
        method="highs-ds",
    )
    return _simplex(result.x[:members]) if result.x is not None else None


def evenest(leads: Leads, *, margin: float, most_steps: int = _MOST_STEPS) -> NDArray[np.float64] | None:
    """The weights nearest to equal ones that keep this margin, whatever vertex a solver ended in; None where none do,
    or where that takes too many steps.

    Least distance programming by non-negative least squares (Lawson and Hanson 1974, chapter 23), in the plane where
    the weights' deviations sum to nothing.
    """
    members = leads.rows.shape[1]
    plane = np.linalg.svd(np.ones((1, members)))[2][1:].T
    level = np.full(members, 1.0 / members)
    slopes = np.vstack([leads.rows, np.eye(members)]) @ plane
    needed = np.concatenate([margin - leads.rows @ level, -level])
    try:
        pull, _ = nnls(np.vstack([slopes.T, needed]), np.append(np.zeros(members - 1), 1.0), maxiter=most_steps)
    except RuntimeError:  # no convergence: the caller keeps what it has
        return None
    residual = np.append(slopes.T @ pull, needed @ pull - 1.0)
    if residual[-1] > -(LEVEL**2):
        return None
    return _simplex(level - plane @ (residual[:-1] / residual[-1]))


class _Program(NamedTuple):
    contested: Leads
    sure: Leads | None
    floor: float
    ceiling: float
    at_least: int


def _ceiling(contested: Leads, sure: Leads, *, at_least: int, margin: float) -> float:
    """No margin above this leaves enough questions that can be solved together."""
    needed = np.sort(contested.most())[::-1][:at_least]
    high = float(min([1.0, *needed, *sure.most()]))
    if high <= margin or at_most(contested, level=margin) < at_least:
        return margin
    low = margin
    for _ in range(_CEILING_STEPS):
        middle = (low + high) / 2
        if at_most(contested, level=middle) < at_least:
            high = middle
        else:
            low = middle
    return high


def _solved(program: _Program, objective: NDArray[np.float64], time_limit_s: float) -> Outcome:
    contested = program.contested
    members, questions = contested.rows.shape[1], contested.questions
    lower = np.append(np.zeros(members + questions), program.floor)
    upper = np.append(np.ones(members + questions), program.ceiling)
    result = milp(
        objective,
        integrality=np.concatenate([np.zeros(members), np.ones(questions), [0]]),
        bounds=Bounds(lower, upper),
        constraints=_constraints(program),
        options={"time_limit": time_limit_s, "mip_rel_gap": 0.0},
    )
    bound = np.inf if result.mip_dual_bound is None else -float(result.mip_dual_bound)
    proven = result.status in (_OPTIMAL, _INFEASIBLE)
    if result.x is None:
        return Outcome(None, None, bound, proven)
    chosen = result.x[members : members + questions] > 0.5
    return Outcome(_simplex(result.x[:members]), chosen, bound, proven)


def _constraints(program: _Program) -> list[LinearConstraint]:
    contested, sure = program.contested, program.sure
    members, questions = contested.rows.shape[1], contested.questions
    simplex = np.concatenate([np.ones(members), np.zeros(questions + 1)])
    counted = np.concatenate([np.zeros(members), np.ones(questions), [0.0]])
    constraints = [
        _rivals(contested, program.ceiling),
        LinearConstraint(simplex[None, :], 1.0, 1.0),
        LinearConstraint(counted[None, :], program.at_least, np.inf),
    ]
    first, second = np.nonzero(np.triu(exclusive(contested, level=program.floor)))
    if len(first):
        pair = np.tile(np.arange(len(first)), 2)
        column = members + np.concatenate([first, second])
        either = sparse.csr_array((np.ones(len(pair)), (pair, column)), shape=(len(first), members + questions + 1))
        constraints.append(LinearConstraint(either, -np.inf, 1.0))
    if sure is not None and sure.questions:
        rows = np.unique(sure.rows[sure.rows.min(axis=1) < program.ceiling], axis=0)
        always = np.column_stack([rows, np.zeros((len(rows), questions)), -np.ones(len(rows))])
        constraints.append(LinearConstraint(always, 0.0, np.inf))
    return constraints


def _rivals(contested: Leads, ceiling: float) -> LinearConstraint:
    """lead.w - M y - x >= -M with M = ceiling - min(lead): what is left of the row where y = 0 always holds."""
    count, members = contested.rows.shape
    freeing = ceiling - contested.rows.min(axis=1)
    values = np.column_stack([contested.rows, -freeing, -np.ones(count)])
    margin = np.full(count, members + contested.questions)
    columns = np.column_stack([np.tile(np.arange(members), (count, 1)), members + contested.owner, margin])
    places = (np.repeat(np.arange(count), members + 2), columns.ravel())
    table = sparse.csr_array((values.ravel(), places), shape=(count, members + contested.questions + 1))
    return LinearConstraint(table, -freeing, np.inf)


def _simplex(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    weights = np.maximum(weights, 0.0)
    cleaned: NDArray[np.float64] = weights / weights.sum()
    return cleaned
