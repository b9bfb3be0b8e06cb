"""A run through the true desk, in the store that people rate in."""

import anyio
import pytest

from fusion_ui.replay import StoredRun
from storage.connection import Store
from tests.inspection.casework import Ear, ran


@pytest.fixture
def run(store: Store) -> StoredRun:
    """Four candidates, of which 40 leads, a judge's pick, and a fused answer that says 40 too."""
    return anyio.run(ran, store, Ear())
