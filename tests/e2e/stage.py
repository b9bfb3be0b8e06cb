"""One small server for all hand-made pages; every test puts its own app on it, under a host name of its own.

So nothing of one test reaches the next: what its pages still send carries an earlier name and is not let in, and what
a browser keeps it keeps by name.
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send


class Stage:
    """What is played now, and where."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._played = 0
        self._app: ASGIApp | None = None

    def shows(self, app: ASGIApp) -> str:
        """The address of this app, which takes the place of the one before."""
        self._app = app
        self._played += 1
        return f"http://{self._host}"

    @property
    def _host(self) -> str:
        return f"t{self._played}.localhost:{self._port}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._app and HTTPConnection(scope).headers.get("host") == self._host:
            await self._app(scope, receive, send)
        else:
            await JSONResponse({"error": "This was another test."}, 410)(scope, receive, send)


@contextmanager
def staging() -> Iterator[Stage]:
    """The stage, open until the block ends."""
    with socket.socket() as held:  # bound by ourselves: no other program can take the port meanwhile
        held.bind(("127.0.0.1", 0))
        stage = Stage(int(held.getsockname()[1]))
        config = uvicorn.Config(stage, log_level="error", lifespan="off", timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [held]}, daemon=True)
        thread.start()
        while not server.started:
            assert thread.is_alive(), "the server did not start"
            thread.join(0.01)
        try:
            yield stage
        finally:
            server.should_exit = True
            thread.join(60)
