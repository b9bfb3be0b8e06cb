"""What people put right about a run, beside what was stored: answers grouped anew, sources of a fusion's passages.

Every correction stays; the latest holds. A press that arrives twice carries the same `request_key` and counts once.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar, NamedTuple, TypeVar

from storage.errors import ConflictError, RowError
from storage.overviews import rater_names
from storage.rows import DOCUMENT, FLAG, Json, Reader, Row, Writer
from storage.sequences import next_seq


@dataclass(frozen=True, slots=True, kw_only=True)
class RegroupingRow(Row):
    """How a person groups the answers of a run from now on; an empty body takes all such grouping back."""

    table: ClassVar[str] = "regroupings"
    run_id: str
    seq: int = 0  # given when the row is stored
    rater_id: str
    body: Json = field(metadata=DOCUMENT)
    note: str = ""
    request_key: str
    created_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCorrectionRow(Row):
    """Whether a passage of the fused text rests on a candidate, as a person sees it; None = as the program saw it."""

    table: ClassVar[str] = "source_corrections"
    run_id: str
    seq: int = 0  # given when the row is stored
    rater_id: str
    span_start: int
    span_end: int
    position: int
    is_source: bool | None = field(metadata=FLAG)
    request_key: str
    created_at: str


R = TypeVar("R", RegroupingRow, SourceCorrectionRow)


class Corrections(NamedTuple):
    """Everything that was put right about a run, in the order in which it was; names of raters by their id."""

    regroupings: tuple[RegroupingRow, ...]
    sources: tuple[SourceCorrectionRow, ...]
    names: dict[str, str]

    @property
    def grouping(self) -> Json:
        """The body of the regrouping that holds, None where there is none."""
        return self.regroupings[-1].body if self.regroupings else None


def corrections(reader: Reader, run_id: str) -> Corrections:
    """All corrections of this run."""
    of_run = "WHERE run_id = ? ORDER BY seq"
    regroupings = reader.rows(RegroupingRow, of_run, run_id)
    sources = reader.rows(SourceCorrectionRow, of_run, run_id)
    names = rater_names(reader, {row.rater_id for row in regroupings} | {row.rater_id for row in sources})
    return Corrections(regroupings, sources, names)


def grouping_of(reader: Reader, run_id: str) -> Json:
    """The body of the regrouping of this run that holds, None where there is none."""
    row = reader.row(RegroupingRow, "WHERE run_id = ? ORDER BY seq DESC", run_id)
    return row.body if row else None


def groupings_of(reader: Reader, run_ids: Sequence[str]) -> dict[str, Json]:
    """The body that holds for each of these runs that has one."""
    ids = json.dumps(list(run_ids))
    rows = reader.rows(RegroupingRow, "WHERE run_id IN (SELECT value FROM json_each(?)) ORDER BY run_id, seq", ids)
    return {row.run_id: row.body for row in rows}


def insert_correction(writer: Writer, row: R, *, seen: int | None = None) -> R:
    """The correction as stored: the earlier one if this request was stored before.

    With `seen`, the number of the last one that its author had before the eyes (0: none), ConflictError where others
    were made meanwhile.
    """
    table = type(row)
    known = writer.row(table, "WHERE request_key = ?", row.request_key)
    if known is not None:
        if replace(known, seq=row.seq, created_at=row.created_at) != row:
            raise RowError(
                f"{row.table}: this request key belongs to another correction. Nothing was stored: make a new key."
            )
        return known
    seq = next_seq(writer, table, of="run_id", key=row.run_id)
    if seen is not None and seen != seq - 1:
        raise ConflictError(
            "Somebody else has corrected this run meanwhile. Nothing was stored: look at it as it is now, then decide."
        )
    numbered = replace(row, seq=seq)
    writer.insert(numbered)
    return numbered
