"""Exports: a row a rating with all that it was about, the same in three formats, and harmless in a spreadsheet."""

import csv
import json
from io import BytesIO, StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import fastparquet
import pandas

from fusion_ui.annotation.saying import lettered
from fusion_ui.annotation.studies import Studies
from fusion_ui.exchange.spreadsheets import csv_text, harmless
from fusion_ui.exchange.table_files import Format
from fusion_ui.exports.exports import Exports, Order
from fusion_ui.exports.rating_rows import COLUMNS
from fusion_ui.studies.protocol import Contender, Criterion, Unit, definition_sha256
from fusion_ui.studies.taxonomy import load_taxonomy
from storage.connection import Store
from tests.annotation.judging import Room
from tests.annotation.support import stored, unit

HOSTILE = "=cmd|' /C calc'!A0\r\n<b>\"x\";"


def content(store: Store, study_id: str, kind: Format) -> bytes:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "ratings"
        Exports(store, taxonomy=load_taxonomy()).write(Order(what="ratings", ending=kind, studies=(study_id,)), file)
        return file.read_bytes()


def frame(store: Store, study_id: str) -> pandas.DataFrame:
    return fastparquet.ParquetFile(BytesIO(content(store, study_id, "parquet"))).to_pandas()


def rows(store: Store, study_id: str) -> list[dict[str, Any]]:
    text = content(store, study_id, "jsonl").decode()
    return [json.loads(line) for line in text.splitlines()]


def tabled(store: Store, study_id: str) -> list[dict[str, str]]:
    text = content(store, study_id, "csv").decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text, newline="")))


def test_a_row_says_what_was_judged_by_whom_and_how_it_stood(store: Store, room: Room) -> None:
    study_id = stored(store, unit(0, gold=0))
    (sheet,) = room.works(study_id, "ann", lambda _: "fusion", seconds=12.5)
    study = Studies(store).study(study_id)
    (row,) = rows(store, study_id)
    assert list(row) == list(COLUMNS)
    assert (row["rater"], row["item"], row["prompt"], row["run_id"]) == ("ann", 0, "Question 0?", None)
    assert row["sides"] == lettered(each.role for each in sheet.shown)
    assert [study.units[0].contenders[place] for place in row["order"]] == list(sheet.shown)
    assert (row["verdict"], row["output_id"], row["gold"]) == ("fusion", "0 fusion", "fusion")
    assert row["sides"][row["winner_side"]] == "fusion"
    assert row["members"] == {"fusion": "model-fusion", "best": "model-best"}
    assert row["hashes"] == {each.role: each.text_sha256 for each in study.units[0].contenders}
    assert row["definition_sha256"] == definition_sha256(study.protocol, study.units)
    assert (row["seconds"], row["viewport"], row["revision"], row["is_standing"]) == (12.5, [800, 600], 1, True)
    assert (row["flags"], row["needs_lookup"]) == ([], False)


def test_what_needs_a_lookup_is_told_in_every_format(store: Store, room: Room) -> None:
    study_id = stored(store, unit(0))
    room.works(study_id, "ann", lambda _: {"verdict": "fusion", "confidence": "low", "needs_lookup": True})
    assert rows(store, study_id)[0]["needs_lookup"] is True
    assert tabled(store, study_id)[0]["needs_lookup"] == "True"
    assert frame(store, study_id)["needs_lookup"].tolist() == [True]


def test_every_revision_is_a_row_and_one_stands(store: Store, room: Room) -> None:
    study_id = stored(store, unit(0))
    (sheet,) = room.works(study_id, "ann", lambda _: "fusion", seconds=1.0)
    first = rows(store, study_id)[0]["rating_id"]
    room.says(sheet, "ann", "tie", seconds=30.0, supersedes=first)
    before, after = rows(store, study_id)
    assert (before["is_standing"], after["is_standing"]) == (False, True)
    assert (after["revision"], after["supersedes"], after["verdict"], after["winner_side"]) == (2, first, "tie", None)
    assert before["flags"] == ["too fast"]


