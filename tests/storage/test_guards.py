"""The guards: no row is ever changed or removed, from whatever connection."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from storage.guards import GUARDED, laid_guards
from tests.storage.samples import fill_every_table


@pytest.fixture
def stranger(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A connection with SQLite's defaults to a store that has a row in every table."""
    with closing(sqlite3.connect(fill_every_table(tmp_path), isolation_level=None)) as connection:
        yield connection


def test_every_table_has_its_three_guards(stranger: sqlite3.Connection) -> None:
    database = Database(stranger)
    found = stranger.execute("SELECT name FROM pragma_table_list WHERE type = 'table' AND name NOT GLOB 'sqlite_*'")
    assert {name for (name,) in found} == {*GUARDED, "drafts", "stale_runs", "case_labels", "cases", "case_notes"}
    assert set(laid_guards(database)) == {
        f"guard_{table}_{word}" for table in GUARDED for word in ("update", "delete", "insert")
    }


@pytest.mark.parametrize("table", GUARDED)
def test_a_row_is_neither_changed_removed_nor_replaced(stranger: sqlite3.Connection, table: str) -> None:
    before = stranger.execute(f"SELECT * FROM {table}").fetchall()
    column = stranger.execute(f"SELECT name FROM pragma_table_info('{table}')").fetchone()[0]
    for attempt in (
        f"UPDATE {table} SET {column} = {column}",
        f"UPDATE OR REPLACE {table} SET {column} = {column}",
        f"DELETE FROM {table}",
        f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
        f"INSERT OR IGNORE INTO {table} SELECT * FROM {table} WHERE true ON CONFLICT DO UPDATE SET {column} = {column}",
    ):
        with pytest.raises(sqlite3.IntegrityError, match=f"{table} (is insert-only|has a row with this key already)"):
            stranger.execute(attempt)
    assert stranger.execute(f"SELECT * FROM {table}").fetchall() == before != []


def test_a_rating_is_not_replaced_through_its_request_key(stranger: sqlite3.Connection) -> None:
    copied = "id || 'x', run_id, rater_id, verdict, role, output_id, 'forged', names_visible, supersedes, request_key"
    with pytest.raises(sqlite3.IntegrityError, match="ratings has a row with this key already"):
        stranger.execute(f"INSERT OR REPLACE INTO ratings SELECT {copied}, created_at FROM ratings")
