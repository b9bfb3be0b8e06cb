"""The ladder of schemas: numbered SQL files beside this one, climbed in one locked transaction.

A merged file is never edited. Processes that open one fresh file at once wait for each other here, and the later ones
find the work done. The file's `user_version` is the step it stands on.
"""

import re
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from importlib import resources
from pathlib import Path

from sqlite_utils import Database

from storage.errors import StorageError
from storage.guards import guards, laid_guards, lay_guards, lift_guards

APPLICATION_ID = 0x46555349  # "FUSI": tells our files from other programs' databases


def scripts() -> tuple[str, ...]:
    """The SQL of every step, in order."""
    files = [each for each in resources.files(__name__).iterdir() if each.name.endswith(".sql")]
    return tuple(each.read_text("utf-8") for each in sorted(files, key=lambda each: each.name))


def climb(database: Database, *, path: Path, busy_s: float, steps: Sequence[str] | None = None) -> None:
    """Brings the database to the last step with its guards whole, or not at all; a file not ours is left as it is."""
    steps = scripts() if steps is None else steps
    version_of(database, path=path, latest=len(steps))
    enter_wal(database, path=path, patience_s=busy_s)
    # Off, so that a step can rebuild a table that others point at. Not possible inside the transaction; checked there.
    database.execute("PRAGMA foreign_keys = OFF")
    database.execute("BEGIN IMMEDIATE")
    try:
        pending = steps[version_of(database, path=path, latest=len(steps)) :]
        if pending or laid_guards(database) != guards(database):
            _apply(database, path=path, pending=pending, version=len(steps))
        database.commit()
    finally:
        database.rollback()  # does nothing after the commit


def version_of(database: Database, *, path: Path, latest: int) -> int:
    """The step the file stands on, 0 if it is fresh; refuses files of other programs and of newer versions of ours."""
    application = _pragma(database, "application_id")
    version = _pragma(database, "user_version")
    if application == APPLICATION_ID and version <= latest:
        return version
    if application == APPLICATION_ID:
        raise StorageError(
            f"The database {path} was written by a newer version (schema {version}, this program knows {latest}). "
            "Update the program, or choose another file."
        )
    if application or version or database.table_names():
        raise StorageError(
            f"The database {path} belongs to another program and was left as it is. Choose another file."
        )
    return 0


def enter_wal(database: Database, *, path: Path, patience_s: float, wait: Callable[[float], None] = time.sleep) -> None:
    """Turns on the write-ahead log, which lets readers and one writer work side by side."""
    # SQLite breaks a deadlock between two processes making this switch by failing one at once, whatever its timeout.
    deadline = time.monotonic() + patience_s
    while True:
        try:
            mode = database.execute("PRAGMA journal_mode = WAL").fetchone()[0]
            break
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            wait(0.01)
    if mode != "wal":
        raise StorageError(f"The database {path} lies where no write-ahead log is possible. Choose a local disk.")


def _apply(database: Database, *, path: Path, pending: Sequence[str], version: int) -> None:
    lift_guards(database)
    for statement in (each for step in pending for each in _statements(step)):
        database.execute(statement)
    lay_guards(database)
    if broken := database.execute("PRAGMA foreign_key_check").fetchall():
        raise StorageError(
            f"The database {path} stays as it was: the new schema would leave {len(broken)} rows orphaned."
        )
    database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    database.execute(f"PRAGMA user_version = {version}")


def _statements(step: str) -> Iterator[str]:
    """The statements of a step."""
    # Python's own executescript would end the transaction, and that of sqlite-utils asks after every character.
    begun = ""
    for part in re.split(r"(?<=;)", step):
        begun += part
        if sqlite3.complete_statement(begun):
            yield begun
            begun = ""
    if begun:
        yield begun


def _pragma(database: Database, name: str) -> int:
    return int(database.execute(f"PRAGMA {name}").fetchone()[0])
