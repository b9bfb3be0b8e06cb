"""Several processes on one file, and processes killed in the middle of things."""

import multiprocessing
from collections.abc import Callable
from contextlib import closing
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest
from sqlite_utils import Database

from storage.connection import open_store
from storage.guards import guards, laid_guards
from storage.ratings import RaterRow
from storage.runs import OutputRow
from tests.storage.children import open_and_write, stop_in_migration, stop_inside, write_for_ever


@pytest.fixture(scope="module")
def spawning() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.storage.children"])
    return context


def acknowledged_before_kill(
    spawning: ForkServerContext, child: Callable[..., None], *arguments: object, messages: int
) -> list[str]:
    """What a child has sent by the moment it is killed with SIGKILL, which is after so many messages."""
    ours, theirs = spawning.Pipe()
    running = spawning.Process(target=child, args=(*arguments, theirs))
    running.start()
    theirs.close()
    received = [ours.recv() for _ in range(messages)]
    running.kill()
    running.join()
    return received + _rest(ours)


def _rest(pipe: Connection) -> list[str]:
    rest: list[str] = []
    try:
        while True:
            rest.append(pipe.recv())
    except EOFError:
        return rest


def outputs_in(path: Path) -> list[str]:
    with open_store(path) as store, store.reading() as reader:
        return [output.id for output in reader.rows(OutputRow, "ORDER BY position")]


def assert_sound(path: Path) -> None:
    with closing(Database(path)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        assert laid_guards(database) == guards(database) != {}


def test_eight_processes_may_open_one_fresh_file_at_once(tmp_path: Path, spawning: ForkServerContext) -> None:
    path, ready, names = tmp_path / "fresh.db", spawning.Barrier(8), [f"rater {number}" for number in range(8)]
    pipes = [spawning.Pipe() for _ in names]
    children = [
        spawning.Process(target=open_and_write, args=(path, name, ready, theirs))
        for name, (_, theirs) in zip(names, pipes, strict=True)
    ]
    for child in children:
        child.start()
    assert [ours.recv() for ours, _ in pipes] == ["stored"] * 8
    for child in children:
        child.join()
    with open_store(path) as store, store.reading() as reader:
        assert sorted(rater.name for rater in reader.rows(RaterRow)) == names
    assert_sound(path)


@pytest.mark.parametrize("messages", [1, 8, 40])
def test_a_writer_killed_at_any_moment_keeps_all_it_acknowledged(
    tmp_path: Path, spawning: ForkServerContext, messages: int
) -> None:
    path = tmp_path / "killed.db"
    acknowledged = acknowledged_before_kill(spawning, write_for_ever, path, messages=messages)
    kept = outputs_in(path)
    assert kept[: len(acknowledged)] == acknowledged
    assert len(kept) <= len(acknowledged) + 1  # the kill may fall between a commit and its acknowledgement
    assert_sound(path)


@pytest.mark.parametrize("committed", [0, 3])
def test_a_writer_killed_inside_a_transaction_leaves_nothing_of_it(
    tmp_path: Path, spawning: ForkServerContext, committed: int
) -> None:
    path = tmp_path / "killed.db"
    sent = acknowledged_before_kill(spawning, stop_inside, path, committed, messages=committed + 1)
    assert sent[-1] == "inside"
    assert outputs_in(path) == sent[:-1]
    assert_sound(path)


def test_a_migration_killed_half_way_leaves_the_schema_as_it_was(tmp_path: Path, spawning: ForkServerContext) -> None:
    path = tmp_path / "killed.db"
    before = outputs_in(path)
    assert acknowledged_before_kill(spawning, stop_in_migration, path, messages=1) == ["climbing"]
    assert outputs_in(path) == before
    with closing(Database(path)) as database:
        assert "later" not in database.table_names()
    assert_sound(path)


def test_the_next_writer_goes_on_where_a_killed_one_left(tmp_path: Path, spawning: ForkServerContext) -> None:
    path = tmp_path / "killed.db"
    acknowledged_before_kill(spawning, stop_inside, path, 1, messages=2)
    acknowledged_before_kill(spawning, stop_inside, path, 2, messages=3)
    assert len(outputs_in(path)) == 3
