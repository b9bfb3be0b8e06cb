"""The key of an installation, in a file beside its database and not in it. Hashes of what could be guessed are made
with it: who gets the database, a backup or a copy cannot try guesses. Where it is lost, a start makes a new one.
"""

import os
import secrets
from hmac import digest
from pathlib import Path

from storage.connection import Store
from storage.errors import StorageError

_BYTES = 32


def key_file(database: Path) -> Path:
    """Where the key of the installation with this database is."""
    return database.with_name(f"{database.name}.key")


def installation_key(store: Store) -> bytes:
    """The key of this installation, which is made at the first call. Raises StorageError."""
    path = key_file(store.path)
    try:
        if key := _read(path):
            return key
        with store.writing():  # two apps that start at once on one database must not each make a key
            return _read(path) or _made(path)
    except OSError as error:
        raise StorageError(
            f"The key {path} can be neither read nor made ({error.strerror or error}). Give this program the right to "
            "read it and to write to its folder."
        ) from error


def keyed_hash(key: bytes, text: str) -> str:
    """What stands for this text, in 64 hexadecimal digits (HMAC-SHA256): who has no key finds it by no guessing."""
    return digest(key, text.encode("utf-8", "surrogatepass"), "sha256").hex()


def _read(path: Path) -> bytes | None:
    """The key, None where there is none yet or not a whole one."""
    try:
        key = bytes.fromhex(path.read_text("ascii"))
    except (FileNotFoundError, ValueError):
        return None
    return key if len(key) == _BYTES else None


def _made(path: Path) -> bytes:
    key = secrets.token_bytes(_BYTES)
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)  # of one who was killed here
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(f"{key.hex()}\n")
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    return key
