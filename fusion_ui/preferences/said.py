"""What raters said of a layout, as columns that grow as more is said, and the pairs that it compares.

A million judgements take 60 MB. Which of them count is not decided here, only which stand.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from itertools import combinations
from statistics import fmean
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from fusion_ui.analysis.preference.comparisons import UNKNOWN, Floats, Ints, Mask, Outcome
from fusion_ui.preferences.layout import NONE, Layout
from storage.preferences import KINDS, ROLES, VERDICTS, SaidColumns

MAIN, TRAINING, REPEAT = range(len(KINDS))
OUTPUT, TIE, ALL_BAD, RANKING, SCORES, SKIP, WITHDRAWN = range(len(VERDICTS))
_Bytes = NDArray[np.int8]


class Pairs(NamedTuple):
    """Two contenders compared by a judgement: its number, the unit it holds for, who won, whether the first was left.

    `is_double`: said of another unit that shows the same texts.
    """

    said: Ints
    unit: Ints
    first: Ints
    second: Ints
    outcome: _Bytes
    left: _Bytes
    is_double: Mask

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """All of them, in their order."""
        return cls(*(np.concatenate(column) for column in zip(*parts, strict=True)))

    def taken(self, rows: Any) -> "Pairs":
        """These rows."""
        return Pairs(*(column[rows] for column in self))


class Scored(NamedTuple):
    """Scores on criteria by judgement, contender and criterion's number."""

    said: Ints
    contender: Ints
    criterion: Ints
    value: Floats


_NO_PAIRS = Pairs(*(np.zeros(0, kind) for kind in "i4 i4 i4 i4 i1 i1 ?".split()))
_NO_SCORES = Scored(*(np.zeros(0, kind) for kind in "i4 i4 i4 f8".split()))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Said:
    """Every judgement, in the order in which they came; `winner` is a contender, or NONE where no single one won.

    `rater` are places in `raters`, the ids of people. `stands`: the last of its trial. `upto` is the last row read.
    """

    upto: int
    raters: tuple[str, ...]
    criteria: tuple[str, ...]
    trial: NDArray[np.int64]
    unit: Ints
    rater: Ints
    kind: _Bytes
    verdict: _Bytes
    flags: _Bytes
    winner: Ints
    seconds: Floats
    stands: Mask
    pairs: Pairs
    scored: Scored

    def __len__(self) -> int:
        return len(self.trial)


NOTHING = Said(
    upto=0,
    raters=(),
    criteria=(),
    trial=np.zeros(0, np.int64),
    unit=np.zeros(0, np.int32),
    rater=np.zeros(0, np.int32),
    kind=np.zeros(0, np.int8),
    verdict=np.zeros(0, np.int8),
    flags=np.zeros(0, np.int8),
    winner=np.zeros(0, np.int32),
    seconds=np.zeros(0),
    stands=np.zeros(0, np.bool_),
    pairs=_NO_PAIRS,
    scored=_NO_SCORES,
)


def grown(
    said: Said, layout: Layout, columns: Iterable[SaidColumns], bodies: Iterable[tuple[int, Any]], *, upto: int
) -> Said:
    """What was said before, and these judgements of the same layout; `bodies` are their rankings and scores by row."""
    raters = _Codes(said.raters)
    criteria = _Codes(said.criteria)
    outputs: dict[str | None, int] = {output: code for code, output in enumerate(dict.fromkeys(layout.output))}
    of_contender = np.fromiter(map(outputs.__getitem__, layout.output), np.int32, len(layout.output))
    outputs[None] = NONE
    body_by_row = dict(bodies)
    parts, begin = [said], len(said)
    for chunk in columns:
        parts.append(
            _part(
                chunk, layout, outputs=outputs, of_contender=of_contender, bodies=body_by_row, raters=raters,
                criteria=criteria, begin=begin,
            )
        )  # fmt: skip
        begin += len(chunk.row)
    joined = {
        each.name: np.concatenate([getattr(part, each.name) for part in parts])
        for each in fields(Said)
        if isinstance(getattr(said, each.name), np.ndarray)
    }
    return replace(
        said,
        **joined | {"stands": _last_of_each(joined["trial"])},
        upto=upto,
        raters=tuple(raters),
        criteria=tuple(criteria),
        pairs=Pairs.joined([part.pairs for part in parts]),
        scored=Scored(*map(np.concatenate, zip(*(part.scored for part in parts), strict=True))),
    )


