"""What the guards let through: bodies up to their ceiling, and orders from our own pages only."""

from collections.abc import AsyncIterator

import anyio
import anyio.lowlevel
import pytest
from fastapi import FastAPI, Request
from fastapi.responses import Response, StreamingResponse
from starlette.testclient import TestClient
from starlette.types import Message

from fusion_ui.ui.guards import MOST_BODY_BYTES, Guards

FOREIGN = {"sec-fetch-site": "cross-site", "origin": "https://elsewhere.example"}


@pytest.fixture
def client() -> TestClient:
    app = FastAPI()
    app.add_middleware(Guards, embedders=["https://host.example"])

    @app.api_route("/{path:path}", methods=["GET", "POST"])
    async def size(request: Request) -> int:
        return len(await request.body())

    return TestClient(app)


def test_an_order_from_another_site_is_refused_in_plain_words(client: TestClient) -> None:
    reply = client.post("/anything", headers=FOREIGN)
    assert reply.status_code == 403
    assert "another site" in reply.json()["error"]
    assert "content-security-policy" in reply.headers


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "same-site", "origin": "http://testserver:8888"},
        {"origin": "https://elsewhere.example"},
        {"origin": "http://testserver:8888"},
        {"origin": "http://testserver.elsewhere.example"},
        {"origin": "null"},
        {"origin": ""},
    ],
    ids=[
        "another port",
        "no metadata",
        "another port, no metadata",
        "a name like ours",
        "a sandbox",
        "an empty origin",
    ],
)
@pytest.mark.parametrize("kind", ["text/plain", "application/json", "application/x-www-form-urlencoded"])
def test_an_order_of_another_page_is_refused_whatever_its_browser_tells(
    client: TestClient, headers: dict[str, str], kind: str
) -> None:
    assert client.post("/anything", headers=headers | {"content-type": kind}, content=b"{}").status_code == 403


@pytest.mark.parametrize("mode", ["no-cors", "cors", "websocket"])
def test_a_page_of_another_site_cannot_have_us_reckon_for_it(client: TestClient, mode: str) -> None:
    assert client.get("/api/analyse", headers=FOREIGN | {"sec-fetch-mode": mode}).status_code == 403
    assert client.get("/api/analyse", headers=FOREIGN | {"sec-fetch-mode": "navigate"}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "none"},
        FOREIGN | {"origin": "https://host.example"},
        {"origin": "http://testserver"},
        {"origin": "https://fusion.example", "x-forwarded-host": "fusion.example"},
    ],
    ids=["no browser", "our page", "typed by hand", "a named embedder", "our page, no metadata", "behind a proxy"],
)
def test_an_order_of_our_own_is_carried_out(client: TestClient, headers: dict[str, str]) -> None:
    assert client.post("/anything", headers=headers).status_code == 200


def test_a_link_from_another_site_opens_a_page(client: TestClient) -> None:
    assert client.get("/", headers=FOREIGN).status_code == 200


def test_only_recorded_answers_may_be_larger_than_other_bodies(client: TestClient) -> None:
    body = b"x" * (MOST_BODY_BYTES + 1)
    assert client.post("/api/anything", content=body).status_code == 413
    assert client.post("/api/lab/recordings", content=body).json() == len(body)


def test_a_stream_whose_reader_goes_on_sending_ends_without_an_error() -> None:
    """Starlette listens for the reader to leave in a group of tasks, so that the refusal comes out in a group."""
    app = FastAPI()
    app.add_middleware(Guards)

    @app.get("/stream")
    async def stream() -> StreamingResponse:
        async def pieces() -> AsyncIterator[bytes]:
            while True:
                yield b"piece"
                await anyio.lowlevel.checkpoint()

        return StreamingResponse(pieces())

    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"x" * 1_000_000, "more_body": True}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": "/stream", "query_string": b"", "headers": [], "root_path": ""}
    anyio.run(app, scope | {"http_version": "1.1", "scheme": "http", "server": None, "client": None}, receive, send)
    assert sent[0]["status"] in (200, 413)


@pytest.mark.parametrize(
    ("path", "kind", "own", "kept"),
    [
        ("/api/runs", "application/json", None, "no-store"),
        ("/inspect", "text/html; charset=utf-8", None, "private, no-cache"),
        ("/api/lab", "application/json", "private, no-cache", "private, no-cache"),
        ("/fx/dom.js", "text/javascript", None, None),
        ("/rate/assets/x.js", "text/javascript", None, None),
        ("/api/fx/x", "text/html", None, "private, no-cache"),
    ],
)
def test_what_is_private_is_kept_by_nobody_on_the_way(path: str, kind: str, own: str | None, kept: str | None) -> None:
    app = FastAPI()
    app.add_middleware(Guards)

    @app.get("/{path:path}")
    def reply() -> Response:
        return Response(b"", media_type=kind, headers={"cache-control": own} if own else {})

    assert TestClient(app).get(path).headers.get("cache-control") == kept
