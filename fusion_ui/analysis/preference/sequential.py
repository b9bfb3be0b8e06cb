"""Who is ahead, even, or still open, with bounds that hold at whatever moment one looks.

The units are prompts, one result each: the mean of who judged it. Evidence is the wealth of one who bets against a win
rate, every stake alike (hedged capital: Waudby-Smith and Ramdas 2024, JRSS-B 86:1). As prompts come in it is ever 20
with a chance of 5 % (Ville); that later raters of a prompt keep to it is simulated. For wins and losses it is that of
`studies.settling`, then raised to the prompts' share of the variance: never more, less where raters differ.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import log
from typing import Literal, NamedTuple

import numpy as np
from scipy.special import logsumexp

from fusion_ui.analysis.preference.clustering import Spread, by_prompt, clusters_of, means_of
from fusion_ui.analysis.preference.comparisons import Comparisons, Floats

State = Literal["settled", "even", "open"]

BOUND = 20.0  # 1 / 0.05
EVEN = (0.4, 0.6)  # a win rate within hardly matters to anyone choosing between two; as in `studies.settling`
MOST_EVIDENCE = 1e12
_ROUNDING = 1e-24
_GRAIN = 1000  # results are counted by thousandths, for a prompt's mean may be any number
_HALVINGS = 22
_PANELS, _NODES = 10, 12


class Results(NamedTuple):
    """The different results of prompts, 0..1, how many prompts have each, and the power to which evidence is raised."""

    values: Floats
    counts: Floats
    power: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Where a contrast stands. `evidence` is an e-value against equal chances, capped at 1e12; `bound` settles it.

    `low` and `high` bound the win rate of `first`, both-bad and ties as half, over prompts that weigh alike.
    """

    first: str
    second: str
    state: State
    leader: str | None
    evidence: float
    bound: float = BOUND
    prompts: int
    rate: float | None
    low: float
    high: float
    looks_allowed: Literal[True] = True
    words: str


def verdict(comparisons: Comparisons, *, first: str, second: str, called: Callable[[str], str] = str) -> Verdict:
    """The verdict on these two from all their judgements so far; its words name the leader as it is `called`."""
    results = results_of(comparisons.between(first, second))
    prompts = int(results.counts.sum())
    rate = float(results.values @ results.counts) / prompts if prompts else None
    low, high = confidence_sequence(results)
    evidence = float(np.exp(min(log_evidence(results, 0.5), log(MOST_EVIDENCE))))
    state: State = "settled" if evidence >= BOUND else "even" if EVEN[0] < low and high < EVEN[1] else "open"
    leader = (first if (rate or 0) > 0.5 else second) if state == "settled" else None
    return Verdict(
        first=first,
        second=second,
        state=state,
        leader=leader,
        evidence=evidence,
        prompts=prompts,
        rate=rate,
        low=low,
        high=high,
        words=_words(state, called(leader or ""), prompts=prompts, low=low, high=high),
    )


def results_of(pairs: Comparisons) -> Results:
    """What each prompt says of the first, as the mean of its judgements, counted by thousandths."""
    if not len(pairs):
        return Results(np.zeros(0), np.zeros(0))
    clusters = clusters_of(prompt=pairs.prompt, rater=pairs.rater)
    means = np.bincount(clusters.prompts.place, pairs.score) / np.bincount(clusters.prompts.place)
    values, counts = np.unique(np.rint(means * _GRAIN) / _GRAIN, return_counts=True)
    (mean,) = means_of(pairs.score, clusters, weights=by_prompt(clusters))
    return Results(values, counts.astype(np.float64), _power(mean.spread) if mean else 1.0)


def _power(spread: Spread) -> float:
    """The share of the two-way variance that clusters of prompts account for; all of it where nothing varies."""
    return spread.by_prompt / spread.two_way if spread.two_way > _ROUNDING else 1.0


def log_evidence(results: Results, against: float) -> float:
    """The log of the wealth of one who bet on these results against the win rate `against`, half on either side."""
    if not len(results.values):
        return 0.0
    # A stake s wins s (x / m - 1) of what is staked: all of it is lost at worst, and a fair bet where the mean is m.
    above, below = results.values / against - 1, (1 - results.values) / (1 - against) - 1
    wealth = [np.log1p(np.outer(_STAKES, gain)) @ results.counts for gain in (above, below)]
    return results.power * float(logsumexp(np.concatenate(wealth), b=np.concatenate([_WEIGHTS, _WEIGHTS]) / 2))


def confidence_sequence(results: Results) -> tuple[float, float]:
    """All win rates against which the evidence is below 20: an interval, as the wealth is convex in the rate."""
    prompts = results.counts.sum()
    if not prompts:
        return 0.0, 1.0
    mean = float(results.values @ results.counts / prompts)

    def is_excluded(rate: float) -> bool:
        return log_evidence(results, rate) >= log(BOUND)

    return _edge(is_excluded, inside=mean, end=0.0), _edge(is_excluded, inside=mean, end=1.0)


def _edge(is_excluded: Callable[[float], bool], *, inside: float, end: float) -> float:
    """Between a rate that stays and an end of the scale: the last one known to be excluded, to be on the safe side."""
    outside = end
    if inside == end:
        return end
    for _ in range(_HALVINGS):
        middle = (inside + outside) / 2
        if is_excluded(middle):
            outside = middle
        else:
            inside = middle
    return outside


def _stakes() -> tuple[Floats, Floats]:
    """Stakes 0..1 and their weights, uniform: Gauss-Legendre in panels that halve towards 0, where weak evidence is.

    Any weights that sum to 1 give valid evidence, so that nothing rests on how exact the sum is.
    """
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    ends = np.concatenate([[0.0], 0.5 ** np.arange(_PANELS - 1, -1, -1)])
    widths = np.diff(ends)
    stakes = (ends[:-1, None] + widths[:, None] * (nodes + 1) / 2).ravel()
    return stakes, (widths[:, None] * weights / 2).ravel()


_STAKES, _WEIGHTS = _stakes()


def _words(state: State, leader: str, *, prompts: int, low: float, high: float) -> str:
    if not prompts:
        return "Nobody has compared the two yet."
    so_far = "one prompt" if prompts == 1 else f"{prompts} prompts"
    bounds = f"{100 * low:.0f} % to {100 * high:.0f} %"
    told = {
        "settled": f"Settled: {leader} is preferred. The win rate lies within {bounds}, however often one has looked.",
        "even": f"Even: the win rate lies within {bounds}, however often one has looked.",
        "open": f"Open: after {so_far} the win rate may be anything from {bounds}.",
    }
    return told[state]
