"""The lab's HTTP endpoints: files in, computations, reports out. What may take long runs in worker threads."""

import asyncio
import json
from dataclasses import asdict
from tempfile import SpooledTemporaryFile
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import Field

from fusion_ui.analysis.answers import AnswerSet, Question, shares
from fusion_ui.exchange.lab_tables import csv_of, questions_csv
from fusion_ui.lab import FigureKind, Lab, Report, Selection
from fusion_ui.ui.replies import MEDIA, download, told
from fusion_ui.ui.requests import Body
from storage.lab import RecordingRow

_CHUNK = 1 << 20
_KEPT_IN_MEMORY = 8 << 20
_DECIMALS = 12  # a lead of 1e-9 decides
Name = Annotated[str, Field(max_length=300)]
Seed = Annotated[int, Field(ge=0, lt=2**53)]
Weights = Annotated[dict[Name, float], Field(max_length=1000)]
FileName = Annotated[str, Query(min_length=1, max_length=300)]


class SelectionBody(Body):
    """Which recorded answers: see `lab.Selection`."""

    recordings: Annotated[tuple[Name, ...], Field(max_length=1000)] = ()
    runs: bool = False
    members: Annotated[tuple[Name, ...], Field(max_length=1000)] | None = None

    def spelt(self) -> Selection:
        """The selection these words spell."""
        return Selection(**dict(self))


class ChosenBody(Body):
    """Asks something of chosen answers."""

    selection: SelectionBody


class ReplayBody(ChosenBody):
    """See `Lab.replay`."""

    rules: Annotated[str, Field(max_length=10_000)]
    weights: Weights | None = None
    trials: int = 100
    cap: int = 100
    seed: Seed = 0


class WeightsBody(ChosenBody):
    """See `Lab.weigh`."""

    folds: int = 5
    repeats: int = 4
    seed: Seed = 0


class CurveBody(ChosenBody):
    """See `Lab.curve`."""

    trials: int = 20
    seed: Seed = 0


class TransferBody(Body):
    """See `Lab.transfer`."""

    train: SelectionBody
    test: SelectionBody
    size: int | None = None


class PathBody(ChosenBody):
    """See `Lab.path`."""

    question: Annotated[str, Field(max_length=400_000)]
    weights: Weights | None = None
    cap: int = 100
    seed: Seed = 0


def lab_router(lab: Lab) -> APIRouter:
    """All under /api/lab."""
    router = APIRouter(prefix="/api/lab")
    _add_answers(router, lab)
    _add_computations(router, lab)
    _add_reports(router, lab)
    return router


def _add_answers(router: APIRouter, lab: Lab) -> None:
    @router.get("")
    def overview() -> dict[str, Any]:
        return {
            "recordings": [_recording(row) for row in lab.recordings()],
            "runs": lab.run_count()._asdict(),
            "reports": [head._asdict() for head in lab.reports()],
        }

    @router.post("/recordings")
    async def load(request: Request, name: FileName) -> dict[str, Any]:
        with SpooledTemporaryFile(max_size=_KEPT_IN_MEMORY) as file:
            async for chunk in request.stream():
                file.write(chunk)
            file.seek(0)
            loaded = await asyncio.to_thread(lab.load, iter(lambda: file.read(_CHUNK), b""), name=name)
        return {
            "recording": _recording(loaded.recording),
            "problems": [problem._asdict() for problem in loaded.file.problems],
            "problem_count": loaded.file.problem_count,
        }

    @router.post("/set")
    def chosen(body: ChosenBody) -> Response:
        return told(_set_card(lab.answers(body.selection.spelt())))


def _add_computations(router: APIRouter, lab: Lab) -> None:
    @router.post("/replay")
    def replay(body: ReplayBody) -> Report:
        asked = dict(body)
        return lab.replay(asked.pop("selection").spelt(), **asked)

    @router.post("/weights")
    def weights(body: WeightsBody) -> Report:
        asked = dict(body)
        return lab.weigh(asked.pop("selection").spelt(), **asked)

    @router.post("/curve")
    def curve(body: CurveBody) -> Report:
        asked = dict(body)
        return lab.curve(asked.pop("selection").spelt(), **asked)

    @router.post("/transfer")
    def transfer(body: TransferBody) -> Report:
        return lab.transfer(body.train.spelt(), body.test.spelt(), size=body.size)

    @router.post("/path")
    def path(body: PathBody) -> dict[str, Any]:
        asked = dict(body)
        question, steps = lab.path(asked.pop("selection").spelt(), asked.pop("question"), **asked)
        return _question(question) | {"steps": [asdict(step) for step in steps]}


def _add_reports(router: APIRouter, lab: Lab) -> None:
    @router.get("/reports/{report_id}")
    def report(report_id: str) -> Report:
        return lab.report(report_id)

    @router.get("/reports/{report_id}/report.json")
    def as_json(report_id: str) -> Response:
        text = json.dumps(lab.report(report_id), ensure_ascii=False, indent=1)
        return download(text, "application/json", f"report-{report_id}.json")

    @router.get("/reports/{report_id}/report.csv")
    def as_csv(report_id: str) -> Response:
        return download(csv_of(lab.report(report_id)), "text/csv; charset=utf-8", f"report-{report_id}.csv")

    @router.get("/reports/{report_id}/questions.csv")
    def by_question(report_id: str) -> Response:
        text = questions_csv(lab.report(report_id))
        return download(text, "text/csv; charset=utf-8", f"questions-{report_id}.csv")

    @router.get("/reports/{report_id}/figure.{kind}")
    def figure(report_id: str, kind: FigureKind) -> Response:
        drawn = lab.figure(lab.report(report_id), kind)
        return download(drawn, MEDIA[kind], f"figure-{report_id}.{kind}")


def _recording(row: RecordingRow) -> dict[str, Any]:
    names = ("id", "name", "sets", "members", "questions", "answers", "loaded_at")
    return {name: getattr(row, name) for name in names}


def _set_card(answers: AnswerSet) -> dict[str, Any]:
    return {
        "members": answers.members,
        "judged": sum(question.gold is not None for question in answers.questions),
        "left_out": answers.left_out,
        "questions": [_question(question) for question in answers.questions],
    }


def _question(question: Question) -> dict[str, Any]:
    return {
        "name": question.name,
        "text": question.text,
        "answers": question.answers,
        "gold": question.gold,
        "shares": shares(question).round(_DECIMALS).tolist(),
    }
