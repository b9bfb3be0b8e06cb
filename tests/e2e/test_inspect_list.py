"""The run browser and the patterns in a real browser: search, filters, keys, selection, and what the address holds."""

import asyncio
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import violations
from tests.e2e.inspectreplies import card, listing, patterns, run_id
from tests.e2e.inspectserver import Inspected, Query, serving_inspect, serving_stored

pytestmark = pytest.mark.browser
PageMaker = Callable[..., Page]
HOSTILE = "<img src=x onerror=alert(1)>‮gnp.exe " + "pneumono" * 60


@pytest.fixture(scope="module")
def server() -> Iterator[Inspected]:
    with serving_inspect() as held:
        yield held


@pytest.fixture
def held(server: Inspected) -> Inspected:
    """Three runs, and patterns over them."""
    server.reset({"/cases": listing([card(1), card(2), card(3)]), "/patterns": patterns()})
    return server


def opened(new_page: PageMaker, held: Inspected, at: str = "", **how: Any) -> Page:
    page = new_page(**how)
    page.goto(f"{held.url}/inspect{at}")
    expect(page.get_by_role("heading", level=2).first).to_be_visible()
    return page


def runs(page: Page) -> Locator:
    return page.get_by_role("list", name="Runs").get_by_role("listitem")


def run_link(page: Page, number: int) -> Locator:
    return page.get_by_role("link", name=re.compile(f"^Question {number}:"))


def has_no_sideways_scroll(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_a_newcomer_is_sent_to_compare(held: Inspected, new_page: PageMaker) -> None:
    held.replies["/cases"] = listing([], facets={}, ranges={})
    page = opened(new_page, held)
    expect(page.get_by_role("heading", name="No runs yet")).to_be_visible()
    expect(page.get_by_role("complementary", name="Filters")).to_be_hidden()
    expect(page.get_by_role("link", name="Run a comparison")).to_have_attribute("href", "/")


def test_a_run_says_what_went_wrong_and_where_the_words_stand(held: Inspected, new_page: PageMaker) -> None:
    lit = [{"text": "… the longest ", "hit": False}, {"text": "river", "hit": True}, {"text": " of all", "hit": False}]
    wrong = {"vote": True, "best": False, "fusion": None}
    held.replies["/cases"] = listing(
        [card(1, excerpt=lit, where="answer", loss=["misjudged"], disagree=["judge-vote"], right=wrong, failures=2)]
    )
    row = runs(opened(new_page, held, "?q=river")).first
    expect(row.get_by_role("mark")).to_have_text("river")
    for words in ("Judge picked wrong", "Judge vs vote", "2 of 8 draws failed", "Pick wrong", "stability 97 %"):
        expect(row).to_contain_text(words)


def test_the_address_holds_the_filters_and_back_takes_them_off(held: Inspected, new_page: PageMaker) -> None:
    page = opened(new_page, held, "?sort=unstable")
    page.get_by_role("checkbox", name="people vs judge").check()
    page.get_by_label("Stability in percent, at most").fill("80")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"\?disagree=people-judge&stability=..0.8&sort=unstable$"))
    expect(page.get_by_role("button", name="Take off: Stability, at most 80 %")).to_be_visible()
    page.reload()
    expect(page.get_by_role("checkbox", name="people vs judge")).to_be_checked()
    expect(page.get_by_role("combobox", name="Sorted by")).to_have_value("unstable")
    page.go_back()
    expect(page.get_by_label("Stability in percent, at most")).to_have_value("")
    page.go_back()
    expect(page.get_by_role("checkbox", name="people vs judge")).not_to_be_checked()


def test_a_late_reply_never_replaces_a_newer_one(held: Inspected, new_page: PageMaker) -> None:
    async def late(query: Query) -> dict[str, Any]:
        if ("q", "slow") in query:
            await asyncio.sleep(0.6)
            return listing([card(7)])
        return listing([card(9)] if ("q", "quick") in query else [card(1)])

    held.replies["/cases"] = late
    page = opened(new_page, held)
    search = page.get_by_role("searchbox", name="Search")
    with page.expect_request("**/cases?q=slow"):
        search.fill("slow")
    search.fill("quick")
    expect(run_link(page, 9)).to_be_visible()
    page.evaluate("() => new Promise((done) => setTimeout(done, 700))")  # the late reply has come by now
    expect(run_link(page, 7)).to_have_count(0)


