"""Pages of other sites, whatever they send and to whichever address: no order is carried out, of Gradio's endpoints no
more than of ours, and no request of theirs makes the server work.
"""

import re
from typing import NamedTuple

import pytest
from starlette.types import Message

from fusion_ui.ui.access import COOKIE
from fusion_ui.ui.visiting import VISITOR_COOKIE
from tests.attack.conftest import Place
from tests.attack.test_routes import MAY

pytestmark = pytest.mark.anyio
ORDERS = sorted(route.path for route in MAY if route.method == "POST")
FOREIGN = (
    {"origin": "https://evil.example", "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"},
    {"origin": "https://evil.example", "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"},
    {"origin": "http://127.0.0.1:8888", "sec-fetch-site": "same-site", "sec-fetch-mode": "cors"},
    {"origin": "null"},
    {"origin": "http://evil.example", "x-forwarded-host": "evil.example"},
)
KINDS = ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json", "")


class Told(NamedTuple):
    """What became of an order, and how much of its body anybody asked for."""

    status: int
    body: bytes
    asked: int


async def ordered(place: Place, path: str, headers: dict[str, str]) -> Told:
    """The reply to a POST as a browser would send it for another page, with all cookies that it has."""
    asked, sent = 0, list[Message]()

    async def receive() -> Message:
        nonlocal asked
        asked += 1
        return {"type": "http.request", "body": b"{}"}

    async def send(message: Message) -> None:
        sent.append(message)

    owner, visitor = place.tokens.get("owner", ""), place.tokens.get("visitor", "")
    given = {"host": "127.0.0.1", "cookie": f"{COOKIE}={owner}; {VISITOR_COOKIE}={visitor}"} | headers
    scope = {
        "type": "http", "method": "POST", "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "",
        "scheme": "http", "headers": [(name.encode(), value.encode()) for name, value in given.items()],
        "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80), "http_version": "1.1",
    }  # fmt: skip
    await place.app(scope, receive, send)
    return Told(sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:]), asked)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("headers", FOREIGN, ids=lambda headers: headers.get("sec-fetch-mode", headers["origin"]))
async def test_no_order_of_another_site_is_even_read(
    guarded: Place, public: Place, headers: dict[str, str], kind: str
) -> None:
    for place in (guarded, public):
        for path in ORDERS:
            told = await ordered(place, path, headers | ({"content-type": kind} if kind else {}))
            assert (told.status, told.asked) == (403, 0), path
            assert re.search(b"another site", told.body), path


async def test_the_same_orders_of_our_own_page_get_through(guarded: Place) -> None:
    own = {"origin": "http://127.0.0.1", "sec-fetch-site": "same-origin", "content-type": "application/json"}
    for path in ("/gradio_api/queue/join", "/api/lab/replay", "/api/studies/preview"):
        assert (await ordered(guarded, path, own)).asked > 0


async def test_no_door_is_open_to_web_sockets(guarded: Place, public: Place) -> None:
    """Browsers let any page open one: it would have to be guarded like an order."""

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    for place in (guarded, public):
        token = place.tokens.get("owner") or place.tokens["visitor"]
        for path in ("/", "/gradio_api/queue/join", "/queue/join", "/gradio_api/stream/x", "/rate/", "/api/session"):
            sent: list[Message] = []

            async def send(message: Message, sent: list[Message] = sent) -> None:
                sent.append(message)

            cookies = f"{COOKIE}={token}; {VISITOR_COOKIE}={token}".encode()
            scope = {"type": "websocket", "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": ""}
            scope |= {"headers": [(b"host", b"127.0.0.1"), (b"cookie", cookies)], "scheme": "ws", "subprotocols": []}
            await place.app(scope, receive, send)
            assert [message["type"] for message in sent] == ["websocket.close"], path
