"""The votes of many paths at once, as they run: one draw is cast on every path, and who leads is known throughout.

A count vector goes by its signature: a sum of random 64-bit numbers, one for an answer's first vote, one for its
second and so on, so that equal sorted vectors meet without sorting. Of a million, two unequal meet with chance 3e-8.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from fusion_ui.analysis.answers import BLANK

_SIGNATURE_SEED = 25092109  # any will do: no result depends on it


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Votes:
    """Running counts of the paths that still go on.

    `counts` (all paths, answers + 2) hold every path's votes, then an answer that nobody gives, then the blanks; the
    rest is (paths that go on,): `path` is the row in `counts`, `first` and `second` are the two largest counts
    (equal in a tie), `tied` how many answers share the first, `distinct` how many were given, `total` all votes.
    """

    counts: NDArray[np.int16]
    path: NDArray[np.int64]
    first: NDArray[np.int64]
    second: NDArray[np.int64]
    tied: NDArray[np.int64]
    distinct: NDArray[np.int64]
    total: NDArray[np.int64]
    signature: NDArray[np.uint64]


def signature_steps(cap: int) -> NDArray[np.uint64]:
    """(cap,): what an answer's next vote adds to the signature, by the votes it has."""
    return np.random.default_rng(_SIGNATURE_SEED).integers(2**64, size=cap, dtype=np.uint64)


def no_votes(paths: int, *, answers: int) -> Votes:
    """The state before the first draw."""
    none = np.zeros(paths, dtype=np.int64)
    return Votes(
        counts=np.zeros((paths, answers + 2), dtype=np.int16),
        path=np.arange(paths),
        first=none,
        second=none,
        tied=none,
        distinct=none,
        total=none,
        signature=none.astype(np.uint64),
    )


def cast(votes: Votes, keys: NDArray[np.int64], *, steps: NDArray[np.uint64]) -> Votes:
    """The state after these draws (paths that go on,); the counts are changed in place, the rest is new."""
    before = votes.counts[votes.path, keys].astype(np.int64)  # a blank is -1, the last column
    votes.counts[votes.path, keys] += 1
    voting = keys != BLANK
    leads = voting & (before >= votes.first)
    levels = voting & (before + 1 == votes.first)
    return replace(
        votes,
        first=votes.first + leads,
        second=np.where(voting & ~leads, np.maximum(votes.second, before + 1), votes.second),
        tied=np.where(leads, 1, votes.tied + levels),
        distinct=votes.distinct + (voting & (before == 0)),
        total=votes.total + voting,
        signature=votes.signature + np.where(voting, steps[before], np.uint64(0)),
    )


def only(votes: Votes, going: NDArray[np.bool_]) -> Votes:
    """Without the paths that are done."""
    if going.all():
        return votes
    return Votes(
        counts=votes.counts,
        path=votes.path[going],
        first=votes.first[going],
        second=votes.second[going],
        tied=votes.tied[going],
        distinct=votes.distinct[going],
        total=votes.total[going],
        signature=votes.signature[going],
    )


def chance_to_lead(votes: Votes, keys: NDArray[np.int64]) -> NDArray[np.float64]:
    """(paths that go on,): the chance that an answer drawn among those with the most votes is one of these keys.

    `keys` (several, paths that go on) may hold the answer that nobody gives. Without a vote nobody leads.
    """
    leading = (votes.counts[votes.path, keys] == votes.first).sum(axis=0)
    return np.where(votes.first > 0, leading, 0) / np.maximum(votes.tied, 1)
