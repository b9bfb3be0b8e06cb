"""The lock in another program's hands: writers wait, readers do not, and past the time there are plain words."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path
from time import monotonic

import pytest

from storage.connection import Store, open_store
from storage.errors import StorageError
from storage.ratings import RaterRow, rater_named
from tests.faults.children import hold_lock
from tests.faults.soundness import Said, assert_sound, lost
from tests.faults.work import do_run, finished_run, work


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with open_store(tmp_path / "l.db") as store:
        finished_run(store, seed=1)
    return tmp_path / "l.db"


def lock(path: Path, processes: ForkServerContext, *, hold_s: float | None = None) -> Connection:
    """The line to a process that holds the lock now, and lets go when told, or after so long."""
    ours, theirs = processes.Pipe()
    processes.Process(target=hold_lock, args=(path, hold_s, theirs)).start()
    theirs.close()
    assert ours.recv() == ("held", "")
    return ours


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with open_store(path, busy_s=60.0) as opened:
        yield opened


@pytest.fixture
def impatient(path: Path) -> Iterator[Store]:
    with open_store(path, busy_s=0.05) as opened:
        yield opened


def add(store: Store, name: str) -> None:
    with store.writing() as writer:
        rater_named(writer, name)


def names(store: Store) -> set[str]:
    with store.reading() as reader:
        return {rater.name for rater in reader.rows(RaterRow)}


def test_a_writer_waits_and_then_succeeds_and_readers_go_on(store: Store, processes: ForkServerContext) -> None:
    line = lock(store.path, processes)
    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(add, store, "Zoe")
        assert [names(store) for _ in range(200)] == [{"Ada"}] * 200
        assert not writing.done()
        line.send("let go")
        writing.result()
    assert names(store) == {"Ada", "Zoe"}


def test_past_the_time_a_writer_learns_why_and_loses_nothing(impatient: Store, processes: ForkServerContext) -> None:
    line = lock(impatient.path, processes)
    for _ in range(3):
        with pytest.raises(StorageError, match=r"is locked by another program\. Close that program, or try again"):
            add(impatient, "Zoe")
    line.send("let go")
    with pytest.raises(EOFError):
        line.recv()  # it is gone
    add(impatient, "Zoe")
    assert names(impatient) == {"Ada", "Zoe"}


def test_a_run_waits_for_the_lock_with_all_that_it_finds(store: Store, processes: ForkServerContext) -> None:
    said: list[Said] = []
    line = lock(store.path, processes)
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(do_run, store, seed=7, acknowledge=lambda *words: said.append(words))
        names(store)
        assert said == []
        line.send("let go")
        running.result()
    assert [kind for kind, _ in said].count("outcome") == 1
    assert lost(store.path, said) == []
    assert_sound(store.path)


def test_a_run_that_cannot_be_stored_in_time_keeps_what_was(impatient: Store, processes: ForkServerContext) -> None:
    said: list[Said] = []

    def acknowledge(kind: str, key: str) -> None:
        said.append((kind, key))
        if len(said) == 3:  # the run and two of its candidates
            lock(impatient.path, processes, hold_s=0.5)

    with pytest.raises(StorageError, match="is locked by another program"):
        do_run(impatient, seed=7, acknowledge=acknowledge)
    assert len(said) >= 3
    assert lost(impatient.path, said) == []
    assert_sound(impatient.path)


def test_a_database_that_is_locked_when_the_app_starts_is_waited_for(path: Path, processes: ForkServerContext) -> None:
    line = lock(path, processes)
    with pytest.raises(StorageError, match="is locked by another program"):
        open_store(path, busy_s=0.05)
    line.send("let go")
    with open_store(path, busy_s=60.0) as store:
        assert names(store) == {"Ada"}


@pytest.mark.slow
def test_twenty_seconds_are_waited_for_as_the_app_is_set_up(path: Path, processes: ForkServerContext) -> None:
    said: list[Said] = []
    with open_store(path) as store, ThreadPoolExecutor(1) as pool:
        lock(path, processes, hold_s=20.0)
        began, longest = monotonic(), 0.0
        working = pool.submit(work, store, seed=2, rounds=1, acknowledge=lambda *words: said.append(words), bundles=[])
        while not working.done():
            before = monotonic()
            names(store)
            longest = max(longest, monotonic() - before)
        working.result()
        assert monotonic() - began > 19.0
    assert longest < 1.0
    assert {kind for kind, _ in said} == {"run", "candidate", "outcome", "rating", "recording"}
    assert lost(path, said) == []
    assert_sound(path)
