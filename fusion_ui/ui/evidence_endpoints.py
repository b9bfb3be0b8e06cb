"""Endpoints that look at a case's evidence again and store nothing: answers grouped otherwise, and contradictions."""

from dataclasses import replace
from typing import Any, Protocol

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from fusion_ui.analysis.run_path import run_path
from fusion_ui.inspection.cases import Case, Cases
from fusion_ui.inspection.contesting import contested
from fusion_ui.inspection.correcting import Grouping, body_of, corrected, regrouping_in
from fusion_ui.replay import StoredRun
from fusion_ui.ui.case_cards import regrouped_card
from fusion_ui.ui.case_endpoints import GroupingBody
from fusion_ui.ui.paths import path_card


class EvidenceServices(Protocol):
    """What a second look needs of the services."""

    cases: Cases

    def stored_run(self, run_id: str) -> StoredRun:
        """The run as stored."""
        ...


class PreviewBody(BaseModel):
    """Answers grouped as they might be."""

    model_config = ConfigDict(extra="forbid")
    body: GroupingBody


def evidence_router(services: EvidenceServices) -> APIRouter:
    """Below /api/inspect/runs."""
    router = APIRouter(prefix="/api/inspect/runs/{run_id}")

    @router.post("/regroup/preview")
    def preview(run_id: str, body: PreviewBody) -> dict[str, Any]:
        grouping = Grouping(aliases=body.body.aliases, answers=body.body.answers)
        case = as_if(services.cases.case(run_id), grouping)
        return regrouped_card(case) | {"path": path_card(run_path(case.view))}

    @router.get("/contested")
    def against(run_id: str) -> dict[str, Any]:
        lines = contested(services.stored_run(run_id).view)
        return {
            "against": [
                [{"position": each.position, "start": each.span.start, "end": each.span.end} for each in line]
                for line in lines
            ]
        }

    return router


def as_if(case: Case, grouping: Grouping) -> Case:
    """The case as it would be with its answers grouped like this. Raises RegroupingError."""
    body = body_of(case.run, grouping)
    return replace(case, regrouping=regrouping_in(case.run.rows, body), view=corrected(case.run, body))
