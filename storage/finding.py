"""Runs by what they are about: which ones a filter leaves, and what there is to filter by."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from storage.rows import Cell, Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFilter:
    """Which runs: these ids, of a prompt with any of these tags, in this language, begun since, the latest so many.

    What is None or empty asks for nothing; `since` is a day or a time, as UTC text.
    """

    ids: tuple[str, ...] | None = None
    tags: tuple[str, ...] = ()
    language: str | None = None
    since: str | None = None
    limit: int | None = None


class FoundRun(NamedTuple):
    """A run that a filter leaves; one that has not ended may still change."""

    id: str
    is_ended: bool


class Counted(NamedTuple):
    """How many runs have this."""

    name: str
    runs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunsOffered:
    """What the runs of a store can be chosen by."""

    runs: int
    first_at: str | None
    last_at: str | None
    tags: tuple[Counted, ...]
    languages: tuple[Counted, ...]
    roles: tuple[Counted, ...]


_HAS_TAG = """EXISTS (SELECT 1 FROM json_each(prompts.tags) WHERE value IN (SELECT value FROM json_each(?)))"""
_COUNTED = (
    "SELECT {0}, count(*) FROM runs JOIN prompts ON prompts.id = runs.prompt_id {1} GROUP BY 1 ORDER BY 2 DESC, 1"
)
_ROLES = """SELECT
    (SELECT count(*) FROM outputs WHERE role = 'fusion'),
    (SELECT count(*) FROM selections),
    (SELECT count(DISTINCT run_id) FROM outputs WHERE role = 'candidate' AND answer IS NOT NULL),
    (SELECT count(DISTINCT run_id) FROM outputs WHERE role = 'candidate')"""


def found_runs(reader: Reader, wanted: RunFilter) -> tuple[FoundRun, ...]:
    """The runs that the filter leaves, in the order in which they began."""
    clauses, cells = _clauses(wanted)
    where = f"WHERE {' AND '.join(clauses)}" if clauses else ""
    sql = f"""SELECT runs.id, run_id IS NOT NULL FROM runs JOIN prompts ON prompts.id = runs.prompt_id
        LEFT JOIN outcomes ON outcomes.run_id = runs.id {where}
        ORDER BY runs.started_at DESC, runs.id DESC LIMIT ?"""
    # SQLite reads a negative limit as none.
    limit = -1 if wanted.limit is None else max(wanted.limit, 0)
    found = [FoundRun(run_id, bool(is_ended)) for run_id, is_ended in reader.execute(sql, *cells, limit)]
    return tuple(reversed(found))


def unknown_runs(reader: Reader, ids: Sequence[str]) -> tuple[str, ...]:
    """Those of the ids that name no run."""
    sql = "SELECT value FROM json_each(?) WHERE value NOT IN (SELECT id FROM runs)"
    return tuple(str(run_id) for (run_id,) in reader.execute(sql, json.dumps(list(ids))))


def runs_offered(reader: Reader) -> RunsOffered:
    """What there is to choose by, the most frequent first."""
    runs, first_at, last_at = reader.execute("SELECT count(*), min(started_at), max(started_at) FROM runs").fetchone()
    tags = reader.execute(_COUNTED.format("tag.value", ", json_each(prompts.tags) AS tag"))
    languages = reader.execute(_COUNTED.format("language", "WHERE language IS NOT NULL"))
    fusion, best, vote, candidate = reader.execute(_ROLES).fetchone()
    roles = {"fusion": fusion, "best": best, "vote": vote, "single": candidate, "candidate": candidate}
    return RunsOffered(
        runs=runs,
        first_at=first_at,
        last_at=last_at,
        tags=tuple(Counted(str(tag), count) for tag, count in tags),
        languages=tuple(Counted(language, count) for language, count in languages),
        roles=tuple(Counted(role, count) for role, count in roles.items()),
    )


def _clauses(wanted: RunFilter) -> tuple[list[str], list[Cell]]:
    asked: tuple[tuple[str, Cell], ...] = (
        ("runs.id IN (SELECT value FROM json_each(?))", None if wanted.ids is None else json.dumps(list(wanted.ids))),
        (_HAS_TAG, json.dumps(list(wanted.tags)) if wanted.tags else None),
        ("prompts.language = ?", wanted.language),
        ("runs.started_at >= ?", wanted.since),
    )
    chosen = [(clause, cell) for clause, cell in asked if cell is not None]
    return [clause for clause, _ in chosen], [cell for _, cell in chosen]
