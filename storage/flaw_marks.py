"""Flaws of all runs at once, for counting: a few statements, however many runs there are."""

import json
from collections.abc import Collection
from typing import NamedTuple

from storage.flaws import STANDS
from storage.rows import Reader


class MarkRow(NamedTuple):
    """What somebody, a person or a model, said of an output; no category: that nothing is wrong with it."""

    run_id: str
    output_id: str
    rater: str
    category: str | None
    severity: str
    start: int | None
    end: int | None
    note: str


# Whatever a run's marks, or what its outputs are, can follow from.
_SOURCES = (
    "run_flaws", "flaws", "trial_ratings", "exclusions", "flaw_askings", "regroupings", "outputs", "selections"
)  # fmt: skip


class OutputFacts(NamedTuple):
    """What an output is; `prompt_version` is the fusor's, None of a candidate."""

    run_id: str
    id: str
    role: str
    position: int | None
    member: str
    answer: str | None
    prompt_version: str | None
    is_best: bool


def marks_state(reader: Reader) -> tuple[int, ...]:
    """A state that is the same as long as nothing was stored that marks or outputs follow from: tables only grow."""
    counts = ", ".join(f"coalesce((SELECT max(rowid) FROM {table}), 0)" for table in _SOURCES)
    return tuple(reader.execute(f"SELECT {counts}").fetchone())


def run_marks(reader: Reader) -> list[MarkRow]:
    """Every standing mark of people outside studies, in the order in which they were made."""
    sql = f"""SELECT run_id, output_id, name, category, severity, span_start, span_end, note
        FROM run_flaws JOIN raters ON raters.id = rater_id WHERE {STANDS} ORDER BY run_flaws.rowid"""
    return [MarkRow(*cells) for cells in reader.execute(sql)]


def model_marks(reader: Reader) -> list[MarkRow]:
    """What models suggest, or that they found nothing: of each output and member by the latest asking that answered."""
    sql = """SELECT run_id, output_id, member,
            category, coalesce(severity, ''), span_start, span_end, coalesce(note, '')
        FROM flaw_askings AS asking LEFT JOIN suggested_flaws ON asking_id = asking.id
        WHERE failure IS NULL AND NOT EXISTS (
            SELECT 1 FROM flaw_askings AS later WHERE later.run_id = asking.run_id AND later.rowid > asking.rowid
            AND later.output_id = asking.output_id AND later.member = asking.member AND later.failure IS NULL)
        ORDER BY asking.rowid, suggested_flaws.rowid"""
    return [MarkRow(*cells) for cells in reader.execute(sql)]


def output_facts(reader: Reader, run_ids: Collection[str]) -> list[OutputFacts]:
    """The outputs of these runs, run by run and candidates by position, the fusion first."""
    sql = """SELECT outputs.run_id, id, role, position, member, answer,
            iif(role = 'fusion', json_extract(detail, '$.prompt_version'), NULL), id IS output_id
        FROM outputs LEFT JOIN selections ON selections.run_id = outputs.run_id
        WHERE outputs.run_id IN (SELECT value FROM json_each(?)) ORDER BY outputs.run_id, position"""
    cursor = reader.execute(sql, json.dumps(sorted(run_ids)))
    return [OutputFacts._make((*cells[:-1], bool(cells[-1]))) for cells in cursor]
