"""Indexing: whatever happens on the way, in the end each run is indexed once and as it is now."""

import multiprocessing
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from fusion_ui.inspection.index import Index
from fusion_ui.studies.taxonomy import load_taxonomy
from storage.connection import Store, open_store
from tests.inspection import children
from tests.inspection.listwork import Ran, index_of, put_run, rated, sought, stored

SPAWN = multiprocessing.get_context("spawn")


def fill(store: Store, runs: int) -> list[str]:
    with store.writing() as writer:
        return [
            put_run(writer, Ran(prompt=f"Question {number}?", texts=(f"word{number}", "b", "c")))
            for number in range(runs)
        ]


def rows(store: Store, table: str) -> int:
    with store.reading() as reader:
        return int(reader.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "shared.db"


def test_two_processes_at_once_index_each_run_once(path: Path) -> None:
    with open_store(path) as store:
        run_ids = fill(store, 150)
        ready = SPAWN.Barrier(2)
        pipes = [SPAWN.Pipe(duplex=False) for _ in range(2)]
        workers = [SPAWN.Process(target=children.index_all, args=(path, ready, pipe[1])) for pipe in pipes]
        for worker in workers:
            worker.start()
        done = [pipe[0].recv() for pipe in pipes]
        for worker in workers:
            worker.join()
        assert sum(done) == rows(store, "cases") == 150
        assert index_of(store).run_ids(sought()) == tuple(reversed(run_ids))
        assert index_of(store).find(sought(q="word77")).matching == 1


def test_being_killed_on_the_way_loses_nothing(path: Path) -> None:
    with open_store(path) as store:
        run_ids = fill(store, 60)
        receiving, sending = SPAWN.Pipe(duplex=False)
        worker = SPAWN.Process(target=children.index_slowly, args=(path, sending))
        worker.start()
        for _ in range(3):
            receiving.recv()
        worker.kill()
        worker.join()
        assert 3 <= rows(store, "cases") < 60
        index = index_of(store)
        assert index.run_ids(sought()) == tuple(reversed(run_ids))
        assert [index.find(sought(q=f"word{number}")).matching for number in (0, 30, 59)] == [1, 1, 1]
        assert rows(store, "stale_runs") == 0


def test_another_process_s_rows_are_seen(path: Path) -> None:
    with open_store(path) as here, open_store(path) as there:
        one, other = index_of(here), index_of(there)
        run_id = stored(there)
        assert one.find(sought()).matching == other.find(sought()).matching == 1
        rated(here, run_id)
        assert one.find(sought()).cases[0].labels["is"] == ("rated",)
        assert other.find(sought()).cases[0].labels["is"] == ("rated",)


def test_ratings_given_while_others_ask_are_all_counted(store: Store) -> None:
    run_ids = fill(store, 8)
    index = index_of(store)

    def rate(number: int) -> None:
        rated(store, run_ids[number % 8], rater=f"rater {number}")

    def ask(_number: int) -> int:
        return index.find(sought(**{"is": "rated"})).matching

    with ThreadPoolExecutor(6) as pool:
        asked = pool.map(ask, range(24))
        list(pool.map(rate, range(32)))
        assert all(matching <= 8 for matching in asked)
    cases = index_of(store).find(sought()).cases
    assert [case.figures["ratings"] for case in cases] == [4] * 8
    assert index.find(sought(**{"is": "rated"})).matching == 8


def test_a_mark_that_comes_while_a_run_is_read_stays(store: Store) -> None:
    run_id = stored(store)
    indexer = Index(store, taxonomy=load_taxonomy())._indexer
    read = indexer._read(0.0)
    rated(store, run_id)
    assert indexer._write(read) == 1
    assert rows(store, "stale_runs") == 1
    assert index_of(store).find(sought()).cases[0].figures["ratings"] == 1


def test_what_was_read_before_another_indexed_it_is_not_stored(store: Store) -> None:
    run_id = stored(store)
    indexer = Index(store, taxonomy=load_taxonomy())._indexer
    outdated = indexer._read(0.0)
    rated(store, run_id)
    index = index_of(store)
    assert indexer._write(outdated) == 0
    assert index.find(sought()).cases[0].figures["ratings"] == 1


def test_a_run_that_cannot_be_read_keeps_no_other_waiting(store: Store) -> None:
    stored(store)
    with store.writing() as writer:
        broken = put_run(writer, Ran(ended=None))
        writer.execute(
            "INSERT INTO failures VALUES (?, 9, 'fusing', NULL, 'of another version', '', '', 0, NULL, ?)",
            broken,
            writer.identity.now(),
        )
        writer.execute(
            "INSERT INTO outcomes VALUES (?, 'completed', NULL, NULL, NULL, NULL, ?)", broken, writer.identity.now()
        )
    index = index_of(store)
    assert index.find(sought()).matching == 1
    assert rows(store, "stale_runs") == 0


def test_all_finished_runs_are_marked_when_a_store_climbs(path: Path) -> None:
    with open_store(path) as store:
        run_ids = fill(store, 3)
        assert rows(store, "stale_runs") == len(run_ids)
        assert Index(store, taxonomy=load_taxonomy()).refresh(at_most_s=10.0) == (3, 0)
