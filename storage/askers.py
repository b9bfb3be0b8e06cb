"""Who began a run, and what was begun and spent within some time. Of names and addresses only hashes with a key come in
here (`storage.keys`): who has the rows alone finds none by trying.
"""

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from storage.rows import Reader, Row, Writer
from storage.run_costs import IS_PAID_ELSEWHERE, PAID_USD


@dataclass(frozen=True, slots=True, kw_only=True)
class RunAskerRow(Row):
    """Somebody asked for this run; of a run that nobody is counted for there is none."""

    table: ClassVar[str] = "run_askers"
    run_id: str
    asker_sha256: str
    asked_at: str


_SPENT = f"SELECT coalesce(sum({PAID_USD}), 0) FROM runs LEFT JOIN outcomes ON outcomes.run_id = runs.id"
_SPENT_BY = f"""{_SPENT} JOIN run_askers ON run_askers.run_id = runs.id
    WHERE asker_sha256 = ? AND asked_at BETWEEN ? AND ?"""
_SPENT_ON_FLAWS = f"""SELECT coalesce(sum(cost_usd), 0) FROM flaw_askings
    WHERE created_at BETWEEN ? AND ? AND NOT {IS_PAID_ELSEWHERE.format("flaw_askings")}"""


class Span(NamedTuple):
    """The time between two moments. It has an end because a clock may have been ahead and been set right since."""

    start: str
    end: str


def put_asker(writer: Writer, *, run_id: str, asker_sha256: str) -> None:
    """Stores who asked for a run."""
    writer.insert(RunAskerRow(run_id=run_id, asker_sha256=asker_sha256, asked_at=writer.identity.now()))


def asked_at(reader: Reader, asker_sha256: str, *, ago: int, within: Span) -> str | None:
    """When this asker began the last run but `ago` of this time, None where there are not so many."""
    tail = "WHERE asker_sha256 = ? AND asked_at BETWEEN ? AND ? ORDER BY asked_at DESC LIMIT 1 OFFSET ?"
    found = reader.execute(f"SELECT asked_at FROM run_askers {tail}", asker_sha256, *within, ago).fetchone()
    return str(found[0]) if found else None


def spent_usd(reader: Reader, *, within: Span) -> float:
    """What all runs that began in this time have cost here so far, as far as prices are known, and asking for flaws."""
    of_runs = reader.execute(f"{_SPENT} WHERE started_at BETWEEN ? AND ?", *within).fetchone()[0]
    return float(of_runs + reader.execute(_SPENT_ON_FLAWS, *within).fetchone()[0])


def spent_usd_by(reader: Reader, asker_sha256: str, *, within: Span) -> float:
    """What the runs that this asker began in this time have cost so far."""
    return float(reader.execute(_SPENT_BY, asker_sha256, *within).fetchone()[0])
