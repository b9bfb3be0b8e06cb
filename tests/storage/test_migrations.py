"""Climbing the ladder of schemas: once, whole or not at all, and never over a file that is not ours."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import fields
from pathlib import Path

import pytest
from sqlite_utils import Database

from storage.connection import open_store
from storage.errors import StorageError
from storage.guards import guards, laid_guards
from storage.identity import Identity
from storage.lab import put_recording
from storage.migrations import APPLICATION_ID, climb, enter_wal, scripts
from storage.ratings import Score, insert_rating
from storage.rows import Row, Writer
from storage.runs import run_rows
from tests.storage.samples import answers_to, fill_every_table, rating, recording, whole_run

GOLDEN = Path(__file__).parent / "golden" / "schema.sql"
INSPECTION = ("flaw_askings", "suggested_flaws", "run_flaws", "regroupings", "source_corrections")
PUBLIC = ("run_visitors", "run_askers", "paid_elsewhere")
UNGUARDED = ("drafts", "cases", "case_labels", "case_notes", "stale_runs")
LAB = ("recordings", "recorded_answers", "replays", "weightings")
STUDIES = (
    "studies", "study_closings", "study_units", "contenders", "joinings", "trials", "leases", "trial_ratings", "flaws",
    "exclusions", "users", "passwords", "disablings", "invitations", "invitation_uses", "sessions", "session_ends",
    "login_attempts",
)  # fmt: skip
REBUILD = """
CREATE TABLE raters_new (
    id TEXT PRIMARY KEY NOT NULL, name TEXT NOT NULL UNIQUE, created_at TEXT NOT NULL, is_owner INTEGER NOT NULL
) STRICT;
INSERT INTO raters_new SELECT id, name, created_at, 0 FROM raters;
DROP TABLE raters;
ALTER TABLE raters_new RENAME TO raters;
UPDATE prompts SET language = 'und' WHERE language IS NULL;
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "sample.db"


