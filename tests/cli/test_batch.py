"""`batch` as a shell calls it: killed in the middle and called again, it goes on where it was."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from fusion_ui.demo.pack import load_pack
from storage.connection import open_store

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def prompts(tmp_path: Path) -> Path:
    file = tmp_path / "prompts.jsonl"
    examples = load_pack().examples[:4]
    file.write_text("".join(json.dumps({"prompt": each.prompt.text}) + "\n" for each in examples), encoding="utf-8")
    return file


def command(prompts: Path, *more: object) -> list[str]:
    db = prompts.parent / "b.db"
    fixed = ["--preset", "fixed", "--n", 6, "--parallel", 2]
    return [sys.executable, "-m", "fusion_ui", "batch", *map(str, [prompts, *fixed, "--db", db, *more])]


def called(prompts: Path, *more: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(prompts, "--demo-speed", 0, *more), cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
    )


def test_a_killed_batch_goes_on_and_pays_for_nothing_twice(prompts: Path) -> None:
    process = subprocess.Popen(
        command(prompts, "--demo-speed", 0.3, "--json"), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert process.stdout is not None
    process.stdout.readline()
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    again = called(prompts, "--json")
    assert again.returncode == 0, again.stderr
    told = [json.loads(line) for line in again.stdout.splitlines()]
    assert sorted(each["line"] for each in told) == [1, 2, 3, 4]
    assert {each["ended"] for each in told} == {"completed"}
    assert "kept" in {each["how"] for each in told}
    with open_store(prompts.parent / "b.db") as store, store.reading() as reader:
        paid = "SELECT count(*) FROM outputs JOIN draws USING (run_id, position) WHERE NOT is_recorded"
        assert reader.execute(paid).fetchone() == (4 * 6,)


def test_a_recipe_can_come_from_a_file_or_a_run(prompts: Path) -> None:
    recipe = prompts.parent / "recipe.toml"
    recipe.write_text('members = ["Quick"]\nfusor = "none"\n', encoding="utf-8")
    first = json.loads(called(prompts, "--limit", 1, "--json", "--recipe", recipe).stdout)
    assert {each["member"] for each in first["candidates"]} == {"Quick"}
    assert first["fusion"] is None
    same = called(prompts, "--recipe", first["run_id"])
    assert same.returncode == 2
    assert "leave the other options out" in same.stderr


@pytest.mark.parametrize(
    ("written", "words"),
    [('colour = "red"', "there is no choice 'colour'"), ("n = [", "is no recipe"), ('n = "many"', "n: Input should")],
)
def test_a_recipe_that_is_none_is_refused_in_plain_words(prompts: Path, written: str, words: str) -> None:
    recipe = prompts.parent / "recipe.toml"
    recipe.write_text(written, encoding="utf-8")
    refused = called(prompts, "--recipe", recipe)
    assert refused.returncode == 2
    assert words in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_prompt_that_nobody_can_answer_stops_it_before_anything_is_asked(prompts: Path) -> None:
    with prompts.open("a", encoding="utf-8") as file:
        file.write("Who are you?\n")
    refused = called(prompts)
    assert refused.returncode == 2
    assert "only know the examples" in refused.stderr
    with open_store(prompts.parent / "b.db") as store, store.reading() as reader:
        assert reader.execute("SELECT count(*) FROM runs").fetchone() == (0,)
