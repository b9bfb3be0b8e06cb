"""What tests of endpoints share: the app's services over the store of the test, and a browser at them."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from fusion_ui.composition import composed
from fusion_ui.services import Services
from fusion_ui.settings import load_settings
from fusion_ui.ui.endpoints import add_endpoints
from storage.connection import Store


@pytest.fixture
def services(store: Store) -> Iterator[Services]:
    """Everything a page may ask for, with scripted members that answer at once."""
    with composed(load_settings(db=store.path, demo_speed=0)) as services:
        yield services


@pytest.fixture
def client(services: Services) -> Iterator[TestClient]:
    """A browser at all endpoints."""
    app = FastAPI()
    add_endpoints(app, services)
    with TestClient(app) as client:
        yield client
