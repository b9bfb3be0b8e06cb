"""The Studies page over the real app: from a file to a study, its judgements as they come, and its next version."""

import json
import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.e2e.conftest import Served

pytestmark = pytest.mark.browser
PageMaker = Callable[..., Page]
LINES = [
    *({"prompt": f"Question {at}", "outputs": {"fusion": f"scatters {at}", "best": f"sea {at}"}} for at in range(4)),
    {"prompt": "Alike", "outputs": {"fusion": "same", "best": "same"}},
    {"prompt": "Lacking", "outputs": {"best": "alone"}},
]


@pytest.fixture
def served(instant_app: Served) -> Served:
    return instant_app


def opened(new_page: PageMaker, served: Served, at: str = "") -> Page:
    page = new_page()
    page.goto(f"{served.url}/studies{at}")
    expect(page.get_by_role("heading", level=2).first).to_be_visible()
    return page


def made(new_page: PageMaker, served: Served, *, title: str) -> Page:
    """A study from a file, with one training item, as its owner makes it."""
    page = opened(new_page, served, "?new=1")
    page.get_by_role("radio", name="A file").check()
    text = "\n".join(map(json.dumps, LINES)).encode()
    page.get_by_label("File of answers").set_input_files(
        [FilePayload(name="answers.jsonl", mimeType="text/plain", buffer=text)]
    )
    expect(page.get_by_text("4 items, 8 judgements")).to_be_visible()
    page.get_by_text("More: instructions").click()
    page.get_by_role("button", name="Add a known item").click()
    page.get_by_label("Title").fill(title)
    expect(page.get_by_text("3 items, 6 judgements")).to_be_visible()
    page.get_by_role("button", name="Create the study").click()
    expect(page.get_by_text("The study is made.")).to_be_visible()
    return page


def judge(served: Served, study: str, rater: str) -> dict[str, Any]:
    """One judgement over HTTP, as the rating screen gives it."""
    given: dict[str, Any] = httpx.post(f"{served.url}/api/rate/{study}/next", json={"rater": rater}, timeout=60).json()
    said = {"rater": rater, "key": f"{rater}-{given['trial']['id']}", "verdict": "A", "active_seconds": 20}
    reply = httpx.post(f"{served.url}/api/rate/trials/{given['trial']['id']}/judgement", json=said, timeout=60)
    assert reply.status_code == 200, reply.text
    return given["trial"]


def study_of(page: Page) -> str:
    found = re.search(r"study=(\w+)", page.url)
    assert found
    return found[1]


def test_a_newcomer_rates_the_sample_at_once(app: Served, new_page: PageMaker) -> None:
    page = opened(new_page, app)  # where no test makes a study
    page.get_by_role("link", name="Rate the sample study").click()
    expect(page).to_have_url(re.compile("/rate/?[?]study="))


def test_the_preview_counts_and_names_what_is_left_out(served: Served, new_page: PageMaker) -> None:
    page = opened(new_page, served, "?new=1")
    page.get_by_role("radio", name="A file").check()
    text = "\n".join(map(json.dumps, LINES)).encode()
    page.get_by_label("File of answers").set_input_files([FilePayload(name="a", mimeType="text/plain", buffer=text)])
    expect(page.get_by_text("1 item has identical answers")).to_be_visible()
    page.get_by_text("1 run left out").click()
    expect(page.get_by_text("“Lacking”: ")).to_be_visible()


def test_judgements_reach_the_board_by_themselves(served: Served, new_page: PageMaker) -> None:
    page = made(new_page, served, title="Followed")
    assert judge(served, study_of(page), "ada")["kind"] == "training"
    judge(served, study_of(page), "ada")
    row = page.get_by_role("table", name="People").get_by_role("row", name=re.compile("^ada"))
    expect(row).to_contain_text("1 / 3")
    row.get_by_role("link", name="ada").click()
    expect(page.get_by_role("dialog", name="Judgements of ada").get_by_role("listitem")).to_have_count(2)


def test_somebody_left_out_no_longer_counts(served: Served, new_page: PageMaker) -> None:
    page = made(new_page, served, title="Left out")
    judge(served, study_of(page), "ben")
    judge(served, study_of(page), "ben")
    page.get_by_role("button", name="Refresh").click()
    expect(page.get_by_text("1 of 6 judgements")).to_be_visible()
    page.get_by_role("button", name="Leave out: ben").click()
    page.get_by_role("textbox", name="Reason", exact=True).fill("A test.")
    page.get_by_role("dialog").get_by_role("button", name="Leave out", exact=True).click()
    expect(page.get_by_text("0 of 6 judgements")).to_be_visible()
    expect(page.get_by_role("table", name="Exclusions").get_by_role("row").nth(1)).to_contain_text("A test.")


def test_a_new_version_keeps_training_and_closes_the_earlier_one(served: Served, new_page: PageMaker) -> None:
    page = made(new_page, served, title="Versions")
    first = study_of(page)
    page.get_by_role("button", name="New version").click()
    expect(page.get_by_text("3 items, 6 judgements")).to_be_visible()
    page.get_by_role("button", name="Create version 2").click()
    expect(page.get_by_text("The study is made.")).to_be_visible()
    boards = [
        httpx.get(f"{served.url}/api/studies/{each}/board", timeout=60).json() for each in (first, study_of(page))
    ]
    assert [(each["version"], each["is_closed"], each["counts"]["training"]) for each in boards] == [
        (1, True, 1), (2, False, 1),
    ]  # fmt: skip