@pytest.fixture
def database(path: Path) -> Iterator[Database]:
    """A store with a row in every table, as a bare database."""
    with closing(sqlite3.connect(fill_every_table(path.parent), isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        yield Database(connection)


def schema(database: Database) -> str:
    rows = database.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY tbl_name, type, name")
    return "".join(f"{sql};\n\n" for (sql,) in rows)


def tables(database: Database, *kinds: str) -> set[str]:
    """Our tables; those of searching (virtual), and what SQLite keeps them in (shadow), only if asked for."""
    found = database.execute(
        "SELECT name, type FROM pragma_table_list WHERE schema = 'main' AND name NOT GLOB 'sqlite_*'"
    )
    return {name for name, kind in found if kind in (kinds or ("table",))}


def contents(database: Database) -> dict[str, list[dict[str, object]]]:
    return {name: list(database.table(name).rows) for name in tables(database)}


def everything(database: Database) -> tuple[str, dict[str, list[dict[str, object]]]]:
    kept = tables(database, "table", "shadow")
    return schema(database), {name: list(database.table(name).rows) for name in kept}


def test_the_schema_is_the_golden_one(database: Database) -> None:
    assert schema(database) == GOLDEN.read_text("utf-8"), f"If the change is meant, write it to {GOLDEN}"


def test_every_row_type_has_the_columns_of_its_table(database: Database) -> None:
    row_types = Row.__subclasses__()
    assert {row_type.table for row_type in row_types} == tables(database)
    for row_type in row_types:
        assert [each.name for each in fields(row_type)] == list(database.table(row_type.table).columns_dict)


def test_opening_again_changes_nothing(database: Database, path: Path) -> None:
    before = everything(database)
    schema_version = database.execute("PRAGMA schema_version").fetchone()
    open_store(path).close()
    assert everything(database) == before
    assert database.execute("PRAGMA schema_version").fetchone() == schema_version


def test_a_later_step_rebuilds_a_table_with_rows_in_use_and_lays_the_guards_anew(
    database: Database, path: Path
) -> None:
    runs = contents(database)["runs"]
    climb(database, path=path, busy_s=1.0, steps=(*scripts(), REBUILD))
    assert database.execute("PRAGMA user_version").fetchone() == (len(scripts()) + 1,)
    assert contents(database)["runs"] == runs
    assert laid_guards(database) == guards(database)
    with pytest.raises(sqlite3.IntegrityError, match="raters is insert-only"):
        database.execute("UPDATE raters SET is_owner = 1")


@pytest.mark.parametrize("step", [1, 2])
def test_a_store_of_an_earlier_step_climbs_with_its_rows(path: Path, step: int) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        first = Database(connection)
        climb(first, path=path, busy_s=1.0, steps=scripts()[:step])
        first.execute("BEGIN")
        writer = Writer(first, Identity())
        run, outputs = whole_run(writer)
        insert_rating(writer, rating(writer, run), [Score(outputs[0].id, "candidate", "stars", 4)])
        if step == 2:
            stored = recording(writer)
            put_recording(writer, stored, answers_to(stored))
        first.execute("COMMIT")
        before = contents(first)
        open_store(path).close()
        added = {table: [] for table in (*LAB, *STUDIES, *INSPECTION, *PUBLIC, *UNGUARDED)}
        added["stale_runs"] = [{"mark": 1, "run_id": run.id}]
        assert contents(first) == added | before
        assert laid_guards(first) == guards(first)
        assert len(guards(first)) == 3 * len((added | before).keys() - set(UNGUARDED))


@pytest.mark.parametrize(
    ("step", "error"),
    [
        ("CREATE TABLE later (id TEXT); SELECT nonsense;", sqlite3.OperationalError),
        ("CREATE TABLE later (id TEXT); DELETE FROM prompts;", StorageError),
    ],
)
def test_a_step_that_fails_or_orphans_rows_changes_nothing(
    database: Database, path: Path, step: str, error: type[Exception]
) -> None:
    before = everything(database)
    with pytest.raises(error):
        climb(database, path=path, busy_s=1.0, steps=(*scripts(), step))
    assert everything(database) == before


def test_guards_lost_to_another_tool_are_laid_again_on_opening(database: Database, path: Path) -> None:
    database.execute("DROP TRIGGER guard_ratings_update")
    database.execute("DROP TRIGGER guard_runs_insert")
    open_store(path).close()
    assert laid_guards(database) == guards(database)


def test_a_store_of_a_newer_version_is_refused_and_kept(database: Database, path: Path) -> None:
    newer = len(scripts()) + 1
    database.execute(f"PRAGMA user_version = {newer}")
    with pytest.raises(StorageError, match=rf"newer version \(schema {newer}, this program knows {newer - 1}\)"):
        open_store(path)
    assert database.execute("PRAGMA user_version").fetchone() == (newer,)


@pytest.mark.parametrize(
    "theirs", ["CREATE TABLE songs (title)", "PRAGMA user_version = 1", f"PRAGMA application_id = {APPLICATION_ID + 1}"]
)
def test_a_database_of_another_program_is_refused_and_kept(path: Path, theirs: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(theirs)
    before = path.read_bytes()
    with pytest.raises(StorageError, match="belongs to another program"):
        open_store(path)
    assert path.read_bytes() == before


def test_a_table_that_people_add_to_the_file_stays_theirs(database: Database, path: Path) -> None:
    database.table("my notes").insert({"id": 1, "note": "first"}, pk="id")
    database.table("outputs").enable_fts(["text"])
    with open_store(path) as store, store.writing() as writer:
        run, _ = whole_run(writer)
        assert run_rows(writer, run.id) is not None
    database.table("my notes").update(1, {"note": "second"})
    assert len(list(database.table("outputs").search("agree OR say"))) >= 1


def test_the_log_is_entered_as_soon_as_another_process_lets_go(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other, closing(Database(path)) as database:
        database.execute("PRAGMA busy_timeout = 0")
        other.execute("BEGIN EXCLUSIVE")
        enter_wal(database, path=path, patience_s=30.0, wait=lambda _: other.execute("COMMIT"))
        assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_waiting_for_the_log_ends(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT * FROM sqlite_master")  # a reader is enough to forbid the switch
        with pytest.raises(StorageError, match="is locked by another program"):
            open_store(path, busy_s=0.0)


def test_a_place_without_a_log_is_refused(path: Path) -> None:
    with pytest.raises(StorageError, match="Choose a local disk"):
        enter_wal(Database(memory=True), path=path, patience_s=0.0)
