"""Cases as files: each run's report with its facts and what people said of it, written piece by piece.

Columns of the tables are a contract; new ones may be added. What has parts is JSON in one cell.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from fusion_ui.exchange.spreadsheets import csv_text
from fusion_ui.exchange.table_files import Format, columns_of, write_table
from fusion_ui.inspection.index import Index
from fusion_ui.replay import StoredRun
from fusion_ui.report import report
from fusion_ui.ui.inspection.list_cards import listed_card

_AT_ONCE = 50
_CHUNK = 1 << 20
_WHOLE = "seed draws failures length prompt_length ratings_count flaws_count"
_REAL = "stability cost"
_FLAGS = "right_vote right_best right_fusion"
_TEXTS = """run_id started_at parent_run_id app_version origin ended stop language prompt reference leader
    best_output_id best_text fusion_output_id fusion_text worst"""
_PARTS = "members tags failure_kinds disagree is loss studies candidates tally evidence selection fusion ratings flaws"
COLUMNS = [*_TEXTS.split(), *_WHOLE.split(), *_REAL.split(), *_FLAGS.split(), *_PARTS.split()]
_KINDS = columns_of(" ".join(COLUMNS), whole=_WHOLE, real=_REAL, flag=_FLAGS)  # parts are JSON by then


def exported(
    index: Index, stored_run: Callable[[str], StoredRun], run_ids: Sequence[str], kind: Format
) -> Iterator[bytes]:
    """The cases in this format and order."""
    starts = range(0, max(len(run_ids), 1), _AT_ONCE)  # a file without cases has columns all the same
    chunks = (_told(index, stored_run, run_ids[at : at + _AT_ONCE]) for at in starts)
    if kind == "jsonl":
        return ("".join(json.dumps(told, ensure_ascii=False) + "\n" for told in chunk).encode() for chunk in chunks)
    rows = ([_row(told) for told in chunk] for chunk in chunks)
    return _csv(rows) if kind == "csv" else _parquet(rows)


def _told(index: Index, stored_run: Callable[[str], StoredRun], run_ids: Sequence[str]) -> list[dict[str, Any]]:
    opinions, titles = index.opinions(run_ids), index.titles()
    told = []
    for case in index.cases(run_ids):
        run = stored_run(case.row.run_id)
        output_ids = {row.position: row.id for row in run.rows.candidates}
        outlines: dict[str, Any] = report(run)
        for candidate in outlines["candidates"]:
            candidate["output_id"] = output_ids.get(candidate["position"])
        whole = {
            "started_at": run.rows.run.started_at,
            "parent_run_id": run.rows.run.parent_run_id,
            "app_version": run.rows.run.app_version,
            "best_output_id": run.rows.selection.output_id if run.rows.selection else None,
            "fusion_output_id": run.rows.fusion.id if run.rows.fusion else None,
        }
        told.append(outlines | whole | {"facts": listed_card(case, titles=titles)} | opinions[case.row.run_id])
    return told


def _row(told: Mapping[str, Any]) -> dict[str, Any]:
    """A case as one row of a table."""
    facts, right = told["facts"], told["facts"]["right"] or {}
    text_by_id = {candidate["output_id"]: candidate["text"] for candidate in told["candidates"]}
    counts = told["tally"]
    is_led = counts and (len(counts) == 1 or counts[0]["count"] > counts[1]["count"])
    flat = facts | {
        **told,
        "stop": facts["stop"],
        "failures": facts["failures"],
        "leader": counts[0]["answer"] if is_led else None,
        "best_text": text_by_id.get(told["best_output_id"]),
        "fusion_text": told["fusion"]["text"] if told["fusion"] else None,
        "worst": facts["flaws"]["worst"],
        "ratings_count": facts["ratings"],
        "flaws_count": facts["flaws"]["count"],
        **{f"right_{party}": right.get(party) for party in ("vote", "best", "fusion")},
    }
    return {name: _cell(flat[name]) for name in COLUMNS}


def _cell(value: object) -> object:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | tuple | dict) else value


def _csv(chunks: Iterator[list[dict[str, Any]]]) -> Iterator[bytes]:
    # A spreadsheet reads a file as UTF-8 only if it begins with this mark.
    yield ("\ufeff" + csv_text([], columns=COLUMNS)).encode()
    for rows in chunks:
        yield csv_text(rows, columns=COLUMNS).partition("\r\n")[2].encode()


def _parquet(chunks: Iterator[list[dict[str, Any]]]) -> Iterator[bytes]:
    """One file, in groups of rows, by way of the disk: a selection may be larger than memory."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "cases.parquet"
        write_table(path, chain.from_iterable(chunks), columns=_KINDS, kind="parquet")
        with path.open("rb") as file:
            yield from iter(lambda: file.read(_CHUNK), b"")
