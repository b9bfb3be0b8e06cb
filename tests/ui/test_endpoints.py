"""Our HTTP endpoints, without Gradio: streams, commands, and answers to what is malformed or hostile."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from fusion_ui.composition import composed
from fusion_ui.recipes import Choices
from fusion_ui.services import Services
from fusion_ui.settings import load_settings
from fusion_ui.ui.endpoints import add_endpoints
from fusion_ui.ui.guards import MOST_BODY_BYTES, Guards

RATING = {"key": "press-0001", "preferred": "fusion", "stars": {"candidate:1": 4}, "note": "good"}


@pytest.fixture
def client(services: Services) -> Iterator[TestClient]:
    with TestClient(app_of(services)) as client:
        yield client


def app_of(services: Services) -> FastAPI:
    app = FastAPI()
    app.add_middleware(Guards)
    add_endpoints(app, services)

    @app.post("/begin")
    async def begin() -> str:
        prompt = services.prompt(services.pack.examples[0].prompt.text)
        return await services.compare(prompt, services.recipe(Choices()))

    @app.post("/end")
    async def end() -> None:
        await services.close()

    return app


def begun(client: TestClient) -> str:
    """The id of a run that is over: its stream has been read to the end."""
    run_id = str(client.post("/begin").json())
    messages(client, run_id)
    return run_id


def messages(client: TestClient, run_id: str, rater: str = "") -> list[dict[str, object]]:
    reply = client.get(f"/api/runs/{run_id}/events", params={"rater": rater})
    assert reply.headers["content-type"].startswith("text/event-stream")
    return [json.loads(line.removeprefix("data: ")) for line in reply.text.splitlines() if line.startswith("data: ")]


def test_a_stream_begins_with_everything_and_ends_by_saying_so(client: TestClient) -> None:
    told = messages(client, begun(client))
    assert told[0]["reset"] is True
    assert {"run", "best", "fusion", "vote", "candidates"} <= told[0].keys()
    assert told[-1] == {"end": True}


def test_a_rating_is_acknowledged_shown_again_and_taken_back(client: TestClient) -> None:
    run_id = begun(client)
    saved = client.post(f"/api/runs/{run_id}/ratings", json=RATING).json()
    assert (saved["revision"], saved["rating"]["preferred"]) == (1, "fusion")
    assert saved["saved_at"].endswith("Z")
    shown = messages(client, run_id)[0]["rating"]
    assert json.dumps(shown).count("fusion") >= 1
    undone = client.post(f"/api/runs/{run_id}/ratings/undo", json={"key": "undo-0001"}).json()
    assert undone["rating"]["is_withdrawn"]


def test_the_same_press_twice_is_one_rating(client: TestClient) -> None:
    run_id = begun(client)
    first, second = (client.post(f"/api/runs/{run_id}/ratings", json=RATING) for _ in range(2))
    assert first.json() == second.json()


def test_a_stale_tab_is_told_and_stores_nothing(client: TestClient) -> None:
    run_id = begun(client)
    client.post(f"/api/runs/{run_id}/ratings", json=RATING)
    stale = client.post(f"/api/runs/{run_id}/ratings", json={**RATING, "key": "press-0002", "preferred": "tie"})
    assert stale.status_code == 409
    assert "another tab" in stale.json()["error"]


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({**RATING, "preferred": "candidate:99"}, 400, "no output"),
        ({**RATING, "stars": {"best": 9}}, 422, "less than or equal to 5"),
        ({**RATING, "key": ""}, 422, "key"),
        ({**RATING, "surprise": 1}, 422, "surprise"),
        ({**RATING, "note": 7}, 422, "note"),
        ({"key": "press-0001"}, 400, "nothing to save"),
        ([], 422, "cannot be read"),
        ("x", 422, "cannot be read"),
    ],
)
def test_a_malformed_rating_is_refused_in_plain_words(
    client: TestClient, body: object, status: int, words: str
) -> None:
    reply = client.post(f"/api/runs/{begun(client)}/ratings", json=body)
    assert reply.status_code == status
    assert words in reply.json()["error"]


@pytest.mark.parametrize("path", ["/api/runs/nope/events", "/api/runs/%27%20OR%201=1/events", "/api/runs/../events"])
def test_an_address_without_a_run_is_not_found(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_path_of_a_run_stops_where_the_run_did(client: TestClient, services: Services) -> None:
    run_id = begun(client)
    run, path = services.run(run_id), client.get(f"/api/runs/{run_id}/path").json()
    assert run is not None
    assert run.view.stop is not None
    assert run.view.stop.reason == "evidence"
    assert path["stopped_at"] == run.view.stop.draws == len(path["steps"])
    assert path["steps"][-1]["bayes_factor"] == run.view.path[-1].bayes_factor


def test_a_shuffled_path_is_the_same_each_time(client: TestClient) -> None:
    run_id = begun(client)
    first, again, other = (client.get(f"/api/runs/{run_id}/path", params={"order": at}).content for at in (3, 3, 4))
    assert first == again != other


@pytest.mark.parametrize("order", ["-1", "1001", "x", "1e3", ""])
def test_an_order_that_is_none_is_refused(client: TestClient, order: str) -> None:
    reply = client.get(f"/api/runs/{begun(client)}/path", params={"order": order})
    assert reply.status_code == 422
    assert "order" in reply.json()["error"]


def test_a_path_of_no_run_is_not_found(client: TestClient) -> None:
    assert client.get("/api/runs/nope/path").status_code == 404


def test_commands_on_a_run_that_is_not_there_are_refused(client: TestClient) -> None:
    assert client.post("/api/runs/nope/ratings", json=RATING).status_code == 404
    assert client.post("/api/runs/nope/retry").status_code == 404
    assert client.post("/api/runs/nope/stop").json() == {"stopped": False}


def test_a_retry_is_a_new_run_that_keeps_what_finished(client: TestClient, services: Services) -> None:
    old_id = begun(client)
    new_id = client.post(f"/api/runs/{old_id}/retry", json={"position": 1}).json()["run_id"]
    messages(client, new_id)
    old, new = services.run(old_id), services.run(new_id)
    assert old is not None
    assert new is not None
    assert new.rows.run.parent_run_id == old_id
    assert [each.completion.text for each in new.view.candidates] == [
        each.completion.text for each in old.view.candidates
    ]


def test_a_member_test_tells_in_plain_words(client: TestClient) -> None:
    assert client.post("/api/members/check", json={"member": "Quick"}).json()["ok"] is True
    assert "no member" in client.post("/api/members/check", json={"member": "nobody"}).json()["words"]


def test_every_answer_carries_the_policy(client: TestClient) -> None:
    headers = client.get("/api/runs/nope/events").headers
    assert "default-src 'self'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


def test_an_oversized_body_is_refused(client: TestClient) -> None:
    reply = client.post("/api/runs/nope/ratings", content=b"x" * (MOST_BODY_BYTES + 1))
    assert reply.status_code == 413
    assert "Send less" in reply.json()["error"]


def test_who_took_too_much_is_told_when_to_come_back(tmp_path: Path) -> None:
    limits = {"runs_per_hour": 1}
    settings = load_settings(db=tmp_path / "e.db", demo_speed=0, limits=limits)
    with composed(settings) as services, TestClient(app_of(services)) as client:
        run_id = begun(client)
        first, second = (client.post(f"/api/runs/{run_id}/retry") for _ in range(2))
    assert (first.status_code, second.status_code) == (200, 429)
    assert "You began 1 comparison within an hour" in second.json()["error"]
    assert 0 < int(second.headers["retry-after"]) <= 3600


def test_a_full_line_is_no_fault_of_whoever_comes_last(tmp_path: Path) -> None:
    """One run holds the only place, as its members take minutes; it is cut short at the end."""
    limits = {"runs_at_once": 1, "waiting": 1}
    settings = load_settings(db=tmp_path / "e.db", demo_speed=100, limits=limits)
    with composed(settings) as services, TestClient(app_of(services)) as client:
        run_id = client.post("/begin").json()
        address = f"/api/inspect/runs/{run_id}/rerun"
        replies = [client.post(address, json={"key": f"press-000{number}"}) for number in range(3)]
        client.post("/end")
    assert [reply.status_code for reply in replies] == [200, 200, 503]
    assert "So many are waiting already" in replies[2].json()["error"]
    assert int(replies[2].headers["retry-after"]) > 0
