"""Ratings, runs and flaws as tables: several studies at once, runs' pages beside them, and all that it was about."""

import json
from hashlib import sha256
from pathlib import Path

import anyio
import fastparquet
import pytest

from fusion_ui.annotation.exports import COLUMNS as STUDY_COLUMNS
from fusion_ui.annotation.shelf import NoStudyError
from fusion_ui.annotation.studies import Studies
from fusion_ui.engine.values import Failure
from fusion_ui.exports import flaw_rows, rating_rows, run_rows
from fusion_ui.exports.exports import Exports, Order, What
from fusion_ui.exports.scopes import ExportError
from fusion_ui.exports.shown_recipes import shown_recipe
from fusion_ui.inspection.flaws import Flaws
from fusion_ui.inspection.marking import Mark
from fusion_ui.replay import NoRunError, StoredRun
from storage.connection import Store
from tests.annotation.judging import Room
from tests.annotation.support import stored, unit
from tests.exports.support import TAXONOMY, cells, lines, rated, says_with_flaw, study_of_run
from tests.inspection.casework import Ear, ran, recipe

HOSTILE = "=cmd|'/C calc'!A0\r\n'\"x\";"


def test_ratings_of_several_studies_and_of_pages_have_the_same_columns(
    store: Store, room: Room, run: StoredRun, tmp_path: Path
) -> None:
    first, second = stored(store, unit(0)), study_of_run(store, run)
    for study_id in (first, second):
        room.works(study_id, "ann", lambda _: "fusion")
    rated(store, run, "best", note=HOSTILE)
    rows = lines(store, tmp_path, "ratings")
    assert [(row["source"], row["study_id"], row["verdict"]) for row in rows] == [
        ("study", first, "fusion"), ("study", second, "fusion"), ("compare", None, "best"),
    ]  # fmt: skip
    assert all(list(row) == list(rating_rows.COLUMNS) for row in rows)
    assert set(rating_rows.COLUMNS) >= set(STUDY_COLUMNS)


def test_a_rating_of_a_run_brings_prompt_and_recipe_by_hash_and_whole(
    store: Store, room: Room, run: StoredRun, tmp_path: Path
) -> None:
    study_id = study_of_run(store, run)
    room.works(study_id, "ann", lambda _: "fusion")
    rated(store, run, "fusion")
    for row in lines(store, tmp_path, "ratings"):
        assert (row["run_id"], row["prompt_id"]) == (run.rows.run.id, run.rows.run.prompt_id)
        assert (row["recipe_id"], row["recipe"]) == (run.rows.run.recipe_id, shown_recipe(run.rows.recipe.body))
        assert (row["seed"], row["run_started_at"]) == (run.rows.run.seed, run.rows.run.started_at)
        assert row["output_id"] == row["outputs"]["fusion"] == run.rows.outputs[-1].id
        assert row["hashes"]["fusion"] == sha256(run.rows.outputs[-1].text.encode()).hexdigest()


def test_a_page_rating_tells_every_revision_with_stars_by_name(store: Store, run: StoredRun, tmp_path: Path) -> None:
    first = rated(store, run, "candidate:2", stars={"candidate:2": 4, "best": 3})
    rated(store, run, "tie", supersedes=first)
    before, after = lines(store, tmp_path, "ratings", runs=(run.rows.run.id,))
    assert (before["verdict"], before["revision"], before["is_standing"]) == ("candidate:2", 1, False)
    assert before["criteria"] == {"candidate:2": {"stars": 4.0}, "best": {"stars": 3.0}}
    assert (after["verdict"], after["revision"], after["is_standing"], after["supersedes"]) == ("tie", 2, True, first)
    assert (after["is_blind"], after["flags"], after["kind"]) == (False, ["names visible"], "compare")


def test_a_named_study_comes_alone(store: Store, room: Room, run: StoredRun, tmp_path: Path) -> None:
    mine, other = stored(store, unit(0)), stored(store, unit(0, texts=("x", "y")))
    for study_id in (mine, other):
        room.works(study_id, "ann", lambda _: "tie")
    rated(store, run, "best")
    assert {row["study_id"] for row in lines(store, tmp_path, "ratings", studies=(mine,))} == {mine}


def test_a_run_is_told_with_its_outputs_hashes_and_recipe(store: Store, run: StoredRun, tmp_path: Path) -> None:
    (row,) = lines(store, tmp_path, "runs")
    assert list(row) == list(run_rows.COLUMNS)
    assert (row["run_id"], row["leader"], row["draws"]) == (run.rows.run.id, "40", 4)
    assert [each["output_id"] for each in row["candidates"]] == [each.id for each in run.rows.candidates]
    assert row["candidates"][0]["text_sha256"] == sha256(run.rows.candidates[0].text.encode()).hexdigest()
    picked = {each.id: each.text for each in run.rows.candidates}[row["best_output_id"]]
    assert (row["fusion_text"], row["best_text"]) == (run.rows.outputs[-1].text, picked)
    assert (row["recipe"], len(row["judgements"])) == (shown_recipe(run.rows.recipe.body), len(run.rows.judgements))


