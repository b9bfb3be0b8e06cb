"""What the parts of runs took, and what their judges said, for any number of runs at once; what others paid."""

import json
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from storage.rows import Reader, Row, Writer

IS_PAID_ELSEWHERE = "EXISTS (SELECT 1 FROM paid_elsewhere WHERE paid_elsewhere.id = {}.id)"
"""SQL for whether a row of this table, `runs` or `flaw_askings`, came in with a bundle."""
# A run without an outcome is under way or was killed: what had arrived by then was paid for. Recorded draws were not.
PAID_USD = f"""CASE WHEN {IS_PAID_ELSEWHERE.format("runs")} THEN 0 ELSE coalesce(outcomes.cost_usd, (
        SELECT coalesce(sum(outputs.cost_usd), 0) FROM outputs LEFT JOIN draws USING (run_id, position)
        WHERE outputs.run_id = runs.id AND coalesce(is_recorded, 0) = 0
    ) + (SELECT coalesce(sum(cost_usd), 0) FROM judgements WHERE judgements.run_id = runs.id)) END"""
"""What a run has cost here so far, for a query that joins `runs` and `outcomes`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidElsewhereRow(Row):
    """This run, or asking for flaws, came in with a bundle: no limit of ours counts it."""

    table: ClassVar[str] = "paid_elsewhere"
    id: str
    noted_at: str


class RunCost(NamedTuple):
    """What the parts of a run took: sums of what is known, None where nothing is, and how many told no price.

    Recorded candidates were paid elsewhere: they have no price here. Seconds are of the slowest call of a part.
    """

    run_id: str
    candidates: int
    unpriced: int
    cost_usd: float | None
    seconds: float | None
    judge_calls: int
    judge_unpriced: int
    judge_usd: float | None
    judge_seconds: float | None
    is_fused_by_model: int
    fusor_usd: float | None
    fusor_seconds: float | None


class JudgedPair(NamedTuple):
    """A reply of a run's judge that compared two candidates, by their outputs; no winner is a tie, or unreadable."""

    run_id: str
    judge: str
    first: str
    second: str
    winner: str | None
    is_readable: int


def note_paid_elsewhere(writer: Writer, row_id: str) -> None:
    """Stores that others paid for this run or asking."""
    writer.insert(PaidElsewhereRow(id=row_id, noted_at=writer.identity.now()))


def run_costs(reader: Reader, run_ids: list[str]) -> tuple[RunCost, ...]:
    """What these runs took, part by part."""
    priced = "CASE WHEN is_recorded THEN NULL ELSE cost_usd END"
    sql = f"""WITH chosen (id) AS (SELECT value FROM json_each(?)),
        drawn AS (SELECT outputs.run_id, count(*) AS candidates, count(*) - count({priced}) AS unpriced,
            sum({priced}) AS cost_usd, max(CASE WHEN is_recorded THEN NULL ELSE duration_ms END) / 1000 AS seconds
            FROM outputs JOIN draws USING (run_id, position)
            WHERE outputs.run_id IN (SELECT id FROM chosen) GROUP BY outputs.run_id),
        judged AS (SELECT run_id, count(text) AS calls, count(text) - count(cost_usd) AS unpriced,
            sum(cost_usd) AS cost_usd, max(duration_ms) / 1000 AS seconds
            FROM judgements WHERE run_id IN (SELECT id FROM chosen) GROUP BY run_id)
        SELECT chosen.id, coalesce(candidates, 0), coalesce(drawn.unpriced, 0), drawn.cost_usd, drawn.seconds,
            coalesce(calls, 0), coalesce(judged.unpriced, 0), judged.cost_usd, judged.seconds,
            coalesce(json_extract(body, '$.fusor_kind') = 'model', 0), fusion.cost_usd, fusion.duration_ms / 1000
        FROM chosen JOIN runs ON runs.id = chosen.id JOIN recipes ON recipes.id = recipe_id
        LEFT JOIN drawn ON drawn.run_id = chosen.id LEFT JOIN judged ON judged.run_id = chosen.id
        LEFT JOIN outputs AS fusion ON fusion.run_id = chosen.id AND fusion.role = 'fusion' ORDER BY chosen.id"""
    return tuple(map(RunCost._make, reader.execute(sql, json.dumps(run_ids))))


def output_costs(reader: Reader, output_ids: list[str]) -> dict[str, tuple[float | None, float | None]]:
    """Price in USD and seconds of each of these candidates as far as known; recorded ones were paid elsewhere."""
    sql = """SELECT outputs.id, CASE WHEN is_recorded THEN NULL ELSE cost_usd END,
        CASE WHEN is_recorded THEN NULL ELSE duration_ms / 1000 END
        FROM outputs JOIN draws USING (run_id, position) WHERE outputs.id IN (SELECT value FROM json_each(?))"""
    return {output_id: (cost, seconds) for output_id, cost, seconds in reader.execute(sql, json.dumps(output_ids))}


def judged_pairs(reader: Reader, run_ids: list[str]) -> tuple[JudgedPair, ...]:
    """What the judges of these runs said of two candidates, as they came."""
    sql = """SELECT judged.run_id, coalesce(json_extract(body, '$.judge.name'), ''), first.id, second.id,
        CASE winner WHEN first.position THEN first.id WHEN second.position THEN second.id END, is_readable
        FROM judgements AS judged JOIN runs ON runs.id = judged.run_id JOIN recipes ON recipes.id = recipe_id
        JOIN outputs AS first ON first.run_id = judged.run_id AND first.position = json_extract(shown, '$[0]')
        JOIN outputs AS second ON second.run_id = judged.run_id AND second.position = json_extract(shown, '$[1]')
        WHERE judged.run_id IN (SELECT value FROM json_each(?)) AND json_array_length(shown) = 2
        ORDER BY judged.run_id, seq"""
    return tuple(map(JudgedPair._make, reader.execute(sql, json.dumps(run_ids))))
