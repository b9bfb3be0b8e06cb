"""A tiny server that shows the real rating screen over hand-made trials, without Gradio or a database.

It keeps the contract of `/api/rate` for one study, and can be slow, fail, drop answers and give leases to others.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from playwright.sync_api import Page, expect

from fusion_ui.studies.taxonomy import load_taxonomy
from fusion_ui.ui.anchors import anchored
from fusion_ui.ui.markdown import render
from fusion_ui.ui.pages.rate import SCRIPTS
from fusion_ui.ui.shell import STATIC, script_text
from tests.e2e.conftest import until
from tests.e2e.stage import Stage

PageMaker = Callable[..., Page]

# Gradio calls a component's script in the same way.
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Rate</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">
<link rel="stylesheet" href="/shell.css"><link rel="stylesheet" href="/fusion.css">
<link rel="stylesheet" href="/rate.css">
<style>
* { box-sizing: border-box; } body { margin: 0; }</style>
<body class="%s">
<div class="gradio-container"><main class="fx-page rate-page"><div id="rate"><div class="fx"></div></div>
</main></div>
<script>
  const props = { value: {} };
  fetch("/rate.js").then((reply) => reply.text()).then((script) =>
    new Function("element", "trigger", "props", "server", "upload", "watch", script)(
      document.querySelector("#rate"), () => {}, props, {}, null, () => {}));
</script></body></html>"""

