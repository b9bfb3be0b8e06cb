"""Runs as rows: the report of each (`fusion_ui.report`) with its ids, its hashes and the whole recipe."""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from fusion_ui.exchange.table_files import columns_of
from fusion_ui.exports.rating_rows import run_facts
from fusion_ui.exports.scopes import Scope
from fusion_ui.replay import StoredRun, read_run
from fusion_ui.report import report
from storage.rows import Reader
from storage.runs import OutputRow

COLUMNS = columns_of(
    """run_id run_started_at ended origin parent_run_id run_app_version seed prompt_id prompt language tags reference
    recipe_id recipe draws leader stop best_output_id best_text fusion_output_id fusion_text
    input_tokens output_tokens cost_usd duration_ms candidates tally unanswered evidence selection fusion judgements
    failures""",
    whole="seed draws input_tokens output_tokens",
    real="cost_usd duration_ms",
    parts="tags recipe stop candidates tally unanswered evidence selection fusion judgements failures",
)


def run_rows(reader: Reader, scope: Scope) -> Iterator[dict[str, Any]]:
    """The runs with those that the studies show, as they were stored."""
    for run_id in scope.runs(reader):
        yield _row(read_run(reader, run_id))


def _row(run: StoredRun) -> dict[str, Any]:
    rows = run.rows
    told, row_by_id = report(run), {row.id: row for row in rows.outputs}
    row_by_position = {row.position: row for row in rows.candidates}
    best = row_by_id[rows.selection.output_id] if rows.selection else None
    counts = told["tally"]
    is_led = counts and (len(counts) == 1 or counts[0]["count"] > counts[1]["count"])
    for candidate in told["candidates"]:
        candidate |= _named(row_by_position.get(candidate["position"]))
    if told["fusion"] is not None:
        told["fusion"] |= _named(rows.fusion)
    totals = ("input_tokens", "output_tokens", "cost_usd", "duration_ms")
    return {
        **told,
        **run_facts(rows.run, rows.recipe.body),
        **{name: getattr(rows.outcome, name, None) for name in totals},
        "parent_run_id": rows.run.parent_run_id,
        "language": run.prompt.language,
        "tags": list(run.prompt.tags),
        "draws": len(rows.draws),
        "leader": counts[0]["answer"] if is_led else None,
        "best_output_id": best.id if best else None,
        "best_text": best.text if best else None,
        "fusion_output_id": rows.fusion.id if rows.fusion else None,
        "fusion_text": rows.fusion.text if rows.fusion else None,
        "judgements": [
            {"shown": each.shown, "winner": each.winner, "score": each.score, "reason": each.reason}
            for each in rows.judgements
        ],
    }


def _named(row: OutputRow | None) -> dict[str, Any]:
    if row is None:
        return {"output_id": None, "text_sha256": None, "created_at": None}
    return {"output_id": row.id, "text_sha256": sha256(row.text.encode()).hexdigest(), "created_at": row.created_at}
