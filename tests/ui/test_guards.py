"""What the guards let through: bodies up to their ceiling, and orders from our own pages only."""

import pytest
from fastapi import FastAPI, Request
from starlette.testclient import TestClient

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
    [{}, {"sec-fetch-site": "same-origin"}, {"sec-fetch-site": "none"}, FOREIGN | {"origin": "https://host.example"}],
    ids=["no browser", "our page", "typed by hand", "a named embedder"],
)
def test_an_order_of_our_own_is_carried_out(client: TestClient, headers: dict[str, str]) -> None:
    assert client.post("/anything", headers=headers).status_code == 200


def test_a_link_from_another_site_opens_a_page(client: TestClient) -> None:
    assert client.get("/", headers=FOREIGN).status_code == 200


def test_only_recorded_answers_may_be_larger_than_other_bodies(client: TestClient) -> None:
    body = b"x" * (MOST_BODY_BYTES + 1)
    assert client.post("/api/anything", content=body).status_code == 413
    assert client.post("/api/lab/recordings", content=body).json() == len(body)
