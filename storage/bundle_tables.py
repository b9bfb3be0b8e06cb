"""Which rows make up whole studies and runs, table after table, so that each row finds what it points at before it.

Of people there is the name they rate under and nothing else: users, passwords, invitations, sessions, attempts to log
in, drafts, leases, the visitors and askers of runs, and which runs others paid for are in no bundle.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from storage.catalogue import PromptRow, RecipeRow
from storage.corrections import RegroupingRow, SourceCorrectionRow
from storage.flaws import FlawAskingRow, RunFlawRow, SuggestedFlawRow
from storage.judgements import FlawRow, TrialRatingRow
from storage.lab import RecordedAnswerRow, RecordingRow, ReplayRow, WeightingRow
from storage.ratings import RaterRow, RatingRow, ScoreRow
from storage.rows import Reader, Row, columns
from storage.runs import (
    DrawRow,
    FailureRow,
    FusionStartRow,
    JudgementRow,
    OutcomeRow,
    OutputRow,
    RunRow,
    SelectionRow,
    StopRow,
)
from storage.studies import ClosingRow, ContenderRow, ExclusionRow, StudyRow, UnitRow
from storage.trials import JoiningRow, TrialRow

_RUNS = "(SELECT value FROM json_each(?1, '$.runs'))"
_STUDIES = "(SELECT value FROM json_each(?1, '$.studies'))"
_OF_RUNS = f"run_id IN {_RUNS}"
_OF_STUDIES = f"study_id IN {_STUDIES}"
_OF_LAB = "json_extract(?1, '$.lab')"
_SPEAKERS = " UNION ".join(
    f"SELECT rater_id FROM {table} WHERE {chosen}"
    for table, chosen in {
        "joinings": _OF_STUDIES,
        "exclusions": f"{_OF_STUDIES} AND rater_id IS NOT NULL",
        **dict.fromkeys(("ratings", "run_flaws", "regroupings", "source_corrections"), _OF_RUNS),
    }.items()
)
TABLES: Mapping[type[Row], str] = {
    PromptRow: f"id IN (SELECT prompt_id FROM runs WHERE id IN {_RUNS})",
    RecipeRow: f"id IN (SELECT recipe_id FROM runs WHERE id IN {_RUNS})",
    RunRow: f"id IN {_RUNS}",
    DrawRow: _OF_RUNS,
    OutputRow: _OF_RUNS,
    FailureRow: _OF_RUNS,
    StopRow: _OF_RUNS,
    JudgementRow: _OF_RUNS,
    SelectionRow: _OF_RUNS,
    FusionStartRow: _OF_RUNS,
    OutcomeRow: _OF_RUNS,
    RaterRow: f"id IN ({_SPEAKERS})",
    RatingRow: _OF_RUNS,
    ScoreRow: _OF_RUNS,
    FlawAskingRow: _OF_RUNS,
    SuggestedFlawRow: f"asking_id IN (SELECT id FROM flaw_askings WHERE {_OF_RUNS})",
    RunFlawRow: _OF_RUNS,
    RegroupingRow: _OF_RUNS,
    SourceCorrectionRow: _OF_RUNS,
    StudyRow: f"id IN {_STUDIES}",
    UnitRow: _OF_STUDIES,
    ContenderRow: _OF_STUDIES,
    ClosingRow: _OF_STUDIES,
    JoiningRow: _OF_STUDIES,
    TrialRow: _OF_STUDIES,
    TrialRatingRow: _OF_STUDIES,
    FlawRow: _OF_STUDIES,
    ExclusionRow: _OF_STUDIES,
    RecordingRow: _OF_LAB,
    RecordedAnswerRow: _OF_LAB,
    ReplayRow: _OF_LAB,
    WeightingRow: _OF_LAB,
}
"""SQL for the rows of each table that belong to what is chosen; ?1 is the choice as JSON."""
_ALL_STUDIES = """WITH RECURSIVE wanted (id) AS (SELECT value FROM json_each(?1, '$.studies')
    UNION SELECT supersedes FROM studies JOIN wanted USING (id) WHERE supersedes IS NOT NULL)
    SELECT studies.id FROM studies JOIN wanted USING (id) ORDER BY studies.rowid"""
_ALL_RUNS = f"""WITH RECURSIVE wanted (id) AS (SELECT value FROM json_each(?1, '$.runs')
    UNION SELECT run_id FROM study_units WHERE {_OF_STUDIES} AND run_id IS NOT NULL
    UNION SELECT parent_run_id FROM runs JOIN wanted USING (id) WHERE parent_run_id IS NOT NULL)
    SELECT runs.id FROM runs JOIN wanted USING (id) ORDER BY runs.rowid"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Runs and studies with all that they point at: what a bundle holds."""

    runs: tuple[str, ...]
    studies: tuple[str, ...]
    has_lab: bool = False

    @property
    def parameter(self) -> str:
        """The choice as the tables' SQL takes it."""
        return json.dumps({"runs": self.runs, "studies": self.studies, "lab": int(self.has_lab)})


def chosen(reader: Reader, *, runs: Sequence[str] = (), studies: Sequence[str] = (), has_lab: bool = False) -> Chosen:
    """These studies with the versions before them, and these runs with those they and the studies came from."""
    asked = Chosen(runs=tuple(runs), studies=tuple(studies))
    with_versions = tuple(row[0] for row in reader.execute(_ALL_STUDIES, asked.parameter))
    whole = Chosen(runs=asked.runs, studies=with_versions)
    with_parents = tuple(row[0] for row in reader.execute(_ALL_RUNS, whole.parameter))
    return Chosen(runs=with_parents, studies=with_versions, has_lab=has_lab)


def everything(reader: Reader, *, has_lab: bool = False) -> Chosen:
    """Every run and every study."""
    runs, studies = (
        tuple(row[0] for row in reader.execute(f"SELECT id FROM {table} ORDER BY rowid"))
        for table in ("runs", "studies")
    )
    return Chosen(runs=runs, studies=studies, has_lab=has_lab)


def count_rows(reader: Reader, wanted: Chosen) -> dict[str, int]:
    """How many rows of each table belong to the choice; tables without any are left out."""
    counts = {
        row_type.table: int(
            reader.execute(
                f"SELECT count(*) FROM {row_type.table} WHERE {belongs}", *_given(belongs, wanted)
            ).fetchone()[0]
        )
        for row_type, belongs in TABLES.items()
    }
    return {table: count for table, count in counts.items() if count}


def chosen_rows(reader: Reader, row_type: type[Row], wanted: Chosen) -> Iterator[dict[str, Any]]:
    """The rows of one table as values by column, one at a time, in the order in which they were stored.

    That is an order in which a row that supersedes another, or repeats it, comes after that one.
    """
    shape, belongs = columns(row_type), TABLES[row_type]
    names = ", ".join(column.name for column in shape)
    sql = f"SELECT {names} FROM {row_type.table} WHERE {belongs} ORDER BY rowid"
    for cells in reader.execute(sql, *_given(belongs, wanted)):
        yield {
            column.name: cell if column.codec is None or cell is None else column.codec.decode(cell)
            for column, cell in zip(shape, cells, strict=True)
        }


def values_of(row: Row) -> dict[str, Any]:
    """The row as values by column."""
    return {each.name: getattr(row, each.name) for each in fields(row)}


def _given(belongs: str, wanted: Chosen) -> tuple[str, ...]:
    return (wanted.parameter,) if "?1" in belongs else ()
