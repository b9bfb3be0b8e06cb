"""What tests of preferences share: a store on a clock that a test moves, and a room of raters."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.connection import Store, open_store
from storage.identity import Identity
from tests.annotation.judging import Clock, Room


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    with open_store(tmp_path / "s.db", identity=Identity(clock=clock)) as store:
        yield store


@pytest.fixture
def room(store: Store, clock: Clock) -> Room:
    return Room(store, clock)
