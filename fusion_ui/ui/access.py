"""Who may reach what: one table of orders, asked before every request. What does not stand in it is the owner's."""

import json
from collections.abc import Iterable
from time import monotonic

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fusion_ui.people import People, Person
from fusion_ui.settings import AuthSettings

COOKIE = "fusion_session"
_RECHECK_SECONDS = 5.0

# A star stands for whatever follows. Reading with HEAD is reading with GET.
OPEN = (
    "GET /login",
    "POST /login",
    "POST /login/invitation",
    "POST /login/invited",
    "GET /health",
    "GET /fx/*",
)
# Of Gradio only what its page asks for to be drawn and its functions to be called: no files, uploads, proxies, tokens.
RATERS = (
    "POST /logout",
    "GET /api/session",
    "POST /api/session/password",
    "GET /api/rate/*",
    "POST /api/rate/*",
    "GET /rate",
    "GET /rate/",
    "GET /rate/config",
    "GET /rate/theme.css",
    "GET /rate/gradio_api/theme.css",
    "GET /rate/manifest.json",
    "GET /rate/assets/*",
    "GET /rate/static/*",
    "GET /rate/svelte/*",
    "GET /rate/gradio_api/info",
    "GET /rate/gradio_api/app_id",
    "GET /rate/gradio_api/startup-events",
    "GET /rate/gradio_api/heartbeat/*",
    "GET /rate/gradio_api/queue/data",
    "GET /rate/gradio_api/queue/status",
    "POST /rate/gradio_api/queue/join",
    "POST /rate/gradio_api/cancel",
    "POST /rate/gradio_api/reset",
    "POST /rate/gradio_api/component_server",
    "GET /rate/gradio_api/call/*",
    "POST /rate/gradio_api/call/*",
    "POST /rate/gradio_api/run/*",
    "POST /rate/gradio_api/api/*",
)

# Of a public demo the page, what draws it, and the visitor's own runs. Studies, lab, inspection, set-up, imports and
# exports are not even mounted there; this table holds if one ever is.
PUBLIC = (
    "GET /",
    "GET /health",
    "GET /fx/*",
    "GET /api/session",
    "GET /api/runs/*",
    "POST /api/runs/*",
    "GET /config",
    "GET /theme.css",
    "GET /gradio_api/theme.css",
    "GET /manifest.json",
    "GET /assets/*",
    "GET /static/*",
    "GET /svelte/*",
    "GET /gradio_api/info",
    "GET /gradio_api/app_id",
    "GET /gradio_api/startup-events",
    "GET /gradio_api/heartbeat/*",
    "GET /gradio_api/queue/data",
    "GET /gradio_api/queue/status",
    "POST /gradio_api/queue/join",
    "POST /gradio_api/cancel",
    "POST /gradio_api/reset",
)


def cookie_name(plain: str, *, is_secure: bool) -> str:
    """What a cookie of ours is called. Over https browsers take one with this prefix from our own name only, by https,
    so that no page of a neighbouring name can plant one of theirs (RFC 6265bis, 4.1.3.2).
    """
    return f"__Host-{plain}" if is_secure else plain


def is_https(scope: Scope) -> bool:
    """Whether this is asked by https, as far as the proxies tell that are trusted."""
    return scope.get("scheme", "http") in ("https", "wss")


def is_cookie_secure(connection: HTTPConnection, settings: AuthSettings) -> bool:
    """Whether the session goes by https only."""
    return is_https(connection.scope) if settings.secure_cookie is None else settings.secure_cookie


def session_token(connection: HTTPConnection, settings: AuthSettings) -> str:
    """The token of the session that this browser has, empty where it has none."""
    return connection.cookies.get(cookie_name(COOKIE, is_secure=is_cookie_secure(connection, settings)), "")


def may(person: Person | None, method: str, path: str) -> bool:
    """Whether this person, None for somebody unknown, may give this order."""
    if person is not None and person.role == "owner":
        return True
    order = f"{'GET' if method == 'HEAD' else method} {path}"
    if person is not None and person.role == "visitor":
        return _is_among(PUBLIC, order)
    return _is_among(OPEN, order) or (person is not None and _is_among(RATERS, order))


def _is_among(doors: Iterable[str], order: str) -> bool:
    return any(order.startswith(door[:-1]) if door.endswith("*") else order == door for door in doors)


class Access:
    """Pure ASGI middleware: tells every request who asks (`request.state.person`), refuses what is not theirs, and ends
    open streams of people who are out meanwhile. Whoever opens a page that is not theirs is shown the door page.
    """

    def __init__(
        self, app: ASGIApp, *, people: People, door_page: bytes = b"", recheck_s: float = _RECHECK_SECONDS
    ) -> None:
        self._app = app
        self._people = people
        self._door_page = door_page
        self._recheck_s = recheck_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        token = session_token(HTTPConnection(scope), self._people.settings) if self._people.is_login_on else ""
        person = await self._asking(token)
        scope.setdefault("state", {})["person"] = person
        if may(person, scope.get("method", "GET"), scope["path"]):
            await self._app(scope, receive, self._watched(send, token=token, person=person))
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await self._refuse(scope, send, person)

    async def _asking(self, token: str) -> Person | None:
        if not self._people.is_login_on:
            return self._people.person_of(token)
        return await run_in_threadpool(self._people.person_of, token) if token else None

    def _watched(self, send: Send, *, token: str, person: Person | None) -> Send:
        if person is None or not self._people.is_login_on:
            return send
        asked_at, is_out = monotonic(), False

        async def watched_send(message: Message) -> None:
            nonlocal asked_at, is_out
            if is_out:
                return
            if message.get("more_body") and monotonic() - asked_at >= self._recheck_s:
                is_out = await self._asking(token) != person
                asked_at = monotonic()
            await send({"type": "http.response.body", "body": b""} if is_out else message)

        return watched_send

    async def _refuse(self, scope: Scope, send: Send, person: Person | None) -> None:
        accepted = dict(scope["headers"]).get(b"accept", b"")
        if scope["method"] == "GET" and b"text/html" in accepted:
            kind, body = b"text/html; charset=utf-8", self._door_page
        else:
            kind, body = b"application/json", json.dumps({"error": _refusal(person)}).encode()
        headers = [(b"content-type", kind), (b"cache-control", b"no-store")]
        await send({"type": "http.response.start", "status": 403 if person else 401, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def _refusal(person: Person | None) -> str:
    if person is None:
        return "You are not logged in, or no longer. Open /login, log in, and try again."
    return "This is for the owner. What is yours to rate is at /rate."
