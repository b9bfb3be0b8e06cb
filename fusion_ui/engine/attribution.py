"""Where a fused text comes from: the characters copied from each candidate, and a ledger of its sentences.

Copied text sees only verbatim characters, so it measures copying, not contribution; the ledger sees rewording but not
meaning. Neither judges whether a sentence is right.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from fusion_ui.engine.ledger import CopiedText, Dropped, Ledger, LedgerLine, Span, Support
from fusion_ui.engine.texts.matching import Match, best_matches, shared_claims, within_room
from fusion_ui.engine.texts.phrasing import find_whole
from fusion_ui.engine.texts.sentences import CJK
from fusion_ui.engine.texts.similarity import (
    COPIED,
    Passage,
    candidate_passages,
    cutoff,
    hinted_at_by,
    likeness,
    passages,
    rivals,
)
from fusion_ui.engine.values import Candidate

MINIMUM_COPY = 12  # visible characters: two or three words; shorter matches arise by chance in any two texts
MINIMUM_CJK_COPY = 6  # the same where a character is a syllable or a word

_RUNS = (
    (re.compile(f".{{{MINIMUM_COPY},}}"), MINIMUM_COPY),
    (re.compile(f"[{CJK}\uac00-\ud7af]{{{MINIMUM_CJK_COPY},}}"), MINIMUM_CJK_COPY),
)
_LEAST_TOKENS = 4  # a dropped sentence shorter than this is a label or an interjection


def copied_text(text: str, candidates: Sequence[Candidate]) -> tuple[CopiedText, ...]:
    """For each candidate the share of the visible characters of `text` that lie in a stretch found verbatim there.

    A stretch has at least MINIMUM_COPY visible characters (MINIMUM_CJK_COPY within Chinese, Japanese or Korean);
    spaces and line breaks do not matter; a whole text shorter than that counts where it stands as words of its own.
    "Making, not Taking, the Best of N" (arXiv 2510.00931) matches with difflib, which keeps to one order and uses
    each character once: every block of that length it finds is covered here, and moved or repeated passages are too.
    """
    grams = tuple(_places_by_gram("".join(text.split()), runs, size) for runs, size in _RUNS)
    places = [place for place, mark in enumerate(text) if not mark.isspace()]
    return tuple(_copied(text, candidate, places, grams) for candidate in candidates)


def _copied(
    text: str, candidate: Candidate, places: Sequence[int], grams: Sequence[Mapping[str, Sequence[int]]]
) -> CopiedText:
    words, covered = candidate.completion.text.split(), bytearray(len(places))
    if 0 < len(places) < MINIMUM_COPY and find_whole(" ".join(words), " ".join(text.split())) >= 0:
        covered = bytearray(b"\x01" * len(places))
    source = "".join(words)
    for known, (runs, size) in zip(grams, _RUNS, strict=True):
        for gram in known.keys() & set(_grams(source, runs, size)):
            for at in known[gram]:
                covered[at : at + size] = b"\x01" * size
    spans = tuple(
        Span(start=places[run.start()], end=places[run.end() - 1] + 1) for run in re.finditer(b"\x01+", covered)
    )
    return CopiedText(position=candidate.position, share=sum(covered) / max(1, len(covered)), spans=spans)


def _places_by_gram(text: str, runs: re.Pattern[str], size: int) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for run in runs.finditer(text):
        for at in range(run.start(), run.end() - size + 1):
            places.setdefault(text[at : at + size], []).append(at)
    return places


def _grams(text: str, runs: re.Pattern[str], size: int) -> Iterator[str]:
    """Every stretch of `size` characters within the runs of a text."""
    for run in runs.finditer(text):
        for at in range(run.start(), run.end() - size + 1):
            yield text[at : at + size]


def ledger(text: str, candidates: Sequence[Candidate]) -> Ledger:
    """For each sentence of `text` the candidates that back it, and the majority sentences that `text` leaves out.

    A heading that nobody has announces rather than states, so it gets no line; nor do rules and bare punctuation.
    """
    claims = passages(text)
    ordered = sorted(candidates, key=lambda candidate: candidate.position)
    sources = [candidate_passages(candidate) for candidate in ordered]
    matches = [best_matches(claims, some) for some in sources]
    lines = tuple(
        LedgerLine(span=claim.span, support=_support(ordered, sources, [column[row] for column in matches]))
        for row, claim in enumerate(claims)
    )
    kept = tuple(line for line, claim in zip(lines, claims, strict=True) if line.support or claim.kind != "heading")
    return Ledger(lines=kept, dropped=tuple(_dropped(claims, ordered, sources)))


def _support(
    candidates: Sequence[Candidate], sources: Sequence[Sequence[Passage]], matches: Sequence[Match | None]
) -> tuple[Support, ...]:
    return tuple(
        Support(
            position=candidate.position,
            kind="copied" if match.similarity >= COPIED else "reworded",
            similarity=match.similarity,
            span=Span(start=some[match.first].span.start, end=some[match.last].span.end),
        )
        for candidate, some, match in zip(candidates, sources, matches, strict=True)
        if match
    )


def _dropped(
    claims: Sequence[Passage], candidates: Sequence[Candidate], sources: Sequence[Sequence[Passage]]
) -> Iterator[Dropped]:
    """The statements that most speaking candidates share and the text contradicts, or neither says nor hints at.

    Of a text too long to be compared word by word nothing is said to be missing.
    """
    speaking = [(candidate, some) for candidate, some in zip(candidates, sources, strict=True) if some]
    if len(within_room(claims)) < len(claims):
        return
    texts = [some for _, some in speaking]
    majority = shared_claims(texts, least=max(2, len(texts) // 2 + 1))
    quotes = within_room([texts[shared.quoted_from][shared.passage] for shared in majority])
    for at in _left_out(quotes, claims):
        candidate, span = speaking[majority[at].quoted_from][0], quotes[at].span
        yield Dropped(
            text=candidate.completion.text[span.start : span.end],
            positions=tuple(speaking[text][0].position for text in majority[at].places),
        )


def _left_out(quotes: Sequence[Passage], claims: Sequence[Passage]) -> list[int]:
    """Which quotes the claims leave out, near-duplicates told once."""
    matches = best_matches(quotes, claims)
    missing = [at for at, match in enumerate(matches) if match is None and _is_statement(quotes[at])]
    passages_missing = [quotes[at] for at in missing]
    hints, contradictions = hinted_at_by(claims, passages_missing), rivals(passages_missing, claims)
    alike = likeness(passages_missing, passages_missing)
    told: list[int] = []
    for row in range(len(missing)):
        is_repeated = bool((alike[row, told] >= cutoff(passages_missing[row])).any())
        if (contradictions[row] or not hints[row]) and not is_repeated:
            told.append(row)
    return [missing[row] for row in told]


def _is_statement(passage: Passage) -> bool:
    return passage.kind not in ("heading", "code") and len(passage.tokens) >= _LEAST_TOKENS
