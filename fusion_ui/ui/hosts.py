"""Which names the app answers to. Who makes a name of theirs lead to this machine (DNS rebinding) has a browser take
the app for one of their own pages. An address in numbers leads nowhere else.
"""

import re
from ipaddress import ip_address

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from fusion_ui.settings import LOOPBACK, Settings

_HOST = re.compile(r"(\[[^\[\]]*\]|[^:\[\]]*)(?::\d*)?")
_FORWARDED = b"x-forwarded-host"
_LONGEST = 253  # of a name, RFC 1035


def host_name(header: str) -> str | None:
    """The name or address in a Host header, without its port; None where there is none."""
    found = _HOST.fullmatch(header.strip())
    return _plain(found[1]) or None if found else None


def _plain(name: str) -> str:
    """The one way in which the same host is written."""
    return name.strip("[]").removesuffix(".").lower()


class Hosts:
    """Pure ASGI middleware: refuses what is asked of a name that is not ours, and takes the word of a proxy for the
    name that it was asked by only where that is one of ours.

    On an address of this machine alone those are its names and the configured ones; elsewhere also every address in
    numbers. Where people are known by a cookie, which a browser sends to no other name, all are answered to unless some
    are configured.
    """

    def __init__(self, app: ASGIApp, *, settings: Settings) -> None:
        self._app = app
        is_local, is_by_cookie = settings.host in LOOPBACK, settings.auth.enabled or settings.public
        ours = (*LOOPBACK, settings.host, *settings.allowed_hosts)
        self._names = frozenset(map(_plain, ours))
        self._has_numbers = not is_local
        self._has_all = is_by_cookie and not is_local and not settings.allowed_hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        asked = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
        if len(asked) == 1 and self._is_ours(host_name(asked[0])):
            await self._app(self._without_foreign_word(scope), receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await _refusal(asked[0] if len(asked) == 1 else "")(scope, receive, send)

    def _is_ours(self, name: str | None) -> bool:
        if name is None:
            return False
        return self._has_all or name in self._names or (self._has_numbers and _is_number(name))

    def _without_foreign_word(self, scope: Scope) -> Scope:
        kept = [
            (name, value)
            for name, value in scope["headers"]
            if name != _FORWARDED or host_name(value.decode("latin-1")) in self._names
        ]
        return {**scope, "headers": kept}


def _is_number(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _refusal(asked: str) -> JSONResponse:
    name = (host_name(asked) or asked)[:_LONGEST]
    told = (
        f"This app does not answer to the name {name!r}. If it leads here on purpose, write it into fusion_ui.toml as "
        'allowed_hosts = ["fusion.example"], or set FUSION_UI_ALLOWED_HOSTS to such a list, and start the app again.'
    )
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return JSONResponse({"error": told}, status_code=421, headers=headers)
