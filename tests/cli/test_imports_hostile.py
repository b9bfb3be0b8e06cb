"""Files as people have them, given to the command: it says what is wrong, at which line, and what to do."""

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from fusion_ui.cli.imports import bring_in
from storage.connection import open_store

ROOT = Path(__file__).resolve().parents[2]
HEADER = "question_id,model_a,model_b,rater,winner\n"
MEMORY = Path("/proc/self/mem")  # what nobody can read from its beginning
VOTE = "q1,a,b,ann,model_a\n"
SAMPLE = '{"doc_id":1,"doc":{},"arguments":[["p",1]],"resps":[["x"]],"target":"1"}\n'
app = typer.Typer(pretty_exceptions_enable=False)
app.command()(bring_in)


def dry(path: Path) -> Result:
    return CliRunner().invoke(app, [str(path), "--dry-run", "--db", str(path.with_name("h.db"))])


BROKEN: dict[str, tuple[bytes, str, int]] = {
    "latin1.csv": ((HEADER + "q\xe9,a,b,ann,tie\n" + VOTE).encode("latin-1"), "line 2: is not UTF-8. Save the file", 1),
    "cells.csv": ((HEADER + "q1,a,b\n" + VOTE).encode(), "line 2: has 3 cells, the header has 5", 1),
    "quote.csv": ((HEADER + VOTE + '"q2,a,b,ann,tie\n').encode(), "line 3: is no row of CSV", 1),
    "twice.csv": ((HEADER + VOTE + VOTE).encode(), "line 3: says again what 'ann' said", 1),
    "fields.json": (
        b'[{"instruction":"a","output":"b"},\n{"instruction":"a"},\n3,\n{"instruction":"c","output":"d","more":1}]',
        "line 2: output: is missing or no text",
        2,
    ),
    "samples_x.jsonl": ((SAMPLE + "no json\n").encode(), "line 2: is not JSON", 1),
    "battles.jsonl": (b'{"model_a":"a","model_b":"b","winner":"a"}\n{"model_a":"a"', "line 2: is not JSON", 1),
    "pools.jsonl": (
        b'{"prompt":"p","candidates":[{"text":"t"}]}\n{"prompt":"q","candidates":[]}\n',
        "line 2: candidates: ",
        1,
    ),
    "comparison.json": (
        b'{"models":["a","b"],"examples":[{"input_text":"x","score":"no"},\n{"input_text":"y","score":1}]}',
        "line 1: score: 'no' is no number",
        1,
    ),
    "answers.jsonl": (b'{"question":"q","answer":"1"}\n{"answer":"2"}\n', "line 2: names no question", 1),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_bad_line_is_named_and_the_good_ones_are_understood(name: str, tmp_path: Path) -> None:
    content, words, wrong = BROKEN[name]
    (tmp_path / name).write_bytes(content)
    told = dry(tmp_path / name)
    assert told.exit_code == 0, told.stderr
    assert words in told.stderr
    assert f"{wrong} line" in told.stdout


def test_a_mark_carriage_returns_and_nested_quotes_are_no_trouble(tmp_path: Path) -> None:
    content = "\ufeff" + (HEADER + 'q1,a,b,"ann ""x"", or so",model_a\n').replace("\n", "\r\n")
    (tmp_path / "v.csv").write_bytes(content.encode())
    told = dry(tmp_path / "v.csv")
    assert (told.exit_code, told.stderr) == (0, "")
    assert told.stdout.startswith("1 judgement by 1 rater of 2 members")


def zip_bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x", b"0" * 10_000_000)


def five_gigabytes(path: Path) -> None:
    path.write_text(HEADER + VOTE * 100, encoding="utf-8")
    os.truncate(path, 5_000_000_000)  # a hole, which takes no space


MADE: dict[str, Callable[[Path], object]] = {
    "is a pipe or a device": os.mkfifo,
    "is a folder. Name the files in it": Path.mkdir,
    "is empty": Path.touch,
    "a ZIP archive": zip_bomb,
    "is UTF-16. Save it as UTF-8": lambda path: path.write_text(HEADER + VOTE, encoding="utf-16"),
    "is not UTF-8 (after line 1)": lambda path: path.write_bytes(b'[{"instruction":"a","output":"\xe9"}]'),
    "this is no whole JSON document": lambda path: path.write_bytes(b'[{"instruction":"a","output":"b"},\n{"a'),
    "is larger than 4 GB": five_gigabytes,
}


@pytest.mark.parametrize("words", MADE)
def test_what_cannot_be_used_is_refused_at_once(words: str, tmp_path: Path) -> None:
    path = tmp_path / "votes.csv"
    MADE[words](path)
    told = dry(path)
    assert (told.exit_code, told.stdout) == (2, "")
    assert words in told.stderr


def test_a_link_to_an_endless_device_is_refused(tmp_path: Path) -> None:
    (tmp_path / "zero.jsonl").symlink_to("/dev/zero")
    told = dry(tmp_path / "zero.jsonl")
    assert (told.exit_code, "is a pipe or a device" in told.stderr) == (2, True)


@pytest.mark.skipif(not MEMORY.exists(), reason="no file that nobody can read is known here")
def test_a_file_that_cannot_be_read_is_refused_before_there_is_a_database(tmp_path: Path) -> None:
    path = tmp_path / "v.csv"
    path.symlink_to(MEMORY)
    told = dry(path)
    assert (told.exit_code, "v.csv cannot be read: Input/output error" in told.stderr) == (2, True)
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_changed_after_the_dry_run_is_understood_anew(tmp_path: Path) -> None:
    path = tmp_path / "v.csv"
    path.write_text(HEADER + VOTE, encoding="utf-8")
    assert "1 judgement " in dry(path).stdout
    path.write_text(HEADER + VOTE + "q2,a,b,bob,tie\n", encoding="utf-8")
    stored = CliRunner().invoke(app, [str(path), "--db", str(tmp_path / "h.db")])
    assert "2 judgements by 2 raters" in stored.stdout


@pytest.mark.parametrize("kind", ["votes", "pools"])
def test_two_imports_of_one_file_at_once_store_it_once(kind: str, tmp_path: Path) -> None:
    lines = [{"prompt": f"p{n}", "candidates": [{"text": "t"}]} for n in range(30)]
    votes = [{"prompt": f"p{n}", "model_a": "a", "model_b": "b", "winner": "a", "rater": "r"} for n in range(30)]
    path, db = tmp_path / f"{kind}.jsonl", tmp_path / "h.db"
    path.write_text("\n".join(map(json.dumps, votes if kind == "votes" else lines)), encoding="utf-8")
    open_store(db).close()
    command = [sys.executable, "-m", "fusion_ui", "import", str(path), "--db", str(db)]
    children = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)]
    said = [child.communicate() for child in children]
    assert sorted(child.returncode for child in children) in ([0, 0], [0, 2]), said
    with open_store(db) as store, store.reading() as reader:
        table = "trial_ratings" if kind == "votes" else "runs"
        assert reader.execute(f"SELECT count(*) FROM {table}").fetchone() == (30,)
