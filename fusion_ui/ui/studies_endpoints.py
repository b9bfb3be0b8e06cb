"""The owners' HTTP endpoints of studies. Handlers are plain functions, which FastAPI runs in worker threads."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from fusion_ui.exchange.table_files import Format
from fusion_ui.exports.exports import Order
from fusion_ui.services import Services
from fusion_ui.studies.protocol import StudyError
from fusion_ui.ui.replies import MEDIA, sent, told
from fusion_ui.ui.requests import name_of
from fusion_ui.ui.study_cards import judgements_card, list_card, options_card, preview_card
from fusion_ui.ui.study_forms import CreateBody, ExclusionBody, InvitationBody, PreviewBody


def studies_router(services: Services) -> APIRouter:
    """All under /api/studies."""
    router = APIRouter(prefix="/api/studies")
    _add_making(router, services)
    _add_readings(router, services)
    _add_commands(router, services)
    return router


def _add_making(router: APIRouter, services: Services) -> None:
    studies = services.studies

    @router.get("")
    def all_studies() -> list[dict[str, Any]]:
        return list_card(studies.studies())

    @router.get("/options")
    def options() -> dict[str, Any]:
        has_accounts = services.people.is_login_on
        return options_card(studies.options(), sample=studies.sample(), has_accounts=has_accounts)

    @router.post("/preview")
    def preview(body: PreviewBody) -> Response:
        return told(preview_card(studies.preview(body.form()), show=body.show))

    @router.post("")
    def create(body: CreateBody) -> dict[str, Any]:
        return studies.create(body.form(), key=body.key, units_sha256=body.units_sha256)._asdict()


def _add_readings(router: APIRouter, services: Services) -> None:
    studies = services.studies

    @router.get("/{study_id}/board")
    def board(study_id: str, since: str | None = None) -> Response:
        found = studies.board(study_id, since=since)
        return told(found | {"has_accounts": services.people.is_login_on})

    @router.get("/{study_id}/judgements")
    def judgements(
        study_id: str, rater: str | None = None, unit: Annotated[int | None, Query(ge=0)] = None
    ) -> Response:
        if (rater is None) == (unit is None):
            raise StudyError("Name a rater or an item, one of the two.")
        if unit is None:
            return told(judgements_card(None, studies.judgements_by(study_id, rater or "")))
        return told(judgements_card(*studies.judgements_of(study_id, unit)))

    @router.get("/{study_id}/export")
    def export(study_id: str, kind: Annotated[Format, Query(alias="format")] = "jsonl") -> Response:
        with TemporaryDirectory() as folder:
            file = Path(folder) / f"study-{study_id}.{kind}"
            services.exports.write(Order(what="ratings", ending=kind, studies=(study_id,)), file)
            return sent(file, MEDIA[kind])


def _add_commands(router: APIRouter, services: Services) -> None:
    studies = services.studies

    @router.post("/{study_id}/close")
    def close(study_id: str, request: Request) -> dict[str, bool]:
        studies.set_closed(study_id, is_closed=True, by=name_of(request))
        return {"is_closed": True}

    @router.post("/{study_id}/reopen")
    def reopen(study_id: str, request: Request) -> dict[str, bool]:
        studies.set_closed(study_id, is_closed=False, by=name_of(request))
        return {"is_closed": False}

    @router.post("/{study_id}/exclusions")
    def exclude(study_id: str, request: Request, body: ExclusionBody) -> dict[str, Any]:
        studies.exclude(study_id, by=name_of(request), **body.model_dump())
        return {}

    @router.post("/{study_id}/invitations")
    def invite(study_id: str, body: InvitationBody) -> dict[str, str]:
        studies.study(study_id)
        if not services.people.is_login_on:
            raise StudyError("Nobody has to log in here: send the study's link, and raters say who they are.")
        invitation = services.people.invite(name=body.name, study_id=study_id)
        return {"link": f"/login#invitation={quote(invitation.token)}"}
