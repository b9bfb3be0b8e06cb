"""When enough is sampled: the rules, the number each compares with its threshold, and how many votes are still needed.

Pure in the tally; the pipeline applies it in order of asking.
"""

from collections.abc import Sequence
from functools import lru_cache

from scipy import special

from fusion_ui.engine.evidence import posterior_of
from fusion_ui.engine.values import StopReason, StopRule, Tally

PRESETS: dict[str, StopRule] = {
    "quick": StopRule(name="bayes", threshold=10.0),
    "balanced": StopRule(name="bayes", threshold=30.0),
    "careful": StopRule(name="bayes", threshold=100.0),
    "asc": StopRule(name="asc", threshold=0.95),
    "certificate": StopRule(name="certificate", threshold=0.05),
}
_CERTIFICATE_BETS = sorted({2.0**-i for i in range(1, 11)} | {1 - 2.0**-i for i in range(1, 11)})  # arXiv 2605.05873


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


def _is_settled(counts: Sequence[int], rule: StopRule) -> bool:
    reached = _level(counts, rule)
    if reached is None or sum(counts) < rule.minimum:
        return False
    return reached <= rule.threshold if rule.name == "certificate" else reached >= rule.threshold


def _level(counts: Sequence[int], rule: StopRule) -> float | None:
    if rule.name == "fixed" or not counts or counts[0] == 0:
        return None
    if rule.name == "bayes":
        return posterior_of(counts).bayes_factor
    if rule.name == "asc":
        # Adaptive consistency (arXiv 2305.11860): only the two most frequent answers matter.
        return float(special.betaincc(counts[0] + 1, ([*counts[1:], 0])[0] + 1, 0.5))
    return _error_bound(tuple(counts))


@lru_cache(maxsize=4096)
def _error_bound(counts: tuple[int, ...]) -> float:
    """The least delta with W(leader, rival) >= (K - 1) / delta for all rivals and the unseen one (arXiv 2605.05873)."""
    wealth = min(
        sum((1 + bet) ** counts[0] * (1 - bet) ** rival for bet in _CERTIFICATE_BETS) / len(_CERTIFICATE_BETS)
        for rival in {*counts[1:], 0}
    )
    return len(counts) / wealth
