"""The rating endpoints: letters in and out, nothing that tells who wrote what, and only one's own trials."""

import json
import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from fusion_ui.studies.protocol import Criterion
from storage.connection import Store
from tests.annotation.support import stored, unit

CRITERIA = (Criterion(key="correct", label="Correct", anchors=("no", "partly", "yes")),)
TELLTALES = ("fusion", "best", "model-", "gold", "score", "cost", "repeat", "output_id", "member")


def following(client: TestClient, study_id: str, rater: str = "ann") -> dict[str, Any]:
    reply = client.post(f"/api/rate/{study_id}/next", json={"rater": rater})
    assert reply.status_code == 200, reply.text
    return reply.json()  # type: ignore[no-any-return]


def judged(client: TestClient, trial: dict[str, Any], rater: str = "ann", **said: Any) -> Any:
    body = {"rater": rater, "key": f"{rater}-{trial['id']}", "verdict": "A", "viewport": [1440, 900]} | said
    return client.post(f"/api/rate/trials/{trial['id']}/judgement", json=body)


def test_a_trial_tells_letters_and_texts_and_nothing_of_their_origin(client: TestClient, store: Store) -> None:
    study_id = stored(
        store,
        unit(0, texts=("one answer", "another"), gold=0),
        unit(1, texts=("a text", "a word")),
        title="Which is it?",
    )
    trial = following(client, study_id)["trial"]
    assert [answer["letter"] for answer in trial["answers"]] == ["A", "B"]
    assert sorted(trial["answers"][0]) == ["html", "letter", "text"]
    taxonomy = json.dumps(trial.pop("taxonomy")).lower()
    assert [word for word in ("fusion", "fused", "candidate", "judge") if word in taxonomy] == []
    seen = json.dumps(trial).lower()
    assert [word for word in TELLTALES if word in seen] == []


def test_a_repeat_looks_like_any_other_trial(client: TestClient, store: Store) -> None:
    study_id = stored(store, *(unit(place, texts=(f"x{place}", f"y{place}")) for place in range(8)), repeats=0.5)
    keys, prompts = set(), []
    while trial := following(client, study_id)["trial"]:
        keys.add((*sorted(trial), trial["kind"]))
        prompts.append(trial["prompt"])
        assert judged(client, trial).status_code == 200
    assert len(keys) == 1
    assert len(prompts) > len(set(prompts))


def test_a_judgement_is_acknowledged_with_its_time_and_shown_again(client: TestClient, store: Store) -> None:
    study_id = stored(store, unit(0))
    trial = following(client, study_id)["trial"]
    saved = judged(client, trial, note="clear", strength=2, reasons={"A": ["correct"]}, needs_lookup=True).json()
    assert (saved["revision"], saved["reveal"], saved["feedback"]) == (1, None, None)
    assert re.fullmatch(r"....-..-..T.*Z", saved["saved_at"])
    again = client.get(f"/api/rate/trials/{trial['id']}", params={"rater": "ann"}).json()["judgement"]["said"]
    assert (again["verdict"], again["strength"], again["note"]) == ("A", 2, "clear")
    assert (again["reasons"], again["needs_lookup"]) == ({"A": ["correct"]}, True)


def test_spans_come_back_where_they_were_marked(client: TestClient, store: Store) -> None:
    study_id = stored(store, unit(0, texts=("العدد ٤٢ 👩‍👩‍👧 e\u0301", "plain")))
    trial = following(client, study_id)["trial"]
    letter = next(each["letter"] for each in trial["answers"] if "٤٢" in each["text"])
    category = trial["taxonomy"]["classes"][0]["name"]
    span = {"letter": letter, "category": category, "severity": "major", "start": 6, "end": 8}
    assert judged(client, trial, spans=[span]).status_code == 200
    again = client.get(f"/api/rate/trials/{trial['id']}", params={"rater": "ann"}).json()["judgement"]["said"]
    assert again["spans"] == [span | {"note": ""}]


