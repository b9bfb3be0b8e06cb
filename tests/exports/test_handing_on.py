"""Bundles and copies of what a desk and raters really store: the same content in another store, and for Datasette."""

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from fusion_ui.annotation.exports import rating_rows
from fusion_ui.annotation.shelf import read_study
from fusion_ui.annotation.studies import Studies
from fusion_ui.exchange.bundle_files import read_bundle
from fusion_ui.exchange.table_files import Format
from fusion_ui.exports.datasette import METADATA
from fusion_ui.exports.exports import Ending, Exports, Order, What
from fusion_ui.exports.scopes import ExportError
from fusion_ui.people import People
from fusion_ui.replay import StoredRun, stored_run
from fusion_ui.settings import AuthSettings
from storage.bundles import put_bundle
from storage.connection import Store, open_store
from tests.annotation.judging import Room
from tests.exports.support import TAXONOMY, rated, study_of_run

HOSTILE = "=cmd|'/C calc'!A0\r\n\u2028'\"x\";"


@pytest.fixture
def study_id(store: Store, room: Room, run: StoredRun) -> str:
    """A study of the run, judged, revised and excluded, and a rating on the run's page."""
    study_id = study_of_run(store, run, overlap=3)
    for name, thought in (("ann", "fusion"), ("bob", {"verdict": "best", "note": HOSTILE})):
        room.works(study_id, name, lambda _, thought=thought: thought)  # type: ignore[misc]
    Studies(store).exclude(study_id, rater="bob", reason=HOSTILE)
    rated(store, run, "fusion", note=HOSTILE)
    return study_id


def written(store: Store, file: Path, kind: Format = "jsonl", **order: Any) -> Path:
    Exports(store, taxonomy=TAXONOMY).write(Order(what="bundle", ending=kind, **order), file)
    return file


@pytest.mark.parametrize("kind", ["jsonl", "csv", "parquet"])
def test_a_bundle_makes_the_same_study_and_run_elsewhere(
    kind: Format, store: Store, run: StoredRun, study_id: str, tmp_path: Path
) -> None:
    bundle = written(store, tmp_path / "bundle", kind, studies=(study_id,))
    with open_store(tmp_path / "other.db") as other:
        with other.writing() as writer:
            put_bundle(writer, read_bundle(bundle, kind))
        view = stored_run(other, run.rows.run.id).view
        assert replace(view, recipe=None) == replace(run.view, recipe=None)  # the judge's address has a login
        with store.reading() as here, other.reading() as there:
            study = read_study(here, study_id)
            assert read_study(there, study_id) == study
            assert list(rating_rows(there, study)) == list(rating_rows(here, study))
        again = written(other, tmp_path / "again", kind, studies=(study_id,))
        assert written(other, tmp_path / "lines").read_bytes() == written(store, tmp_path / "first").read_bytes()
    if kind != "parquet":  # which tells when it was written
        assert again.read_bytes() == bundle.read_bytes()


def test_a_bundle_of_a_run_brings_what_was_said_of_it_and_no_study(
    store: Store, run: StoredRun, study_id: str, tmp_path: Path
) -> None:
    head = json.loads(written(store, tmp_path / "b", runs=(run.rows.run.id,)).read_text("utf-8").partition("\n")[0])
    assert head["rows"]["ratings"] == 1
    assert "studies" not in head["rows"]
    assert study_id not in (tmp_path / "b").read_text("utf-8")


def test_no_password_session_or_invitation_is_in_a_bundle(store: Store, study_id: str, tmp_path: Path) -> None:
    people = People(store, AuthSettings())
    people.add("owner", role="owner", password="correct horse battery")
    text = written(store, tmp_path / "b").read_text("utf-8")
    assert study_id in text
    assert not [word for word in ("argon2", "owner", "token_sha256", "passwords", "hush") if word in text]


@pytest.mark.usefixtures("study_id")
@pytest.mark.parametrize(
    ("what", "ending"), [("ratings", "jsonl"), ("runs", "csv"), ("bundle", "csv"), ("datasette", "db")]
)
def test_no_login_in_an_address_leaves_with_a_recipe(what: What, ending: Ending, store: Store, tmp_path: Path) -> None:
    Exports(store, taxonomy=TAXONOMY).write(Order(what=what, ending=ending), tmp_path / "out")
    content = (tmp_path / "out").read_bytes()
    assert b"judge.example/v1" in content
    assert b"hush" not in content


@pytest.mark.usefixtures("study_id")
def test_a_copy_for_datasette_has_its_metadata_beside_it(store: Store, tmp_path: Path) -> None:
    Exports(store, taxonomy=TAXONOMY).write(Order(what="datasette", is_searchable=True), tmp_path / "answers.db")
    told = json.loads((tmp_path / f"answers.{METADATA}").read_text("utf-8"))["databases"]["answers"]
    with closing(sqlite3.connect(tmp_path / "answers.db")) as copy:
        there = {name for (name,) in copy.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")}
        assert set(told["tables"]) <= there
        (query,) = (each["sql"] for each in told["queries"].values())
        assert ("Fused or picked", "fusion", "output", 1) in copy.execute(query).fetchall()
        labels = {table: each["label_column"] for table, each in told["tables"].items() if "label_column" in each}
        assert all(copy.execute(f"SELECT {column} FROM {table}").fetchall() for table, column in labels.items())


def test_a_copy_is_of_everything(store: Store, study_id: str, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="whole database"):
        Exports(store, taxonomy=TAXONOMY).write(Order(what="datasette", studies=(study_id,)), tmp_path / "x.db")
