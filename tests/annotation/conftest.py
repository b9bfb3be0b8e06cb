"""What tests of annotation share: a store on a clock that a test moves, raters, and the owner's side."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fusion_ui.annotation.studies import Studies
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


@pytest.fixture
def studies(store: Store) -> Studies:
    return Studies(store)
