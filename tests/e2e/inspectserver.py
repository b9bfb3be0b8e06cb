"""A tiny server that shows the real Inspect page without Gradio, over replies written by hand or over a database.

Over replies it remembers what it was asked and sent, and lets a test say what goes wrong; real routers can be given,
too, which come first. Over a database all endpoints are the real ones, and demo runs are made when it starts.
"""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from inspect import isawaitable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import uvicorn
from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response

from fusion_ui.composition import composed
from fusion_ui.recipes import Choices
from fusion_ui.services import Services
from fusion_ui.settings import load_settings
from fusion_ui.ui.endpoints import add_endpoints
from fusion_ui.ui.pages.inspect import SCRIPTS
from fusion_ui.ui.shell import STATIC, script_text
from tests.e2e.conftest import free_port

Json = dict[str, Any]
Query = list[tuple[str, str]]
STYLES = ("shell", "fusion", "lab", "studies", "inspect", "case", "case_tabs", "rate")
# Gradio calls a component's script in the same way.
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Inspect</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">%s
<style>*, ::before, ::after { box-sizing: border-box } body { margin: 0 }</style>
<body><div class="gradio-container"><main class="fx-page"><h1 class="fx-sr">Inspect</h1>
<div id="inspect"><div class="fx"></div></div></main></div>
<script>
  document.body.classList.toggle("dark", matchMedia("(prefers-color-scheme: dark)").matches);
  fetch("/inspect.js").then((reply) => reply.text()).then((script) =>
    new Function("element", "trigger", "props", "server", "upload", "watch", script)(
      document.querySelector("#inspect"), () => {}, { value: {} }, {}, null, () => {}));
</script></body></html>"""


@dataclass
class Inspected:
    """What the server holds and was asked.

    `replies` maps a path below /api/inspect ("/cases", "/runs/R1") to its JSON, or to a function of the query's pairs
    (of the body for a POST), which may be asynchronous. `refusals` are (status, words) by path, `delays_s` hold answers
    back, `asked` are the paths with their queries, `posted` what was sent.
    """

    replies: dict[str, Any] = field(default_factory=dict)
    refusals: dict[str, tuple[int, str]] = field(default_factory=dict)
    delays_s: dict[str, float] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    posted: list[tuple[str, Json]] = field(default_factory=list)
    url: str = ""

    def reset(self, replies: dict[str, Any]) -> None:
        """Begin anew: one server serves a whole file of tests."""
        self.replies = replies
        self.refusals, self.delays_s = {}, {}
        self.asked, self.posted = [], []


@dataclass
class Stored:
    """The page over a database: its address, and the runs that were made, in their order."""

    url: str
    runs: list[str] = field(default_factory=list)


def _app(held: Inspected, routers: Sequence[APIRouter]) -> FastAPI:
    app = FastAPI()
    _add_files(app)
    for router in routers:
        app.include_router(router)
    _add_replies(app, held)
    return app


def _stored_app(stored: Stored, services: Services, examples: int) -> FastAPI:
    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        for example in services.pack.examples[:examples]:
            run_id = await services.compare(example.prompt, services.recipe(Choices(seed=1)))
            await services.desk.finished(run_id)
            stored.runs.append(run_id)
        yield
        await services.close()

    app = FastAPI(lifespan=lifespan)
    _add_files(app)
    add_endpoints(app, services)
    return app


def _add_files(app: FastAPI) -> None:
    @app.get("/inspect")
    def page() -> HTMLResponse:
        return HTMLResponse(PAGE % "".join(f'<link rel="stylesheet" href="/{name}.css">' for name in STYLES))

    @app.get("/inspect.js")
    def script() -> PlainTextResponse:
        return PlainTextResponse(script_text(*SCRIPTS))

    @app.get("/{name}.css")
    def style(name: str) -> Response:
        return Response((STATIC / f"{name}.css").read_text(encoding="utf-8"), media_type="text/css")


def _add_replies(app: FastAPI, held: Inspected) -> None:
    @app.get("/api/inspect/{path:path}")
    async def reading(path: str, request: Request) -> Response:
        query = parse_qsl(request.url.query, keep_blank_values=True)
        held.asked.append(f"/{path}?{request.url.query}")
        return await _reply(held, f"/{path}", query)

    @app.post("/api/inspect/{path:path}")
    async def sending(path: str, request: Request) -> Response:
        body = await request.json()
        held.posted.append((f"/{path}", body))
        return await _reply(held, f"/{path}", body)


async def _reply(held: Inspected, path: str, given: Query | Json) -> Response:
    found = held.replies.get(path)
    reply = found(given) if callable(found) else found
    if isawaitable(reply):
        reply = await reply
    refusal = held.refusals.get(path)
    await asyncio.sleep(held.delays_s.get(path, 0))
    if refusal is not None:
        return JSONResponse({"error": refusal[1]}, refusal[0])
    if reply is None:
        return JSONResponse({"error": f"There is nothing at {path}."}, 404)
    return reply if isinstance(reply, Response) else JSONResponse(reply)


@contextmanager
def serving_inspect(held: Inspected | None = None, *, routers: Sequence[APIRouter] = ()) -> Iterator[Inspected]:
    """The page over these replies, served until the block ends."""
    held, port = held or Inspected(), free_port()
    held.url = f"http://127.0.0.1:{port}"
    with _served(_app(held, routers), port):
        yield held


@contextmanager
def serving_stored(db: Path, *, examples: int = 1) -> Iterator[Stored]:
    """The page over the real endpoints and this database, in which so many of the demo's examples are run first."""
    port = free_port()
    stored = Stored(url=f"http://127.0.0.1:{port}")
    with (
        composed(load_settings(db=db, demo_speed=0)) as services,
        _served(_stored_app(stored, services, examples), port),
    ):
        yield stored


@contextmanager
def _served(app: FastAPI, port: int) -> Iterator[None]:
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.02)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(10)
