"""Trials: a unit given to one rater in a fixed order, kept for that person by a lease, with a draft until it is judged.

A main trial *holds a place* of its unit while its lease runs, and for good once it is judged; skipped, withdrawn and
excluded ones hold none. Places are counted inside the writer's transaction, so that raters at once cannot exceed them.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Literal, NamedTuple

from storage.errors import ConflictError, RowError
from storage.identity import later
from storage.rows import DOCUMENT, Json, Reader, Row, Writer
from storage.sequences import latest, next_seq
from storage.studies import StudyRow, UnitRows, is_closed, study_row, unit_rows

Kind = Literal["training", "main", "repeat"]


class TakenError(ConflictError):
    """All places of the unit are held by others; choose another unit."""


class ClosedError(ConflictError):
    """The study gives out no trials."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JoiningRow(Row):
    """A rater came to a study, as its `seq`-th."""

    table: ClassVar[str] = "joinings"
    study_id: str
    seq: int
    rater_id: str
    created_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialRow(Row):
    """A trial; `shown_order` lists the places of its contenders as they stood, "A" first."""

    table: ClassVar[str] = "trials"
    id: str
    study_id: str
    unit_place: int
    rater_id: str
    kind: Kind
    repeat_of: str | None = None
    position: int
    shown_order: Json = field(metadata=DOCUMENT)
    definition_sha256: str
    opened_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseRow(Row):
    """The trial is kept for its rater until `expires_at`."""

    table: ClassVar[str] = "leases"
    trial_id: str
    seq: int
    expires_at: str
    created_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftRow(Row):
    """What the rater has not said yet; the only rows that are written over."""

    table: ClassVar[str] = "drafts"
    trial_id: str
    body: Json = field(metadata=DOCUMENT)
    saved_at: str


def waits(verdict: str | None) -> bool:
    """Whether a trial of this standing verdict, None if it has none, waits to be judged, as `IS_OPEN` says in SQL."""
    return verdict in (None, "withdrawn")


class TrialState(NamedTuple):
    """A trial as a history lists it; no verdict: it was never judged ("withdrawn": it is open again)."""

    trial: TrialRow
    verdict: str | None
    saved_at: str | None
    prompt: str

    @property
    def is_open(self) -> bool:
        """See `waits`."""
        return waits(self.verdict)


class GivenTrial(NamedTuple):
    """A trial as far as what its rater is given next rests on it."""

    id: str
    unit_place: int
    kind: Kind
    verdict: str | None

    @property
    def is_open(self) -> bool:
        """See `waits`."""
        return waits(self.verdict)


STANDING = "(SELECT {} FROM trial_ratings AS said WHERE said.trial_id = trials.id ORDER BY revision DESC LIMIT 1)"
"""SQL of a column of the rating that stands for a row of `trials`."""
# The plus: SQLite would else find the order first, by an index over all trials of the study, and look for the rater's.
_IN_ORDER = "ORDER BY +id"
LEASED_UNTIL = "(SELECT iif(created_at > ?, '', expires_at) FROM leases WHERE trial_id = trials.id ORDER BY seq DESC)"
"""SQL for until when a row of `trials` is kept; empty for a lease of a wrong clock. It takes `latest_told`."""
IS_OPEN = f"coalesce({STANDING.format('verdict')}, 'withdrawn') = 'withdrawn'"
_OUT = """{0} IN (SELECT {1} FROM (SELECT {1}, is_excluded, max(seq) FROM exclusions
    WHERE study_id = {2} AND {1} IS NOT NULL GROUP BY {1}) WHERE is_excluded)"""
RATER_IS_OUT = _OUT.format("rater_id", "rater_id", "?")
TRIAL_IS_OUT = _OUT.format("trial_id", "trial_id", "?")
"""SQL for whether the rater or the trial of a row is excluded; each takes the study's id."""
IS_EXCLUDED = f"({RATER_IS_OUT} OR {_OUT.format('trials.id', 'trial_id', '?')})"
"""The same for a row of `trials` itself; it takes the study's id twice."""
SAID_IS_OUT = " OR ".join(_OUT.format(f"said.{column}", column, "said.study_id") for column in ("rater_id", "trial_id"))
"""The same for a judgement that a statement calls `said`, of any study."""


def latest_told(now: str) -> str:
    """The latest time at which a lease may have been given: beyond, a clock was ahead, and has been set right since."""
    return later(now, seconds=60.0)


