"""At which draw each rule is settled, on many paths at once. Rules that differ only in their threshold are judged
together, so that on every single path a harder threshold is never reached earlier.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fusion_ui.analysis.batch_evidence import BayesFactors, odds_ceiling, pair_table
from fusion_ui.analysis.running_votes import Votes, only
from fusion_ui.engine.stopping import beta_majority, error_bound
from fusion_ui.engine.values import RuleName, StopRule

Floats = NDArray[np.float64]
Score = Callable[[Votes, Floats], Floats]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Family:
    """Rules of one kind and minimum, the easiest threshold first; `places` are theirs among all rules.

    `score` gives what must reach the threshold, from the votes and each path's next threshold; it may answer minus
    infinity where that is out of reach.
    """

    minimum: int
    thresholds: Floats
    places: NDArray[np.int64]
    score: Score


def families_of(rules: Sequence[StopRule], *, cap: int) -> tuple[Family, ...]:
    """The adaptive rules, grouped; a fixed number of draws needs no judging."""
    kinds = dict.fromkeys((rule.name, rule.minimum) for rule in rules if rule.name != "fixed")
    return tuple(_family(name, minimum, rules=rules, cap=cap) for name, minimum in kinds)


def settle(family: Family, votes: Votes, *, reached: NDArray[np.int64], stop: NDArray[np.int64], draw: int) -> None:
    """Note this draw in `stop` (rules, paths) for every rule that is settled by these votes and was not before.

    `reached` (paths,) counts the thresholds a path has passed so far, and is brought up to date.
    """
    judged = only(votes, (votes.total >= family.minimum) & (reached[votes.path] < len(family.places)))
    if not len(judged.path):
        return
    before = reached[judged.path]
    score = family.score(judged, family.thresholds[before])
    after = np.maximum(before, np.searchsorted(family.thresholds, score, side="right"))
    for rank in range(before.min(), after.max()):
        stop[family.places[rank], judged.path[(before <= rank) & (rank < after)]] = draw
    reached[judged.path] = after


def _family(name: RuleName, minimum: int, *, rules: Sequence[StopRule], cap: int) -> Family:
    sign = -1.0 if name == "certificate" else 1.0  # a certificate is settled at its threshold and below it
    places = [place for place, rule in enumerate(rules) if (rule.name, rule.minimum) == (name, minimum)]
    places.sort(key=lambda place: sign * rules[place].threshold)
    return Family(
        minimum=minimum,
        thresholds=np.array([sign * rules[place].threshold for place in places]),
        places=np.array(places),
        score=_bayes(cap) if name == "bayes" else _asc(cap) if name == "asc" else _certificate(cap),
    )


def _bayes(cap: int) -> Score:
    ceiling = pair_table(odds_ceiling, cap)
    factors = BayesFactors()

    def score(votes: Votes, goal: Floats) -> Floats:
        near = votes.distinct * ceiling[votes.first, votes.second] >= goal
        within = only(votes, near)
        result = np.full(len(near), -np.inf)
        result[near] = factors.of(within.signature, lambda places: within.counts[within.path[places], :-2])
        return result

    return score


def _asc(cap: int) -> Score:
    table = pair_table(beta_majority, cap)
    return lambda votes, _: table[votes.first, votes.second]


def _certificate(cap: int) -> Score:
    table = pair_table(lambda first, second: error_bound(first, second, np.ones_like(first)), cap)
    return lambda votes, _: -votes.distinct * table[votes.first, votes.second]
