"""The analysis over HTTP: how an address becomes a question, files of answers, caching, and what is nonsense."""

import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from starlette.datastructures import QueryParams
from starlette.testclient import TestClient

from fusion_ui.engine.values import FusionError, MissingError
from fusion_ui.preferences.question import RULES, Question, QuestionError
from fusion_ui.ui.analyse_endpoints import Table, analyse_router, question_of
from tests import preference_analyses as by_hand

MANY = tuple(f"model {number}" for number in range(7))
PAIRS = list(combinations(MANY, 2))
HOSTILE = "<img src=x onerror=alert(1)>"


class ToldAnalyses:
    """Answers with what it was asked, and counts how many ask at once."""

    def __init__(self) -> None:
        self.now = "1"
        self.at_once = 0
        self.most_at_once = 0
        self.gate: threading.Barrier | None = None

    def stamp(self, _question: Question) -> str:
        return self.now

    def analysis(self, question: Question) -> dict[str, Any]:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        if self.gate:
            self.gate.wait(10)
        self.at_once -= 1
        told = by_hand.analysis(MANY, contrasts=[by_hand.contrast(*pair, verdict=None) for pair in PAIRS])
        return told | {"asked": question.told(), "stamp": self.now}

    def table(self, question: Question, name: str) -> Table:
        if name != "contrasts":
            raise MissingError(f"There is no table {name[:40]!r}.")
        return ["first", "by"], [{"first": "=1+1", "by": question.by}]

    def figure(self, analysis: Mapping[str, Any], name: str, kind: str) -> bytes:
        return f"{name} {kind} {analysis['asked']['level']}".encode()

    def report(self, study_id: str, *, names: bool = False) -> str:
        return f"<!doctype html><title>{study_id} {'with' if names else 'without'} names</title>"


@pytest.fixture
def analyses() -> ToldAnalyses:
    return ToldAnalyses()


@pytest.fixture
def client(analyses: ToldAnalyses) -> Iterator[TestClient]:
    app = FastAPI()
    app.include_router(analyse_router(analyses))

    @app.exception_handler(FusionError)
    async def refused(_request: object, error: Exception) -> JSONResponse:
        return JSONResponse({"error": str(error)}, 404 if isinstance(error, MissingError) else 400)

    with TestClient(app) as client:
        yield client


def question(address: str) -> Question:
    return question_of(QueryParams(address))


def test_an_empty_address_asks_the_usual_question() -> None:
    assert question("") == Question()


def test_every_setting_of_an_address_is_read() -> None:
    asked = question(
        "study=S2&study=S1&open=1&by=member&language=de&tag=maths&length=under 100&rater=ada&leave_out=too_fast"
        "&seed=7&level=.9&width=0.03"
    )
    assert asked == Question(
        studies=("S1", "S2"), open=True, by="member", language=("de",), tags=("maths",), lengths=("under 100",),
        raters=("ada",), leave_out=("too_fast",), seed=7, level=0.9, width=0.03,
    )  # fmt: skip


def test_no_word_about_rules_applies_all_of_them_and_an_empty_word_none() -> None:
    assert question("").leave_out == RULES
    assert question("leave_out=").leave_out == ()


def test_names_of_others_are_left_alone() -> None:
    assert question("__theme=dark&_gl=1") == Question()


def test_names_of_people_may_hold_anything() -> None:
    assert question(str(QueryParams([("rater", HOSTILE), ("rater", "مرحبا & co")]))).raters == (HOSTILE, "مرحبا & co")


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("colour=red", "no setting 'colour'"),
        ("by=mood", "'mood'"),
        ("open=yes", "0 or 1"),
        ("level=high", "level is a number"),
        ("level=2", "level"),
        ("level=nan", "level"),
        ("width=inf", "width"),
        ("width=-1", "width"),
        ("seed=-1", "seed"),
        ("seed=1.5", "seed"),
        ("seed=" + "9" * 4000, "seed"),
        ("seed=٣", "seed"),
        ("leave_out=everything", "everything"),
        ("length=long", "'long'"),
        ("level=.9&level=.8", "once only"),
        ("tag=" + "x" * 301, "at most 300"),
        ("&".join(f"rater={n}" for n in range(1001)), "1,000"),
    ],
)
def test_nonsense_is_refused_in_plain_words(address: str, words: str) -> None:
    with pytest.raises(QuestionError, match=words):
        question(address)


