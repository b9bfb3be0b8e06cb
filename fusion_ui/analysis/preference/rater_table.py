"""One row a rater: pace, agreement with the others, leanings, and what is worth a look. Nobody is dropped here."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from fusion_ui.analysis.preference.codes import Codes, Places, Whole, codes_of, counted, credit, patterns, ranked
from fusion_ui.analysis.preference.comparisons import UNKNOWN, Comparisons, Floats, Mask, Outcome
from fusion_ui.analysis.preference.dawid_skene import dawid_skene
from fusion_ui.analysis.preference.estimates import Share, share_of
from fusion_ui.analysis.preference.rater_flags import FEWEST_TIMED_RATERS, Seen, Usual, flags_of

MOST_FITTED = 100_000  # pairs that Dawid-Skene is fitted to: of more, units drawn at random stand for all
_MOST_STEPS = 50  # beyond, a rater's chance of being right moves by less than a point
_FEWEST_FITTED_RATERS = 3  # of two that differ, nothing tells who is right
_NONE: Mapping[str, Share] = MappingProxyType({})
_RIGHT, _LEFT = 0, 1


@dataclass(frozen=True, slots=True, kw_only=True)
class RaterRow(Seen):
    """What one rater's judgements look like.

    `others` is agreement with the majority of the other raters on the same unit, classes that tie for it sharing the
    credit, and the pairs of a ranking their judgement; `by_chance` what the same answers would reach if dealt out at
    random. `ties` and `both_bad` are shares of pairs; `left`, `longer` (where lengths differ) and `longest_run` (of one
    side, in the order of the rows) look at the first pair of each judgement. `expected` is the chance of saying the
    right class (Dawid-Skene): None with fewer than three raters, or where none of the rater's units was fitted.
    """

    ties: float
    both_bad: float
    longer: Share
    expected: float | None
    flags: tuple[str, ...] = ()


class _Tally(NamedTuple):
    """So many of so many, by rater."""

    hits: Floats | Whole
    of: Floats | Whole

    def share(self, rater: int, level: float) -> Share:
        return share_of(float(self.hits[rater]), int(self.of[rater]), level=level)


class _Closeness(NamedTuple):
    """Agreement with the others by rater, and what the same answers dealt out at random would reach."""

    found: _Tally
    by_chance: Floats

    def beyond_chance_without(self, rater: int) -> float:
        """How far the other raters are above chance, from 0 to 1."""
        hits, of = (column.sum() - column[rater] for column in self.found)
        chance = self.by_chance @ self.found.of - self.by_chance[rater] * self.found.of[rater]
        return float((hits - chance) / (of - chance)) if of > 0 and of > chance else 0.0


class _Columns(NamedTuple):
    """What is known by rater, at the rater's place."""

    judged: Whole
    paces: dict[int, float]
    close: _Closeness
    left: _Tally
    runs: Whole
    ties: _Tally
    both_bad: _Tally
    longer: _Tally
    expected: dict[int, float]


def rater_table(
    comparisons: Comparisons,
    *,
    repeats: Mapping[str, Share] = _NONE,
    gold: Mapping[str, Share] = _NONE,
    level: float = 0.95,
    seed: int = 0,
) -> tuple[RaterRow, ...]:
    """The raters who judged anything, in the order of their places; what is known of repeats and gold is handed in.

    The comparisons hold no repeats, and stand in the order they were made.
    """
    if not len(comparisons):
        return ()
    columns = _columns(comparisons, seed=seed)
    nothing = share_of(0, 0)
    rows = {
        at: _row(
            columns,
            at,
            rater=(name := comparisons.raters[at]),
            repeats=repeats.get(name, nothing),
            gold=gold.get(name, nothing),
            level=level,
        )
        for at in np.flatnonzero(columns.judged).tolist()
    }
    paces = list(columns.paces.values())
    usual = Usual(
        raters=len(rows),
        seconds=float(np.median(paces)) if len(paces) >= FEWEST_TIMED_RATERS else None,
        beyond_chance=0.0,
    )
    return tuple(
        replace(row, flags=flags_of(row, replace(usual, beyond_chance=columns.close.beyond_chance_without(at))))
        for at, row in rows.items()
    )


def _row(columns: _Columns, at: int, *, rater: str, repeats: Share, gold: Share, level: float) -> RaterRow:
    return RaterRow(
        rater=rater,
        judgements=int(columns.judged[at]),
        median_seconds=columns.paces.get(at),
        others=columns.close.found.share(at, level),
        by_chance=float(columns.close.by_chance[at]) if columns.close.found.of[at] else None,
        repeats=repeats,
        gold=gold,
        left=columns.left.share(at, level),
        ties=float(columns.ties.hits[at] / columns.ties.of[at]),
        both_bad=float(columns.both_bad.hits[at] / columns.both_bad.of[at]),
        longer=columns.longer.share(at, level),
        longest_run=int(columns.runs[at]),
        expected=columns.expected.get(at),
    )


def _columns(comparisons: Comparisons, *, seed: int) -> _Columns:
    number, codes, single = len(comparisons.raters), codes_of(comparisons), _first_pairs(comparisons)
    sides = _sides(single)
    is_left, is_right = sides == _LEFT, sides == _RIGHT
    every = np.ones(len(comparisons), dtype=np.bool_)
    differs = single.lengths[:, 0] - single.lengths[:, 1]  # NaN, where a length is unknown, is neither
    first_wins, second_wins = single.outcome == Outcome.FIRST, single.outcome == Outcome.SECOND
    by_judgement = partial(_tally, rater=single.rater, number=number)
    by_pair = partial(_tally, rater=comparisons.rater, number=number)
    return _Columns(
        judged=np.bincount(single.rater, minlength=number),
        paces=_paces(single),
        close=_closeness(codes, ranked(comparisons.judgement).place, number),
        left=by_judgement(is_left, is_left | is_right),
        runs=_longest_runs(single.rater, sides, number),
        ties=by_pair(comparisons.outcome == Outcome.TIE, every),
        both_bad=by_pair(comparisons.outcome == Outcome.BOTH_BAD, every),
        longer=by_judgement(
            (first_wins & (differs > 0)) | (second_wins & (differs < 0)),
            (first_wins | second_wins) & (abs(differs) > 0),
        ),
        expected=expected_by_rater(codes, seed=seed),
    )


