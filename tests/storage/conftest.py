"""A fresh store on a real file for each test, and a folder that its user may not write."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.connection import Store
from tests.storage.samples import sample_store

NOBODY = 65534


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with sample_store(tmp_path) as opened:
        yield opened


@pytest.fixture
def unwritable() -> Iterator[Path]:
    """A folder holding `sample.db`, neither of them writable for the rest of the test, not even if it runs as root."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sample_store(folder).close()
        (folder / "sample.db").chmod(0o444)
        folder.chmod(0o555)
        was_root = os.geteuid() == 0
        if was_root:
            os.seteuid(NOBODY)
        yield folder
        if was_root:
            os.seteuid(0)
        folder.chmod(0o755)
