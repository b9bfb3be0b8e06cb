"""What exports ask for a row at a time: judgements and ratings with all that stands behind them, and every flaw.

Rows come from the cursor as they are read, so that a table of any length can be written.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from storage.flaws import STANDS
from storage.ratings import Score
from storage.rows import Reader
from storage.trials import SAID_IS_OUT


class CountedJudgement(NamedTuple):
    """A judgement of a study that stands and counts; `order` are places of contenders as they stood."""

    id: str
    unit_place: int
    rater: str
    verdict: str
    output_id: str | None
    role: str | None
    strength: int
    body: dict[str, Any]
    order: list[int]
    seconds: float | None
    is_after_reveal: bool
    is_too_fast: bool
    created_at: str


class PageRating(NamedTuple):
    """A rating given on a run's page, each revision one; `standing` is whether none supersedes it."""

    id: str
    run_id: str
    rater: str
    verdict: str
    role: str | None
    output_id: str | None
    note: str
    names_visible: bool
    supersedes: str | None
    created_at: str
    revision: int
    is_standing: bool


class KnownFlaw(NamedTuple):
    """A flaw that somebody marked, with what it is on. `source`: "study", "run", or "model" for what one suggests;
    `kind` is that of a study's trial, and offsets are those of `text`.
    """

    id: str
    source: str
    kind: str | None
    study_id: str | None
    unit_place: int | None
    run_id: str | None
    prompt: str
    output_id: str
    role: str
    member: str
    model: str | None
    text: str
    rater: str
    rating_id: str | None
    category: str
    severity: str
    start: int | None
    end: int | None
    note: str
    taxonomy_id: str
    taxonomy_version: str
    supersedes: str | None
    is_standing: bool
    is_excluded: bool
    created_at: str


_COUNTED = f"""SELECT said.id, said.unit_place, raters.name, said.verdict, said.output_id, said.role, said.strength,
    said.body, trials.shown_order, said.active_seconds, said.is_after_reveal, said.is_too_fast, said.created_at
    FROM trial_ratings AS said JOIN trials ON trials.id = said.trial_id JOIN raters ON raters.id = said.rater_id
    WHERE said.study_id = ?1 AND said.kind = 'main' AND said.verdict NOT IN ('skip', 'withdrawn')
    AND NOT EXISTS (SELECT 1 FROM trial_ratings AS later WHERE later.supersedes = said.id)
    AND NOT ({SAID_IS_OUT}) ORDER BY said.unit_place, said.rowid"""
_PAGE = """SELECT ratings.id, ratings.run_id, raters.name, verdict, role, output_id, note, names_visible, supersedes,
    ratings.created_at, row_number() OVER (PARTITION BY ratings.run_id, rater_id ORDER BY ratings.rowid),
    NOT EXISTS (SELECT 1 FROM ratings AS later WHERE later.supersedes = ratings.id)
    FROM ratings JOIN raters ON raters.id = rater_id JOIN runs ON runs.id = ratings.run_id
    WHERE ratings.run_id IN (SELECT value FROM json_each(?1)) ORDER BY runs.rowid, ratings.rowid"""
_STUDY_FLAWS = f"""SELECT flaws.id, 'study', said.kind, flaws.study_id, flaws.unit_place, shown.run_id, unit.prompt,
    flaws.output_id, flaws.role, shown.member, outputs.model, shown.text, raters.name, rating_id,
    category, severity, span_start, span_end, flaws.note, taxonomy_id, taxonomy_version, NULL,
    said.verdict <> 'withdrawn' AND NOT EXISTS (SELECT 1 FROM trial_ratings AS later WHERE later.supersedes = said.id),
    {SAID_IS_OUT}, said.created_at
    FROM flaws JOIN trial_ratings AS said ON said.id = rating_id JOIN raters ON raters.id = said.rater_id
    JOIN study_units AS unit ON unit.study_id = flaws.study_id AND unit.place = flaws.unit_place
    JOIN contenders AS shown ON shown.study_id = flaws.study_id AND shown.unit_place = flaws.unit_place
        AND shown.output_id = flaws.output_id AND shown.role = flaws.role
    LEFT JOIN outputs ON outputs.run_id = shown.run_id AND outputs.id = shown.output_id
    WHERE flaws.study_id IN (SELECT value FROM json_each(?1)) ORDER BY flaws.rowid"""
_ON_OUTPUTS = """JOIN outputs ON outputs.id = {0}.output_id JOIN runs ON runs.id = {0}.run_id
    JOIN prompts ON prompts.id = runs.prompt_id WHERE {0}.run_id IN (SELECT value FROM json_each(?1))"""
_RUN_FLAWS = f"""SELECT run_flaws.id, 'run', NULL, NULL, NULL, run_flaws.run_id, prompts.text, output_id, outputs.role,
    outputs.member, outputs.model, outputs.text, raters.name, NULL, category, severity, span_start, span_end, note,
    taxonomy_id, taxonomy_version, supersedes, {STANDS}, 0, run_flaws.created_at
    FROM run_flaws JOIN raters ON raters.id = rater_id {_ON_OUTPUTS.format("run_flaws")} ORDER BY run_flaws.rowid"""
