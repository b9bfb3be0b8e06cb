"""A tiny server that shows the real Studies page over hand-made studies, without Gradio and without a database.

It answers as the endpoints do, remembers what it was sent, and lets a test say what goes wrong.
"""

from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response

from fusion_ui.ui.pages.studies import SCRIPTS
from fusion_ui.ui.shell import STATIC, script_text
from tests.e2e.stage import Stage

Json = dict[str, Any]
STYLES = ("shell.css", "fusion.css", "lab.css", "studies.css")
# Gradio calls a component's script in the same way.
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Studies</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,"><link rel="stylesheet" href="/shell.css"><link rel="stylesheet" href="/fusion.css">
<link rel="stylesheet" href="/lab.css"><link rel="stylesheet" href="/studies.css">
<style>*, ::before, ::after { box-sizing: border-box } body { margin: 0 }</style>
<body><div class="gradio-container"><main class="fx-page"><h1 class="fx-sr">Studies</h1>
<div id="studies"><div class="fx"></div></div></main></div>
<script>
  document.body.classList.toggle("dark", matchMedia("(prefers-color-scheme: dark)").matches);
  fetch("/studies.js").then((reply) => reply.text()).then((script) =>
    new Function("element", "props", script)(document.querySelector("#studies"), { value: {} }));
</script></body></html>"""


@dataclass
class Desk:
    """What the server holds and was sent. `refusal` is what the next previews are refused with, `lost` stores so many
    studies without an answer, `is_down` fails every reading.
    """

    options: Json
    boards: dict[str, Json]
    judgements: Json
    preview: Json
    url: str = ""
    refusal: str = ""
    lost: int = 0
    is_down: bool = False
    previews: list[Json] = field(default_factory=list)
    created: dict[str, Json] = field(default_factory=dict)
    commands: list[tuple[str, Json]] = field(default_factory=list)
    readings: int = 0

    def changed(self, study: str, **changes: Any) -> None:
        """Something happens in a study."""
        board = self.boards[study]
        board.update(deepcopy(changes), stamp=f"{board['stamp']}+")


def listed(board: Json) -> Json:
    """The study of a board as the list tells it."""
    kept = ("id", "title", "version", "is_closed", "is_frozen", "created_at", "superseded_by")
    protocol, counts = board["protocol"], board["counts"]
    return {name: board[name] for name in kept} | {
        "units": counts["units"],
        "overlap": protocol["overlap"],
        "done": counts["done"],
        "wanted": counts["wanted"],
        "raters": len(board["raters"]),
        "task": protocol["task"],
        "contrasts": protocol["contrasts"],
        "last_at": None,
    }


def _app(desk: Desk) -> FastAPI:
    app = FastAPI()
    _add_files(app)
    _add_lists(app, desk)
    _add_readings(app, desk)
    _add_making(app, desk)
    _add_commands(app, desk)
    return app


def _add_files(app: FastAPI) -> None:
    @app.get("/studies")
    def page() -> HTMLResponse:
        return HTMLResponse(PAGE)

    @app.get("/studies.js")
    def script() -> PlainTextResponse:
        return PlainTextResponse(script_text(*SCRIPTS))

    @app.get("/{name}.css")
    def style(name: str) -> Response:
        return Response((STATIC / f"{name}.css").read_text(encoding="utf-8"), media_type="text/css")


def _add_lists(app: FastAPI, desk: Desk) -> None:
    @app.get("/api/studies")
    def studies() -> Any:
        if desk.is_down:
            return _refused("The database is busy.", 503)
        return [listed(board) for board in desk.boards.values()]

    @app.get("/api/studies/options")
    def options() -> Any:
        return _refused("The database is busy.", 503) if desk.is_down else desk.options


def _add_readings(app: FastAPI, desk: Desk) -> None:
    @app.get("/api/studies/{study}/board")
    def board(study: str, since: str = "") -> Any:
        desk.readings += 1
        if desk.is_down:
            return _refused("The database is busy.", 503)
        if study not in desk.boards:
            return _refused("There is no study at this address.", 404)
        told = desk.boards[study]
        return {"stamp": since, "unchanged": True} if since == told["stamp"] else told

    @app.get("/api/studies/{study}/judgements")
    def judgements(study: str, rater: str | None = None) -> Any:
        if study not in desk.boards:
            return _refused("There is no study at this address.", 404)
        told = deepcopy(desk.judgements)
        if rater is not None:
            told["unit"] = None
        told["judgements"] = [each for each in told["judgements"] if rater in (None, each["rater"])]
        return told

    @app.get("/api/studies/{study}/export")
    def export(study: str, format: str) -> Response:
        headers = {"Content-Disposition": f'attachment; filename="study.{format}"'}
        return Response(f"{study} {format}", headers=headers)


def _add_making(app: FastAPI, desk: Desk) -> None:
    @app.post("/api/studies/preview")
    async def preview(request: Request) -> Any:
        form = await request.json()
        desk.previews.append(form)
        return _refused(desk.refusal, 400) if desk.refusal else desk.preview | {"is_masked": form["masks_names"]}

    @app.post("/api/studies")
    async def create(request: Request) -> Any:
        form = await request.json()
        made = desk.created.setdefault(form["key"], form)
        if desk.lost:
            desk.lost -= 1
            return _refused("The answer was lost.", 502)
        study = f"MADE{list(desk.created).index(form['key']) + 1}"
        board = deepcopy(next(iter(desk.boards.values())))
        desk.boards[study] = board | {"id": study, "title": made["title"], "raters": [], "is_frozen": False}
        return {"study_id": study, "items": desk.preview["units"], "trials": desk.preview["trials"]}


def _add_commands(app: FastAPI, desk: Desk) -> None:
    @app.post("/api/studies/{study}/exclusions")
    async def exclude(study: str, request: Request) -> Json:
        body = await request.json()
        desk.commands.append(("exclusions", body))
        told = {"reason": body["reason"], "by": "owner", "created_at": "2026-01-02T12:00:00Z"}
        board = desk.boards[study]
        for row in board["raters"]:
            if row["name"] == body.get("rater"):
                row.update(is_excluded=body["is_excluded"], excluded=told if body["is_excluded"] else None)
        row = {"id": str(len(desk.commands)), "rater": body.get("rater"), "unit_place": None, **told}
        row |= {"trial_id": body.get("trial_id"), "is_excluded": body["is_excluded"]}
        desk.changed(study, exclusions=[row, *board["exclusions"]])
        return {}

    @app.post("/api/studies/{study}/invitations")
    async def invite(study: str, request: Request) -> Json:
        desk.commands.append(("invitations", {"study": study} | await request.json()))
        return {"link": "/welcome?token=once"}

    @app.post("/api/studies/{study}/{command}")
    async def command(study: str, command: str) -> Json:
        desk.commands.append((command, {"study": study}))
        desk.changed(study, is_closed=command == "close")
        return {"is_closed": command == "close"}


def _refused(words: str, status: int) -> JSONResponse:
    return JSONResponse({"error": words}, status)


def shown_studies(stage: Stage, desk: Desk) -> Desk:
    """The desk, served for one test."""
    desk.url = stage.shows(_app(desk))
    return desk
