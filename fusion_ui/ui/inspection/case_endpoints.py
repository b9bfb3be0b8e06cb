"""The HTTP endpoints of one case: everything to see of it, what can be put right, and what can be started from it."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response
from pydantic import Field

from fusion_ui.analysis.run_path import run_path
from fusion_ui.engine.ledger import Span
from fusion_ui.inspection.cases import Author, Level, as_if, output_of, under_way
from fusion_ui.inspection.contesting import contested
from fusion_ui.inspection.correcting import Grouping
from fusion_ui.inspection.markdown_copy import markdown_copy
from fusion_ui.recipes import Choices
from fusion_ui.services import Services
from fusion_ui.ui.anchors import anchored
from fusion_ui.ui.inspection.case_aside import choices_card, contested_card, parties_card
from fusion_ui.ui.inspection.case_cards import case_card, regrouped_card, sources_card
from fusion_ui.ui.inspection.case_raw import raw_card
from fusion_ui.ui.markdown import shown
from fusion_ui.ui.paths import path_card
from fusion_ui.ui.replies import told
from fusion_ui.ui.requests import Body, Key, Name, NameQuery, name_of, required_name, who_of
from fusion_ui.ui.sources import render_with_sources

_MOST_PRESSES = 1_000
Id = Annotated[str, Field(max_length=40)]
Answer = Annotated[str, Field(max_length=1_000)]


class _Body(Body):
    key: Key


class GroupingBody(Body):
    """See `correcting.Grouping`."""

    aliases: Annotated[dict[Answer, Answer], Field(max_length=1_000)] = {}
    answers: Annotated[dict[Id, Answer | None], Field(max_length=1_000)] = {}


class PreviewBody(Body):
    """Answers grouped as they might be."""

    body: GroupingBody


class RegroupBody(_Body):
    """Groups the answers of a run; `seen` is the number of the last regrouping that was on the screen."""

    rater: Name = ""
    body: GroupingBody
    note: Annotated[str, Field(max_length=100_000)] = ""
    seen: Annotated[int, Field(ge=0)] | None = None


class SourceBody(_Body):
    """Says whether a sentence of the fusion rests on a candidate."""

    rater: Name = ""
    start: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(ge=0)]
    position: Annotated[int, Field(ge=1)]
    is_source: bool | None


class RefuseBody(_Body):
    """Leaves candidates out, and picks and fuses anew."""

    without: Annotated[tuple[int, ...], Field(max_length=100)]


class RerunBody(_Body):
    """Runs the prompt again; what is not chosen stays as the run had it. See `recipes.Choices`."""

    members: Annotated[tuple[Name, ...], Field(max_length=100)] | None = None
    weights: Annotated[dict[Name, float], Field(max_length=100)] | None = None
    n: int | None = None
    preset: Name | None = None
    selector: Name | None = None
    fusor: Name | None = None
    judge: Name | None = None
    seed: Annotated[int, Field(ge=0, lt=2**53)] | None = None
    budget_usd: Annotated[float, Field(gt=0)] | None = None
    budget_seconds: Annotated[float, Field(gt=0)] | None = None

    def choices(self) -> Choices:
        """The choices themselves."""
        return Choices(**{name: getattr(self, name) for name in Choices.__dataclass_fields__})


class _Presses:
    """What was begun by which press, so that a press that arrives twice begins one run."""

    def __init__(self) -> None:
        self._run_ids: OrderedDict[tuple[str, str], asyncio.Future[str]] = OrderedDict()

    async def once(self, key: tuple[str, str], start: Callable[[], Awaitable[str]]) -> dict[str, str]:
        """The id of the run that this press began, now or before; a press that began nothing may be tried again."""
        if key not in self._run_ids:
            self._run_ids[key] = asyncio.ensure_future(start())
            while len(self._run_ids) > _MOST_PRESSES:
                self._run_ids.popitem(last=False)
        begun = self._run_ids[key]
        try:
            return {"run_id": await asyncio.shield(begun)}
        finally:
            if begun.done() and (begun.cancelled() or begun.exception() is not None):
                self._run_ids.pop(key, None)


def case_router(services: Services) -> APIRouter:
    """All under /api/inspect/runs."""
    router = APIRouter(prefix="/api/inspect/runs/{run_id}")
    _add_readings(router, services)
    _add_comparing(router, services)
    _add_asides(router, services)
    _add_corrections(router, services)
    _add_starts(router, services, _Presses())
    return router


def _add_readings(router: APIRouter, services: Services) -> None:
    @router.get("")
    async def case(run_id: str, request: Request, rater: NameQuery = "") -> Response:
        # Asked first: a run that ends while it is read has an outcome, or is told as under way this once.
        is_under_way = services.desk.is_under_way(run_id)
        return await asyncio.to_thread(_case, services, run_id, name_of(request, rater), is_under_way=is_under_way)

    @router.get("/raw")
    def raw(run_id: str) -> Response:
        return told(raw_card(services.stored_run(run_id)))

    @router.get("/copy")
    def copy(run_id: str) -> PlainTextResponse:
        text = shown(markdown_copy(services.cases.case(run_id)))
        return PlainTextResponse(text, media_type="text/markdown; charset=utf-8")


def _case(services: Services, run_id: str, name: str, *, is_under_way: bool) -> Response:
    found = services.cases.case(run_id)
    if is_under_way and found.run.rows.outcome is None:
        found = under_way(found)
    return told(case_card(found, rating=services.rating(found.run, rater=name)))


def _add_comparing(router: APIRouter, services: Services) -> None:
    @router.get("/outputs/{output_id}/html")
    def html(run_id: str, output_id: str, sources: bool = False) -> dict[str, str]:
        run = services.stored_run(run_id)
        row = output_of(run, output_id)
        fusion = run.view.fusion.fusion if sources and row.role == "fusion" else None
        if fusion is None:
            return {"html": anchored(row.text)}
        spans = tuple(line.span for line in fusion.ledger.lines)
        return {"html": render_with_sources(fusion.text, spans, has_marks=True)}

    @router.get("/diff")
    def diff(run_id: str, first: str, second: str, level: Level = "word") -> Response:
        found = services.cases.diff(run_id, first, second, level)
        sides = {"first": found.first, "second": found.second}
        pieces = {side: [[shown(piece.text), piece.is_shared] for piece in cut] for side, cut in sides.items()}
        return told(pieces | {"level": level})


def _add_asides(router: APIRouter, services: Services) -> None:
    """What is asked for beside the case, as it takes longer or is needed seldom."""

    @router.get("/parties")
    def parties(run_id: str) -> dict[str, Any]:
        return parties_card(services.voices.heard(run_id))

    @router.get("/choices")
    def choices(run_id: str) -> dict[str, Any]:
        return choices_card(services, services.stored_run(run_id))

    @router.get("/contested")
    def against(run_id: str) -> dict[str, Any]:
        return contested_card(contested(services.stored_run(run_id).view))

    @router.post("/regroup/preview")
    def preview(run_id: str, body: PreviewBody) -> dict[str, Any]:
        case = as_if(services.cases.case(run_id), _grouping(body.body))
        return regrouped_card(case) | {"path": path_card(run_path(case.view))}


def _grouping(body: GroupingBody) -> Grouping:
    return Grouping(aliases=body.aliases, answers=body.answers)


def _add_corrections(router: APIRouter, services: Services) -> None:
    @router.post("/regroup")
    def regroup(run_id: str, request: Request, body: RegroupBody) -> dict[str, Any]:
        author = Author(key=body.key, rater=required_name(request, body.rater))
        return regrouped_card(
            services.cases.regroup(run_id, _grouping(body.body), author, note=body.note, seen=body.seen)
        )

    @router.post("/sources")
    def sources(run_id: str, request: Request, body: SourceBody) -> dict[str, Any]:
        passage = Span(start=body.start, end=body.end)
        author = Author(key=body.key, rater=required_name(request, body.rater))
        return sources_card(
            services.cases.correct_source(run_id, passage, author, position=body.position, is_source=body.is_source)
        )


def _add_starts(router: APIRouter, services: Services, presses: _Presses) -> None:
    @router.post("/retry")
    async def retry(run_id: str, request: Request, body: _Body) -> dict[str, str]:
        return await presses.once((run_id, body.key), lambda: services.retry(run_id, who=who_of(request)))

    @router.post("/rerun")
    async def rerun(run_id: str, request: Request, body: RerunBody) -> dict[str, str]:
        return await presses.once(
            (run_id, body.key), lambda: services.rerun(run_id, body.choices(), who=who_of(request))
        )

    @router.post("/refuse")
    async def refuse(run_id: str, request: Request, body: RefuseBody) -> dict[str, str]:
        return await presses.once(
            (run_id, body.key), lambda: services.refuse(run_id, body.without, who=who_of(request))
        )
