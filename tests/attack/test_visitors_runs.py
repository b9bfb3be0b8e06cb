"""Two visitors of one demo: for each the runs of the other do not exist, whatever is asked of them."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from fusion_ui.recipes import Choices
from fusion_ui.ui.visiting import VISITOR_COOKIE
from fusion_ui.visitors import visitor_of
from tests.attack.conftest import Place
from tests.attack.test_routes import MAY

BODIES = {
    "/api/runs/x/ratings": {"key": "press-0001", "preferred": "tie"},
    "/api/runs/x/ratings/undo": {"key": "undo-0001"},
}
BELOW_A_RUN = sorted(route for route in MAY if route.path.startswith("/api/runs/x/"))


@pytest.fixture(scope="module")
def client(public: Place) -> Iterator[TestClient]:
    with TestClient(public.app, base_url="http://127.0.0.1") as client:
        yield client


@pytest.fixture(scope="module")
def run_id(public: Place, client: TestClient) -> str:
    """A run that the visitor began and that is over."""

    async def begun() -> str:
        services = public.services
        prompt = services.prompt(services.pack.examples[0].prompt.text)
        started = await services.compare(prompt, services.recipe(Choices()))
        await services.desk.finished(started)
        return started

    assert client.portal is not None
    begun_id = str(client.portal.call(begun))
    public.services.visitors.claim(begun_id, visitor_of(public.tokens["visitor"]))
    return begun_id


def asked(client: TestClient, route: tuple[str, str], run_id: str, *, token: str) -> int:
    method, path = route
    client.cookies.clear()
    cookies = {"cookie": f"{VISITOR_COOKIE}={token}"} if token else {}
    body = BODIES.get(path) if method == "POST" else None
    return client.request(method, path.replace("/x", f"/{run_id}", 1), json=body, headers=cookies).status_code


@pytest.mark.parametrize("route", BELOW_A_RUN, ids=" ".join)
def test_a_run_of_another_visitor_is_not_there(
    public: Place, client: TestClient, run_id: str, route: tuple[str, str]
) -> None:
    for token in (public.tokens["other"], "", "guess"):
        assert asked(client, route, run_id, token=token) == asked(client, route, "nope", token=token) == 404


@pytest.mark.parametrize("route", [route for route in BELOW_A_RUN if "undo" not in route.path], ids=" ".join)
def test_ones_own_run_is_there(public: Place, client: TestClient, run_id: str, route: tuple[str, str]) -> None:
    assert asked(client, route, run_id, token=public.tokens["visitor"]) == 200


def test_a_run_tried_again_is_the_same_visitors(public: Place, client: TestClient, run_id: str) -> None:
    mine = {"cookie": f"{VISITOR_COOKIE}={public.tokens['visitor']}"}
    retried = client.post(f"/api/runs/{run_id}/retry", headers=mine).json()["run_id"]
    path = ("GET", "/api/runs/x/path")
    assert asked(client, path, retried, token=public.tokens["visitor"]) == 200
    assert asked(client, path, retried, token=public.tokens["other"]) == 404


def test_who_asks_is_told_nothing_of_others(public: Place, client: TestClient) -> None:
    reply = client.get("/api/session", headers={"cookie": f"{VISITOR_COOKIE}={public.tokens['visitor']}"})
    assert reply.json() == {"is_login_on": False, "name": "", "role": "visitor", "home": "/"}
