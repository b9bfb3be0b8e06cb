"""The door of a public demo: every request is told which visitor asks, and what visitors may not do is refused."""

import secrets

from fastapi import Request
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fusion_ui.ui.access import cookie_name, is_https, may
from fusion_ui.ui.requests import person_of
from fusion_ui.visitors import Visitors, visitor_of

VISITOR_COOKIE = "fusion_visitor"
_LASTS_S = 30 * 86_400
_CLOSED = "This is a public demo: it has the Compare page, at /, and the comparisons that you begin there."


class Visiting:
    """Pure ASGI middleware. A browser gets its cookie with the page, and only there: requests that a page sends side by
    side would otherwise each bring another.

    A page that others may embed is asked for from within theirs, where browsers send no Lax cookie. Over https it is
    then a partitioned one; orders of other sites are refused by the guards either way.
    """

    def __init__(self, app: ASGIApp, *, is_embedded: bool = False) -> None:
        self._app = app
        self._is_embedded = is_embedded

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        is_secure = is_https(scope)
        name = cookie_name(VISITOR_COOKIE, is_secure=is_secure)
        visitor = visitor_of(HTTPConnection(scope).cookies.get(name, ""))
        scope.setdefault("state", {})["person"] = visitor
        if may(visitor, scope.get("method", "GET"), scope["path"]):
            is_new = visitor.id is None and scope["path"] == "/"
            await self._app(scope, receive, self._greeting(name, send, is_secure=is_secure) if is_new else send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            refusal = JSONResponse({"error": _CLOSED}, status_code=403, headers={"Cache-Control": "no-store"})
            await refusal(scope, receive, send)

    def _greeting(self, name: str, send: Send, *, is_secure: bool) -> Send:
        cookie = f"{name}={secrets.token_urlsafe(32)}; {self._flags(is_https=is_secure)}"

        async def greeting_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [*message.get("headers", []), (b"set-cookie", cookie.encode()), (b"vary", b"Cookie")]
                message = {**message, "headers": headers}
            await send(message)

        return greeting_send

    def _flags(self, *, is_https: bool) -> str:
        site = "SameSite=None; Partitioned" if self._is_embedded and is_https else "SameSite=Lax"
        return f"HttpOnly; Path=/; Max-Age={_LASTS_S}; {site}" + ("; Secure" if is_https else "")


class OwnRuns:
    """A dependency of every endpoint below a run's address: other people's runs answer as if they did not exist."""

    def __init__(self, visitors: Visitors) -> None:
        self._visitors = visitors

    def __call__(self, request: Request) -> None:
        run_id = request.path_params.get("run_id")
        if run_id is not None:
            self._visitors.check_own(run_id, person_of(request))
