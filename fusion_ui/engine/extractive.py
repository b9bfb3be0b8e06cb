"""The offline fusor that needs no model: the best candidate's text, edited by the votes of the others.

It leaves out what only that candidate says, corrects what most contradict and puts in what most say and it lacks, but
only where the text still reads as written. Where candidates share too little wording it keeps the best one whole.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import groupby

from fusion_ui.engine.consensus import consensus_scores
from fusion_ui.engine.texts.polling import Poll, Quote
from fusion_ui.engine.texts.similarity import candidate_passages
from fusion_ui.engine.texts.splicing import Addition, Markdown, announces, ends_sentence, is_balanced, without_marker
from fusion_ui.engine.values import Candidate

_LEAST_VOTERS = 3  # with two, every difference is one against one
_LEAST_BACKED = 0.5  # share of the best text's sentences, by length, that another candidate must back
_MOST_CHARACTERS = 20_000  # of one candidate, and so many sentences: what can be compared in about a second
_MOST_SENTENCES = 400
_UNCHANGED = "It stands whole: nothing in it could be left out, and the others share nothing it lacks."


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractiveText:
    """The text put together, the candidate it is built on, all that voted (that one first), and what was done."""

    text: str
    base: int | None
    order: tuple[int, ...]
    comparison: str


def extractive_fusion(candidates: Sequence[Candidate], *, leader: str | None) -> ExtractiveText:
    """One text put together from the candidates' own sentences, with a plain account of what was done.

    It is built on the candidate closest to the others among those that voted for `leader`, or among all.
    """
    speaking = sorted((some for some in candidates if some.completion.text.strip()), key=lambda some: some.position)
    if not speaking:
        return ExtractiveText(text="", base=None, order=(), comparison="No candidate says anything.")
    voters = [candidate for candidate in speaking if leader is not None and candidate.answer == leader]
    eligible = voters or speaking
    base = _closest(eligible, speaking)
    others = [candidate for candidate in speaking if candidate is not base]
    ranked = [base, *(some for some in others if some in eligible), *(some for some in others if some not in eligible)]
    text, account = _edited(ranked, quotable=len(eligible))
    return ExtractiveText(
        text=text,
        base=base.position,
        order=(base.position, *(candidate.position for candidate in others)),
        comparison=f"{_origin(base, eligible, leader if voters else None)} {account}".strip(),
    )


def _closest(eligible: Sequence[Candidate], speaking: Sequence[Candidate]) -> Candidate:
    """The candidate closest to the rest of the eligible; ties go to the one closer to all, then to the earlier."""
    overall = {score.position: score.value or 0.0 for score in consensus_scores(speaking)}
    among = {score.position: score.value or 0.0 for score in consensus_scores(eligible)}
    return max(eligible, key=lambda some: (among[some.position], overall[some.position], -some.position))


def _origin(base: Candidate, eligible: Sequence[Candidate], leader: str | None) -> str:
    if leader is None:
        return f"Built on candidate {base.position}, in wording the closest to the others."
    if len(eligible) == 1:
        return f"Built on candidate {base.position}, the only one that answers {leader}."
    return f"Built on candidate {base.position}, of the {len(eligible)} that answer {leader} the closest to the others."


def _edited(ranked: Sequence[Candidate], *, quotable: int) -> tuple[str, str]:
    """The first candidate's text as the votes of all leave it, and what was done to it."""
    whole = ranked[0].completion.text.strip()
    if len(ranked) < _LEAST_VOTERS:
        return whole, "It stands whole: fewer than three candidates cannot vote on its sentences."
    too_long = "It stands whole: the candidates are too long to vote on its sentences."
    if any(len(candidate.completion.text) > _MOST_CHARACTERS for candidate in ranked):
        return whole, too_long
    texts = [candidate_passages(candidate) for candidate in ranked]
    if any(len(some) > _MOST_SENTENCES for some in texts):
        return whole, too_long
    text, account = _Editor(ranked, Poll(texts, quotable=quotable)).edited()
    return text or whole, account


