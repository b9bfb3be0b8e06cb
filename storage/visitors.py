"""Which visitor of a public demo began a run. Only the hash of a visitor's cookie comes in here."""

from dataclasses import dataclass
from typing import ClassVar

from storage.rows import Reader, Row, Writer


@dataclass(frozen=True, slots=True, kw_only=True)
class RunVisitorRow(Row):
    """This visitor began this run; a run has one visitor or none."""

    table: ClassVar[str] = "run_visitors"
    run_id: str
    visitor_sha256: str
    claimed_at: str


def claim_run(writer: Writer, *, run_id: str, visitor_sha256: str) -> RunVisitorRow:
    """The row that says whose run this is; `RowError` if it is somebody's already."""
    row = RunVisitorRow(run_id=run_id, visitor_sha256=visitor_sha256, claimed_at=writer.identity.now())
    writer.insert(row)
    return row


def visitor_of_run(reader: Reader, run_id: str) -> str | None:
    """The hash of the visitor who began this run, None where no visitor did."""
    row = reader.row(RunVisitorRow, "WHERE run_id = ?", run_id)
    return row.visitor_sha256 if row else None
