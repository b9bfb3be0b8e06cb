"""The lab over HTTP: files in, computations, reports out; and what is hostile, huge or nonsense."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from fusion_ui.composition import composed
from fusion_ui.exchange.answer_lines import MOST_BYTES
from fusion_ui.settings import load_settings
from fusion_ui.ui.endpoints import add_endpoints
from fusion_ui.ui.guards import Guards

HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    with composed(load_settings(db=tmp_path / "l.db", demo_speed=0)) as services:
        app = FastAPI()
        app.add_middleware(Guards)
        add_endpoints(app, services)
        with TestClient(app) as client:
            yield client


def lines(*questions: tuple[str, str, str]) -> bytes:
    """Own JSONL: question, member and its answers, the gold answer being 1."""
    rows = [
        {"question": question, "member": member, "gold": "1", "answers": [[answer, 5] for answer in answers]}
        for question, member, answers in questions
    ]
    return "\n".join(json.dumps(row) for row in rows).encode()


TOY = lines(("q", "a", "1112"), ("r", "a", "2221"), ("q", "b", "1222"), ("r", "b", "1112"), ("s", HOSTILE, "1"))


def loaded(client: TestClient, content: bytes = TOY, name: str = "toy.jsonl") -> dict[str, Any]:
    reply = client.post("/api/lab/recordings", params={"name": name}, content=content)
    assert reply.status_code == 200, reply.text
    return reply.json()  # type: ignore[no-any-return]


def selection(client: TestClient, *members: str) -> dict[str, Any]:
    return {"recordings": [loaded(client)["recording"]["id"]], "members": list(members or "ab")}


def test_a_file_is_stored_once_and_listed(client: TestClient) -> None:
    first, second = loaded(client), loaded(client)
    assert first == second
    (listed,) = client.get("/api/lab").json()["recordings"]
    assert listed == first["recording"]
    assert (listed["questions"], listed["answers"], listed["members"]) == (3, 17, ["a", "b", HOSTILE])


def test_a_bad_line_is_named_and_the_others_load(client: TestClient) -> None:
    told = loaded(client, TOY + b"\n{oops")
    assert told["problem_count"] == 1
    assert (told["problems"][0]["file"], told["problems"][0]["line"]) == ("toy.jsonl", 6)


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02" * 50, b"PK\x03\x04zip", b"hello\nworld"])
def test_nonsense_is_refused_in_plain_words(client: TestClient, content: bytes) -> None:
    reply = client.post("/api/lab/recordings", params={"name": "x.jsonl"}, content=content)
    assert reply.status_code == 400
    assert "x.jsonl" in reply.json()["error"]


def test_a_file_beyond_the_ceiling_is_refused(client: TestClient) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(MOST_BYTES // (1 << 20) + 2):
            yield b" " * (1 << 20)

    assert client.post("/api/lab/recordings", params={"name": "x"}, content=endless()).status_code == 413


def test_the_set_tells_shares_golds_and_what_is_left_out(client: TestClient) -> None:
    told = client.post("/api/lab/set", json={"selection": selection(client)}).json()
    assert (told["members"], told["judged"]) == (["a", "b"], 2)
    assert told["left_out"] == ["s: not answered by all members"]
    question = told["questions"][0]
    assert (question["name"], question["answers"][question["gold"]]) == ("q", "1")
    assert [row[question["gold"]] for row in question["shares"]] == [0.75, 0.25]


def test_a_replay_is_a_report_that_can_be_read_again(client: TestClient) -> None:
    asked = {"selection": selection(client), "rules": "bayes:10,fixed:4", "trials": 50, "weights": {"a": 0.5, "b": 0.5}}
    report = client.post("/api/lab/replay", json=asked).json()
    assert report["kind"] == "replay"
    assert [row["rule"] for row in report["result"]["rows"]] == ["bayes", "fixed"]
    assert report["inputs"][0]["name"] == "toy.jsonl"
    assert client.get(f"/api/lab/reports/{report['id']}").json() == report
    assert [head["id"] for head in client.get("/api/lab").json()["reports"]] == [report["id"]]


def test_a_member_without_weight_takes_no_part(client: TestClient) -> None:
    chosen = selection(client)
    asked = {"selection": chosen, "rules": "fixed:3", "trials": 20}
    alone = client.post("/api/lab/replay", json=asked | {"selection": chosen | {"members": ["a"]}}).json()
    weighted = client.post("/api/lab/replay", json=asked | {"weights": {"a": 1, "b": 0}}).json()
    assert weighted["result"] == alone["result"]


@pytest.mark.parametrize("path", ["report.json", "report.csv", "figure.svg", "figure.png", "figure.pdf"])
def test_a_report_is_downloaded_in_every_form(client: TestClient, path: str) -> None:
    report = client.post("/api/lab/replay", json={"selection": selection(client), "rules": "fixed:3"}).json()
    reply = client.get(f"/api/lab/reports/{report['id']}/{path}")
    assert reply.status_code == 200
    assert reply.headers["content-disposition"].startswith("attachment; filename=")
    assert len(reply.content) > 200


def test_weights_curve_and_transfer_answer(client: TestClient) -> None:
    chosen = selection(client)
    weights = client.post("/api/lab/weights", json={"selection": chosen, "folds": 2}).json()
    assert weights["result"]["weighting"]["solved"] == 1
    transfer = client.post("/api/lab/transfer", json={"train": chosen, "test": chosen}).json()
    assert transfer["result"]["test"]["total"] == 2
    subsets = client.post("/api/lab/transfer", json={"train": chosen, "test": chosen, "size": 1}).json()
    assert (subsets["kind"], subsets["result"]["subsets"]) == ("subsets", 2)
    curve = client.post("/api/lab/curve", json={"selection": chosen, "trials": 2}).json()
    assert curve["result"]["points"]


def test_a_path_is_one_vote_draw_by_draw(client: TestClient) -> None:
    asked = {"selection": selection(client), "question": "q", "cap": 12, "seed": 3}
    told = client.post("/api/lab/path", json=asked).json()
    assert [step["position"] for step in told["steps"]] == list(range(1, 13))
    assert told == client.post("/api/lab/path", json=asked).json()


def test_the_apps_own_runs_can_be_chosen_once_there_are_any(client: TestClient) -> None:
    assert client.get("/api/lab").json()["runs"] == {"prompts": 0, "candidates": 0}
    reply = client.post("/api/lab/set", json={"selection": {"runs": True}})
    assert reply.status_code == 400
    assert "no answers are recorded" in reply.json()["error"]


@pytest.mark.parametrize(
    ("path", "body", "words"),
    [
        ("replay", {"selection": {}, "rules": "fixed:3"}, "No recorded answers are chosen"),
        ("replay", {"selection": {"recordings": ["nope"]}, "rules": "fixed:3"}, "no recording 'nope'"),
        ("replay", {"rules": "fixed:3"}, "selection"),
        ("replay", {"selection": {}, "rules": "fixed:3", "trials": "many"}, "trials"),
        ("path", {"selection": {}, "question": "q", "seed": -1}, "seed"),
        ("weights", {"selection": {}, "folds": 1e99}, "folds"),
    ],
)
def test_what_cannot_be_done_is_refused_in_plain_words(
    client: TestClient, path: str, body: dict[str, Any], words: str
) -> None:
    reply = client.post(f"/api/lab/{path}", json=body)
    assert reply.status_code in (400, 422)
    assert words in reply.json()["error"]


@pytest.mark.parametrize("weights", [{}, {"a": 0}, {"nobody": 1}, {"a": -1}, {"a": 1e400}])
def test_weights_that_cannot_be_are_refused(client: TestClient, weights: dict[str, float]) -> None:
    content = json.dumps({"selection": selection(client), "rules": "fixed:3", "weights": weights})
    reply = client.post("/api/lab/replay", content=content, headers={"content-type": "application/json"})
    assert reply.status_code in (400, 422)
    assert reply.json()["error"]


def test_a_report_that_is_not_there_is_not_found(client: TestClient) -> None:
    for path in ("nope", "nope/report.csv", "nope/figure.svg"):
        reply = client.get(f"/api/lab/reports/{path}")
        assert reply.status_code == 404
        assert "no report" in reply.json()["error"]


def test_a_replay_is_downloaded_by_question_too(client: TestClient) -> None:
    asked = {"selection": selection(client), "rules": "fixed:3,bayes:10"}
    report = client.post("/api/lab/replay", json=asked).json()
    rows = client.get(f"/api/lab/reports/{report['id']}/questions.csv").text.splitlines()
    assert len(rows) == 1 + 2 * 2