def test_runs_of_a_study_are_those_that_it_shows(store: Store, run: StoredRun, tmp_path: Path) -> None:
    assert [row["run_id"] for row in lines(store, tmp_path, "runs", studies=(study_of_run(store, run),))] == [
        run.rows.run.id
    ]
    assert lines(store, tmp_path, "runs", studies=(stored(store, unit(0)),)) == []


def test_flaws_of_studies_and_of_runs_are_told_apart_and_quoted(
    store: Store, room: Room, run: StoredRun, tmp_path: Path
) -> None:
    study_id = study_of_run(store, run, takes_spans=True)
    says_with_flaw(room, study_id, "ann", verdict="best", on="fusion", span=("reasoning", "major", 4, 9, HOSTILE))
    mark = Mark(output_id=run.rows.candidates[0].id, category="answer", severity="minor")
    Flaws(store, taxonomy=TAXONOMY).mark(run.rows.run.id, "bob", mark, key="a key of a press")
    row, on_page = lines(store, tmp_path, "flaws")
    assert (on_page["source"], on_page["rater"], on_page["quote"], on_page["study_id"]) == ("run", "bob", "", None)
    assert list(row) == list(flaw_rows.COLUMNS)
    assert (row["source"], row["study_id"], row["rater"], row["is_standing"]) == ("study", study_id, "ann", True)
    assert (row["quote"], row["start"], row["end"]) == (run.rows.outputs[-1].text[4:9], 4, 9)
    assert cells(store, tmp_path, "flaws")[0]["note"] == "'" + HOSTILE


@pytest.mark.parametrize("what", ["ratings", "runs", "flaws"])
def test_csv_parquet_and_lines_hold_the_same_rows(
    what: What, store: Store, room: Room, run: StoredRun, tmp_path: Path
) -> None:
    room.works(study_of_run(store, run), "ann", lambda _: {"verdict": "fusion", "note": HOSTILE})
    rated(store, run, "all_bad", note=HOSTILE)
    told = lines(store, tmp_path, what)
    Exports(store, taxonomy=TAXONOMY).write(Order(what=what, ending="parquet"), tmp_path / "p")
    table = fastparquet.ParquetFile(str(tmp_path / "p")).to_pandas()
    key = {"ratings": "rating_id", "runs": "run_id", "flaws": "flaw_id"}[what]
    assert table[key].tolist() == [row[key] for row in cells(store, tmp_path, what)] == [row[key] for row in told]
    if what == "ratings":
        assert [json.loads(each) for each in table["outputs"]] == [row["outputs"] for row in told]
        assert table["note"].tolist() == [HOSTILE, HOSTILE]


def test_names_of_nothing_are_refused(store: Store, tmp_path: Path) -> None:
    with pytest.raises(NoStudyError):
        lines(store, tmp_path, "ratings", studies=("0" * 26,))
    with pytest.raises(NoRunError):
        lines(store, tmp_path, "bundle", runs=("0" * 26,))


def test_formats_that_there_are_not_are_refused_with_those_there_are(store: Store, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="no comparator as csv; there is json"):
        Exports(store, taxonomy=TAXONOMY).write(Order(what="comparator", ending="csv"), tmp_path / "x")


def test_a_place_that_cannot_be_written_is_told(store: Store, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="cannot be written"):
        Exports(store, taxonomy=TAXONOMY).write(Order(what="ratings"), tmp_path / "nowhere" / "x")


def test_what_is_excluded_says_so(store: Store, room: Room, tmp_path: Path) -> None:
    study_id = stored(store, unit(0))
    room.works(study_id, "ann", lambda _: "fusion")
    Studies(store).exclude(study_id, rater="ann", reason="asleep")
    (row,) = lines(store, tmp_path, "ratings")
    assert (row["is_excluded"], row["exclusion_reason"]) == (True, "asleep")


def test_a_run_that_lost_a_candidate_and_fused_nothing_is_told_as_it_is(store: Store, tmp_path: Path) -> None:
    lost = {2: Failure(stage="sampling", kind="rate", message="Too many calls.")}
    made = recipe(2, fusor_kind="none", fusor=None, selector="vote")
    anyio.run(ran, store, Ear(failing=lost), made)
    (row,) = lines(store, tmp_path, "runs")
    assert [each["output_id"] is None for each in row["candidates"]] == [False, True]
    assert (row["fusion"], row["fusion_text"], row["candidates"][1]["failure"]["kind"]) == (None, None, "rate")
