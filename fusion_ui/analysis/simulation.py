"""Trials of every rule on the same draws: chance becomes paths, paths become what each rule paid and got.

Questions are taken in blocks, so that memory stays bounded; results do not depend on the blocks.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fusion_ui.analysis.pools import Pool, places_drawn, stream_of
from fusion_ui.analysis.running_votes import cast, chance_to_lead, no_votes, only, signature_steps
from fusion_ui.analysis.settling import Family, families_of, settle
from fusion_ui.engine.values import StopRule

CELLS = 1_000_000  # draws worked on at once: about 100 MB

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Subject:
    """A question to be tried: its pool, how many answers it has, and the places of gold and of the pool's modes."""

    name: str
    pool: Pool
    answers: int
    gold: int | None
    modes: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outcome:
    """What each rule paid and got on one question, each (rules, trials): draws, tokens, the chance to be right and to
    agree with the pool's mode, and whether the cap ended it unsettled.
    """

    draws: Integers
    tokens: Floats | None
    right: Floats
    agreeing: Floats
    capped: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Referee:
    """The rules, ready to judge paths of up to `cap` draws. `fixed` (rules,) is 0 for the adaptive ones."""

    fixed: Integers
    families: tuple[Family, ...]
    steps: NDArray[np.uint64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Walk:
    """`stop` (rules, paths): the draw that settles each rule, 0 = none. `right` and `agreeing` (draws, paths), filled
    as far as any rule goes.
    """

    stop: Integers
    right: Floats
    agreeing: Floats


def outcomes(
    subjects: Sequence[Subject], *, rules: Sequence[StopRule], trials: int, cap: int, seed: int, cells: int = CELLS
) -> Iterator[Outcome]:
    """One outcome a question, in order; what is learnt about count vectors serves all of them."""
    referee = _Referee(
        fixed=np.array([int(rule.threshold) if rule.name == "fixed" else 0 for rule in rules]),
        families=families_of(rules, cap=cap),
        steps=signature_steps(cap),
    )
    together = max(1, cells // (trials * cap))
    portion = max(1, cells // cap)
    for start in range(0, len(subjects), together):
        block = subjects[start : start + together]
        streams = [stream_of(seed, subject.name) for subject in block]
        portions = [
            _tried(block, [stream.random((min(portion, trials - done), cap)) for stream in streams], referee)
            for done in range(0, trials, portion)
        ]
        for parts in zip(*portions, strict=True):
            yield _joined(parts)


def _tried(block: Sequence[Subject], chances: Sequence[Floats], referee: _Referee) -> list[Outcome]:
    """The outcomes of some trials; every one of `chances` is (trials, cap) for its question."""
    places = [places_drawn(subject.pool, chance) for subject, chance in zip(block, chances, strict=True)]
    walk = _walk(block, [subject.pool.keys[place] for subject, place in zip(block, places, strict=True)], referee)
    trials = len(chances[0])
    return [
        _outcome(subject, place, _columns(walk, slice(at * trials, (at + 1) * trials)))
        for at, (subject, place) in enumerate(zip(block, places, strict=True))
    ]


def _walk(block: Sequence[Subject], drawn: Sequence[Integers], referee: _Referee) -> _Walk:
    """All paths of the block, draw by draw; a path is left as soon as no rule waits for it any more."""
    keys = np.ascontiguousarray(np.concatenate(drawn).T)  # (draws, paths)
    cap, paths = keys.shape
    nobody = max(subject.answers for subject in block)
    gold, modes = _sought(block, nobody=nobody, trials=len(drawn[0]))
    walk = _Walk(
        stop=np.repeat(referee.fixed[:, None], paths, axis=1),
        right=np.zeros((cap, paths)),
        agreeing=np.zeros((cap, paths)),
    )
    reached = [np.zeros(paths, dtype=np.int64) for _ in referee.families]
    votes = no_votes(paths, answers=nobody)
    for draw in range(1, cap + 1):
        votes = cast(votes, keys[draw - 1, votes.path], steps=referee.steps)
        walk.right[draw - 1, votes.path] = chance_to_lead(votes, gold[:, votes.path])
        walk.agreeing[draw - 1, votes.path] = chance_to_lead(votes, modes[:, votes.path])
        is_wanted = np.full(len(votes.path), draw < referee.fixed.max())
        for family, levels in zip(referee.families, reached, strict=True):
            settle(family, votes, reached=levels, stop=walk.stop, draw=draw)
            is_wanted |= levels[votes.path] < len(family.places)
        votes = only(votes, is_wanted)
        if not len(votes.path):
            break
    return walk


def _sought(block: Sequence[Subject], *, nobody: int, trials: int) -> tuple[Integers, Integers]:
    """(1, paths) gold and (several, paths) modes, with the answer that nobody gives where there is none."""
    gold = [nobody if subject.gold is None else subject.gold for subject in block]
    modes = np.full((max(1, *(len(subject.modes) for subject in block)), len(block)), nobody)
    for column, subject in enumerate(block):
        modes[: len(subject.modes), column] = subject.modes
    return np.repeat([gold], trials, axis=1), np.repeat(modes, trials, axis=1)


def _columns(walk: _Walk, chosen: slice) -> _Walk:
    return _Walk(stop=walk.stop[:, chosen], right=walk.right[:, chosen], agreeing=walk.agreeing[:, chosen])


def _outcome(subject: Subject, places: Integers, walk: _Walk) -> Outcome:
    trials, cap = places.shape
    draws = np.where(walk.stop > 0, walk.stop, cap)
    at = (draws - 1, np.arange(trials))
    tokens = subject.pool.tokens
    return Outcome(
        draws=draws,
        tokens=None if tokens is None else np.cumsum(tokens[places], axis=1).T[at],
        right=walk.right[at],
        agreeing=walk.agreeing[at],
        capped=walk.stop == 0,
    )


def _joined(parts: Sequence[Outcome]) -> Outcome:
    tokens = [part.tokens for part in parts if part.tokens is not None]
    return Outcome(
        draws=np.concatenate([part.draws for part in parts], axis=1),
        tokens=np.concatenate(tokens, axis=1) if tokens else None,
        right=np.concatenate([part.right for part in parts], axis=1),
        agreeing=np.concatenate([part.agreeing for part in parts], axis=1),
        capped=np.concatenate([part.capped for part in parts], axis=1),
    )