def test_the_list_can_be_walked_by_keys(held: Inspected, new_page: PageMaker) -> None:
    page = opened(new_page, held)
    expect(runs(page)).to_have_count(3)
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(run_link(page, 2)).to_be_focused()
    page.keyboard.press("x")
    expect(page.get_by_role("region", name="Selected runs")).to_contain_text("1 selected")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"run={run_id(2)}"))
    page.go_back()
    expect(run_link(page, 2)).to_be_focused()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_contain_text("Select all that match")
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.type("jxa")
    expect(page.get_by_role("searchbox", name="Search")).to_have_value("jxa")
    expect(page.get_by_role("region", name="Selected runs")).to_contain_text("1 selected")


def test_a_bad_filter_is_named_and_can_be_taken_off(held: Inspected, new_page: PageMaker) -> None:
    words = "The filter stop does not know 'sometimes'. It takes: evidence, cap."
    held.refusals["/cases"] = (400, words)
    page = opened(new_page, held, "?stop=sometimes&member=ada")
    expect(page.get_by_role("alert").filter(has_text=words)).to_be_visible()
    held.refusals.clear()
    page.get_by_role("button", name="Take off Why sampling stopped").click()
    expect(page).to_have_url(re.compile(r"\?member=ada$"))
    expect(runs(page)).to_have_count(3)
    expect(page.get_by_role("alert").filter(has_text=words)).to_have_count(0)


def test_where_nothing_matches_it_says_which_filter_to_drop(held: Inspected, new_page: PageMaker) -> None:
    def found(query: Query) -> dict[str, Any]:
        names = {name for name, _ in query}
        return listing([card(1)], total=9) if names == {"tag"} else listing([], total=9)

    held.replies["/cases"] = found
    page = opened(new_page, held, "?tag=geography&stop=cap")
    drop = page.get_by_role("listitem").filter(has_text="Why sampling stopped: Cap reached")
    expect(drop.filter(has_text="1 case")).to_be_visible()
    drop.get_by_role("button", name="Why sampling stopped").last.click()
    expect(run_link(page, 1)).to_be_visible()


def test_what_is_still_being_read_is_told_until_it_is_done(held: Inspected, new_page: PageMaker) -> None:
    held.replies["/cases"] = listing([card(1)], indexing={"done": 88_000, "left": 12_000})
    page = opened(new_page, held)
    expect(page.get_by_text("12,000 of 100,000 runs are still being read")).to_be_visible()
    held.replies["/cases"] = listing([card(1), card(2)])
    expect(runs(page)).to_have_count(2)
    expect(page.get_by_text("still being read")).to_be_hidden()


def test_selected_runs_go_to_a_study_and_into_files(held: Inspected, new_page: PageMaker) -> None:
    many = [run_id(number) for number in range(60)]
    held.replies["/cases"] = listing([card(number) for number in range(50)], total=80, matching=60, pages=2)
    held.replies["/ids"] = {"run_ids": many, "matching": 60}
    page = opened(new_page, held, "?tag=geography")
    page.get_by_role("checkbox", name="Select: Question 4:").check()
    selected = page.get_by_role("region", name="Selected runs")
    selected.get_by_role("button", name="Select all 60").click()
    expect(selected).to_contain_text("60 selected")
    study = selected.get_by_role("link", name="Send to a study").get_attribute("href")
    assert parse_qs(urlsplit(study or "").query) == {"new": ["1"], "run": [run_id(4), *many[:4], *many[5:]]}
    expect(selected.get_by_role("link", name="as CSV")).to_have_attribute(
        "href", re.compile(f"run={many[59]}&format=csv")
    )
    page.get_by_text("Export", exact=True).first.click()
    expect(page.get_by_role("link", name="Export all that match as Parquet")).to_have_attribute(
        "href", "/api/inspect/export?tag=geography&format=parquet"
    )