_MODEL_FLAWS = f"""SELECT flaw.id, 'model', NULL, NULL, NULL, asking.run_id, prompts.text, output_id, outputs.role,
    outputs.member, outputs.model, outputs.text, asking.member, NULL, category, severity, span_start, span_end,
    flaw.note, taxonomy_id, taxonomy_version, NULL, 1, 0, asking.created_at
    FROM suggested_flaws AS flaw JOIN flaw_askings AS asking ON asking.id = asking_id {_ON_OUTPUTS.format("asking")}
    ORDER BY flaw.rowid"""
_SEVERITIES = f"""SELECT category, severity FROM flaws JOIN trial_ratings AS said ON said.id = rating_id
    WHERE flaws.output_id = ?1 AND ((flaws.study_id = ?2 AND flaws.unit_place = ?3)
        OR EXISTS (SELECT 1 FROM outputs WHERE id = ?1))
    AND said.verdict <> 'withdrawn' AND NOT ({SAID_IS_OUT})
    AND NOT EXISTS (SELECT 1 FROM trial_ratings AS later WHERE later.supersedes = said.id)
    UNION ALL SELECT category, severity FROM run_flaws WHERE output_id = ?1 AND {STANDS}"""


def counted_judgements(reader: Reader, study_id: str) -> Iterator[CountedJudgement]:
    """The judgements of the study that count, unit by unit; rehearsals and repeats are no further opinions."""
    for cells in reader.execute(_COUNTED, study_id):
        row = CountedJudgement._make(cells)
        yield row._replace(
            body=json.loads(cells[7]),
            order=json.loads(cells[8]),
            is_after_reveal=bool(row.is_after_reveal),
            is_too_fast=bool(row.is_too_fast),
        )


def page_ratings(reader: Reader, run_ids: Sequence[str]) -> Iterator[PageRating]:
    """Every rating given on the pages of these runs, run by run, as they came."""
    for cells in reader.execute(_PAGE, json.dumps(run_ids)):
        row = PageRating._make(cells)
        yield row._replace(names_visible=bool(row.names_visible), is_standing=bool(row.is_standing))


def scores_of(reader: Reader, rating_id: str) -> tuple[Score, ...]:
    """The scores given with a rating."""
    sql = "SELECT output_id, role, criterion, value FROM scores WHERE rating_id = ? ORDER BY output_id, role, criterion"
    return tuple(map(Score._make, reader.execute(sql, rating_id)))


def known_flaws(reader: Reader, *, study_ids: Sequence[str], run_ids: Sequence[str]) -> Iterator[KnownFlaw]:
    """Every flaw marked in these studies, then those marked on these runs, then what models suggest for these runs."""
    for sql, ids in ((_STUDY_FLAWS, study_ids), (_RUN_FLAWS, run_ids), (_MODEL_FLAWS, run_ids)):
        for cells in reader.execute(sql, json.dumps(ids)):
            row = KnownFlaw._make(cells)
            yield row._replace(is_standing=bool(row.is_standing), is_excluded=bool(row.is_excluded))


def marked_on(
    reader: Reader, output_id: str, *, study_id: str | None = None, unit_place: int | None = None
) -> list[tuple[str, str]]:
    """Category and severity of what people mark on this output at present, wherever they do.

    An output that was imported is known to its unit alone.
    """
    return reader.execute(_SEVERITIES, output_id, study_id, unit_place).fetchall()


def fused_runs(reader: Reader, run_ids: Sequence[str]) -> tuple[str, ...]:
    """Those of these runs that have a fused answer, in the order in which they were stored."""
    sql = """SELECT runs.id FROM runs JOIN outputs ON outputs.run_id = runs.id AND outputs.role = 'fusion'
        WHERE runs.id IN (SELECT value FROM json_each(?)) ORDER BY runs.rowid"""
    return tuple(run_id for (run_id,) in reader.execute(sql, json.dumps(run_ids)))


def ids_of(reader: Reader, table: str, ids: Sequence[str] | None = None) -> tuple[str, ...]:
    """The ids there are in `runs` or `studies`, of these if some are named, in the order in which they were stored."""
    chosen = "" if ids is None else "WHERE id IN (SELECT value FROM json_each(?))"
    found = reader.execute(
        f"SELECT id FROM {table} {chosen} ORDER BY rowid", *(() if ids is None else (json.dumps(ids),))
    )
    return tuple(each for (each,) in found)


def runs_shown(reader: Reader, study_ids: Sequence[str]) -> tuple[str, ...]:
    """The runs whose outputs these studies show."""
    sql = """SELECT id FROM runs WHERE id IN (SELECT run_id FROM study_units
        WHERE study_id IN (SELECT value FROM json_each(?)) AND run_id IS NOT NULL) ORDER BY rowid"""
    return tuple(run_id for (run_id,) in reader.execute(sql, json.dumps(study_ids)))
