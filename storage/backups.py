"""Backups: a whole copy made while others write, and put back in the place of the database it came from.

A copy has its name only when it is complete, checked and on the disk. What is replaced stays beside it under its date.
"""

import os
import secrets
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from sqlite_utils import Database

from storage.checking import alone_with, examining, faults_of, is_open_elsewhere, sidecar
from storage.errors import StorageError, plain_words

Tell = Callable[[int, int], None]
_PAGES_A_STEP = 2_000  # 8 MB: others get the disk in between, and progress can be told
_OPEN = "{} is open in a running program, perhaps the app. Nothing was restored: end it, then try again."


class Restored(NamedTuple):
    """A database that was put back: how many rows it has, and where the one before is (None: there was none)."""

    rows: int
    kept: Path | None


def backup_name(database: Path, *, moment: datetime) -> str:
    """The name of a copy made at this moment: as text such names sort as they do in time."""
    return f"{database.stem}.{moment.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}.backup.db"


def back_up(database: Path, target: Path, *, is_forced: bool = False, tell: Tell | None = None) -> None:
    """Puts a copy of the database as it is at this moment at `target`. Raises StorageError, and leaves nothing then."""
    with _reached(target), ExitStack() as stack:
        _check_target(target, database=database, is_forced=is_forced)
        copy = stack.enter_context(_beside(target))
        _copy(database, copy, tell=tell)
        if faults := faults_of(copy):
            raise StorageError(f"No backup was made, as the copy is not sound: {' '.join(faults)}")
        _publish(copy, target, is_forced=is_forced)


def thin_out(database: Path, folder: Path, *, keep: int) -> tuple[Path, ...]:
    """Removes all but the latest of the copies in the folder that bear names of `backup_name`; which these were."""
    pattern = f"{_escaped(database.stem)}.{'[0-9]' * 8}T{'[0-9]' * 6}.{'[0-9]' * 6}Z.backup.db"
    spare = sorted(folder.glob(pattern))[: -max(keep, 1)]
    for path in spare:
        path.unlink()
    return tuple(spare)


def restore(copy: Path, database: Path, *, moment: datetime) -> Restored:
    """Puts a checked copy in the place of the database, which is kept under a dated name. Raises StorageError.

    For a process of its own that has no connection to either file. Nothing is replaced unless all is well before, and
    while the database is open anywhere.
    """
    with _reached(database), ExitStack() as stack:
        _check_source(copy, database)
        fresh = stack.enter_context(_beside(database))
        _copy(copy, fresh)
        if faults := faults_of(fresh):
            raise StorageError(f"Nothing was restored: {' '.join(faults)}")
        expected = content_of(fresh)
        kept = _kept_name(database, moment) if database.exists() else None
        if kept is None:
            fresh.replace(database)
        else:
            _take_after(fresh, database)
            _swap(database, fresh, kept=kept)
        _sync_folder(database.parent)
    if faults_of(database) or content_of(database) != expected:
        raise StorageError(f"{database} does not hold what {copy} does: the disk may be failing. Before it was {kept}.")
    return Restored(sum(count for count, _ in expected.values()), kept)


def content_of(path: Path) -> dict[str, tuple[int, str]]:
    """How many rows each table holds, and the sha256 of them all: equal for equal content."""
    with examining(path) as database:
        tables = sorted(database.table_names())
        return {table: _digest(database, table) for table in tables}


def _digest(database: Database, table: str) -> tuple[int, str]:
    quoted = table.replace('"', '""')
    digest, count = sha256(), 0
    for count, row in enumerate(database.execute(f'SELECT * FROM "{quoted}"'), 1):  # noqa: B007 - counted to the last
        digest.update(repr(row).encode("utf-8", "surrogatepass"))
    return count, digest.hexdigest()


def _check_target(target: Path, *, database: Path, is_forced: bool) -> None:
    if not database.is_file():
        raise StorageError(f"There is no database at {database}. Name one with --db.")
    own = [database, *(sidecar(database, ending) for ending in ("-wal", "-shm", "-journal"))]
    if any(target.absolute() == each.absolute() or _is_same(target, each) for each in own):
        raise StorageError(f"{target} belongs to the database itself. Name another file.")
    if target.is_dir():
        raise StorageError(f"{target} is a folder. Name a file in it.")
    if target.exists() and not is_forced:
        raise StorageError(f"{target} is there already and was left as it is. Name another file, or add --force.")


