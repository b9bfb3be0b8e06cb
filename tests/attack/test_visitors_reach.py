"""How far a visitor of a demo gets with what the page itself may send: runs of others by the page's own functions,
files and addresses in its fields, a foreign network in its headers.
"""

import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from fusion_ui.composition import composed
from fusion_ui.settings import load_settings
from fusion_ui.ui.visiting import VISITOR_COOKIE
from tests.ui.test_access import blocks_of

MINE, THEIRS = ({"cookie": f"{VISITOR_COOKIE}={sign * 43}"} for sign in "mt")
README = Path(__file__).resolve().parents[2] / "README.md"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    from fusion_ui.ui.server import build_app  # seconds of Gradio

    limits = {"runs_per_hour": 3}
    db = tmp_path_factory.mktemp("reach") / "r.db"
    with (
        composed(load_settings(db=db, demo_speed=0, public=True, limits=limits)) as services,
        TestClient(build_app(services), base_url="http://127.0.0.1", raise_server_exceptions=False) as client,
    ):
        yield client


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    """A server of this machine, and the paths that were asked of it."""
    asked: list[str] = []

    class Noted(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"mark of an inner server")

        def log_message(self, *_: object) -> None:
            """Nothing is printed."""

    server = HTTPServer(("127.0.0.1", 0), Noted)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


def called(client: TestClient, name: str, values: list[object] | None, cookie: dict[str, str], **address: str) -> str:
    """All that a function of the page comes to, called as the page does."""
    fns = blocks_of(client.app, "").fns  # type: ignore[arg-type]
    number, function = next((n, each) for n, each in fns.items() if each.fn is not None and each.fn.__name__ == name)
    sent = values if values is not None else [getattr(each, "value", None) for each in function.inputs]
    body = {"data": sent, "fn_index": number, "session_hash": name, "event_data": None, "trigger_id": None}
    joined = client.post("/gradio_api/queue/join", params=address, json=body, headers=cookie)
    if joined.status_code != 200:
        return joined.text
    return client.get("/gradio_api/queue/data", params={"session_hash": name}, headers=cookie).text


def begun(client: TestClient, cookie: dict[str, str]) -> str:
    """The id of a run that this visitor began by pressing Compare, or what was said instead."""
    told = called(client, "start", None, cookie)
    found = re.search(r'"run":\s*"([0-9A-Z]{26})"', told)
    return found[1] if found else told


@pytest.fixture(scope="module")
def theirs(client: TestClient) -> str:
    run_id = begun(client, THEIRS)
    assert len(run_id) == 26
    return run_id


def test_the_page_opens_no_run_of_another_visitor(client: TestClient, theirs: str) -> None:
    assert f'"run":"{theirs}"' in called(client, "reopen", [], THEIRS, run=theirs).replace(" ", "")
    for cookie in (MINE, {}):
        told = called(client, "reopen", [], cookie, run=theirs)
        assert theirs not in told
        assert "There is no run at this address" in told


def test_no_field_makes_the_server_fetch_an_address_or_read_a_file(
    client: TestClient, listener: tuple[str, list[str]], tmp_path: Path
) -> None:
    (tmp_path / "secret.txt").write_text("mark of a file")
    base, asked = listener
    meta = {"_type": "gradio.FileData"}
    hostile: list[object] = [
        {"path": f"{base}/a", "url": f"{base}/b", "meta": meta},
        {"path": str(tmp_path / "secret.txt"), "meta": meta},
        [{"path": f"{base}/c", "meta": meta}],
        {"url": f"{base}/d"},
    ]
    fields = len(next(each for each in blocks_of(client.app, "").fns.values() if len(each.inputs) > 5).inputs)  # type: ignore[arg-type]
    for value in hostile:
        for values in ([value] * fields, [value, *[None] * (fields - 1)]):
            told = called(client, "start", values, MINE)
            assert "mark of" not in told
    assert asked == []


def test_a_function_that_the_page_does_not_have_cannot_be_called(client: TestClient) -> None:
    for number in (-1, 99, 10**9, "0", None):
        body = {"data": [], "fn_index": number, "session_hash": "s"}
        reply = client.post("/gradio_api/queue/join", json=body, headers=MINE)
        assert reply.status_code >= 400 or "process_completed" not in reply.text


def test_new_cookies_and_claimed_networks_bring_no_new_allowance(client: TestClient, theirs: str) -> None:
    told = [begun(client, {"cookie": f"{VISITOR_COOKIE}={sign * 43}", "x-forwarded-for": f"6.6.6.{at}"})
            for at, sign in enumerate("abc")]  # fmt: skip
    assert theirs
    assert [len(each) == 26 for each in told] == [True, True, False]
    assert "3 comparisons within an hour" in told[-1]


async def _network(scope: Scope, receive: Receive, send: Send) -> None:
    request = Request(scope)
    await PlainTextResponse(f"{request.client.host if request.client else ''} {request.url.scheme}")(
        scope, receive, send
    )


def test_behind_the_proxies_that_the_readme_names_nobody_comes_from_where_they_claim() -> None:
    (named,) = set(re.findall(r"`FORWARDED_ALLOW_IPS` set to\s+`([^`]+)`", README.read_text(encoding="utf-8")))
    proxied = TestClient(ProxyHeadersMiddleware(_network, named), client=("10.16.3.4", 1))  # type: ignore[arg-type]
    claimed = {"x-forwarded-for": "6.6.6.6, 203.0.113.9, 10.20.0.1", "x-forwarded-proto": "https"}
    assert proxied.get("/", headers=claimed).text == "203.0.113.9 https"
