"""Who says what: the best backing of each sentence in another text, and the claims that several texts share.

A sentence may be backed by one sentence or two neighbours, word for word, as a part of a longer one, or reworded.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate
from typing import NamedTuple

import numpy as np

from fusion_ui.engine.ledger import Span
from fusion_ui.engine.texts import phrasing
from fusion_ui.engine.texts.similarity import FloatMatrix, Passage, agrees, cutoff, likeness

_ROOM = 60_000  # characters of a text in which rewordings are looked for; beyond, only verbatim sentences count
_LEAST_SIZE = 50  # so that a text of very short sentences has fewer than 1,200 of them in that room
_PART_TOKENS = 4  # a sentence this long, found inside a longer one, counts as said there


class Match(NamedTuple):
    """Who backs a claim: sources `first` to `last`, one or two neighbours; `is_part`: inside a longer sentence."""

    first: int
    last: int
    similarity: float
    is_part: bool = False


class Shared(NamedTuple):
    """A claim with all who make it: the text and passage it is quoted from, and its place in each text that has it."""

    quoted_from: int
    passage: int
    places: dict[int, Match]


def best_matches(claims: Sequence[Passage], sources: Sequence[Passage]) -> tuple[Match | None, ...]:
    """For each claim the sentence, or two neighbours, among the sources that back it best; None where nobody does."""
    verbatim = {source.key: place for place, source in reversed(list(enumerate(sources)))}
    places = [verbatim.get(claim.key) for claim in claims]
    found = [None if place is None else Match(place, place, 1.0) for place in places]
    unfound = [place for place, match in enumerate(found) if match is None]
    near = within_room([claims[place] for place in unfound])
    if near and sources:
        for place, match in zip(unfound, _reworded(near, within_room(sources)), strict=False):
            found[place] = match
    return tuple(found)


def within_room(some: Sequence[Passage]) -> Sequence[Passage]:
    """The first of some sentences, as many as are compared with others word by word."""
    sizes = accumulate(max(len(passage.key), _LEAST_SIZE) for passage in some)
    return some[: bisect_right(list(sizes), _ROOM)]


def _reworded(claims: Sequence[Passage], sources: Sequence[Passage]) -> list[Match | None]:
    neighbours = [(at, at + 1) for at in range(len(sources) - 1) if sources[at].kind in ("prose", "item")]
    places = [(at, at) for at in range(len(sources))] + neighbours
    pool = [*sources, *(_joined(sources[first], sources[last]) for first, last in neighbours)]
    within = _Whole(sources)
    return [
        within.part(claim) or _best(claim, row, pool=pool, places=places)
        for claim, row in zip(claims, likeness(claims, pool), strict=True)
    ]


def _joined(one: Passage, other: Passage) -> Passage:
    """Two neighbouring sentences as one source."""
    return replace(
        one,
        span=Span(start=one.span.start, end=other.span.end),
        key=f"{one.key} {other.key}",
        tokens=one.tokens + other.tokens,
        numbers=one.numbers + other.numbers,
        negations=one.negations + other.negations,
        names=one.names | other.names,
        answer=one.answer if other.answer is None else other.answer,
        states=one.states if other.states is None else other.states,
    )


def _best(claim: Passage, row: FloatMatrix, *, pool: Sequence[Passage], places: list[tuple[int, int]]) -> Match | None:
    enough = np.flatnonzero(row >= cutoff(claim))
    for at in enough[np.argsort(-row[enough], kind="stable")].tolist():
        if agrees(pool[at], claim=claim):
            first, last = places[at]
            return Match(first, last, float(row[at]))
    return None


class _Whole:
    """A text to look for claims that stand verbatim inside a longer sentence."""

    def __init__(self, sources: Sequence[Passage]) -> None:
        self._sources = sources
        self._text = "\n".join(source.key for source in sources)
        self._starts = list(accumulate((len(source.key) + 1 for source in sources), initial=0))

    def part(self, claim: Passage) -> Match | None:
        if len(claim.tokens) < _PART_TOKENS:
            return None
        at = phrasing.find_whole(self._text, claim.key)
        place = bisect_right(self._starts, at) - 1
        if at < 0 or not agrees(self._sources[place], claim=claim):
            return None
        return Match(place, place, 1.0, is_part=True)


def shared_claims(texts: Sequence[Sequence[Passage]], *, least: int) -> tuple[Shared, ...]:
    """The claims that at least `least` of the texts make, each quoted from the first text that makes it."""
    claims: list[Passage] = []
    shared: list[Shared] = []
    for number, sources in enumerate(texts):
        said: set[int] = set()
        for claim, match in zip(shared, best_matches(claims, sources), strict=True):
            if match:
                claim.places[number] = match
                said.update(() if match.is_part else range(match.first, match.last + 1))
        if number + least > len(texts):
            continue
        for place, source in enumerate(sources):
            if place not in said:
                claims.append(source)
                shared.append(Shared(number, place, {number: Match(place, place, 1.0)}))
    return tuple(claim for claim in shared if len(claim.places) >= least)
