"""Copies made while others write, and put back: whole, checked, and never over something that is still needed."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path

import pytest
from sqlite_utils import Database

from storage.backups import back_up, backup_name, content_of, restore, thin_out
from storage.checking import faults_of, sidecar
from storage.connection import open_store
from storage.errors import StorageError
from storage.migrations import climb, scripts
from storage.ratings import RaterRow, rater_named
from tests.storage.children import stop_inside
from tests.storage.samples import NOON, fill_every_table

BESIDE = {"sample.db-wal", "sample.db-shm"}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return fill_every_table(tmp_path)


@pytest.fixture
def copy(path: Path) -> Path:
    target = path.with_name("copy.db")
    back_up(path, target)
    return target


def add(path: Path, *names: str) -> None:
    with open_store(path) as store:
        for name in names:
            with store.writing() as writer:
                rater_named(writer, name)


def names(path: Path) -> set[str]:
    with open_store(path) as store, store.reading() as reader:
        return {rater.name for rater in reader.rows(RaterRow)}


def files(folder: Path) -> set[str]:
    return {each.name for each in folder.iterdir()}


def refuse(match: str, *, copy: Path, path: Path) -> None:
    """Restoring raises, and leaves every file as it was."""
    before = {each.name: each.read_bytes() for each in path.parent.iterdir() if each.is_file()}
    with pytest.raises(StorageError, match=match):
        restore(copy, path, moment=NOON)
    assert {each.name: each.read_bytes() for each in path.parent.iterdir() if each.is_file()} == before


@pytest.fixture
def held(path: Path) -> Iterator[Path]:
    """The database, open in another process that is inside a transaction."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    child = context.Process(target=stop_inside, args=(path, 0, theirs))
    child.start()
    assert ours.recv() == "inside"
    yield path
    child.kill()
    child.join()


def test_a_copy_holds_what_the_database_holds_in_one_file(path: Path, copy: Path) -> None:
    assert content_of(copy) == content_of(path)
    assert faults_of(copy) == ()
    assert files(path.parent) - BESIDE == {"sample.db", "copy.db"}


def test_a_copy_has_the_permissions_of_the_database(path: Path) -> None:
    path.chmod(0o640)
    back_up(path, path.with_name("copy.db"))
    assert path.with_name("copy.db").stat().st_mode & 0o777 == 0o640


def test_a_copy_made_while_others_write_is_of_one_moment_and_ends(path: Path) -> None:
    with open_store(path) as store:
        with store.writing() as writer:
            writer.execute("CREATE TABLE ballast (bytes BLOB)")
            writer.execute("INSERT INTO ballast VALUES (zeroblob(40000000))")  # five steps
        steps: list[int] = []

        def write(done: int, _pages: int) -> None:
            steps.append(done)
            with store.writing() as writer:
                rater_named(writer, f"rater {done}")

        back_up(path, path.with_name("copy.db"), tell=write)
        assert len(steps) >= 5
        assert len(names(path)) == len(names(path.with_name("copy.db"))) + len(steps)
    assert faults_of(path.with_name("copy.db")) == ()


def test_a_copy_can_be_made_while_another_process_is_inside_a_write(held: Path) -> None:
    back_up(held, held.with_name("copy.db"))
    assert "Ada" in names(held.with_name("copy.db"))


def test_nothing_that_is_there_is_replaced_without_force(path: Path) -> None:
    target = path.with_name("letter.txt")
    target.write_text("Dear Ada")
    with pytest.raises(StorageError, match="there already and was left as it is"):
        back_up(path, target)
    assert target.read_text() == "Dear Ada"
    back_up(path, target, is_forced=True)
    assert content_of(target) == content_of(path)


@pytest.mark.parametrize("name", ["sample.db", "sample.db-wal", "sample.db-shm", "link.db"])
def test_the_database_itself_is_never_a_target(path: Path, name: str) -> None:
    path.with_name("link.db").symlink_to(path)
    with pytest.raises(StorageError, match="belongs to the database itself"):
        back_up(path, path.with_name(name), is_forced=True)


