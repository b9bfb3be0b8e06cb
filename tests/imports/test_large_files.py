"""Files larger than anybody should hold at once: memory stays where it is, and a kill leaves nothing half there."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from storage.connection import open_store
from tests.bench.large_files import KINDS, written

ROOT = Path(__file__).resolve().parents[2]
MEGABYTE = 1_000_000
STEP_KB = 30_000  # for 60 MB more: what tells prompts and judgements apart takes a hundred bytes each
UNDERSTAND = """
import json, resource, sys
from pathlib import Path
from fusion_ui.exchange.entries import RecordedFile
from fusion_ui.imports.importer import Import, Imports
from storage.connection import open_store
path = Path(sys.argv[1])
with open_store(sys.argv[2]) as store:
    found = Imports(store).understand(Import(files=(RecordedFile(path=path, name=path.name),)))
most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps([most, found.candidates + found.judgements, found.problem_count]))
"""


def understood(folder: Path, kind: str, size: int) -> tuple[int, int, int]:
    """The most memory in kilobytes, how much was found, and how much was wrong with it."""
    path = written(folder, kind, size)
    command = [sys.executable, "-c", UNDERSTAND, str(path), str(folder / "l.db")]
    told = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    path.unlink()
    most, found, wrong = json.loads(told)
    return most, found, wrong


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_memory_does_not_grow_with_the_file(kind: str, tmp_path: Path) -> None:
    small, large = (understood(tmp_path, kind, size * MEGABYTE) for size in (20, 80))
    assert large[1] > 3 * small[1] > 0
    assert (small[2], large[2]) == (0, 0)
    assert large[0] - small[0] < STEP_KB


@pytest.mark.parametrize("kind", ["battles", "candidates"])
def test_a_kill_in_the_middle_leaves_nothing_half_there(kind: str, tmp_path: Path) -> None:
    path, db = written(tmp_path, kind, MEGABYTE), tmp_path / "k.db"
    open_store(db).close()
    command = [sys.executable, "-m", "fusion_ui", "import", str(path), "--db", str(db)]
    child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    log = db.with_name("k.db-wal")
    while child.poll() is None and not (log.exists() and log.stat().st_size > 0):
        os.sched_yield()
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    with open_store(db) as store, store.reading() as reader:
        halves = "SELECT (SELECT count(*) FROM runs) - (SELECT count(*) FROM outcomes)"
        assert reader.execute(halves).fetchone() == (0,)
        judged = reader.execute("SELECT count(*), count(DISTINCT study_id) FROM trial_ratings").fetchone()
        units = reader.execute("SELECT count(*) FROM study_units").fetchone()
        assert judged == (0, 0) or judged == (units[0], 1)
        assert reader.execute("PRAGMA integrity_check").fetchone() == ("ok",)
