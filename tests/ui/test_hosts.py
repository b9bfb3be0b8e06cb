"""Which names are answered to: those of this machine, those that are configured, and where others come in, numbers."""

from collections.abc import Sequence
from typing import Any

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Message, Receive, Scope, Send

from fusion_ui.settings import SettingsError, load_settings
from fusion_ui.ui.hosts import Hosts, host_name

LAN: dict[str, Any] = {"host": "0.0.0.0"}
NAMED = {"allowed_hosts": ("Fusion.example.", "10.0.0.7")}
COOKIES: tuple[dict[str, Any], ...] = ({"auth": {"enabled": True}}, {"public": True})


async def _echo(scope: Scope, _receive: Receive, send: Send) -> None:
    forwarded = [value for name, value in scope["headers"] if name == b"x-forwarded-host"]
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b",".join(forwarded)})


def sent(headers: Sequence[tuple[str, str]], *, kind: str = "http", **settings: Any) -> list[Message]:
    messages: list[Message] = []

    async def send(message: Message) -> None:
        messages.append(message)

    scope = {"type": kind, "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers]}
    anyio.run(Hosts(_echo, settings=load_settings(**settings)), scope, None, send)
    return messages


def status(asked: str, **settings: Any) -> int:
    return int(sent([("host", asked)], **settings)[0]["status"])


@pytest.mark.parametrize("host", ["127.0.0.1:7860", "localhost", "LOCALHOST.:1", "[::1]:7860"])
@pytest.mark.parametrize("settings", [{}, LAN, *COOKIES])
def test_the_names_of_this_machine_are_always_answered_to(host: str, settings: dict[str, Any]) -> None:
    assert status(host, **settings) == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example", "evil.example:7860", "127.0.0.1.evil.example", "localhost.evil.example",
        "localhost@evil.example", "evil.example#localhost", "localhost evil.example", "localhost:80:evil.example",
        "127.0.0.1,evil.example",
        "0x7f.1", "2130706433", "127.1", "[::1].evil.example", "[evil.example]", "", ":7860", "[]", "*", "lócalhost",
    ],
)  # fmt: skip
@pytest.mark.parametrize("settings", [{}, LAN, NAMED, LAN | NAMED, {"public": True}, LAN | NAMED | {"public": True}])
def test_no_other_name_is_answered_to(host: str, settings: dict[str, Any]) -> None:
    assert status(host, **settings) == 421


@pytest.mark.parametrize("host", ["192.168.1.5:7860", "[fd00::5]:7860", "0.0.0.0:7860"])
def test_an_address_in_numbers_is_answered_to_where_others_may_come(host: str) -> None:
    assert status(host, **LAN) == status(host, **LAN, **NAMED) == 200
    assert status(host) == 421


@pytest.mark.parametrize("host", ["fusion.example", "FUSION.example:443", "fusion.example.", "10.0.0.7"])
@pytest.mark.parametrize("settings", [NAMED, LAN | NAMED, NAMED | COOKIES[0], LAN | NAMED | COOKIES[1]])
def test_a_name_that_is_configured_is_answered_to(host: str, settings: dict[str, Any]) -> None:
    assert status(host, **settings) == 200


def test_the_name_that_it_is_served_on_is_answered_to() -> None:
    assert status("box.lan:7860", host="box.lan") == 200
    assert status("other.lan:7860", host="box.lan") == 421


@pytest.mark.parametrize("settings", COOKIES)
def test_where_people_are_known_by_a_cookie_any_name_is_answered_to_until_one_is_configured(
    settings: dict[str, Any],
) -> None:
    assert status("demo.example", **LAN, **settings) == 200
    assert status("demo.example", **LAN, **settings, **NAMED) == 421


def test_the_refusal_says_what_to_change() -> None:
    messages = sent([("host", "box.lan:7860")], **LAN)
    body = messages[1]["body"].decode()
    assert all(word in body for word in ("'box.lan'", "allowed_hosts", "FUSION_UI_ALLOWED_HOSTS"))
    assert (b"cache-control", b"no-store") in messages[0]["headers"]


@pytest.mark.parametrize("hosts", [(), ("localhost", "evil.example"), ("localhost", "localhost")])
def test_a_request_that_names_no_host_or_two_is_refused(hosts: tuple[str, ...]) -> None:
    assert sent([("host", host) for host in hosts], **LAN, public=True)[0]["status"] == 421


def test_a_web_socket_of_a_foreign_name_is_closed() -> None:
    assert sent([("host", "evil.example")], kind="websocket") == [{"type": "websocket.close", "code": 1008}]


@pytest.mark.parametrize("settings", [{}, LAN, LAN | {"public": True}, NAMED])
def test_the_word_of_a_proxy_counts_only_for_names_that_are_configured(settings: dict[str, Any]) -> None:
    told = [("host", "localhost"), ("x-forwarded-host", "evil.example"), ("x-forwarded-host", "fusion.example")]
    assert sent(told, **settings)[1]["body"] == (b"fusion.example" if settings == NAMED else b"")


@pytest.mark.parametrize(
    "name",
    [
        "https://fusion.example",
        "fusion.example:443",
        "10.0.0.7:80",
        "::1",
        "fusión.example",
        "fusion.example/x",
        "*",
        "",
        "a b",
    ],
)
def test_what_is_no_name_is_refused_in_the_settings(name: str) -> None:
    with pytest.raises(SettingsError, match=r"allowed_hosts.*without scheme, port or path"):
        load_settings(allowed_hosts=[name])


@given(st.text(max_size=40))
def test_a_name_that_was_read_has_no_port_and_reads_the_same_again(header: str) -> None:
    name = host_name(header)
    assert name is None or name == name.lower()
    assert name is None or ":" in name or host_name(name) in (name, name.removesuffix("."), None)
