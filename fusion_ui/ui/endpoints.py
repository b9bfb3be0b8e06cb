"""Our own HTTP endpoints: the event stream of a run, and the commands that must neither drop nor change order."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import Field

from fusion_ui import __version__
from fusion_ui.analysis.run_path import MOST_ORDERS
from fusion_ui.desk import Sight
from fusion_ui.engine.values import FusionError, MissingError
from fusion_ui.people import Person
from fusion_ui.queueing import OverloadError
from fusion_ui.ratings import SavedRating, Submission
from fusion_ui.replay import StoredRun
from fusion_ui.services import Services
from fusion_ui.ui.analyse_endpoints import analyse_router
from fusion_ui.ui.cards import RunFacts
from fusion_ui.ui.export_endpoints import export_router
from fusion_ui.ui.feed import BoardFeed
from fusion_ui.ui.import_endpoints import import_router
from fusion_ui.ui.inspection.case_endpoints import case_router
from fusion_ui.ui.inspection.flaws_endpoints import flaws_router
from fusion_ui.ui.inspection.list_endpoints import list_router
from fusion_ui.ui.lab_endpoints import lab_router
from fusion_ui.ui.paths import path_card
from fusion_ui.ui.rate_endpoints import rate_router
from fusion_ui.ui.requests import Body, Key, Name, person_of, who_of
from fusion_ui.ui.setup_card import check_card
from fusion_ui.ui.studies_endpoints import studies_router
from fusion_ui.ui.visiting import OwnRuns
from fusion_ui.visitors import seen_by, told
from storage.errors import ConflictError, StorageError

_PING_SECONDS = 15.0
_STREAM_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


class RatingBody(Body):
    """What the rating panel saves; see `ratings.Submission`."""

    key: Key
    rater: Name = ""
    preferred: Annotated[str | None, Field(max_length=40)] = None
    stars: Annotated[dict[str, Annotated[int, Field(ge=1, le=5)]], Field(max_length=200)] = {}
    note: Annotated[str, Field(max_length=100_000)] = ""
    supersedes: Annotated[str | None, Field(max_length=40)] = None


class UndoBody(Body):
    """Takes the last save back."""

    key: Key
    rater: Name = ""


class CheckBody(Body):
    """Asks one member to say a word."""

    member: Annotated[str, Field(max_length=100)]


def add_endpoints(app: FastAPI, services: Services) -> None:
    """Mount the endpoints, and answer their expected trouble in plain words. A public demo has those of runs only."""
    router = APIRouter(prefix="/api", dependencies=[Depends(OwnRuns(services.visitors))])
    _add_readings(router, services)
    _add_commands(router, services)
    app.include_router(router)
    if not services.settings.public:
        _add_owners(app, services)
    app.add_exception_handler(FusionError, _refused)
    app.add_exception_handler(OverloadError, _overloaded)
    app.add_exception_handler(StorageError, _unstored)
    app.add_exception_handler(RequestValidationError, _misread)


def _add_owners(app: FastAPI, services: Services) -> None:
    router = APIRouter(prefix="/api")

    @router.post("/members/check")
    async def check(body: CheckBody) -> dict[str, Any]:
        return check_card(await services.check(body.member))

    app.include_router(router)
    app.include_router(list_router(services))
    app.include_router(case_router(services))
    app.include_router(flaws_router(services.flaws))
    app.include_router(lab_router(services.lab))
    app.include_router(rate_router(services.sessions, app_version=__version__))
    app.include_router(studies_router(services))
    app.include_router(analyse_router(services.analyses))
    app.include_router(import_router(services.imports))
    app.include_router(export_router(services.exports))


def _add_readings(router: APIRouter, services: Services) -> None:
    @router.get("/runs/{run_id}/events")
    async def events(run_id: str, request: Request, rater: str = "") -> StreamingResponse:
        run = await asyncio.to_thread(services.stored_run, run_id)
        stream = _framed(_messages(services, run, rater=rater, person=person_of(request)))
        return StreamingResponse(stream, media_type="text/event-stream", headers=_STREAM_HEADERS)

    @router.get("/runs/{run_id}/path")
    def path(run_id: str, order: Annotated[int, Query(ge=0, le=MOST_ORDERS)] = 0) -> dict[str, Any]:
        return path_card(services.path(run_id, order=order))


def _add_commands(router: APIRouter, services: Services) -> None:
    @router.post("/runs/{run_id}/stop")
    async def stop(run_id: str) -> dict[str, bool]:
        return {"stopped": services.desk.stop(run_id)}

    @router.post("/runs/{run_id}/retry")
    async def retry(run_id: str, request: Request) -> dict[str, str]:
        retried = await services.retry(run_id, who=who_of(request))
        await asyncio.to_thread(services.visitors.claim, retried, person_of(request))
        return {"run_id": retried}

    @router.post("/runs/{run_id}/ratings")
    def rate(run_id: str, body: RatingBody) -> dict[str, Any]:
        given = body.model_dump() | {"preferred": body.preferred or ""}
        return _acknowledged(services.rate(run_id, Submission(**given)))

    @router.post("/runs/{run_id}/ratings/undo")
    def undo(run_id: str, body: UndoBody) -> dict[str, Any]:
        return _acknowledged(services.undo(run_id, key=body.key, rater=body.rater))


async def _overloaded(_request: Request, error: Exception) -> JSONResponse:
    is_personal, wait_s = isinstance(error, OverloadError) and error.is_personal, getattr(error, "wait_s", 0)
    headers = {"Retry-After": str(wait_s)}
    return JSONResponse({"error": str(error)}, status_code=429 if is_personal else 503, headers=headers)


async def _refused(request: Request, error: Exception) -> JSONResponse:
    return JSONResponse(
        {"error": told(person_of(request), error)}, status_code=404 if isinstance(error, MissingError) else 400
    )


async def _unstored(request: Request, error: Exception) -> JSONResponse:
    is_conflict = isinstance(error, ConflictError)
    return JSONResponse({"error": told(person_of(request), error)}, status_code=409 if is_conflict else 503)


async def _misread(_request: Request, error: Exception) -> JSONResponse:
    problems = error.errors() if isinstance(error, RequestValidationError) else []
    words = "; ".join(f"{'.'.join(str(part) for part in each['loc'][1:])}: {each['msg']}" for each in problems[:3])
    return JSONResponse({"error": f"The request cannot be read: {words}."}, status_code=422)


def _acknowledged(rating: SavedRating) -> dict[str, Any]:
    return {"saved_at": rating.saved_at, "revision": rating.revision, "rating": rating._asdict()}


async def _messages(
    services: Services, run: StoredRun, *, rater: str, person: Person
) -> AsyncGenerator[dict[str, Any], None]:
    """What a board needs to draw this run, now and as it changes."""
    feed = BoardFeed()
    rating = await asyncio.to_thread(services.rating, run, rater=rater)
    row = run.rows.run
    async with aclosing(services.desk.watch(row.id)) as sights:
        async for sight in sights:
            # Rendering what is hostile may take a second or two: never on the loop that everybody shares.
            message = await asyncio.to_thread(feed.message, seen_by(person, sight.view), _facts(run, sight, rating))
            if message is not None:
                yield message
    yield {"end": True}


def _facts(run: StoredRun, sight: Sight, rating: SavedRating | None) -> RunFacts:
    row = run.rows.run
    return RunFacts(
        run_id=row.id,
        started_at=row.started_at,
        elapsed_ms=sight.elapsed_ms,
        is_scripted=row.origin == "scripted",
        is_live=sight.is_live,
        place=sight.place,
        parent_run_id=row.parent_run_id,
        rating=rating,
    )


async def _framed(messages: AsyncGenerator[dict[str, Any], None]) -> AsyncGenerator[str, None]:
    """Server-sent events, with a comment now and then so that proxies keep a quiet stream open."""
    yield "retry: 700\n\n"
    async with aclosing(messages):
        coming = asyncio.ensure_future(anext(messages, None))
        try:
            while True:
                done, _ = await asyncio.wait({coming}, timeout=_PING_SECONDS)
                if not done:
                    yield ": still here\n\n"
                    continue
                message = coming.result()
                if message is None:
                    return
                yield f"data: {json.dumps(message, ensure_ascii=False, separators=(',', ':'))}\n\n"
                coming = asyncio.ensure_future(anext(messages, None))
        finally:
            coming.cancel()
            await asyncio.gather(coming, return_exceptions=True)
