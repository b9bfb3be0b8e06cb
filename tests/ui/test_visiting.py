"""The cookie of a visitor: given once, with the page, out of reach for scripts and for other sites."""

import anyio
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import Message

from fusion_ui.ui.visiting import VISITOR_COOKIE, Visiting
from fusion_ui.visitors import visitor_of


def browser(*, url: str = "http://demo.example", is_embedded: bool = False) -> TestClient:
    app = Starlette(
        routes=[Route(path, lambda request: PlainTextResponse(str(request.state.person))) for path in ("/", "/health")]
    )
    app.add_middleware(Visiting, is_embedded=is_embedded)
    return TestClient(app, base_url=url)


def flags(reply_cookie: str) -> set[str]:
    return set(reply_cookie.split("; ")[1:])


def test_a_browser_gets_a_cookie_with_the_page_and_keeps_it() -> None:
    client = browser()
    assert "set-cookie" not in client.get("/health").headers
    assert flags(client.get("/").headers["set-cookie"]) == {"HttpOnly", "Path=/", "Max-Age=2592000", "SameSite=Lax"}
    mine = client.cookies[VISITOR_COOKIE]
    again = client.get("/")
    assert "set-cookie" not in again.headers
    assert again.text == str(visitor_of(mine))


def test_no_two_browsers_get_the_same() -> None:
    cookies = {browser().get("/").cookies[VISITOR_COOKIE] for _ in range(20)}
    assert len(cookies) == 20
    assert all(visitor_of(cookie).id for cookie in cookies)


def test_over_https_the_cookie_goes_by_nothing_else() -> None:
    assert "Secure" in flags(browser(url="https://demo.example").get("/").headers["set-cookie"])


def test_over_https_a_cookie_that_a_neighbouring_name_could_plant_stands_for_nobody() -> None:
    client = browser(url="https://demo.example")
    client.cookies.set(VISITOR_COOKIE, "e" * 43, domain="demo.example")
    reply = client.get("/")
    assert str(visitor_of("e" * 43).id) not in reply.text
    name, _, given = reply.headers["set-cookie"].partition("=")
    assert name == f"__Host-{VISITOR_COOKIE}"
    assert client.get("/").text == str(visitor_of(given.partition(";")[0]))


def test_a_page_that_others_may_embed_is_known_there_by_a_cookie_of_that_place_alone() -> None:
    embedded = flags(browser(url="https://demo.example", is_embedded=True).get("/").headers["set-cookie"])
    assert {"SameSite=None", "Partitioned", "Secure", "HttpOnly"} <= embedded
    plain = flags(browser(is_embedded=True).get("/").headers["set-cookie"])
    assert "SameSite=Lax" in plain


def test_a_cookie_that_we_never_gave_is_replaced() -> None:
    client = browser()
    client.cookies.set(VISITOR_COOKIE, "planted")
    reply = client.get("/")
    assert "role='visitor'" in reply.text
    assert "id=None" in reply.text
    assert reply.headers["vary"] == "Cookie"
    assert VISITOR_COOKIE in reply.headers["set-cookie"]


async def _never(_scope: object, _receive: object, _send: object) -> None:
    raise AssertionError("a web socket came through")


def test_there_is_no_web_socket_for_visitors() -> None:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def asked() -> None:
        scope = {"type": "websocket", "path": "/socket", "headers": []}
        await Visiting(_never)(scope, lambda: None, send)  # type: ignore[arg-type]

    anyio.run(asked)
    assert sent == [{"type": "websocket.close", "code": 1008}]
