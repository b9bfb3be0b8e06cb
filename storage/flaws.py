"""What people find wrong with the outputs of a run, and what models suggest: two tables that are never mixed.

A flaw is changed or removed by a row that supersedes it: a chain for each flaw, never a fork. A press that arrives
twice carries the same `request_key` and is stored once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, NamedTuple

from storage.errors import ConflictError, RowError
from storage.rows import DOCUMENT, FLAG, Json, Reader, Row, Writer
from storage.trials import SAID_IS_OUT

STANDS = "is_removed = 0 AND NOT EXISTS (SELECT 1 FROM run_flaws AS later WHERE later.supersedes = run_flaws.id)"
"""Whether a row of run_flaws is the last of its chain, and no removal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFlawRow(Row):
    """A flaw that a person marked outside studies; no span: the whole output."""

    table: ClassVar[str] = "run_flaws"
    id: str
    run_id: str
    output_id: str
    rater_id: str
    span_start: int | None = None
    span_end: int | None = None
    category: str
    severity: str
    note: str = ""
    is_removed: bool = field(default=False, metadata=FLAG)
    taxonomy_id: str
    taxonomy_version: str
    suggestion_id: str | None = None
    supersedes: str | None = None
    request_key: str
    created_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FlawAskingRow(Row):
    """A model was asked for the flaws of an output; `failure` says why there is no answer, `text` is the reply."""

    table: ClassVar[str] = "flaw_askings"
    id: str
    run_id: str
    output_id: str
    member: str
    model: str
    prompt_version: str
    taxonomy_id: str
    taxonomy_version: str
    seed: int
    failure: Json = field(default=None, metadata=DOCUMENT)
    text: str = ""
    input_tokens: int | None = None
    output_tokens: int | None = None
    cost_usd: float | None = None
    duration_ms: float | None = None
    request_key: str
    created_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestedFlawRow(Row):
    """A flaw that a model suggested; no span: the whole output."""

    table: ClassVar[str] = "suggested_flaws"
    id: str
    asking_id: str
    span_start: int | None = None
    span_end: int | None = None
    category: str
    severity: str
    note: str = ""


class Suggested(NamedTuple):
    """A flaw as a model suggests it, before it is stored."""

    category: str
    severity: str
    start: int | None = None
    end: int | None = None
    note: str = ""


class ChangedError(ConflictError):
    """The flaw to be changed is not as its owner saw it."""

    def __init__(self) -> None:
        super().__init__(
            "This flaw has been changed or removed meanwhile, in another tab perhaps. Nothing was stored: look at the "
            "flaws as they are now, then try again."
        )


def standing_run_flaws(reader: Reader, run_id: str) -> tuple[RunFlawRow, ...]:
    """The flaws of this run that stand, of everybody, the earliest first."""
    return reader.rows(RunFlawRow, f"WHERE run_id = ? AND {STANDS} ORDER BY rowid", run_id)


def flaw_by_id(reader: Reader, flaw_id: str) -> RunFlawRow | None:
    """The row of this id, whether it stands or not."""
    return reader.row(RunFlawRow, "WHERE id = ?", flaw_id)


def flaw_acts(reader: Reader, *, run_id: str, rater_id: str) -> tuple[RunFlawRow, ...]:
    """Every row of this person and this run, in the order in which they were stored."""
    return reader.rows(RunFlawRow, "WHERE run_id = ? AND rater_id = ? ORDER BY rowid", run_id, rater_id)


def known_request(reader: Reader, request_key: str) -> RunFlawRow | None:
    """What this press stored before, if it did."""
    return reader.row(RunFlawRow, "WHERE request_key = ?", request_key)


def is_superseded(reader: Reader, flaw_id: str) -> bool:
    """Whether a later row changed this one."""
    return reader.row(RunFlawRow, "WHERE supersedes = ?", flaw_id) is not None


def is_suggested_for(reader: Reader, suggestion_id: str, *, output_id: str) -> bool:
    """Whether a model suggested this for this output."""
    sql = """SELECT 1 FROM suggested_flaws AS each JOIN flaw_askings ON flaw_askings.id = asking_id
        WHERE each.id = ? AND output_id = ?"""
    return reader.execute(sql, suggestion_id, output_id).fetchone() is not None


def insert_flaw(writer: Writer, flaw: RunFlawRow) -> RunFlawRow:
    """The flaw as stored: the earlier row if this request was stored before.

    Raises ChangedError unless what it supersedes stands.
    """
    known = known_request(writer, flaw.request_key)
    if known is not None:
        return _repeated(known, flaw)
    if flaw.supersedes is not None and is_superseded(writer, flaw.supersedes):
        raise ChangedError
    writer.insert(flaw)
    return flaw


def _repeated(stored: RunFlawRow, given: RunFlawRow) -> RunFlawRow:
    if stored == replace(given, id=stored.id, created_at=stored.created_at):
        return stored
    raise RowError(
        "run_flaws: this request key belongs to another mark. Nothing was stored: make a new key and mark it again."
    )


