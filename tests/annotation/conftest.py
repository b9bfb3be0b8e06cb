"""What tests of annotation share: the owner's side."""

import pytest

from fusion_ui.annotation.studies import Studies
from storage.connection import Store


@pytest.fixture
def studies(store: Store) -> Studies:
    return Studies(store)
