"""Weights solved on one set of questions and judged on another; for one ensemble or for all of a size.

arXiv 2509.21091, its experiment set 4. The paper compares with the single member that turns out best on the second set,
which nobody can know beforehand; the one that was best on the first set is what one would have chosen instead.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb

import numpy as np

from fusion_ui.analysis.answers import AnswersError, AnswerSet, of_members
from fusion_ui.analysis.limit import Judged, Single, best_single, judged_of, singles_of, solved, uniform_solved
from fusion_ui.analysis.weights import Status, Weighting, solve

_MOST_SUBSETS = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Questions solved on one set; `best_single` was chosen on the training set, `best_single_here` on this one."""

    solved: int
    total: int
    uniform_solved: int
    best_single: Single
    best_single_here: Single


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """One ensemble: its weights and how they score where they were solved (`train`) and elsewhere (`test`)."""

    members: tuple[str, ...]
    weights: tuple[float, ...]
    status: Status
    gap: float
    train: Score
    test: Score
    verdict: str
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Against:
    """For how many ensembles the weights solved more, as many, or fewer test questions than another choice."""

    better: int
    tied: int
    worse: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SubsetTransfers:
    """All ensembles of `size` members, against the member of each that is best on train, the one that is best on test,
    and equal weights.
    """

    size: int
    subsets: int
    best_on_train: Against
    best_on_test: Against
    uniform: Against
    rows: tuple[Transfer, ...]


def transfer(train: AnswerSet, test: AnswerSet, *, time_limit_s: float = 30.0) -> Transfer:
    """Weights for the members that both sets know, solved on the first and judged on the second."""
    return _transfer(train, test, _shared_members(train, test), time_limit_s)


def transfer_subsets(train: AnswerSet, test: AnswerSet, *, size: int = 3, time_limit_s: float = 5.0) -> SubsetTransfers:
    """The transfer of every ensemble of `size` members that both sets know. `time_limit_s` is for each solve."""
    members = _shared_members(train, test)
    if not 1 <= size <= len(members):
        raise AnswersError(f"Ensembles of {size} cannot be made of {len(members)} members. Choose 1 to {len(members)}.")
    if comb(len(members), size) > _MOST_SUBSETS:
        raise AnswersError(
            f"{len(members)} members make {comb(len(members), size)} ensembles of {size}; at most {_MOST_SUBSETS} are "
            "tried. Choose fewer members or another size."
        )
    rows = tuple(_transfer(train, test, subset, time_limit_s) for subset in combinations(members, size))
    return SubsetTransfers(
        size=size,
        subsets=len(rows),
        best_on_train=_against(row.test.solved - row.test.best_single.solved for row in rows),
        best_on_test=_against(row.test.solved - row.test.best_single_here.solved for row in rows),
        uniform=_against(row.test.solved - row.test.uniform_solved for row in rows),
        rows=rows,
    )


def _shared_members(train: AnswerSet, test: AnswerSet) -> tuple[str, ...]:
    shared = tuple(member for member in train.members if member in test.members)
    if not shared:
        first, second = ", ".join(train.members), ", ".join(test.members)
        raise AnswersError(f"No member is in both sets: {first} in the first, {second} in the second.")
    return shared


def _transfer(train: AnswerSet, test: AnswerSet, members: Sequence[str], time_limit_s: float) -> Transfer:
    weighting = solve(of_members(train, members), time_limit_s=time_limit_s)
    there = of_members(test, members)
    elsewhere = judged_of(there)
    chosen = weighting.best_single.member
    score = _score(elsewhere, weighting, chosen)
    return Transfer(
        members=weighting.members,
        weights=weighting.weights,
        status=weighting.status,
        gap=weighting.gap,
        train=Score(
            solved=weighting.solved,
            total=weighting.total,
            uniform_solved=weighting.uniform_solved,
            best_single=weighting.best_single,
            best_single_here=weighting.best_single,
        ),
        test=score,
        verdict=_verdict(score),
        left_out=tuple(dict.fromkeys([*weighting.left_out, *there.left_out])),
    )


def _score(judged: Sequence[Judged], weighting: Weighting, chosen: str) -> Score:
    singles = singles_of(judged, weighting.members)
    return Score(
        solved=int(solved(judged, np.array([weighting.weights])).sum()),
        total=len(judged),
        uniform_solved=uniform_solved(judged, len(weighting.members)),
        best_single=singles[weighting.members.index(chosen)],
        best_single_here=singles[best_single(judged, len(weighting.members))],
    )


def _against(differences: Iterable[int]) -> Against:
    signs = [(difference > 0) - (difference < 0) for difference in differences]
    return Against(better=signs.count(1), tied=signs.count(0), worse=signs.count(-1))


def _verdict(score: Score) -> str:
    bar = max(score.uniform_solved, score.best_single.solved)
    if score.solved > bar:
        opening = "The weights pay on the other set"
    elif score.solved == bar:
        opening = "The weights bring nothing on the other set"
    else:
        opening = "The weights do worse on the other set than what needs no weighing"
    return (
        f"{opening}: they solve {score.solved} of {score.total}, equal weights {score.uniform_solved}, "
        f"{score.best_single.member}, chosen on the first set, {score.best_single.solved}, and "
        f"{score.best_single_here.member}, the best single member of this set, {score.best_single_here.solved}."
    )