def test_on_a_phone_the_filters_are_a_sheet_and_nothing_scrolls_sideways(held: Inspected, new_page: PageMaker) -> None:
    lit = [{"text": HOSTILE, "hit": True}]
    whole = listing([card(1, prompt=HOSTILE, tags=[HOSTILE], members=[HOSTILE], excerpt=lit, where="note")])
    whole["facets"] = whole["facets"] | {"tag": [{"value": HOSTILE, "label": HOSTILE, "count": 1}]}
    held.replies["/cases"] = whole
    page = opened(new_page, held, "?q=%3Cb%3E&strange=%3Ci%3E", width=320, height=700)
    expect(runs(page).first).to_contain_text("<img src=x onerror=alert(1)>")
    expect(page.get_by_role("button", name="Take off: Strange, <i>")).to_be_visible()
    assert page.locator("#inspect img").count() == 0
    assert has_no_sideways_scroll(page)
    page.get_by_role("button", name="Filters").click()
    sheet = page.get_by_role("dialog", name="Filters")
    sheet.get_by_text("judge vs vote").click()
    sheet.get_by_role("button", name="Show 1 case").click()
    expect(page.get_by_role("button", name="Take off: Who disagrees, judge vs vote")).to_be_visible()
    page.get_by_role("link", name="Patterns").click()
    expect(page.get_by_role("heading", name="Where right answers were lost")).to_be_visible()
    assert has_no_sideways_scroll(page)


def test_every_number_of_the_patterns_opens_its_cases(held: Inspected, new_page: PageMaker) -> None:
    page = opened(new_page, held, "?view=patterns&tag=geography")
    strategies = page.get_by_role("table", name="By strategy")
    expect(strategies.get_by_role("row", name="Fused answer")).to_contain_text("40.0 % 32.0 % to 50.0 %")
    expect(strategies.get_by_role("row", name="Vote")).to_contain_text("no output seen")
    page.get_by_role("link", name="Fused answer: 12 flawed outputs").click()
    expect(page).to_have_url(re.compile(r"\?tag=geography&pattern=strategy%2Ffusion$"))
    expect(page.get_by_role("button", name="Take off: Pattern, Strategy: fusion")).to_be_visible()
    assert held.asked[-1] == "/cases?tag=geography&pattern=strategy%2Ffusion"
    page.go_back()
    held.replies["/patterns"] = patterns(source="model", seen={"cases": 0, "outputs": 0, "raters": 0, "marks": 0})
    page.get_by_role("link", name="Suggested by models").click()
    expect(page.get_by_role("heading", name="No suggestions yet")).to_be_visible()
    expect(page.get_by_role("table", name="By strategy")).to_have_count(0)


def test_over_a_database_runs_are_found_by_their_words_and_what_was_lost(new_page: PageMaker, tmp_path: Path) -> None:
    with serving_stored(tmp_path / "inspect.db", examples=3) as stored:
        page = new_page()
        page.goto(f"{stored.url}/inspect")
        expect(runs(page)).to_have_count(3)
        page.get_by_role("checkbox", name="Outvoted").check()
        expect(runs(page)).to_have_count(1)
        page.get_by_role("searchbox", name="Search").fill('answer:"door 3" probab*')
        expect(runs(page).get_by_role("mark").first).to_have_text("door 3")
        page.get_by_role("link", name=re.compile("^On a game show")).click()
        expect(page).to_have_url(re.compile(f"run={stored.runs[2]}&.*loss=outvoted"))
        page.go_back()
        expect(page.get_by_role("button", name="Take off: Where it was lost, Outvoted")).to_be_visible()


@pytest.mark.parametrize(("scheme", "at"), [("light", "?loss=broken"), ("dark", "?view=patterns&loss=broken")])
def test_axe_finds_nothing(held: Inspected, new_page: PageMaker, scheme: str, at: str) -> None:
    flawed = card(1, disagree=["people-vote"], loss=["broken"], flaws={"count": 2, "worst": "major"}, failures=1)
    held.replies["/cases"] = listing([flawed, card(2, right=None)], indexing={"done": 1, "left": 1})
    page = opened(new_page, held, at, color_scheme=scheme)
    if "patterns" in at:
        expect(page.get_by_role("table", name="Classes")).to_be_visible()
    else:
        page.get_by_role("checkbox", name="Select: Question 1:").check()
    assert violations(page) == []
