"""Exports over HTTP: files to keep with their names and types, for owners only, and refusals before they begin."""

import json
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from fusion_ui.composition import composed
from fusion_ui.exports.exports import Exports
from fusion_ui.services import Services
from fusion_ui.settings import AuthSettings, load_settings
from fusion_ui.studies.taxonomy import load_taxonomy
from fusion_ui.ui.access import COOKIE, Access
from fusion_ui.ui.endpoints import add_endpoints
from fusion_ui.ui.export_endpoints import export_router
from storage.connection import open_store
from storage.identity import Identity
from tests.annotation.judging import Clock, Room
from tests.annotation.support import stored, unit


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("served") / "s.db"


@pytest.fixture(scope="module")
def study_id(db: Path) -> str:
    clock = Clock()
    with open_store(db, identity=Identity(clock=clock)) as store:
        study_id = stored(store, unit(0), unit(1))
        Room(store, clock).works(study_id, "ann", lambda unit: "tie" if unit.place else "fusion")
    return study_id


@contextmanager
def served(db: Path, **settings: Any) -> Iterator[tuple[FastAPI, Services]]:
    with composed(load_settings(db=db, demo_speed=0, **settings)) as services, open_store(db) as store:
        app = FastAPI()
        app.add_middleware(Access, people=services.people)
        add_endpoints(app, services)
        app.include_router(export_router(Exports(store, taxonomy=load_taxonomy())))
        yield app, services


@pytest.fixture(scope="module")
def client(db: Path, study_id: str) -> Iterator[TestClient]:
    with served(db) as (app, services), TestClient(app) as client:
        assert services.studies.study(study_id)
        yield client


@pytest.mark.parametrize(
    ("name", "media"),
    [
        ("ratings.jsonl", "application/x-ndjson"), ("ratings.csv", "text/csv"), ("flaws.csv", "text/csv"),
        ("runs.parquet", "application/vnd.apache.parquet"), ("bundle.jsonl", "application/x-ndjson"),
        ("dpo.jsonl", "application/x-ndjson"), ("sft.jsonl", "application/x-ndjson"),
        ("battles.json", "application/json"), ("comparator.json", "application/json"),
        ("datasette.db", "application/vnd.sqlite3"),
    ],
)  # fmt: skip
def test_each_is_a_file_to_keep(name: str, media: str, client: TestClient) -> None:
    reply = client.get(f"/api/exports/{name}")
    assert reply.status_code == 200, reply.text
    assert reply.headers["content-type"].startswith(media)
    assert reply.headers["content-disposition"] == f'attachment; filename="{name}"'
    assert int(reply.headers["content-length"]) == len(reply.content)


def test_studies_and_filters_are_named_in_the_address(client: TestClient, study_id: str) -> None:
    asked = {"study": [study_id], "form": "standard", "provenance": "false"}
    (line,) = map(json.loads, client.get("/api/exports/dpo.jsonl", params=asked).text.splitlines())
    assert line.keys() == {"prompt", "chosen", "rejected"}
    report = client.get("/api/exports/dpo.report.json", params=asked).json()
    assert (report["kept"], report["left_out"]) == (1, {"nobody's favourite": 1})


def test_a_copy_for_datasette_comes_with_its_metadata(client: TestClient, tmp_path: Path, study_id: str) -> None:
    archive = zipfile.ZipFile(BytesIO(client.get("/api/exports/datasette.zip").content))
    assert archive.namelist() == ["fusion_ui.db", "fusion_ui.metadata.json"]
    archive.extractall(tmp_path / "out")
    with closing(sqlite3.connect(tmp_path / "out" / "fusion_ui.db")) as copy:
        assert copy.execute("SELECT id FROM studies").fetchall() == [(study_id,)]


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        (f"ratings.csv?study={'0' * 26}", 404, "There is no study"),
        (f"runs.csv?run={'0' * 26}", 404, "There is no run"),
        ("dpo.csv", 400, "There is no dpo as csv"),
        ("dpo.jsonl?flaw_floor=awful", 400, "no severity"),
        ("comparator.json?pair=a:b", 400, "Choose a pair"),
        ("datasette.zip?study=x", 400, "whole database"),
    ],
)
def test_a_refusal_comes_in_words_and_not_as_a_file(address: str, status: int, words: str, client: TestClient) -> None:
    reply = client.get(f"/api/exports/{address}")
    assert reply.status_code == status
    assert words in reply.json()["error"]


@pytest.mark.parametrize(
    "address",
    ["ratings.exe", "passwords.csv", "ratings", "dpo.jsonl?share=2", "dpo.jsonl?judgements=0", "dpo.jsonl?colour=red",
     "..%2f..%2fetc.csv", "ratings.report.json", f"ratings.csv?study={'x' * 500}"],
)  # fmt: skip
def test_nonsense_is_refused(address: str, client: TestClient) -> None:
    assert client.get(f"/api/exports/{address}").status_code in (400, 404, 422)


def test_a_file_that_nobody_reads_to_the_end_leaves_nothing_behind(client: TestClient) -> None:
    with client.stream("GET", "/api/exports/bundle.jsonl") as reply:
        assert next(reply.iter_lines()).startswith('{"fusion_ui":"bundle"')
    assert client.get("/api/exports/bundle.jsonl").status_code == 200


def test_raters_get_nothing(db: Path, study_id: str) -> None:
    with served(db, auth=AuthSettings(enabled=True)) as (app, services):
        services.people.add("rae", role="rater", password="correct horse battery")
        session = services.people.log_in("rae", "correct horse battery", address="here")
        address = f"/api/exports/ratings.csv?study={study_id}"
        assert TestClient(app, cookies={COOKIE: session.token}).get(address).status_code == 403
        assert TestClient(app).get(address).status_code == 401
