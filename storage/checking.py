"""What is wrong with a database file and what to do about it, in plain words; nothing here changes the file.

How far one may look is found on the way: a file that cannot be opened is not asked for its tables.
"""

import fcntl
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, NamedTuple
from urllib.parse import quote

from sqlite_utils import Database

from storage.errors import StorageError, damaged, plain_words
from storage.guards import guards, laid_guards
from storage.migrations import scripts, version_of

State = Literal["fine", "todo", "unknown"]
LEAST_FREE = 256 * 2**20
"""Bytes: below this a disk is called nearly full, and so it is below the size of the database (a backup's room)."""
_OLDEST_SQLITE = (3, 37, 0)  # STRICT tables: sqlite.org/stricttables.html
_SOUND_SQLITE = (3, 51, 3)  # mends the WAL-reset bug: sqlite.org/wal.html#walresetbug
_BACKPORTS: dict[tuple[int, ...], int] = {(3, 44): 6, (3, 50): 7}
_FIRST_SHARED, _SHARED_BYTES = 0x40000002, 510  # where SQLite keeps its locks: sqlite.org/fileformat2.html#lock_page
_MOST_TOLD = 5


class Finding(NamedTuple):
    """One thing that was looked at: how it is, and what to do unless it is fine."""

    subject: str
    state: State
    words: str
    advice: str = ""


@contextmanager
def examining(path: Path) -> Iterator[Database]:
    """One snapshot of any SQLite file, whatever its schema, opened for reading only. Raises StorageError.

    Where nobody else has it open, SQLite may leave an empty log beside it, as who only reads may not take it away.
    """
    with plain_words(path):
        connection = sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode=ro", uri=True, isolation_level=None)
        try:
            yield _begun(connection, path)
        finally:
            connection.close()


def _begun(connection: sqlite3.Connection, path: Path) -> Database:
    try:
        connection.execute("BEGIN")
        connection.execute("SELECT 1 FROM sqlite_master").fetchone()
        return Database(connection, execute_plugins=False)
    except UnicodeDecodeError as error:
        raise damaged(path) from error


def sidecar(path: Path, ending: str) -> Path:
    """The file that SQLite keeps beside this one: `-wal`, `-shm` or `-journal`."""
    return path.with_name(path.name + ending)


@contextmanager
def alone_with(path: Path) -> Iterator[bool]:
    """Whether no other process has the database open, nor can read it before the block ends.

    Each that has holds a shared lock on it from its first look to its end. For a process that has no connection of its
    own to the file: it would not see it here, and that connection would lose its locks.
    """
    with path.open("rb+") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, _SHARED_BYTES, _FIRST_SHARED)
            is_alone = True
        except OSError:
            is_alone = False
        yield is_alone


def is_open_elsewhere(path: Path) -> bool:
    """Whether another process has the database open, under the conditions of `alone_with`."""
    with alone_with(path) as is_alone:
        return not is_alone


def check_file(path: Path) -> tuple[Finding, ...]:
    """The file, its folder, its disk and SQLite itself; if all goes well, what is inside follows."""
    sqlite = check_sqlite(sqlite3.sqlite_version_info)
    try:
        place = _place(path)
        return (sqlite, *place, *(_room(path) if place[0].state == "fine" else ()))
    except OSError as error:
        advice = "Check the permissions of the folders on the way to it."
        return (sqlite, Finding("file", "todo", f"{path} cannot be reached: {error.strerror}.", advice))


def check_inside(path: Path) -> tuple[Finding, ...]:
    """Everything that SQLite and our own schema can say of the file; of one that cannot be read, why."""
    try:
        if not path.is_file() or path.stat().st_size == 0:
            return ()
        return (*_leftovers(path), *_looked_into(path))
    except OSError:  # said of the file
        return ()