def _check_source(copy: Path, database: Path) -> None:
    if not copy.is_file():
        raise StorageError(f"There is no backup at {copy}. Check its name.")
    if _is_same(copy, database):
        raise StorageError(f"{copy} is the database itself. Name a backup of it.")
    if database.is_dir():
        raise StorageError(f"The database {database} is a folder. Name a file with --db.")
    if faults := faults_of(copy):
        raise StorageError(f"Nothing was restored: {' '.join(faults)}")
    if database.exists() and is_open_elsewhere(database):
        raise StorageError(_OPEN.format(database))


@contextmanager
def _reached(target: Path) -> Iterator[None]:
    """Tells trouble with the files on the way to one in the place of `target`."""
    try:
        yield
    except OSError as error:
        raise StorageError(
            f"{target} cannot be written: {error.strerror or error} ({error.filename}). Choose another place."
        ) from error


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """The name of a file in the target's folder for a copy that is not complete yet; none is left over."""
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part.touch(mode=0o600, exist_ok=False)
        yield part
    finally:
        for leftover in (part, *(sidecar(part, ending) for ending in ("-wal", "-shm", "-journal"))):
            with suppress(OSError):
                leftover.unlink(missing_ok=True)


def _copy(source: Path, part: Path, *, tell: Tell | None = None) -> None:
    """Writes what the source holds now to one file without a log, with the permissions of the source."""
    with examining(source) as reader:  # its snapshot is what is copied: without it every foreign write begins it anew
        size = int(reader.execute("PRAGMA page_count").fetchone()[0] * reader.execute("PRAGMA page_size").fetchone()[0])
        if (free := shutil.disk_usage(part.parent).free) < size:
            raise StorageError(f"The copy needs {size:,} bytes and {part.parent} has {free:,} free. Free some space.")
        with plain_words(part), closing(sqlite3.connect(part, isolation_level=None)) as target:
            progress = None if tell is None else lambda _, left, pages: tell(pages - left, pages)
            reader.conn.backup(target, pages=_PAGES_A_STEP, progress=progress, sleep=0.01)
            target.execute("PRAGMA journal_mode = DELETE")
    _take_after(part, source)
    with part.open("rb+") as file:
        os.fsync(file.fileno())


def _take_after(part: Path, model: Path) -> None:
    """Gives the file the owner and the permissions of another, and its owner the right to write."""
    stat = model.stat()
    part.chmod(stat.st_mode & 0o777 | 0o600)
    with suppress(PermissionError):  # only root may give files away, and only root has to: it restores for a service
        os.chown(part, stat.st_uid, stat.st_gid)


def _publish(part: Path, target: Path, *, is_forced: bool) -> None:
    """Gives the copy its name; without force nobody else's file is replaced, even one made a moment ago."""
    if not is_forced:
        try:
            target.touch(exist_ok=False)
        except FileExistsError:
            raise StorageError(f"{target} has come up meanwhile and was left as it is. Name another file.") from None
    part.replace(target)
    _sync_folder(target.parent)


def _swap(database: Path, fresh: Path, *, kept: Path) -> None:
    """Puts the fresh file in the database's place and keeps the database, with its log where that cannot be folded in.

    The log must not lie beside the database when the copy comes in: SQLite would take it for the copy's own.
    """
    _fold_log(database)
    with alone_with(database) as is_alone:
        if not is_alone:
            raise StorageError(_OPEN.format(database))
        _name_also(database, kept)  # there is a database at every moment: without one a start would make an empty one
        for ending in ("-wal", "-journal"):
            if (left := sidecar(database, ending)).exists():
                left.replace(sidecar(kept, ending))
        sidecar(database, "-shm").unlink(missing_ok=True)
        fresh.replace(database)


def _name_also(database: Path, kept: Path) -> None:
    try:
        os.link(database, kept)
    except OSError:  # a disk without links
        shutil.copy2(database, kept)


def _fold_log(database: Path) -> None:
    """Makes one file of the database and its log; a damaged one stays as it is, to the byte."""
    if faults_of(database):
        return
    with suppress(sqlite3.Error), closing(sqlite3.connect(database, timeout=0, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")


def _kept_name(database: Path, moment: datetime) -> Path:
    return database.with_name(f"{database.stem}.{moment.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}.before-restore.db")


def _is_same(one: Path, other: Path) -> bool:
    return one.exists() and other.exists() and one.samefile(other)


def _escaped(text: str) -> str:
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in text)


def _sync_folder(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
