"""What can go wrong with the disk, in plain words; programming errors stay the exceptions they are."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Primary result codes of SQLite (sqlite.org/rescode.html). A code that is not listed is a bug of ours and raises as is.
_REASONS = {
    sqlite3.SQLITE_PERM: "may not be opened. Check the permissions of the file and its folder.",
    sqlite3.SQLITE_BUSY: "is locked by another program. Close that program, or try again in a moment.",
    sqlite3.SQLITE_READONLY: "is read-only. Make the file and its folder writable, or choose another file.",
    sqlite3.SQLITE_IOERR: "could not be read or written: the disk reports an error. Check it; keep a copy of the file.",
    sqlite3.SQLITE_CORRUPT: "is damaged and was left as it is. Keep a copy; `sqlite3 FILE .recover` saves the rest.",
    sqlite3.SQLITE_FULL: "cannot grow: the disk is full. Free some space; this step was not stored, all before it was.",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened. Check that its folder exists and is writable.",
    sqlite3.SQLITE_NOTADB: "is not a SQLite database and was left as it is. Choose another file.",
}


class StorageError(Exception):
    """The root of all that storage refuses; the message says what, which file or table, and what to do."""


class ConflictError(StorageError):
    """Things are no longer as the caller saw them; nothing was stored. Look again, then decide."""


class RowError(StorageError):
    """A row that breaks a rule of its table; nothing of it was stored."""


def damaged(path: Path) -> StorageError:
    """What is said where SQLite itself cannot say it: it quotes a damaged schema, and Python cannot read the quote."""
    return StorageError(f"The database {path} {_REASONS[sqlite3.SQLITE_CORRUPT]}")


@contextmanager
def plain_words(path: Path) -> Iterator[None]:
    """Turns trouble with the file at `path` into a `StorageError`."""
    try:
        yield
    except sqlite3.Error as error:
        reason = _REASONS.get(_code_of(error) & 0xFF)
        if reason is None:
            raise
        raise StorageError(f"The database {path} {reason}") from error


def _code_of(error: sqlite3.Error) -> int:
    # A text that is no UTF-8 is found by Python, which gives no code; our own are checked before they are stored.
    if isinstance(error, sqlite3.OperationalError) and str(error).startswith("Could not decode to UTF-8"):
        return sqlite3.SQLITE_CORRUPT
    return getattr(error, "sqlite_errorcode", 0)
