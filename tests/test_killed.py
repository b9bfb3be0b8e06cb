"""A run whose process is killed keeps all that had finished, and shows as interrupted."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from fusion_ui.demo.pack import load_pack
from fusion_ui.replay import load_run
from storage.connection import open_store
from storage.runs import RunRow

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize("finished", [1, 3])
def test_a_killed_run_keeps_what_had_finished(tmp_path: Path, finished: int) -> None:
    db = tmp_path / "k.db"
    prompt = load_pack().examples[0].prompt.text
    command = [sys.executable, "-m", "fusion_ui", "compare", prompt, "--db", str(db), "--preset", "fixed", "--n", "8"]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    assert process.stderr is not None
    told = next(line for line in process.stderr if int(line.split(" ", 1)[0]) >= finished)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    with open_store(db) as store:
        with store.reading() as reader:
            (run,) = reader.rows(RunRow)
            assert reader.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        stored = load_run(store, run.id)
    assert stored is not None
    assert stored.view.ended == "interrupted"
    assert len(stored.view.candidates) >= int(told.split(" ", 1)[0]) >= finished
    assert stored.view.tally.draws == len(stored.view.candidates)
