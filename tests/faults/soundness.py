"""What must hold after any fault: the file is sound, every run keeps the laws, and nothing acknowledged is lost."""

import signal
from collections.abc import Callable, Iterable
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path

from sqlite_utils import Database

from fusion_ui.laws import broken_laws
from storage.checking import examining, faults_of
from storage.guards import guards, laid_guards
from storage.rows import Reader
from tests.faults.work import WORKED

Said = tuple[str, str]

_STORED = {
    "run": "SELECT 1 FROM runs WHERE id = ?",
    "candidate": "SELECT 1 FROM outputs WHERE run_id || ' ' || position = ?",
    "outcome": "SELECT 1 FROM outcomes WHERE run_id = ?",
    "rating": "SELECT 1 FROM ratings WHERE id = ?",
    "recording": "SELECT 1 FROM recordings WHERE id = ?",
}
_HALF_RECORDINGS = """SELECT id FROM recordings WHERE answers <>
    (SELECT total(json_array_length(answers)) FROM recorded_answers WHERE recording_id = recordings.id)"""
_FORKED = "SELECT run_id FROM ratings AS r WHERE (SELECT count(*) FROM ratings WHERE supersedes = r.id) > 1"


def assert_sound(path: Path) -> None:
    """Pages, references, guards, imports that are whole, and the laws of every run that the app itself made."""
    assert faults_of(path) == ()
    with examining(path) as database:
        assert laid_guards(database) == guards(database) != {}
        assert database.execute(_HALF_RECORDINGS).fetchall() == []
        assert database.execute(_FORKED).fetchall() == []
        reader = Reader(database)
        run_ids = [run_id for (run_id,) in reader.execute("SELECT id FROM runs WHERE app_version = ?", WORKED)]
        assert {run_id: laws for run_id in run_ids if (laws := broken_laws(reader, run_id))} == {}


def lost(path: Path, acknowledged: Iterable[Said]) -> list[Said]:
    """What was acknowledged and is not there."""
    with examining(path) as database:
        return [said for said in acknowledged if not _is_stored(database, said)]


def said_by(context: ForkServerContext, child: Callable[..., None], *arguments: object) -> list[Said]:
    """All that a process says until it ends, by itself or killed."""
    ours, theirs = context.Pipe()
    running = context.Process(target=child, args=(*arguments, theirs))
    running.start()
    theirs.close()
    said = heard(ours)
    running.join()
    assert running.exitcode in {0, -signal.SIGKILL}
    return said


def heard(pipe: Connection) -> list[Said]:
    """All that comes until the other end is closed."""
    said: list[Said] = []
    try:
        while True:
            said.append(pipe.recv())
    except EOFError:
        return said


def _is_stored(database: Database, said: Said) -> bool:
    kind, key = said
    return database.execute(_STORED[kind], [key]).fetchone() is not None