class _Codes(dict[str, int]):
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


def _part(
    chunk: SaidColumns,
    layout: Layout,
    *,
    outputs: Mapping[str | None, int],
    of_contender: Ints,
    bodies: Mapping[int, Any],
    raters: _Codes,
    criteria: _Codes,
    begin: int,
) -> Said:
    """The judgements of one chunk, the first of them numbered `begin`."""
    n = len(chunk.row)
    unit, verdict = layout.units_at(chunk.unit_place), np.array(chunk.verdict, np.int8)
    winner = _winner(chunk, layout, unit=unit, outputs=outputs, of_contender=of_contender)
    orders = _Orders(chunk.shown_order, layout.width)
    bodied = [
        _Bodied(begin + at, int(unit[at]), _by_contender(bodies[chunk.row[at]], layout, int(unit[at])))
        for at in np.flatnonzero((verdict == RANKING) | (verdict == SCORES))
    ]
    for each in bodied:
        winner[each.said - begin] = _first_of(each.body)
    pairs = [_chosen(layout, unit=unit, verdict=verdict, winner=winner, begin=begin), _ordered(bodied)]
    straight = Pairs.joined(pairs)
    straight = straight.taken(np.argsort(straight.said, kind="stable"))
    turned = straight._replace(left=orders.left(layout, straight, begin=begin))
    return replace(
        NOTHING,
        trial=np.array(chunk.trial, np.int64),
        unit=unit,
        rater=np.fromiter(map(raters.__getitem__, chunk.rater_id), np.int32, n),
        kind=np.array(chunk.kind, np.int8),
        verdict=verdict,
        flags=np.array(chunk.flags, np.int8),
        winner=winner,
        seconds=np.array(chunk.seconds, np.float64),
        stands=np.ones(n, np.bool_),
        pairs=Pairs.joined([turned, _doubled(turned, layout)]),
        scored=_scored(bodied, criteria),
    )


def _winner(
    chunk: SaidColumns, layout: Layout, *, unit: Ints, outputs: Mapping[str | None, int], of_contender: Ints
) -> Ints:
    n = len(chunk.row)
    output = np.fromiter(map(outputs.__getitem__, chunk.output_id), np.int32, n)
    role = np.array(chunk.role, np.int32)
    winner = np.full(n, NONE, dtype=np.int32)
    for place in range(layout.width):
        contender = layout.start[unit] + place
        is_there = contender < layout.start[unit + 1]
        contender = np.where(is_there, contender, 0).astype(np.int32)
        won = is_there & (of_contender[contender] == output) & (layout.role[contender] == role)
        winner[won] = contender[won]
    return winner


def _chosen(layout: Layout, *, unit: Ints, verdict: _Bytes, winner: Ints, begin: int) -> Pairs:
    """The pairs of judgements that name a winner, a tie or that all are bad."""
    parts = [_NO_PAIRS]
    is_even = (verdict == TIE) | (verdict == ALL_BAD)
    for one, other in combinations(range(layout.width), 2):
        first, second = layout.start[unit] + one, layout.start[unit] + other
        said = ((winner == first) | (winner == second) | is_even) & (second < layout.start[unit + 1])
        outcome = np.where(winner == first, Outcome.FIRST, Outcome.SECOND)
        outcome = np.where(verdict == TIE, Outcome.TIE, np.where(verdict == ALL_BAD, Outcome.BOTH_BAD, outcome))
        at = np.flatnonzero(said & ((verdict == OUTPUT) | is_even))
        parts.append(_pairs(begin + at, unit[at], first[at], second[at], outcome[at]))
    return Pairs.joined(parts)


def _pairs(said: Any, unit: Any, first: Any, second: Any, outcome: Any) -> Pairs:
    whole = (np.asarray(column, dtype=np.int32) for column in (said, unit, first, second))
    n = len(said)
    return Pairs(*whole, np.asarray(outcome, np.int8), np.full(n, UNKNOWN, np.int8), np.zeros(n, np.bool_))