def test_a_refusal_reaches_the_browser_as_words(client: TestClient) -> None:
    reply = client.get("/api/analyse?level=2")
    assert (reply.status_code, "0.95 is usual" in reply.json()["error"]) == (400, True)


def test_the_answer_tells_what_was_asked(client: TestClient) -> None:
    reply = client.get("/api/analyse?study=S1&level=0.9")
    assert reply.json()["asked"] == Question(studies=("S1",), level=0.9).told()


def test_the_same_question_over_the_same_judgements_is_not_sent_twice(client: TestClient) -> None:
    first = client.get("/api/analyse?level=0.9")
    known = {"If-None-Match": first.headers["etag"]}
    again = client.get("/api/analyse?level=.90&_from=elsewhere", headers=known)
    assert (again.status_code, again.content) == (304, b"")
    assert client.get("/api/analyse?level=0.95", headers=known).status_code == 200


def test_new_judgements_are_sent(client: TestClient, analyses: ToldAnalyses) -> None:
    known = {"If-None-Match": client.get("/api/analyse").headers["etag"]}
    analyses.now = "2"
    assert client.get("/api/analyse", headers=known).status_code == 200


def test_a_table_is_a_file_that_no_spreadsheet_runs(client: TestClient) -> None:
    reply = client.get("/api/analyse/tables/contrasts.csv?by=member")
    assert reply.headers["content-disposition"] == 'attachment; filename="contrasts.csv"'
    assert reply.text == '"first","by"\r\n"\'=1+1","member"\r\n'


@pytest.mark.parametrize(
    ("kind", "media"), [("svg", "image/svg+xml"), ("png", "image/png"), ("pdf", "application/pdf")]
)
def test_a_figure_answers_the_question_of_its_address(client: TestClient, kind: str, media: str) -> None:
    reply = client.get(f"/api/analyse/figures/ladder.{kind}?level=0.8")
    assert (reply.headers["content-type"], reply.text) == (media, f"ladder {kind} 0.8")


@pytest.mark.parametrize("path", ["tables/secrets.csv", "figures/ladder.exe", "tables/contrasts.xlsx", "tables/.csv"])
def test_files_that_there_are_not_are_not_found(client: TestClient, path: str) -> None:
    assert client.get(f"/api/analyse/{path}").status_code == 404


def test_a_report_is_a_page_to_keep(client: TestClient) -> None:
    reply = client.get("/api/analyse/report.html?study=S1")
    assert reply.headers["content-disposition"] == 'attachment; filename="report.html"'
    assert "<title>S1 without names</title>" in reply.text


def test_a_report_names_people_when_it_is_asked_to(client: TestClient) -> None:
    assert "S1 with names" in client.get("/api/analyse/report.html?study=S1&names=1").text
    reply = client.get("/api/analyse/report.html?study=S1&names=yes")
    assert (reply.status_code, "names is 0 or 1" in reply.json()["error"]) == (400, True)


def test_the_page_is_sent_less_of_many_systems_than_the_file_holds(client: TestClient) -> None:
    short, whole = (client.get(f"/api/analyse{path}?level=0.9") for path in ("", "/analysis.json"))
    assert (short.json()["contrasts"], len(whole.json()["contrasts"])) == ([], len(PAIRS))
    assert whole.headers["content-disposition"] == 'attachment; filename="analysis.json"'
    assert whole.json()["asked"]["level"] == 0.9


def test_a_report_of_no_study_is_refused(client: TestClient) -> None:
    reply = client.get("/api/analyse/report.html")
    assert (reply.status_code, "Name the study" in reply.json()["error"]) == (400, True)


def test_few_are_reckoned_at_once_and_all_are_answered(client: TestClient, analyses: ToldAnalyses) -> None:
    analyses.gate = threading.Barrier(2)  # each waits for another one beside it
    with ThreadPoolExecutor(6) as asking:
        replies = list(asking.map(lambda seed: client.get(f"/api/analyse?seed={seed}"), range(6)))
    assert [reply.status_code for reply in replies] == [200] * 6
    assert analyses.most_at_once == 2
