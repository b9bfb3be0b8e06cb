"""Studies as rows: what is asked, the units with their contenders, closings and exclusions.

A study never changes: another definition is another version, which names the one it supersedes. What the definition
means is not known here, but for the overlap, which `trials` keeps.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import ClassVar, Literal

from storage.errors import ConflictError, RowError
from storage.rows import DOCUMENT, FLAG, Json, Reader, Row, Writer
from storage.sequences import latest, next_seq

Role = Literal["single", "best", "fusion", "vote", "candidate"]
Phase = Literal["training", "main"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyRow(Row):
    """A study; `definition` is its protocol, `definition_sha256` the hash of protocol and units."""

    table: ClassVar[str] = "studies"
    id: str
    title: str
    definition: Json = field(metadata=DOCUMENT)
    definition_sha256: str
    overlap: int
    version: int = 1
    supersedes: str | None = None
    created_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingRow(Row):
    """A study was closed, or opened again."""

    table: ClassVar[str] = "study_closings"
    study_id: str
    seq: int
    is_closed: bool = field(metadata=FLAG)
    decided_by: str = ""
    created_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRow(Row):
    """One thing to be judged, not shown if its contenders read the same or an earlier unit (`same_as`) shows them.

    `body` is read back whole; no `run_id` means that it was imported.
    """

    table: ClassVar[str] = "study_units"
    study_id: str
    place: int
    run_id: str | None = None
    prompt: str
    phase: Phase = "main"
    is_identical: bool = field(default=False, metadata=FLAG)
    same_as: int | None = None
    body: Json = field(default_factory=dict, metadata=DOCUMENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContenderRow(Row):
    """An output as the study shows it; without a `run_id` it is known to its unit alone."""

    table: ClassVar[str] = "contenders"
    study_id: str
    unit_place: int
    place: int
    role: Role
    run_id: str | None = None
    output_id: str
    member: str = ""
    text: str
    text_sha256: str
    names: Json = field(default_factory=list, metadata=DOCUMENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExclusionRow(Row):
    """What a rater said, or one trial, counts no longer (or again), and why."""

    table: ClassVar[str] = "exclusions"
    study_id: str
    seq: int
    rater_id: str | None = None
    trial_id: str | None = None
    is_excluded: bool = field(metadata=FLAG)
    reason: str
    decided_by: str = ""
    created_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewContender:
    """A contender to be stored."""

    role: Role
    output_id: str
    text: str
    member: str = ""
    names: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUnit:
    """A unit to be stored with its contenders, all of its run (None: all imported)."""

    place: int
    prompt: str
    contenders: Sequence[NewContender]
    run_id: str | None = None
    phase: Phase = "main"
    is_identical: bool = False
    same_as: int | None = None
    body: dict[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRows:
    """A unit with its contenders by place."""

    unit: UnitRow
    contenders: tuple[ContenderRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyRows:
    """A study with its units by place, and its last closing or opening."""

    study: StudyRow
    units: tuple[UnitRows, ...]
    closing: ClosingRow | None

    @property
    def closed_at(self) -> str | None:
        """Since when no trial is given out, None while they are."""
        return self.closing.created_at if self.closing and self.closing.is_closed else None


def put_study(
    writer: Writer,
    *,
    title: str,
    definition: dict[str, Json],
    definition_sha256: str,
    overlap: int,
    units: Sequence[NewUnit],
    supersedes: str | None = None,
) -> StudyRow:
    """The study as stored; as a new version of another if it supersedes that, which only one can (`ConflictError`)."""
    study = StudyRow(
        id=writer.identity.new_id(),
        title=title,
        definition=definition,
        definition_sha256=definition_sha256,
        overlap=overlap,
        version=_next_version(writer, supersedes),
        supersedes=supersedes,
        created_at=writer.identity.now(),
    )
    writer.insert(study)
    for unit in units:
        _put_unit(writer, study.id, unit)
    return study


def study_row(reader: Reader, study_id: str) -> StudyRow | None:
    """The study of this id without its units, None if there is none."""
    return reader.row(StudyRow, "WHERE id = ?", study_id)


def study_rows(reader: Reader, study_id: str) -> StudyRows | None:
    """All that defines the study of this id, None if there is none."""
    study = study_row(reader, study_id)
    if study is None:
        return None
    contenders_by_place: dict[int, list[ContenderRow]] = {}
    for row in reader.rows(ContenderRow, "WHERE study_id = ? ORDER BY unit_place, place", study_id):
        contenders_by_place.setdefault(row.unit_place, []).append(row)
    units = reader.rows(UnitRow, "WHERE study_id = ? ORDER BY place", study_id)
    return StudyRows(
        study=study,
        units=tuple(UnitRows(unit=unit, contenders=tuple(contenders_by_place.get(unit.place, ()))) for unit in units),
        closing=latest(reader, ClosingRow, of="study_id", key=study_id),
    )


def unit_rows(reader: Reader, *, study_id: str, place: int) -> UnitRows | None:
    """One unit with its contenders, None if there is no such unit."""
    unit = reader.row(UnitRow, "WHERE study_id = ? AND place = ?", study_id, place)
    if unit is None:
        return None
    of_unit = "WHERE study_id = ? AND unit_place = ? ORDER BY place"
    return UnitRows(unit=unit, contenders=reader.rows(ContenderRow, of_unit, study_id, place))


def set_closed(writer: Writer, study_id: str, *, is_closed: bool, decided_by: str = "") -> ClosingRow:
    """Closes the study (no trial is given out), or opens it again."""
    row = ClosingRow(
        study_id=study_id,
        seq=next_seq(writer, ClosingRow, of="study_id", key=study_id),
        is_closed=is_closed,
        decided_by=decided_by,
        created_at=writer.identity.now(),
    )
    writer.insert(row)
    return row


def is_closed(reader: Reader, study_id: str) -> bool:
    """Whether the study gives out no trials."""
    closing = latest(reader, ClosingRow, of="study_id", key=study_id)
    return closing is not None and closing.is_closed


def exclude(
    writer: Writer,
    study_id: str,
    *,
    reason: str,
    rater_id: str | None = None,
    trial_id: str | None = None,
    is_excluded: bool = True,
    decided_by: str = "",
) -> ExclusionRow:
    """Takes a rater or one trial out of a study's counts, or back in: exactly one of them is named."""
    row = ExclusionRow(
        study_id=study_id,
        seq=next_seq(writer, ExclusionRow, of="study_id", key=study_id),
        rater_id=rater_id,
        trial_id=trial_id,
        is_excluded=is_excluded,
        reason=reason,
        decided_by=decided_by,
        created_at=writer.identity.now(),
    )
    writer.insert(row)
    return row


