"""When enough is sampled: the rules, the number each compares with its threshold, and how many votes are still needed.

Pure in the tally; the pipeline applies it in order of asking.
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import special

from fusion_ui.engine.evidence import posterior_of
from fusion_ui.engine.values import RuleName, StopReason, StopRule, Tally

PRESETS: dict[str, StopRule] = {
    "quick": StopRule(name="bayes", threshold=10.0),
    "balanced": StopRule(name="bayes", threshold=30.0),
    "careful": StopRule(name="bayes", threshold=100.0),
    "asc": StopRule(name="asc", threshold=0.95),
    "certificate": StopRule(name="certificate", threshold=0.05),
}
_CERTIFICATE_BETS = np.unique([bet for i in range(1, 11) for bet in (2.0**-i, 1 - 2.0**-i)])  # arXiv 2605.05873


def level(tally: Tally, rule: StopRule) -> float | None:
    """What the rule compares with its threshold; None for a fixed number of draws and before the first vote.

    `bayes`: the Bayes factor; `asc`: Pr[Beta(N1 + 1, N2 + 1) > 1/2]; `certificate`: the error bound still possible.
    """
    return _level(tuple(count.count for count in tally.counts), rule)


def is_settled(tally: Tally, rule: StopRule) -> bool:
    """Whether the rule is content with these votes."""
    if rule.name == "fixed":
        return tally.draws >= rule.threshold
    return _is_settled(tuple(count.count for count in tally.counts), rule)


def is_reached(level: float | None, rule: StopRule) -> bool:
    """Whether this level of an adaptive rule is on the far side of its threshold, however few the votes."""
    if level is None:
        return False
    return level <= rule.threshold if rule.name == "certificate" else level >= rule.threshold


def reason_when_settled(rule: StopRule) -> StopReason:
    """The reason to give when this rule is content."""
    if rule.name == "fixed":
        return "cap"
    return "certificate" if rule.name == "certificate" else "evidence"


def votes_needed(tally: Tally, rule: StopRule, *, at_most: int) -> int:
    """The fewest further votes after which the rule could be content, looked for up to `at_most`.

    That many draws may be open at once and none of them can turn out to have been one too many.
    """
    if rule.name == "fixed":
        return min(at_most, max(0, int(rule.threshold) - tally.draws))
    counts = tuple(count.count for count in tally.counts) or (0,)
    for votes in range(at_most):
        if _is_settled((counts[0] + votes, *counts[1:]), rule):
            return votes
    return at_most


def beta_majority(first: NDArray[np.int64], second: NDArray[np.int64]) -> NDArray[np.float64]:
    """Pr[Beta(N1 + 1, N2 + 1) > 1/2] (adaptive consistency, arXiv 2305.11860): only the two largest counts matter."""
    return np.asarray(special.betaincc(first + 1, second + 1, 0.5), dtype=np.float64)


def error_bound(
    first: NDArray[np.int64], second: NDArray[np.int64], distinct: NDArray[np.int64]
) -> NDArray[np.float64]:
    """The least delta with W(leader, rival) >= (K - 1) / delta for every rival and the unseen one (arXiv 2605.05873).

    W falls with the rival's votes, so that the second answer decides for all; K - 1 answers were seen.
    """
    gains = np.outer(first, np.log1p(_CERTIFICATE_BETS)) + np.outer(second, np.log1p(-_CERTIFICATE_BETS))
    bound_of_one = len(_CERTIFICATE_BETS) * np.exp(-special.logsumexp(gains, axis=1))
    return np.asarray(distinct * bound_of_one, dtype=np.float64)


def _is_settled(counts: Sequence[int], rule: StopRule) -> bool:
    return sum(counts) >= rule.minimum and is_reached(_level(counts, rule), rule)


def _level(counts: Sequence[int], rule: StopRule) -> float | None:
    if rule.name == "fixed" or not counts or counts[0] == 0:
        return None
    if rule.name == "bayes":
        return posterior_of(counts).bayes_factor
    return _level_of_two(rule.name, counts[0], max([*counts[1:], 0]), len(counts))


@lru_cache(maxsize=4096)
def _level_of_two(name: RuleName, first: int, second: int, distinct: int) -> float:
    if name == "asc":
        return float(beta_majority(np.array([first]), np.array([second]))[0])
    return float(error_bound(np.array([first]), np.array([second]), np.array([distinct]))[0])