class _Editor:
    """The base text with what the poll of its sentences does to it."""

    def __init__(self, ranked: Sequence[Candidate], poll: Poll) -> None:
        self._ranked = ranked
        self._poll = poll
        self._markdown = Markdown(ranked[0].completion.text)

    def edited(self) -> tuple[str, str]:
        """The edited text, empty if it is to stand whole, and the account of it."""
        if self._poll.backed_share < _LEAST_BACKED:
            return "", "It stands whole: the candidates share too little wording to vote on its sentences."
        quotes = list(self._poll.quotes())
        replaced = self._replacements(quotes)
        cuts = self._markdown.safe_cuts(self._voted_out(replaced))
        added = [found for quote in quotes if quote.instead_of is None for found in self._additions(quote)]
        text = self._markdown.spliced(cuts=cuts, replaced=replaced, added=added)
        return text, self._account(cuts, replaced=len(replaced), added=len(added))

    def _unit(self, place: int) -> int:
        return self._poll.base[place].unit

    def _wording(self, text: int, place: int) -> str:
        span = self._poll.texts[text][place].span
        return without_marker(self._ranked[text].completion.text[span.start : span.end])

    def _answer_units(self) -> list[int]:
        """The units of the base from which its vote was read: they always stay."""
        start, end = self._ranked[0].answer_start, self._ranked[0].answer_end
        if start is None or end is None:
            return []
        units = enumerate(self._markdown.units)
        return [at for at, unit in units if unit.span.start < end and start < unit.span.end]

    def _voted_out(self, replaced: Collection[int]) -> set[int]:
        """The units nobody backs, where another candidate shows that the text reads on without them."""
        stay = {*replaced, *self._answer_units()}
        places = range(len(self._poll.base))
        alone = [place for place in places if not self._poll.backers(place) and self._unit(place) not in stay]
        voted_out: set[int] = set()
        for _, group in groupby(enumerate(alone), key=lambda entry: entry[1] - entry[0]):
            members = [place for _, place in group]
            if self._poll.bears_cut(range(members[0], members[-1] + 1)):
                voted_out.update(self._unit(place) for place in members)
        return voted_out

    def _replacements(self, quotes: Sequence[Quote]) -> dict[int, str]:
        """The units that a quote corrects, each with its new wording."""
        found: dict[int, str] = {}
        for quote in quotes:
            if quote.instead_of is None:
                continue
            unit, wording = self._unit(quote.instead_of), self._wording(*quote.sources[0])
            if self._is_alike_in_form(wording, unit) and is_balanced(self._markdown.bodies[unit]):
                found[unit] = wording
        return found

    def _is_alike_in_form(self, wording: str, unit: int) -> bool:
        """Whether a wording is whole in itself and ends as a unit does."""
        is_ended_alike = ends_sentence(wording) == ends_sentence(self._markdown.bodies[unit])
        return is_ended_alike and is_balanced(wording) and not announces(wording)

    def _additions(self, quote: Quote) -> list[Addition]:
        """Where a quote fits in, if anywhere: next to the sentence it stands next to where it comes from."""
        for text, place in quote.sources:
            before, after = self._poll.neighbours(text, place)
            if before is not None and after is not None and before >= after:
                continue
            for neighbour, is_before in ((before, False), (after, True)):
                if neighbour is None:
                    continue
                addition = Addition(text=self._wording(text, place), beside=self._unit(neighbour), is_before=is_before)
                if self._fits(addition, is_item=self._poll.texts[text][place].kind == "item"):
                    return [addition]
        return []

    def _fits(self, addition: Addition, *, is_item: bool) -> bool:
        """Whether an addition is of its neighbour's kind, ends as it does, comes between no introduction and what
        that announces, and not after the answer."""
        beside = addition.beside
        preceding = self._markdown.bodies[: beside + 1][: -1 if addition.is_before else None]
        answer = min(self._answer_units(), default=len(self._markdown.units))
        return (
            self._markdown.is_item(beside) == is_item
            and self._is_alike_in_form(addition.text, beside)
            and (is_item or not any(map(announces, preceding[-1:])))
            and (beside < answer or (addition.is_before and beside == answer))
        )

    def _account(self, cuts: Collection[int], *, replaced: int, added: int) -> str:
        left_out = sum(passage.unit in cuts for passage in self._poll.base)
        steps = [
            (left_out, "Left out {} that no other candidate says."),
            (replaced, "Replaced {} that most others contradict."),
            (added, "Put in {} that most others say."),
        ]
        told = [step.format(f"{count} sentence{'s' * (count > 1)}") for count, step in steps if count]
        return " ".join(told) or _UNCHANGED
