"""One system against another: counts, win rate, paired difference, and tests that say how far they can be trusted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtr

from fusion_ui.analysis.preference.clustering import (
    FEWEST_PROMPTS,
    Clusters,
    Mean,
    by_prompt,
    clusters_of,
    distinct,
    estimate_of,
    means_of,
)
from fusion_ui.analysis.preference.comparisons import Comparisons, Ints, Outcome
from fusion_ui.analysis.preference.estimates import Estimate, Share, share_of

FEWEST_JUDGEMENTS = 20
PRELIMINARY = f"Preliminary: fewer than {FEWEST_PROMPTS} prompts or {FEWEST_JUDGEMENTS} judgements."
OPTIMISTIC = "The sign test takes votes as independent of each other, which makes it optimistic."
UNDECIDED = "No vote was decisive, so there is no sign test."
_OPPOSITE = np.array([Outcome.SECOND, Outcome.TIE, Outcome.FIRST, Outcome.BOTH_BAD])
_SCORE = np.array([1.0, 0.5, 0.0, 0.5])


@dataclass(frozen=True, slots=True, kw_only=True)
class Contrast:
    """Two systems compared; wins and losses are those of `first`.

    `rate` counts ties and both bad as half a win. `difference` is the mean over prompts of the share for the first less
    that for the second. `votes` are the decisive votes as they are. `holm_p` is `sign_p` held against all contrasts.
    """

    first: str
    second: str
    units: int
    prompts: int
    raters: int
    judgements: int
    wins: int
    ties: int
    losses: int
    both_bad: int
    rate: Estimate
    difference: Estimate
    votes: Share
    sign_p: float | None
    holm_p: float | None
    is_preliminary: bool
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRate:
    """How often the first is preferred within one group of comparisons."""

    name: str
    rate: Estimate
    wins: int
    ties: int
    losses: int
    both_bad: int
    judgements: int
    prompts: int


class _Rows(NamedTuple):
    """Rows sorted into strata, each outcome told from the side of the stratum's first."""

    clusters: Clusters
    outcome: NDArray[np.intp]
    unit: Ints
    judgement: Ints

    def counts(self) -> NDArray[np.intp]:
        codes = self.clusters.stratum * len(Outcome) + self.outcome
        return np.bincount(codes, minlength=self.clusters.strata * len(Outcome)).reshape(-1, len(Outcome))

    def distinct(self, codes: Ints) -> NDArray[np.intp]:
        return distinct(codes, stratum=self.clusters.stratum, strata=self.clusters.strata)


def contrasts(
    comparisons: Comparisons, *, pairs: Sequence[tuple[str, str]] | None = None, level: float = 0.95
) -> tuple[Contrast, ...]:
    """The contrasts of these pairs, or of all that were compared, in the order of the systems.

    A pair that nobody compared has none; one that is asked for twice, from whatever side, is answered once.
    """
    asked = _asked(comparisons, pairs)
    rows = _by_pair(comparisons, asked)
    scores = _SCORE[rows.outcome]
    rates = means_of(scores, rows.clusters)
    differences = means_of(2 * scores - 1, rows.clusters, weights=by_prompt(rows.clusters))
    counts, units, judgements = rows.counts(), rows.distinct(rows.unit), rows.distinct(rows.judgement)
    signs = [sign_test(int(each[Outcome.FIRST]), int(each[Outcome.SECOND])) for each in counts]
    found = [
        _contrast(
            (comparisons.systems[asked[place][0]], comparisons.systems[asked[place][1]]),
            means=(rate, difference),
            counts=counts[place],
            sizes=(int(units[place]), int(judgements[place])),
            tests=tests,
            level=level,
        )
        for place, (rate, difference, tests) in enumerate(
            zip(rates, differences, zip(signs, holm(signs), strict=True), strict=True)
        )
        if rate and difference
    ]
    return tuple(found)


def by_group(
    comparisons: Comparisons,
    groups: Ints,
    names: Sequence[str],
    *,
    first: str,
    second: str,
    level: float = 0.95,
) -> tuple[GroupRate, ...]:
    """The rate of first against second in each group; `groups` are places in `names`, negative for none.

    A group without a comparison of the two has no rate.
    """
    asked = _asked(comparisons, [(first, second)])
    if not asked:
        return ()
    rows = _by_pair(comparisons, asked, within=np.asarray(groups), number=len(names))
    counts, judgements = rows.counts(), rows.distinct(rows.judgement)
    return tuple(
        GroupRate(
            name=name,
            rate=estimate_of(mean.value, mean.spread, level=level, limits=(0.0, 1.0)),
            **_named(counts[place]),
            judgements=int(judgements[place]),
            prompts=mean.spread.prompts,
        )
        for place, (name, mean) in enumerate(zip(names, means_of(_SCORE[rows.outcome], rows.clusters), strict=True))
        if mean
    )


