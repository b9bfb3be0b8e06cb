"""The runs of one prompt, and how they come from each other: a retry or a rerun names the run that it began from."""

import json
from collections.abc import Sequence
from typing import NamedTuple

from storage.rows import Json, Reader


class Sibling(NamedTuple):
    """A run beside others of its prompt."""

    id: str
    started_at: str
    origin: str
    parent_run_id: str | None
    recipe: Json
    ended: str | None
    draws: int
    cost_usd: float | None


class Said(NamedTuple):
    """The answer that was read in a candidate, None where it gives none."""

    run_id: str
    output_id: str
    answer: str | None


_UP = """WITH RECURSIVE up(id, step) AS (
    SELECT parent_run_id, 1 FROM runs WHERE id = ?1 AND parent_run_id IS NOT NULL
    UNION ALL SELECT runs.parent_run_id, step + 1 FROM runs JOIN up ON runs.id = up.id
        WHERE runs.parent_run_id IS NOT NULL AND step < ?2)
    SELECT id FROM up"""
_DOWN = """WITH RECURSIVE down(id) AS (
    SELECT id FROM runs WHERE parent_run_id = ?1
    UNION ALL SELECT runs.id FROM runs JOIN down ON runs.parent_run_id = down.id LIMIT ?2)
    SELECT id FROM down"""
# By rowid, as the index of prompts holds it: the latest of a hundred thousand runs are found without sorting them.
_LATEST = "SELECT id FROM runs WHERE prompt_id = ? ORDER BY rowid DESC LIMIT ?"
_SIBLINGS = """SELECT runs.id, runs.started_at, runs.origin, runs.parent_run_id, recipes.body, outcomes.ended,
        (SELECT count(*) FROM outputs WHERE outputs.run_id = runs.id AND role = 'candidate'), outcomes.cost_usd
    FROM runs JOIN recipes ON recipes.id = runs.recipe_id LEFT JOIN outcomes ON outcomes.run_id = runs.id
    WHERE runs.id IN (SELECT value FROM json_each(?)) ORDER BY runs.started_at DESC, runs.id DESC"""


def ancestors(reader: Reader, run_id: str, *, limit: int) -> tuple[str, ...]:
    """The run that this one began from, the one that one began from, and so on."""
    return tuple(each for (each,) in reader.execute(_UP, run_id, limit))


def descendants(reader: Reader, run_id: str, *, limit: int) -> tuple[str, ...]:
    """The runs that began from this one, and from those."""
    return tuple(each for (each,) in reader.execute(_DOWN, run_id, limit))


def runs_of_prompt(reader: Reader, prompt_id: str, *, limit: int) -> tuple[str, ...]:
    """The latest runs of a prompt, the last one first."""
    return tuple(each for (each,) in reader.execute(_LATEST, prompt_id, limit))


def run_count_of(reader: Reader, prompt_id: str) -> int:
    """How many runs a prompt has."""
    return int(reader.execute("SELECT count(*) FROM runs WHERE prompt_id = ?", prompt_id).fetchone()[0])


def siblings(reader: Reader, ids: Sequence[str]) -> tuple[Sibling, ...]:
    """These runs with their recipes, the latest first."""
    found = reader.execute(_SIBLINGS, json.dumps(list(ids)))
    return tuple(sibling._replace(recipe=json.loads(str(sibling.recipe))) for sibling in map(Sibling._make, found))


def answers_in(reader: Reader, ids: Sequence[str]) -> tuple[Said, ...]:
    """What was read in the candidates of these runs, by position."""
    sql = """SELECT run_id, id, answer FROM outputs
        WHERE run_id IN (SELECT value FROM json_each(?)) AND role = 'candidate'
        ORDER BY run_id, position"""
    return tuple(map(Said._make, reader.execute(sql, json.dumps(list(ids)))))
