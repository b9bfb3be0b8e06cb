"""No room left: the step that it falls into is not stored and says so, all before it is, and work goes on with room."""

import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest

from storage.backups import back_up
from storage.connection import Store, open_store
from storage.errors import StorageError
from tests.faults.soundness import Said, assert_sound, lost, said_by
from tests.faults.work import bundle, do_import, do_rate, do_run, do_take_in, finished_run, work


@contextmanager
def room(size: int) -> Iterator[None]:
    """No file of this process grows beyond this size: what the kernel refuses is as real as a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def fill_and_go_on(path: Path, report: Connection) -> None:
    """Works until there is no room, then makes room and works on with the same store."""
    with open_store(path) as store:
        try:
            with room(path.stat().st_size + 400_000):
                work(store, seed=1, rounds=None, acknowledge=lambda *said: report.send(said), bundles=[])
        except StorageError as error:
            report.send(("refused", str(error)))
        work(store, seed=2, rounds=1, acknowledge=lambda *said: report.send(said), bundles=[])
        report.send(("went on", ""))


def copy_without_room(path: Path, report: Connection) -> None:
    """Makes a backup where only half of it can lie."""
    try:
        with room(path.stat().st_size // 2):
            back_up(path, path.with_name("copy.db"))
    except StorageError as error:
        report.send(("refused", str(error)))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "f.db") as opened:
        finished_run(opened, seed=1)
        yield opened


def limit_pages(store: Store, *, more: int | None) -> None:
    """SQLite grants so many pages beyond those that there are; None: as many as one likes."""
    with store.writing() as writer:
        pages = writer.execute("PRAGMA page_count").fetchone()[0]
        writer.execute(f"PRAGMA max_page_count = {2**30 if more is None else pages + more}")


@contextmanager
def refusing(refusals: list[str]) -> Iterator[None]:
    """Notes what is refused, and goes on."""
    try:
        yield
    except StorageError as error:
        refusals.append(str(error))


def refused(path: Path, said: list[Said]) -> str:
    (words,) = (words for kind, words in said if kind == "refused")
    assert str(path) in words
    return words


def test_a_process_whose_files_cannot_grow_keeps_all_and_goes_on_with_room(
    tmp_path: Path, processes: ForkServerContext
) -> None:
    path = tmp_path / "f.db"
    said = said_by(processes, fill_and_go_on, path)
    assert "the disk" in refused(path, said)
    assert said[-1] == ("went on", "")
    assert lost(path, [each for each in said if each[0] not in {"refused", "went on"}]) == []
    assert_sound(path)


def test_a_backup_without_room_leaves_nothing_of_itself(tmp_path: Path, processes: ForkServerContext) -> None:
    path = tmp_path / "f.db"
    with open_store(path) as store:
        finished_run(store, seed=1)
    assert "copy.db" in refused(tmp_path, said_by(processes, copy_without_room, path))
    assert {each.name for each in tmp_path.iterdir()} <= {"f.db", "f.db-wal", "f.db-shm"}


@pytest.mark.parametrize("more", [0, 1, 5, 20])
def test_whatever_does_not_fit_is_refused_whole(store: Store, tmp_path: Path, more: int) -> None:
    lines, said, refusals = bundle(tmp_path, seed=9), list[Said](), list[str]()

    def acknowledge(kind: str, key: str) -> None:
        said.append((kind, key))

    limit_pages(store, more=more)
    for seed in range(10):
        for step in (do_run, do_import):
            with refusing(refusals):
                step(store, seed=seed, acknowledge=acknowledge)
        with refusing(refusals):
            do_take_in(store, lines, acknowledge=acknowledge)
    assert refusals
    assert all("the disk is full" in words for words in refusals)
    assert lost(store.path, said) == []
    limit_pages(store, more=None)
    do_rate(store, do_run(store, seed=77, acknowledge=lambda *_: None), rater="Zoe", acknowledge=lambda *_: None)
    assert_sound(store.path)
