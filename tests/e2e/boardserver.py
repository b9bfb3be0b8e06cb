"""A tiny server that shows the real board over hand-made runs, without Gradio.

It serves the script, the stylesheet, the event stream and the rating endpoints, and remembers what it was sent.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response, StreamingResponse

from fusion_ui.analysis.run_path import run_path
from fusion_ui.engine.events import Event
from fusion_ui.engine.view import RunView, fold
from fusion_ui.ratings import SavedRating
from fusion_ui.ui.feed import BoardFeed
from fusion_ui.ui.pages.compare import SCRIPTS
from fusion_ui.ui.paths import path_card
from fusion_ui.ui.shell import STATIC, script_text
from tests.e2e.stage import Stage
from tests.ui.boards import FACTS

# Gradio calls a component's script in the same way.
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Board</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/fusion.css">
<body class="%s"><div class="gradio-container"><h1>Board</h1><div id="board"><div class="fx"></div></div></div>
<script>
  window.heard = [];
  document.addEventListener("fx-run", (event) => window.heard.push(event.detail));
  const props = { value: { run: new URL(location).searchParams.get("run") } };
  fetch("/board.js").then((reply) => reply.text()).then((script) =>
    new Function("element", "trigger", "props", "server", "upload", "watch", script)(
      document.querySelector("#board"), () => {}, props, {}, null, (name, drawn) => { window.redraw = drawn; }));
</script></body></html>"""


@dataclass
class Boards:
    """The runs on offer and what happened. `steps` releases that many events of a run, `broken` fails so many saves,
    `unanswered` stores so many without an answer, `lost_paths` fails so many replays, a change of `dropped` cuts the
    streams; `streams` counts them.
    """

    runs: dict[str, Sequence[Event]]
    url: str = ""
    steps: dict[str, int] = field(default_factory=dict)
    posted: list[dict[str, Any]] = field(default_factory=list)
    ratings: dict[str, SavedRating] = field(default_factory=dict)
    broken: int = 0
    unanswered: int = 0
    lost_paths: int = 0
    dropped: int = 0
    streams: int = 0
    saved: dict[str, SavedRating] = field(default_factory=dict)

    def released(self, run: str) -> int:
        return self.steps.get(run, len(self.runs[run]))


async def _messages(boards: Boards, run: str) -> AsyncIterator[str]:
    feed, view, at, events = BoardFeed(), RunView(), 0, boards.runs[run]
    dropped = boards.dropped
    boards.streams += 1
    while dropped == boards.dropped:
        for event in events[at : boards.released(run)]:
            view = fold(view, event)
        at = boards.released(run)
        is_over = at >= len(events)
        facts = replace(FACTS, run_id=run, is_live=not is_over, rating=boards.ratings.get(run))
        if (message := feed.message(view, facts)) is not None:
            yield f"retry: 50\ndata: {json.dumps(message)}\n\n"
        if is_over:
            yield 'data: {"end": true}\n\n'
            return
        await asyncio.sleep(0.02)


def _app(boards: Boards) -> FastAPI:
    app = FastAPI()
    _add_files(app)
    _add_run(app, boards)
    _add_ratings(app, boards)
    return app


def _add_files(app: FastAPI) -> None:

    @app.get("/")
    def page(theme: str = "") -> HTMLResponse:
        return HTMLResponse(PAGE % theme)

    @app.get("/board.js")
    def script() -> PlainTextResponse:
        return PlainTextResponse(script_text(*SCRIPTS))

    @app.get("/fusion.css")
    def style() -> Response:
        return Response((STATIC / "fusion.css").read_text(encoding="utf-8"), media_type="text/css")


def _add_run(app: FastAPI, boards: Boards) -> None:
    @app.get("/api/runs/{run}/events")
    async def events(run: str) -> Response:
        if run not in boards.runs:
            return JSONResponse({"error": "no such run"}, 404)
        return StreamingResponse(_messages(boards, run), media_type="text/event-stream")

    @app.get("/api/runs/{run}/path")
    def path(run: str, order: int = 0) -> Response:
        if boards.lost_paths:
            boards.lost_paths -= 1
            return JSONResponse({"error": "The database is busy."}, 503)
        view = RunView()
        for event in boards.runs[run]:
            view = fold(view, event)
        return JSONResponse(path_card(run_path(view, order=order)))

    @app.post("/api/runs/{run}/retry")
    async def retry(run: str, request: Request) -> dict[str, str]:
        boards.posted.append(await request.json())
        return {"run_id": next(other for other in boards.runs if other != run)}


def _add_ratings(app: FastAPI, boards: Boards) -> None:
    @app.post("/api/runs/{run}/ratings")
    async def rate(run: str, request: Request) -> Response:
        body = await request.json()
        boards.posted.append(body)
        if boards.broken:
            boards.broken -= 1
            return JSONResponse({"error": "The database is busy."}, 503)
        if body["key"] not in boards.saved:
            revision = boards.ratings[run].revision + 1 if run in boards.ratings else 1
            said = (body["preferred"] or "", body["stars"], body["note"])
            boards.ratings[run] = SavedRating(f"id{revision}", *said, "2026-01-01T12:04:05Z", revision, False)
            boards.saved[body["key"]] = boards.ratings[run]
        if boards.unanswered:
            boards.unanswered -= 1
            return JSONResponse({"error": "The answer was lost."}, 502)
        return _saved(boards.saved[body["key"]])

    @app.post("/api/runs/{run}/ratings/undo")
    def undo(run: str) -> Response:
        revision = boards.ratings[run].revision + 1
        boards.ratings[run] = SavedRating("u", "", {}, "", "2026-01-01T12:05:05Z", revision, True)
        return _saved(boards.ratings[run])


def _saved(rating: SavedRating) -> JSONResponse:
    return JSONResponse({"saved_at": rating.saved_at, "revision": rating.revision, "rating": rating._asdict()})


def shown_boards(stage: Stage, runs: dict[str, Sequence[Event]]) -> Boards:
    """Boards of these runs, served for one test."""
    boards = Boards(runs)
    boards.url = stage.shows(_app(boards))
    return boards