def is_current(path: Path) -> bool:
    """Whether the file is one of ours, at the schema that this program writes."""
    try:
        with examining(path) as database:
            return _version(database, path) == len(scripts())
    except StorageError:
        return False


def faults_of(path: Path) -> tuple[str, ...]:
    """What forbids to rely on this file as a database of ours: damage, orphans, or a schema that is not known here."""
    try:
        with examining(path) as database:
            if not _version(database, path):
                return (f"{path} is empty: it holds no database of Fusion UI.",)
            found = (_integrity(database, path), _orphans(database, path))
    except StorageError as error:
        return (str(error),)
    return tuple(each.words for each in found if each.state != "fine")


def _looked_into(path: Path) -> Iterator[Finding]:
    try:
        with examining(path) as database:
            schema = _schema(database, path)
            yield schema
            if schema.state != "unknown":
                yield from (check(database, path) for check in (_integrity, _orphans, _guards, _index))
    except StorageError as error:
        yield Finding("database", "unknown", str(error), "Restore a backup, or ask someone who knows SQLite.")


def check_sqlite(version: tuple[int, ...]) -> Finding:
    """Whether SQLite of this version does what the schema asks for, and what is known against it."""
    text = ".".join(map(str, version))
    if version < _OLDEST_SQLITE:
        return Finding(
            "sqlite", "todo", f"SQLite {text} is too old.", "Use a Python that comes with SQLite 3.37 or later."
        )
    if version >= _SOUND_SQLITE or version[2] >= _BACKPORTS.get(version[:2], version[2] + 1):
        return Finding("sqlite", "fine", f"SQLite {text}.")
    words = f"SQLite {text}. A very rare fault of its log (sqlite.org/wal.html#walresetbug) is mended in 3.51.3."
    return Finding("sqlite", "fine", words, "Update Python's SQLite when you can, and make backups.")


def _place(path: Path) -> tuple[Finding, ...]:
    folder = next(parent for parent in path.absolute().parents if parent.exists())
    if path.is_dir():
        return (Finding("file", "todo", f"{path} is a folder.", "Name a file with --db."),)
    if not _may(folder, os.W_OK | os.X_OK):
        advice = "Make the folder writable (the log lies beside the database), or choose another with --db."
        return (Finding("file", "todo", f"The folder {folder} may not be written.", advice),)
    if not path.exists() or path.stat().st_size == 0:
        return (_blank(path),)
    missing = [word for mode, word in ((os.R_OK, "read"), (os.W_OK, "written")) if not _may(path, mode)]
    if missing:
        return (
            Finding("file", "todo", f"{path} may not be {' or '.join(missing)}.", "Change the file's permissions."),
        )
    return (Finding("file", "fine", f"{path} ({_megabytes(path.stat().st_size)}) can be read and written."),)


def _may(path: Path, mode: int) -> bool:
    return os.access(path, mode, effective_ids=os.access in os.supports_effective_ids)


def _blank(path: Path) -> Finding:
    """A file that is missing or empty: a beginning, unless there is a log without its database."""
    is_missing, log = not path.exists(), sidecar(path, "-wal")
    if log.exists() and log.stat().st_size:
        words = f"{path} is {'gone' if is_missing else 'empty'}, yet {log.name} beside it is not: something was lost."
        return Finding("file", "todo", words, "Keep copies, then put the database back or restore a backup.")
    if is_missing:
        return Finding("file", "fine", f"There is no database at {path} yet. The first start makes it.")
    return Finding("file", "fine", f"{path} is empty. The first start makes a database of it.")


def _room(path: Path) -> tuple[Finding, ...]:
    folder = next(parent for parent in path.absolute().parents if parent.exists())
    free, size = shutil.disk_usage(folder).free, path.stat().st_size if path.exists() else 0
    if free < max(LEAST_FREE, size):
        return (Finding("disk", "todo", f"Only {_megabytes(free)} are free in {folder}.", "Free some space."),)
    return (Finding("disk", "fine", f"{_megabytes(free)} are free."),)