def test_a_backup_that_fails_leaves_nothing(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("DROP TRIGGER guard_prompts_delete")
        connection.execute("DELETE FROM prompts")
    with pytest.raises(StorageError, match="No backup was made"):
        back_up(path, path.with_name("copy.db"))
    assert files(path.parent) - BESIDE == {"sample.db"}


def test_a_place_that_cannot_be_written_is_named(unwritable: Path) -> None:
    with pytest.raises(StorageError, match=r"copy\.db cannot be written: Permission denied"):
        back_up(unwritable / "sample.db", unwritable / "copy.db")


def test_what_cannot_be_reached_is_named(path: Path, unwritable: Path) -> None:
    with pytest.raises(StorageError, match=r"Permission denied .*sample\.db"):
        back_up(path, unwritable / "copy.db")
    assert unwritable.is_dir()


def test_a_folder_is_no_target_and_nothing_is_no_source(path: Path) -> None:
    with pytest.raises(StorageError, match=r"is a folder"):
        back_up(path, path.parent)
    with pytest.raises(StorageError, match=r"There is no database at"):
        back_up(path.with_name("none.db"), path.with_name("copy.db"))


def test_only_our_own_copies_of_this_database_are_one_too_many(tmp_path: Path) -> None:
    database = tmp_path / "a[1].db"
    ours = [backup_name(database, moment=NOON + timedelta(hours=hour)) for hour in (3, 1, 2, 0)]
    others = [backup_name(tmp_path / "b.db", moment=NOON), "a[1].db", "a[1].mine.backup.db"]
    for name in (*ours, *others):
        (tmp_path / name).touch()
    assert [each.name for each in thin_out(database, tmp_path, keep=2)] == sorted(ours)[:2]
    assert files(tmp_path) == {*others, *sorted(ours)[2:]}


def test_what_came_after_the_copy_is_kept_beside_it(path: Path, copy: Path) -> None:
    expected = content_of(copy)
    add(path, "Zoe")
    restored = restore(copy, path, moment=datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC))
    assert content_of(path) == expected
    assert restored.rows == sum(count for count, _ in expected.values())
    assert restored.kept == path.with_name("sample.20260304T050607.000000Z.before-restore.db")
    assert "Zoe" in names(restored.kept)
    assert "Zoe" not in names(path)


def test_a_copy_can_come_where_there_is_no_database(copy: Path, tmp_path: Path) -> None:
    assert restore(copy, tmp_path / "new" / "there.db", moment=NOON).kept is None
    assert content_of(tmp_path / "new" / "there.db") == content_of(copy)


def test_nothing_is_restored_while_another_process_has_the_database_open(held: Path, copy: Path) -> None:
    refuse("is open in a running program", copy=copy, path=held)


def test_a_log_left_over_is_kept_and_never_taken_for_the_copys(path: Path, copy: Path) -> None:
    with open_store(path) as store:
        with store.writing() as writer:
            rater_named(writer, "Zoe")
        saved = {ending: sidecar(path, ending).read_bytes() for ending in ("-wal",)}
        main = path.read_bytes()
    path.write_bytes(main)
    sidecar(path, "-wal").write_bytes(saved["-wal"])
    kept = restore(copy, path, moment=NOON).kept
    assert kept is not None
    assert "Zoe" not in names(path)
    assert "Zoe" in names(kept)


def test_a_damaged_database_is_replaced_and_kept_byte_by_byte_with_its_log(path: Path, copy: Path) -> None:
    path.write_bytes(b"\x55" * 10_000)
    sidecar(path, "-wal").write_bytes(b"frames")
    kept = restore(copy, path, moment=NOON).kept
    assert kept is not None
    assert kept.read_bytes() == b"\x55" * 10_000
    assert sidecar(kept, "-wal").read_bytes() == b"frames"
    assert content_of(path) == content_of(copy)


def test_a_broken_copy_is_refused(path: Path, copy: Path) -> None:
    copy.write_bytes(copy.read_bytes()[:-8192])
    refuse("is damaged", copy=copy, path=path)


def test_what_is_no_copy_of_ours_is_refused(path: Path, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear Ada")
    (tmp_path / "empty.db").touch()
    refuse("is not a SQLite database", copy=tmp_path / "letter.txt", path=path)
    refuse("holds no database of Fusion UI", copy=tmp_path / "empty.db", path=path)
    refuse("There is no backup at", copy=tmp_path / "none.db", path=path)
    refuse("is the database itself", copy=path, path=path)


def test_a_newer_copy_is_refused_and_an_older_one_is_taken(path: Path, copy: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA user_version = {len(scripts()) + 1}")
    refuse("newer version", copy=copy, path=path)
    with closing(Database(tmp_path / "old.db")) as old:
        climb(old, path=tmp_path / "old.db", busy_s=1.0, steps=scripts()[:1])
    restore(tmp_path / "old.db", path, moment=NOON)
    assert names(path) == set()