def test_what_is_excluded_is_there_and_says_why(store: Store, room: Room) -> None:
    study_id = stored(store, unit(0))
    room.works(study_id, "ann", lambda _: "fusion")
    Studies(store).exclude(study_id, rater="ann", reason="knew who wrote what")
    (row,) = rows(store, study_id)
    assert (row["is_excluded"], row["exclusion_reason"]) == (True, "knew who wrote what")
    assert row["flags"] == ["excluded"]


def test_scores_rankings_and_skips_have_their_own_columns(store: Store, room: Room) -> None:
    criteria = (Criterion(key="a", label="a", anchors=("no", "yes")),)
    rubric = stored(store, unit(0), task="rubric", criteria=criteria)
    scores = {"fusion": {"a": 2}, "best": {"a": 1}}
    room.works(rubric, "ann", lambda _: {"verdict": "scores", "scores": scores})
    assert rows(store, rubric)[0]["criteria"] == scores
    ranking = stored(store, unit(0), task="ranking")
    room.works(ranking, "ann", lambda _: {"verdict": "ranking", "ranking": (("best",), ("fusion",))})
    assert rows(store, ranking)[0]["ranking"] == [["best"], ["fusion"]]
    skipped = stored(store, unit(0))
    room.works(skipped, "ann", lambda _: "skip", most=1)
    assert (rows(store, skipped)[0]["verdict"], rows(store, skipped)[0]["skip_reason"]) == ("skip", "unclear")


def test_the_formats_hold_the_same(store: Store, room: Room) -> None:
    study_id = stored(store, *(unit(at) for at in range(5)))
    room.works(study_id, "ann", lambda unit: "fusion" if unit.place % 2 else "skip")
    told, table, packed = rows(store, study_id), tabled(store, study_id), frame(store, study_id)
    assert list(packed.columns) == list(COLUMNS)
    for name in ("rating_id", "rater", "verdict", "prompt", "definition_sha256"):
        assert [row[name] for row in told] == [row[name] for row in table] == list(packed[name])
    assert [row["item"] for row in told] == [int(row["item"]) for row in table] == list(packed["item"])
    assert [row["sides"] for row in told] == [json.loads(cell) for cell in packed["sides"]]
    assert [row["is_standing"] for row in told] == list(packed["is_standing"])


def test_a_study_that_nobody_judged_is_an_empty_table(store: Store) -> None:
    study_id = stored(store, unit(0))
    assert rows(store, study_id) == tabled(store, study_id) == []
    assert frame(store, study_id).empty


def test_no_cell_is_run_by_a_spreadsheet(store: Store, room: Room) -> None:
    contenders = (
        Contender(output_id="a", role="fusion", text="yes", member=HOSTILE),
        Contender(output_id="b", role="best", text="no"),
    )
    study_id = stored(store, Unit(place=0, run_id="", prompt=HOSTILE, contenders=contenders), title=HOSTILE)
    room.works(study_id, "+ann", lambda _: {"verdict": "tie", "note": "@SUM(A1)"})
    (row,) = tabled(store, study_id)
    assert (row["prompt"], row["title"]) == (f"'{HOSTILE}", f"'{HOSTILE}")
    assert (row["rater"], row["note"]) == ("'+ann", "'@SUM(A1)")
    assert not [cell for cell in row.values() if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert rows(store, study_id)[0]["prompt"] == HOSTILE


def test_a_number_stays_a_number_and_a_computed_cell_a_text() -> None:
    assert [harmless(cell) for cell in (-1.5, "-1.5", "-a", " =1", "＝1", None, True)] == [
        -1.5, "-1.5", "'-a", "' =1", "'＝1", None, True,
    ]  # fmt: skip
    assert csv_text([{"a": "x", "b": 1, "c": 2}], columns=["b", "a"]) == '"b","a"\r\n1,"x"\r\n'
