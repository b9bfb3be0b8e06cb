"""What is found wrong with a database file, in words that say what to do; looking changes nothing."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from storage.checking import (
    Finding,
    check_file,
    check_inside,
    check_sqlite,
    examining,
    faults_of,
    is_current,
    is_open_elsewhere,
    sidecar,
)
from storage.connection import open_store
from storage.errors import StorageError
from storage.migrations import scripts
from tests.storage.samples import fill_every_table, sample_store, whole_run

FRESH = ("sqlite", "file", "disk", "schema", "pages", "references", "guards", "search")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return fill_every_table(tmp_path)


def found(path: Path) -> dict[str, Finding]:
    return {finding.subject: finding for finding in (*check_file(path), *check_inside(path))}


def troubles(path: Path) -> dict[str, Finding]:
    return {subject: finding for subject, finding in found(path).items() if finding.state != "fine"}


def change(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def holds_open(path: Path) -> str:
    """What a process of its own finds of the file."""
    code = f"from pathlib import Path; from storage.checking import *; print(is_open_elsewhere(Path({str(path)!r})))"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def test_a_sound_database_is_fine_all_through(path: Path) -> None:
    findings = found(path)
    assert tuple(findings) == FRESH
    assert {finding.state for finding in findings.values()} == {"fine"}
    assert is_current(path)
    assert faults_of(path) == ()


def test_looking_changes_no_byte_and_leaves_no_file(path: Path) -> None:
    change(path, "PRAGMA journal_mode = DELETE")
    before = {each.name: each.read_bytes() for each in path.parent.iterdir()}
    found(path)
    assert {each.name: each.read_bytes() for each in path.parent.iterdir()} == before


def test_a_snapshot_can_be_read_while_another_writes(path: Path) -> None:
    with open_store(path) as store, examining(path) as database, store.writing() as writer:
        before = database.execute("SELECT count(*) FROM runs").fetchone()
        whole_run(writer)
        assert database.execute("SELECT count(*) FROM runs").fetchone() == before


def test_nothing_can_be_written_where_one_only_looks(path: Path) -> None:
    with pytest.raises(StorageError, match="is read-only"), examining(path) as database:
        database.execute("CREATE TABLE mine (id)")


def test_a_name_with_signs_of_addresses_is_a_name(tmp_path: Path) -> None:
    odd = tmp_path / "a?mode=rw#b%20.db"
    fill_every_table(tmp_path).rename(odd)
    assert troubles(odd) == {}


@pytest.mark.parametrize("content", [None, b""])
def test_a_file_that_is_missing_or_empty_is_a_beginning(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "new.db"
    if content is not None:
        path.write_bytes(content)
    assert troubles(path) == {}
    assert "first start makes" in found(path)["file"].words


@pytest.mark.parametrize("content", [None, b""])
def test_a_log_without_its_database_is_a_loss(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "new.db"
    if content is not None:
        path.write_bytes(content)
    sidecar(path, "-wal").write_bytes(b"frames")
    assert "something was lost" in troubles(path)["file"].words


@pytest.mark.parametrize(
    ("version", "state", "has_advice"),
    [
        ((3, 36, 0), "todo", True),
        ((3, 40, 1), "fine", True),
        ((3, 44, 6), "fine", False),
        ((3, 50, 6), "fine", True),
        ((3, 50, 7), "fine", False),
        ((3, 51, 2), "fine", True),
        ((3, 51, 3), "fine", False),
        ((3, 53, 0), "fine", False),
    ],
)
def test_sqlite_is_told_by_its_version(version: tuple[int, ...], state: str, has_advice: bool) -> None:
    finding = check_sqlite(version)
    assert (finding.state, bool(finding.advice)) == (state, has_advice)


def test_a_folder_is_no_database(tmp_path: Path) -> None:
    assert "is a folder" in troubles(tmp_path)["file"].words


def test_what_may_not_be_written_is_named(unwritable: Path) -> None:
    assert "may not be written" in troubles(unwritable / "sample.db")["file"].words
    assert "may not be written" in troubles(unwritable / "new.db")["file"].words


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"Dear Ada, " * 500, "is not a SQLite database"), (b"SQLite format 3\0" + b"\x55" * 5000, "is ")],
)
def test_a_file_that_is_no_database_cannot_be_told_of(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "letter.db"
    path.write_bytes(content)
    assert troubles(path)["database"].state == "unknown"
    assert words in troubles(path)["database"].words
    assert words in faults_of(path)[0]
    assert path.read_bytes() == content


def test_a_database_of_another_program_is_told_apart(tmp_path: Path) -> None:
    change(tmp_path / "songs.db", "CREATE TABLE songs (title)")
    assert "belongs to another program" in troubles(tmp_path / "songs.db")["schema"].words
    assert not is_current(tmp_path / "songs.db")


def test_an_empty_database_holds_nothing_to_rely_on(tmp_path: Path) -> None:
    change(tmp_path / "void.db", "VACUUM")
    assert "holds no database of Fusion UI" in faults_of(tmp_path / "void.db")[0]


def test_a_newer_schema_asks_for_a_newer_program(path: Path) -> None:
    change(path, f"PRAGMA user_version = {len(scripts()) + 1}")
    assert troubles(path)["schema"].state == "unknown"
    assert "newer version" in faults_of(path)[0]


def test_an_older_schema_asks_for_a_backup_and_a_start(path: Path) -> None:
    change(path, "PRAGMA user_version = 1")
    assert troubles(path).keys() == {"schema"}
    assert "Make a backup" in troubles(path)["schema"].advice
    assert not is_current(path)
    assert faults_of(path) == ()


def test_missing_guards_are_counted(path: Path) -> None:
    change(path, "DROP TRIGGER guard_ratings_update", "DROP TRIGGER guard_runs_insert")
    assert troubles(path)["guards"].words.startswith("2 guards")


def test_orphans_are_counted_by_table(path: Path) -> None:
    change(path, "DROP TRIGGER guard_prompts_delete", "PRAGMA foreign_keys = OFF", "DELETE FROM prompts")
    assert "(runs)" in troubles(path)["references"].words
    assert "(runs)" in faults_of(path)[0]


def test_finished_runs_that_no_search_finds_are_counted_and_the_advice_mends_it(path: Path) -> None:
    change(path, "DELETE FROM case_notes", "DELETE FROM cases", "DELETE FROM stale_runs")
    finding = troubles(path)["search"]
    assert finding.words.startswith("1 finished runs")
    change(path, finding.advice.split('"')[1])
    assert troubles(path) == {}


def test_a_run_that_is_marked_twice_waits_once(path: Path) -> None:
    mark = "INSERT INTO stale_runs (run_id) SELECT run_id FROM outcomes"
    change(path, "DELETE FROM stale_runs", mark, mark)
    assert "1 runs wait to be indexed" in found(path)["search"].words
    change(path, "DELETE FROM stale_runs")
    assert "up to date" in found(path)["search"].words


def test_a_damaged_page_is_found_wherever_it_is(path: Path) -> None:
    change(path, "PRAGMA journal_mode = DELETE")
    whole, page = path.read_bytes(), 4096
    for number in range(1, len(whole) // page, 7):
        path.write_bytes(whole[: number * page] + b"\x55" * page + whole[(number + 1) * page :])
        assert troubles(path), number
        assert faults_of(path), number


def test_a_file_that_was_cut_short_is_damaged(path: Path) -> None:
    change(path, "PRAGMA journal_mode = DELETE")
    path.write_bytes(path.read_bytes()[:-8192])
    assert "is damaged" in troubles(path)["database"].words


def test_logs_and_journals_beside_it_are_named(tmp_path: Path) -> None:
    with sample_store(tmp_path) as store:
        with store.writing() as writer:
            whole_run(writer)
        assert "never delete it" in found(store.path)["log"].words
    sidecar(store.path, "-journal").write_bytes(b"")
    assert "SQLite undoes" in troubles(store.path)["journal"].advice


def test_a_store_that_is_open_shows_from_its_first_moment_to_its_end(tmp_path: Path) -> None:
    with open_store(tmp_path / "new.db") as store:
        assert holds_open(store.path) == "True"
    assert holds_open(store.path) == "False"
    assert not is_open_elsewhere(store.path)
