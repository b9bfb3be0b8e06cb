"""The lab's commands as other tools call them: one JSON object on stdout, the same bytes for the same seed."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from fusion_ui.cli import app

ROOT = Path(__file__).resolve().parents[2]
ROW_KEYS = "rule threshold draws tokens mode_agreement accuracy accuracy_low accuracy_high".split()


def called(*arguments: object, db: Path) -> Result:
    return CliRunner().invoke(app, ["lab", *map(str, arguments), "--db", str(db)])


def told(*arguments: object, db: Path) -> dict[str, Any]:
    result = called(*arguments, "--json", db=db)
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)  # type: ignore[no-any-return]


def counted(path: Path, answers_by_question: Sequence[Sequence[str]], *, gold: str = "1") -> Path:
    """A file of published counts: ten tokens an answer."""
    lines = [
        {"problem_num": place, "gold_answer": gold, "all_answers": [[answer, 10] for answer in answers]}
        for place, answers in enumerate(answers_by_question)
    ]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


@pytest.fixture
def strong(tmp_path: Path) -> Path:
    return counted(tmp_path / "analysis_toy_strong.jsonl", ["11112", "11122", "11111", "22221"])


@pytest.fixture
def weak(tmp_path: Path) -> Path:
    return counted(tmp_path / "analysis_toy_weak.jsonl", ["22333", "11111", "12345", "11112"])


def test_a_replay_prints_one_row_a_rule(strong: Path, tmp_path: Path) -> None:
    result = told("replay", strong, "--rules", "bayes:30,fixed:1,fixed:10", "--trials", 200, db=tmp_path / "l.db")
    assert (result["questions"], result["limit_accuracy"]) == (4, 0.75)
    assert [(row["rule"], row["threshold"]) for row in result["rows"]] == [("bayes", 30), ("fixed", 1), ("fixed", 10)]
    assert all(set(ROW_KEYS) <= row.keys() for row in result["rows"])
    assert result["rows"][1]["tokens"] == 10.0
    assert result["rows"][1]["accuracy"] == pytest.approx((4 + 3 + 5 + 1) / 20, abs=0.05)


def test_the_same_seed_prints_the_same_bytes(strong: Path, weak: Path, tmp_path: Path) -> None:
    request = ["replay", strong, weak, "--weights", "0.7,0.3", "--seed", 5, "--json"]
    first = called(*request, db=tmp_path / "a.db")
    command = [sys.executable, "-m", "fusion_ui", "lab", *map(str, request), "--db", str(tmp_path / "b.db")]
    second = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=120)
    assert first.stdout == second.stdout
    other = called("replay", strong, weak, "--weights", "0.7,0.3", "--seed", 6, "--json", db=tmp_path / "a.db")
    assert first.stdout != other.stdout


def test_weights_are_reported_beside_what_they_should_beat(strong: Path, weak: Path, tmp_path: Path) -> None:
    result = told("weights", strong, weak, "--folds", 2, "--repeats", 2, db=tmp_path / "l.db")
    assert {
        "members", "weights", "solved", "total", "margin", "status", "gap", "cross_validated", "uniform_solved"
    } <= result.keys()  # fmt: skip
    assert result["members"] == ["strong", "weak"]
    assert sum(result["weights"]) == pytest.approx(1)
    assert result["best_single"] == {"member": "strong", "solved": 3}
    assert 3 <= result["solved"] <= result["total"] == 4
    assert str(result["total"]) in result["verdict"]


def test_a_transfer_takes_several_files_after_each_option(strong: Path, weak: Path, tmp_path: Path) -> None:
    result = told("transfer", "--train", strong, weak, "--test", strong, weak, db=tmp_path / "l.db")
    assert (result["train"]["total"], result["train"]["solved"]) == (4, result["test"]["solved"])


def test_a_report_is_written_in_every_form_and_shown_again(strong: Path, tmp_path: Path) -> None:
    files = [tmp_path / f"r.{kind}" for kind in ("json", "csv", "svg", "png", "pdf")]
    outs = [word for file in files for word in ("--out", file)]
    result = called("replay", strong, *outs, db=tmp_path / "l.db")
    assert result.exit_code == 0, result.stderr
    starts = [file.read_bytes()[:5] for file in files]
    assert starts == [b'{\n "i', b'"repo', b"<?xml", b"\x89PNG\r", b"%PDF-"]
    report_id = json.loads(files[0].read_text())["id"]
    assert called("show", report_id, db=tmp_path / "l.db").stdout == result.stdout
    assert report_id in called("list", db=tmp_path / "l.db").stdout


def test_bad_lines_are_named_and_the_good_ones_used(strong: Path, tmp_path: Path) -> None:
    lines = strong.read_text().splitlines()
    strong.write_text("\n".join([lines[0], "{broken", *lines[1:]]))
    result = called("load", strong, db=tmp_path / "l.db")
    assert result.exit_code == 0
    assert "analysis_toy_strong.jsonl, line 2" in result.stderr
    assert "20 answers to 4 questions" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["replay", "missing.jsonl"], "missing.jsonl cannot be read"),
        (["replay", "FILE", "--rules", "magic:3"], "not a stopping rule"),
        (["replay", "FILE", "--weights", "0.2,0.8"], "2 weights for 1 members"),
        (["replay", "FILE", "--weights", "-1"], "negative"),
        (["replay", "FILE", "--out", "figure.bmp"], "ends in .json"),
        (["replay", "FILE", "--trials", "1000000"], "trials"),
        (["show", "01ARZ3NDEKTSV4RRFFQ69G5FAV"], "no report"),
    ],
)
def test_what_cannot_be_done_is_refused_in_plain_words(
    arguments: list[str], words: str, strong: Path, tmp_path: Path
) -> None:
    result = called(*(str(strong) if word == "FILE" else word for word in arguments), db=tmp_path / "l.db")
    assert result.exit_code == 2
    assert words in result.stderr
    assert "Traceback" not in result.stderr
