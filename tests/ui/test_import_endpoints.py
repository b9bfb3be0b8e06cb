"""Files brought in over HTTP: told with `dry`, stored without, refused in plain words."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from fusion_ui.composition import composed
from fusion_ui.imports.importer import Imports
from fusion_ui.settings import load_settings
from fusion_ui.ui.endpoints import add_endpoints
from fusion_ui.ui.guards import Guards
from fusion_ui.ui.import_endpoints import import_router
from storage.connection import open_store

VOTES = b"question_id,model_a,model_b,rater,winner\nq,a,b,ann,model_a\nq,a,b,bob,x y\n"
HOSTILE = "<img src=x onerror=alert(1)>.csv"


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    settings = load_settings(db=tmp_path / "i.db", demo_speed=0)
    with composed(settings) as services, open_store(settings.db) as store:
        app = FastAPI()
        app.add_middleware(Guards)
        app.include_router(import_router(Imports(store)))
        add_endpoints(app, services)
        with TestClient(app) as client:
            yield client


def test_a_dry_import_tells_and_stores_nothing(client: TestClient) -> None:
    for _ in range(2):
        told = client.post("/api/imports", params={"name": HOSTILE, "dry": 1}, content=VOTES).json()
        assert (told["format"], told["judgements"], told["already"], told["problem_count"]) == ("votes", 1, 0, 1)
        assert told["problems"] == [{"file": HOSTILE, "line": 3, "message": told["problems"][0]["message"]}]


def test_an_import_stores_once(client: TestClient) -> None:
    first, again = (client.post("/api/imports", params={"name": "v.csv"}, content=VOTES).json() for _ in range(2))
    assert (len(first["studies"]), first["judgements"], again["judgements"]) == (1, 1, 0)
    assert again["understood"]["already"] == 1


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"hello\nworld", b"\x00\x01", b'[{"a"'])
def test_nonsense_is_refused_in_plain_words(client: TestClient, content: bytes) -> None:
    reply = client.post("/api/imports", params={"name": "x.csv", "dry": 1}, content=content)
    assert reply.status_code == 400
    assert "x.csv" in reply.json()["error"]


@pytest.mark.parametrize(
    "params", [{}, {"name": "x", "format": "excel"}, {"name": "x", "more": 1}, {"name": "x" * 301}]
)
def test_an_order_that_makes_no_sense_is_refused(client: TestClient, params: dict[str, str]) -> None:
    assert client.post("/api/imports", params=params, content=VOTES).status_code in (400, 422)
