"""The HTTP endpoints of exports: files to keep, written to the disk first, so that trouble is told before they begin.

Owners only, as the table of `access` has it.
"""

import json
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import Field

from fusion_ui.exchange.training_lines import SupervisedForm
from fusion_ui.exports.exports import Ending, Exports, Order, What
from fusion_ui.exports.training import Training
from fusion_ui.exports.votes import By
from fusion_ui.exports.winners import Filters
from fusion_ui.ui.replies import MEDIA, download, sent
from fusion_ui.ui.requests import Body

_COPY = "fusion_ui.db"
Ids = Annotated[list[Annotated[str, Field(max_length=40)]], Field(max_length=1_000)]
Word = Annotated[str | None, Field(max_length=500)]


class Asked(Body):
    """What an address asks for, beside the name of the file: of which studies and runs, and how it is made."""

    study: Ids = []
    run: Ids = []
    form: SupervisedForm = "conversational"
    answers: Literal["preferred", "fused"] = "preferred"
    provenance: bool = True
    blind: bool = True
    flaw_floor: Word = None
    agrees_with_vote: bool = False
    judgements: Annotated[int, Field(ge=1)] = 1
    share: Annotated[float, Field(ge=0, le=1)] = 0.5
    no_ties: bool = False
    one_a_prompt: bool = False
    too_fast: bool = False
    by: By = "role"
    pair: Word = None
    lab: bool = False
    search: bool = False

    def order(self, what: What, ending: Ending | None = None) -> Order:
        """The order for this file."""
        filters = Filters(
            is_blind=self.blind,
            flaw_floor=self.flaw_floor,
            agrees_with_vote=self.agrees_with_vote,
            judgements=self.judgements,
            share=self.share,
            has_no_ties=self.no_ties,
            is_one_a_prompt=self.one_a_prompt,
            takes_too_fast=self.too_fast,
        )
        return Order(
            what=what,
            ending=ending,
            studies=tuple(self.study),
            runs=tuple(self.run),
            training=Training(form=self.form, answers=self.answers, has_provenance=self.provenance, filters=filters),
            by=self.by,
            pair=self.pair,
            has_lab=self.lab,
            is_searchable=self.search,
        )


Question = Annotated[Asked, Query()]


def export_router(exports: Exports) -> APIRouter:
    """All under /api/exports."""
    router = APIRouter(prefix="/api/exports")

    @router.get("/datasette.zip")
    def datasette(asked: Question) -> Response:
        with TemporaryDirectory() as folder:
            exports.write(asked.order("datasette"), Path(folder) / _COPY)
            made = sorted(Path(folder).iterdir())
            packed = Path(folder) / "datasette.zip"
            with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
                for file in made:
                    archive.write(file, file.name)
            return sent(packed, "application/zip")

    @router.get("/{what}.report.json")
    def report(what: Literal["dpo", "sft"], asked: Question) -> Response:
        with TemporaryDirectory() as folder:
            written = exports.write(asked.order(what), Path(folder) / "lines")
        content = json.dumps(written.report, ensure_ascii=False, indent=2) + "\n"
        return download(content, MEDIA["json"], f"{what}.report.json")

    @router.get("/{what}.{ending}")
    def export(what: What, ending: Ending, asked: Question) -> Response:
        with TemporaryDirectory() as folder:
            file = Path(folder) / f"{what}.{ending}"
            exports.write(asked.order(what, ending), file)
            return sent(file, MEDIA.get(ending, "application/vnd.sqlite3"))

    return router
