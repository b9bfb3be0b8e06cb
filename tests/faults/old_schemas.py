"""Databases as earlier versions of the app left them: the first steps of the ladder, with rows in every table."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from sqlite_utils import Database

from storage.checking import examining
from storage.connection import open_store
from storage.migrations import climb, scripts
from tests.faults.work import finished_run
from tests.storage.samples import fill_every_table

Contents = Mapping[str, tuple[tuple[str, ...], list[tuple[object, ...]]]]
_TABLES = "SELECT name FROM pragma_table_list WHERE schema = ? AND type = 'table' AND name NOT GLOB 'sqlite_*'"
DERIVED = frozenset({"stale_runs"})  # marks that migrations and the app add and take away
KEYED = 8  # the step that forgets who asked, as hashes without a key could be guessed


def old_database(folder: Path, *, step: int) -> Path:
    """The file of a database that stands on this step, in one file without a log."""
    full, path = folder / "sample.db", folder / f"step-{step}.db"
    if not full.exists():
        fill_every_table(folder)
        with open_store(full) as store:
            finished_run(store, seed=1)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        old = Database(connection)
        climb(old, path=path, busy_s=1.0, steps=scripts()[:step])
        old.execute("PRAGMA foreign_keys = OFF")
        old.execute("ATTACH ? AS full", [str(full)])
        for (table,) in old.execute(_TABLES, ["main"]).fetchall():
            names = ", ".join(_columns(old, table))
            old.execute(f"INSERT OR IGNORE INTO main.{table} ({names}) SELECT {names} FROM full.{table} ORDER BY rowid")
        assert old.execute("PRAGMA main.foreign_key_check").fetchall() == []
        old.execute("DETACH full")
        old.execute("PRAGMA journal_mode = DELETE")
    return path


def contents(path: Path, *, like: Contents | None = None) -> Contents:
    """The rows of all tables; with `like`, of its tables and its columns only."""
    with examining(path) as database:
        tables = [name for (name,) in database.execute(_TABLES, ["main"]) if name not in DERIVED]
        columns = {table: like[table][0] if like else _columns(database, table) for table in like or tables}
        return {table: (names, _rows(database, table, names)) for table, names in columns.items()}


def kept(before: Contents, *, step: int) -> Contents:
    """What of the contents of a database on this step the last one still holds: all but what it forgets on purpose."""
    forgotten = {"run_askers"} if step < KEYED else set()
    return {table: (names, [] if table in forgotten else rows) for table, (names, rows) in before.items()}


def version(path: Path) -> int:
    """The step the file stands on."""
    with examining(path) as database:
        return int(database.execute("PRAGMA user_version").fetchone()[0])


def _columns(database: Database, table: str) -> tuple[str, ...]:
    return tuple(row[1] for row in database.execute(f"PRAGMA main.table_info({table})"))


def _rows(database: Database, table: str, names: tuple[str, ...]) -> list[tuple[object, ...]]:
    return database.execute(f"SELECT {', '.join(names)} FROM {table} ORDER BY rowid").fetchall()
