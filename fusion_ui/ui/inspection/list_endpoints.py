"""The HTTP endpoints of the list of cases and of what comes again in them. Plain functions run in worker threads."""

from collections.abc import Collection
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response, StreamingResponse

from fusion_ui.exchange.table_files import Format
from fusion_ui.inspection.finding import Sought, sought_of
from fusion_ui.inspection.marks import Source
from fusion_ui.services import Services
from fusion_ui.ui.inspection.list_cards import found_card, ids_card, neighbours_card
from fusion_ui.ui.inspection.list_files import exported
from fusion_ui.ui.inspection.patterns_card import patterns_card
from fusion_ui.ui.replies import MEDIA, told

MOST_IDS = 1000
Page = Annotated[int, Query(ge=1, le=10**9)]


def list_router(services: Services) -> APIRouter:
    """The list under /api/inspect."""
    router = APIRouter(prefix="/api/inspect")
    index = services.index

    @router.get("/cases")
    def cases(request: Request, page: Page = 1) -> Response:
        sought = _sought(request, besides={"page"})
        return told(found_card(index.find(sought, page=page, among=_among(services, sought))))

    @router.get("/cases/{run_id}/neighbours")
    def neighbours(run_id: str, request: Request) -> dict[str, Any]:
        sought = _sought(request)
        return neighbours_card(index.neighbours(run_id, sought, among=_among(services, sought)))

    @router.get("/ids")
    def ids(request: Request) -> dict[str, Any]:
        sought = _sought(request)
        tallied = index.tallied(sought, among=_among(services, sought))
        return ids_card(tallied, most=MOST_IDS)

    @router.get("/export")
    def export(request: Request, kind: Annotated[Format, Query(alias="format")] = "jsonl") -> Response:
        sought = _sought(request, besides={"format"})
        run_ids = index.run_ids(sought, among=_among(services, sought))
        headers = {"Content-Disposition": f'attachment; filename="cases.{kind}"'}
        pieces = exported(index, services.stored_run, run_ids, kind)
        return StreamingResponse(pieces, media_type=MEDIA[kind], headers=headers)

    @router.get("/patterns")
    def patterns(request: Request, source: Source = "people") -> Response:
        sought = _sought(request, besides={"source"})
        tallied = index.tallied(sought, among=_among(services, sought))
        found = services.patterns.found(tallied.run_ids, source=source, losses=tallied.loss, known=tallied.known)
        return told(patterns_card(found, services.patterns.taxonomy))

    return router


def _sought(request: Request, *, besides: Collection[str] = ()) -> Sought:
    return sought_of(request.query_params.multi_items(), besides=besides)


def _among(services: Services, sought: Sought) -> frozenset[str] | None:
    """The runs of the patterns that are asked for; None where none is."""
    if not sought.patterns:
        return None
    return frozenset().union(*(services.patterns.cases_of(pattern) for pattern in sought.patterns))