def _leftovers(path: Path) -> Iterator[Finding]:
    if sidecar(path, "-journal").exists():
        words = f"{path.name}-journal lies beside the database: another program was cut off while it wrote."
        yield Finding(
            "journal", "todo", words, "Keep it where it is and start the app once: SQLite undoes the half write."
        )
    log = sidecar(path, "-wal")
    if log.exists() and log.stat().st_size:
        words = f"The log {log.name} holds {_megabytes(log.stat().st_size)}, part of the database: never delete it."
        yield Finding("log", "fine", words)


def _version(database: Database, path: Path) -> int:
    """The step the file stands on, as opening it would see it; 0 for one without tables. Raises StorageError."""
    return version_of(database, path=path, latest=len(scripts()))


def _schema(database: Database, path: Path) -> Finding:
    try:
        version = _version(database, path)
    except StorageError as error:
        return Finding("schema", "unknown", str(error), "Update the program, or choose another file with --db.")
    latest = len(scripts())
    if version < latest:
        words = f"The schema is older (step {version} of {latest})."
        return Finding(
            "schema", "todo", words, "Make a backup, then start the app once: it brings the schema up to date."
        )
    return Finding("schema", "fine", f"The schema is the one this program writes (step {latest}).")


def _integrity(database: Database, path: Path) -> Finding:
    told = [str(line) for (line,) in database.execute(f"PRAGMA integrity_check({_MOST_TOLD})")]
    if told == ["ok"]:
        return Finding("pages", "fine", "SQLite finds every page and index sound.")
    words = f"{path} is damaged: {'; '.join(' '.join(line.split())[:200] for line in told)}."
    return Finding("pages", "todo", words, "Stop the app, keep a copy of the file, and restore the last backup.")


def _orphans(database: Database, path: Path) -> Finding:
    found = database.execute("PRAGMA foreign_key_check").fetchall()
    if not found:
        return Finding("references", "fine", "No row points at one that is missing.")
    tables = ", ".join(sorted({str(row[0]) for row in found}))
    words = f"{len(found):,} rows of {path} point at rows that are missing ({tables})."
    return Finding("references", "todo", words, "Something else has written to the file. Restore the last backup.")


def _guards(database: Database, path: Path) -> Finding:
    due, laid = guards(database), laid_guards(database)
    if due == laid:
        return Finding("guards", "fine", f"All {len(due)} guards against changing what was stored are there.")
    words = f"{len(due.items() ^ laid.items())} guards of {path} are missing or changed: stored rows could be altered."
    return Finding("guards", "todo", words, "Start the app once: it lays them anew. Ask who opened the file with what.")


def _index(database: Database, path: Path) -> Finding:
    if _version(database, path) < len(scripts()):
        return Finding("search", "fine", "The index for searching follows when the schema is up to date.")
    unmarked = database.execute(_UNINDEXED).fetchone()[0]
    if unmarked:
        words = f"{unmarked:,} finished runs cannot be found by searching."
        again = f'sqlite3 {path} "INSERT INTO stale_runs (run_id) SELECT run_id FROM outcomes"'
        return Finding("search", "todo", words, f"Mark them: {again}, then start. Those that stay cannot be read.")
    stale = database.execute("SELECT count(DISTINCT run_id) FROM stale_runs").fetchone()[0]
    waiting = f"{stale:,} runs wait to be indexed, which the app does while it runs" if stale else "up to date"
    return Finding("search", "fine", f"The index for searching: {waiting}.")


_UNINDEXED = """SELECT count(*) FROM outcomes WHERE NOT EXISTS (SELECT 1 FROM cases WHERE run_id = outcomes.run_id)
    AND NOT EXISTS (SELECT 1 FROM stale_runs WHERE run_id = outcomes.run_id)"""


def _megabytes(size: int) -> str:
    return f"{size / 2**20:,.1f} MB"
