"""A fresh store on a real file for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.connection import Store
from tests.storage.samples import sample_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with sample_store(tmp_path) as opened:
        yield opened
