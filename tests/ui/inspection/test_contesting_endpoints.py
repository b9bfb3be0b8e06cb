"""A second look at a case: answers grouped otherwise without being stored, and candidates that say the opposite."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from fusion_ui.composition import composed
from fusion_ui.inspection.contesting import contested
from fusion_ui.settings import load_settings
from fusion_ui.ui.endpoints import add_endpoints
from storage.connection import open_store
from tests.inspection.casework import Ear, ran, recipe

pytestmark = pytest.mark.anyio
FUSED = "The train covers 80 km in two hours. The train is not slow at all today.\n\nAnswer: 40"
TEXTS = (
    "The train covers 80 km in two hours.\n\nAnswer: 40",
    "The train covers 90 km in two hours.\n\nAnswer: 45",
    "It is forty.\n\nAnswer: forty",
)


class Looked(NamedTuple):
    """A run behind its endpoints."""

    client: TestClient
    path: str

    def preview(self, **body: Any) -> Any:
        return self.client.post(f"{self.path}/regroup/preview", json={"body": body})

    def told(self) -> dict[str, Any]:
        reply: dict[str, Any] = self.client.get(self.path).json()
        return reply


@pytest.fixture
async def looked(tmp_path: Path) -> AsyncIterator[Looked]:
    db = tmp_path / "runs.db"
    with open_store(db) as store:
        run = await ran(store, Ear(TEXTS, fused=FUSED), recipe(3))
    with composed(load_settings(db=db, demo_speed=0)) as services:
        app = FastAPI()
        add_endpoints(app, services)
        yield Looked(TestClient(app), f"/api/inspect/runs/{run.rows.run.id}")


def counts(told: dict[str, Any]) -> dict[str, int]:
    return {group["answer"]: group["count"] for group in told["groups"]}


async def test_a_preview_counts_the_answers_anew_and_stores_nothing(looked: Looked) -> None:
    reply = looked.preview(aliases={"forty": "40"}).json()
    assert counts(reply) == {"40": 2, "45": 1}
    assert [step["leader"] for step in reply["path"]["steps"]] == ["40", None, "40"]
    assert counts(looked.told()) == {"40": 1, "45": 1, "forty": 1}
    assert looked.told()["regrouping"]["log"] == []


async def test_a_preview_of_what_holds_is_what_holds(looked: Looked) -> None:
    told, reply = looked.told(), looked.preview(aliases={}, answers={}).json()
    assert {name: reply[name] for name in ("vote", "groups", "unanswered")} == {
        name: told[name] for name in ("vote", "groups", "unanswered")
    }


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"aliases": {"40": "45", "45": "40"}}, "circle"),
        ({"answers": {"NOWHERE": "40"}}, "no output"),
        ({"aliases": {"40": " "}}, "empty"),
    ],
)
async def test_what_cannot_be_grouped_is_refused_in_words(looked: Looked, body: dict[str, Any], words: str) -> None:
    reply = looked.preview(**body)
    assert reply.status_code == 400
    assert words in reply.json()["error"]


async def test_a_sentence_that_differs_by_a_number_is_contested(looked: Looked) -> None:
    against = looked.client.get(f"{looked.path}/contested").json()["against"]
    lines = [line["text"] for line in looked.told()["ledger"]["lines"]]
    assert dict(zip(lines, against, strict=True))["The train covers 80 km in two hours."] == [
        {"position": 2, "start": 0, "end": 36}
    ]
    assert len(against) == len(lines)


async def test_a_run_that_is_not_there_is_told(looked: Looked) -> None:
    lost = looked._replace(path="/api/inspect/runs/NOWHERE")
    assert looked.client.get(f"{lost.path}/contested").status_code == 404
    assert lost.preview().status_code == 404


async def test_without_a_fusion_nothing_is_contested(tmp_path: Path) -> None:
    with open_store(tmp_path / "runs.db") as store:
        run = await ran(store, Ear(TEXTS), recipe(3, fusor_kind="none", fusor=None))
    assert contested(run.view) == ()
