"""The HTTP endpoints of the list of cases. Handlers are plain functions, which FastAPI runs in worker threads."""

from collections.abc import Collection
from typing import Annotated, Any, Protocol

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response, StreamingResponse

from fusion_ui.inspection.finding import Sought, sought_of
from fusion_ui.inspection.index import Index
from fusion_ui.replay import StoredRun
from fusion_ui.ui.case_exports import Format, exported
from fusion_ui.ui.case_list_cards import found_card, ids_card, neighbours_card
from fusion_ui.ui.replies import told

MOST_IDS = 1000
_MEDIA = {
    "jsonl": "application/x-ndjson; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
}
Page = Annotated[int, Query(ge=1, le=10**9)]


class Patterned(Protocol):
    """What gives the runs of a pattern."""

    def cases_of(self, pattern: str) -> frozenset[str]:
        """The runs that have it."""
        ...


class CaseListServices(Protocol):
    """What the list needs of the services."""

    index: Index

    @property
    def patterns(self) -> Patterned:
        """The patterns."""
        ...

    def stored_run(self, run_id: str) -> StoredRun:
        """The run as stored."""
        ...


def cases_router(services: CaseListServices) -> APIRouter:
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
        return StreamingResponse(pieces, media_type=_MEDIA[kind], headers=headers)

    return router


def _sought(request: Request, *, besides: Collection[str] = ()) -> Sought:
    return sought_of(request.query_params.multi_items(), besides=besides)


def _among(services: CaseListServices, sought: Sought) -> frozenset[str] | None:
    """The runs of the patterns that are asked for; None where none is."""
    if not sought.patterns:
        return None
    return frozenset().union(*(services.patterns.cases_of(pattern) for pattern in sought.patterns))
