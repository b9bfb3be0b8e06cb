"""How many more judgements bring a contrast to a wanted width, and whether of new prompts, new raters or the same.

More judgements by the same few people leave standing what those few people share, so that which to add is the answer
that counts. Where too few prompts or raters are in to tell, a design effect is assumed, and that is said.
"""

from dataclasses import dataclass
from math import ceil, sqrt
from statistics import NormalDist

import numpy as np

from fusion_ui.analysis.preference.clustering import clusters_of, means_of
from fusion_ui.analysis.preference.comparisons import Comparisons, Outcome
from fusion_ui.analysis.preference.power import votes_for_power
from fusion_ui.analysis.preference.variance_split import (
    Addition,
    Size,
    Way,
    best_way,
    split_of,
)

ASSUMED_EFFECT = 3.0  # between the 2.1 and 5.4 of published sets judged by people
FEWEST_PROMPTS, FEWEST_RATERS = 10, 4  # below, how far they differ cannot be told
_ROUNDING = 1e-24  # a variance below comes from rounding alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Components:
    """The shares of the variance that endless prompts, raters or judgements would each take away."""

    prompts: float
    raters: float
    votes: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What it takes until the win rate is known to plus or minus `width`.

    `half_width` is what it is now. `more_judgements` of the kind `add` get there; None if a million would not.
    `votes_for_power` are all the judgements with which a study like this tells the share seen from even with 80 %
    power: exact sign test, ties allowed for, times the design effect. `components` are None where that is assumed.
    """

    first: str
    second: str
    width: float
    half_width: float | None
    more_judgements: int | None
    add: Addition
    components: Components | None
    design_effect: float
    is_assumed: bool
    votes_for_power: int | None
    words: str


def plan(comparisons: Comparisons, *, first: str, second: str, width: float = 0.05, level: float = 0.95) -> Plan:
    """The plan for these two from what is judged of them so far."""
    if not 0 < width < 0.5:
        raise ValueError(f"a half-width lies between 0 and 0.5: {width} does not")
    pairs = comparisons.between(first, second)
    (mean,) = means_of(pairs.score, clusters_of(prompt=pairs.prompt, rater=pairs.rater))
    size = Size(mean.spread.prompts, mean.spread.raters, len(pairs)) if mean else Size(0, 0, 0)
    is_enough = size.prompts >= FEWEST_PROMPTS and size.raters >= FEWEST_RATERS
    if mean is None or not is_enough or mean.spread.two_way <= _ROUNDING:
        return _assumed(pairs, size, first=first, second=second, width=width, level=level)
    split, total = split_of(mean.spread), mean.spread.two_way
    effect = max(1.0, total / mean.spread.by_vote)
    half_width = min(0.5, split.half_width(size, level=level))
    way = best_way(split, size, width=width, level=level)
    prompts, raters, votes = (part / total for part in split.parts(size))
    return Plan(
        first=first,
        second=second,
        width=width,
        half_width=half_width,
        more_judgements=way.more,
        add=way.add,
        components=Components(prompts=prompts, raters=raters, votes=votes),
        design_effect=effect,
        is_assumed=False,
        votes_for_power=_judgements_for_power(pairs, effect),
        words=_words(way, size, half_width=half_width, width=width),
    )


def _assumed(pairs: Comparisons, size: Size, *, first: str, second: str, width: float, level: float) -> Plan:
    """From the judgements' own variance, drawn towards that of a coin by four judgements (Agresti and Coull 1998)."""
    residuals = pairs.score - pairs.score.mean() if len(pairs) else np.zeros(0)
    variance = ASSUMED_EFFECT * (float(residuals @ residuals) + 1) / (len(pairs) + 4)
    z = NormalDist().inv_cdf((1 + level) / 2)
    half_width = min(0.5, z * sqrt(variance / len(pairs))) if len(pairs) else None
    more = max(0, ceil(variance * (z / width) ** 2) - len(pairs))
    add: Addition = "nothing" if not more else "raters" if size.prompts >= FEWEST_PROMPTS else "prompts"
    return Plan(
        first=first,
        second=second,
        width=width,
        half_width=half_width,
        more_judgements=more,
        add=add,
        components=None,
        design_effect=ASSUMED_EFFECT,
        is_assumed=True,
        votes_for_power=_judgements_for_power(pairs, ASSUMED_EFFECT),
        words=f"{_words(Way(add, add, more), size, half_width=half_width, width=width)} {_why_assumed(size)}",
    )


def _why_assumed(size: Size) -> str:
    effect = f"a design effect of {ASSUMED_EFFECT:g} is assumed, as other studies had 2 to 5"
    if size.prompts < FEWEST_PROMPTS or size.raters < FEWEST_RATERS:
        floor = f"{FEWEST_PROMPTS} prompts and {FEWEST_RATERS} raters"
        return f"With fewer than {floor} nothing shows how far these differ: {effect}."
    return f"All judgements say the same, which shows no spread: {effect}."


def _judgements_for_power(pairs: Comparisons, effect: float) -> int | None:
    wins, losses = (int((pairs.outcome == outcome).sum()) for outcome in (Outcome.FIRST, Outcome.SECOND))
    votes = votes_for_power(wins / (wins + losses)) if wins + losses else None
    return votes and ceil(votes * effect * len(pairs) / (wins + losses))


def _words(way: Way, size: Size, *, half_width: float | None, width: float) -> str:
    wanted = f"±{100 * width:g} points"
    now = "Nothing is judged yet" if half_width is None else f"The win rate is known to ±{100 * half_width:.1f} points"
    if way.kind == "nothing":
        return f"{now}: as close as was asked for ({wanted})."
    if way.more is None:
        return f"{now}. Not even a million judgements would bring it to {wanted}."
    return f"{now}. About {way.more} more judgements would bring it to {wanted}: {_from_what(way, size)}."


def _from_what(way: Way, size: Size) -> str:
    grown = way.more / size.votes if way.more and size.votes else 0.0
    prompts, raters = (ceil(have * grown) or "some" for have in (size.prompts, size.raters))
    told = {
        "votes": "by the same raters, on those of the same prompts that they have not judged",
        "prompts": f"{prompts} more prompts for the same raters",
        "raters": f"{raters} more raters for the same prompts",
        "both": f"{prompts} more prompts and {raters} more raters, as neither alone would do",
    }
    return told[way.kind]
