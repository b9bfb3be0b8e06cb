"""A blind session against the real app: everything the browser receives or asks for is searched for who wrote what."""

import pytest
from playwright.sync_api import Page, Response, expect

from fusion_ui.studies.protocol import Contender, Unit
from storage.connection import open_store
from tests.annotation.support import stored
from tests.e2e.conftest import Served
from tests.e2e.rateserver import PageMaker

pytestmark = pytest.mark.browser
MEMBERS = ("zephyr-nine-member", "quartz/model-seven")
TELLTALES = (*MEMBERS, "secret-output")
OF_TRIALS = ("fusion", "best", "vote", "single", "candidate", "gold", "score", "cost", "role", "member", "model")
SAME_FOR_ALL = ("/assets/", "/static/", "/fx/")  # scripts and stylesheets
ITEMS = 4


def unit(place: int) -> Unit:
    texts = (f"To question {place} the answer is six.", f"It is seven, as {place} shows.")
    contenders = tuple(
        Contender(output_id=f"secret-output-{place}-{role}", role=role, text=text, member=member)  # type: ignore[arg-type]
        for role, text, member in zip(("fusion", "best"), texts, MEMBERS, strict=True)
    )
    return Unit(place=place, run_id="", prompt=f"Question {place}: how many?", contenders=contenders, gold=0)


@pytest.fixture
def study(instant_app: Served) -> str:
    with open_store(instant_app.db) as store:
        return stored(store, *(unit(place) for place in range(ITEMS)), title="How many", repeats=0.0)


def heard(page: Page) -> list[tuple[str, str]]:
    """Every address, every text that comes and every body that goes, as the session goes on."""
    told: list[tuple[str, str]] = []

    def listen(response: Response) -> None:
        told.append(("address", response.url))
        told.append(("asked " + response.url, response.request.post_data or ""))
        told.append((response.url, str(response.headers)))
        if "text" in response.headers.get("content-type", "") or "json" in response.headers.get("content-type", ""):
            told.append((response.url, response.text()))

    page.on("response", listen)
    return told


def test_nothing_a_blind_rater_receives_tells_who_wrote_what(
    instant_app: Served, study: str, new_page: PageMaker
) -> None:
    page = new_page()
    told = heard(page)
    page.goto(f"{instant_app.url}/rate?study={study}")
    page.get_by_label("Your name").fill("ann")
    page.get_by_role("button", name="Start").click()
    for number in range(1, ITEMS + 1):
        expect(page.get_by_text(f"Item {number} /")).to_be_visible()
        page.get_by_role("button", name="A better").click()
        page.keyboard.press("Enter")
    expect(page.get_by_text("Thank you, that was all.")).to_be_visible()
    own = [(where, text) for where, text in told if not any(part in where for part in SAME_FOR_ALL)]
    assert len(own) > 40
    assert {(word, where) for where, text in own for word in TELLTALES if word in text} == set()
    replies = [(where, text) for where, text in own if "/api/rate/" in where and not where.startswith("asked")]
    assert len(replies) > 3 * ITEMS
    assert {(word, where) for where, text in replies for word in OF_TRIALS if word in text.lower()} == set()
