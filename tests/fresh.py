"""Empty databases, copied: making one takes as long as many a test."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from storage.connection import open_store


def fresh(path: Path) -> Path:
    """Lays a database, as the first start makes it, at `path` unless there is one."""
    if not path.exists():
        path.write_bytes(_made())
    return path


@cache
def _made() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "fresh.db"
        open_store(path).close()
        return path.read_bytes()
