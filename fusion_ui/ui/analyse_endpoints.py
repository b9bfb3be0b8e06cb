"""The analysis over HTTP: one question as an address, its answer as JSON, tables, figures and a report.

What is asked stands in the query and nowhere else, so that a link gives the same answer to everybody. The page is sent
what it shows at first, the whole is a file. Answers are reckoned in worker threads, a few at a time; whoever left while
waiting is not reckoned for.
"""

import asyncio
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from hashlib import sha256
from typing import Any, Protocol, TypeVar

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.datastructures import QueryParams

from fusion_ui.engine.values import MissingError
from fusion_ui.exchange.spreadsheets import csv_text
from fusion_ui.preferences.question import Question, QuestionError, checked
from fusion_ui.preferences.reports import FigureKind
from fusion_ui.preferences.shortening import shortened
from fusion_ui.ui.replies import MEDIA, download, told

Table = tuple[Sequence[str], Iterable[Mapping[str, Any]]]
Answer = TypeVar("Answer")

_AT_ONCE = 2  # cores of the machine that the page's five seconds are promised on
_KINDS: Mapping[str, FigureKind] = {"svg": "svg", "png": "png", "pdf": "pdf"}
_CACHED = "private, no-cache"  # kept, and asked about each time
_LONGEST = 300  # characters of a name
_LISTS = {
    "study": "studies",
    "language": "language",
    "tag": "tags",
    "length": "lengths",
    "rater": "raters",
    "leave_out": "leave_out",
}
_SINGLES = ("open", "by", "seed", "level", "width")


class Analyses(Protocol):
    """What these endpoints need of `preferences.Analyses`."""

    def stamp(self, question: Question) -> str: ...

    def analysis(self, question: Question) -> dict[str, Any]: ...

    def table(self, question: Question, name: str) -> Table: ...

    def figure(self, analysis: Mapping[str, Any], name: str, kind: FigureKind) -> bytes: ...

    def report(self, study_id: str, *, names: bool = False) -> str: ...


def analyse_router(analyses: Analyses) -> APIRouter:
    """All under /api/analyse."""
    router = APIRouter(prefix="/api/analyse")
    worker = _Worker()
    _add_answer(router, analyses, worker)
    _add_files(router, analyses, worker)
    _add_report(router, analyses, worker)
    return router


class _Worker:
    """Runs what is asked in threads, so many at a time."""

    def __init__(self) -> None:
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def run(self, request: Request, work: Callable[[], Answer]) -> Answer:
        async with self._turns:
            if await request.is_disconnected():
                raise QuestionError("Nobody waits for this answer any more.")
            return await asyncio.to_thread(work)


def _add_answer(router: APIRouter, analyses: Analyses, worker: _Worker) -> None:
    @router.get("")
    async def analysis(request: Request) -> Response:
        question = question_of(request.query_params)
        known = request.headers.get("if-none-match", "")

        def answered() -> Response:
            tag = _tag(analyses.stamp(question), question)
            if tag in known:
                return Response(status_code=304, headers={"ETag": tag, "Cache-Control": _CACHED})
            answer = analyses.analysis(question)
            reply = told(shortened(answer))
            reply.headers.update({"ETag": _tag(answer["stamp"], question), "Cache-Control": _CACHED})
            return reply

        return await worker.run(request, answered)


def _add_files(router: APIRouter, analyses: Analyses, worker: _Worker) -> None:
    @router.get("/analysis.json")
    async def whole(request: Request) -> Response:
        question = question_of(request.query_params)
        answer = await worker.run(request, lambda: json.dumps(analyses.analysis(question), ensure_ascii=False))
        return download(answer, MEDIA["json"], "analysis.json")

    @router.get("/tables/{name}.csv")
    async def table(name: str, request: Request) -> Response:
        question = question_of(request.query_params)

        def written() -> str:
            columns, rows = analyses.table(question, name)
            return csv_text(rows, columns=columns)

        text = await worker.run(request, written)
        return download(text, MEDIA["csv"], f"{name}.csv")

    @router.get("/figures/{name}.{kind}")
    async def figure(name: str, kind: str, request: Request) -> Response:
        question, known = question_of(request.query_params), _figure_kind(kind)
        drawn = await worker.run(request, lambda: analyses.figure(analyses.analysis(question), name, known))
        return download(drawn, MEDIA[known], f"{name}.{known}")


def _add_report(router: APIRouter, analyses: Analyses, worker: _Worker) -> None:
    @router.get("/report.html")
    async def report(request: Request, study: str = "", names: str = "0") -> Response:
        if not study:
            raise QuestionError("Name the study whose report is wanted: report.html?study=…")
        is_named = _switch("names", names)
        page = await worker.run(request, lambda: analyses.report(study, names=is_named))
        return download(page, MEDIA["html"], "report.html")


def question_of(asked: QueryParams) -> Question:
    """The question of an address. Raises QuestionError.

    A list is a parameter repeated; nothing of it is the usual, one that is empty is none. Names that begin with "_"
    belong to others.
    """
    _check_names(asked)
    given: dict[str, Any] = {field: _listed(asked, name) for name, field in _LISTS.items() if name in asked}
    given |= {name: _READERS[name](asked[name]) for name in _SINGLES if asked.get(name)}
    return checked(Question(**given))


def _check_names(asked: QueryParams) -> None:
    known = [*_LISTS, *_SINGLES]
    for name in asked:
        if name not in known and not name.startswith("_"):
            raise QuestionError(f"There is no setting {name[:40]!r}; there are: {', '.join(known)}.")
    for name in _SINGLES:
        if len(asked.getlist(name)) > 1:
            raise QuestionError(f"{name} can be given once only.")


def _listed(asked: QueryParams, name: str) -> tuple[str, ...]:
    values = tuple(value for value in asked.getlist(name) if value)
    if too_long := [value for value in values if len(value) > _LONGEST]:
        raise QuestionError(f"A {name} has at most {_LONGEST} characters; this one has {len(too_long[0]):,}.")
    return values


def _switch(name: str, text: str) -> bool:
    if text not in ("0", "1"):
        raise QuestionError(f"{name} is 0 or 1, not {text[:40]!r}.")
    return text == "1"


def _number(name: str) -> Callable[[str], float]:
    def read(text: str) -> float:
        try:
            return float(text)
        except ValueError:
            raise QuestionError(f"{name} is a number such as 0.05, not {text[:40]!r}.") from None

    return read


def _seed(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 20):
        raise QuestionError(f"The seed is a whole number from 0 on, not {text[:40]!r}.")
    return int(text)


_READERS: dict[str, Callable[[str], Any]] = {
    "open": partial(_switch, "open"),
    "by": str,
    "seed": _seed,
    "level": _number("level"),
    "width": _number("width"),
}


def _figure_kind(kind: str) -> FigureKind:
    if kind not in _KINDS:
        raise MissingError(f"A figure is to be had as {', '.join(_KINDS)}, not as {kind[:40]!r}.")
    return _KINDS[kind]


def _tag(stamp: str, question: Question) -> str:
    """Changes with what is counted and with what is asked."""
    text = json.dumps([stamp, question.told()], sort_keys=True)
    return f'"{sha256(text.encode()).hexdigest()[:32]}"'
