"""Nobody, rater, owner: every route of the app and every function that Gradio exposes, listed and tried."""

import json
import re
from collections.abc import Awaitable, Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from starlette.routing import Match, Mount
from starlette.types import Message, Receive, Scope, Send

from fusion_ui.composition import composed
from fusion_ui.passwords import Passwords
from fusion_ui.people import ANYBODY, People, Person
from fusion_ui.settings import AuthSettings, load_settings
from fusion_ui.ui.access import COOKIE, OPEN, RATERS, Access, may
from storage.connection import open_store

pytestmark = pytest.mark.anyio
CHEAP = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
PASSWORD = "tide pool lantern"
DOOR = b"<!doctype html>the door"
NOBODYS = {
    ("GET", "/login"), ("POST", "/login"), ("POST", "/login/invitation"), ("POST", "/login/invited"),
    ("GET", "/health"), ("GET", "/fx/x"), ("HEAD", "/fx/x"),
}  # fmt: skip
# What of the raters' Gradio app would reach files, the network, code, other people's sessions or the server's insides.
NEVER_RATERS = (
    "upload", "file=", "file/", "proxy=", "stream/", "vibe", "monitoring", "run-history", "/runs", "deep_link",
    "dev/reload", "process_recording", "/token", "/user", "/login", "/logout", "custom_component", "openapi",
)  # fmt: skip


class Route(NamedTuple):
    """One order that the app has an answer to."""

    method: str
    path: str


class Reply(NamedTuple):
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes


class Place(NamedTuple):
    """The real app with logins, and the sessions of the people in it."""

    app: FastAPI
    people: People
    tokens: dict[str, str]
    routes: tuple[Route, ...]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    from fusion_ui.ui.server import build_app  # seconds of Gradio

    db = tmp_path_factory.mktemp("access") / "a.db"
    with composed(load_settings(db=db, demo_speed=0, auth=AuthSettings(enabled=True))) as services:
        tokens = admitted(services.people)
        app = build_app(services)
        yield Place(app, services.people, tokens, tuple(sorted(set(routes_of(app.routes)))))


@pytest.fixture
def people(tmp_path: Path) -> Iterator[People]:
    with open_store(tmp_path / "p.db") as store:
        yield People(store, AuthSettings(enabled=True), CHEAP)


def admitted(people: People) -> dict[str, str]:
    """The tokens of an owner, a rater, and nobody."""
    people.add("Ann", role="owner", password=PASSWORD)
    people.add("Bo", role="rater", password=PASSWORD)
    owner, rater = (people.log_in(name, PASSWORD, address="here").token for name in ("Ann", "Bo"))
    return {"owner": owner, "rater": rater, "nobody": ""}


def routes_of(routes: Iterable[Any], prefix: str = "") -> Iterator[Route]:
    """Every order that these routes answer to, with the parameters of its path filled in."""
    for route in routes:
        path = prefix + getattr(route, "path", "")
        if hasattr(route, "original_router"):  # FastAPI keeps an included router as it is
            yield from routes_of(route.original_router.routes, path + route.include_context.prefix)
        elif isinstance(route, Mount):
            yield from routes_of(route.routes or [], path)
            yield from () if route.routes else (Route(method, path + "/x") for method in ("GET", "HEAD"))
        else:
            yield from (Route(method, re.sub(r"{.*?}", "x", path)) for method in route.methods)


async def asked(
    app: Callable[[Scope, Receive, Send], Awaitable[None]],
    method: str,
    path: str,
    *,
    token: str = "",
    accept: str = "*/*",
) -> Reply:
    """The reply to a request that is sent as it stands: no client that tidies the path up first."""
    sent: list[Message] = []

    coming: list[Message] = [{"type": "http.request", "body": b"{}"}]

    async def receive() -> Message:
        return coming.pop() if coming else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [(b"host", b"127.0.0.1"), (b"accept", accept.encode()), (b"content-type", b"application/json")]
    headers += [(b"cookie", f"{COOKIE}={token}".encode())] if token else []
    scope = {
        "type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "",
        "scheme": "http", "headers": headers, "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80),
        "http_version": "1.1",
    }  # fmt: skip
    await app(scope, receive, send)
    told = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return Reply(sent[0]["status"], told, b"".join(message.get("body", b"") for message in sent[1:]))


async def echo(scope: Scope, _receive: Receive, send: Send) -> None:
    """An app that tells who asked."""
    person: Person | None = scope["state"]["person"]
    await send({"type": "http.response.start", "status": 204, "headers": [(b"person", str(person).encode())]})
    await send({"type": "http.response.body", "body": b""})


