"""The tabs of a case in which people work, in a real browser over real endpoints: votes, judge, ledger and flaws."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import later, violations
from tests.e2e.inspecttabs import MIXED, Tabs, serving_tabs
from tests.e2e.selecting import select_words

pytestmark = pytest.mark.browser
PageMaker = Callable[..., Page]
REMOVALS = re.compile(r"/flaws/[^/?]+$")
SELECT_FORMULA = """() => {
  document.getSelection().selectAllChildren(document.querySelector('.case-cand[data-position="3"] math mi')); }"""
LIT = """() => [...document.querySelectorAll('.case-cand[data-position="3"] .ct-mark')].map(
  (node) => [node.dataset.label, node.textContent])"""
PLACES = {
    "bold words": "bold words",
    "words and code": "words** and `code",
    "e\u0301te\u0301 is summer": "e\u0301te\u0301 is *summer",
    "👩‍👩‍👧 family": "👩‍👩‍👧 family",
    "link text": "link text",
    "بالعالم": "بالعالم",
    "a & b": "a &amp; b",
}


@pytest.fixture(scope="module")
def tabs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tabs]:
    with serving_tabs(tmp_path_factory.mktemp("tabs") / "runs.db") as served:
        yield served


def opened(page: Page, tabs: Tabs, run_id: str, tab: str, *, rater: str = "ada") -> Page:
    """The case with this tab in sight, looked at by somebody who has said a name."""
    page.add_init_script(f"if (!localStorage['fx-rater']) localStorage.setItem('fx-rater', JSON.stringify('{rater}'))")
    page.goto(f"{tabs.url}/inspect?run={run_id}&tab={tab}")
    expect(page.get_by_role("tabpanel").locator(".ct-tab")).to_be_visible()
    expect(page.locator('.case-cand[data-position="3"] [data-o]').nth(3)).to_be_attached()
    return page


def group(page: Page, answer: str) -> Locator:
    return page.locator(".ct-group").filter(has=page.get_by_role("heading", name=answer, exact=True))


def select(page: Page, words: str, *, position: int = 3, start: int = 0, end: int = 0) -> None:
    """Select these rendered words of a candidate, `start` and `end` UTF-16 units further in."""
    text = page.locator(f'.case-cand[data-position="{position}"] .fx-prose').first
    select_words(text, words, start=start, end=end)
    expect(page.locator(".ct-aimed")).to_contain_text(f"Candidate {position}: “")


def with_study(told: dict[str, Any]) -> dict[str, Any]:
    """The flaws, with one more that somebody marked in a study."""
    study = {"id": "S1", "title": "<b>Pilot</b>"}
    flaw = told["flaws"][0] | {"id": "F1", "rater": "بلال", "is_mine": False, "from": "study", "study": study}
    return told | {"flaws": [*told["flaws"], flaw]}


def marks(page: Page) -> Locator:
    return page.get_by_role("list", name="Yours", exact=True).get_by_role("listitem")


# ---------- votes ----------


def test_groups_are_merged_compared_saved_once_and_undone_with_one_press(tabs: Tabs, new_page: PageMaker) -> None:
    run_id = tabs.new_run()
    page = opened(new_page(), tabs, run_id, "votes")
    expect(group(page, "half").locator(".ct-card").last).to_contain_text("Answer: a half")
    expect(group(page, "half").locator(".ct-lit").last).to_have_text("a half")
    page.get_by_label("Merge half into").select_option(label="0.5")
    expect(group(page, "0.5").locator(".ct-card")).to_have_count(4)
    expect(page.get_by_role("region", name="Before")).to_contain_text("tie of 0.5, half")
    expect(page.get_by_role("region", name="After")).to_contain_text("would have stopped after 3 draws")
    assert not tabs.posted
    page.get_by_role("textbox", name="Why").fill("The same number")
    page.get_by_role("button", name="Save the groups").dblclick()
    log = page.get_by_role("region", name="Edits of the groups").get_by_role("listitem")
    expect(log).to_have_count(1)
    for told in ("ada", "half means 0.5", "The same number"):
        expect(log).to_contain_text(told)
    expect(page.get_by_role("region", name="Your correction")).to_be_hidden()
    page.get_by_role("button", name="Undo the last edit").click()
    expect(log).to_have_count(2)
    expect(group(page, "half").locator(".ct-card")).to_have_count(2)
    assert tabs.told(run_id)["regrouping"]["is_corrected"] is False


def test_cards_are_dragged_split_off_renamed_and_the_draft_survives_a_reload(tabs: Tabs, new_page: PageMaker) -> None:
    run_id = tabs.new_run()
    page = opened(new_page(), tabs, run_id, "votes")
    page.locator('.ct-card[data-position="4"] .ct-passage').drag_to(group(page, "0.5").locator("header"))
    expect(group(page, "0.5").locator('[data-position="4"]')).to_contain_text("read as half")
    page.get_by_label("Move candidate 1").select_option(label="To a group of its own")
    expect(group(page, "0.5 (1)").locator(".ct-card")).to_have_count(1)
    expect(page.get_by_role("button", name="Rename the answer 0.5 (1)")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.type("a quarter")
    page.keyboard.press("Enter")
    expect(group(page, "a quarter")).to_be_visible()
    page.get_by_label("Move candidate 5").select_option(label="It gives no answer")
    expect(group(page, "No answer").locator(".ct-card")).to_have_count(2)
    expect(page.get_by_role("region", name="After")).to_contain_text("a quarter")
    page.reload()
    expect(group(page, "a quarter")).to_be_visible()
    page.get_by_role("button", name="As it was read").click()
    expect(page.get_by_role("region", name="Your correction")).to_be_hidden()
    assert not tabs.posted


def test_a_save_that_is_refused_lost_or_overtaken_loses_nothing_and_is_stored_once(
    tabs: Tabs, new_page: PageMaker
) -> None:
    run_id = tabs.new_run()
    page = opened(new_page(), tabs, run_id, "votes")
    page.get_by_label("Merge half into").select_option(label="0.5")
    page.get_by_role("textbox", name="Why").fill("Kept")
    tabs.refusal = (503, "The database is busy.")
    page.get_by_role("button", name="Save the groups").click()
    alert = page.get_by_role("alert").filter(has_text="Not saved: The database is busy.")
    expect(alert).to_be_visible()
    expect(page.get_by_role("textbox", name="Why")).to_have_value("Kept")
    tabs.refusal, tabs.lost = None, 1
    alert.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("The answer was lost.")).to_be_visible()
    page.get_by_role("alert").get_by_role("button", name="Try again").click()
    expect(page.get_by_role("region", name="Edits of the groups").get_by_role("listitem")).to_have_count(1)
    assert len({body["key"] for _, body in tabs.posted}) == 1
    assert len(tabs.told(run_id)["regrouping"]["log"]) == 1
    page.get_by_label("Move candidate 5").select_option(label="It gives no answer")
    tabs.regroup(run_id, rater="ben", aliases={"half": "0.25"})
    page.get_by_role("button", name="Save the groups").click()
    overtaken = page.get_by_role("alert").filter(has_text="Somebody has saved other groups since you began")
    expect(page.get_by_role("region", name="Edits of the groups").get_by_role("listitem").first).to_contain_text("ben")
    overtaken.get_by_role("button", name="Save mine").click()
    expect(page.get_by_role("region", name="Edits of the groups").get_by_role("listitem")).to_have_count(3)
    expect(group(page, "0.5").locator(".ct-card")).to_have_count(4)


# ---------- judge ----------


def test_the_judge_is_shown_in_both_orders_with_flips_and_unreadable_replies_in_words(
    tabs: Tabs, new_page: PageMaker
) -> None:
    run_id = tabs.new_run()
    page = opened(new_page(), tabs, run_id, "judge")
    told = tabs.told(run_id)["judge"]
    page.locator("label").filter(has_text=re.compile("^Flipped with the order")).click()
    pairs = page.locator(".ct-pair")
    expect(pairs).to_have_count(told["flips"])
    expect(pairs.first).to_contain_text("Flipped with the order")
    expect(pairs.first.locator(".ct-order")).to_have_count(2)
    expect(pairs.first.locator(".ct-reason").first).to_contain_text("It says <i>why</i>, in a sentence")
    page.locator("label").filter(has_text=re.compile("^A reply could not be read")).click()
    expect(pairs.first.locator("pre:visible")).to_have_text("I would rather <b>not</b> say.")
    wins = page.get_by_role("region", name="Wins of each candidate").get_by_role("row")
    expect(wins).to_have_count(len(told["wins"]) + 1)
    assert page.evaluate("window.pwned") is None


# ---------- ledger ----------


def test_a_link_is_walked_to_shown_turned_over_by_keyboard_told_and_undone(tabs: Tabs, new_page: PageMaker) -> None:
    run_id = tabs.new_run()
    page = opened(new_page(), tabs, run_id, "ledger")
    page.get_by_role("gridcell", name="Sentence 1, candidate 1: copied, word for word").focus()
    for key in ("ArrowDown", "ArrowRight", "Enter"):
        page.keyboard.press(key)
    pair = page.get_by_role("region", name="Sentence and source")
    expect(pair).to_contain_text("Reworded")
    expect(pair.locator("mark").first).to_have_text("A cake cut in two equal pieces shows it very well.")
    expect(pair.locator("mark").last).to_have_text("A cake cut in two equal parts shows it well.")
    page.keyboard.press("Space")
    cell = page.get_by_role("gridcell", name="Sentence 2, candidate 2: not in it, unlinked by ada")
    expect(cell).to_be_focused()
    expect(page.get_by_role("region", name="Corrected links")).to_contain_text("does not rest on it")
    page.reload()
    expect(cell).to_be_visible()
    page.get_by_role("gridcell", name="Sentence 3, candidate 4").click()
    pair.get_by_role("button", name="Yes", exact=True).click()
    expect(page.get_by_role("gridcell", name="Sentence 3, candidate 4: linked by hand, linked by ada")).to_be_visible()
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(page.get_by_role("gridcell", name="Sentence 3, candidate 4: not in it")).to_be_visible()
    expect(page.get_by_role("region", name="New: no candidate says this")).to_contain_text("ancient Egyptians")
    page.get_by_role("gridcell", name="Sentence 4, candidate 5: contradicts it").click()
    expect(pair.locator("mark").last).to_have_text("It takes 3 halves to make one whole cake.")


# ---------- flaws ----------


def test_marked_words_are_stored_as_their_source_and_lit_again_after_a_reload(tabs: Tabs, new_page: PageMaker) -> None:
    run_id = tabs.new_run()
    page = opened(new_page(), tabs, run_id, "flaws")
    expect(page.get_by_text("You have marked nothing here yet.")).to_be_visible()
    for number, words in enumerate(PLACES, start=1):
        select(page, words)
        page.keyboard.press("c")
        page.keyboard.press("2")
        expect(marks(page)).to_have_count(number)
    page.evaluate(SELECT_FORMULA)
    expect(page.locator(".ct-aimed")).to_contain_text("“$x^2 + 1$”")
    page.keyboard.press("r")
    page.keyboard.press("1")
    expect(marks(page).get_by_text("Saving")).to_have_count(0)
    stored = [MIXED[each["start"] : each["end"]] for each in tabs.told(run_id, "/flaws?rater=ada")["flaws"]]
    assert stored == [*PLACES.values(), "$x^2 + 1$"]
    before = page.evaluate(LIT)
    page.reload()
    expect(marks(page)).to_have_count(len(stored))
    expect(page.locator('.case-cand[data-position="3"] .ct-mark')).to_have_count(len(before))
    assert page.evaluate(LIT) == before


def test_words_are_walked_and_marked_by_keyboard_and_keys_are_given_back(tabs: Tabs, new_page: PageMaker) -> None:
    run_id = tabs.new_run()
    page = opened(new_page(), tabs, run_id, "flaws")
    expect(page.get_by_text("You have marked nothing here yet.")).to_be_visible()
    page.locator('.case-cand[data-position="3"] .fx-body').focus()
    for key in ("ArrowRight", "ArrowRight", "Shift+ArrowRight"):
        page.keyboard.press(key)
    expect(page.locator(".ct-aimed")).to_contain_text("“😀😀 with”")
    page.keyboard.press("v")
    expect(page.get_by_role("button", name="Length and structure")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("3")
    expect(marks(page)).to_contain_text("Length and structure, critical: “😀😀 with”")
    page.keyboard.press("n")
    page.keyboard.type("vague, not c")
    page.keyboard.press("Enter")
    expect(marks(page)).to_contain_text("vague, not c")
    page.keyboard.press("Escape")
    page.keyboard.press(",")
    page.keyboard.press("x")
    page.keyboard.press("1")
    page.keyboard.type("odd")
    page.keyboard.press("Enter")
    expect(marks(page)).to_have_count(2)
    page.keyboard.press("Escape")
    page.keyboard.press("Control+z")
    expect(marks(page)).to_have_count(1)
    page.keyboard.press("v")
    expect(page.get_by_role("tab", name="Votes")).to_have_attribute("aria-selected", "true")
    expect(page.locator(".ct-mark")).to_have_count(0)


def test_two_people_mark_at_once_and_each_sees_both_and_changes_only_their_own(tabs: Tabs, new_page: PageMaker) -> None:
    run_id = tabs.new_run()
    ada = opened(new_page(), tabs, run_id, "flaws", rater="ada")
    ben = opened(new_page(), tabs, run_id, "flaws", rater="ben")
    for page, words in ((ada, "bold words"), (ben, "words and code")):
        expect(page.get_by_text("You have marked nothing here yet.")).to_be_visible()
        select(page, words)
        page.keyboard.press("c")
    for page in (ada, ben):
        page.keyboard.press("2")
        expect(marks(page)).to_have_count(1)
        expect(marks(page).get_by_text("Saving")).to_have_count(0)
    ada.route("**/flaws?rater=ada", lambda route: route.fulfill(json=with_study(route.fetch().json())))
    ada.reload()
    others = ada.get_by_role("list", name="Other people’s").get_by_role("listitem")
    expect(others.filter(has_text="ben")).to_contain_text("Factually wrong, major")
    expect(others.filter(has_text="بلال")).to_contain_text("Study: <b>Pilot</b>")
    expect(others.get_by_role("button", name=re.compile("Change|Remove"))).to_have_count(0)
    expect(ada.locator(".ct-mark.is-other").first).to_be_visible()
    ada.unroute("**/flaws?rater=ada")
    ada.get_by_role("button", name="Change C1").click()
    ada.get_by_label("Kind", exact=True).select_option("wrong entity")
    ada.get_by_role("region", name="Mark a flaw").get_by_role("button", name="Critical").click()
    expect(marks(ada)).to_contain_text("Factually wrong: wrong entity, critical")
    ada.get_by_role("button", name="Remove C1", exact=True).click()
    expect(marks(ada)).to_have_count(0)
    ada.get_by_role("button", name="Undo", exact=True).first.click()
    expect(marks(ada)).to_contain_text("wrong entity, critical")


def test_suggestions_stand_apart_are_taken_over_or_dismissed_and_failure_is_told(
    tabs: Tabs, new_page: PageMaker
) -> None:
    run_id = tabs.new_run()
    page = opened(new_page(), tabs, run_id, "flaws")
    apart = page.get_by_role("region", name="Suggested by a model")
    apart.get_by_label("Text to be looked at").select_option(label="Candidate 3")
    apart.get_by_label("Judge model").select_option("ben")
    apart.get_by_role("button", name="Suggest flaws").click()
    expect(apart.get_by_role("alert")).to_contain_text("Slow down: 20 requests a minute.")
    apart.get_by_label("Judge model").select_option("judy")
    apart.get_by_role("button", name="Suggest flaws").dblclick()
    expect(apart.get_by_text("judy suggests 1 flaw in Candidate 3.")).to_be_visible()
    assert [what for what, _ in tabs.posted] == ["suggest", "suggest"]
    expect(page.locator(".ct-mark.is-model")).to_have_text("bold words")
    expect(marks(page)).to_have_count(0)
    apart.get_by_role("button", name="Take over").click()
    expect(marks(page)).to_contain_text("“bold words”")
    expect(apart.get_by_text("Taken over by you")).to_be_visible()
    apart.get_by_role("button", name="Dismiss").click()
    expect(page.locator(".ct-mark.is-model")).to_have_count(0)
    apart.get_by_role("button", name="Show what was dismissed").click()
    expect(page.locator(".ct-mark.is-model")).to_have_count(1)


def test_a_mark_that_cannot_be_stored_is_kept_over_a_reload_and_stored_once(tabs: Tabs, new_page: PageMaker) -> None:
    run_id = tabs.new_run()
    page = opened(new_page(), tabs, run_id, "flaws")
    expect(page.get_by_text("You have marked nothing here yet.")).to_be_visible()
    tabs.refusal = (503, "The database is busy.")
    select(page, "bold words")
    page.keyboard.press("c")
    page.keyboard.press("2")
    expect(marks(page)).to_contain_text("Saving")
    expect(page.get_by_role("alert").filter(has_text="1 change not stored yet")).to_contain_text(
        "The database is busy."
    )
    tabs.refusal, tabs.lost = None, 1
    page.reload()
    expect(marks(page)).to_have_count(1)
    expect(marks(page).get_by_text("Saving")).to_have_count(0, timeout=10_000)
    assert len(tabs.told(run_id, "/flaws?rater=ada")["flaws"]) == 1
    tabs.refusal = (400, "Not like this.")
    page.get_by_role("button", name="Remove C1", exact=True).click()
    alert = page.get_by_role("alert").filter(has_text="Not stored: removing a mark. Not like this.")
    alert.get_by_role("button", name="Discard").click()
    expect(marks(page)).to_have_count(1)


def test_a_removal_that_waits_behind_its_mark_finds_it_after_a_reload(tabs: Tabs, new_page: PageMaker) -> None:
    page = opened(new_page(), tabs, tabs.new_run(), "flaws")
    expect(page.get_by_text("You have marked nothing here yet.")).to_be_visible()
    tabs.refusal = (503, "The database is busy.")
    select(page, "bold words")
    page.keyboard.press("c")
    page.keyboard.press("2")
    page.get_by_role("button", name="Remove C1", exact=True).click()
    tabs.refusal = None
    page.route(REMOVALS, lambda route: route.abort())
    with page.expect_event("requestfailed"):
        page.get_by_role("button", name="Try now").click()
    page.unroute(REMOVALS)
    with page.expect_response(REMOVALS) as told:
        page.reload()
    assert told.value.ok


# ---------- for all ----------


@pytest.mark.parametrize("theme", ["dark", *later("light")])
def test_all_tabs_can_be_used_by_everybody_and_fit_a_narrow_window(tabs: Tabs, new_page: PageMaker, theme: str) -> None:
    run_id = tabs.new_run()
    page = opened(new_page(color_scheme=theme), tabs, run_id, "votes")
    found: dict[str, Any] = {}
    page.get_by_label("Merge half into").select_option(label="0.5")
    expect(page.get_by_role("region", name="After")).to_contain_text("would have stopped")
    found["votes"] = tab_violations(page)
    for tab in ("judge", "ledger", "flaws"):
        page.get_by_role("tab", name=tab.capitalize()).click()
        if tab == "ledger":
            page.get_by_role("gridcell", name="Sentence 2, candidate 2").click()
        if tab == "flaws":
            expect(page.get_by_text("You have marked nothing here yet.")).to_be_visible()
            select(page, "bold words")
            page.keyboard.press("c")
        found[tab] = tab_violations(page)
    assert not {tab: each for tab, each in found.items() if each}
    page.set_viewport_size({"width": 320, "height": 700})
    for tab in ("votes", "judge", "ledger", "flaws"):
        page.get_by_role("tab", name=tab.capitalize()).click()
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, tab


def tab_violations(page: Page) -> list[str]:
    """What axe has to say about the tabs and the bar."""
    bar = [[".ct-bar"]] if page.locator(".ct-bar:visible").count() else []
    return violations(page, {"include": [[".case-evidence"], *bar]})
