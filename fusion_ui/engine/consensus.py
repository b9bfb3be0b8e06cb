"""How close each candidate is to all the others in wording: the offline selector's score, in any script.

It is minimum-Bayes-risk selection (Kumar & Byrne 2004) with overlap of character trigrams as the utility. It sees
wording, not truth: candidates that differ in their answer alone are told apart by the vote.
"""

import unicodedata
from collections.abc import Sequence
from math import sqrt

from fusion_ui.engine.values import Candidate, Score

_GRAM = 3


def consensus_scores(candidates: Sequence[Candidate]) -> tuple[Score, ...]:
    """The mean closeness (0..1) of each candidate to the others, in the order given; a lone candidate scores 1.

    A text without a visible character is close to nothing, itself excepted.
    """
    grams = [_grams(candidate.completion.text) for candidate in candidates]
    rivals = len(candidates) - 1
    sums = [0.0] * len(candidates)
    for place, one in enumerate(grams):
        for other in range(place):
            closeness = _closeness(one, grams[other])
            sums[place] += closeness
            sums[other] += closeness
    return tuple(
        Score(
            position=candidate.position,
            value=min(1.0, total / rivals) if rivals else 1.0,
            detail=f"mean closeness in wording to {rivals} other{'s' * (rivals != 1)}",
        )
        for candidate, total in zip(candidates, sums, strict=True)
    )


def _grams(text: str) -> frozenset[str]:
    """The distinct trigrams of a text, its words set apart by single spaces; none for a blank text."""
    words = unicodedata.normalize("NFKC", text).casefold().split()
    spaced = f" {' '.join(words)} "
    return frozenset(spaced[at : at + _GRAM] for at in range(len(spaced) - _GRAM + 1)) if words else frozenset()


def _closeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Cosine of the two sets (Ochiai 1957): neither length nor repetition wins."""
    return len(one & other) / sqrt(len(one) * len(other)) if one and other else 0.0
