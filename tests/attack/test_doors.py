"""What every reply carries, which hosts are answered, and what guessing at the doors comes to."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from app import main
from fusion_ui.composition import composed
from fusion_ui.settings import AuthSettings, load_settings
from fusion_ui.ui.access import COOKIE
from tests.attack.conftest import Place
from tests.ui.test_access import PASSWORD, asked

pytestmark = pytest.mark.anyio


@pytest.fixture
def client(guarded: Place) -> TestClient:
    return TestClient(guarded.app, base_url="http://127.0.0.1")


async def test_no_reply_can_be_framed_or_taken_for_what_it_is_not(guarded: Place, public: Place) -> None:
    for place in (guarded, public):
        ours = (route for route in place.routes if "gradio_api" not in route.path and route.path != "/logout")
        for route in sorted(ours):
            reply = await asked(place.app, *route, token=place.tokens.get("rater", ""))
            policy = reply.headers["content-security-policy"]
            assert "frame-ancestors 'none'" in policy, route
            assert "object-src 'none'" in policy, route
            assert (reply.headers["x-content-type-options"], reply.headers["referrer-policy"]) == (
                "nosniff",
                "same-origin",
            )
            assert reply.headers.get("access-control-allow-origin") is None


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "", "0.0.0.0"])
def test_on_this_machine_no_other_name_is_answered_to(client: TestClient, host: str) -> None:
    for path in ("/", "/health", "/fx/dom.js", "/login"):
        assert client.get(path, headers={"host": host}).status_code == 421


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://127.0.0.1:8888", "http://localhost.evil.example"]
)
def test_no_origin_may_read_replies_or_ask_before(client: TestClient, origin: str) -> None:
    asked_before = {"origin": origin, "access-control-request-method": "POST"}
    for path in ("/api/lab", "/gradio_api/queue/join", "/login"):
        assert "access-control-allow-origin" not in client.get(path, headers={"origin": origin}).headers
        assert "access-control-allow-origin" not in client.options(path, headers=asked_before).headers
        assert client.post(path, headers={"origin": origin}, content=b"{}").status_code == 403


def test_a_session_planted_before_a_login_is_worth_nothing_after_it(client: TestClient, guarded: Place) -> None:
    planted = "p" * 43
    client.cookies.set(COOKIE, planted)
    reply = client.post("/login", json={"name": "Ann", "password": PASSWORD})
    assert reply.status_code == 200
    assert guarded.people.person_of(planted) is None
    assert planted not in reply.headers["set-cookie"]


@pytest.mark.parametrize("path", ["/login/invitation", "/login/invited"])
def test_invitations_are_not_guessed(client: TestClient, guarded: Place, path: str) -> None:
    real = guarded.people.invite(name="Dora").token
    assert len(real) >= 43
    for guess in ("", real[:-1], real + "x", real.swapcase(), "%", "' OR 1=1 --", "\x00", "0" * 43):
        body = {"token": guess} | ({"name": "Eve", "password": PASSWORD} if path.endswith("invited") else {})
        assert client.post(path, json=body).status_code == 410
    assert guarded.people.invitation(real).name == "Dora"


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[TestClient]:
    from fusion_ui.ui.server import build_app

    with composed(load_settings(db=tmp_path / "d.db", auth=AuthSettings(enabled=True, attempts=3))) as services:
        services.people.add("Ann", role="owner", password=PASSWORD)
        yield TestClient(build_app(services), base_url="http://127.0.0.1")


def test_guessing_at_ones_old_password_waits_like_guessing_at_the_login(fresh: TestClient) -> None:
    fresh.post("/login", json={"name": "Ann", "password": PASSWORD})
    change = {"old": "wrong wrong wrong", "password": "copper kettle moss"}
    told = [fresh.post("/api/session/password", json=change).status_code for _ in range(5)]
    assert told == [401, 401, 401, 429, 429]


def test_names_that_are_there_and_names_that_are_not_are_refused_alike(fresh: TestClient) -> None:
    known, unknown = (fresh.post("/login", json={"name": name, "password": "x" * 12}) for name in ("Ann", "Nobody"))
    assert (known.status_code, known.json()) == (unknown.status_code, unknown.json())


def test_public_is_a_word_of_the_command_line_and_does_not_go_with_logins(tmp_path: Path) -> None:
    import typer

    app = typer.Typer()
    app.command()(main)
    (tmp_path / "c.toml").write_text("[auth]\nenabled = true\n")
    ended = CliRunner().invoke(app, ["--public", "--config", str(tmp_path / "c.toml"), "--db", str(tmp_path / "d.db")])
    assert ended.exit_code == 2
    assert "leave out either public or [auth]" in ended.output
