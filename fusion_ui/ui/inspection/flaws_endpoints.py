"""The HTTP endpoints of a run's flaws: marked by people, suggested by models."""

from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import Field, model_validator
from starlette.concurrency import run_in_threadpool

from fusion_ui.inspection.flaws import Flaws, Kept
from fusion_ui.inspection.marking import Mark
from fusion_ui.ui.inspection.flaws_cards import flaws_card
from fusion_ui.ui.replies import told
from fusion_ui.ui.requests import Body, Key, Name, NameQuery, name_of, required_name

Id = Annotated[str, Field(min_length=1, max_length=40)]
Category = Annotated[str, Field(min_length=1, max_length=201)]
Severity = Annotated[str, Field(max_length=100)]
Offset = Annotated[int, Field(ge=0, lt=2**31)]
Note = Annotated[str, Field(max_length=100_000)]


class _Body(Body):
    key: Key
    rater: Name = ""


class MarkBody(_Body):
    """Marks an output, or words of it; see `marking.Mark`."""

    output_id: Id
    category: Category
    severity: Severity | None = None
    start: Offset | None = None
    end: Offset | None = None
    note: Note = ""
    suggestion_id: Id | None = None

    def mark(self) -> Mark:
        """The mark itself."""
        return Mark(**self.model_dump(exclude={"key", "rater"}))


class ChangeBody(_Body):
    """Changes an own flaw in what is named, or removes it."""

    category: Category = ""
    severity: Severity | None = None
    start: Offset | None = None
    end: Offset | None = None
    note: Note = ""
    is_removed: bool = False

    @model_validator(mode="after")
    def _says_something(self) -> "ChangeBody":
        if not self.model_fields_set - {"key", "rater"}:
            raise ValueError("say what is to change")
        return self

    def changes(self) -> dict[str, Any]:
        """What was named."""
        return self.model_dump(exclude_unset=True, exclude={"key", "rater"})


class SuggestBody(_Body):
    """Asks a model for the flaws of an output."""

    output_id: Id
    member: Name | None = None


def flaws_router(flaws: Flaws) -> APIRouter:
    """All below a run's address."""
    router = APIRouter(prefix="/api/inspect/runs/{run_id}")

    def card(run_id: str, name: str, kept: Kept | None = None) -> Response:
        return told(flaws_card(flaws, flaws.panel(run_id, name), name=name, kept=kept))

    @router.get("/flaws")
    def seen(run_id: str, request: Request, rater: NameQuery = "") -> Response:
        return card(run_id, name_of(request, rater))

    @router.post("/flaws")
    def mark(run_id: str, request: Request, body: MarkBody) -> Response:
        name = required_name(request, body.rater)
        return card(run_id, name, flaws.mark(run_id, name, body.mark(), key=body.key))

    @router.post("/flaws/undo")
    def undo(run_id: str, request: Request, body: _Body) -> Response:
        name = required_name(request, body.rater)
        return card(run_id, name, flaws.undo(run_id, name, key=body.key))

    @router.post("/flaws/{flaw_id}")
    def change(run_id: str, flaw_id: str, request: Request, body: ChangeBody) -> Response:
        name = required_name(request, body.rater)
        return card(run_id, name, flaws.change(run_id, flaw_id, name, body.changes(), key=body.key))

    @router.post("/suggest")
    async def suggest(run_id: str, request: Request, body: SuggestBody) -> Response:
        kept = await flaws.suggest(run_id, body.output_id, key=body.key, member=body.member)
        return await run_in_threadpool(card, run_id, name_of(request, body.rater), kept)

    return router