def join_study(writer: Writer, *, study_id: str, rater_id: str) -> JoiningRow:
    """The rater's number in the study, which is the next one at the first call."""
    known = writer.row(JoiningRow, "WHERE study_id = ? AND rater_id = ?", study_id, rater_id)
    if known is not None:
        return known
    seq = next_seq(writer, JoiningRow, of="study_id", key=study_id)
    joining = JoiningRow(study_id=study_id, seq=seq, rater_id=rater_id, created_at=writer.identity.now())
    writer.insert(joining)
    return joining


def open_trial(
    writer: Writer,
    *,
    study_id: str,
    unit_place: int,
    rater_id: str,
    position: int,
    shown_order: Sequence[int],
    lease_s: float,
    kind: Kind = "main",
    repeat_of: str | None = None,
    beside: Collection[str] = (),
) -> TrialRow:
    """The new trial with its lease, or the one that this rater has open already, whatever its unit.

    `beside` are open trials that the rater holds and goes on holding, such as the one on the screen while the next is
    fetched. Raises `TakenError` if others hold all places of the unit, `ClosedError` if the study gives out none.
    """
    standing = resume_trial(writer, study_id=study_id, rater_id=rater_id, lease_s=lease_s, beside=beside)
    if standing is not None:
        return standing
    study, unit = _may_be_shown(writer, study_id=study_id, unit_place=unit_place, kind=kind)
    _check_order(unit, shown_order)
    if kind == "main":
        require_place(writer, study_id=study_id, unit_place=unit_place, rater_id=rater_id)
    join_study(writer, study_id=study_id, rater_id=rater_id)
    trial = TrialRow(
        id=writer.identity.new_id(),
        study_id=study_id,
        unit_place=unit_place,
        rater_id=rater_id,
        kind=kind,
        repeat_of=repeat_of,
        position=position,
        shown_order=list(shown_order),
        definition_sha256=study.definition_sha256,
        opened_at=writer.identity.now(),
    )
    writer.insert(trial)
    _lease(writer, trial.id, lease_s=lease_s)
    return trial


def resume_trial(
    writer: Writer, *, study_id: str, rater_id: str, lease_s: float, beside: Collection[str] = ()
) -> TrialRow | None:
    """The first trial that the rater was given and has not judged, kept anew; None if none is left or all are lost.

    Those that are held `beside` it are passed over.
    """
    of_rater = f"WHERE study_id = ? AND rater_id = ? AND {IS_OPEN} {_IN_ORDER}"
    for trial in writer.rows(TrialRow, of_rater, study_id, rater_id):
        if trial.id in beside:
            continue
        try:
            renew_lease(writer, trial, lease_s=lease_s)
        except TakenError:
            continue
        return trial
    return None


def renew_lease(writer: Writer, trial: TrialRow, *, lease_s: float) -> LeaseRow:
    """Keeps the trial for its rater from now on; `TakenError` if its lease ran out and others hold all places."""
    if trial.kind == "main" and not is_leased(writer, trial.id):
        require_place(writer, study_id=trial.study_id, unit_place=trial.unit_place, rater_id=trial.rater_id)
    return _lease(writer, trial.id, lease_s=lease_s)


def is_leased(writer: Writer, trial_id: str) -> bool:
    """Whether the trial is kept for its rater at this moment."""
    lease, now = latest(writer, LeaseRow, of="trial_id", key=trial_id), writer.identity.now()
    return lease is not None and lease.created_at <= latest_told(now) and lease.expires_at > now


def require_place(writer: Writer, *, study_id: str, unit_place: int, rater_id: str) -> None:
    """Raises `TakenError` unless a place of the unit is left to this rater."""
    counts = f"{STANDING.format('verdict')} NOT IN ('skip', 'withdrawn')"
    sql = f"""SELECT count(*), (SELECT overlap FROM studies WHERE id = ?) FROM trials
        WHERE study_id = ? AND unit_place = ? AND kind = 'main' AND rater_id <> ?
        AND ({counts} OR {IS_OPEN} AND {LEASED_UNTIL} > ?) AND NOT {IS_EXCLUDED}"""
    now = writer.identity.now()
    given = (study_id, study_id, unit_place, rater_id, latest_told(now), now, study_id, study_id)
    held, overlap = writer.execute(sql, *given).fetchone()
    if held >= overlap:
        raise TakenError("Others have taken this item meanwhile. Nothing was stored: go on with the next one.")


