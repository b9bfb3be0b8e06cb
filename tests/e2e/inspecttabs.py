"""A run in which everything happens, recorded by the real pipeline, and the Inspect page over it with all endpoints
real, for the browser tests of a case's tabs.
"""

import asyncio
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import httpx
from fastapi import FastAPI
from fastapi import Request as HttpRequest
from fastapi.responses import JSONResponse

from fusion_ui.composition import composed
from fusion_ui.engine.pipeline import run
from fusion_ui.engine.sampling import Request
from fusion_ui.engine.values import Failure, Limits, Member, Prompt, Recipe, StopRule
from fusion_ui.inspection.flaws import Flaws
from fusion_ui.providers.scripted import Script, ScriptedSampler
from fusion_ui.recording import begin_run, recorded
from fusion_ui.services import Services
from fusion_ui.settings import load_settings
from fusion_ui.studies.taxonomy import load_taxonomy
from fusion_ui.ui.endpoints import add_endpoints
from storage.connection import Store, open_store
from tests.e2e.conftest import free_port
from tests.e2e.inspectserver import _add_files, _served
from tests.e2e.selecting import MANY_SCRIPTS

ADA, BEN, JUDY = (Member(name=name, model=f"scripted/{name}") for name in ("ada", "ben", "judy"))
PROMPT = Prompt(text="How much is half of one? Say why.", reference="0.5", language="en", tags=("sums",))
MIXED = f"{MANY_SCRIPTS}Answer: 0.5"
TEXTS = (
    "Half of one is one divided by two. A cake cut in two equal parts shows it well.\n\nAnswer: 0.5",
    "Half of one is one divided by two, so it is a half. A cake cut in two equal parts shows it well.\n\nAnswer: half",
    MIXED,
    "Half of one is one divided by two. Halves are written with a slash.\n\nAnswer: a half",
    "Odd: it has no half. It takes 3 halves to make one whole cake.\n\nAnswer: 2 <img src=x onerror=window.pwned=1>",
    "I cannot say.",
)
FUSED = (
    "Half of one is one divided by two. A cake cut in two equal pieces shows it very well. "
    "The ancient Egyptians had a sign of its own for it. It takes 2 halves to make one whole cake.\n\nAnswer: 0.5"
)
PAIRS = Recipe(
    members=(ADA, BEN),
    stop=StopRule(name="bayes", threshold=30, minimum=3),
    limits=Limits(cap=len(TEXTS), parallelism=1),
    selector="judge-pairs",
    judge=JUDY,
    fusor_kind="model",
    fusor=JUDY,
    seed=5,
)


def script(request: Request) -> Script:
    """What each member says: the judge likes what it reads first every third time, and once cannot be read."""
    if request.purpose == "judge":
        if request.seed % 7 == 0:
            return Script(text="I would rather <b>not</b> say.")
        places = [request.messages[-1].content.find(text[:40]) for text in TEXTS]
        first, second = sorted((at for at in range(len(TEXTS)) if places[at] >= 0), key=lambda at: places[at])
        reason = "It says <i>why</i>, in a sentence that names the decisive difference between the two."
        winner = "A" if first < second or request.seed % 5 == 0 else "B"
        return Script(text=json.dumps({"reason": reason, "winner": winner}))
    if request.purpose == "flaws" and request.member == BEN:
        return Script(
            text="", failure=Failure(stage="judging", kind="rate", message="Slow down: 20 requests a minute.")
        )
    if request.purpose == "flaws":
        found = [{"quote": "bold words", "category": "verbosity/padding", "severity": "minor", "note": "Says nothing."}]
        return Script(text=json.dumps({"flaws": found}), cost_usd=0.001)
    if request.purpose == "fusor":
        return Script(text=FUSED, cost_usd=0.002)
    return Script(text=TEXTS[min(request.position, len(TEXTS)) - 1], cost_usd=0.001)


def record(store: Store, recipe: Recipe = PAIRS) -> str:
    """The id of a run recorded in this store."""
    run_id = begin_run(store, PROMPT, recipe, origin="scripted", app_version="test")

    async def play() -> None:
        events = run(PROMPT, recipe, ScriptedSampler(script), Random(recipe.seed))
        async with aclosing(recorded(events, store, run_id)) as stream:
            async for _ in stream:
                pass

    asyncio.run(play())
    return run_id


@dataclass
class Tabs:
    """The page over a database: `refusal` answers every POST with a status and words, `lost` stores so many without an
    answer, `posted` is what arrived.
    """

    url: str
    db: Path
    refusal: tuple[int, str] | None = None
    lost: int = 0
    posted: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def new_run(self) -> str:
        """A run of its own for one test; in a thread, as Playwright holds this one's event loop."""
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(self._record).result()

    def _record(self) -> str:
        self.refusal, self.lost, self.posted = None, 0, []
        with open_store(self.db) as store:
            return record(store)

    def told(self, run_id: str, what: str = "") -> dict[str, Any]:
        """What the server tells of a run."""
        reply: dict[str, Any] = httpx.get(f"{self.url}/api/inspect/runs/{run_id}{what}").raise_for_status().json()
        return reply

    def regroup(self, run_id: str, *, rater: str, aliases: dict[str, str]) -> None:
        """Somebody groups the answers elsewhere."""
        body = {"key": f"elsewhere {run_id}", "rater": rater, "body": {"aliases": aliases, "answers": {}}}
        httpx.post(f"{self.url}/api/inspect/runs/{run_id}/regroup", json=body).raise_for_status()


def _app(tabs: Tabs, services: Services, store: Store) -> FastAPI:
    app = FastAPI()

    @app.middleware("http")
    async def meddle(request: HttpRequest, call_next: Any) -> Any:
        if request.method != "POST":
            return await call_next(request)
        what = request.url.path.rsplit("/runs/", 1)[-1].partition("/")[2]
        if not what.endswith("preview"):
            tabs.posted.append((what, await request.json()))
            if tabs.refusal:
                return JSONResponse({"error": tabs.refusal[1]}, tabs.refusal[0])
        reply = await call_next(request)
        if not what.endswith("preview") and tabs.lost:
            tabs.lost -= 1
            return JSONResponse({"error": "The answer was lost."}, 502)
        return reply

    _add_files(app)
    services.flaws = Flaws(store, taxonomy=load_taxonomy(), sampler=ScriptedSampler(script), judges=(JUDY, BEN))
    add_endpoints(app, services)
    return app


@contextmanager
def serving_tabs(db: Path) -> Iterator[Tabs]:
    """The page over the real endpoints, with models that say what `script` says."""
    port = free_port()
    tabs = Tabs(url=f"http://127.0.0.1:{port}", db=db)
    with (
        open_store(db) as store,
        composed(load_settings(db=db, demo_speed=0)) as services,
        _served(_app(tabs, services, store), port),
    ):
        yield tabs
