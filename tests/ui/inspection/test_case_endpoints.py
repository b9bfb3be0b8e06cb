"""The endpoints of one case: what they tell of a run, what they take, and what they refuse."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import anyio
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from fusion_ui.desk import Desk
from fusion_ui.engine.sampling import Recorded, Request
from fusion_ui.engine.values import Completion, Failure, Limits, StopRule
from fusion_ui.inspection.cases import Cases
from fusion_ui.providers.scripted import Script
from fusion_ui.ratings import standing_rating
from fusion_ui.recipes import Choices
from fusion_ui.replay import StoredRun, stored_run
from fusion_ui.services import Services
from fusion_ui.ui.endpoints import add_endpoints
from storage.connection import Store
from tests.inspection.casework import FUSED, PROMPT, Ear, ran, recipe

LOST = Failure(stage="sampling", kind="timeout", message="Too slow.")
MERGED = {"key": "press-0001", "rater": "Ada", "body": {"aliases": {"forty": "40"}}, "note": "a word", "seen": 0}

SOURCE = {"key": "press-0001", "rater": "Ada", "start": 0, "end": 36, "position": 1, "is_source": False}


class _Endless(Ear):
    """Says every text but the third, which never ends."""

    def _script(self, request: Request) -> Script:
        script = super()._script(request)
        return replace(script, stalls=True) if request.position == 3 else script


class _Looking:
    """Of the services as much as it takes to look at a case; the rest is there to be mounted."""

    def __init__(self, store: Store, services: Services) -> None:
        self._store, self._services = store, services
        self.cases = Cases(store)
        self.desk = Desk(store, _Endless(), None)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._services, name)

    def stored_run(self, run_id: str) -> StoredRun:
        return stored_run(self._store, run_id)

    def rating(self, run: StoredRun, *, rater: str) -> object:
        return standing_rating(self._store, run, rater=rater)


@pytest.fixture
def run(store: Store) -> StoredRun:
    """Draws that say 40, 40, 45, forty, and one that was lost; judged in pairs and fused by a model."""
    return anyio.run(ran, store, Ear(failing={5: LOST}), recipe(5))


@pytest.fixture
def client(store: Store, services: Services) -> Iterator[TestClient]:
    app = FastAPI()
    looking = _Looking(store, services)
    add_endpoints(app, looking)  # type: ignore[arg-type]

    @app.post("/stall")
    async def stall() -> str:
        run_id = await looking.desk.start(PROMPT, recipe(4))
        async for sight in looking.desk.watch(run_id):
            if len(sight.view.candidates) == 3:
                break
        return run_id

    @app.post("/end")
    async def end() -> None:
        await looking.desk.close()

    with TestClient(app) as client:
        yield client


def case_of(client: TestClient, run: StoredRun) -> dict[str, Any]:
    reply = client.get(f"/api/inspect/runs/{run.rows.run.id}")
    assert reply.status_code == 200
    return dict(reply.json())


def post(client: TestClient, run: StoredRun, path: str, body: object) -> Any:
    reply = client.post(f"/api/inspect/runs/{run.rows.run.id}/{path}", json=body)
    assert reply.status_code == 200, reply.text
    return reply.json()


def test_a_case_tells_what_each_strategy_said_and_why(client: TestClient, run: StoredRun) -> None:
    case = case_of(client, run)
    assert (case["best"]["position"], case["best"]["output_id"]) == (
        run.view.selection and run.view.selection.position,
        run.rows.selection and run.rows.selection.output_id,
    )
    assert (case["fusion"]["text"], case["fusion"]["output_id"]) == (FUSED, run.rows.fusion and run.rows.fusion.id)
    assert (case["vote"]["leaders"], case["run"]["reference"]) == (["40"], "40 km/h")


def test_candidates_travel_raw_with_the_place_of_their_answers(client: TestClient, run: StoredRun) -> None:
    *done, lost = case_of(client, run)["candidates"]
    for candidate, row in zip(done, run.rows.candidates, strict=True):
        start, end = candidate["answer_span"]
        assert candidate["text"] == row.text
        assert candidate["text"][start:end] == candidate["answer_as_sampled"] == candidate["answer"] == row.answer
    assert [candidate["right"] for candidate in done] == [True, True, False, False]
    assert (lost["state"], lost["failure"]["kind"], lost["output_id"], lost["retry"]) == (
        "failed",
        "timeout",
        None,
        True,
    )


def test_groups_name_their_voters_and_what_was_read(client: TestClient, run: StoredRun) -> None:
    groups = case_of(client, run)["groups"]
    assert [(group["answer"], group["positions"], group["right"]) for group in groups] == [
        ("40", [1, 2], True),
        ("45", [3], False),
        ("forty", [4], False),
    ]
    assert groups[2]["members"][0]["quote"] == "forty"


def test_a_regrouping_counts_anew_and_is_there_after_a_reload(client: TestClient, run: StoredRun) -> None:
    told = post(client, run, "regroup", MERGED)
    assert told["groups"][0]["positions"] == [1, 2, 4]
    assert told["groups"][0]["writings"] == ["40", "forty"]
    assert (
        told["candidates"][3] | {"answer": "40", "answer_as_sampled": "forty", "right": True} == told["candidates"][3]
    )
    case = case_of(client, run)
    assert all(case[name] == told[name] for name in ("groups", "vote", "regrouping", "fusion_answer", "fusion"))
    assert (case["regrouping"]["is_corrected"], case["regrouping"]["log"][0]["rater"]) == (True, "Ada")


def test_the_same_press_twice_is_one_regrouping(client: TestClient, run: StoredRun) -> None:
    assert post(client, run, "regroup", MERGED) == post(client, run, "regroup", MERGED)
    assert len(case_of(client, run)["regrouping"]["log"]) == 1


def test_undo_sends_the_body_before(client: TestClient, run: StoredRun) -> None:
    before = case_of(client, run)
    post(client, run, "regroup", MERGED)
    post(client, run, "regroup", {**MERGED, "key": "press-0002", "body": before["regrouping"]["body"], "seen": 1})
    after = case_of(client, run)
    assert (after["groups"], after["vote"]) == (before["groups"], before["vote"])
    assert after["regrouping"]["is_corrected"] is False


def test_a_vote_that_would_have_stopped_elsewhere_says_so(client: TestClient, store: Store) -> None:
    texts = [f"Answer: {answer}" for answer in ("40", "forty", "40", "forty", "40")]
    made = recipe(5, stop=StopRule(name="asc", threshold=0.9), limits=Limits(cap=5, parallelism=1))
    run = anyio.run(ran, store, Ear(texts), made)
    vote = post(client, run, "regroup", MERGED)["vote"]
    assert (vote["stopped_at"], vote["stopped_at_sampled"]) == (3, None)
    assert vote["would_stop"] == "With these answers the rule would have stopped after 3 draws."
    assert vote["why"] == case_of(client, run)["vote"]["why"]
    assert vote["why"].startswith("Stopped at the cap of 5 draws")


def test_a_corrected_source_shows_in_the_ledger_and_on_the_fused_card(client: TestClient, run: StoredRun) -> None:
    line = case_of(client, run)["ledger"]["lines"][1]
    body = {"rater": "Ada", "start": line["start"], "end": line["end"], "position": 3}
    told = post(client, run, "sources", {**body, "key": "press-0001", "is_source": True})
    assert told["ledger"]["lines"][1]["cells"]["3"]["correction"]["rater"] == "Ada"
    assert told["fusion"]["lines"][1] == [{"position": 3, "kind": "person", "alike": "", "passage": None, "quote": ""}]
    first = {**body, "start": 0, "end": 36, "position": 1, "key": "press-0002", "is_source": False}
    told = post(client, run, "sources", first)
    assert [chip["position"] for chip in told["fusion"]["lines"][0]] == [3, 4]
    assert told["ledger"]["new"] == []


@pytest.mark.parametrize(
    ("path", "body", "status", "words"),
    [
        ("regroup", {**MERGED, "body": {"aliases": {"a": "b", "b": "a"}}}, 400, "in a circle"),
        ("regroup", {**MERGED, "body": {"answers": {"nowhere": "1"}}}, 400, "no output"),
        ("regroup", {**MERGED, "rater": " "}, 400, "Say who you are"),
        ("regroup", {**MERGED, "seen": 4}, 409, "meanwhile"),
        ("regroup", {**MERGED, "key": "short"}, 422, "key"),
        ("regroup", {**MERGED, "body": {"aliases": {"a": None}}}, 422, "aliases"),
        ("regroup", {**MERGED, "body": {"aliases": [], "surprise": 1}}, 422, "aliases"),
        ("sources", {**SOURCE, "end": 35}, 400, "no such sentence"),
        ("sources", {**SOURCE, "position": 5}, 400, "never saw"),
        ("sources", {**SOURCE, "start": -1}, 422, "start"),
        ("sources", {**SOURCE, "is_source": "perhaps"}, 422, "is_source"),
        ("rerun", {"key": "press-0001", "surprise": 1}, 422, "surprise"),
        ("refuse", {"key": "press-0001"}, 422, "without"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_plain_words(
    client: TestClient, run: StoredRun, path: str, body: object, status: int, words: str
) -> None:
    before = case_of(client, run)
    reply = client.post(f"/api/inspect/runs/{run.rows.run.id}/{path}", json=body)
    assert (reply.status_code, words in reply.json()["error"]) == (status, True), reply.json()
    assert case_of(client, run) == before


@pytest.mark.parametrize("path", ["", "/raw", "/copy", "/outputs/x/html", "/diff?first=x&second=y"])
def test_an_address_without_a_run_is_not_found(client: TestClient, path: str) -> None:
    assert client.get(f"/api/inspect/runs/nowhere{path}").status_code == 404


def test_a_text_is_rendered_with_its_offsets_or_with_its_sources(client: TestClient, run: StoredRun) -> None:
    assert run.rows.fusion is not None
    address = f"/api/inspect/runs/{run.rows.run.id}/outputs/{run.rows.fusion.id}/html"
    assert 'data-o="0"' in client.get(address).json()["html"]
    assert 'data-s="1"' in client.get(address, params={"sources": True}).json()["html"]


def test_a_diff_joins_to_the_texts_again(client: TestClient, run: StoredRun) -> None:
    first, second = run.rows.candidates[0], run.rows.candidates[2]
    for level in ("word", "sentence"):
        params = {"first": first.id, "second": second.id, "level": level}
        told = client.get(f"/api/inspect/runs/{run.rows.run.id}/diff", params=params).json()
        for side, row in (("first", first), ("second", second)):
            assert "".join(text for text, _ in told[side]) == row.text
    assert client.get(f"/api/inspect/runs/{run.rows.run.id}/diff", params={**params, "level": "x"}).status_code == 422


def test_nothing_that_is_told_of_a_case_holds_a_secret(client: TestClient, run: StoredRun) -> None:
    base = f"/api/inspect/runs/{run.rows.run.id}"
    for path in ("", "/raw", "/copy"):
        text = client.get(base + path).text
        assert "judge" in text
        assert "hush" not in text
        assert "BERT_KEY" not in text


def test_the_raw_card_holds_every_message(client: TestClient, run: StoredRun) -> None:
    raw = client.get(f"/api/inspect/runs/{run.rows.run.id}/raw").json()
    assert [message["role"] for message in raw["members"]["messages"]] == ["system", "user"]
    assert len(raw["judge"]) == len(run.view.judgements)
    assert all(each["is_exact"] for each in (raw["members"], raw["fusor"], *raw["judge"]))
    assert raw["members"]["requests"][0]["seed"] == run.rows.draws[0].seed


def test_a_copy_is_markdown(client: TestClient, run: StoredRun) -> None:
    reply = client.get(f"/api/inspect/runs/{run.rows.run.id}/copy")
    assert reply.headers["content-type"].startswith("text/markdown")
    assert reply.text.startswith(f"# Case {run.rows.run.id}")


def test_a_case_under_way_is_told_as_it_stands_and_not_as_interrupted(client: TestClient) -> None:
    run_id = client.post("/stall").json()
    case = client.get(f"/api/inspect/runs/{run_id}").json()
    assert (case["run"]["state"], case["run"]["ended"]) == ("live", None)
    assert [candidate["state"] for candidate in case["candidates"]] == ["done", "done", "open", "done"]
    assert client.get(f"/api/inspect/runs/{run_id}/copy").text.count("### Candidate") == 4
    client.post("/end")
    assert client.get(f"/api/inspect/runs/{run_id}").json()["run"]["state"] == "interrupted"


def test_a_run_that_stopped_early_tells_what_it_saved(client: TestClient, store: Store) -> None:
    made = recipe(9, selector="judge-scores", stop=StopRule(), limits=Limits(cap=9))
    case = case_of(client, anyio.run(ran, store, Ear(["It is 40.\n\nAnswer: 40"]), made))
    saved = case["costs"]["saved"]
    assert saved["draws"] == 9 - len(case["candidates"]) > 0
    assert saved["cost_usd"] == pytest.approx(saved["draws"] * 0.002)
    assert saved["words"].endswith("at the mean price of the others (an estimate).")
    assert [reply["shown"] for reply in case["judge"]["scores"]] == [
        [at] for at in range(1, len(case["candidates"]) + 1)
    ]


def test_where_no_model_was_asked_the_raw_card_says_so(client: TestClient, store: Store) -> None:
    kept = {1: Recorded(member="anna", model="m", completion=Completion(text="Answer: 40"))}
    made = recipe(1, members=(), judge=None, selector="vote", fusor=None, fusor_kind="extractive")

    async def recorded() -> StoredRun:
        return await ran(store, Ear(), made, recorded=kept)

    raw = client.get(f"/api/inspect/runs/{anyio.run(recorded).rows.run.id}/raw").json()
    assert (raw["members"]["messages"], raw["judge"], raw["fusor"]) == ([], [], None)
    assert raw["members"]["note"] == "No model was asked for a candidate."
    assert raw["members"]["requests"][0]["recorded"] is True


def test_a_run_that_came_to_nothing_is_a_case_too(client: TestClient, store: Store) -> None:
    case = case_of(client, anyio.run(ran, store, Ear(failing=dict.fromkeys(range(1, 5), LOST))))
    assert (case["groups"], case["ledger"], case["fusion_answer"], case["judge"]["pairs"]) == ([], None, None, [])
    assert json.dumps(case["costs"]["total"]).count("null") >= 1


@pytest.fixture
def demo(services: Services) -> Iterator[TestClient]:
    """The whole app's endpoints over the demo's members."""
    app = FastAPI()
    add_endpoints(app, services)

    @app.post("/begin")
    async def begin() -> str:
        prompt = services.prompt(services.pack.examples[0].prompt.text)
        return await services.compare(prompt, services.recipe(Choices(n=4, preset="fixed")))

    @app.post("/wait/{run_id}")
    async def wait(run_id: str) -> None:
        await services.desk.finished(run_id)

    with TestClient(app) as client:
        yield client


def started(demo: TestClient, run_id: str, path: str, body: dict[str, object]) -> str:
    """The id of the run that this order begins, once it is over."""
    reply = demo.post(f"/api/inspect/runs/{run_id}/{path}", json=body)
    assert reply.status_code == 200, reply.text
    demo.post(f"/wait/{reply.json()['run_id']}")
    return str(reply.json()["run_id"])


def begun(demo: TestClient) -> str:
    run_id = str(demo.post("/begin").json())
    demo.post(f"/wait/{run_id}")
    return run_id


@pytest.mark.parametrize(
    ("path", "body", "draws"), [("retry", {}, 4), ("rerun", {"n": 2}, 2), ("refuse", {"without": [3]}, 3)]
)
def test_a_press_that_arrives_twice_begins_one_run(
    demo: TestClient, path: str, body: dict[str, object], draws: int
) -> None:
    run_id = begun(demo)
    new_id = started(demo, run_id, path, {"key": "press-0001", **body})
    assert started(demo, run_id, path, {"key": "press-0001", **body}) == new_id
    assert started(demo, run_id, path, {"key": "press-0002", **body}) != new_id
    case = demo.get(f"/api/inspect/runs/{new_id}").json()
    assert (case["run"]["parent"], len(case["candidates"])) == (run_id, draws)
    relations = [run["relation"] for run in demo.get(f"/api/inspect/runs/{run_id}").json()["history"]["runs"]]
    assert relations == ["descendant", "descendant", "this"]


def test_a_press_that_began_nothing_may_be_tried_again(demo: TestClient) -> None:
    run_id = begun(demo)
    address = f"/api/inspect/runs/{run_id}/refuse"
    for _ in range(2):
        reply = demo.post(address, json={"key": "press-0001", "without": [99]})
        assert (reply.status_code, "no finished candidate 99" in reply.json()["error"]) == (400, True)
    assert demo.post(address, json={"key": "press-0001", "without": [1]}).status_code == 200
    assert demo.post("/api/inspect/runs/nowhere/retry", json={"key": "press-0001"}).status_code == 404
    assert demo.post(f"/api/inspect/runs/{run_id}/rerun", json={"key": "p" * 8, "preset": "x"}).status_code == 400


def test_a_rating_comes_with_its_case(demo: TestClient) -> None:
    run_id = begun(demo)
    rating = {"key": "press-0001", "rater": "Ada", "preferred": "fusion"}
    assert demo.post(f"/api/runs/{run_id}/ratings", json=rating).status_code == 200
    by_rater = {
        rater: demo.get(f"/api/inspect/runs/{run_id}", params={"rater": rater}).json()["rating"]["saved"]
        for rater in ("Ada", "Bob")
    }
    assert by_rater["Ada"]["preferred"] == "fusion"
    assert by_rater["Bob"] is None
