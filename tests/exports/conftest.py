"""A store with a run through the true desk, and people who rate it on its page and in studies."""

from collections.abc import Iterator
from pathlib import Path

import anyio
import pytest

from fusion_ui.replay import StoredRun
from storage.connection import Store, open_store
from storage.identity import Identity
from tests.annotation.judging import Clock, Room
from tests.inspection.casework import Ear, ran


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
def run(store: Store) -> StoredRun:
    """Four candidates, of which 40 leads, a judge's pick, and a fused answer that says 40 too."""
    return anyio.run(ran, store, Ear())
