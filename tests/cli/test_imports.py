"""The command as other tools call it: told first, stored then, bad lines named on stderr."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from fusion_ui.cli.imports import bring_in

app = typer.Typer(pretty_exceptions_enable=False)
app.command()(bring_in)


def called(*arguments: object, db: Path) -> Result:
    return CliRunner().invoke(app, [*map(str, arguments), "--db", str(db)])


@pytest.fixture
def votes(tmp_path: Path) -> Path:
    path = tmp_path / "votes.csv"
    path.write_text("question_id,model_a,model_b,rater,winner\nq,a,b,ann,model_a\nq,a,b,bob,x y\n", encoding="utf-8")
    return path


def test_a_dry_run_tells_and_stores_nothing(votes: Path, tmp_path: Path) -> None:
    first, again = (called(votes, "--dry-run", "--json", db=tmp_path / "i.db") for _ in range(2))
    assert first.stdout == again.stdout
    told = json.loads(first.stdout)
    assert (told["format"], told["judgements"], told["already"], told["problem_count"]) == ("votes", 1, 0, 1)
    assert told["problems"][0]["line"] == 3
    assert "line 3: winner" in first.stderr


def test_an_import_prints_what_it_stored_and_is_known_again(votes: Path, tmp_path: Path) -> None:
    first = json.loads(called(votes, "--json", "--title", "Mine", db=tmp_path / "i.db").stdout)
    assert (len(first["studies"]), first["judgements"], first["understood"]["judgements"]) == (1, 1, 1)
    again = called(votes, "--title", "Mine", db=tmp_path / "i.db")
    assert "Nothing is new" in again.stdout


def test_pools_are_told_run_by_run(tmp_path: Path) -> None:
    file = tmp_path / "pools.jsonl"
    file.write_text(json.dumps({"prompt": "p", "candidates": [{"text": "It is 4."}]}), encoding="utf-8")
    told = called(file, db=tmp_path / "i.db")
    assert told.exit_code == 0, told.stderr
    assert "1 run stored." in told.stdout


@pytest.mark.parametrize("content", ["", "hello\nworld", "PK\x03\x04"])
def test_what_is_of_no_use_ends_with_words_and_code_two(content: str, tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text(content, encoding="utf-8")
    told = called(file, db=tmp_path / "i.db")
    assert (told.exit_code, "x.csv" in told.stderr, told.stdout) == (2, True, "")


def test_a_missing_file_a_folder_and_an_unknown_format_are_refused(votes: Path, tmp_path: Path) -> None:
    for arguments in ((tmp_path / "none.csv",), (tmp_path,), (votes, "--format", "excel")):
        assert called(*arguments, db=tmp_path / "i.db").exit_code == 2
