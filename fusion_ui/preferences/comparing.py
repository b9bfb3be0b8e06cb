"""From judgements that count to comparisons of systems, as the question names them: by role or by member."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from fusion_ui.analysis.preference.comparisons import Comparisons, Ints, Mask
from fusion_ui.preferences.counting import Counted
from fusion_ui.preferences.layout import NONE
from fusion_ui.preferences.pairs import Pairs
from fusion_ui.preferences.question import By
from fusion_ui.preferences.whole import Contenders, Whole
from storage.preferences import ROLES

_LADDER = ("fusion", "best", "vote", "single", "candidate")  # who is named first in a contrast
_FUSION = ROLES.index("fusion")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Systems:
    """What is compared: `of` is the place in `names` of each contender; the first named is the first of a contrast."""

    names: tuple[str, ...]
    of: Ints


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Compared:
    """Comparisons with what stands beside each row: its pair of contenders, and whether it was said of a double."""

    comparisons: Comparisons
    pairs: Pairs
    same: int  # pairs of contenders that are one system
    skips: dict[tuple[int, int], int]  # by places of systems, the lower first

    def told_once(self) -> Comparisons:
        """Without rows that repeat what was said of another unit."""
        return self.comparisons.taken(~self.pairs.is_double)


def systems_of(contenders: Contenders, by: By) -> Systems:
    """The systems that these contenders are."""
    labels = list(_labels(contenders, by))
    rank = {role: at for at, role in enumerate(_LADDER)}

    def order(label: str) -> tuple[int, str]:
        is_fusion = label.endswith("(fusion)") if by == "member" else False
        return (rank[label] if label in rank else NONE if is_fusion else len(rank)), label

    names = sorted(set(labels), key=order)
    place = {name: at for at, name in enumerate(names)}
    return Systems(names=tuple(names), of=np.array([place[label] for label in labels], dtype=np.int32))


def _labels(contenders: Contenders, by: By) -> Iterator[str]:
    for code, member in zip(contenders.role.tolist(), contenders.member, strict=True):
        if by == "role" or not member:
            yield ROLES[code]
        else:
            yield f"{member} (fusion)" if code == _FUSION else member


def compared(whole: Whole, counted: Counted, systems: Systems) -> Compared:
    """The comparisons that count, of systems that take part in any."""
    fits = counted.kept[whole.pairs.said] & counted.unit_fits[whole.pairs.unit]
    first, second = systems.of[whole.pairs.first], systems.of[whole.pairs.second]
    rows = np.flatnonzero(fits & (first != second))
    place, names = _present(systems, first[rows], second[rows])
    comparisons = comparisons_of_pairs(whole, whole.pairs.taken(rows), names, place[systems.of])
    return Compared(
        comparisons=comparisons,
        pairs=whole.pairs.taken(rows),
        same=int((fits & (first == second)).sum()),
        skips=_skips(whole, counted, place[systems.of]),
    )


def comparisons_of_pairs(whole: Whole, pairs: Pairs, names: tuple[str, ...], system: Ints) -> Comparisons:
    """These pairs as comparisons; `system` is the place in `names` of each contender."""
    said = whole.judgements
    return Comparisons(
        systems=names,
        raters=whole.raters,
        first=system[pairs.first],
        second=system[pairs.second],
        outcome=pairs.outcome.astype(np.int32),
        prompt=whole.units.prompt[pairs.unit],
        rater=said.rater[pairs.said],
        unit=pairs.unit,
        judgement=pairs.said,
        left=pairs.left.astype(np.int32),
        lengths=np.column_stack([whole.contenders.length[pairs.first], whole.contenders.length[pairs.second]]),
        seconds=said.seconds[pairs.said],
    )


def _present(systems: Systems, *columns: Ints) -> tuple[Ints, tuple[str, ...]]:
    """The new place of each system that takes part (NONE: it does not), and their names."""
    is_there: Mask = np.zeros(len(systems.names), dtype=np.bool_)
    for column in columns:
        is_there[column] = True
    place = np.where(is_there, np.cumsum(is_there) - 1, NONE).astype(np.int32)
    return place, tuple(name for name, there in zip(systems.names, is_there, strict=True) if there)


def _skips(whole: Whole, counted: Counted, system: Ints) -> dict[tuple[int, int], int]:
    start = whole.units.start
    skips: dict[tuple[int, int], int] = {}
    units = whole.judgements.unit[counted.skips]
    for one, other in combinations(range(whole.units.width), 2):
        there = units[start[units] + other < start[units + 1]]
        sides = np.sort([system[start[there] + one], system[start[there] + other]], axis=0)
        for low, high in sides.T.tolist():
            if low != high and low != NONE:
                skips[low, high] = skips.get((low, high), 0) + 1
    return skips
