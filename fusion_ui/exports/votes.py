"""Judged pairs in the words of other tools: two systems by name, and who won. For battles and LLM Comparator.

What was said too fast or after names were told is left out, and so are pairs of one system with itself.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Literal, NamedTuple

from fusion_ui.exchange.recorded_ratings import JUDGE, RecordedRating
from fusion_ui.exports.judged_pairs import Answer, JudgedPair, turned
from fusion_ui.exports.scopes import ExportError

By = Literal["role", "member"]


class Models(NamedTuple):
    """The two systems of a comparison."""

    first: str
    second: str


def votes(pairs: Iterable[JudgedPair], *, by: By) -> Iterator[RecordedRating]:
    """Every pair as a vote; systems are named by what they were shown as, or by who wrote."""
    for pair in pairs:
        vote = _vote(pair, by=by)
        if vote.first != vote.second and not pair.is_too_fast and not pair.is_after_reveal:
            yield vote


def votes_between(pairs: Iterable[JudgedPair], models: Models, *, by: By) -> Iterator[RecordedRating]:
    """The votes on these two, told from the side of the first, those on the same two texts together."""
    for _, alike in groupby(pairs, key=lambda pair: (pair.about.study_id, pair.about.item, pair.about.run_id)):
        straight = (pair if _name(pair.first, by) == models.first else turned(pair) for pair in alike)
        told = sorted(straight, key=lambda pair: (pair.first.output_id, pair.second.output_id))
        yield from (vote for vote in votes(told, by=by) if (vote.first, vote.second) == models)


def models_of(pairs: Iterable[JudgedPair], *, by: By, asked: str | None) -> Models:
    """The two systems that are asked for as "first:second", or the only two there are. Raises ExportError."""
    counts = Counter(Models(*sorted((vote.first, vote.second))) for vote in votes(pairs, by=by))
    if not counts:
        raise ExportError("Nobody has compared two answers here yet.")
    named = {":".join(order): Models(*order) for pair in counts for order in (pair, pair[::-1])}
    if asked in named:
        return named[asked]
    if asked is None and len(counts) == 1:
        return next(iter(counts))
    there_are = ", ".join(f"{':'.join(pair)} ({count:,})" for pair, count in counts.most_common(10))
    raise ExportError(f"This format holds two systems. Choose a pair of those compared: {there_are}.")


def _vote(pair: JudgedPair, *, by: By) -> RecordedRating:
    about = pair.about
    return RecordedRating(
        line=0,
        prompt=about.prompt,
        first=_name(pair.first, by),
        second=_name(pair.second, by),
        outcome=pair.outcome,
        rater=pair.rater.removeprefix(JUDGE),
        question=about.run_id or f"{about.study_id}/{about.item}",
        first_text=pair.first.text,
        second_text=pair.second.text,
        is_turned=pair.is_turned,
        strength=pair.strength,
        is_open=not about.is_blind,
        is_model=pair.is_model,
        said_at=pair.said_at,
        note=pair.note,
        language=about.language,
        reference=about.reference,
        tags=about.tags,
    )


def _name(answer: Answer, by: By) -> str:
    if by == "role" or not answer.member:
        return answer.role
    return f"{answer.member} (fusion)" if answer.role == "fusion" else answer.member