ASKS: dict[str, Any] = {
    "reasons": ["correct", "complete", "clear"],
    "confidence": True,
    "notes": True,
    "spans": True,
    "skip_reasons": ["unclear", "outside my expertise", "broken output", "offensive", "other"],
}
REVEALED = {
    "answers": [
        {"letter": "A", "role": "fusion", "member": "ada"},
        {"letter": "B", "role": "best", "member": "ben"},
    ]
}
EPOCH = datetime(2026, 1, 1, 12, 4, 5, tzinfo=UTC)
Texts = Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One trial of the study."""

    prompt: str
    texts: Texts
    task: str = "pairwise"
    kind: str | None = None
    criteria: Sequence[dict[str, Any]] = ()
    asks: dict[str, Any] = field(default_factory=lambda: ASKS)
    reference: str = ""
    feedback: str | None = None


@dataclass
class Trials:
    """The study and what happened to it. `holding` keeps "saves", the "next" or the "history" waiting; `aheads` were
    asked for ahead, `lets_ahead` of them given; `broken` fails so many saves, `unanswered` stores so many without an
    answer; `taken` are trials that others hold; `revealing` tells whose answers they were.
    """

    shown: Sequence[Shown]
    url: str = ""
    holding: str = ""
    lets_ahead: int = 1_000
    aheads: int = 0
    broken: int = 0
    unanswered: int = 0
    has_ahead: bool = True
    revealing: bool = False
    taken: set[str] = field(default_factory=set)
    posted: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    judgements: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    replies: dict[str, dict[str, Any]] = field(default_factory=dict)
    drafts: dict[str, dict[str, Any]] = field(default_factory=dict)

    def standing(self, trial: str) -> dict[str, Any] | None:
        return self.judgements.get(trial, [None])[-1]  # type: ignore[list-item]

    def is_open(self, trial: str) -> bool:
        standing = self.standing(trial)
        return standing is None or standing["verdict"] == "withdrawn"

    @property
    def stored(self) -> list[dict[str, Any]]:
        """Every judgement in the order of its arrival."""
        return sorted((each for all_of in self.judgements.values() for each in all_of), key=lambda each: each["order"])

    def store(self, trial: str, body: dict[str, Any]) -> dict[str, Any]:
        """What the save is answered with; the same key is stored once."""
        if body["key"] not in self.replies:
            number = len(self.replies)
            revisions = self.judgements.setdefault(trial, [])
            saved_at = (EPOCH + timedelta(seconds=number)).isoformat().replace("+00:00", "Z")
            revisions.append({**body, "order": number, "id": f"j{number}", "trial": trial, "saved_at": saved_at})
            self.drafts.pop(trial, None)
            self.replies[body["key"]] = {"id": f"j{number}", "saved_at": saved_at, "revision": len(revisions)}
        return self.replies[body["key"]]

    def card(self, trial: str) -> dict[str, Any]:
        """The trial as the real server words it."""
        at = int(trial.removeprefix("t"))
        shown, standing = self.shown[at], self.standing(trial)
        is_said = standing is not None and standing["verdict"] != "withdrawn"
        return {
            "id": trial,
            "number": at + 1,
            "kind": shown.kind,
            "task": shown.task,
            "prompt": shown.prompt,
            "prompt_html": render(shown.prompt),
            "reference": render(shown.reference) if shown.reference else None,
            "language": None,
            "answers": [
                {"letter": letter, "text": text, "html": anchored(text)}
                for letter, text in zip("ABCDEF", shown.texts, strict=False)
            ],
            "criteria": list(shown.criteria),
            "asks": shown.asks,
            "instructions_html": render("Prefer what is **right**."),
            "taxonomy": asdict(load_taxonomy()) if shown.asks["spans"] else None,
            "draft": self.drafts.get(trial),
            "judgement": {"id": standing["id"], "revision": 1, "saved_at": standing["saved_at"],
                          "said": standing if is_said else None} if standing else None,
        }  # fmt: skip


def _app(trials: Trials) -> FastAPI:
    app = FastAPI()
    _add_files(app)
    _add_readings(app, trials)
    _add_saving(app, trials)
    return app


def _add_files(app: FastAPI) -> None:
    @app.get("/")
    def page(theme: str = "") -> HTMLResponse:
        return HTMLResponse(PAGE % theme)

    @app.get("/rate.js")
    def script() -> PlainTextResponse:
        return PlainTextResponse(script_text(*SCRIPTS))

    @app.get("/{name}.css")
    def style(name: str) -> Response:
        return Response((STATIC / f"{name}.css").read_text(encoding="utf-8"), media_type="text/css")


def _add_readings(app: FastAPI, trials: Trials) -> None:
    @app.get("/api/rate/studies")
    def studies(rater: str = "") -> dict[str, Any]:
        done = sum(not trials.is_open(f"t{at}") for at in range(len(trials.shown)))
        card = {"id": "s1", "title": "Which answer is better?", "done": done, "mine": len(trials.shown)}
        return {"name": rater, "studies": [{**card, "total": len(trials.shown)}]}

    @app.post("/api/rate/s1/next")
    async def next_trial(request: Request) -> Response:
        body = await request.json()
        held = body.get("held", [])
        trials.aheads += bool(held)
        turn = trials.aheads
        await _waiting(request, lambda: turn > trials.lets_ahead if held else trials.holding == "next")
        if held and not trials.has_ahead:
            return JSONResponse({"error": "held: Extra inputs are not permitted"}, 422)
        names = [f"t{at}" for at in range(len(trials.shown))]
        open_ones = [name for name in names if trials.is_open(name) and name not in held and name not in trials.taken]
        done = sum(not trials.is_open(name) for name in names)
        progress = {"done": done, "mine": len(names), "total": len(names), "median_seconds": 21.0 if done else None}
        card = trials.card(open_ones[0]) if open_ones else None
        trials.asked.append(card["id"] if card else "")
        return JSONResponse({"trial": card, "progress": progress, "finished": None if card else "done"})

    @app.get("/api/rate/s1/history")
    async def history(rater: str, request: Request) -> list[dict[str, Any]]:
        del rater
        known = [
            {"trial_id": name, "number": at + 1, "prompt": trials.shown[at].prompt[:120],
             "verdict": each["verdict"] if each else None, "saved_at": each["saved_at"] if each else None}
            for at in range(len(trials.shown))
            for name, each in [(f"t{at}", trials.standing(f"t{at}"))]
        ]  # fmt: skip
        await _waiting(request, lambda: trials.holding == "history")
        return known

    @app.get("/api/rate/trials/{trial}")
    def again(trial: str, rater: str) -> dict[str, Any]:
        del rater
        return trials.card(trial)

    @app.get("/api/rate/trials/{trial}/diff")
    def diff(trial: str, first: str, second: str) -> dict[str, Any]:
        texts = dict(zip("ABCDEF", trials.shown[int(trial[1:])].texts, strict=False))
        words = {letter: texts[letter].split() for letter in (first, second)}
        return {
            name: [{"text": f"{word} ", "kind": "same" if word in words[other] else "only"} for word in words[letter]]
            for name, letter, other in (("first", first, second), ("second", second, first))
        }


async def _waiting(request: Request, is_held: Callable[[], bool]) -> None:
    """Until it is let go, or nobody waits for it any more."""
    while is_held() and not await request.is_disconnected():  # noqa: ASYNC110 - it is let go from another thread
        await asyncio.sleep(0.01)


def _add_saving(app: FastAPI, trials: Trials) -> None:
    @app.post("/api/rate/trials/{trial}/judgement")
    async def judge(trial: str, request: Request) -> Response:
        body = await request.json()
        trials.posted.append({**body, "trial": trial})
        await _waiting(request, lambda: trials.holding == "saves")
        if trials.broken:
            trials.broken -= 1
            return JSONResponse({"error": "The database is busy."}, 503)
        if trial in trials.taken:
            return JSONResponse({"error": "Others have taken this item meanwhile. Go on with the next one."}, 409)
        reply = trials.store(trial, body)
        if trials.unanswered:
            trials.unanswered -= 1
            return JSONResponse({"error": "The answer was lost."}, 502)
        told = {"reveal": REVEALED if trials.revealing else None, "feedback": trials.shown[int(trial[1:])].feedback}
        return JSONResponse(reply | told)

    _add_keeping(app, trials)


def _add_keeping(app: FastAPI, trials: Trials) -> None:
    @app.post("/api/rate/trials/{trial}/undo")
    async def undo(trial: str, request: Request) -> Response:
        body = {**await request.json(), "verdict": "withdrawn"}
        trials.posted.append({**body, "trial": trial})
        if trials.broken:
            trials.broken -= 1
            return JSONResponse({"error": "The database is busy."}, 503)
        return JSONResponse(trials.store(trial, body))

    @app.post("/api/rate/trials/{trial}/draft")
    async def draft(trial: str, request: Request) -> dict[str, str]:
        trials.drafts[trial] = (await request.json())["body"]
        return {"saved_at": "2026-01-01T12:00:00Z"}

    @app.post("/api/rate/trials/{trial}/lease")
    def lease(trial: str) -> Response:
        if trial in trials.taken:
            return JSONResponse({"error": "Others have taken this item meanwhile."}, 409)
        return JSONResponse({"expires_at": "2026-01-01T13:00:00Z"})


def shown_trials(stage: Stage, shown: Sequence[Shown]) -> Trials:
    """The rating screen over these trials, served for one test."""
    trials = Trials(shown)
    trials.url = stage.shows(_app(trials))
    return trials


def pairs(count: int, **more: Any) -> list[Shown]:
    """So many pairwise trials, told apart by their numbers."""
    return [
        Shown(prompt=f"Question {at}: why?", texts=[f"Left {at}. Rayleigh scattering.", f"Right {at}."], **more)
        for at in range(1, count + 1)
    ]


def opened(page: Page, trials: Trials, *, theme: str = "", rater: str = "ada") -> Page:
    """The study, with its first open trial in sight."""
    page.add_init_script(f"localStorage.setItem('fx-rater', JSON.stringify('{rater}'))")
    page.goto(f"{trials.url}/?study=s1&theme={theme}")
    expect(page.get_by_role("article", name="Answer A")).to_be_visible()
    return page


def pressed_in_vain(page: Page, trials: Trials) -> None:
    """Sends again what fails until the page would wait long before it sends it by itself, and only a press is quick."""
    sent = len(trials.posted)
    again = page.get_by_role("button", name="Try now")
    until(lambda: again.click() or len(trials.posted) > sent + 4, page)