def insert_asking(writer: Writer, asking: FlawAskingRow, suggested: Sequence[Suggested]) -> FlawAskingRow:
    """The asking as stored with what it came to: the earlier one if this request was stored before."""
    known = asking_by_key(writer, asking.request_key)
    if known is not None:
        return known
    writer.insert(asking)
    for each in suggested:
        writer.insert(
            SuggestedFlawRow(
                id=writer.identity.new_id(),
                asking_id=asking.id,
                span_start=each.start,
                span_end=each.end,
                category=each.category,
                severity=each.severity,
                note=each.note,
            )
        )
    return asking


def asking_by_key(reader: Reader, request_key: str) -> FlawAskingRow | None:
    """The asking that this press stored, if it did."""
    return reader.row(FlawAskingRow, "WHERE request_key = ?", request_key)


def askings(reader: Reader, run_id: str) -> tuple[FlawAskingRow, ...]:
    """Every asking about outputs of this run, the earliest first."""
    return reader.rows(FlawAskingRow, "WHERE run_id = ? ORDER BY rowid", run_id)


def suggestions(reader: Reader, run_id: str) -> tuple[SuggestedFlawRow, ...]:
    """Everything suggested for outputs of this run, in the order of the replies."""
    chosen = "WHERE asking_id IN (SELECT id FROM flaw_askings WHERE run_id = ?) ORDER BY rowid"
    return reader.rows(SuggestedFlawRow, chosen, run_id)


def takers(reader: Reader, run_id: str) -> list[tuple[str, str]]:
    """Which suggestions people took over in this run, with the name of each who did."""
    sql = f"""SELECT suggestion_id, name FROM run_flaws JOIN raters ON raters.id = rater_id
        WHERE run_id = ? AND suggestion_id IS NOT NULL AND {STANDS} ORDER BY run_flaws.rowid"""
    return reader.execute(sql, run_id).fetchall()


class StudyFlaw(NamedTuple):
    """A flaw marked in a study on an output of a run, by the text as the study showed it.

    `shown` is that text where it is not the output's own (names were hidden, `names`), `text` the output's own then.
    An excluded one, a repeat or a training counts in no number.
    """

    id: str
    run_id: str
    output_id: str
    rater: str
    study_id: str
    title: str
    category: str
    severity: str
    start: int | None
    end: int | None
    note: str
    created_at: str
    is_excluded: bool
    shown: str | None
    text: str | None
    names: Json


_OF_STUDIES = f"""SELECT flaws.id, shown.run_id, flaws.output_id, raters.name, flaws.study_id, studies.title,
    flaws.category, flaws.severity, flaws.span_start, flaws.span_end, flaws.note, said.created_at,
    said.kind <> 'main' OR {SAID_IS_OUT},
    iif(shown.text = outputs.text, NULL, shown.text), iif(shown.text = outputs.text, NULL, outputs.text), shown.names
FROM flaws
JOIN trial_ratings AS said ON said.id = flaws.rating_id
    AND NOT EXISTS (SELECT 1 FROM trial_ratings AS later WHERE later.supersedes = said.id)
JOIN contenders AS shown ON shown.study_id = flaws.study_id AND shown.unit_place = flaws.unit_place
    AND shown.output_id = flaws.output_id AND shown.role = flaws.role AND shown.run_id IS NOT NULL
JOIN outputs ON outputs.id = flaws.output_id
JOIN raters ON raters.id = said.rater_id
JOIN studies ON studies.id = flaws.study_id"""


def study_flaws(reader: Reader, run_id: str | None = None) -> tuple[StudyFlaw, ...]:
    """The flaws of standing judgements on outputs of this run, or of all runs, the earliest first."""
    if run_id is None:
        cursor = reader.execute(f"{_OF_STUDIES} ORDER BY flaws.rowid")
    else:
        of_run = "WHERE flaws.output_id IN (SELECT id FROM outputs WHERE run_id = ?1) AND shown.run_id = ?1"
        cursor = reader.execute(f"{_OF_STUDIES} {of_run} ORDER BY flaws.rowid", run_id)
    return tuple(_study_flaw(cells) for cells in cursor)


def _study_flaw(cells: Sequence[Any]) -> StudyFlaw:
    found = StudyFlaw(*cells)
    names = DOCUMENT["codec"].decode(found.names)
    return found._replace(is_excluded=bool(found.is_excluded), names=names)


def output_texts(reader: Reader, run_id: str) -> dict[str, str] | None:
    """The stored text of each output of this run by its id; None if there is no such run."""
    if reader.execute("SELECT 1 FROM runs WHERE id = ?", run_id).fetchone() is None:
        return None
    return dict(reader.execute("SELECT id, text FROM outputs WHERE run_id = ? ORDER BY id", run_id).fetchall())