class _Orders:
    """Where the contenders of each judgement stood, as its trial says."""

    def __init__(self, shown: Sequence[str], width: int) -> None:
        codes = _Codes(())
        self._order = np.fromiter(map(codes.__getitem__, shown), np.int32, len(shown))
        self._at = np.full((len(codes), width), NONE, dtype=np.int32)
        for order, code in codes.items():
            for at, place in enumerate(_whole_numbers(order)):
                if 0 <= place < width:
                    self._at[code, place] = at

    def left(self, layout: Layout, pairs: Pairs, *, begin: int) -> _Bytes:
        """1 where the first stood before the second, 0 where after, UNKNOWN where the order names them not."""
        order = self._order[pairs.said - begin]
        first, second = (self._at[order, each - layout.start[pairs.unit]] for each in (pairs.first, pairs.second))
        is_known = (first != NONE) & (second != NONE)
        left: _Bytes = np.where(is_known, first < second, UNKNOWN).astype(np.int8)
        return left


def _whole_numbers(order: str) -> list[int]:
    return [int(word) for word in order.strip("[]").split(",") if word.strip().isdigit()]


def _doubled(pairs: Pairs, layout: Layout) -> Pairs:
    """The same pairs for units that show the same texts."""
    doubles = layout.doubles
    if not len(doubles.unit):
        return _NO_PAIRS
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


class _Bodied(NamedTuple):
    """A ranking or scores by contender."""

    said: int
    unit: int
    body: "_Ranks"


class _Ranks(NamedTuple):
    """Who stands before whom: tied groups of contenders, the best first; scores by contender and criterion."""

    groups: tuple[tuple[int, ...], ...]
    scores: Mapping[int, Mapping[str, float]]
    is_whole: bool = True


def _by_contender(body: Mapping[str, Any], layout: Layout, unit: int) -> _Ranks:
    """What a body says, by contender; the middle of best and worst is not ranked within itself."""
    known = {
        (layout.output[at], ROLES[layout.role[at]]): at for at in range(layout.start[unit], layout.start[unit + 1])
    }

    def one(stored: Mapping[str, str]) -> int:
        return known[stored["output_id"], stored["role"]]

    if body.get("scores"):
        scores = {one(each): each["scores"] for each in body["scores"]}
        mean = {contender: fmean(given.values()) for contender, given in scores.items() if given}
        groups = (tuple(each for each in mean if mean[each] == value) for value in sorted(set(mean.values()))[::-1])
        return _Ranks(tuple(groups), scores)
    if body.get("ranking"):
        return _Ranks(tuple(tuple(map(one, tied)) for tied in body["ranking"]), {})
    best, worst = one(body["best"]), one(body["worst"])
    middle = tuple(each for each in known.values() if each not in (best, worst))
    return _Ranks(((best,), middle, (worst,)), {}, is_whole=False)


def _first_of(ranks: _Ranks) -> int:
    return ranks.groups[0][0] if ranks.groups and len(ranks.groups[0]) == 1 else NONE


def _ordered(bodied: Sequence[_Bodied]) -> Pairs:
    """All pairs of rankings, equals as ties."""
    return pairs_of([(each.said, each.unit, *pair) for each in bodied for pair in _pairs_of(each.body)])


def pairs_of(rows: Sequence[tuple[int, int, int, int, int]]) -> Pairs:
    """Pairs by judgement, unit, first, second and outcome, whose sides are unknown."""
    return _pairs(*zip(*rows, strict=True)) if rows else _NO_PAIRS


def _pairs_of(ranks: _Ranks) -> Iterator[tuple[int, int, int]]:
    placed = [(contender, rank) for rank, group in enumerate(ranks.groups) for contender in group]
    for (one, high), (other, low) in combinations(placed, 2):
        if high != low:
            yield one, other, Outcome.FIRST
        elif ranks.is_whole:
            yield one, other, Outcome.TIE


def _scored(bodied: Sequence[_Bodied], criteria: _Codes) -> Scored:
    return scored_of(
        [
            (each.said, contender, criteria[criterion], value)
            for each in bodied
            for contender, given in each.body.scores.items()
            for criterion, value in given.items()
        ]
    )


def scored_of(rows: Sequence[tuple[int, int, int, float]]) -> Scored:
    """Scores by judgement, contender, criterion and value."""
    columns = (np.array(column) for column in zip(*rows, strict=True))
    kinds = (np.int32, np.int32, np.int32, np.float64)
    return Scored(*(column.astype(kind) for column, kind in zip(columns, kinds, strict=True))) if rows else _NO_SCORES
