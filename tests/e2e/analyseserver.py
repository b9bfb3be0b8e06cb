"""A tiny server that shows the real Analyse page without Gradio, over analyses written by hand or over a database.

Over analyses it remembers what it was asked, and lets a test say what goes wrong; over a database all is real.
"""

import json
from dataclasses import dataclass, field
from threading import Event
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response

from fusion_ui.figures.preferences import preference_figure
from fusion_ui.preferences.analyses import Analyses
from fusion_ui.ui.analyse_endpoints import analyse_router
from fusion_ui.ui.pages.analyse import SCRIPTS
from fusion_ui.ui.shell import STATIC, script_text
from storage.connection import Store
from tests.e2e.stage import Stage

Json = dict[str, Any]
STYLES = ("shell", "fusion", "lab", "studies", "analyse")
# Gradio calls a component's script in the same way.
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Analyse</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">%s
<style>*, ::before, ::after { box-sizing: border-box } body { margin: 0 }</style>
<body><div class="gradio-container"><main class="fx-page"><h1 class="fx-sr">Analyse</h1>
<div id="analyse"><div class="fx"></div></div></main></div>
<script>
  document.body.classList.toggle("dark", matchMedia("(prefers-color-scheme: dark)").matches);
  fetch("/analyse.js").then((reply) => reply.text()).then((script) =>
    new Function("element", "props", script)(document.querySelector("#analyse"), { value: {} }));
</script></body></html>"""


@dataclass
class Analysed:
    """What the server tells and was asked: `told` is the analysis, `refusal` is what it refuses with instead, `held`
    holds answers back until it is set, `asked` are the queries in their order.
    """

    told: Json
    url: str = ""
    refusal: tuple[int, str] | None = None
    held: Event | None = None
    asked: list[str] = field(default_factory=list)


def _page() -> FastAPI:
    app = FastAPI()

    @app.get("/analyse")
    def page() -> HTMLResponse:
        return HTMLResponse(PAGE % "".join(f'<link rel="stylesheet" href="/{name}.css">' for name in STYLES))

    @app.get("/analyse.js")
    def script() -> PlainTextResponse:
        return PlainTextResponse(script_text(*SCRIPTS))

    @app.get("/{name}.css")
    def style(name: str) -> Response:
        return Response((STATIC / f"{name}.css").read_text(encoding="utf-8"), media_type="text/css")

    return app


def _app(analysed: Analysed) -> FastAPI:
    app = _page()

    @app.get("/api/analyse/analysis.json")
    def whole(request: Request) -> Any:
        analysed.asked.append(request.url.query)
        number = analysed.told["counts"]["contrasts"]
        return analysed.told | {"contrasts": analysed.told["contrasts"][:1] * number}

    @app.get("/api/analyse")
    def analysis(request: Request) -> Any:
        analysed.asked.append(request.url.query)
        if analysed.held:
            analysed.held.wait(30)
        if analysed.refusal:
            status, words = analysed.refusal
            return JSONResponse({"error": words}, status)
        # A name may hold half a character, which JSON can tell and UTF-8 cannot.
        return Response(json.dumps(analysed.told), media_type="application/json")

    return app


def shown_analysis(stage: Stage, told: Json) -> Analysed:
    """The page over this analysis, served for one test."""
    analysed = Analysed(told)
    analysed.url = stage.shows(_app(analysed))
    return analysed


def shown_store(stage: Stage, store: Store) -> str:
    """The address of the page over what was judged in this store."""
    app = _page()
    app.include_router(analyse_router(Analyses(store, figure=preference_figure)))
    return stage.shows(app)
