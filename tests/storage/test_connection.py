"""The store: transactions, threads, and plain words when the file is not what it should be."""

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from storage.connection import Store, open_store
from storage.errors import RowError, StorageError
from storage.ratings import RaterRow, rater_named
from storage.rows import Reader
from tests.storage.samples import fill_every_table, sample_store, whole_run


def names(reader: Reader) -> list[str]:
    return [rater.name for rater in reader.rows(RaterRow, "ORDER BY name")]


def names_in(store: Store) -> list[str]:
    with store.reading() as reader:
        return names(reader)


def add(store: Store, *added: str) -> None:
    with store.writing() as writer:
        for name in added:
            rater_named(writer, name)


def test_a_block_that_raises_leaves_nothing(store: Store) -> None:
    def interrupted() -> None:
        with store.writing() as writer:
            rater_named(writer, "Ada")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert names_in(store) == []


def test_a_reader_sees_one_snapshot(store: Store) -> None:
    add(store, "Ada")
    with store.reading() as reader, ThreadPoolExecutor() as pool:
        before = names(reader)
        pool.submit(add, store, "Ben").result()
        assert names(reader) == before == ["Ada"]
    assert names_in(store) == ["Ada", "Ben"]


def test_a_reader_cannot_be_used_after_its_block(store: Store) -> None:
    with store.reading() as reader:
        pass
    with pytest.raises(StorageError, match="The transaction is over"):
        names(reader)


def test_a_block_inside_a_block_of_the_same_thread_is_refused_and_harms_nothing(store: Store) -> None:
    with store.writing() as writer:
        rater_named(writer, "Ada")
        with pytest.raises(StorageError, match="Hand its reader or writer on"), store.reading():
            pass
    assert names_in(store) == ["Ada"]


def test_every_connection_is_durable_and_checks_foreign_keys(store: Store) -> None:
    with store.reading() as reader:
        pragmas = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "recursive_triggers": 1}
        found = {name: reader.execute(f"PRAGMA {name}").fetchone()[0] for name in pragmas}
    assert found == pragmas


def test_replacing_is_refused_where_a_partial_index_is_the_key(store: Store) -> None:
    with store.writing() as writer:
        whole_run(writer)
        others = "role, position, member, model, text, thought, finish_reason, detail, created_at"
        with pytest.raises(sqlite3.IntegrityError, match="outputs is insert-only"):
            writer.execute(
                f"INSERT OR REPLACE INTO outputs (id, run_id, {others}) "
                f"SELECT substr(id, 1, 25) || '~', run_id, {others} FROM outputs WHERE role = 'fusion'"
            )


def test_two_writers_and_two_readers_lose_nothing_and_never_see_half(store: Store) -> None:
    counts: list[int] = []

    def write(writer_name: str) -> None:
        for number in range(200):
            add(store, f"{writer_name} {number} left", f"{writer_name} {number} right")

    with ThreadPoolExecutor(4) as pool:
        writing = [pool.submit(write, "Ada"), pool.submit(write, "Ben")]

        def read() -> None:
            while not all(task.done() for task in writing):
                counts.append(len(names_in(store)))

        reading = [pool.submit(read), pool.submit(read)]
        for task in [*writing, *reading]:
            task.result()
    assert {count % 2 for count in counts} == {0}
    assert len(set(names_in(store))) == 800


def test_threads_take_turns_at_writing_and_learn_when_it_is_not_theirs(tmp_path: Path) -> None:
    with sample_store(tmp_path, busy_s=0.0) as store, ThreadPoolExecutor(1) as pool:
        with store.writing(), pytest.raises(StorageError, match="busy with another write"):
            pool.submit(add, store, "Ada").result()
        pool.submit(add, store, "Ben").result()
        assert names_in(store) == ["Ben"]


def test_a_block_that_raises_gives_its_turn_away(tmp_path: Path) -> None:
    with sample_store(tmp_path, busy_s=0.0) as store, ThreadPoolExecutor(1) as pool:
        with pytest.raises(RowError), store.writing() as writer:
            rater_named(writer, "")
        pool.submit(add, store, "Ada").result()
        assert names_in(store) == ["Ada"]


def test_connections_of_ended_threads_are_closed(store: Store) -> None:
    def open_files() -> int:
        return len(list(Path("/dev/fd").iterdir()))

    before = open_files()
    for _ in range(20):
        visitor = threading.Thread(target=names_in, args=[store])
        visitor.start()
        visitor.join()
    assert open_files() < before + 10


def test_close_closes_the_connections_of_all_threads(store: Store) -> None:
    with ThreadPoolExecutor(1) as pool:
        pool.submit(add, store, "Ada").result()
        store.close()
        with pytest.raises(StorageError, match="is closed"):
            pool.submit(names_in, store).result()
    assert not store.path.with_name(store.path.name + "-wal").exists()


def test_folders_on_the_way_are_made(tmp_path: Path) -> None:
    with open_store(tmp_path / "a" / "b" / "new.db") as store:
        assert names_in(store) == []


def test_an_empty_file_is_a_fresh_store(tmp_path: Path) -> None:
    (tmp_path / "empty.db").touch()
    with open_store(str(tmp_path / "empty.db")) as store:
        assert names_in(store) == []


def test_a_folder_is_no_store(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"is a folder\. Name a file, for example .*fusion_ui\.db"):
        open_store(tmp_path)


@pytest.mark.parametrize("name", ["file/x.db", "x" * 300 + "/x.db"])
def test_a_place_that_cannot_be_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match=r"No folder for the database .*Choose another file"):
        open_store(tmp_path / name)


def test_a_file_that_is_no_database_is_refused_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear Ada, " * 200)
    with pytest.raises(StorageError, match=r"letter\.txt is not a SQLite database"):
        open_store(path)
    assert path.read_text() == "Dear Ada, " * 200


def test_a_damaged_file_is_refused_and_kept(tmp_path: Path) -> None:
    path = fill_every_table(tmp_path)
    damaged = path.read_bytes()[:100] + b"\x55" * 4000 + path.read_bytes()[4100:]
    path.write_bytes(damaged)
    with pytest.raises(StorageError, match=r"is damaged and was left as it is"):
        open_store(path)
    assert path.read_bytes() == damaged


@pytest.mark.parametrize("name", ["sample.db", "fresh.db", "folder/fresh.db"])
def test_a_place_that_may_not_be_written_is_named(unwritable: Path, name: str) -> None:
    with pytest.raises(StorageError, match=name):
        open_store(unwritable / name)


def test_a_store_that_another_program_locks_is_said_to_be(tmp_path: Path) -> None:
    with sample_store(tmp_path, busy_s=0.0) as store, closing(sqlite3.connect(store.path)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageError, match=r"sample\.db is locked by another program"):
            add(store, "Ada")
        assert names_in(store) == []
        other.rollback()
        add(store, "Ada")
        assert names_in(store) == ["Ada"]


def test_a_full_disk_costs_only_the_step_it_fell_into(store: Store) -> None:
    add(store, "Ada")
    with store.writing() as writer:
        writer.execute("PRAGMA max_page_count = 1")  # SQLite grants the size of the file, and no growth
    with pytest.raises(StorageError, match="the disk is full"), store.writing() as writer:
        whole_run(writer, candidates=200)
    assert names_in(store) == ["Ada"]


def test_a_mistake_in_our_own_sql_is_not_dressed_up(store: Store) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such column"), store.reading() as reader:
        reader.execute("SELECT nonsense")
