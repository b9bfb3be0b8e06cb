"""One case in a real browser: the strategies, the candidates, the tabs, the keys, and that two cases never mix."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi.responses import PlainTextResponse
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import violations
from tests.e2e.inspectcases import TEXTS, case, replies, run_of
from tests.e2e.inspectserver import Inspected, serving_inspect
from tests.ui.attacks import ATTACKS

pytestmark = pytest.mark.browser
PageMaker = Callable[..., Page]
LINES = "\n".join(f"Line {number} of many." for number in range(60))
FIRST, LAST = {"previous": None, "next": "RUN2"}, {"previous": "RUN1", "next": None}
NEIGHBOURS = {"RUN1": FIRST | {"place": 17, "matching": 214}, "RUN2": LAST | {"place": 18, "matching": 214}}


@pytest.fixture(scope="module")
def server() -> Iterator[Inspected]:
    with serving_inspect() as held:
        yield held


@pytest.fixture
def held(server: Inspected) -> Inspected:
    """Two cases that follow one another; in the first, the last draw has failed."""
    texts = {f"{text}\n\n{LINES}": answer for text, answer in TEXTS.items()}
    first = case(run_of(texts, fails=True), "RUN1")
    second = case(run_of({"Only this one: 7": "7", "And that one: 7": "7"}, fused="Seven it is."), "RUN2")
    server.reset(replies(first, second, neighbours=NEIGHBOURS))
    return server


def opened(new_page: PageMaker, held: Inspected, at: str = "", run: str = "RUN1", **how: Any) -> Page:
    page = new_page(**how)
    page.goto(f"{held.url}/inspect?run={run}{at}")
    expect(candidate(page, 1)).to_be_visible()
    return page


def candidate(page: Page, position: int) -> Locator:
    return page.get_by_role("article", name=re.compile(f"^Candidate {position} "))


def order(page: Page) -> list[int]:
    return [
        int(each) for each in page.locator(".case-cand").evaluate_all("nodes => nodes.map((n) => n.dataset.position)")
    ]


def has_no_sideways_scroll(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_a_case_says_what_each_strategy_says_and_who_disagrees(held: Inspected, new_page: PageMaker) -> None:
    page = opened(new_page, held)
    expect(page.locator(".case-verdict")).to_have_text(
        "The people prefer the fusion (42); the pick (candidate 3) says 13; "
        "the vote and the fusion say 42; the reference is 41."
    )
    expect(page.get_by_role("region", name="Best-of-N pick")).to_contain_text("Six times seven is 42.")
    expect(page.get_by_role("region", name="Fused answer").locator(".fx-source").first).to_have_text("1")
    expect(page.get_by_role("region", name="Vote")).to_contain_text("Stopped after 5 draws")
    expect(candidate(page, 4).locator("p", has_text="سبعة")).to_have_css("direction", "rtl")
    page.locator(".fx-source").first.click()
    expect(candidate(page, 1)).to_be_focused()
    expect(candidate(page, 1).locator(".case-lit").first).to_contain_text("Six times seven is")


def test_texts_are_asked_for_as_their_columns_come_into_sight(server: Inspected, new_page: PageMaker) -> None:
    told = case(run_of({f"Number **{at}**: {at}": "1" for at in range(30)}, fused=""), "RUN1")
    server.reset(replies(told))
    page = opened(new_page, server)
    expect(candidate(page, 1).locator("strong")).to_have_text("0")
    assert candidate(page, 30).locator("strong").count() == 0
    assert sum("/outputs/" in path for path in server.asked) < 12
    candidate(page, 30).scroll_into_view_if_needed()
    expect(candidate(page, 30).locator("strong")).to_have_text("29")
    server.refusals["/runs/RUN1/outputs/RUN1-20/html"] = (503, "The database is busy.")
    candidate(page, 20).scroll_into_view_if_needed()
    expect(page.get_by_text("Candidate 20 is shown as plain text: The database is busy.")).to_be_visible()
    expect(candidate(page, 20)).to_contain_text("Number **19**")


def test_candidates_are_sorted_pinned_and_seen_as_a_table(held: Inspected, new_page: PageMaker) -> None:
    page = opened(new_page, held)
    page.get_by_label("Sort candidates by").select_option("vote")
    assert order(page) == [1, 2, 4, 3, 5, 6]
    candidate(page, 3).get_by_role("button", name="Pin candidate 3").click()
    assert order(page) == [3, 1, 2, 4, 5, 6]
    page.get_by_label("Table", exact=True).check()
    table = page.get_by_role("table", name="Candidates")
    expect(table.get_by_role("row").nth(1)).to_contain_text("13")
    expect(table.get_by_role("row").nth(6)).to_contain_text("Too many requests")
    table.get_by_role("button", name="ben").last.click()
    expect(candidate(page, 5)).to_be_focused()
    page.reload()
    expect(page.get_by_label("Sort candidates by")).to_have_value("vote")


def test_the_next_case_is_a_key_away_and_back_works(held: Inspected, new_page: PageMaker) -> None:
    page = opened(new_page, held, "&tab=cost&stop=evidence&sort=oldest")
    expect(page.get_by_text("17 of 214")).to_be_visible()
    assert "/cases/RUN1/neighbours?stop=evidence&sort=oldest" in held.asked
    page.keyboard.press("]")
    expect(page.get_by_text("18 of 214")).to_be_visible()
    expect(candidate(page, 1)).to_contain_text("Only this one: 7")
    expect(page).to_have_url(re.compile(r"run=RUN2&tab=cost&stop=evidence&sort=oldest"))
    page.keyboard.press("]")
    expect(page.get_by_text("This is the last case.")).to_be_visible()
    page.go_back()
    expect(candidate(page, 1)).to_contain_text("Six times seven")
    page.keyboard.press("Escape")
    expect(page).not_to_have_url(re.compile("run="))
    expect(candidate(page, 1)).to_be_hidden()


def test_what_comes_late_for_a_case_that_was_left_changes_nothing(held: Inspected, new_page: PageMaker) -> None:
    late = ("/runs/RUN1", "/runs/RUN1/parties", "/cases/RUN1/neighbours")
    held.delays_s = dict.fromkeys(late, 0.4) | {"/runs/RUN2/diff": 0.6}
    page = opened(new_page, held, "&tab=diff", run="RUN2")
    sides = page.locator(".case-diff section")
    expect(sides.first).to_contain_text("Seven it is.")
    page.keyboard.press("[")
    expect(page).to_have_url(re.compile("run=RUN1"))
    page.go_back()
    expect(page).to_have_url(re.compile("run=RUN2"))
    page.get_by_role("button", name="Swap").click()
    expect(sides.first).to_contain_text("Only this one: 7")  # asked last and slowest: all else has been answered
    expect(page.get_by_text("18 of 214")).to_be_visible()
    assert order(page) == [1, 2]


def test_a_run_under_way_is_looked_at_until_it_has_ended_and_has_its_place(
    held: Inspected, new_page: PageMaker
) -> None:
    ended = held.replies["/runs/RUN1"]
    held.replies["/runs/RUN1"] = {**ended, "run": {**ended["run"], "state": "live"}}
    held.refusals["/cases/RUN1/neighbours"] = (404, "There is no such case.")
    page = new_page()
    with page.expect_response(re.compile("/neighbours")):
        page.goto(f"{held.url}/inspect?run=RUN1")
    expect(candidate(page, 1)).to_be_visible()
    held.refusals.clear()
    held.replies["/runs/RUN1"] = ended
    expect(page.get_by_text("17 of 214")).to_be_visible()


def test_a_case_that_cannot_be_opened_says_why_and_can_be_tried_again(held: Inspected, new_page: PageMaker) -> None:
    held.refusals["/runs/RUN1"] = (503, "The database is busy.")
    page = new_page()
    page.goto(f"{held.url}/inspect?run=RUN1")
    expect(page.get_by_role("alert")).to_contain_text("The case could not be opened: The database is busy.")
    held.refusals.clear()
    page.get_by_role("button", name="Try again").click()
    expect(candidate(page, 1)).to_be_visible()
    page.goto(f"{held.url}/inspect?run=GONE")
    expect(page.get_by_role("alert")).to_contain_text("There is no such run in this database.")


def test_the_whole_case_is_worked_by_keys(held: Inspected, new_page: PageMaker) -> None:
    held.replies["/runs/RUN1/copy"] = lambda _: PlainTextResponse("# What is six times seven?")
    page = opened(new_page, held)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.keyboard.press("m")
    expect(page.get_by_text("The case is copied as Markdown.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "# What is six times seven?"
    page.keyboard.press("3")
    expect(candidate(page, 3)).to_be_focused()
    expect(page).to_have_url(re.compile("candidate=3"))
    page.keyboard.press("p")
    expect(candidate(page, 3)).to_contain_text("Pinned")
    page.keyboard.press("2")
    page.keyboard.press("d")
    expect(page.get_by_role("tab", name="Diff")).to_be_focused()
    expect(page.locator(".case-diff section").first).to_contain_text("Six and seven are 13.")
    expect(page.locator(".case-diff section").last.locator("ins").first).to_contain_text("Seven sevens are 49")
    expect(page).to_have_url(re.compile("tab=diff.*first=RUN1-3&second=RUN1-2"))
    for key, name in {"c": "Cost", "w": "Raw", "h": "History", "v": "Votes", "g": "Judge", "l": "Ledger"}.items():
        page.keyboard.press(key)
        expect(page.get_by_role("tab", name=name)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Flaws")).to_be_focused()
    page.get_by_label("Sort candidates by").focus()
    page.keyboard.press("c")
    expect(page.get_by_role("tab", name="Flaws")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Leave the candidate out of the next fusion")


def test_candidates_left_out_are_fused_without_and_the_old_run_stays(held: Inspected, new_page: PageMaker) -> None:
    held.replies["/runs/RUN1/refuse"] = {"run_id": "RUN2"}
    page = opened(new_page, held)
    page.keyboard.press("3")
    page.keyboard.press("x")
    expect(candidate(page, 3)).to_contain_text("Left out next")
    page.keyboard.press("6")
    page.keyboard.press("x")
    expect(page.get_by_text("Only a candidate that finished")).to_be_attached()
    page.keyboard.press("Shift+X")
    expect(candidate(page, 1)).to_contain_text("Only this one: 7")
    assert [body["without"] for path, body in held.posted if path == "/runs/RUN1/refuse"] == [[3]]
    page.go_back()
    expect(candidate(page, 3)).to_contain_text("Six and seven are 13.")


def test_another_recipe_is_sent_once_and_only_what_changed(held: Inspected, new_page: PageMaker) -> None:
    held.replies["/runs/RUN1/rerun"] = {"run_id": "RUN2"}
    held.refusals["/runs/RUN1/rerun"] = (502, "The answer was lost.")
    page = opened(new_page, held)
    page.keyboard.press("r")
    form = page.get_by_role("dialog", name="Run this prompt again")
    form.get_by_role("button", name="Run again").focus()
    form.get_by_label("ben").check()
    form.get_by_label("Best-of-N by").select_option("consensus")
    form.get_by_role("button", name="Run again").click()
    expect(form).to_contain_text("The answer was lost.")
    held.refusals.clear()
    form.get_by_role("button", name="Run again").click()
    expect(candidate(page, 1)).to_contain_text("Only this one: 7")
    lost, sent = (body for path, body in held.posted if path == "/runs/RUN1/rerun")
    assert lost == sent == {"key": sent["key"], "members": ["ada", "ben"], "selector": "consensus"}


def test_cost_raw_and_history_tell_what_was_stored(held: Inspected, new_page: PageMaker) -> None:
    page = opened(new_page, held, "&tab=cost")
    expect(page.get_by_role("tabpanel")).to_contain_text("Stopping early saved 26 draws")
    expect(page.get_by_role("row", name="Total")).to_contain_text("at least $0.009")
    page.get_by_role("tab", name="Raw").click()
    page.get_by_text("Asked of the members (2 messages)").click()
    expect(page.get_by_role("region", name="user")).to_contain_text("<b>six</b>?")
    page.get_by_role("tab", name="History").click()
    expect(page.get_by_role("row", name=re.compile("This was made from it"))).to_contain_text(
        "selector judge-pairs instead of vote"
    )
    expect(page.get_by_role("link", name="Send to a study")).to_have_attribute("href", "/studies?new=1&run=RUN1")
    expect(page.get_by_role("link", name="Open on Compare")).to_have_attribute("href", "/?run=RUN1")


def test_hostile_texts_stay_texts(server: Inspected, new_page: PageMaker) -> None:
    texts = dict.fromkeys([*ATTACKS.values(), "x" * 30_000], "<b>42</b>")
    told = case(run_of(texts, fused="", gold="<img src=x onerror=alert(1)>"), "RUN1")
    told["candidates"] = [each | {"member": "‮<i>gpt</i>"} for each in told["candidates"]]
    server.reset(replies(told))
    page = opened(new_page, server, "&tab=diff", width=390)
    page.get_by_label("Table", exact=True).check()
    for name in ("Raw", "Cost", "History"):
        page.get_by_role("tab", name=name).click()
    page.get_by_label("Grid", exact=True).check()
    page.get_by_role("button", name="Full length").click()
    assert has_no_sideways_scroll(page)
    assert page.evaluate("window.pwned") is None


@pytest.mark.parametrize(("scheme", "tab", "view"), [("light", "diff", "columns"), ("dark", "raw", "table")])
def test_axe_finds_nothing_and_a_phone_needs_no_sideways_scrolling(
    server: Inspected, new_page: PageMaker, scheme: str, tab: str, view: str
) -> None:
    server.reset(replies(case(run_of(TEXTS, fails=True))))
    page = opened(new_page, server, f"&tab={tab}", color_scheme=scheme)
    page.keyboard.press("2")
    page.keyboard.press("x")
    page.get_by_label(view, exact=False).and_(page.get_by_role("radio")).check()
    expect(page.get_by_role("tabpanel")).to_contain_text("Fused answer" if tab == "diff" else "Asked of the members")
    assert violations(page) == []
    page.keyboard.press("r")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.set_viewport_size({"width": 320, "height": 700})
    for name in ("Diff", "Cost", "Raw", "History"):
        page.get_by_role("tab", name=name).click()
        assert has_no_sideways_scroll(page)
