"""When two sentences say the same: alike in wording, and agreeing in numbers, negations, names and stated answer.

Likeness is the mean of character and token overlap. It compares wording, not meaning: a paraphrase that shares few
words goes unseen, and an exchanged common noun passes.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process
from rapidfuzz.distance import LCSseq

from fusion_ui.engine.ledger import Span
from fusion_ui.engine.texts import phrasing
from fusion_ui.engine.texts.sentences import UnitKind, units
from fusion_ui.engine.values import Candidate

COPIED = 0.95  # near-verbatim: one short word in twenty may differ

_RIVAL = 0.85  # likeness, numbers aside, above which a difference in number, negation or name is a contradiction
_LEAST_WORDS_PER_NAME = 4
_RELATED = 0.5  # likeness above which two sentences may well say the same in other words (1 % of unrelated pairs)
_MOST = 0.6  # share of a sentence's words that another must have to say it in passing
_FIRST_CODE, _CODES = 0x10000, 0xF0000

FloatMatrix = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A sentence made ready for comparison; `unit` is its place among the units of its text.

    `answer` is the vote cast in this sentence and `states` the wording of that vote; None where no vote is cast.
    """

    span: Span
    unit: int
    kind: UnitKind
    key: str
    tokens: tuple[str, ...]
    numbers: tuple[Fraction, ...]
    negations: int
    names: frozenset[str]
    answer: str | None = None
    states: str | None = None


def passages(text: str) -> tuple[Passage, ...]:
    """The sentences of `text` that have words or digits, ready for comparison."""
    return tuple(_passages(text))


def candidate_passages(candidate: Candidate) -> tuple[Passage, ...]:
    """The sentences of a candidate; the one its vote was read from knows the vote."""
    text, start, end = candidate.completion.text, candidate.answer_start, candidate.answer_end
    found = passages(text)
    if candidate.answer is None or start is None or end is None:
        return found
    states = phrasing.key(text[start:end])
    return tuple(
        replace(passage, answer=candidate.answer, states=states)
        if passage.span.start <= start and end <= passage.span.end
        else passage
        for passage in found
    )


def _passages(text: str) -> Iterator[Passage]:
    for place, unit in enumerate(units(text)):
        raw = text[unit.span.start : unit.span.end]
        key = phrasing.key(raw)
        tokens = phrasing.tokens(key)
        if unit.kind == "mark" or not any(token.isalnum() for token in tokens):
            continue
        start = unit.span.start + len(raw) - len(raw.lstrip())
        yield Passage(
            span=Span(start=start, end=start + len(raw.strip())),
            unit=place,
            kind=unit.kind,
            key=key,
            tokens=tokens,
            numbers=phrasing.numbers(key),
            negations=phrasing.negations(key),
            names=phrasing.names(raw),
        )


def likeness(claims: Sequence[Passage], sources: Sequence[Passage]) -> FloatMatrix:
    """How alike each claim and each source are, 0..1: the mean of character overlap and of token overlap.

    Both are 2 x shared / total: characters in order (Indel), tokens in any order (Dice on multisets).
    """
    rows, columns = [claim.key for claim in claims], [source.key for source in sources]
    by_characters: FloatMatrix = process.cdist(rows, columns, scorer=fuzz.ratio, dtype=np.float64)
    return by_characters / 200 + shared_tokens(claims, sources) / _totals(claims, sources)


def shared_tokens(claims: Sequence[Passage], sources: Sequence[Passage]) -> FloatMatrix:
    """How many tokens each claim and each source share, repeats counted."""
    codes: dict[str, str] = {}

    def bag(passage: Passage) -> str:
        """One character a token, sorted: two sorted strings share in order what two multisets share."""
        coded = (codes.setdefault(token, chr(_FIRST_CODE + len(codes) % _CODES)) for token in passage.tokens)
        return "".join(sorted(coded))

    rows, columns = [bag(claim) for claim in claims], [bag(source) for source in sources]
    shared: FloatMatrix = process.cdist(rows, columns, scorer=LCSseq.similarity, dtype=np.float64)
    return shared


