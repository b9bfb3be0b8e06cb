"""The rating screen's HTTP endpoints. Who asks is settled here, once: the session's person where logins are on, else
the name that the rater typed. Trials of others answer as if they did not exist.
"""

from dataclasses import fields
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from pydantic import Field

from fusion_ui.annotation.saying import LETTERS, Confidence, Said, Span, lettered
from fusion_ui.annotation.sessions import Circumstances, Sessions
from fusion_ui.studies.diffing import word_diff
from fusion_ui.studies.protocol import StudyError
from fusion_ui.ui.rate_cards import diff_card, history_card, next_card, saved_card, sheet_card, studies_card
from fusion_ui.ui.requests import Body, Key, Name, NameQuery, name_of, required_name

Letter = Annotated[str, Field(pattern=f"^[{LETTERS}]$")]
Short = Annotated[str, Field(max_length=200)]


class _Body(Body):
    rater: Name = ""


class NextBody(_Body):
    """Asks for a trial; `held` are those on the screen, while the one after them is fetched ahead."""

    held: Annotated[tuple[Short, ...], Field(max_length=2)] = ()


class UndoBody(_Body):
    """Takes back what was said of a trial."""

    key: Key


class DraftBody(_Body):
    """What is not said yet."""

    body: dict[str, Any]


class SpanBody(Body):
    """See `saying.Span`."""

    letter: Letter
    category: Short
    severity: Short
    start: Annotated[int, Field(ge=0)] | None = None
    end: Annotated[int, Field(ge=0)] | None = None
    note: Annotated[str, Field(max_length=20_000)] = ""


class JudgementBody(_Body):
    """A judgement by letter: see `saying.Said`; `ticks` and `viewport` say how it came about."""

    key: Key
    verdict: Annotated[str, Field(max_length=20)]
    strength: Literal[0, 1, 2] = 0
    ranking: Annotated[tuple[tuple[Letter, ...], ...], Field(max_length=6)] = ()
    best: Letter | None = None
    worst: Letter | None = None
    scores: Annotated[dict[Letter, dict[Short, int]], Field(max_length=6)] = {}
    reasons: Annotated[dict[Letter, tuple[Short, ...]], Field(max_length=6)] = {}
    confidence: Confidence | None = None
    needs_lookup: bool = False
    note: Annotated[str, Field(max_length=20_000)] = ""
    skip_reason: Short | None = None
    spans: Annotated[tuple[SpanBody, ...], Field(max_length=200)] = ()
    aids: Annotated[tuple[Short, ...], Field(max_length=20)] = ()
    active_seconds: Annotated[float, Field(ge=0, le=86_400)] | None = None
    ticks: Annotated[int, Field(ge=0)] | None = None
    viewport: tuple[Annotated[int, Field(ge=0)], Annotated[int, Field(ge=0)]] | None = None
    view: Short | None = None
    supersedes: Short | None = None

    def said(self) -> Said:
        """The judgement itself."""
        told = {field.name: getattr(self, field.name) for field in fields(Said)}
        return Said(**told | {"spans": tuple(Span(**span.model_dump()) for span in self.spans)})

    def circumstances(self, *, app_version: str) -> Circumstances:
        """How it came about."""
        shown = {"viewport": self.viewport, "ticks": self.ticks, "view": self.view, "app_version": app_version}
        return Circumstances(
            key=self.key,
            active_seconds=self.active_seconds,
            ticks=self.ticks,
            shown=shown,
            supersedes=self.supersedes,
        )


def rate_router(sessions: Sessions, *, app_version: str) -> APIRouter:
    """All under /api/rate."""
    router = APIRouter(prefix="/api/rate")
    _add_readings(router, sessions)
    _add_judging(router, sessions, app_version)
    return router


def _add_readings(router: APIRouter, sessions: Sessions) -> None:
    @router.get("/studies")
    def studies(request: Request, rater: NameQuery = "") -> dict[str, Any]:
        name = name_of(request, rater)
        return {"name": name, "studies": studies_card(sessions.studies(name))}

    @router.post("/{study_id}/next")
    def next_trial(study_id: str, request: Request, body: NextBody) -> dict[str, Any]:
        return next_card(sessions.next(study_id, required_name(request, body.rater), held=body.held), sessions)

    @router.get("/{study_id}/history")
    def history(study_id: str, request: Request, rater: NameQuery = "") -> list[dict[str, Any]]:
        return history_card(sessions.history(study_id, required_name(request, rater)))

    @router.get("/trials/{trial_id}")
    def trial(trial_id: str, request: Request, rater: NameQuery = "") -> dict[str, Any]:
        sheet = sessions.sheet(trial_id, required_name(request, rater))
        return sheet_card(sheet, sessions.taxonomy_of(sheet))

    @router.get("/trials/{trial_id}/diff")
    def diff(trial_id: str, request: Request, first: str, second: str, rater: NameQuery = "") -> dict[str, Any]:
        sheet = sessions.sheet(trial_id, required_name(request, rater))
        texts = lettered(contender.text for contender in sheet.shown)
        if first not in texts or second not in texts:
            raise StudyError(f"This trial has the answers {', '.join(texts)}.")
        return diff_card(word_diff(texts[first], texts[second]))


def _add_judging(router: APIRouter, sessions: Sessions, app_version: str) -> None:
    @router.post("/trials/{trial_id}/judgement")
    def judge(trial_id: str, request: Request, body: JudgementBody) -> dict[str, Any]:
        name = required_name(request, body.rater)
        return saved_card(sessions.judge(trial_id, name, body.said(), body.circumstances(app_version=app_version)))

    @router.post("/trials/{trial_id}/undo")
    def undo(trial_id: str, request: Request, body: UndoBody) -> dict[str, Any]:
        return saved_card(sessions.undo(trial_id, required_name(request, body.rater), key=body.key))

    @router.post("/trials/{trial_id}/draft")
    def draft(trial_id: str, request: Request, body: DraftBody) -> dict[str, str]:
        return {"saved_at": sessions.keep_draft(trial_id, required_name(request, body.rater), body.body)}

    @router.post("/trials/{trial_id}/lease")
    def lease(trial_id: str, request: Request, body: _Body) -> dict[str, str]:
        return {"expires_at": sessions.renew(trial_id, required_name(request, body.rater))}
