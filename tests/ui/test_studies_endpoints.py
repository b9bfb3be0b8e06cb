"""Studies over HTTP: the owner's page gets what it draws, and nonsense gets a refusal in words."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from fusion_ui.composition import composed
from fusion_ui.settings import load_settings
from fusion_ui.ui.access import Access
from fusion_ui.ui.endpoints import add_endpoints
from fusion_ui.ui.guards import MOST_FORM_BYTES, Guards

HOSTILE = "<img src=x onerror=alert(1)>"


def served(tmp_path: Path, **settings: Any) -> Iterator[TestClient]:
    with composed(load_settings(db=tmp_path / "s.db", demo_speed=0, **settings)) as services:
        app = FastAPI()
        app.add_middleware(Access, people=services.people)
        app.add_middleware(Guards)
        add_endpoints(app, services)
        with TestClient(app) as client:
            yield client


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    yield from served(tmp_path)


def file_of(count: int) -> str:
    lines = [
        {"prompt": f"{HOSTILE} {at}", "outputs": {"fusion": {"text": f"**f{at}**", "member": "m"}, "best": f"b{at}"}}
        for at in range(count)
    ]
    return "\n".join(map(json.dumps, lines))


def form(count: int = 3, **more: Any) -> dict[str, Any]:
    return {"title": HOSTILE, "items": {"file": file_of(count)}, **more}


def created(client: TestClient, count: int = 3, **more: Any) -> str:
    reply = client.post("/api/studies", json=form(count, **{"key": "k" * 8, **more}))
    assert reply.status_code == 200, reply.text
    return reply.json()["study_id"]  # type: ignore[no-any-return]


def judged(client: TestClient, study_id: str, *, rater: str = "ann", verdict: str = "tie") -> str:
    trial = client.post(f"/api/rate/{study_id}/next", json={"rater": rater}).json()["trial"]["id"]
    said = {"rater": rater, "key": f"key of {trial}", "verdict": verdict}
    assert client.post(f"/api/rate/trials/{trial}/judgement", json=said).status_code == 200
    return str(trial)


def test_a_form_is_previewed_made_listed_and_shown(client: TestClient) -> None:
    preview = client.post("/api/studies/preview", json=form(overlap=2, show=99)).json()
    assert (preview["units"], preview["trials"], preview["sample"]["place"]) == (3, 6, 2)
    study_id = created(client, overlap=2, units_sha256=preview["units_sha256"])
    (listed,) = client.get("/api/studies").json()
    assert (listed["id"], listed["title"], listed["units"], listed["wanted"]) == (study_id, HOSTILE, 3, 6)
    assert (listed["task"], listed["contrasts"], listed["is_frozen"]) == ("pairwise", [["fusion", "best"]], False)
    board = client.get(f"/api/studies/{study_id}/board").json()
    assert (board["id"], board["title"], board["protocol"]["overlap"]) == (study_id, HOSTILE, 2)


def test_what_is_drawn_as_markup_is_clean(client: TestClient) -> None:
    preview = client.post("/api/studies/preview", json=form(instructions=HOSTILE)).json()
    study_id = created(client)
    judged(client, study_id)
    unit = client.get(f"/api/studies/{study_id}/judgements", params={"unit": 0}).json()["unit"]
    drawn = [preview["sample"]["prompt_html"], preview["sample"]["instructions_html"], unit["prompt_html"]]
    assert not [each for each in drawn if "<img" in each]
    assert "<strong>f0</strong>" in unit["contenders"][0]["html"]


def test_the_options_are_what_a_form_may_offer(client: TestClient) -> None:
    options = client.get("/api/studies/options").json()
    assert options["runs"]["count"] == 0
    assert options["defaults"]["overlap"] == 1
    assert options["rubric"][0].keys() == {"key", "label", "anchors"}
    assert not options["has_accounts"]
    assert client.get(f"/api/studies/{options['sample']}/board").json()["counts"]["units"] == 7


def test_pressing_twice_makes_one_study(client: TestClient) -> None:
    assert created(client) == created(client)
    assert len(client.get("/api/studies").json()) == 1


def test_other_answers_than_in_the_preview_are_a_conflict(client: TestClient) -> None:
    seen = client.post("/api/studies/preview", json=form(2)).json()["units_sha256"]
    reply = client.post("/api/studies", json=form(3, key="k" * 8, units_sha256=seen))
    assert reply.status_code == 409
    assert "preview" in reply.json()["error"]


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"items": {"file": "{oops"}}, 400),
        ({"items": {"file": ""}}, 400),
        ({"items": {"study": "nowhere"}}, 404),
        ({"items": {"runs": {"ids": ["nothing"]}}}, 400),
        ({"items": {}}, 422),
        ({"items": {"file": "x", "study": "y"}}, 422),
        ({"overlap": 0}, 400),
        ({"contrasts": [["fusion", "dog"]]}, 422),
        ({"contrasts": []}, 400),
        ({"unknown": 1}, 422),
        ({"seed": -1}, 422),
        ({"items": {"runs": {"since": "yesterday"}}}, 422),
        ({"gold": {"x": 1}}, 422),
        ({"repeats": 9}, 400),
    ],
)
def test_a_bad_form_is_refused_in_words(client: TestClient, changes: dict[str, Any], status: int) -> None:
    reply = client.post("/api/studies/preview", json=form() | changes)
    assert (reply.status_code, bool(reply.json()["error"])) == (status, True)


def test_a_body_beyond_the_ceiling_is_refused(client: TestClient) -> None:
    body = b'{"title": "' + b"x" * (MOST_FORM_BYTES + 10)
    assert client.post("/api/studies/preview", content=body).status_code == 413


def test_known_answers_come_by_place(client: TestClient) -> None:
    known = {"training": {"0": {"gold": 0, "feedback": "so"}}, "gold": {"1": 1}}
    board = client.get(f"/api/studies/{created(client, **known)}/board").json()
    assert [(each["phase"], each["gold"]) for each in board["units"]] == [
        ("training", "fusion"), ("main", "best"), ("main", None),
    ]  # fmt: skip
    reply = client.post("/api/studies", json=form(key="l" * 8, gold={"9": 0}))
    assert reply.status_code == 400


def test_a_study_is_closed_and_opened(client: TestClient) -> None:
    study_id = created(client)
    assert client.post(f"/api/studies/{study_id}/close").json() == {"is_closed": True}
    assert client.post(f"/api/rate/{study_id}/next", json={"rater": "ann"}).json()["finished"] == "closed"
    assert client.post(f"/api/studies/{study_id}/reopen").json() == {"is_closed": False}
    judged(client, study_id)


def test_exclusions_are_recorded_and_bad_ones_refused(client: TestClient) -> None:
    study_id = created(client)
    trial = judged(client, study_id)
    address = f"/api/studies/{study_id}/exclusions"
    assert client.post(address, json={"trial_id": trial, "is_excluded": True, "reason": HOSTILE}).json() == {}
    assert client.get(f"/api/studies/{study_id}/board").json()["exclusions"][0]["reason"] == HOSTILE
    assert client.post(address, json={"rater": "nobody", "is_excluded": True, "reason": "x"}).status_code == 400
    assert client.post(address, json={"is_excluded": True, "reason": "x"}).status_code == 400


def test_judgements_are_asked_for_by_rater_or_by_item(client: TestClient) -> None:
    study_id = created(client)
    judged(client, study_id)
    address = f"/api/studies/{study_id}/judgements"
    told = client.get(address, params={"rater": "ann"}).json()
    assert (told["unit"], told["judgements"][0]["verdict"]) == (None, "tie")
    assert client.get(address).status_code == 400
    assert client.get(address, params={"rater": "ann", "unit": 0}).status_code == 400
    assert client.get(address, params={"unit": 99}).status_code == 400
    assert client.get(address, params={"unit": -1}).status_code == 422


@pytest.mark.parametrize("kind", ["jsonl", "csv", "parquet"])
def test_an_export_is_a_file(client: TestClient, kind: str) -> None:
    study_id = created(client)
    judged(client, study_id)
    reply = client.get(f"/api/studies/{study_id}/export", params={"format": kind})
    assert reply.headers["content-disposition"] == f'attachment; filename="study-{study_id}.{kind}"'
    assert len(reply.content) > 100
    assert client.get(f"/api/studies/{study_id}/export", params={"format": "exe"}).status_code == 422


@pytest.mark.parametrize("address", ["board", "judgements?rater=ann", "export"])
def test_a_study_that_is_not_there_is_said_to_be_missing(client: TestClient, address: str) -> None:
    assert client.get(f"/api/studies/nowhere/{address}").status_code == 404
    assert client.post("/api/studies/nowhere/close").status_code == 404


def test_nobody_is_invited_where_nobody_logs_in(client: TestClient) -> None:
    reply = client.post(f"/api/studies/{created(client)}/invitations", json={"name": None})
    assert reply.status_code == 400


def test_raters_and_strangers_reach_none_of_it_where_people_log_in(tmp_path: Path) -> None:
    (tmp_path / "fusion_ui.toml").write_text("[auth]\nenabled = true\n")
    for client in served(tmp_path, config=tmp_path / "fusion_ui.toml"):
        for address in ("", "/options", "/S/board", "/S/judgements?unit=0", "/S/export"):
            assert client.get(f"/api/studies{address}").status_code == 401
        for address in ("", "/preview", "/S/close", "/S/reopen", "/S/exclusions", "/S/invitations"):
            assert client.post(f"/api/studies{address}", json={}).status_code == 401


def test_the_owner_decides_under_a_name_and_invites(tmp_path: Path) -> None:
    (tmp_path / "fusion_ui.toml").write_text("[auth]\nenabled = true\n")
    config = tmp_path / "fusion_ui.toml"
    with composed(load_settings(db=tmp_path / "s.db", config=config)) as services:
        services.people.add("olga", role="owner", password="correct horse battery")
        session = services.people.log_in("olga", "correct horse battery", address="127.0.0.1")
    for client in served(tmp_path, config=config):
        client.cookies.set("fusion_session", session.token)
        study_id = created(client)
        link = client.post(f"/api/studies/{study_id}/invitations", json={"name": "ann"}).json()["link"]
        assert link.startswith("/login#invitation=")
        board = client.get(f"/api/studies/{study_id}/board").json()
        assert (board["has_accounts"], board["invitations"][0]["name"]) == (True, "ann")
        assert link.removeprefix("/login#invitation=") not in json.dumps(board)
