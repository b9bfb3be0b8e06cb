"""How candidates vote on sentences: who backs each sentence of one text, and what most say that it lacks.

The text voted on comes first, then the texts that may be quoted, then the rest. Only sentences of prose and list items
vote; code, maths, tables and headings do not. What is done with the result is decided elsewhere.
"""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from fusion_ui.engine.texts.matching import Shared, best_matches, shared_claims
from fusion_ui.engine.texts.similarity import Passage, hinted_at_by, rivals

_LEAST_TOKENS = 4  # a shorter sentence is a label or an interjection, not worth quoting


class Quote(NamedTuple):
    """A sentence most texts share and the base lacks: where it can be quoted from (text and place), and the base
    sentence in whose stead it stands, if any."""

    sources: tuple[tuple[int, int], ...]
    instead_of: int | None


class Neighbours(NamedTuple):
    """The nearest base sentences before and after a sentence of another text, as far as there are any."""

    before: int | None
    after: int | None


class Poll:
    """The votes of all texts on the sentences of the first, the base."""

    def __init__(self, texts: Sequence[Sequence[Passage]], *, quotable: int) -> None:
        self.texts = [[passage for passage in some if passage.kind in ("prose", "item")] for some in texts]
        self.base = self.texts[0]
        self._whole_base = texts[0]
        self._quotable = quotable
        claims = shared_claims(self.texts, least=2)
        self._backing = {claim.passage: claim.places for claim in claims if claim.quoted_from == 0}
        self._majority = [claim for claim in claims if claim.quoted_from and len(claim.places) > len(texts) / 2]
        self._base_places: list[dict[int, int]] = [{} for _ in texts]
        for place, places in self._backing.items():
            for text, match in places.items():
                self._base_places[text].setdefault(match.first, place)
                self._base_places[text].setdefault(match.last, place)

        alone = [place for place in range(len(self.base)) if not self.backers(place)]
        others = [passage for some in self.texts[1:] for passage in some]
        hints = hinted_at_by(others, [self.base[place] for place in alone])
        self._hinted_at = frozenset(place for place, is_hinted_at in zip(alone, hints, strict=True) if is_hinted_at)

    def backers(self, place: int) -> frozenset[int]:
        """The other texts that say what a base sentence says."""
        return frozenset(self._backing.get(place, {})) - {0}

    @property
    def backed_share(self) -> float:
        """The share of the base's sentences, by length, that another text backs."""
        sizes = [len(passage.key) for passage in self.base]
        return sum(size for place, size in enumerate(sizes) if self.backers(place)) / max(1, sum(sizes))

    def bears_cut(self, run: range) -> bool:
        """Whether the base reads on without a run of its sentences: nothing later draws on it, no other text so much
        as hints at it, and one goes straight from what precedes it to what follows."""
        if self._is_drawn_on(run) or not self._hinted_at.isdisjoint(run):
            return False
        before = next((place for place in range(run.start - 1, -1, -1) if self.backers(place)), None)
        after = next((place for place in range(run.stop, len(self.base)) if self.backers(place)), None)
        return any(self._skips(text, Neighbours(before, after)) for text in range(1, len(self.texts)))

    def _is_drawn_on(self, run: range) -> bool:
        """Whether the run has a number or a variable that the base uses later on."""
        end = self.base[run.stop - 1].span.end
        later = _figures(passage for passage in self._whole_base if passage.span.start >= end)
        return not _figures(self.base[run.start : run.stop]).isdisjoint(later)

    def _skips(self, text: int, neighbours: Neighbours) -> bool:
        first = -1
        if neighbours.before is not None:
            match = self._backing[neighbours.before].get(text)
            if match is None:
                return False
            first = match.last
        if neighbours.after is None:
            return True
        match = self._backing[neighbours.after].get(text)
        return match is not None and match.first > first

    def quotes(self) -> Iterator[Quote]:
        """The sentences that most texts share and the base neither says nor, unless they replace it, contradicts."""
        claims = [claim for claim in self._majority if claim.quoted_from < self._quotable]
        passages = [self.texts[claim.quoted_from][claim.passage] for claim in claims]
        said = best_matches(passages, self._whole_base)
        hints, contradictions = hinted_at_by(self._whole_base, passages), rivals(passages, self.base)
        told: list[Passage] = []
        for claim, passage, match, is_hinted_at, alike in zip(
            claims, passages, said, hints, contradictions, strict=True
        ):
            if match or not _is_quotable(passage) or hinted_at_by(told, [passage])[0]:
                continue
            against = [place for place in alike if self._is_contradicted(place, claim)]
            replaces = bool(against) and self._replaces(claim, against[0])
            if replaces or not (against or is_hinted_at):
                told.append(passage)
                yield Quote(self._sources(claim), against[0] if replaces else None)

    def _sources(self, claim: Shared) -> tuple[tuple[int, int], ...]:
        """Where a claim can be quoted from as one sentence, the place best known to the base first."""
        sources = [
            (text, match.first)
            for text, match in claim.places.items()
            if text < self._quotable and match.first == match.last and not match.is_part
        ]
        return tuple(sorted(sources, key=lambda source: self._leeway(self.neighbours(*source))))

    def _leeway(self, neighbours: Neighbours) -> int:
        """How many base sentences lie between two neighbours."""
        before = -1 if neighbours.before is None else neighbours.before
        after = len(self.base) if neighbours.after is None else neighbours.after
        return abs(after - before)

    def _is_contradicted(self, place: int, claim: Shared) -> bool:
        """Whether nobody says both a base sentence and its rival, so that one of them must be wrong."""
        return self.backers(place).isdisjoint(claim.places)

    def _replaces(self, claim: Shared, place: int) -> bool:
        """Whether a claim corrects the base sentence: it stands in the same spot, and that is not the base's answer."""
        spots = (self.neighbours(text, match.first) for text, match in claim.places.items())
        return self.base[place].answer is None and any(self._is_same_spot(place, spot) for spot in spots)

    def _is_same_spot(self, place: int, neighbours: Neighbours) -> bool:
        before = place - 1 if place else None
        after = place + 1 if place + 1 < len(self.base) else None
        return neighbours.before == before or neighbours.after == after

    def neighbours(self, text: int, place: int) -> Neighbours:
        """Between which of its own sentences the base would say what another text says at a place."""
        known = self._base_places[text]
        return Neighbours(
            before=next((known[at] for at in range(place - 1, -1, -1) if at in known), None),
            after=next((known[at] for at in range(place + 1, len(self.texts[text])) if at in known), None),
        )


def _figures(some: Iterable[Passage]) -> set[Fraction | str]:
    """The numbers and the one-letter variables in some sentences."""
    figures: set[Fraction | str] = set()
    for passage in some:
        figures.update(map(abs, passage.numbers))
        figures.update(token for token in passage.tokens if len(token) == 1 and token.isascii() and token.isalpha())
    return figures - {"a", "i"}


def _is_quotable(passage: Passage) -> bool:
    return passage.answer is None and len(passage.tokens) >= _LEAST_TOKENS
