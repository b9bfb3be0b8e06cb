"""One SQLite file as a `Store`: a connection for each thread, one transaction at a time on it, readers that never wait.

Do not carry a store across a fork, and do not await inside its blocks: they belong to the thread, not to the task.
"""

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlite_utils import Database

from storage.errors import StorageError, damaged, plain_words
from storage.identity import Identity
from storage.migrations import climb
from storage.rows import Reader, Writer

_CACHE_KB = 500  # of each thread's connection, of which there are dozens; the system keeps the file's pages, too


def open_store(path: str | Path, *, identity: Identity | None = None, busy_s: float = 30.0) -> "Store":
    """The store at `path`, made or brought up to date if need be; `busy_s` is how long to wait for another's lock."""
    path = Path(path).absolute()
    try:
        if path.is_dir():
            raise StorageError(f"The database {path} is a folder. Name a file, for example {path / 'fusion_ui.db'}.")
        path.parent.mkdir(parents=True, exist_ok=True)
        _check_file(path)
    except OSError as error:
        raise StorageError(f"No folder for the database {path}: {error}. Choose another file.") from error
    with plain_words(path), _connected(path, busy_s=busy_s) as database:
        climb(database, path=path, busy_s=busy_s)
    store = Store(path, identity=identity or Identity(), busy_s=busy_s)
    with store.reading() as reader:  # holds a shared lock on the file from now on: who would replace it can tell
        reader.execute("SELECT 1 FROM sqlite_master")
    return store


class Store:
    """The way to one database file, for any number of threads."""

    def __init__(self, path: Path, *, identity: Identity, busy_s: float) -> None:
        self.path = path
        self.identity = identity
        self._busy_s = busy_s
        self._lock = threading.Lock()
        self._by_thread: dict[threading.Thread, Database] = {}
        self._turn = threading.Lock()
        self._is_closed = False

    @contextmanager
    def reading(self) -> Iterator[Reader]:
        """A reader of one snapshot: what others store meanwhile does not show."""
        with plain_words(self.path):
            database = self._idle_database()
            with _transaction(database, "BEGIN"):
                yield Reader(database)

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        """A writer whose rows are durable when the block ends, and not there at all if it raises."""
        with plain_words(self.path):
            database = self._idle_database()
            # A deferred transaction that reads first and then writes fails at once when another has written in between.
            with self._own_turn(), _transaction(database, "BEGIN IMMEDIATE"):
                yield Writer(database, self.identity)

    def close(self) -> None:
        """Closes every thread's connection; call it when no thread is in a block."""
        with self._lock:
            self._is_closed = True
            for database in self._by_thread.values():
                database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def _own_turn(self) -> Iterator[None]:
        # SQLite lets those who wait look again ever more seldom, in no order: of 40 threads the last waits for seconds.
        if not self._turn.acquire(timeout=self._busy_s):
            raise StorageError(f"The database {self.path} is busy with another write. Try again in a moment.")
        try:
            yield
        finally:
            self._turn.release()

    def _idle_database(self) -> Database:
        database = self._own_database()
        if database.conn.in_transaction:
            raise StorageError("This thread is in a reading or writing block already. Hand its reader or writer on.")
        return database

    def _own_database(self) -> Database:
        thread = threading.current_thread()
        with self._lock:
            if self._is_closed:
                raise StorageError(f"The store of {self.path} is closed. Open it again.")
            if thread not in self._by_thread:
                self._close_ended()
                self._by_thread[thread] = _connect(self.path, busy_s=self._busy_s)
            return self._by_thread[thread]

    def _close_ended(self) -> None:
        for thread in [thread for thread in self._by_thread if not thread.is_alive()]:
            self._by_thread.pop(thread).close()


def _check_file(path: Path) -> None:
    """Refuses what SQLite would take: a file for reading only, and a log whose database is empty or gone.

    It would delete such a log with all that only it holds, and begin on a read-only file as long as nothing is stored.
    """
    if path.exists() and not os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids):
        raise StorageError(
            f"The database {path} is read-only. Make it and its folder writable, or choose another file."
        )
    log = path.with_name(path.name + "-wal")
    # The log first: who makes a fresh database in this moment writes to the file before there is a log.
    if log.exists() and log.stat().st_size > 0 and not (path.exists() and path.stat().st_size > 0):
        raise StorageError(
            f"The database {path} is {'empty' if path.exists() else 'gone'}, and its log {log.name} is not. Both were "
            "left as they are. Keep copies, then put the database back or restore a backup."
        )


@contextmanager
def _transaction(database: Database, begin: str) -> Iterator[None]:
    try:
        database.execute(begin)
        yield
        database.commit()
    finally:
        database.rollback()  # does nothing after the commit


def _connect(path: Path, *, busy_s: float) -> Database:
    # The store closes connections of other threads, hence no check; each is used by its own thread alone.
    connection = sqlite3.connect(path, timeout=busy_s, isolation_level=None, check_same_thread=False)
    try:
        database = Database(connection, execute_plugins=False)
        database.execute("PRAGMA foreign_keys = ON")
        database.execute("PRAGMA synchronous = FULL")
        database.execute(f"PRAGMA cache_size = -{_CACHE_KB}")
    except UnicodeDecodeError as error:
        connection.close()
        raise damaged(path) from error
    return database


@contextmanager
def _connected(path: Path, *, busy_s: float) -> Iterator[Database]:
    database = _connect(path, busy_s=busy_s)
    try:
        yield database
    finally:
        database.close()
