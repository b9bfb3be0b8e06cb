"""Judgements read into columns, some thousands at a time, as more is said."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields, replace
from itertools import combinations
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from fusion_ui.analysis.preference.comparisons import UNKNOWN, Ints, Mask, Outcome
from fusion_ui.preferences.layout import NONE, Layout
from fusion_ui.preferences.pairs import NO_PAIRS, Bytes, Pairs, Scored, pairs_in
from fusion_ui.preferences.ranks import Ranked, ordered, ranks_in, scored
from fusion_ui.preferences.said import ALL_BAD, NOTHING, OUTPUT, RANKING, SCORES, TIE, Said
from storage.preferences import SaidColumns

Bodies: TypeAlias = Callable[[int, int], Iterable[tuple[int, Any]]]
"""Rankings and scores by row, after one row and up to another."""


def grown(said: Said, layout: Layout, columns: Iterable[SaidColumns], bodies: Bodies, *, upto: int) -> Said:
    """What was said before, and these judgements of the same layout."""
    growing = _Growing(said, layout, bodies)
    parts = [said]
    for chunk in columns:
        parts.append(growing.part(chunk, begin=sum(map(len, parts))))
    joined = {
        each.name: np.concatenate([getattr(part, each.name) for part in parts])
        for each in fields(Said)
        if isinstance(getattr(said, each.name), np.ndarray)
    }
    return replace(
        said,
        **joined | {"stands": _last_of_each(joined["trial"])},
        upto=upto,
        raters=tuple(growing.raters),
        criteria=tuple(growing.criteria),
        pairs=Pairs.joined([part.pairs for part in parts]),
        scored=Scored(*map(np.concatenate, zip(*(part.scored for part in parts), strict=True))),
    )


class Codes(dict[str, int]):
    """Words numbered as they come."""

    def __init__(self, words: Iterable[str]) -> None:
        super().__init__({word: code for code, word in enumerate(words)})

    def __missing__(self, word: str) -> int:
        self[word] = len(self)
        return self[word]


def _last_of_each(trial: NDArray[np.int64]) -> Mask:
    stands = np.zeros(len(trial), dtype=np.bool_)
    _, backwards = np.unique(trial[::-1], return_index=True)
    stands[len(trial) - 1 - backwards] = True
    return stands


class _Growing:
    """What judgements of one layout are read by."""

    def __init__(self, said: Said, layout: Layout, bodies: Bodies) -> None:
        self.raters, self.criteria = Codes(said.raters), Codes(said.criteria)
        self._layout, self._bodies = layout, bodies
        outputs = Codes(layout.output)
        self._contender_output = np.fromiter(map(outputs.__getitem__, layout.output), np.int32, len(layout.output))
        self._outputs: dict[str | None, int] = {None: NONE} | outputs

    def part(self, chunk: SaidColumns, *, begin: int) -> Said:
        """The judgements of one chunk, the first of them numbered `begin`."""
        n, layout = len(chunk.row), self._layout
        unit, verdict = layout.units_at(chunk.unit_place), np.array(chunk.verdict, np.int8)
        winner = self._winner(chunk, unit)
        ranked = self._ranked(chunk, unit, verdict, begin=begin)
        for each in ranked:
            winner[each.said - begin] = each.winner
        chosen = _chosen(layout, unit=unit, verdict=verdict, winner=winner, begin=begin)
        pairs = Pairs.joined([chosen, ordered(ranked)])
        pairs = pairs.taken(np.argsort(pairs.said, kind="stable"))
        pairs = pairs._replace(left=_Orders(chunk.shown_order, layout.width).left(layout, pairs, begin=begin))
        return replace(
            NOTHING,
            trial=np.array(chunk.trial, np.int64),
            unit=unit,
            rater=np.fromiter(map(self.raters.__getitem__, chunk.rater_id), np.int32, n),
            kind=np.array(chunk.kind, np.int8),
            verdict=verdict,
            flags=np.array(chunk.flags, np.int8),
            winner=winner,
            seconds=np.array(chunk.seconds, np.float64),
            stands=np.ones(n, np.bool_),
            pairs=Pairs.joined([pairs, _doubled(pairs, layout)]),
            scored=scored(ranked, self.criteria),
        )

    def _winner(self, chunk: SaidColumns, unit: Ints) -> Ints:
        n, layout = len(chunk.row), self._layout
        output = np.fromiter(map(self._outputs.__getitem__, chunk.output_id), np.int32, n)
        role = np.array(chunk.role, np.int32)
        winner = np.full(n, NONE, dtype=np.int32)
        for place in range(layout.width):
            contender = layout.start[unit] + place
            is_there = contender < layout.start[unit + 1]
            contender = np.where(is_there, contender, 0).astype(np.int32)
            won = is_there & (self._contender_output[contender] == output) & (layout.role[contender] == role)
            winner[won] = contender[won]
        return winner

    def _ranked(self, chunk: SaidColumns, unit: Ints, verdict: Bytes, *, begin: int) -> list[Ranked]:
        at = np.flatnonzero((verdict == RANKING) | (verdict == SCORES)).tolist()
        if not at:
            return []
        body_by_row = dict(self._bodies(chunk.row[at[0]] - 1, chunk.row[at[-1]]))
        units = unit[at].tolist()
        return [
            Ranked(begin + row, own, ranks_in(body_by_row[chunk.row[row]], self._layout, own))
            for row, own in zip(at, units, strict=True)
        ]


def _chosen(layout: Layout, *, unit: Ints, verdict: Bytes, winner: Ints, begin: int) -> Pairs:
    """The pairs of judgements that name a winner, a tie or that all are bad."""
    parts = [NO_PAIRS]
    is_even = (verdict == TIE) | (verdict == ALL_BAD)
    for one, other in combinations(range(layout.width), 2):
        first, second = layout.start[unit] + one, layout.start[unit] + other
        said = ((winner == first) | (winner == second) | is_even) & (second < layout.start[unit + 1])
        outcome = np.where(winner == first, Outcome.FIRST, Outcome.SECOND)
        outcome = np.where(verdict == TIE, Outcome.TIE, np.where(verdict == ALL_BAD, Outcome.BOTH_BAD, outcome))
        at = np.flatnonzero(said & ((verdict == OUTPUT) | is_even))
        parts.append(pairs_in(begin + at, unit[at], first[at], second[at], outcome[at]))
    return Pairs.joined(parts)


class _Orders:
    """Where the contenders of each judgement stood, as its trial says."""

    def __init__(self, shown: Sequence[str], width: int) -> None:
        codes = Codes(())
        self._order = np.fromiter(map(codes.__getitem__, shown), np.int32, len(shown))
        self._at = np.full((len(codes), width), NONE, dtype=np.int32)
        for order, code in codes.items():
            for at, place in enumerate(_whole_numbers(order)):
                if 0 <= place < width:
                    self._at[code, place] = at

    def left(self, layout: Layout, pairs: Pairs, *, begin: int) -> Bytes:
        """1 where the first stood before the second, 0 where after, UNKNOWN where the order names them not."""
        order = self._order[pairs.said - begin]
        first, second = (self._at[order, each - layout.start[pairs.unit]] for each in (pairs.first, pairs.second))
        is_known = (first != NONE) & (second != NONE)
        left: Bytes = np.where(is_known, first < second, UNKNOWN).astype(np.int8)
        return left


def _whole_numbers(order: str) -> list[int]:
    return [int(word) for word in order.strip("[]").split(",") if word.strip().isdigit()]


def _doubled(pairs: Pairs, layout: Layout) -> Pairs:
    """The same pairs for units that show the same texts."""
    doubles = layout.doubles
    if not len(doubles.unit):
        return NO_PAIRS
    order = np.argsort(pairs.unit, kind="stable")
    begin, end = (np.searchsorted(pairs.unit[order], doubles.source, side=side) for side in ("left", "right"))
    rows = np.concatenate([order[one:other] for one, other in zip(begin, end, strict=True)])
    double = np.repeat(np.arange(len(begin)), end - begin)
    taken = pairs.taken(rows)
    first, second = (doubles.contender[double, each - layout.start[taken.unit]] for each in (taken.first, taken.second))
    moved = taken._replace(
        unit=doubles.unit[double], first=first, second=second, is_double=np.ones(len(rows), np.bool_)
    )
    return moved.taken((first != NONE) & (second != NONE))
