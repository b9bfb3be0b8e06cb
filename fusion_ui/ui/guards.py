"""What every response and request passes: security headers out, nothing private kept on the way, a ceiling on what is
taken in, and no orders from other sites.
"""

from collections.abc import Iterable, Sequence

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fusion_ui.exchange import entries
from fusion_ui.exchange.answer_lines import MOST_BYTES

MOST_BODY_BYTES = 4_000_000
MOST_FORM_BYTES = 32_000_000
UPLOADS = {
    "/api/imports": entries.MOST_BYTES,  # goes to the disk as it comes
    "/api/lab/recordings": MOST_BYTES,  # files of recorded answers are read as they come
    "/api/studies": MOST_FORM_BYTES,  # a form may hold a file
    "/api/studies/preview": MOST_FORM_BYTES,
}
_FOR_ALL = ("/fx/", "/assets/", "/static/", "/svelte/")  # files of ours and of Gradio's, the same for everybody
_TOO_LARGE = b'{"error": "This is more than the server takes in one request. Send less."}'
_FOREIGN = b'{"error": "This request comes from a page of another site and was not carried out."}'


class TooLargeError(Exception):
    """A request body went over the ceiling while it was being read."""


def content_policy(embedders: Sequence[str] = ()) -> str:
    """The Content-Security-Policy. Gradio evaluates templates and styles in the page, so scripts cannot be forbidden;
    what the page may load and reach can: nothing but this server.
    """
    return (
        "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'; connect-src 'self'; font-src 'self' data:; "
        "object-src 'none'; frame-src 'none'; base-uri 'self'; form-action 'self'; worker-src 'self' blob:; "
        f"frame-ancestors {' '.join(embedders) or chr(39) + 'none' + chr(39)}"
    )


def _caching(path: str, headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """What may be kept of a reply that does not say so: of pages a copy that is asked about, of the rest nothing."""
    told = dict(headers)
    if b"cache-control" in told or path.removeprefix("/rate").startswith(_FOR_ALL) or path.endswith("/theme.css"):
        return []
    is_page = told.get(b"content-type", b"").startswith(b"text/html")
    return [(b"cache-control", b"private, no-cache" if is_page else b"no-store")]


class Guards:
    """Pure ASGI middleware: adds the headers to every response, refuses oversized bodies with a clear 413, and what a
    browser sends on behalf of another site with a 403: orders of any kind, and requests beside links.
    """

    def __init__(self, app: ASGIApp, *, embedders: Sequence[str] = ()) -> None:
        self._app = app
        self._embedders = frozenset(embedders)
        self._headers = [
            (b"content-security-policy", content_policy(embedders).encode()),
            (b"x-content-type-options", b"nosniff"),
            (b"referrer-policy", b"same-origin"),
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif self._is_foreign(scope):
            await self._refuse(send, status=403, body=_FOREIGN)
        else:
            await self._guarded(scope, receive, send)

    async def _guarded(self, scope: Scope, receive: Receive, send: Send) -> None:
        most = UPLOADS.get(scope["path"], MOST_BODY_BYTES)
        has_begun, taken = False, 0

        async def guarded_send(message: Message) -> None:
            nonlocal has_begun
            if taken > most and not has_begun:
                return  # whatever the app makes of half a body, it is told that it was too large
            if message["type"] == "http.response.start":
                has_begun = True
                headers = list(message.get("headers", []))
                message = {**message, "headers": [*headers, *_caching(scope["path"], headers), *self._headers]}
            await send(message)

        async def counted_receive() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > most:
                raise TooLargeError
            return message

        try:
            await self._app(scope, counted_receive, guarded_send)
        except* TooLargeError:  # in a group where a stream was listening for its reader to leave
            pass
        if taken > most and not has_begun:
            await self._refuse(send, status=413, body=_TOO_LARGE)

    def _is_foreign(self, scope: Scope) -> bool:
        """Whether a page of another origin sends this, be it of another port of the same machine. A link to us is none.

        Browsers tell by Sec-Fetch-Site; over plain http to another machine they do not, and the Origin must then be us.
        """
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        is_order = scope["method"] not in ("GET", "HEAD", "OPTIONS")
        origin, site = headers.get(b"origin"), headers.get(b"sec-fetch-site")
        if origin in self._embedders:
            return False
        if site is not None:
            is_link = not is_order and headers.get(b"sec-fetch-mode", "navigate") == "navigate"
            return site in ("cross-site", "same-site") and not is_link
        ours = {headers.get(b"host"), headers.get(b"x-forwarded-host")}  # the second comes through if configured only
        return is_order and origin is not None and origin.partition("://")[2] not in ours

    async def _refuse(self, send: Send, *, status: int, body: bytes) -> None:
        headers = [(b"content-type", b"application/json"), (b"cache-control", b"no-store"), *self._headers]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})
