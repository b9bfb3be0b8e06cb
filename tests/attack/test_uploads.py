"""Bodies without end at every endpoint that takes one, and addresses that lead to files of others."""

import json
from pathlib import Path
from urllib.parse import quote

import pytest
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Message

from fusion_ui.ui.access import COOKIE
from fusion_ui.ui.guards import MOST_BODY_BYTES, UPLOADS
from fusion_ui.ui.visiting import VISITOR_COOKIE
from tests.attack.conftest import Place
from tests.attack.test_routes import MAY
from tests.ui.test_access import asked

pytestmark = pytest.mark.anyio
CHUNK = b"x" * 1_000_000
MOST_CHUNKS = 100
ORDERS = sorted(route.path for route in MAY if route.method == "POST" and route.path != "/logout")


class Sent:
    """A request whose body comes in chunks, without a word about its length; counts how much of it was taken."""

    def __init__(self, place: Place, path: str, *, kind: str, who: str = "owner", query: str = "") -> None:
        cookie = f"{COOKIE}={place.tokens[who]}" if who == "owner" else f"{VISITOR_COOKIE}={place.tokens[who]}"
        headers = {"host": "127.0.0.1", "content-type": kind, "transfer-encoding": "chunked", "cookie": cookie}
        self.scope = {
            "type": "http", "method": "POST", "path": path, "raw_path": path.encode(), "query_string": query.encode(),
            "root_path": "", "scheme": "http", "headers": [(n.encode(), v.encode()) for n, v in headers.items()],
            "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80), "http_version": "1.1",
        }  # fmt: skip
        self.taken, self.status, self.body = 0, 0, b""

    async def receive(self) -> Message:
        self.taken += 1
        return {"type": "http.request", "body": CHUNK, "more_body": self.taken < MOST_CHUNKS}

    async def send(self, message: Message) -> None:
        self.status = message.get("status", self.status)
        self.body += message.get("body", b"")


async def posted(place: Place, path: str, *, kind: str = "application/json", who: str = "owner") -> Sent:
    sent = Sent(place, path, kind=kind, who=who)
    await place.app(sent.scope, sent.receive, sent.send)
    return sent


@pytest.mark.parametrize(
    "kind", ["application/json", "application/octet-stream", "multipart/form-data; boundary=x", "text/plain"]
)
@pytest.mark.parametrize("path", [path for path in ORDERS if path not in UPLOADS])
async def test_no_endpoint_takes_a_body_without_end(guarded: Place, path: str, kind: str) -> None:
    sent = await posted(guarded, path, kind=kind)
    assert sent.taken <= MOST_BODY_BYTES // len(CHUNK) + 1
    assert sent.status in (413, 400, 404, 405, 422) or sent.taken == 0
    if sent.taken * len(CHUNK) > MOST_BODY_BYTES:
        assert (sent.status, "Send less" in json.loads(sent.body)["error"]) == (413, True)


@pytest.mark.parametrize("path", ["/gradio_api/queue/join", "/api/runs/x/ratings"])
async def test_no_visitor_sends_a_body_without_end(public: Place, path: str) -> None:
    sent = await posted(public, path, who="visitor")
    assert (sent.status, sent.taken) == (413, MOST_BODY_BYTES // len(CHUNK) + 1) or sent.status == 404


@pytest.mark.parametrize("path", ["/api/studies", "/api/studies/preview"])
async def test_forms_with_files_end_at_their_own_ceiling(guarded: Place, path: str) -> None:
    sent = await posted(guarded, path)
    assert (sent.status, sent.taken) == (413, UPLOADS[path] // len(CHUNK) + 1)


@pytest.mark.parametrize(
    "path",
    [
        "/fx/../access.py", "/fx/..%2faccess.py", "/fx/%2e%2e/access.py", "/fx/....//access.py", "/fx/..\\access.py",
        "/fx//etc/passwd", "/fx/%2fetc%2fpasswd", "/fx/board/../../access.py", "/fx/\x00/../access.py", "/fx/./",
        "/gradio_api/file=/etc/passwd", "/gradio_api/file=../../etc/passwd",
        "/gradio_api/file=%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "/gradio_api/file=.env", "/gradio_api/file=fusion_ui/ui/access.py", "/gradio_api/file/etc/passwd",
        "/gradio_api/file=file:///etc/passwd", "/gradio_api/file=\\\\127.0.0.1\\share",
        "/gradio_api/file=/proc/self/environ",
        "/gradio_api/proxy=http://127.0.0.1:1/", "/gradio_api/file=http://127.0.0.1:1/", "/static/../../../app.py",
        "/assets/..%2f..%2f..%2fetc%2fpasswd", "/assets/../../../../../../etc/passwd", "/pwa_icon/../../etc/passwd",
        "/gradio_api/custom_component/x/client/../../../../etc/passwd", "/svelte/../../../../etc/passwd",
        "/gradio_api/stream/../../etc/passwd/x/playlist.m3u8", "/rate/gradio_api/file=/etc/passwd",
    ],
)  # fmt: skip
async def test_no_path_leads_to_a_file_that_is_not_served(guarded: Place, path: str) -> None:
    for spelling in (path, path.replace("%2f", "/").replace("%2e", "."), quote(path, safe="/=%")):
        reply = await asked(guarded.app, "GET", spelling, token=guarded.tokens["owner"])
        assert reply.status in (307, 400, 403, 404, 405, 422), spelling
        for word in (b"root:x:", b"def may(", b"PATH=", b"typer"):
            assert word not in reply.body, spelling


async def test_a_database_beside_the_app_is_no_file_to_fetch(guarded: Place) -> None:
    db = guarded.services.database
    for path in (db, db.resolve(), Path("/proc/self/cwd") / "pyproject.toml", Path("/proc/self/root") / str(db)[1:]):
        reply = await asked(guarded.app, "GET", f"/gradio_api/file={path}", token=guarded.tokens["owner"])
        assert reply.status in (403, 404)
        assert b"SQLite format" not in reply.body


def test_a_link_among_the_static_files_is_not_followed(guarded: Place, public: Place) -> None:
    for place in (guarded, public):
        (mount,) = (route for route in place.app.routes if isinstance(route, Mount) and route.path == "/fx")
        assert isinstance(mount.app, StaticFiles)
        assert not mount.app.follow_symlink
