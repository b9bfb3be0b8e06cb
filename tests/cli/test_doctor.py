"""The doctor from the command line: what it says, in words and as JSON, and what its exit code means."""

import json
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from fusion_ui.cli import app
from fusion_ui.cli.doctor import check_laws, exit_code
from storage.checking import Finding
from storage.connection import open_store
from tests.faults.work import finished_run

ROOT = Path(__file__).resolve().parents[2]
RUNNING = """import sys
from storage.connection import open_store
with open_store(sys.argv[1]):
    print(flush=True)
    input()
"""


def called(*arguments: str, db: Path, port: str = "0") -> Result:
    return CliRunner().invoke(app, ["doctor", *arguments, "--db", str(db)], env={"FUSION_UI_PORT": port})


def findings(db: Path, **options: Any) -> dict[str, dict[str, str]]:
    told = json.loads(called("--json", db=db, **options).stdout)
    return {finding["subject"]: finding for finding in told["findings"]}


@pytest.fixture
def db(tmp_path: Path) -> Path:
    with open_store(tmp_path / "d.db") as store:
        for seed in range(3):
            finished_run(store, seed=seed)
    return tmp_path / "d.db"


def break_law(db: Path) -> None:
    with closing(sqlite3.connect(db, isolation_level=None)) as connection:
        guard = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'guard_stops_update'").fetchone()[0]
        connection.execute("DROP TRIGGER guard_stops_update")
        connection.execute("UPDATE stops SET draws = draws + 1 WHERE run_id = (SELECT min(id) FROM runs)")
        connection.execute(guard)


def test_a_sound_database_ends_with_0_and_says_so(db: Path) -> None:
    told = called(db=db)
    assert told.exit_code == 0, told.output
    assert told.stdout.endswith("All is fine.\n")
    assert "All 3 runs were replayed" in told.stdout


def test_a_database_that_is_not_there_yet_is_fine_and_is_not_made(tmp_path: Path) -> None:
    assert called(db=tmp_path / "none.db").exit_code == 0
    assert list(tmp_path.iterdir()) == []


def test_json_says_the_same(db: Path) -> None:
    told = json.loads(called("--json", db=db).stdout)
    assert told["exit_code"] == 0
    assert {finding["state"] for finding in told["findings"]} == {"fine"}
    assert {"python", "packages", "port", "pages", "guards", "runs", "search"} <= {
        finding["subject"] for finding in told["findings"]
    }


def test_a_run_that_breaks_a_law_is_named(db: Path) -> None:
    break_law(db)
    told = called(db=db)
    assert told.exit_code == 1
    assert "1 of 3 runs looked at break a law" in told.stdout
    assert "sampling stopped with 5 candidates, and 4 are stored" in told.stdout


def test_a_file_that_is_no_database_ends_with_2(tmp_path: Path) -> None:
    (tmp_path / "letter.db").write_text("Dear Ada, " * 500)
    told = called(db=tmp_path / "letter.db")
    assert told.exit_code == 2
    assert "is not a SQLite database" in told.stdout


def test_settings_that_cannot_be_used_are_something_to_do(db: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text("prot = 1")
    told = called("--config", str(tmp_path / "bad.toml"), db=db)
    assert told.exit_code == 1
    assert "prot" in told.stdout


def test_a_missing_key_is_named_by_its_variable_only(db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = tmp_path / "c.toml"
    config.write_text('[[members]]\nname = "ann"\nmodel = "openai/gpt-x"\napi_key_env = "ANN_KEY_FOR_TESTS"\n')
    assert "ann needs ANN_KEY_FOR_TESTS" in called("--config", str(config), db=db).stdout
    monkeypatch.setenv("ANN_KEY_FOR_TESTS", "sesame")
    told = called("--config", str(config), db=db)
    assert told.exit_code == 0
    assert "sesame" not in told.output


def test_a_port_that_is_taken_is_something_to_do_unless_the_app_runs(db: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert findings(db, port=port)["port"]["state"] == "todo"
        command = [sys.executable, "-c", RUNNING, db]
        running = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert running.stdout is not None
        running.stdout.readline()
        found = findings(db, port=port)
        running.communicate(b"\n")
    assert found["port"]["state"] == "fine"
    assert "has the database open" in found["use"]["words"]


@pytest.mark.parametrize(
    ("most", "seen"),
    [(1, "1 of 3 runs"), (2, "2 of 3 runs"), (3, "All 3 runs"), (200, "All 3 runs"), (None, "All 3 runs")],
)
def test_so_many_runs_are_looked_at_and_no_more(db: Path, most: int | None, seen: str) -> None:
    assert check_laws(db, most=most).words.startswith(seen)


@pytest.mark.parametrize(
    ("states", "code"), [((), 0), (("fine",), 0), (("fine", "unknown"), 2), (("unknown", "todo"), 1), (("todo",), 1)]
)
def test_the_exit_code_says_the_worst(states: tuple[Any, ...], code: int) -> None:
    assert exit_code([Finding("x", state, "") for state in states]) == code
