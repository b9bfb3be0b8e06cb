"""Ratings as rows: those of studies as `annotation.exports` tells them, and those of runs' pages in the same columns.

Beside what was said stands what it was about: prompt and recipe by their hashes, the recipe itself, the seed, and the
versions of the app. On a run's page names are visible and all outputs stand at once: there is no order to tell.
"""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any

from fusion_ui.annotation.exports import rating_rows as study_rating_rows
from fusion_ui.annotation.shelf import read_study
from fusion_ui.exchange.table_files import columns_of
from fusion_ui.exports.scopes import Scope
from fusion_ui.exports.shown_recipes import shown_recipe
from fusion_ui.ratings import contenders_of
from fusion_ui.replay import StoredRun, read_run
from storage.catalogue import RecipeRow
from storage.provenance import PageRating, page_ratings, scores_of
from storage.rows import Json, Reader
from storage.runs import RunRow

COLUMNS = columns_of(
    """source study_id title version definition_sha256 is_blind rating_id trial_id revision is_standing supersedes
    saved_at opened_at rater kind repeat_of number item run_id prompt_id prompt language reference gold
    order sides roles outputs members models hashes verdict output_id winner_side strength
    ranking best worst criteria reasons spans confidence note skip_reason
    seconds is_too_fast is_after_reveal is_excluded exclusion_reason flags aids app_version viewport needs_lookup
    recipe_id recipe seed origin run_app_version run_started_at""",
    whole="version revision number item strength seed",
    real="seconds",
    flag="is_blind is_standing is_too_fast is_after_reveal is_excluded needs_lookup",
    parts="order sides roles outputs members models hashes ranking criteria reasons spans flags aids viewport recipe",
)
_NO_RUN = dict.fromkeys(("prompt_id", "recipe_id", "recipe", "seed", "origin", "run_app_version", "run_started_at"))
_UNSAID: Mapping[str, Any] = dict.fromkeys(COLUMNS) | {
    "source": "compare", "kind": "compare", "is_blind": False, "strength": 0, "reasons": {}, "spans": [], "aids": [],
    "needs_lookup": False, "is_too_fast": False, "is_after_reveal": False, "is_excluded": False,
    "flags": ["names visible"],
}  # fmt: skip


def rating_rows(reader: Reader, scope: Scope) -> Iterator[dict[str, Any]]:
    """Every rating of the studies, study by study, then every one given on a page of the runs; revisions included."""
    for study_id in scope.study_ids:
        yield from _of_study(reader, study_id)
    yield from _of_pages(reader, scope)


def _of_study(reader: Reader, study_id: str) -> Iterator[dict[str, Any]]:
    study = read_study(reader, study_id)
    facts_by_run: dict[str, dict[str, Any]] = {}
    for row in study_rating_rows(reader, study):
        run_id = row["run_id"]
        if run_id and run_id not in facts_by_run:
            facts_by_run[run_id] = _run_facts(reader, run_id)
        around = facts_by_run[run_id] if run_id else _NO_RUN
        yield row | around | {"source": "study", "is_blind": study.protocol.is_blind}


def _run_facts(reader: Reader, run_id: str) -> dict[str, Any]:
    (run,) = reader.rows(RunRow, "WHERE id = ?", run_id)
    (recipe,) = reader.rows(RecipeRow, "WHERE id = ?", run.recipe_id)
    return run_facts(run, recipe.body)


def run_facts(run: RunRow, recipe: Json) -> dict[str, Any]:
    """What a row says of the run it is about."""
    return {
        "prompt_id": run.prompt_id,
        "recipe_id": run.recipe_id,
        "recipe": shown_recipe(recipe),
        "seed": run.seed,
        "origin": run.origin,
        "run_app_version": run.app_version,
        "run_started_at": run.started_at,
    }


def _of_pages(reader: Reader, scope: Scope) -> Iterator[dict[str, Any]]:
    around: dict[str, Any] = {}
    for rating in page_ratings(reader, scope.run_ids):
        if around.get("run_id") != rating.run_id:  # they come run by run
            around = _about(read_run(reader, rating.run_id))
        yield {**_UNSAID, **around, **_said(reader, rating, around)}


def _about(run: StoredRun) -> dict[str, Any]:
    row_by_id = {row.id: row for row in run.rows.outputs}
    rows = {name: row_by_id[each.output_id] for name, each in contenders_of(run).items()}
    return run_facts(run.rows.run, run.rows.recipe.body) | {
        "run_id": run.rows.run.id,
        "prompt": run.prompt.text,
        "language": run.prompt.language,
        "reference": run.prompt.reference,
        "roles": list(rows),
        "outputs": {name: row.id for name, row in rows.items()},
        "members": {name: row.member for name, row in rows.items()},
        "models": {name: row.model for name, row in rows.items()},
        "hashes": {name: sha256(row.text.encode()).hexdigest() for name, row in rows.items()},
        "app_version": run.rows.run.app_version,
    }


def _said(reader: Reader, rating: PageRating, around: Mapping[str, Any]) -> dict[str, Any]:
    criteria: dict[str, dict[str, float]] = {}
    for score in scores_of(reader, rating.id):
        label = _label(score.role, score.output_id, around)
        criteria.setdefault(label, {})[score.criterion] = score.value
    is_output = rating.role is not None and rating.output_id is not None
    return {
        "rating_id": rating.id,
        "revision": rating.revision,
        "is_standing": rating.is_standing,
        "supersedes": rating.supersedes,
        "saved_at": rating.created_at,
        "rater": rating.rater,
        "verdict": _label(rating.role or "", rating.output_id or "", around) if is_output else rating.verdict,
        "output_id": rating.output_id,
        "criteria": criteria or None,
        "note": rating.note,
        "is_blind": not rating.names_visible,
        "flags": ["names visible"] if rating.names_visible else [],
    }


def _label(role: str, output_id: str, around: Mapping[str, Any]) -> str:
    """What an output is called on the page: "best", or "candidate:3" for one that was rated as a candidate."""
    outputs: Mapping[str, str] = around["outputs"]
    called = (name for name, known in outputs.items() if known == output_id and name.partition(":")[0] == role)
    return next(called, role)
