"""Whether a contrast of two is settled, even, or still open and worth more judgements; valid at any time one looks.

The units are what is counted, one result each, for raters of one unit are no independent evidence. The evidence is the
mixture likelihood ratio for a coin (Robbins 1970; Ville's inequality keeps its error at 5 % however often one looks).
It speaks of items like these, judged by raters like these few.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import lgamma, log
from typing import Literal

from fusion_ui.studies.protocol import Contrast, Protocol, Unit
from fusion_ui.studies.quality import Judged, with_doubles

State = Literal["settled", "even", "open"]

_EVIDENCE = log(20)  # 1 / 0.05
_EVEN = 0.1  # a share of wins within 0.4 .. 0.6 hardly matters to anyone choosing between two
_MOST_UNITS = 100_000  # beyond what a study collects, a number would say "soon" where "never" is meant


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a contrast stands: units won by its first and second role, units without a winner, and what is lacking.

    `lacking` judgements are still to come until every unit has its overlap; `more` is how many more won units would
    settle the contrast if they fall as those so far, None if that is not in sight.
    """

    contrast: Contrast
    first: int
    second: int
    undecided: int
    lacking: int
    state: State
    more: int | None


def standings(judged: Sequence[Judged], units: Sequence[Unit], protocol: Protocol) -> tuple[Standing, ...]:
    """Where each contrast of two stands; others are no question of who wins."""
    winners: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for each in with_doubles(judged, units):
        if each.kind == "main" and each.winner is not None:
            winners[each.unit][each.winner] += 1
    grouped: defaultdict[Contrast, list[Unit]] = defaultdict(list)
    for unit in units:
        if unit.phase == "main" and len(unit.contenders) == 2 and not unit.is_identical:
            grouped[unit.contrast].append(unit)
    return tuple(
        _standing(contrast, [_result(unit, winners[unit.place]) for unit in of_it], _lacking(of_it, judged, protocol))
        for contrast, of_it in grouped.items()
    )


def _standing(contrast: Contrast, results: Sequence[int | None], lacking: int) -> Standing:
    first, second = results.count(0), results.count(1)
    state = _state(first, second)
    return Standing(
        contrast=contrast,
        first=first,
        second=second,
        undecided=results.count(None),
        lacking=lacking,
        state=state,
        more=_more(first, second) if state == "open" else 0,
    )


def _result(unit: Unit, winners: Counter[str]) -> int | None:
    """Which of the two won the unit: the one that more raters named; None where as many named the other."""
    first, second = (winners[contender.output_id] for contender in unit.contenders)
    return None if first == second else int(second > first)


def _lacking(units: Sequence[Unit], judged: Sequence[Judged], protocol: Protocol) -> int:
    places = {unit.place for unit in units if unit.is_shown}
    raters = {(each.unit, each.rater) for each in judged if each.kind == "main" and not each.is_skipped}
    done = Counter(place for place, _ in raters if place in places)
    return sum(max(0, protocol.overlap - done[place]) for place in places)


def _state(first: float, second: float) -> State:
    if _log_evidence(first, second, against=0.5) >= _EVIDENCE:
        return "settled"
    share = first / (first + second) if first + second else 0.5
    bounds = (0.5 - _EVEN, 0.5 + _EVEN)
    is_even = all(_log_evidence(first, second, against=bound) >= _EVIDENCE for bound in bounds)
    return "even" if is_even and bounds[0] < share < bounds[1] else "open"


def _log_evidence(first: float, second: float, *, against: float) -> float:
    """The log of how much likelier so many wins are under a share anywhere in 0 .. 1 than under the share `against`."""
    mixture = lgamma(first + 1) + lgamma(second + 1) - lgamma(first + second + 2)
    return mixture - first * log(against) - second * log(1 - against)


def _more(first: int, second: int) -> int | None:
    """How many more won units settle it, or show it to be even, should the share stay as it is."""
    total = first + second
    if not total:
        return None
    share = first / total
    wanted = bisect_left(range(_MOST_UNITS), True, key=lambda n: _state(share * n, (1 - share) * n) != "open")
    return max(wanted - total, 1) if wanted < _MOST_UNITS else None
