"""What a case's page asks for beside the case."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from fusion_ui.recipes import Choices
from fusion_ui.services import Services
from fusion_ui.ui.endpoints import add_endpoints


@pytest.fixture
def client(services: Services) -> Iterator[TestClient]:
    app = FastAPI()
    add_endpoints(app, services)

    @app.post("/begin")
    async def begin() -> str:
        prompt = services.prompt(services.pack.examples[0].prompt.text)
        run_id = await services.compare(prompt, services.recipe(Choices(members=("Quick",), n=7, preset="fixed")))
        await services.desk.finished(run_id)
        return run_id

    with TestClient(app) as client:
        yield client


@pytest.fixture
def run_id(client: TestClient) -> str:
    return str(client.post("/begin").json())


def test_every_party_is_named_even_where_it_says_nothing(client: TestClient, run_id: str) -> None:
    told = client.get(f"/api/inspect/runs/{run_id}/parties").json()
    assert set(told["parties"]) == {"people", "judge", "vote", "fusion", "gold"}
    assert told["parties"]["people"] is None
    assert told["parties"]["gold"] == {"output_id": None, "position": None, "answer": "40"}
    assert told["parties"]["judge"]["position"] in range(1, 8)


def test_the_form_offers_what_there_is_and_says_what_the_run_had(client: TestClient, run_id: str) -> None:
    told = client.get(f"/api/inspect/runs/{run_id}/choices").json()
    assert told["had"] | {"stop": "", "fusor": ""} == {
        "members": ["Quick"],
        "n": 7,
        "stop": "",
        "selector": "vote",
        "fusor": "",
    }
    assert "Quick" in [member["name"] for member in told["members"] if member["scripted"]]
    assert ["consensus", "Consensus: closest to all others"] in told["selectors"]
    assert {value for value, _ in told["presets"]} >= {"balanced", "fixed"}


@pytest.mark.parametrize("what", ["parties", "choices"])
def test_a_run_that_is_not_there_is_a_404(client: TestClient, what: str) -> None:
    reply = client.get(f"/api/inspect/runs/nobody/{what}")
    assert reply.status_code == 404
    assert reply.json()["error"]
