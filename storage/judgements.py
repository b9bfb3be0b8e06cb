"""What raters say of their trials, with the flaws they mark: saved once a press, revised without a fork, never lost.

A correction is a new rating that supersedes the one before; taking back is one too, and opens the trial again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Literal, NamedTuple

from storage.errors import ConflictError, RowError
from storage.rows import DOCUMENT, FLAG, UNSTORABLE, Json, Reader, Row, Writer, json_text
from storage.studies import Role
from storage.trials import Kind, TrialRow, drop_draft, is_leased, own_trial, require_place

Verdict = Literal["output", "tie", "all_bad", "ranking", "scores", "skip", "withdrawn"]
UNCOUNTED: tuple[Verdict, ...] = ("skip", "withdrawn")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialRatingRow(Row):
    """A judgement; `role` is what the preferred output was shown as, `shown` what else the rater saw it by."""

    table: ClassVar[str] = "trial_ratings"
    id: str
    study_id: str
    unit_place: int
    rater_id: str
    kind: Kind
    trial_id: str
    revision: int
    verdict: Verdict
    output_id: str | None = None
    role: Role | None = None
    strength: int = 0
    body: Json = field(metadata=DOCUMENT)
    active_seconds: float | None = None
    shown: Json = field(metadata=DOCUMENT)
    is_after_reveal: bool = field(default=False, metadata=FLAG)
    is_too_fast: bool = field(default=False, metadata=FLAG)
    supersedes: str | None = None
    request_key: str
    created_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FlawRow(Row):
    """A mistake in content that a rater marked; no span: the whole answer."""

    table: ClassVar[str] = "flaws"
    id: str
    rating_id: str
    study_id: str
    unit_place: int
    output_id: str
    role: Role
    span_start: int | None = None
    span_end: int | None = None
    category: str
    severity: str
    note: str = ""
    taxonomy_id: str
    taxonomy_version: str


class Flaw(NamedTuple):
    """What a judgement marks in one output, as what it was shown; by the characters of the text as shown."""

    output_id: str
    role: Role
    category: str
    severity: str
    taxonomy_id: str
    taxonomy_version: str
    span_start: int | None = None
    span_end: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewJudgement:
    """A judgement to be stored; `supersedes` is the one that the rater saw standing (None: none)."""

    trial_id: str
    rater_id: str
    verdict: Verdict
    output_id: str | None = None
    role: Role | None = None
    strength: int = 0
    body: dict[str, Json] = field(default_factory=dict)
    flaws: Sequence[Flaw] = ()
    active_seconds: float | None = None
    shown: dict[str, Json] = field(default_factory=dict)
    is_after_reveal: bool = False
    is_too_fast: bool = False
    supersedes: str | None = None
    request_key: str


class Judgement(NamedTuple):
    """A stored judgement with its flaws, in the order in which they were given."""

    row: TrialRatingRow
    flaws: tuple[Flaw, ...]


class StaleError(ConflictError):
    """The judgement to be superseded is not the one that stands; `current` is (None: there is none)."""

    def __init__(self, current: Judgement | None) -> None:
        super().__init__(
            "This item has been judged by the same person meanwhile, in another tab perhaps. Nothing was stored: "
            "look at the judgement that stands now, then save again."
            if current
            else "The judgement to be revised is not one of this trial. Nothing was stored: save it anew."
        )
        self.current = current


def save_judgement(writer: Writer, given: NewJudgement) -> Judgement:
    """The judgement as stored: the earlier one if this request was stored before.

    Raises `StaleError` unless it supersedes the one that stands (or nothing, where there is none), and `TakenError` if
    the trial's lease ran out and others have filled its unit since.
    """
    known = writer.row(TrialRatingRow, "WHERE request_key = ?", given.request_key)
    if known is not None:
        return _repeated(_with_flaws(writer, known), given)
    trial = own_trial(writer, given.trial_id, rater_id=given.rater_id)
    if trial is None:
        raise RowError(f"trial_ratings: there is no trial {given.trial_id!r} of this rater. Nothing was stored.")
    current = standing_judgement(writer, given.trial_id)
    if given.supersedes != (current.row.id if current else None):
        raise StaleError(current)
    _check_place(writer, trial, current=current, verdict=given.verdict)
    row = _row(writer, trial, given=given, revision=current.row.revision + 1 if current else 1)
    writer.insert(row)
    for flaw in given.flaws:
        writer.insert(_flaw_row(writer, row, flaw))
    drop_draft(writer, trial.id)
    return Judgement(row, tuple(given.flaws))


def standing_judgement(reader: Reader, trial_id: str) -> Judgement | None:
    """The judgement of this trial that stands, which may be a withdrawal; None if it was never judged."""
    row = reader.row(TrialRatingRow, "WHERE trial_id = ? ORDER BY revision DESC", trial_id)
    return None if row is None else _with_flaws(reader, row)


def judgements(reader: Reader, study_id: str) -> dict[str, tuple[Judgement, ...]]:
    """Every history of the study by trial, in the order in which the trials were opened; the last of each stands."""
    flaws_by_rating: dict[str, list[Flaw]] = {}
    ordered = "WHERE study_id = ? ORDER BY id"
    for flaw in reader.rows(FlawRow, ordered, study_id):
        flaws_by_rating.setdefault(flaw.rating_id, []).append(flaw_of(flaw))
    history_by_trial: dict[str, list[Judgement]] = {}
    for row in reader.rows(TrialRatingRow, "WHERE study_id = ? ORDER BY trial_id, revision", study_id):
        judged = Judgement(row, tuple(flaws_by_rating.get(row.id, ())))
        history_by_trial.setdefault(row.trial_id, []).append(judged)
    return {trial_id: tuple(history) for trial_id, history in history_by_trial.items()}


def flaw_of(row: FlawRow) -> Flaw:
    """The flaw that this row holds."""
    return Flaw(**{name: getattr(row, name) for name in Flaw._fields})


def _check_place(writer: Writer, trial: TrialRow, *, current: Judgement | None, verdict: Verdict) -> None:
    is_counted = current is not None and current.row.verdict not in UNCOUNTED
    if trial.kind != "main" or verdict in UNCOUNTED or is_counted:
        return
    is_kept = (current is None or current.row.verdict == "withdrawn") and is_leased(writer, trial.id)
    if not is_kept:
        require_place(writer, study_id=trial.study_id, unit_place=trial.unit_place, rater_id=trial.rater_id)


def _row(writer: Writer, trial: TrialRow, *, given: NewJudgement, revision: int) -> TrialRatingRow:
    return TrialRatingRow(
        id=writer.identity.new_id(),
        study_id=trial.study_id,
        unit_place=trial.unit_place,
        rater_id=trial.rater_id,
        kind=trial.kind,
        trial_id=trial.id,
        revision=revision,
        verdict=given.verdict,
        output_id=given.output_id,
        role=given.role,
        strength=given.strength,
        body=given.body,
        active_seconds=given.active_seconds,
        shown=given.shown,
        is_after_reveal=given.is_after_reveal,
        is_too_fast=given.is_too_fast,
        supersedes=given.supersedes,
        request_key=given.request_key,
        created_at=writer.identity.now(),
    )


def _flaw_row(writer: Writer, row: TrialRatingRow, flaw: Flaw) -> FlawRow:
    return FlawRow(
        id=writer.identity.new_id(),
        rating_id=row.id,
        study_id=row.study_id,
        unit_place=row.unit_place,
        **flaw._asdict(),
    )


def _with_flaws(reader: Reader, row: TrialRatingRow) -> Judgement:
    flaws = reader.rows(FlawRow, "WHERE rating_id = ? ORDER BY id", row.id)
    return Judgement(row, tuple(flaw_of(each) for each in flaws))


def _repeated(stored: Judgement, given: NewJudgement) -> Judgement:
    # What the server adds (that it came after a reveal, which one it supersedes) may differ when a press comes again.
    said = ("trial_id", "rater_id", "verdict", "output_id", "role", "strength")
    is_same = all(getattr(stored.row, name) == getattr(given, name) for name in said)
    if is_same and _same_json(stored.row.body, given.body) and stored.flaws == tuple(given.flaws):
        return stored
    raise RowError(
        "trial_ratings: this request key belongs to another judgement. Nothing was stored: make a new key and save "
        "again."
    )


def _same_json(stored: Json, given: Json) -> bool:
    try:
        return json_text(stored) == json_text(given)
    except UNSTORABLE:
        return False