def _tally(hits: Mask, of: Mask, *, rater: Whole, number: int) -> _Tally:
    return _Tally(np.bincount(rater, hits, number), np.bincount(rater, of, number))


def fitting_note(pairs: int) -> str:
    """What to say of `expected` where it rests on a sample of the pairs."""
    if pairs <= MOST_FITTED:
        return ""
    return f"The raters' chance of being right rests on units drawn at random: about {MOST_FITTED} of {pairs} pairs."


def expected_by_rater(codes: Codes, *, seed: int = 0) -> dict[int, float]:
    """Each rater's chance of saying the right class, from units that two raters or more have judged."""
    kept = _fitted(codes, seed)
    fitted = Codes(*(column[kept] for column in codes))
    if len(np.unique(fitted.raters)) < _FEWEST_FITTED_RATERS:
        return {}
    model = dawid_skene(fitted, steps=_MOST_STEPS)
    return dict(zip(model.raters.tolist(), model.expected.tolist(), strict=True))


def _fitted(codes: Codes, seed: int) -> Mask:
    """The ratings of units with two or more; of units drawn at random where these are too many."""
    units = ranked(codes.units).place
    sizes = np.bincount(units)
    drawn = np.random.default_rng(seed).permutation(np.flatnonzero(sizes > 1))
    is_drawn = np.zeros(len(sizes), dtype=np.bool_)
    is_drawn[drawn[np.cumsum(sizes[drawn]) <= MOST_FITTED]] = True
    mask: Mask = is_drawn[units]
    return mask


def _closeness(codes: Codes, judgement: Places, number: int) -> _Closeness:
    """Credit is looked up by what was said and by the pattern of counts of its unit; pairs share their judgement."""
    counts = counted(codes)
    found = patterns(counts.table)
    pattern, classes = found.place[counts.place], len(counts.classes)
    credits = np.stack([credit(found.rows, own=own) for own in range(classes)], axis=1).reshape(-1, classes)
    cell = pattern * classes + counts.said
    others = (found.rows.sum(axis=1) > 1)[pattern]
    weights = others / np.maximum(1, np.bincount(judgement, others))[judgement]
    of = np.rint(np.bincount(codes.raters, weights, number))
    hits = np.minimum(np.bincount(codes.raters, weights * credits[cell, counts.said], number), of)
    by_chance = np.zeros(number)
    for said in range(classes):
        shares = np.bincount(codes.raters, weights * (counts.said == said), number) / np.maximum(1, of)
        by_chance += shares * np.bincount(codes.raters, weights * credits[cell, said], number) / np.maximum(1, of)
    return _Closeness(_Tally(hits, of), by_chance)


def _first_pairs(comparisons: Comparisons) -> Comparisons:
    """One row a judgement: a ranking's pairs share its pace and its sides."""
    judgements = ranked(comparisons.judgement)
    if len(judgements.keys) == len(comparisons):
        return comparisons
    rows = np.arange(len(comparisons))[::-1]
    first = np.empty(len(judgements.keys), dtype=np.intp)
    first[judgements.place[::-1]] = rows  # of several rows the one written last stays: the first
    return comparisons.taken(np.sort(first))


def _sides(comparisons: Comparisons) -> Whole:
    """Which side was preferred; UNKNOWN where none was, or where sides are not known."""
    decisive = (comparisons.outcome == Outcome.FIRST) | (comparisons.outcome == Outcome.SECOND)
    sides = np.where(comparisons.outcome == Outcome.FIRST, comparisons.left, 1 - comparisons.left)
    return np.where(decisive & (comparisons.left != UNKNOWN), sides, UNKNOWN)


def _by_rater(rater: Whole) -> Places:
    """The rows by rater, each rater's in their order."""
    is_small = rater.max(initial=0) < 2**16  # for which numpy sorts in one pass
    return np.argsort(rater.astype(np.uint16) if is_small else rater, kind="stable")


def _paces(comparisons: Comparisons) -> dict[int, float]:
    """The median of the known seconds of each rater who has any."""
    timed = comparisons.taken(np.isfinite(comparisons.seconds))
    order = _by_rater(timed.rater)
    raters, starts = np.unique(timed.rater[order], return_index=True)
    parts = np.split(timed.seconds[order], starts[1:])
    return {int(rater): float(np.median(part)) for rater, part in zip(raters, parts, strict=False)}


def _longest_runs(rater: Whole, sides: Whole, number: int) -> Whole:
    """The most times in a row that each rater preferred one side; what is no side breaks a run.

    Ties are not looked at: prompts where nobody sees a difference often follow each other, sides drawn by lot do not.
    """
    order = _by_rater(rater)
    who, side = rater[order], sides[order]
    starts = np.flatnonzero(np.concatenate([[True], (np.diff(who) != 0) | (np.diff(side) != 0)])[: len(who)])
    lengths = np.diff(np.append(starts, len(who)))
    longest = np.zeros(number, dtype=np.int64)
    np.maximum.at(longest, who[starts], np.where(side[starts] == UNKNOWN, 0, lengths))
    return longest