def is_owners(route: Route) -> bool:
    """Whether a rater must not come here, in words of this test."""
    if route.path.startswith("/rate/"):
        return any(word in route.path for word in NEVER_RATERS)
    is_raters = route.path in ("/rate", "/logout", "/api/session", "/api/session/password")
    is_raters |= route.path.startswith("/api/rate/")
    return route not in NOBODYS and (not is_raters or route == Route("GET", "/logout"))


async def test_the_list_of_routes_knows_all_that_are_known_to_be_there(place: Place) -> None:
    assert {
        Route("GET", "/"), Route("GET", "/lab"), Route("GET", "/config"), Route("POST", "/gradio_api/queue/join"),
        Route("POST", "/gradio_api/upload"), Route("GET", "/gradio_api/file=x"), Route("GET", "/rate/config"),
        Route("POST", "/rate/gradio_api/queue/join"), Route("GET", "/api/runs/x/events"), Route("GET", "/fx/x"),
        Route("GET", "/monitoring/summary"), Route("GET", "/theme.css"), Route("POST", "/api/lab/replay"),
    } <= set(place.routes)  # fmt: skip
    assert len(place.routes) > 150


async def test_nobody_reaches_the_door_and_the_files_of_pages_only(place: Place) -> None:
    for route in place.routes:
        if route not in NOBODYS:
            reply = await asked(place.app, *route)
            assert (reply.status, b"not logged in" in reply.body) == (401, True), route
    assert NOBODYS - {("HEAD", "/fx/x")} <= set(place.routes) | {Route("GET", "/login")}


async def test_a_rater_is_refused_whatever_is_not_for_rating(place: Place) -> None:
    refused = [route for route in place.routes if is_owners(route)]
    assert len([route for route in refused if route.path.startswith("/rate/")]) > 25
    assert len(refused) > 110
    for route in refused:
        reply = await asked(place.app, *route, token=place.tokens["rater"])
        assert (reply.status, b"for the owner" in reply.body) == (403, True), route


async def test_a_rater_reaches_what_the_page_needs_and_the_owner_everything(place: Place) -> None:
    behind = Access(echo, people=place.people)
    for route in place.routes:
        assert (await asked(behind, *route, token=place.tokens["owner"])).status == 204, route
    page = ("/rate", "/rate/", "/rate/config", "/rate/theme.css", "/rate/assets/x", "/rate/gradio_api/queue/data")
    for path in page:
        assert Route("GET", path) in place.routes
        assert (await asked(behind, "GET", path, token=place.tokens["rater"])).status == 204, path


async def test_no_function_of_the_owners_pages_can_be_called_by_a_rater(place: Place) -> None:
    owners = blocks_of(place.app, "")
    assert len(owners.fns) >= 2
    for number, function in owners.fns.items():
        name = function.api_name or str(number)
        for path in (f"run/{name}", f"api/{name}", f"call/{name}", "queue/join", "component_server"):
            for who, status in (("rater", 403), ("nobody", 401)):
                reply = await asked(place.app, "POST", f"/gradio_api/{path}", token=place.tokens[who])
                assert reply.status == status, (who, path)


async def test_the_raters_app_knows_nothing_of_the_owners_pages(place: Place) -> None:
    raters = blocks_of(place.app, "/rate")
    modules = {function.fn.__module__ for function in raters.fns.values() if function.fn is not None}
    assert modules <= {"fusion_ui.ui.pages.rate"}
    told = (await asked(place.app, "GET", "/rate/config", token=place.tokens["rater"])).body
    config = json.loads(told)
    assert [page[0] for page in config["pages"]] == [""]
    for word in (b"Pick by", b"Stop sampling", b"Members", b"extractive", b"Budget", b"weights of"):
        assert word.lower() not in told.lower()


def blocks_of(app: FastAPI, path: str) -> Any:
    """The pages mounted at this path."""
    (mount,) = (route for route in app.routes if isinstance(route, Mount) and route.path == path)
    return mount.app.get_blocks()  # type: ignore[attr-defined]


@pytest.mark.parametrize("who", ["nobody", "rater"])
@pytest.mark.parametrize(
    "path",
    [
        "//api/lab", "/login/../api/lab", "/rate/../config", "/fx/../api/lab", "/fx/../../server.py",
        "/rate/../api/lab", "/api/rate/../lab", "/api/rate/../../config", "/rate/assets/../../config", "/rate//config",
        "/login/", "/login/x", "/health/../config", "/API/LAB", "/api/lab/", "/./config", "/config/", "/config;/rate/",
        "\\config", "/rate\\..\\config", "/fx", "/ratex", "/api/ratex", "/", "", "*", "/\x00",
        "/rate/assets/../../../../server.py",
    ],
)  # fmt: skip
async def test_no_spelling_of_a_path_leads_around_the_table(place: Place, who: str, path: str) -> None:
    reply = await asked(place.app, "GET", path, token=place.tokens[who])
    assert reply.status in (307, 400, 401, 403, 404, 405)
    assert b"recordings" not in reply.body
    assert b"build_app" not in reply.body
    assert b"Stop sampling" not in reply.body


