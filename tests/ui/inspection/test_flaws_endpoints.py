"""Flaws over HTTP: marked, changed, taken back, suggested by the demo's own judge, and counted over cases."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any

import pytest
from starlette.testclient import TestClient

from fusion_ui.composition import scripted_sampler
from fusion_ui.demo.pack import load_pack
from fusion_ui.engine.values import Limits, Recipe, StopRule
from fusion_ui.replay import StoredRun
from storage.connection import Store
from tests.inspection.casework import ran

PACK = load_pack()
SPEED = next(example for example in PACK.examples if example.id == "average-speed")


@pytest.fixture
def run(store: Store) -> StoredRun:
    """A run of the demo in which some candidates are wrong."""
    recipe = Recipe(members=PACK.members, stop=StopRule(name="fixed"), limits=Limits(cap=12), seed=3)
    return asyncio.run(ran(store, scripted_sampler(PACK, speed=0), recipe, prompt=SPEED.prompt))


@pytest.fixture
def press() -> Iterator[str]:
    """Keys of presses, each new."""
    return (f"press-{number:05d}" for number in count())


def at(run: StoredRun, path: str = "") -> str:
    return f"/api/inspect/runs/{run.rows.run.id}/flaws{path}"


def wrong(run: StoredRun) -> Any:
    """A candidate that does not say 40."""
    return next(row for row in run.rows.candidates if row.answer != "40")


def marked(client: TestClient, run: StoredRun, press: Iterator[str], **given: Any) -> dict[str, Any]:
    body = {"key": next(press), "rater": "Ada", "output_id": wrong(run).id, "category": "answer/wrong"}
    reply = client.post(at(run), json={**body, "severity": "major", "start": 0, "end": 5, **given})
    assert reply.status_code == 200, reply.text
    return reply.json()  # type: ignore[no-any-return]


def test_a_run_without_marks_tells_what_may_be_marked(client: TestClient, run: StoredRun) -> None:
    card = client.get(at(run), params={"rater": " Ada "}).json()
    assert (card["mine"], card["flaws"], card["suggestions"], card["can_undo"]) == ("Ada", [], [], False)
    assert [each["key"] for each in card["taxonomy"]["classes"]] == list("ICUGRAOVLHFPKX")
    assert card["judges"] == [member.name for member in PACK.members]
    assert card["agreement"] is None


def test_a_mark_comes_back_with_its_words_and_in_words(
    client: TestClient, run: StoredRun, press: Iterator[str]
) -> None:
    card = marked(client, run, press)
    (flaw,) = card["flaws"]
    assert card["saved"]["id"] == flaw["id"]
    assert (flaw["quote"], flaw["label"], flaw["key"]) == (wrong(run).text[:5], "Final answer · wrong", "A")
    assert (flaw["is_mine"], flaw["weight"], flaw["from"], flaw["study"]) == (True, 5.0, "run", None)


def test_a_flaw_is_changed_removed_and_brought_back(client: TestClient, run: StoredRun, press: Iterator[str]) -> None:
    first = marked(client, run, press)["saved"]["id"]
    who = {"rater": "Ada"}
    changed = client.post(at(run, f"/{first}"), json={"key": next(press), **who, "start": None, "end": None}).json()
    assert (changed["flaws"][0]["start"], changed["flaws"][0]["quote"]) == (None, "")
    gone = {"key": next(press), **who, "is_removed": True}
    assert client.post(at(run, f"/{changed['saved']['id']}"), json=gone).json()["flaws"] == []
    back = client.post(at(run, "/undo"), json={"key": next(press), **who}).json()
    assert (len(back["flaws"]), back["can_undo"]) == (1, True)


def test_two_people_mark_while_one_reruns_and_all_of_it_is_there_after(
    client: TestClient, run: StoredRun, press: Iterator[str]
) -> None:
    keys = {who: [next(press) for _ in range(12)] for who in ("Ada", "Bo", "reruns")}

    def mark(who: str) -> None:
        for at_, key in enumerate(keys[who]):
            marked(client, run, iter([key]), rater=who, start=at_, end=at_ + 3)

    def rerun() -> list[str]:
        path = at(run).replace("/flaws", "/rerun")
        return [
            client.post(path, json={"key": key, "preset": "fixed", "n": 3}).json()["run_id"] for key in keys["reruns"]
        ]

    with ThreadPoolExecutor(3) as pool:
        marking = [pool.submit(mark, who) for who in ("Ada", "Bo")]
        begun = pool.submit(rerun).result()
        for each in marking:
            each.result()
    flaws = client.get(at(run)).json()["flaws"]
    assert Counter(flaw["rater"] for flaw in flaws) == {"Ada": 12, "Bo": 12}
    history = client.get(at(run).replace("/flaws", "")).json()["history"]["runs"]
    assert {each["run_id"] for each in history} == {run.rows.run.id, *begun}


def test_what_others_marked_meanwhile_is_seen_at_once(client: TestClient, run: StoredRun, press: Iterator[str]) -> None:
    marked(client, run, press)
    card = marked(client, run, press, rater="Bo", start=2, end=7)
    assert [(flaw["rater"], flaw["is_mine"]) for flaw in card["flaws"]] == [("Ada", False), ("Bo", True)]
    assert card["agreement"]["spans"]["f1"] == pytest.approx(0.6)
    assert "alpha is not defined" in card["agreement"]["any"]["words"]


@pytest.mark.parametrize(
    ("given", "status", "words"),
    [
        ({"rater": " "}, 400, "type a name"),
        ({"category": "witchcraft"}, 400, "no class"),
        ({"end": 10**6}, 400, "is not in it"),
        ({"end": 2**40}, 422, "end"),
        ({"start": "x"}, 422, "start"),
        ({"key": "short"}, 422, "key"),
        ({"colour": "red"}, 422, "colour"),
        ({"output_id": "nothing"}, 404, "no such output"),
        ({"rater": "x" * 101}, 422, "rater"),
    ],
)
def test_what_makes_no_sense_is_refused_in_plain_words(
    client: TestClient, run: StoredRun, given: dict[str, Any], status: int, words: str
) -> None:
    body = {"key": "press-77", "rater": "Ada", "output_id": wrong(run).id, "category": "answer", "severity": "minor"}
    reply = client.post(at(run), json={**body, "start": 0, "end": 2, **given})
    assert reply.status_code == status
    assert words in reply.json()["error"]


def test_a_change_of_nothing_or_of_what_is_gone_is_refused(
    client: TestClient, run: StoredRun, press: Iterator[str]
) -> None:
    first = marked(client, run, press)["saved"]["id"]
    assert client.post(at(run, f"/{first}"), json={"key": next(press), "rater": "Ada"}).status_code == 422
    for status in (200, 409):
        body = {"key": next(press), "rater": "Ada", "is_removed": True}
        assert client.post(at(run, f"/{first}"), json=body).status_code == status
    assert client.get("/api/inspect/runs/nowhere/flaws").status_code == 404


def test_the_demos_judge_finds_the_wrong_answer_without_a_key(
    client: TestClient, run: StoredRun, press: Iterator[str]
) -> None:
    body = {"key": next(press), "output_id": wrong(run).id}
    card = client.post(at(run).replace("/flaws", "/suggest"), json=body).json()
    (suggestion,) = card["suggestions"]
    assert (suggestion["label"], suggestion["note"]) == ("Final answer · wrong", "The reference answer is 40.")
    assert suggestion["quote"].startswith("Answer: ")
    assert (card["flaws"], card["askings"][0]["failure"], card["askings"][0]["suggestions"]) == ([], None, 1)


def test_a_suggestion_taken_over_is_marked_as_such(client: TestClient, run: StoredRun, press: Iterator[str]) -> None:
    body = {"key": next(press), "output_id": wrong(run).id}
    found = client.post(at(run).replace("/flaws", "/suggest"), json=body).json()["suggestions"][0]
    card = marked(client, run, press, start=found["start"], end=found["end"], suggestion_id=found["id"])
    assert (card["flaws"][0]["suggestion_id"], card["suggestions"][0]["taken_by"]) == (found["id"], ["Ada"])


def patterns(client: TestClient, **given: str) -> dict[str, Any]:
    reply = client.get("/api/inspect/patterns", params=given)
    assert reply.status_code == 200, reply.text
    return reply.json()  # type: ignore[no-any-return]


def test_patterns_count_what_was_marked_with_the_filters_that_open_it(
    client: TestClient, run: StoredRun, press: Iterator[str]
) -> None:
    marked(client, run, press, note="took the middle")
    marked(client, run, press, category="correct", output_id=run.rows.fusion.id, start=None, end=None)  # type: ignore[union-attr]
    told = patterns(client)
    assert (told["cases"], told["seen"]) == (1, {"cases": 1, "outputs": 2, "raters": 1, "marks": 1})
    assert (told["classes"][0]["filter"], told["classes"][0]["count"]) == ({"flaw": ["answer"]}, 1)
    (fusion,) = (row for row in told["rates"][0]["rows"] if row["name"] == "fusion")
    assert (fusion["rate"], fusion["filter"]) == (0.0, {"pattern": ["strategy/fusion"]})
    assert {row["name"]: row["count"] for row in told["funnel"]["rows"]}.keys() >= {"nobody", "kept"}


def test_patterns_are_of_the_cases_that_are_left(client: TestClient, run: StoredRun, press: Iterator[str]) -> None:
    marked(client, run, press)
    assert patterns(client, pattern="class/answer")["seen"]["marks"] == 1
    assert patterns(client, pattern="class/omission")["cases"] == 0
    assert patterns(client, day="2001-01-01..2001-01-02")["cases"] == 0


def test_what_models_say_is_asked_for_by_name(client: TestClient, run: StoredRun, press: Iterator[str]) -> None:
    marked(client, run, press)
    told = patterns(client, source="model")
    assert (told["source"], told["seen"]["marks"], told["classes"]) == ("model", 0, [])


@pytest.mark.parametrize("given", [{"source": "both"}, {"pattern": "nonsense"}, {"stop": "sometimes"}, {"oops": "1"}])
def test_patterns_of_nonsense_are_refused(client: TestClient, given: dict[str, str]) -> None:
    reply = client.get("/api/inspect/patterns", params=given)
    assert reply.status_code in (400, 422)
    assert reply.json()["error"]
