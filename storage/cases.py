"""The index of cases: what is known of each finished run for lists to filter, sort and count by, and which are stale.

All of it can be made again from the other tables; `case_words` holds what can be searched.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar, NamedTuple

from storage.case_words import Note, index_case, index_notes
from storage.rows import DOCUMENT, Cell, Json, Reader, Row, Writer, columns, json_text

ABANDONED_S = 86_400.0
"""A run that has no outcome a day after it began has died with its program: limits end all others long before."""
PROMPT_CHARACTERS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class StaleRow(Row):
    """Something about the run changed since it was indexed, or it never was."""

    table: ClassVar[str] = "stale_runs"
    mark: int
    run_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelRow(Row):
    """One thing that cases can be filtered by."""

    table: ClassVar[str] = "case_labels"
    id: int
    kind: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow(Row):
    """A case as indexed; `labels` are ids, `revision` grows with each change of any case."""

    table: ClassVar[str] = "cases"
    id: int
    run_id: str
    revision: int
    started_ms: int
    draws: int
    failures: int
    length: int
    prompt_length: int
    ratings: int
    flaws: int
    flaw_weight: float
    stability: float | None = None
    cost_usd: float | None = None
    labels: Json = field(metadata=DOCUMENT)


CASE_COLUMNS = tuple(column.name for column in columns(CaseRow))


class Label(NamedTuple):
    """A thing to filter by, by name."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCase:
    """A case to be indexed; see `CaseRow`."""

    run_id: str
    started_ms: int
    draws: int
    failures: int
    length: int
    prompt_length: int
    ratings: int
    flaws: int
    flaw_weight: float
    stability: float | None
    cost_usd: float | None
    labels: tuple[Label, ...]


class Wording(NamedTuple):
    """The words of a case, cut and folded, with spaces between them."""

    prompt: str
    answers: str


class PageRow(NamedTuple):
    """What a list shows of a case beside its figures; `prompt` is its beginning, `labels` are ids."""

    run_id: str
    started_at: str
    prompt: str
    labels: list[int]


def stale_runs(reader: Reader, *, limit: int) -> tuple[StaleRow, ...]:
    """Runs to be indexed, the last marked first, each with its last mark."""
    sql = """SELECT max(mark), run_id FROM (SELECT mark, run_id FROM stale_runs ORDER BY mark DESC LIMIT ?)
        GROUP BY run_id ORDER BY 1 DESC"""
    return tuple(StaleRow(mark=mark, run_id=run_id) for mark, run_id in reader.execute(sql, limit))


def stale_count(reader: Reader) -> int:
    """How many marks there are."""
    return int(reader.execute("SELECT count(*) FROM stale_runs").fetchone()[0])


def mark_abandoned(writer: Writer, *, before: str) -> None:
    """Marks runs that began before this time, have no outcome and were never indexed."""
    sql = """INSERT INTO stale_runs (run_id) SELECT id FROM runs WHERE started_at < ?
        AND NOT EXISTS (SELECT 1 FROM outcomes WHERE run_id = runs.id)
        AND NOT EXISTS (SELECT 1 FROM cases WHERE run_id = runs.id)
        AND NOT EXISTS (SELECT 1 FROM stale_runs WHERE run_id = runs.id)"""
    writer.execute(sql, before)


def unmark(writer: Writer, stale: StaleRow) -> bool:
    """Takes away the marks of a run up to this one: whether there were any, or another process was quicker."""
    cursor = writer.execute("DELETE FROM stale_runs WHERE run_id = ? AND mark <= ?", stale.run_id, stale.mark)
    return cursor.rowcount > 0


def is_indexed(reader: Reader, run_id: str) -> bool:
    """Whether the run is a case already, so that its words are in the index."""
    return reader.execute("SELECT 1 FROM cases WHERE run_id = ?", run_id).fetchone() is not None


def put_case(writer: Writer, case: NewCase, *, wording: Wording | None, notes: Sequence[Note]) -> None:
    """Stores what is known of the case now. Its words are needed the first time (texts never change), notes always."""
    figures: dict[str, Cell] = {name: cell for name, cell in asdict(case).items() if name != "labels"}
    figures["labels"] = json_text([_label_id(writer, label) for label in dict.fromkeys(case.labels)])
    figures["revision"] = writer.execute("SELECT coalesce(max(revision), 0) + 1 FROM cases").fetchone()[0]
    known = writer.execute("SELECT id FROM cases WHERE run_id = ?", case.run_id).fetchone()
    if known is None:
        case_id = _inserted(writer, "cases", figures)
        index_case(
            writer, case_id, prompt=wording.prompt if wording else "", answers=wording.answers if wording else ""
        )
    else:
        case_id = known[0]
        changes = ", ".join(f"{name} = ?" for name in figures)
        writer.execute(f"UPDATE cases SET {changes} WHERE id = ?", *figures.values(), case_id)
    index_notes(writer, case_id, notes)


def cases_since(reader: Reader, revision: int) -> list[tuple[Any, ...]]:
    """The cells of every case that changed after this revision, as `CASE_COLUMNS` has them; labels are still JSON."""
    sql = f"SELECT {', '.join(CASE_COLUMNS)} FROM cases WHERE revision > ? ORDER BY revision"
    return reader.execute(sql, revision).fetchall()


def labels_since(reader: Reader, label_id: int) -> tuple[LabelRow, ...]:
    """The labels made after this one, in the order of their ids."""
    return reader.rows(LabelRow, "WHERE id > ? ORDER BY id", label_id)


def page_rows(reader: Reader, run_ids: Sequence[str]) -> dict[str, PageRow]:
    """What a list shows of these cases, by run."""
    sql = f"""SELECT cases.run_id, started_at, substr(text, 1, {PROMPT_CHARACTERS + 1}), cases.labels
        FROM cases JOIN runs ON runs.id = cases.run_id JOIN prompts ON prompts.id = prompt_id
        WHERE cases.run_id IN (SELECT value FROM json_each(?))"""
    found = reader.execute(sql, json.dumps(list(run_ids)))
    return {cells[0]: PageRow._make((*cells[:3], json.loads(cells[3]))) for cells in found}


def _inserted(writer: Writer, table: str, cells: Mapping[str, Cell]) -> int:
    sql = f"INSERT INTO {table} ({', '.join(cells)}) VALUES ({', '.join('?' * len(cells))})"
    return int(writer.execute(sql, *cells.values()).lastrowid or 0)


def _label_id(writer: Writer, label: Label) -> int:
    known = writer.execute("SELECT id FROM case_labels WHERE kind = ? AND value = ?", *label).fetchone()
    return int(known[0]) if known else _inserted(writer, "case_labels", label._asdict())