def own_trial(reader: Reader, trial_id: str, *, rater_id: str) -> TrialRow | None:
    """The trial of this id if it is this rater's, None if it is nobody's or another's."""
    return reader.row(TrialRow, "WHERE id = ? AND rater_id = ?", trial_id, rater_id)


def given_trials(reader: Reader, *, study_id: str, rater_id: str) -> tuple[GivenTrial, ...]:
    """The trials of this rater in this study, in the order in which they were opened."""
    sql = f"""SELECT id, unit_place, kind, {STANDING.format("verdict")} FROM trials
        WHERE study_id = ? AND rater_id = ? {_IN_ORDER}"""
    return tuple(map(GivenTrial._make, reader.execute(sql, study_id, rater_id)))


def trials_given(reader: Reader, *, study_id: str, rater_id: str) -> int:
    """How many trials this rater was given in this study."""
    sql = "SELECT count(*) FROM trials WHERE study_id = ? AND rater_id = ?"
    return int(reader.execute(sql, study_id, rater_id).fetchone()[0])


def trials_of(reader: Reader, *, study_id: str, rater_id: str) -> tuple[TrialState, ...]:
    """Every trial of this rater in this study, in the order in which they were opened, with the start of its prompt."""
    trials = reader.rows(TrialRow, f"WHERE study_id = ? AND rater_id = ? {_IN_ORDER}", study_id, rater_id)
    sql = f"""SELECT trials.id, {STANDING.format("verdict")}, {STANDING.format("created_at")}, substr(prompt, 1, 200)
        FROM trials JOIN study_units AS unit ON unit.study_id = trials.study_id AND unit.place = unit_place
        WHERE trials.study_id = ? AND rater_id = ?"""
    state_by_id = {trial_id: rest for trial_id, *rest in reader.execute(sql, study_id, rater_id)}
    return tuple(TrialState(trial, *state_by_id[trial.id]) for trial in trials)


def save_draft(writer: Writer, trial_id: str, *, rater_id: str, body: dict[str, Json]) -> DraftRow:
    """The draft as kept, in place of the one before; only the trial's own rater may keep one."""
    if own_trial(writer, trial_id, rater_id=rater_id) is None:
        raise RowError(f"drafts: there is no trial {trial_id!r} of this rater. Nothing was stored.")
    drop_draft(writer, trial_id)
    draft = DraftRow(trial_id=trial_id, body=body, saved_at=writer.identity.now())
    writer.insert(draft)
    return draft


def draft_of(reader: Reader, trial_id: str) -> DraftRow | None:
    """What the rater has not said yet, None if nothing is kept."""
    return reader.row(DraftRow, "WHERE trial_id = ?", trial_id)


def drop_draft(writer: Writer, trial_id: str) -> None:
    """Forgets the draft of a trial, if there is one."""
    writer.execute("DELETE FROM drafts WHERE trial_id = ?", trial_id)


def _lease(writer: Writer, trial_id: str, *, lease_s: float) -> LeaseRow:
    now = writer.identity.now()
    lease = LeaseRow(
        trial_id=trial_id,
        seq=next_seq(writer, LeaseRow, of="trial_id", key=trial_id),
        expires_at=later(now, seconds=lease_s),
        created_at=now,
    )
    writer.insert(lease)
    return lease


def _may_be_shown(writer: Writer, *, study_id: str, unit_place: int, kind: Kind) -> tuple[StudyRow, UnitRows]:
    study, unit = study_row(writer, study_id), unit_rows(writer, study_id=study_id, place=unit_place)
    if study is None or unit is None:
        raise RowError(f"trials: the study {study_id!r} has no unit {unit_place}. Nothing was stored.")
    if is_closed(writer, study_id):
        raise ClosedError("This study is closed: no more items are given out. What was saved is kept.")
    is_shown = not unit.unit.is_identical and unit.unit.same_as is None
    if not is_shown or (unit.unit.phase == "training") != (kind == "training"):
        raise RowError(f"trials: unit {unit_place} may not be shown as {kind}. Nothing was stored.")
    return study, unit


def _check_order(unit: UnitRows, shown_order: Sequence[int]) -> None:
    if sorted(shown_order) != list(range(len(unit.contenders))):
        places = len(unit.contenders)
        raise RowError(f"trials: {list(shown_order)} is no order of {places} contenders. Nothing was stored.")
