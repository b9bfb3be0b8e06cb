"""What a rater says of a trial, by letter, and the same by output, checked against what the study asks.

Letters belong to one trial's order and are worth nothing anywhere else: they are never stored.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, TypeVar

from fusion_ui.studies.protocol import Contender, Protocol, StudyError
from fusion_ui.studies.taxonomy import Taxonomy
from storage.judgements import Flaw, Judgement, NewJudgement, Verdict

LETTERS = "ABCDEF"
MOST_NOTE_CHARACTERS = 20_000
MOST_SPANS = 200
Confidence = Literal["low", "medium", "high"]
_Shown = TypeVar("_Shown")
_WHOLE: Mapping[str, Verdict] = {
    "tie": "tie", "all_bad": "all_bad", "ranking": "ranking", "scores": "scores", "skip": "skip"
}  # fmt: skip
_VERDICTS_BY_TASK: Mapping[str, frozenset[Verdict]] = {
    "pairwise": frozenset({"output", "tie", "all_bad", "skip"}),
    "ranking": frozenset({"ranking", "all_bad", "skip"}),
    "best-worst": frozenset({"ranking", "all_bad", "skip"}),
    "rubric": frozenset({"scores", "skip"}),
}


class Span(NamedTuple):
    """A flaw marked in an answer; without a start the whole answer. Offsets are code points of the text as shown."""

    letter: str
    category: str
    severity: str
    start: int | None = None
    end: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A judgement by letter. `ranking` lists the best first, equals together; `scores` are by letter and criterion.

    `needs_lookup`: a claim was not checked that the judgement may hang on.
    """

    verdict: str
    strength: int = 0
    ranking: tuple[tuple[str, ...], ...] = ()
    best: str | None = None
    worst: str | None = None
    scores: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    reasons: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    confidence: Confidence | None = None
    needs_lookup: bool = False
    note: str = ""
    skip_reason: str | None = None
    spans: tuple[Span, ...] = ()
    aids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The same by output: what storage takes."""

    verdict: Verdict
    winner: Contender | None
    strength: int
    body: dict[str, Any]
    flaws: tuple[Flaw, ...]


def lettered(shown: Iterable[_Shown]) -> dict[str, _Shown]:
    """What is shown, by its letter: the first is answer A."""
    return dict(zip(LETTERS, shown, strict=False))


def judged_of(said: Said, shown: Sequence[Contender], protocol: Protocol, taxonomy: Taxonomy) -> Judged:
    """What was said, by output. Raises StudyError where it does not fit what was asked."""
    by_letter = lettered(shown)
    verdict: Verdict = "output" if said.verdict in by_letter else _WHOLE.get(said.verdict, "withdrawn")
    if verdict not in _VERDICTS_BY_TASK[protocol.task]:
        raise StudyError(f"{said.verdict[:20]!r} is no judgement of this {protocol.task} trial.")
    _check(said, by_letter, protocol, verdict=verdict)
    return Judged(
        verdict=verdict,
        winner=by_letter.get(said.verdict),
        strength=said.strength if verdict == "output" else 0,
        body=_body(said, by_letter),
        flaws=tuple(_flaw(span, by_letter, taxonomy) for span in said.spans),
    )


def said_of(judgement: Judgement, shown: Sequence[Contender]) -> Said:
    """A stored judgement by the letters of its trial, to be shown again and revised."""
    row = judgement.row
    body: Any = row.body
    letter_by_contender = {_key(contender): letter for letter, contender in lettered(shown).items()}

    def letter(stored: Mapping[str, str] | None) -> str | None:
        return letter_by_contender[stored["output_id"], stored["role"]] if stored else None

    winner = letter({"output_id": row.output_id, "role": row.role}) if row.output_id and row.role else None
    return Said(
        verdict=winner or row.verdict,
        strength=row.strength,
        ranking=tuple(tuple(letter(each) or "" for each in tied) for tied in body.get("ranking", ())),
        best=letter(body.get("best")),
        worst=letter(body.get("worst")),
        scores={letter(each) or "": each["scores"] for each in body.get("scores", ())},
        reasons={letter(each) or "": tuple(each["reasons"]) for each in body.get("reasons", ())},
        confidence=body.get("confidence"),
        needs_lookup=body.get("needs_lookup", False),
        note=body.get("note", ""),
        skip_reason=body.get("skip_reason"),
        spans=tuple(
            Span(
                letter_by_contender[flaw.output_id, flaw.role],
                flaw.category, flaw.severity, flaw.span_start, flaw.span_end, flaw.note,
            )
            for flaw in judgement.flaws
        ),
        aids=tuple(body.get("aids", ())),
    )  # fmt: skip


def new_judgement(judged: Judged, *, trial_id: str, rater_id: str, **rest: Any) -> NewJudgement:
    """What storage takes; `rest` is what the session adds."""
    winner = judged.winner
    return NewJudgement(
        trial_id=trial_id,
        rater_id=rater_id,
        verdict=judged.verdict,
        output_id=winner.output_id if winner else None,
        role=winner.role if winner else None,
        strength=judged.strength,
        body=judged.body,
        flaws=judged.flaws,
        **rest,
    )


def _check(said: Said, by_letter: Mapping[str, Contender], protocol: Protocol, *, verdict: Verdict) -> None:
    named = {*said.scores, *said.reasons, *(span.letter for span in said.spans), *_flat(said.ranking)}
    named |= {letter for letter in (said.best, said.worst) if letter}
    if strangers := sorted(named - by_letter.keys()):
        raise StudyError(f"There is no answer {strangers[0][:10]!r} in this trial.")
    if len(said.note) > MOST_NOTE_CHARACTERS or len(said.spans) > MOST_SPANS:
        raise StudyError(f"Notes may have {MOST_NOTE_CHARACTERS:,} characters, and a trial {MOST_SPANS} marks.")
    if verdict == "skip":
        if said.skip_reason not in protocol.skip_reasons:
            raise StudyError(f"Say why you skip it: {', '.join(protocol.skip_reasons)}.")
    elif verdict == "ranking":
        _check_ranking(said, by_letter, protocol)
    elif verdict == "scores":
        _check_scores(said, by_letter, protocol)


def _check_ranking(said: Said, by_letter: Mapping[str, Contender], protocol: Protocol) -> None:
    if protocol.task == "best-worst":
        if not said.best or not said.worst or said.best == said.worst:
            raise StudyError("Choose a best answer and another one as the worst.")
    elif sorted(_flat(said.ranking)) != sorted(by_letter):
        raise StudyError(f"Rank every answer once: {', '.join(by_letter)}.")


def _check_scores(said: Said, by_letter: Mapping[str, Contender], protocol: Protocol) -> None:
    scale_by_key = {criterion.key: len(criterion.anchors) for criterion in protocol.criteria}
    for letter in by_letter:
        scores = said.scores.get(letter, {})
        missing = [key for key in scale_by_key if key not in scores]
        if missing or scores.keys() - scale_by_key.keys():
            raise StudyError(f"Answer {letter} needs a score on {', '.join(missing) or 'no other criterion'}.")
        for key, score in scores.items():
            if not 1 <= score <= scale_by_key[key]:
                raise StudyError(f"{key} goes from 1 to {scale_by_key[key]}; answer {letter} has {score}.")


def _body(said: Said, by_letter: Mapping[str, Contender]) -> dict[str, Any]:
    """What is read back whole. What was not said is not there."""
    body: dict[str, Any] = {
        "ranking": [[_stored(by_letter[letter]) for letter in tied] for tied in said.ranking],
        "best": _stored(by_letter[said.best]) if said.best else None,
        "worst": _stored(by_letter[said.worst]) if said.worst else None,
        "scores": [
            _stored(by_letter[letter]) | {"scores": dict(scores)} for letter, scores in sorted(said.scores.items())
        ],
        "reasons": [
            _stored(by_letter[letter]) | {"reasons": list(reasons)}
            for letter, reasons in sorted(said.reasons.items())
            if reasons
        ],
        "confidence": said.confidence,
        "needs_lookup": said.needs_lookup,
        "note": said.note,
        "skip_reason": said.skip_reason,
        "aids": list(said.aids),
    }
    return {name: told for name, told in body.items() if told}


def _flaw(span: Span, by_letter: Mapping[str, Contender], taxonomy: Taxonomy) -> Flaw:
    contender = by_letter[span.letter]
    if not taxonomy.knows(category=span.category, severity=span.severity):
        raise StudyError(f"There is no flaw {span.category[:20]!r} of severity {span.severity[:20]!r}.")
    is_whole = span.start is None or span.end is None
    if not is_whole and not 0 <= (span.start or 0) < (span.end or 0) <= len(contender.text):
        raise StudyError(f"Answer {span.letter} has {len(contender.text)} characters: the mark lies outside of them.")
    return Flaw(
        output_id=contender.output_id,
        role=contender.role,
        category=span.category,
        severity=span.severity,
        taxonomy_id=taxonomy.id,
        taxonomy_version=str(taxonomy.version),
        span_start=None if is_whole else span.start,
        span_end=None if is_whole else span.end,
        note=span.note[:MOST_NOTE_CHARACTERS],
    )


def _stored(contender: Contender) -> dict[str, Any]:
    return {"output_id": contender.output_id, "role": contender.role}


def _key(contender: Contender) -> tuple[str, str]:
    return contender.output_id, contender.role


def _flat(ranking: Iterable[Iterable[str]]) -> list[str]:
    return [letter for tied in ranking for letter in tied]
