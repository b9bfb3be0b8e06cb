"""What rankings and scores say: who stands before whom, and how many points each has."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from statistics import fmean
from typing import Any, NamedTuple

from fusion_ui.analysis.preference.comparisons import Outcome
from fusion_ui.preferences.layout import NONE, Layout
from fusion_ui.preferences.pairs import Pairs, Scored, pairs_of, scored_of
from storage.preferences import ROLES


class Ranked(NamedTuple):
    """A judgement of a unit that ranks or scores its contenders."""

    said: int
    unit: int
    ranks: "Ranks"

    @property
    def winner(self) -> int:
        """The contender that stands first alone, or NONE."""
        groups = self.ranks.groups
        return groups[0][0] if groups and len(groups[0]) == 1 else NONE


class Ranks(NamedTuple):
    """Who stands before whom: tied groups of contenders, the best first; scores by contender and criterion."""

    groups: tuple[tuple[int, ...], ...]
    scores: Mapping[int, Mapping[str, float]]
    is_whole: bool = True


def ranks_in(body: Mapping[str, Any], layout: Layout, unit: int) -> Ranks:
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
        return Ranks(tuple(groups), scores)
    if body.get("ranking"):
        return Ranks(tuple(tuple(map(one, tied)) for tied in body["ranking"]), {})
    best, worst = one(body["best"]), one(body["worst"])
    middle = tuple(each for each in known.values() if each not in (best, worst))
    return Ranks(((best,), middle, (worst,)), {}, is_whole=False)


def ordered(ranked: Sequence[Ranked]) -> Pairs:
    """All pairs of rankings, equals as ties."""
    return pairs_of([(each.said, each.unit, *pair) for each in ranked for pair in _pairs_of(each.ranks)])


def _pairs_of(ranks: Ranks) -> Iterator[tuple[int, int, int]]:
    placed = [(contender, rank) for rank, group in enumerate(ranks.groups) for contender in group]
    for (one, high), (other, low) in combinations(placed, 2):
        if high != low:
            # The order of a pair must not tell who won: agreement by chance is reckoned from it.
            yield (one, other, Outcome.FIRST) if one < other else (other, one, Outcome.SECOND)
        elif ranks.is_whole:
            yield one, other, Outcome.TIE


def scored(ranked: Sequence[Ranked], criteria: Mapping[str, int]) -> Scored:
    """All scores; `criteria` numbers a criterion when it is asked for."""
    return scored_of(
        [
            (each.said, contender, criteria[criterion], value)
            for each in ranked
            for contender, given in each.ranks.scores.items()
            for criterion, value in given.items()
        ]
    )