def sign_test(wins: int, losses: int) -> float | None:
    """The exact two-sided probability of so uneven a split of decisive votes by fair coins; None without any."""
    decisive = wins + losses
    return min(1.0, 2 * float(bdtr(min(wins, losses), decisive, 0.5))) if decisive else None


def holm(chances: Sequence[float | None]) -> tuple[float | None, ...]:
    """The probabilities held against all tests at once (Holm 1979, Scandinavian J. Statistics 6:65)."""
    known = sorted((chance, place) for place, chance in enumerate(chances) if chance is not None)
    adjusted: list[float | None] = [None] * len(chances)
    highest = 0.0
    for rank, (chance, place) in enumerate(known):
        highest = max(highest, min(1.0, chance * (len(known) - rank)))
        adjusted[place] = highest
    return tuple(adjusted)


def _asked(comparisons: Comparisons, pairs: Sequence[tuple[str, str]] | None) -> list[tuple[int, int]]:
    k = len(comparisons.systems)
    if pairs is None:
        codes = comparisons.first.astype(np.intp) * k + comparisons.second
        met = np.bincount(codes, minlength=k * k).reshape(k, k) > 0
        return [(int(one), int(other)) for one, other in zip(*np.nonzero(np.triu(met | met.T, 1)), strict=True)]
    place = {system: index for index, system in enumerate(comparisons.systems)}
    known = [(place[one], place[other]) for one, other in pairs if one in place and other in place and one != other]
    return list({frozenset(pair): pair for pair in reversed(known)}.values())[::-1]


def _by_pair(
    comparisons: Comparisons, asked: list[tuple[int, int]], *, within: Ints | None = None, number: int = 1
) -> _Rows:
    k = len(comparisons.systems)
    stratum_of, is_turned = np.full((k, k), -1), np.zeros((k, k), dtype=np.bool_)
    for stratum, (one, other) in enumerate(asked):
        stratum_of[one, other] = stratum_of[other, one] = stratum
        is_turned[other, one] = True
    pair = (comparisons.first, comparisons.second)
    place, turned = stratum_of[pair], is_turned[pair]
    wanted = place >= 0
    if within is not None:
        wanted &= (within >= 0) & (within < number)
        place = place * number + within
    clusters = clusters_of(
        prompt=comparisons.prompt[wanted],
        rater=comparisons.rater[wanted],
        stratum=place[wanted],
        strata=len(asked) * number,
    )
    outcome = np.where(turned, _OPPOSITE[comparisons.outcome], comparisons.outcome)
    return _Rows(clusters, outcome[wanted], comparisons.unit[wanted], comparisons.judgement[wanted])


def _named(counts: NDArray[np.intp]) -> dict[str, int]:
    return {
        "wins": int(counts[Outcome.FIRST]),
        "ties": int(counts[Outcome.TIE]),
        "losses": int(counts[Outcome.SECOND]),
        "both_bad": int(counts[Outcome.BOTH_BAD]),
    }


def _contrast(
    names: tuple[str, str],
    *,
    means: tuple[Mean, Mean],
    counts: NDArray[np.intp],
    sizes: tuple[int, int],
    tests: tuple[float | None, float | None],
    level: float,
) -> Contrast:
    rate, difference = means
    wins, losses = int(counts[Outcome.FIRST]), int(counts[Outcome.SECOND])
    is_preliminary = rate.spread.prompts < FEWEST_PROMPTS or sizes[1] < FEWEST_JUDGEMENTS
    notes = [PRELIMINARY if is_preliminary else "", UNDECIDED if tests[0] is None else OPTIMISTIC]
    return Contrast(
        first=names[0],
        second=names[1],
        units=sizes[0],
        prompts=rate.spread.prompts,
        raters=rate.spread.raters,
        judgements=sizes[1],
        **_named(counts),
        rate=estimate_of(rate.value, rate.spread, level=level, limits=(0.0, 1.0)),
        difference=estimate_of(difference.value, difference.spread, level=level, limits=(-1.0, 1.0)),
        votes=share_of(wins, wins + losses, level=level),
        sign_p=tests[0],
        holm_p=tests[1],
        is_preliminary=is_preliminary,
        note=" ".join(filter(None, notes)),
    )