def test_a_ranking_and_a_rubric_are_stored_and_shown_again(client: TestClient, store: Store) -> None:
    ranked = stored(store, unit(0, texts=("a", "b", "c")), task="ranking", contrasts=(("fusion", "best", "vote"),))
    trial = following(client, ranked)["trial"]
    assert judged(client, trial, verdict="ranking", ranking=[["B"], ["A", "C"]]).status_code == 200
    said = client.get(f"/api/rate/trials/{trial['id']}", params={"rater": "ann"}).json()["judgement"]["said"]
    assert said["ranking"] == [["B"], ["A", "C"]]
    rubric = stored(store, unit(0), task="rubric", criteria=CRITERIA)
    trial = following(client, rubric)["trial"]
    scores = {"A": {"correct": 3}, "B": {"correct": 1}}
    assert judged(client, trial, verdict="scores", scores=scores).status_code == 200


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"verdict": "C"}, "no judgement"),
        ({"verdict": "ranking"}, "no judgement"),
        ({"verdict": "withdrawn"}, "no judgement"),
        ({"verdict": "skip"}, "Say why"),
        ({"verdict": "skip", "skip_reason": "bored"}, "Say why"),
        ({"reasons": {"F": ["correct"]}}, "no answer"),
        ({"spans": [{"letter": "A", "category": "nonsense", "severity": "major"}]}, "no flaw"),
        ({"strength": 7}, "strength"),
        ({"active_seconds": -1}, "active_seconds"),
        ({"key": "x"}, "key"),
        ({"role": "fusion"}, "role"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_stored(
    client: TestClient, store: Store, said: dict[str, Any], words: str
) -> None:
    study_id = stored(store, unit(0))
    trial = following(client, study_id)["trial"]
    reply = judged(client, trial, **said)
    assert reply.status_code in (400, 422)
    assert words in reply.json()["error"]
    assert following(client, study_id)["trial"]["judgement"] is None


def test_trials_of_others_answer_as_if_they_did_not_exist(client: TestClient, store: Store) -> None:
    trial = following(client, stored(store, unit(0), overlap=2))["trial"]
    for reply in (
        client.get(f"/api/rate/trials/{trial['id']}", params={"rater": "ben"}),
        client.get(f"/api/rate/trials/{trial['id']}/diff", params={"rater": "ben", "first": "A", "second": "B"}),
        judged(client, trial, "ben"),
        client.post(f"/api/rate/trials/{trial['id']}/undo", json={"rater": "ben", "key": "k" * 8}),
        client.post(f"/api/rate/trials/{trial['id']}/draft", json={"rater": "ben", "body": {}}),
        client.post(f"/api/rate/trials/{trial['id']}/lease", json={"rater": "ben"}),
    ):
        assert reply.status_code == 404
        assert "no such trial" in reply.json()["error"]


def test_two_answers_are_compared_word_by_word(client: TestClient, store: Store) -> None:
    trial = following(client, stored(store, unit(0, texts=("six times seven", "six times eight"))))["trial"]
    told = client.get(
        f"/api/rate/trials/{trial['id']}/diff", params={"rater": "ann", "first": "A", "second": "B"}
    ).json()
    assert "".join(piece["text"] for piece in told["first"]) == trial["answers"][0]["text"]
    assert {piece["kind"] for piece in told["first"]} == {"same", "only"}


def test_a_stale_tab_is_told_and_changes_nothing(client: TestClient, store: Store) -> None:
    trial = following(client, stored(store, unit(0)))["trial"]
    assert judged(client, trial).status_code == 200
    reply = judged(client, trial, key="another-press", verdict="B")
    assert reply.status_code == 409
    assert "another tab" in reply.json()["error"]


def test_undo_and_history(client: TestClient, store: Store) -> None:
    study_id = stored(store, unit(0), unit(1))
    trial = following(client, study_id)["trial"]
    judged(client, trial)
    (first, *_) = client.get(f"/api/rate/{study_id}/history", params={"rater": "ann"}).json()
    assert (first["trial_id"], first["number"], first["verdict"]) == (trial["id"], 1, "A")
    assert client.post(f"/api/rate/trials/{trial['id']}/undo", json={"rater": "ann", "key": "undo-key-1"}).json()["id"]
    assert following(client, study_id)["trial"]["id"] == trial["id"]


def test_nobody_rates_without_a_name(client: TestClient, store: Store) -> None:
    reply = client.post(f"/api/rate/{stored(store, unit(0))}/next", json={"rater": "   "})
    assert reply.status_code == 400
    assert "name" in reply.json()["error"]


def test_an_unknown_study_is_not_found(client: TestClient) -> None:
    reply = client.post("/api/rate/nope/next", json={"rater": "ann"})
    assert reply.status_code == 404
