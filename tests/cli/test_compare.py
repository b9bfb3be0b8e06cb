"""The command line as other tools call it: one JSON object on stdout, progress on stderr, the run in the database."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from fusion_ui.cli import app
from fusion_ui.demo.pack import load_pack
from fusion_ui.replay import load_run
from fusion_ui.report import report
from storage.connection import open_store

ROOT = Path(__file__).resolve().parents[2]
FIRST = load_pack().examples[0].prompt.text


def called(*arguments: object, db: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "fusion_ui", "compare", *map(str, arguments), "--db", str(db), "--demo-speed", "0"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)


def told(result: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    assert result.returncode == 0, result.stderr
    (line,) = result.stdout.splitlines()
    return json.loads(line)  # type: ignore[no-any-return]


def test_a_comparison_prints_one_object_that_is_the_stored_run(tmp_path: Path) -> None:
    result = called(FIRST, "--json", "--n", 12, db=tmp_path / "c.db")
    run = told(result)
    assert {
        "run_id", "prompt", "candidates", "tally", "evidence", "stop", "selection", "fusion", "ended"
    } <= run.keys()  # fmt: skip
    assert {
        "position", "member", "text", "answer", "failure", "duration_ms", "input_tokens", "output_tokens", "cost_usd"
    } <= run["candidates"][0].keys()  # fmt: skip
    assert {"text", "comparison", "order", "copied", "ledger", "contradicts_vote"} <= run["fusion"].keys()
    assert {"probability", "bayes_factor", "distinct", "draws"} <= run["evidence"].keys()
    assert {"reason", "rule", "threshold"} <= run["stop"].keys()
    with open_store(tmp_path / "c.db") as store:
        stored = load_run(store, run["run_id"])
    assert stored is not None
    assert json.loads(json.dumps(report(stored))) == run
    assert "draws finished" in result.stderr


def test_the_same_seed_gives_the_same_comparison(tmp_path: Path) -> None:
    first, second = (told(called(FIRST, "--json", "--seed", 7, db=tmp_path / "c.db")) for _ in range(2))
    assert [each["text"] for each in first["candidates"]] == [each["text"] for each in second["candidates"]]
    assert first["run_id"] != second["run_id"]


def test_recorded_candidates_print_one_object_a_line(tmp_path: Path) -> None:
    lines = [
        {"prompt": f"{n} + 1?", "reference": str(n + 1), "candidates": [
            {"member": "a", "text": f"Answer: {n + 1}"}, {"member": "b", "text": f"Answer: {n + 1}"},
            {"member": "c", "text": "Answer: 0"},
        ]} for n in range(9)
    ]  # fmt: skip
    file = tmp_path / "pools.jsonl"
    file.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    result = called("--candidates", file, "--limit", 7, "--json", db=tmp_path / "c.db")
    runs = [json.loads(line) for line in result.stdout.splitlines()]
    assert [run["prompt"] for run in runs] == [f"{n} + 1?" for n in range(7)]
    assert [run["tally"][0]["answer"] for run in runs] == [str(n + 1) for n in range(7)]
    assert {run["stop"]["reason"] for run in runs} == {"cap"}


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "pools.jsonl").write_bytes(b"\xff\xfe")
    result = called("--candidates", tmp_path / "pools.jsonl", db=tmp_path / "c.db")
    assert (result.returncode, result.stderr) == (2, f"{tmp_path}/pools.jsonl is not UTF-8 text. Save it as UTF-8.\n")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "Give either a prompt or --candidates"),
        (("Who are you?",), "only know the examples"),
        ((FIRST, "--member", "nobody"), "no member 'nobody'"),
        ((FIRST, "--preset", "hasty"), "no stop preset 'hasty'"),
        ((FIRST, "--config", "/nowhere.toml"), "/nowhere.toml: cannot be read"),
        (("--candidates", "/nowhere.jsonl"), "/nowhere.jsonl cannot be read"),
        (("--candidates", ROOT / "README.md"), "README.md, line 1: is not JSON"),
        (("  ",), "no prompt yet"),
    ],
)
def test_a_mistake_is_one_plain_line_and_exit_code_2(tmp_path: Path, arguments: tuple[object, ...], words: str) -> None:
    command = ["compare", *map(str, arguments), "--db", str(tmp_path / "c.db"), "--demo-speed", "0"]
    result = CliRunner().invoke(app, command)
    assert result.exit_code == 2, result.stdout
    assert words in result.stderr
    assert "Traceback" not in result.stderr


def test_a_mistake_ends_the_program_with_code_2(tmp_path: Path) -> None:
    result = called("Who are you?", db=tmp_path / "c.db")
    assert result.returncode == 2, result.stdout
    assert "only know the examples" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_demo_comparison_loads_no_litellm_and_opens_no_connection(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "def refuse(event, arguments):\n"
        "    if event == 'socket.connect': raise RuntimeError(f'connects to {arguments[1]}')\n"
        "sys.addaudithook(refuse)\n"
        "from fusion_ui.cli import app\n"
        f"app(['compare', {FIRST!r}, '--json', '--demo-speed', '0', '--db', {str(tmp_path / 'c.db')!r}], "
        "standalone_mode=False)\n"
        "assert 'litellm' not in sys.modules\n"
    )
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert "RuntimeError" not in result.stderr
    assert "AssertionError" not in result.stderr
    assert json.loads(result.stdout)["ended"] == "completed"
