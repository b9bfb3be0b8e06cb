"""The list of cases over HTTP: what the page draws, files to keep, and refusals in words."""

import csv
import io
import json
from typing import Any

import pandas
import pytest
from starlette.testclient import TestClient

from storage.connection import Store
from tests.inspection.listwork import flawed, rated, stored

HOSTILE = "<img src=x onerror=alert(1)>"


def listed(client: TestClient, query: str = "") -> dict[str, Any]:
    reply = client.get(f"/api/inspect/cases?{query}")
    assert reply.status_code == 200, reply.text
    return reply.json()  # type: ignore[no-any-return]


def test_a_row_tells_a_case(client: TestClient, store: Store) -> None:
    run_id = stored(
        store, prompt=HOSTILE * 20, pick=3, failures=1, cost_usd=0.5, tags=("geo",), members=("a", "b"), stop="cap"
    )
    rated(store, run_id, note="wrong carry")
    flawed(store, run_id, category="answer/wrong")
    (row,) = listed(client)["cases"]
    assert row.pop("started_at").endswith("Z")
    assert row.pop("stability") == pytest.approx(0.7, abs=0.2)
    assert row == {
        "run_id": run_id, "origin": "sampled", "prompt": (HOSTILE * 20)[:300] + "…", "excerpt": [], "where": None,
        "members": ["b", "a"], "language": "en", "tags": ["geo"], "draws": 3, "failures": 1,
        "failure_kinds": ["timeout"], "ended": "completed", "stop": "cap", "cost": 0.5, "length": 15,
        "prompt_length": 560, "disagree": ["people-judge", "judge-vote", "judge-fusion", "judge-gold"],
        "is": ["flawed", "rated", "noted"], "loss": ["misjudged", "kept"], "flaws": {"count": 1, "worst": "major"},
        "flaw": ["answer", "answer/wrong"], "ratings": 1, "studies": [],
        "right": {"vote": True, "best": False, "fusion": True},
    }  # fmt: skip


def test_what_is_not_known_is_null(client: TestClient, store: Store) -> None:
    stored(store, gold=None, language=None, answers=(None,), pick=None, fusion=None, stop=None, ended="failed")
    (row,) = listed(client)["cases"]
    names = ("right", "language", "stop", "stability", "cost", "where")
    assert {name: row[name] for name in names} == dict.fromkeys(names)
    assert row["loss"] == row["disagree"] == []


def test_hits_go_out_as_text(client: TestClient, store: Store) -> None:
    stored(store, texts=(f"{HOSTILE} the river", "b", "c"))
    (row,) = listed(client, "q=river")["cases"]
    assert row["where"] == "answer"
    assert row["excerpt"] == [{"text": f"{HOSTILE} the ", "hit": False}, {"text": "river", "hit": True}]


def test_facets_come_whole_and_in_order(client: TestClient, store: Store) -> None:
    stored(store)
    reply = listed(client)
    assert list(reply["facets"])[:4] == ["disagree", "is", "loss", "stop"]
    assert [each["value"] for each in reply["facets"]["ended"]] == ["completed", "stopped", "failed", "interrupted"]
    assert reply["facets"]["ended"][0] == {"value": "completed", "label": "completed", "count": 1}
    assert (reply["indexing"], reply["reading"], reply["total"]) == (None, None, 1)
    assert reply["ranges"]["draws"] == [3, 3]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("stop=sometimes", "The filter stop does not know"),
        ("colour=red", "There is no filter 'colour'"),
        ("cost=cheap", "The range cost cannot be read"),
        ("q=" + "x" * 10_000, "at most 1000"),
        ("q=%22%22", "no word to search for"),
        ("pattern=nonsense", "pattern"),
    ],
)
def test_a_bad_filter_is_a_400_in_words_everywhere(client: TestClient, query: str, words: str) -> None:
    for address in ("cases", "ids", "export", f"cases/{'0' * 26}/neighbours"):
        reply = client.get(f"/api/inspect/{address}?{query}")
        assert reply.status_code == 400
        assert words in reply.json()["error"]


@pytest.mark.parametrize("page", ["0", "-1", "x", "9" * 30])
def test_a_page_that_is_none_is_refused(client: TestClient, page: str) -> None:
    assert client.get(f"/api/inspect/cases?page={page}").status_code == 422


def test_neighbours_and_ids(client: TestClient, store: Store) -> None:
    first, second = stored(store), stored(store)
    wanted = {"previous": second, "next": None, "place": 2, "matching": 2, "reading": None}
    assert client.get(f"/api/inspect/cases/{first}/neighbours").json() == wanted
    assert client.get("/api/inspect/ids?sort=oldest").json() == {
        "run_ids": [first, second],
        "matching": 2,
        "indexing": None,
    }
    missing = client.get(f"/api/inspect/cases/{'0' * 26}/neighbours")
    assert (missing.status_code, "no case" in missing.json()["error"]) == (404, True)


def test_an_export_has_the_report_the_facts_and_what_people_said(client: TestClient, store: Store) -> None:
    run_id = stored(store, pick=3)
    rated(store, run_id, note="wrong carry")
    flawed(store, run_id, category="answer/wrong", note="41 is not 42")
    reply = client.get(f"/api/inspect/export?run={run_id}")
    assert reply.headers["content-disposition"] == 'attachment; filename="cases.jsonl"'
    (told,) = map(json.loads, reply.text.splitlines())
    assert (told["run_id"], len(told["candidates"]), told["facts"]["loss"]) == (run_id, 3, ["misjudged", "kept"])
    assert told["candidates"][2]["output_id"] == told["best_output_id"]
    assert [(each["rater"], each["note"]) for each in told["ratings"]] == [("Ada", "wrong carry")]
    assert [(each["category"], each["note"]) for each in told["flaws"]] == [("answer/wrong", "41 is not 42")]


def test_a_table_is_neutralised_and_joins_over_pieces(client: TestClient, store: Store) -> None:
    run_ids = [stored(store, prompt='=HYPERLINK("x")', gold="-1+1") for _ in range(120)]
    text = client.get("/api/inspect/export?format=csv&sort=oldest").text
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert [row["run_id"] for row in rows] == run_ids
    assert {row["prompt"] for row in rows} == {'\'=HYPERLINK("x")'}
    assert {row["reference"] for row in rows} == {"'-1+1"}


@pytest.mark.parametrize("runs", [0, 3, 60])
def test_a_parquet_file_has_typed_columns(client: TestClient, store: Store, runs: int) -> None:
    for _ in range(runs):
        stored(store, cost_usd=0.25)
    content = client.get("/api/inspect/export?format=parquet").content
    table = pandas.read_parquet(io.BytesIO(content), engine="fastparquet")
    assert len(table) == runs
    assert table["cost"].dtype == "float64"
    assert set(table["leader"]) <= {"42"}
    assert all(json.loads(cell)[0]["text"] == "Draw 1 says 42." for cell in table["candidates"])
