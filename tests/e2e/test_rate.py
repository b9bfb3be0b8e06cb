"""The rating screen in a real browser: every task, the way back, exact resume, pauses, small screens, accessibility."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import later, until, violations_in_both_themes
from tests.e2e.rateserver import ASKS, PageMaker, Shown, Trials, opened, pairs, shown_trials
from tests.e2e.stage import Stage

pytestmark = pytest.mark.browser
CRITERIA = [
    {"key": key, "label": label, "anchors": ["poor", "fair", "good"]}
    for key, label in (("correct", "Correctness"), ("clear", "Clarity"))
]
LONG = "Many words follow one another here. " * 200


@pytest.fixture
def trials(stage: Stage) -> Trials:
    return shown_trials(stage, pairs(4))


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def item(page: Page, number: int) -> None:
    expect(page.get_by_text(re.compile(rf"^Item {number} /"))).to_be_visible()


def stored(page: Page, trials: Trials, count: int = 1) -> dict[str, Any]:
    until(lambda: len(trials.stored) == count, page)
    return trials.stored[-1]


def several(trials: Trials, task: str, count: int = 3, **more: Any) -> Trials:
    trials.shown = [Shown(prompt="Which?", texts=[f"Text {at}." for at in range(count)], task=task, **more)]
    return trials


def chosen(page: Page, *verdicts: str) -> None:
    """These verdicts are pressed, and no others."""
    expect(page.locator(".rate-verdict[aria-pressed=true] span")).to_have_text(verdicts)


def test_a_newcomer_says_a_name_once_and_chooses_a_study(trials: Trials, new_page: PageMaker) -> None:
    page = new_page()
    page.goto(trials.url)
    page.get_by_label("Your name").fill("Ada")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Which answer is better?").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Which answer is better?")
    expect(page).to_have_url(re.compile("study=s1"))
    page.reload()
    expect(page.get_by_role("article", name="Answer A")).to_be_visible()
    press(page, "f", "Enter")
    assert stored(page, trials)["rater"] == "Ada"


def test_the_contract_of_the_screen_holds(trials: Trials, new_page: PageMaker) -> None:
    page = opened(new_page(), trials)
    for name in ("A better", "B better", "Tie", "Both bad", "Skip", "Undo"):
        expect(page.get_by_role("button", name=name, exact=True)).to_be_visible()
    expect(page.get_by_role("article", name="Answer B")).to_contain_text("Right 1.")
    press(page, "f", "Enter")
    expect(page.get_by_role("status").first).to_have_text("Saved 12:04:05")


def test_no_link_leads_a_rater_away(trials: Trials, new_page: PageMaker) -> None:
    page = opened(new_page(), trials)
    expect(page.get_by_role("link")).to_have_count(0)


def test_a_judgement_tells_what_the_rater_saw(trials: Trials, new_page: PageMaker) -> None:
    page = opened(new_page(), trials)
    press(page, "d")
    expect(page.get_by_role("dialog", name="Difference")).to_contain_text("Rayleigh")
    press(page, "Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    press(page, "f", "Enter")
    body = stored(page, trials)
    assert body["viewport"] == [1440, 1000]
    assert body["view"] == "rendered"
    assert body["aids"] == ["diff"]


def test_a_diff_marks_what_only_one_says(trials: Trials, new_page: PageMaker) -> None:
    page = opened(new_page(), trials)
    press(page, "d")
    expect(page.get_by_role("region", name="Words of answer A").locator("ins").first).to_have_text("Left")
    press(page, "d")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_undo_takes_the_last_judgement_back_and_opens_it_again(trials: Trials, new_page: PageMaker) -> None:
    page = opened(new_page(), trials)
    press(page, "j", "Enter")
    item(page, 2)
    press(page, "u")
    item(page, 1)
    assert stored(page, trials, 2)["verdict"] == "withdrawn"
    chosen(page)
    press(page, "t", "Enter")
    item(page, 2)
    assert stored(page, trials, 3)["verdict"] == "tie"
    assert [each["trial"] for each in trials.stored] == ["t0", "t0", "t0"]


def test_undo_first_clears_what_is_not_saved(trials: Trials, new_page: PageMaker) -> None:
    page = opened(new_page(), trials)
    press(page, "f", "1", "Control+z")
    chosen(page)
    assert trials.posted == []


def test_any_past_decision_can_be_changed(trials: Trials, new_page: PageMaker) -> None:
    page = opened(new_page(), trials)
    for number, key in enumerate("ft", start=2):
        press(page, key, "Enter")
        item(page, number)
    press(page, "h")
    page.get_by_role("button", name=re.compile("^1 A better")).click()
    expect(page.get_by_role("button", name="Save the change")).to_be_visible()
    chosen(page, "A better")
    press(page, "j", "Enter")
    item(page, 3)
    assert stored(page, trials, 3)["supersedes"] == "j0"
    assert trials.stored[2]["trial"] == "t0"


def test_what_was_decided_before_the_history_had_come_is_in_it(trials: Trials, new_page: PageMaker) -> None:
    trials.holding = "history"
    page = opened(new_page(), trials)
    press(page, "f", "Enter")
    item(page, 2)
    with page.expect_response(re.compile("/history")):
        trials.holding = ""
    page.wait_for_timeout(100)  # the page reads what has come
    press(page, "h")
    expect(page.get_by_role("button", name=re.compile("^1 A better"))).to_be_visible()


def test_arrows_walk_through_what_was_decided(trials: Trials, new_page: PageMaker) -> None:
    page = opened(new_page(), trials)
    for number, key in enumerate("ft", start=2):
        press(page, key, "Enter")
        item(page, number)
    for key, number in (("ArrowLeft", 2), ("ArrowLeft", 1), ("ArrowRight", 2), ("ArrowRight", 3)):
        press(page, key)
        item(page, number)


def test_a_reload_resumes_at_the_same_item_with_its_draft(trials: Trials, new_page: PageMaker) -> None:
    page = opened(new_page(), trials)
    press(page, "f", "Enter")
    item(page, 2)
    press(page, "Shift+J", "Shift+1", "n")
    expect(page.get_by_label("Note")).to_be_focused()
    page.keyboard.type("Half a thought")
    page.reload()
    item(page, 2)
    chosen(page, "B better")
    expect(page.get_by_label("Note")).to_have_value("Half a thought")
    expect(page.get_by_label("much better")).to_be_checked()


def test_another_device_resumes_with_the_draft_of_the_server(trials: Trials, new_page: PageMaker) -> None:
    page = opened(new_page(), trials)
    press(page, "t")
    until(lambda: "t0" in trials.drafts, page)
    other = opened(new_page(), trials)
    chosen(other, "Tie")


def test_a_skip_needs_a_reason_and_only_two_keys(trials: Trials, new_page: PageMaker) -> None:
    page = opened(new_page(), trials)
    press(page, "s")
    expect(page.get_by_role("button", name="Skip it")).to_be_disabled()
    press(page, "2", "Enter")
    item(page, 2)
    assert stored(page, trials)["skip_reason"] == "outside my expertise"


def test_best_and_worst_are_picked_by_digits(trials: Trials, new_page: PageMaker) -> None:
    page = opened(new_page(), several(trials, "best-worst"))
    press(page, "2", "Enter")
    expect(page.get_by_text("Choose the worst answer too.")).to_be_visible()
    press(page, "Shift+3", "Enter")
    body = stored(page, trials)
    assert (body["verdict"], body["best"], body["worst"]) == ("ranking", "B", "C")


def test_answers_are_ranked_by_digits_with_ties(trials: Trials, new_page: PageMaker) -> None:
    page = opened(new_page(), several(trials, "ranking", 4))
    press(page, "3", "1", "Shift+4")
    expect(page.get_by_role("list", name="Your order, the best first").get_by_role("listitem")).to_have_count(3)
    press(page, "Enter")
    assert stored(page, trials)["ranking"] == [["C"], ["A", "D"], ["B"]]


def test_arrows_move_an_answer_into_and_out_of_ties(trials: Trials, new_page: PageMaker) -> None:
    page = opened(new_page(), several(trials, "ranking"))
    press(page, "1", "2", "o", "ArrowDown")
    expect(page.get_by_role("button", name="Answer A, place 1, tied.")).to_be_focused()
    press(page, "ArrowDown", "ArrowDown")
    page.locator(".rate-submit").click()
    assert stored(page, trials)["ranking"] == [["B"], ["A", "C"]]


def test_answers_are_dragged_into_order(trials: Trials, new_page: PageMaker) -> None:
    page = opened(new_page(), several(trials, "ranking"))
    press(page, "1")
    expect(page.locator(".rate-tier .rate-chip")).to_be_visible()
    third = page.locator(".rate-chip[data-letter=C]").bounding_box()
    first = page.locator(".rate-tier").first.bounding_box()
    assert third is not None
    assert first is not None
    page.mouse.move(third["x"] + 20, third["y"] + 20)
    page.mouse.down()
    page.mouse.move(first["x"] + 30, first["y"] + 20, steps=5)
    page.mouse.move(first["x"] + 2, first["y"] + 20, steps=3)
    page.mouse.up()
    press(page, "2", "Enter")
    assert stored(page, trials)["ranking"] == [["C"], ["A"], ["B"]]


def test_a_rubric_is_filled_with_digits_and_arrows(trials: Trials, new_page: PageMaker) -> None:
    page = opened(new_page(), several(trials, "rubric", 2, criteria=CRITERIA))
    press(page, "3", "2")
    expect(page.get_by_role("gridcell", name="Correctness, answer B: no score yet")).to_be_focused()
    expect(page.locator(".rate-anchors")).to_contain_text("Correctness, answer B")
    press(page, "1", "Enter")
    expect(page.get_by_text("1 score is missing.")).to_be_visible()
    press(page, "ArrowUp", "2", "3", "Enter")
    assert stored(page, trials)["scores"] == {"A": {"correct": 3, "clear": 2}, "B": {"correct": 2, "clear": 3}}


def test_training_says_how_it_was_and_waits(trials: Trials, new_page: PageMaker) -> None:
    trials.shown = [Shown(prompt="?", texts=["a", "b"], kind="training", feedback="Expected was answer B."), *pairs(1)]
    page = opened(new_page(), trials)
    expect(page.get_by_text("Training item 1")).to_be_visible()
    press(page, "f", "Enter")
    expect(page.get_by_text("Expected was answer B.")).to_be_visible()
    press(page, "Enter")
    item(page, 2)


def test_answers_scroll_alone_or_together(trials: Trials, new_page: PageMaker) -> None:
    trials.shown = [Shown(prompt="?", texts=[LONG, LONG])]
    page = opened(new_page(), trials)
    first, second = page.get_by_label("Text of answer A"), page.get_by_label("Text of answer B")
    first.evaluate("(node) => { node.scrollTop = 50; }")
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert second.evaluate("(node) => node.scrollTop") == 0
    press(page, "l")
    first.evaluate("(node) => { node.scrollTop = 200; }")
    page.wait_for_function("document.querySelectorAll('.rate-body')[1].scrollTop === 200")


def test_raw_text_is_one_key_away(trials: Trials, new_page: PageMaker) -> None:
    trials.shown = [Shown(prompt="?", texts=["**bold**", "b"])]
    page = opened(new_page(), trials)
    expect(page.get_by_role("article", name="Answer A").locator("strong")).to_have_text("bold")
    press(page, "m")
    expect(page.get_by_role("article", name="Answer A")).to_contain_text("**bold**")


def test_two_idle_minutes_pause_and_do_not_count(trials: Trials, new_page: PageMaker) -> None:
    page = new_page(has_clock=True)
    page.clock.install(time=datetime(2026, 1, 1, 12, 0, tzinfo=UTC))
    opened(page, trials)
    page.clock.run_for(10_000)
    page.clock.run_for(600_000)
    expect(page.get_by_role("alertdialog", name="Paused")).to_be_visible()
    press(page, "f")
    expect(page.get_by_role("alertdialog", name="Paused")).to_be_hidden()
    chosen(page)
    press(page, "f", "Enter")
    until(lambda: len(trials.posted) == 1, page)
    assert 100 <= trials.posted[0]["active_seconds"] < 300  # of 610, and what the machine took


def test_hidden_time_does_not_count(trials: Trials, new_page: PageMaker) -> None:
    page = new_page(has_clock=True)
    page.clock.install(time=datetime(2026, 1, 1, 12, 0, tzinfo=UTC))
    opened(page, trials)
    page.clock.run_for(5_000)
    page.evaluate("Object.defineProperty(document, 'hidden', {value: true, configurable: true})")
    page.clock.run_for(80_000)
    page.evaluate("Object.defineProperty(document, 'hidden', {value: false, configurable: true})")
    page.clock.run_for(5_000)
    press(page, "f", "Enter")
    until(lambda: len(trials.posted) == 1, page)
    assert 7 <= trials.posted[0]["active_seconds"] < 60  # of 90, and what the machine took


def test_the_end_thanks_and_lets_the_last_be_taken_back(trials: Trials, new_page: PageMaker) -> None:
    trials.shown = pairs(1)
    page = opened(new_page(), trials)
    press(page, "f", "Enter")
    expect(page.get_by_text("1 item judged by you")).to_be_visible()
    press(page, "u")
    item(page, 1)


@pytest.mark.parametrize("width", [320, *later(390)])
def test_a_phone_shows_one_answer_at_a_time_and_nothing_overflows(
    trials: Trials, new_page: PageMaker, width: int
) -> None:
    trials.shown = [Shown(prompt="Why?", texts=[LONG, LONG])]
    page = opened(new_page(width=width, height=640, has_touch=True), trials)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("button", name="Go to answer B").tap()
    expect(page.get_by_role("article", name="Answer B")).to_be_in_viewport(ratio=0.5)
    page.get_by_role("button", name="B better", exact=True).tap()
    page.locator(".rate-submit").tap()
    assert stored(page, trials)["verdict"] == "B"


def test_at_twice_the_size_everything_can_be_reached(trials: Trials, new_page: PageMaker) -> None:
    page = opened(new_page(width=720, height=450), trials)
    assert page.evaluate("document.documentElement.scrollWidth") <= 720
    for name in ("A better", "Both bad", "Skip", "Undo", "Save"):
        page.get_by_role("button", name=name, exact=True).scroll_into_view_if_needed()
        expect(page.get_by_role("button", name=name, exact=True)).to_be_in_viewport()


TASKS = {
    "pairwise": Shown(prompt="Why?", texts=["**a** $x$\n\n```\ncode\n```", "b"], reference="r"),
    "ranking": Shown(prompt="Why?", texts=["a", "b", "c", "d"], task="ranking"),
    "best-worst": Shown(prompt="Why?", texts=["a", "b", "c"], task="best-worst"),
    "rubric": Shown(prompt="Why?", texts=["a", "b"], task="rubric", criteria=CRITERIA),
}


@pytest.mark.parametrize("task", ["pairwise", *later("rubric", "ranking", "best-worst")])
def test_no_rule_of_accessibility_is_broken(trials: Trials, new_page: PageMaker, task: str) -> None:
    trials.shown = [TASKS[task]]
    page = opened(new_page(reduced_motion="reduce"), trials)
    press(page, *({"rubric": "3", "pairwise": "f1"}.get(task, "1")))
    assert violations_in_both_themes(page) == []
    press(page, "e", "ArrowRight", "c")
    expect(page.get_by_role("list", name="Marked errors")).to_be_visible()
    assert violations_in_both_themes(page) == []
    press(page, "?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    assert violations_in_both_themes(page) == []


def test_a_study_that_asks_little_shows_little(trials: Trials, new_page: PageMaker) -> None:
    asks = ASKS | {"reasons": [], "confidence": False, "notes": False, "spans": False}
    trials.shown = pairs(2, asks=asks)
    page = opened(new_page(), trials)
    for name in ("Errors", "correct"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)
    press(page, "n", "e", "c", "f", "Enter")
    item(page, 2)