@pytest.mark.parametrize("method", ["HEAD", "PUT", "PATCH", "DELETE", "TRACE", "get", "PROPFIND", ""])
async def test_no_other_method_leads_around_the_table(place: Place, method: str) -> None:
    for path in ("/", "/config", "/api/lab", "/gradio_api/queue/join"):
        assert (await asked(place.app, method, path)).status == 401
        assert (await asked(place.app, method, path, token=place.tokens["rater"])).status == 403


@pytest.mark.parametrize("door", [*OPEN, *RATERS])
async def test_an_open_path_never_ends_at_the_owners_pages(place: Place, door: str) -> None:
    method, path = door.replace("*", "x/y").split(" ", 1)
    scope = {"type": "http", "method": method, "path": path, "root_path": "", "headers": []}
    first = next(route for route in place.app.router.routes if route.matches(scope)[0] == Match.FULL)
    if isinstance(first, Mount) and first.path == "":
        inner = first.app.router.routes  # type: ignore[attr-defined]
        assert not any(route.matches(scope)[0] == Match.FULL for route in inner), path


async def test_whoever_opens_a_page_that_is_not_theirs_sees_the_door(people: People) -> None:
    tokens = admitted(people)
    behind = Access(echo, people=people, door_page=DOOR)
    for who, status in (("nobody", 401), ("rater", 403)):
        reply = await asked(behind, "GET", "/lab", token=tokens[who], accept="text/html,*/*;q=0.8")
        assert (reply.status, reply.body, reply.headers["cache-control"]) == (status, DOOR, "no-store")
        order = await asked(behind, "POST", "/lab", token=tokens[who], accept="text/html,*/*;q=0.8")
        assert json.loads(order.body)["error"]


async def test_every_request_is_told_who_asks(people: People) -> None:
    tokens = admitted(people)
    behind = Access(echo, people=people)
    assert "name='Bo', role='rater'" in (await asked(behind, "GET", "/rate", token=tokens["rater"])).headers["person"]
    assert "name='Ann', role='owner'" in (await asked(behind, "GET", "/", token=tokens["owner"])).headers["person"]
    assert (await asked(behind, "GET", "/login")).headers["person"] == "None"


async def test_without_logins_everybody_owns_everything(tmp_path: Path) -> None:
    with open_store(tmp_path / "p.db") as store:
        behind = Access(echo, people=People(store, AuthSettings()))
        for path in ("/", "/rate", "/api/lab", "/gradio_api/upload"):
            assert (await asked(behind, "POST", path)).headers["person"] == str(ANYBODY)


@pytest.mark.parametrize("end", ["disable", "new password", "log out"])
async def test_who_is_put_out_is_refused_from_the_next_request_on(people: People, end: str) -> None:
    tokens = admitted(people)
    behind = Access(echo, people=people)
    assert (await asked(behind, "GET", "/rate", token=tokens["rater"])).status == 204
    ends: dict[str, Callable[[], None]] = {
        "disable": lambda: people.set_disabled("Bo", is_disabled=True),
        "new password": lambda: people.set_password("Bo", "copper kettle moss"),
        "log out": lambda: people.log_out(tokens["rater"]),
    }
    ends[end]()
    assert (await asked(behind, "GET", "/rate", token=tokens["rater"])).status == 401
    assert (await asked(behind, "GET", "/", token=tokens["owner"])).status == 204


async def test_an_open_stream_ends_for_who_is_put_out(people: People) -> None:
    tokens = admitted(people)

    async def stream(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"before ", "more_body": True})
        people.set_disabled("Bo", is_disabled=True)
        for _ in range(3):
            await send({"type": "http.response.body", "body": b"after ", "more_body": True})

    behind = Access(stream, people=people, recheck_s=0)
    assert (await asked(behind, "GET", "/rate/", token=tokens["rater"])).body == b"before "


async def test_a_web_socket_is_the_owners(people: People) -> None:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    behind = Access(echo, people=people)
    await behind({"type": "websocket", "path": "/rate/", "headers": []}, receive, send)
    assert sent == [{"type": "websocket.close", "code": 1008}]


def test_a_star_does_not_stand_for_the_folder_itself() -> None:
    rater = Person(id="1", name="Bo", role="rater")
    assert may(rater, "GET", "/api/rate/studies")
    assert not may(rater, "GET", "/api/rate")
    assert not may(rater, "DELETE", "/api/rate/studies")
    assert not may(None, "GET", "/api/rate/studies")