def exclusions(reader: Reader, study_id: str) -> tuple[ExclusionRow, ...]:
    """Every exclusion and its reversal, in the order in which they were decided."""
    return reader.rows(ExclusionRow, "WHERE study_id = ? ORDER BY seq", study_id)


def _next_version(writer: Writer, supersedes: str | None) -> int:
    if supersedes is None:
        return 1
    if writer.row(StudyRow, "WHERE supersedes = ?", supersedes) is not None:
        raise ConflictError(f"The study {supersedes} has a newer version already. Change that one instead.")
    former = study_row(writer, supersedes)
    return former.version + 1 if former else 2  # of an unknown one, the foreign key refuses the row


def _put_unit(writer: Writer, study_id: str, unit: NewUnit) -> None:
    writer.insert(
        UnitRow(
            study_id=study_id,
            place=unit.place,
            run_id=unit.run_id,
            prompt=unit.prompt,
            phase=unit.phase,
            is_identical=unit.is_identical,
            same_as=unit.same_as,
            body=unit.body,
        )
    )
    for place, contender in enumerate(unit.contenders):
        writer.insert(
            ContenderRow(
                study_id=study_id,
                unit_place=unit.place,
                place=place,
                role=contender.role,
                run_id=unit.run_id,
                output_id=contender.output_id,
                member=contender.member,
                text=contender.text,
                text_sha256=_text_sha256(contender.text),
                names=list(contender.names),
            )
        )


def _text_sha256(text: str) -> str:
    try:
        return sha256(text.encode()).hexdigest()
    except UnicodeEncodeError as error:
        raise RowError(f"contenders.text cannot be stored: {error}. Clean the text and try again.") from error
