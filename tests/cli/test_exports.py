"""`export` as other tools call it: the content on stdout or in a file, and everything else on stderr."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from typer import Typer
from typer.testing import CliRunner, Result

from fusion_ui.cli.exports import export
from storage.connection import open_store
from storage.identity import Identity
from tests.annotation.judging import Clock, Room
from tests.annotation.support import stored, unit


def called(*arguments: object, db: Path) -> Result:
    app = Typer()
    app.command()(export)
    return CliRunner().invoke(app, [*map(str, arguments), "--db", str(db)])


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "s.db"


@pytest.fixture
def study_id(db: Path) -> str:
    clock = Clock()
    with open_store(db, identity=Identity(clock=clock)) as store:
        study_id = stored(store, unit(0), unit(1), overlap=2)
        room = Room(store, clock)
        room.works(study_id, "ann", lambda _: "fusion")
        room.works(study_id, "bob", lambda unit: "tie" if unit.place else "fusion")
    return study_id


def test_what_is_exported_is_all_that_is_on_stdout(db: Path, study_id: str) -> None:
    result = called("ratings", "--study", study_id, db=db)
    assert result.exit_code == 0, result.stderr
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert {row["study_id"] for row in rows} == {study_id}
    assert "rows: 4" in result.stderr


def test_a_file_is_written_whole_and_replaces_the_one_before(db: Path, study_id: str, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    out.write_text("before")
    result = called("ratings", "--study", study_id, "--format", "csv", "--out", out, db=db)
    assert (result.exit_code, result.stdout) == (0, "")
    assert out.read_bytes().startswith(b'\xef\xbb\xbf"source"')
    assert {each.name for each in tmp_path.iterdir()} >= {"out.csv"}
    assert not list(tmp_path.glob(".export-*"))


def test_a_refusal_leaves_the_file_as_it_was(db: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    out.write_text("before")
    result = called("comparator", "--all", "--out", out, db=db)
    assert (result.exit_code, out.read_text()) == (2, "before")
    assert "Nobody has compared" in result.stderr


def test_filters_leave_out_and_the_report_says_what(db: Path, study_id: str, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    result = called("dpo", "--study", study_id, "--no-ties", "--form", "standard", "--report", report, db=db)
    assert result.exit_code == 0, result.stderr
    (line,) = map(json.loads, result.stdout.splitlines())
    assert line["chosen"] == "the fused answer to 0"
    assert "left out, somebody saw a tie: 1" in result.stderr
    told = json.loads(report.read_text())
    assert (told["kept"], told["left_out"]) == (1, {"somebody saw a tie": 1})
    assert told["asked"]["filters"]["has_no_ties"] is True


def test_a_copy_for_datasette_lies_beside_its_metadata(db: Path, study_id: str, tmp_path: Path) -> None:
    result = called("datasette", "--out", tmp_path / "copy.db", db=db)
    assert result.exit_code == 0, result.stderr
    assert (tmp_path / "copy.metadata.json").exists()
    with closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
        assert copy.execute("SELECT id FROM studies").fetchall() == [(study_id,)]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["ratings"], "Say of what: --study ID"),
        (["ratings", "--all", "--study", "x"], "not both"),
        (["ratings", "--study", "0" * 26], "There is no study"),
        (["runs", "--run", "0" * 26], "There is no run"),
        (["dpo", "--all", "--format", "csv"], "There is no dpo as csv"),
        (["dpo", "--all", "--flaw-floor", "awful"], "no severity 'awful'"),
        (["datasette"], "--out FILE.db"),
        (["ratings", "--all", "--out", "/nowhere/at/all/x"], "cannot be written"),
    ],
)
def test_what_cannot_be_done_is_told_in_words(arguments: list[str], words: str, db: Path) -> None:
    result = called(*arguments, db=db)
    assert result.exit_code == 2
    assert words in result.stderr
    assert result.stdout == ""
