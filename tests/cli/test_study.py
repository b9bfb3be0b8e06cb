"""`study` as other tools call it: one JSON object on stdout, refusals in words and with exit code 2."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from fusion_ui.cli import app
from storage.connection import open_store
from storage.ratings import rater_named
from tests.annotation.support import stored, unit


def called(*arguments: object, db: Path) -> Result:
    return CliRunner().invoke(app, ["study", *map(str, arguments), "--db", str(db)])


def told(*arguments: object, db: Path) -> Any:
    result = called(*arguments, db=db)
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "s.db"


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    lines = [{"prompt": f"q{at}", "outputs": {"fusion": f"f{at}", "best": f"b{at}"}} for at in range(4)]
    lines += [{"prompt": "same", "outputs": {"fusion": "x", "best": "x"}}, {"prompt": "half", "outputs": {"best": "x"}}]
    path = tmp_path / "answers.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    return path


def recorded_run(tmp_path: Path, db: Path) -> None:
    """A stored run over recorded candidates; no model is called."""
    pool = tmp_path / "pool.jsonl"
    texts = ["A hen lays eggs in the morning. Answer: 4", "Eggs are laid. They are four. Answer: 4", "Answer: 5"]
    line = {"prompt": "How many?", "candidates": [{"member": f"m{at}", "text": text} for at, text in enumerate(texts)]}
    pool.write_text(json.dumps(line), encoding="utf-8")
    result = CliRunner().invoke(app, ["compare", "--candidates", str(pool), "--json", "--db", str(db)])
    assert result.exit_code == 0, result.output


def test_a_study_of_runs_prints_what_it_made(tmp_path: Path, db: Path) -> None:
    recorded_run(tmp_path, db)
    request = ["create", "--from-runs", "all", "--compare", "best:candidate", "--task", "rubric", "--overlap", 3]
    made = told(*request, "--raters", "a,b,c", "--criteria", "correctness,clarity", "--json", db=db)
    assert made.keys() == {"study_id", "items", "trials"}
    assert made["trials"] == 3 * made["items"] > 0
    board = told("show", made["study_id"], "--json", db=db)
    assert board["protocol"]["raters"] == ["a", "b", "c"]
    assert [each["key"] for each in board["protocol"]["criteria"]] == ["correctness", "clarity"]


def test_a_study_of_a_file_leaves_out_what_it_cannot_ask(answers: Path, db: Path) -> None:
    result = called("create", "--from-file", answers, "--title", "T", "--json", db=db)
    assert json.loads(result.stdout) | {"items": 4, "trials": 4} == json.loads(result.stdout)
    assert "left out: half" in result.stderr
    assert "identical answers, shown to nobody: 1" in result.stderr


def test_a_dry_run_stores_nothing(answers: Path, db: Path) -> None:
    assert told("create", "--from-file", answers, "--overlap", 2, "--dry-run", "--json", db=db) == {
        "items": 4, "trials": 8,
    }  # fmt: skip
    assert told("list", "--json", db=db) == []


def test_a_new_version_takes_the_items_of_the_study_it_follows(answers: Path, db: Path) -> None:
    first = told("create", "--from-file", answers, "--json", db=db)["study_id"]
    second = told("create", "--supersedes", first, "--open", "--json", db=db)
    assert second["items"] == 4
    board = told("show", second["study_id"], "--json", db=db)
    assert (board["version"], board["supersedes"], board["protocol"]["is_blind"]) == (2, first, False)
    assert called("create", "--supersedes", first, db=db).exit_code == 2


def test_several_contrasts_and_a_ranking_can_be_asked(tmp_path: Path, db: Path) -> None:
    line = {"prompt": "q", "outputs": {"fusion": "f", "best": "b", "vote": "v"}}
    (tmp_path / "a.jsonl").write_text(json.dumps(line))
    request = ["create", "--from-file", tmp_path / "a.jsonl", "--json"]
    assert told(*request, "--compare", "fusion:best,fusion:vote", "--compare", "best:vote", db=db)["items"] == 3
    assert told(*request, "--compare", "fusion:best:vote", "--task", "ranking", db=db)["items"] == 1


def test_studies_are_listed_shown_closed_and_opened(answers: Path, db: Path) -> None:
    study_id = told("create", "--from-file", answers, "--title", "Mine", "--json", db=db)["study_id"]
    assert called("close", study_id, db=db).exit_code == 0
    (listed,) = told("list", "--json", db=db)
    assert (listed["id"], listed["is_closed"], listed["wanted"]) == (study_id, True, 4)
    assert "closed" in called("list", db=db).stdout
    assert "Mine (version 1, closed)" in called("show", study_id, db=db).stdout
    assert called("reopen", study_id, db=db).exit_code == 0
    assert told("list", "--json", db=db)[0]["is_closed"] is False


def test_an_export_goes_to_stdout_or_into_a_file(tmp_path: Path, db: Path) -> None:
    with open_store(db) as store:
        study_id = stored(store, unit(0))
        with store.writing() as writer:
            rater_named(writer, "ann")
    assert called("export", study_id, db=db).stdout == ""
    assert called("export", study_id, "--format", "csv", db=db).stdout.startswith('\ufeff"source","study_id"')
    out = tmp_path / "x.parquet"
    assert called("export", study_id, "--format", "parquet", "--out", out, db=db).exit_code == 0
    assert out.read_bytes()[:4] == b"PAR1"
    assert called("export", study_id, "--out", tmp_path, db=db).exit_code == 2


def test_criteria_come_from_a_file_too(answers: Path, tmp_path: Path, db: Path) -> None:
    (tmp_path / "c.json").write_text('[{"key": "fun", "label": "Fun", "anchors": ["none", "much"]}]')
    request = ["create", "--from-file", answers, "--task", "rubric", "--json", "--criteria"]
    assert told(*request, tmp_path / "c.json", db=db)["items"] == 4
    (tmp_path / "d.json").write_text('[{"key": 3}]')
    refused = called(*request, tmp_path / "d.json", db=db)
    assert (refused.exit_code, "d.json" in refused.stderr) == (2, True)


def test_known_items_train_first_and_check_later(answers: Path, tmp_path: Path, db: Path) -> None:
    known = [{"prompt": "q2", "right": "best", "feedback": "Because."}, {"item": 1, "right": "fusion"}]
    (tmp_path / "gold.jsonl").write_text("\n".join(map(json.dumps, known)), encoding="utf-8")
    request = ["create", "--from-file", answers, "--gold", tmp_path / "gold.jsonl", "--training", 1, "--json"]
    assert told(*request, "--dry-run", db=db) == {"items": 3, "trials": 3}
    board = told("show", told(*request, db=db)["study_id"], "--json", db=db)
    units = {unit["prompt"]: (unit["phase"], unit["gold"], unit["feedback"]) for unit in board["units"]}
    assert units["q2"] == ("training", "best", "Because.")
    assert (units["q0"], units["q1"]) == (("main", "fusion", ""), ("main", None, ""))


def test_known_items_that_fit_nothing_are_refused(answers: Path, tmp_path: Path, db: Path) -> None:
    (tmp_path / "gold.jsonl").write_text('{"prompt": "half", "right": "best"}')
    refused = called("create", "--from-file", answers, "--gold", tmp_path / "gold.jsonl", db=db)
    assert (refused.exit_code, "gold.jsonl, line 1: no item" in refused.stderr) == (2, True)
    assert called("create", "--from-file", answers, "--training", 5, db=db).exit_code == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["create"], "--from-runs all"),
        (["create", "--from-runs", "all"], "No run fits"),
        (["create", "--from-runs", "one", "two"], "no run 'one'"),
        (["create", "--from-runs", "all", "--from-study", "x"], "--from-runs all"),
        (["create", "stray"], "'stray'"),
        (["create", "--from-runs", "all", "--compare", "fusion:dog"], "'dog'"),
        (["create", "--from-file", "missing.jsonl"], "missing.jsonl"),
        (["show", "nowhere"], "no study"),
        (["close", "nowhere"], "no study"),
        (["export", "nowhere"], "no study"),
    ],
)
def test_trouble_is_told_in_words(arguments: list[str], words: str, db: Path) -> None:
    result = called(*arguments, db=db)
    assert (result.exit_code, words in result.stderr) == (2, True), result.stderr
    assert result.stdout == ""