def _totals(claims: Sequence[Passage], sources: Sequence[Passage]) -> FloatMatrix:
    return np.add.outer([float(len(claim.tokens)) for claim in claims], [len(source.tokens) for source in sources])


def cutoff(claim: Passage) -> float:
    """The least likeness that counts as the same claim in other words; the shorter the sentence, the stricter.

    Of translations of the same sentence by ten systems (WMT MQM zh-en) it admits 83 % of the pairs, of pairs from
    neighbouring sentences 0.15 %.
    """
    return min(COPIED, 0.55 + 1.2 / len(claim.tokens))


def agrees(source: Passage, *, claim: Passage) -> bool:
    """Whether a source may back a claim: it has the claim's numbers in order, as many negations, no exchanged name."""
    return (
        source.negations == claim.negations
        and _is_subsequence(claim.numbers, of=source.numbers)
        and not _has_exchanged_name(source, claim)
        and _states_alike(source, claim)
    )


def _is_subsequence(numbers: Iterable[Fraction], *, of: Iterable[Fraction]) -> bool:
    rest = iter(of)
    return all(number in rest for number in numbers)


def _has_exchanged_name(one: Passage, other: Passage) -> bool:
    """Whether each has a name the other lacks: Paris here, London there. Capitals that are common (in titles, or in
    German) mark no names."""
    marks_names = all(len(some.names) * _LEAST_WORDS_PER_NAME <= len(some.tokens) for some in (one, other))
    return marks_names and _has_own_name(one, other) and _has_own_name(other, one)


def _has_own_name(one: Passage, other: Passage) -> bool:
    return any(not phrasing.is_named(name, other.tokens) for name in one.names)


def _states_alike(source: Passage, claim: Passage) -> bool:
    """Whether both give the same answer, as far as known; an answer in digits is held together by the numbers."""
    if source.answer is not None and claim.answer is not None:
        return source.answer == claim.answer
    states = source.states or claim.states
    if not states or any(mark.isdigit() for mark in states):
        return True
    return phrasing.find_whole(claim.key if source.states else source.key, states) >= 0


def rivals(claims: Sequence[Passage], sources: Sequence[Passage]) -> tuple[tuple[int, ...], ...]:
    """For each claim the sources that say the same but for a number, a negation, a name or the answer."""
    if not claims or not sources:
        return ((),) * len(claims)
    alike = likeness([_without_numbers(claim) for claim in claims], [_without_numbers(source) for source in sources])
    return tuple(
        tuple(
            place
            for place in np.flatnonzero(row >= _RIVAL).tolist()
            if not agrees(sources[place], claim=claim) and not agrees(claim, claim=sources[place])
        )
        for claim, row in zip(claims, alike, strict=True)
    )


def _without_numbers(passage: Passage) -> Passage:
    key = phrasing.NUMERAL.sub("0", passage.key)
    return replace(passage, key=key, tokens=phrasing.tokens(key))


def hinted_at_by(sources: Sequence[Passage], claims: Sequence[Passage]) -> tuple[bool, ...]:
    """For each claim whether some source may well say the same in other words or says it in passing, numbers aside."""
    if not claims or not sources:
        return (False,) * len(claims)
    sizes = np.array([[len(claim.tokens)] for claim in claims])
    is_similar = (shared_tokens(claims, sources) >= _MOST * sizes) | (likeness(claims, sources) >= _RELATED)
    known = [{*map(abs, source.numbers), *source.tokens} for source in sources]
    facts = [set(map(abs, claim.numbers)) | claim.names for claim in claims]
    return tuple(
        bool(row.any()) or (len(own) > 1 and any(map(own.issubset, known)))
        for row, own in zip(is_similar, facts, strict=True)
    )
