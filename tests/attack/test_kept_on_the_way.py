"""What is private is kept by nobody on the way, and no reply tells more than it should when it goes wrong."""

import re
from urllib.parse import unquote_to_bytes

import pytest
from starlette.testclient import TestClient

from fusion_ui.ui.access import COOKIE
from tests.attack.conftest import Place
from tests.attack.test_routes import MAY

FOR_ALL = re.compile(r"(/rate)?/(fx|assets|static|svelte)/x|.*/theme\.css")
ENDLESS = ("heartbeat", "dev/reload")  # streams that wait for their reader to leave
HOSTILE = (
    "%00", "%ff%fe", "%ED%A0%80", "..%2f..%2fetc%2fpasswd", "x%0d%0aSet-Cookie:%20a=b", "x%22;filename=evil.html",
    "'%20OR%201=1--", "9" * 400, "-1", "NaN", "%F0%9F%92%A9",
)  # fmt: skip
TELLING = ("Traceback", "site-packages", "sqlite3.", 'File "/', "fusion_ui/ui")


def test_nothing_but_the_files_for_all_may_be_kept_and_given_to_others(guarded: Place, public: Place) -> None:
    for place, token in ((guarded, guarded.tokens["owner"]), (public, "")):
        client = TestClient(place.app, base_url="http://127.0.0.1", raise_server_exceptions=False)
        client.cookies.set(COOKIE, token)
        for method, path in sorted(place.routes):
            if FOR_ALL.fullmatch(path) or any(word in path for word in ENDLESS) or path.endswith("/logout"):
                continue
            reply = client.request(method, path, follow_redirects=False)
            kept = reply.headers.get("cache-control", "")
            # A breakdown inside Gradio is answered outside of all guards, by three words.
            is_whole = "no-store" in kept or kept == "private, no-cache" or reply.text == "Internal Server Error"
            assert is_whole, (method, path, reply.status_code)


@pytest.fixture(scope="module")
def client(guarded: Place) -> TestClient:
    client = TestClient(guarded.app, base_url="http://127.0.0.1", raise_server_exceptions=False)
    client.cookies.set(COOKIE, guarded.tokens["owner"])
    return client


@pytest.mark.parametrize("word", HOSTILE)
def test_no_word_in_an_address_breaks_an_endpoint_or_makes_it_tell_of_itself(client: TestClient, word: str) -> None:
    ours = [route for route in MAY if route.method == "GET" and route.path.startswith(("/api", "/fx", "/rate/studies"))]
    for _, path in sorted(ours):
        asked_for = "&".join(f"{name}={word}" for name in ("run", "study", "order", "format", "q", "rater", "a", "b"))
        reply = client.get(f"{re.sub(r'(?<=/)x(?=[/.]|$)', word, path)}?{asked_for}", follow_redirects=False)
        assert reply.status_code < 500, (path, reply.text[:200])
        assert "set-cookie" not in reply.headers
        assert b"evil" not in reply.headers.get("content-disposition", "").encode()
        assert not any(telling in reply.text for telling in TELLING), (path, reply.text[:200])
    assert unquote_to_bytes(word)


@pytest.mark.parametrize("path", ["vibe-edit", "vibe-code", "vibe-starter-queries", "undo-vibe-edit"])
def test_not_even_an_owner_has_the_app_rewrite_itself(client: TestClient, path: str) -> None:
    for below in ("/gradio_api", "/rate/gradio_api"):
        reply = client.post(f"{below}/{path}", json={"prompt": "x", "code": "import os"})
        assert reply.status_code in (400, 403, 404, 405, 422), reply.text
