"""The door's endpoints: cookies, limits and refusals as a browser meets them, and no secret in replies or logs."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from starlette.testclient import TestClient

from fusion_ui.composition import composed
from fusion_ui.passwords import FEWEST_CHARACTERS, Passwords
from fusion_ui.people import People
from fusion_ui.settings import AuthSettings, load_settings
from fusion_ui.ui.access import COOKIE, Access
from fusion_ui.ui.endpoints import add_endpoints
from fusion_ui.ui.guards import Guards
from fusion_ui.ui.login import DOOR_PAGE, add_login
from storage.connection import Store, open_store

CHEAP = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
PASSWORD, OTHER = "tide pool lantern", "copper kettle moss"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "l.db") as store:
        yield store


@pytest.fixture
def people(store: Store) -> People:
    people = People(store, AuthSettings(enabled=True, session_hours=1), CHEAP)
    people.add("Ann", role="owner", password=PASSWORD)
    people.add("Bo", role="rater", password=PASSWORD)
    return people


def browser(people: People, *, url: str = "http://127.0.0.1") -> TestClient:
    """A browser without cookies, at an app of these people."""
    app = FastAPI()
    app.add_middleware(Access, people=people, door_page=DOOR_PAGE)
    app.add_middleware(Guards)
    add_login(app, people)
    return TestClient(app, base_url=url)


@pytest.fixture
def client(people: People) -> TestClient:
    return browser(people)


def logged_in(client: TestClient, name: str = "Ann", password: str = PASSWORD) -> dict[str, Any]:
    reply = client.post("/login", json={"name": name, "password": password})
    assert reply.status_code == 200, reply.text
    return dict(reply.json())


def test_logging_in_tells_who_one_is_and_where_home_is(client: TestClient) -> None:
    assert logged_in(client) == {"name": "Ann", "role": "owner", "home": "/"}
    assert client.get("/api/session").json() == {"is_login_on": True, "name": "Ann", "role": "owner", "home": "/"}
    assert logged_in(client, "Bo") == {"name": "Bo", "role": "rater", "home": "/rate"}


def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(client: TestClient) -> None:
    reply = client.post("/login", json={"name": "Ann", "password": PASSWORD})
    name, *flags = reply.headers["set-cookie"].split("; ")
    assert name.startswith(f"{COOKIE}=")
    assert set(flags) == {"HttpOnly", "SameSite=lax", "Path=/", "Max-Age=3600"}
    assert reply.headers["cache-control"] == "no-store"
    assert client.cookies[COOKIE] not in reply.text


@pytest.mark.parametrize(
    ("wanted", "url", "is_secure"),
    [
        (None, "http://127.0.0.1", False),
        (None, "https://fusion.example", True),
        (True, "http://127.0.0.1", True),
        (False, "https://fusion.example", False),
    ],
)
def test_the_cookie_goes_by_https_only_where_it_can(
    store: Store, wanted: bool | None, url: str, is_secure: bool
) -> None:
    people = People(store, AuthSettings(enabled=True, secure_cookie=wanted), CHEAP)
    people.add("Ann", role="owner", password=PASSWORD)
    client = browser(people, url=url)
    reply = client.post("/login", json={"name": "Ann", "password": PASSWORD})
    assert ("Secure" in reply.headers["set-cookie"]) == is_secure


@pytest.mark.parametrize("wanted", [None, True, False])
def test_by_https_people_come_in_and_go_out_whatever_the_cookie_is_called(store: Store, wanted: bool | None) -> None:
    people = People(store, AuthSettings(enabled=True, secure_cookie=wanted), CHEAP)
    people.add("Ann", role="owner", password=PASSWORD)
    client = browser(people, url="https://fusion.example")
    logged_in(client)
    assert client.get("/api/session").json()["name"] == "Ann"
    client.post("/logout")
    assert client.get("/api/session").status_code == 401
    assert not client.cookies


def test_by_https_no_session_counts_that_a_page_of_a_neighbouring_name_could_plant(people: People) -> None:
    client = browser(people, url="https://fusion.example")
    theirs = people.log_in("Bo", PASSWORD, address="elsewhere").token
    client.cookies.set(COOKIE, theirs, domain="fusion.example")
    assert client.get("/api/session").status_code == 401
    name, _, flags = (
        client.post("/login", json={"name": "Ann", "password": PASSWORD}).headers["set-cookie"].partition("=")
    )
    assert name == f"__Host-{COOKIE}"
    assert {"Secure", "Path=/"} <= set(flags.split("; "))
    assert "Domain" not in flags
    assert people.person_of(theirs) is not None
    assert client.get("/api/session").json()["name"] == "Ann"


def test_a_new_login_ends_the_session_before_it(client: TestClient, people: People) -> None:
    logged_in(client)
    first = client.cookies[COOKIE]
    logged_in(client)
    assert client.cookies[COOKIE] != first
    assert people.person_of(first) is None


def test_a_session_that_was_planted_is_not_taken_over(client: TestClient, people: People) -> None:
    client.cookies.set(COOKIE, "planted")
    logged_in(client)
    assert people.person_of("planted") is None


def test_logging_out_ends_the_session_on_the_server_too(client: TestClient) -> None:
    logged_in(client)
    kept = client.cookies[COOKIE]
    assert client.post("/logout").status_code == 200
    assert COOKIE not in client.cookies
    client.cookies.set(COOKIE, kept)
    assert client.get("/api/session").status_code == 401


def test_wrong_passwords_are_refused_and_then_have_to_wait(client: TestClient) -> None:
    wrong = {"name": "Ann", "password": OTHER}
    for _ in range(5):
        reply = client.post("/login", json=wrong)
        assert (reply.status_code, reply.json()) == (401, {"error": "The name or the password is wrong."})
    reply = client.post("/login", json={"name": "Ann", "password": PASSWORD})
    assert reply.status_code == 429
    assert "Try again in 15 minutes" in reply.json()["error"]
    assert 880 < int(reply.headers["retry-after"]) <= 900
    assert "set-cookie" not in reply.headers


def test_an_invitation_lets_somebody_in_once(client: TestClient, people: People) -> None:
    token = people.invite(name="Cleo").token
    assert client.post("/login/invitation", json={"token": token}).json()["name"] == "Cleo"
    reply = client.post("/login/invited", json={"token": token, "name": "Cleo", "password": PASSWORD})
    assert reply.json() == {"name": "Cleo", "role": "rater", "home": "/rate"}
    assert client.get("/api/session").json()["name"] == "Cleo"
    again = client.post("/login/invited", json={"token": token, "name": "Dan", "password": PASSWORD})
    assert (again.status_code, "used already" in again.json()["error"]) == (410, True)
    assert client.post("/login/invitation", json={"token": token}).status_code == 410


def test_a_link_that_never_was_is_gone(client: TestClient) -> None:
    reply = client.post("/login/invitation", json={"token": "guess"})
    assert (reply.status_code, "no such invitation" in reply.json()["error"]) == (410, True)


def test_a_new_password_keeps_this_browser_in_and_puts_others_out(client: TestClient, people: People) -> None:
    other = browser(people)
    logged_in(other, "Bo")
    logged_in(client, "Bo")
    assert client.post("/api/session/password", json={"old": PASSWORD, "password": OTHER}).status_code == 200
    assert client.get("/api/session").json()["name"] == "Bo"
    assert other.get("/api/session").status_code == 401
    assert logged_in(other, "Bo", OTHER)


def test_an_order_from_another_site_does_not_log_anybody_in_or_out(client: TestClient) -> None:
    foreign = {"sec-fetch-site": "cross-site", "origin": "https://elsewhere.example"}
    body = {"name": "Ann", "password": PASSWORD}
    assert client.post("/login", json=body, headers=foreign).status_code == 403
    logged_in(client)
    assert client.post("/logout", headers=foreign).status_code == 403
    assert client.get("/api/session").status_code == 200


@pytest.mark.parametrize("fault", ["new", "no name", "list", "long", "form"])
def test_a_malformed_login_is_refused_without_repeating_it(tmp_path: Path, fault: str) -> None:
    secret = "a secret that was sent"
    with composed(load_settings(db=tmp_path / "l.db", auth=AuthSettings(enabled=True))) as services:
        app = FastAPI()
        app.add_middleware(Access, people=services.people)
        add_login(app, services.people)
        add_endpoints(app, services)
        bodies: dict[str, dict[str, Any]] = {
            "new": {"json": {"name": "Ann", "password": secret, "more": secret}},
            "no name": {"json": {"password": secret}},
            "list": {"json": {"name": [secret], "password": [secret]}},
            "long": {"json": {"name": "Ann", "password": secret * 100}},
            "form": {"content": f"name=Ann&password={secret}"},
        }
        reply = TestClient(app).post("/login", **bodies[fault])
    assert reply.status_code == 422
    assert secret not in reply.text


def test_no_secret_is_logged(client: TestClient, people: People, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    token = people.invite().token
    client.post("/login/invited", json={"token": token, "name": "Cleo", "password": PASSWORD})
    client.post("/login", json={"name": "Ann", "password": OTHER})
    logged_in(client)
    for secret in (PASSWORD, OTHER, token, client.cookies[COOKIE]):
        assert secret not in caplog.text
    assert caplog.records  # there was something to search


def test_the_page_is_the_same_for_everybody_and_kept_nowhere(client: TestClient) -> None:
    page = client.get("/login")
    assert page.content == DOOR_PAGE
    assert page.headers["cache-control"] == "no-store"
    assert "default-src 'self'" in page.headers["content-security-policy"]
    logged_in(client)
    assert client.get("/login").content == DOOR_PAGE


def test_the_page_tells_the_least_length_that_counts() -> None:
    assert f"At least {FEWEST_CHARACTERS} characters." in DOOR_PAGE.decode()


def test_without_logins_there_is_no_door(store: Store) -> None:
    client = browser(People(store, AuthSettings()))
    assert client.get("/api/session").json() == {"is_login_on": False, "name": "", "role": "owner", "home": "/"}
    assert client.get("/health").json() == {"ok": True}
    for path in ("/login", "/login/invitation", "/login/invited", "/logout", "/api/session/password"):
        assert client.post(path, json={}).status_code == 404
