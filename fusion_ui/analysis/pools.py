"""One question as a weighted mixture of what its members were recorded to say: what a draw gives, and what the vote
tends to when it is drawn from without end. Chance comes in as numbers between 0 and 1.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fusion_ui.analysis.answers import AnswersError, AnswerSet, Draws, Question, of_members, shares, uniform
from fusion_ui.analysis.limit import STRICT

MOST_DRAWS = 1_000  # on one path


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pool:
    """All recorded draws of the members that have weight, end to end; `edges` are their cumulative weights.

    `tokens` are None unless they were recorded for every one of these draws.
    """

    keys: NDArray[np.int64]
    tokens: NDArray[np.float64] | None
    members: NDArray[np.int64]
    starts: NDArray[np.int64]
    sizes: NDArray[np.int64]
    edges: NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """What the vote tends to: the places of the answers with the largest share (several in a tie, none where nobody
    votes), its lead over the next, gold's lead over the best wrong answer, and the chance of ending with gold: 1 where
    it leads, 1/m where it is one of m in a tie (both None without gold).
    """

    modes: tuple[int, ...]
    lead: float
    gold_lead: float | None
    accuracy: float | None
    blank: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pooled:
    """A question that can be drawn from."""

    question: Question
    pool: Pool
    limit: Limit


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Mixture:
    """Weighted members with the questions they share; `left_out` names the others."""

    weights: NDArray[np.float64]
    pooled: tuple[Pooled, ...]
    left_out: tuple[str, ...]


def mixture_of(answer_set: AnswerSet, weights: Sequence[float] | None) -> Mixture:
    """The members under these weights. A question is taken if all members answered it, also one without weight, so
    that different weights are judged on the same questions.
    """
    common = of_members(answer_set, answer_set.members)
    share = normalised(weights, len(answer_set.members))
    pools = [(question, pool_of(question, share)) for question in common.questions]
    empty = tuple(f"{question.name}: no answers recorded" for question, pool in pools if pool is None)
    pooled = tuple(
        Pooled(question=question, pool=pool, limit=limit_of(question, share)) for question, pool in pools if pool
    )
    if not pooled:
        raise AnswersError("No answers are recorded that could be drawn from. Load answers first.")
    return Mixture(weights=share, pooled=pooled, left_out=(*common.left_out, *empty))


def normalised(weights: Sequence[float] | None, members: int) -> NDArray[np.float64]:
    """(members,): these weights as shares of 1, the same for all where none are given."""
    if weights is None:
        return uniform(members)
    given = np.array(weights, dtype=np.float64)
    if given.shape != (members,):
        raise AnswersError(f"{given.size} weights are given for {members} members. Give one a member.")
    if not np.isfinite(given).all() or (given < 0).any() or not 0 < given.sum() < np.inf:
        raise AnswersError("Weights must be finite, not negative, and not all zero.")
    return np.asarray(given / given.sum(), dtype=np.float64)


def pool_of(question: Question, weights: NDArray[np.float64]) -> Pool | None:
    """The pool to draw from; None where a member with weight has nothing recorded for the question."""
    taking = [place for place, weight in enumerate(weights) if weight > 0]
    drawn = [draws for place in taking if (draws := question.draws[place]) is not None and len(draws.keys)]
    if len(drawn) < len(taking):
        return None
    sizes = np.array([len(draws.keys) for draws in drawn])
    return Pool(
        keys=np.concatenate([draws.keys for draws in drawn]),
        tokens=_tokens(drawn),
        members=np.repeat(taking, sizes),
        starts=np.cumsum(sizes) - sizes,
        sizes=sizes,
        edges=np.cumsum(weights[taking]) / weights[taking].sum(),
    )


def places_drawn(pool: Pool, chance: NDArray[np.float64]) -> NDArray[np.int64]:
    """Which recorded draw each number in [0, 1) picks: a member by its weight, then one of its draws evenly."""
    lower = np.concatenate([[0.0], pool.edges[:-1]])
    member = np.minimum(np.searchsorted(pool.edges, chance, side="right"), len(pool.edges) - 1)
    within = (chance - lower[member]) / (pool.edges - lower)[member] * pool.sizes[member]
    return np.asarray(pool.starts[member] + np.minimum(within.astype(np.int64), pool.sizes[member] - 1))


def limit_of(question: Question, weights: NDArray[np.float64]) -> Limit:
    """What the vote over this mixture tends to."""
    share = weights @ shares(question)
    ranked = np.sort(np.concatenate([share, [0.0, 0.0]]))[::-1]
    is_mode = (share > STRICT) & (share >= ranked[0] - STRICT)
    gold = question.gold
    wrong = np.delete(share, gold) if gold is not None else share
    modes = tuple(np.flatnonzero(is_mode).tolist())
    return Limit(
        modes=modes,
        lead=float(ranked[0] - ranked[1]),
        gold_lead=None if gold is None else float(share[gold] - wrong.max(initial=0.0)),
        accuracy=None if gold is None else 1 / len(modes) if gold in modes else 0.0,
        blank=float(max(0.0, 1.0 - share.sum())),
    )


def checked_chance(*, cap: int, seed: int) -> None:
    """Raises AnswersError for a cap or a seed that no path can be drawn with."""
    if not 1 <= cap <= MOST_DRAWS:
        raise AnswersError(f"A cap of {cap} draws cannot be used. Choose from 1 to {MOST_DRAWS}.")
    if seed < 0:
        raise AnswersError(f"The seed {seed} cannot be used. Choose 0 or a positive whole number.")


def stream_of(seed: int, name: str) -> np.random.Generator:
    """The chance that belongs to a question: the same whatever other questions are replayed beside it."""
    digest = np.frombuffer(hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=16).digest(), dtype="<u4")
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, *digest.tolist()])))


def _tokens(drawn: Sequence[Draws]) -> NDArray[np.float64] | None:
    known = [draws.tokens for draws in drawn if draws.tokens is not None]
    if len(known) < len(drawn) or any(np.isnan(tokens).any() for tokens in known):
        return None
    return np.concatenate(known)
