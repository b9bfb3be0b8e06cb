"""Faults seen in other tools (ux.md part E, by number) and a network that fails: nothing is lost, nothing doubled."""

import json

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import until
from tests.e2e.rateserver import PageMaker, Shown, Trials, opened, pairs, pressed_in_vain, shown_trials
from tests.e2e.stage import Stage

pytestmark = pytest.mark.browser


@pytest.fixture
def trials(stage: Stage) -> Trials:
    return shown_trials(stage, pairs(4))


def judged(page: Page, key: str = "f") -> Page:
    page.keyboard.press(key)
    page.keyboard.press("Enter")
    return page


def try_now(page: Page) -> None:
    """Press the button, unless it has been tried again by itself meanwhile and the button is gone."""
    page.evaluate("""() => [...document.querySelectorAll("button")]
        .find((each) => each.textContent.trim() === "Try now")?.click()""")


def test_fault_1_a_second_press_or_a_held_key_stores_one_judgement(trials: Trials, new_page: PageMaker) -> None:
    """Part E, 1: a second click or key repeat stores a second vote."""
    page = opened(new_page(), trials)
    trials.holding = "saves"
    page.keyboard.press("f")
    page.keyboard.down("Enter")
    for _ in range(5):
        page.keyboard.down("Enter")  # a held key repeats
    page.keyboard.up("Enter")
    page.keyboard.press("Enter")
    page.locator(".rate-submit").dblclick(force=True)
    trials.holding = ""
    expect(page.get_by_text("Item 2 /")).to_be_visible()
    judged(page)
    expect(page.get_by_text("Item 3 /")).to_be_visible()
    assert [each["trial"] for each in trials.posted] == ["t0", "t1"]
    assert len(trials.stored) == 2


def test_fault_1_a_double_click_on_skip_skips_one_item(trials: Trials, new_page: PageMaker) -> None:
    """Part E, 1: a second click skips the next item too."""
    page = opened(new_page(), trials)
    page.get_by_role("button", name="Skip", exact=True).click()
    page.get_by_label("unclear").check()
    page.get_by_role("button", name="Skip it").dblclick()
    expect(page.get_by_text("Item 2 /")).to_be_visible()
    assert [(each["trial"], each["verdict"], each["skip_reason"]) for each in trials.stored] == [
        ("t0", "skip", "unclear")
    ]


def test_fault_2_the_next_item_comes_only_when_the_last_is_stored(trials: Trials, new_page: PageMaker) -> None:
    """Part E, 2: votes are kept only in memory or browser storage."""
    page = opened(new_page(), trials)
    until(lambda: len(trials.asked) > 1, page)
    trials.holding = "saves"
    judged(page)
    expect(page.get_by_text("Saving …")).to_be_visible()
    expect(page.get_by_text("Item 1 /")).to_be_visible()
    assert trials.stored == []
    trials.holding = ""
    expect(page.get_by_text("Item 2 /")).to_be_visible()
    assert len(trials.stored) == 1


def test_an_item_fetched_ahead_too_late_is_not_shown_twice(trials: Trials, new_page: PageMaker) -> None:
    trials.lets_ahead = 0
    page = opened(new_page(), trials)
    until(lambda: trials.aheads == 1, page)
    judged(page)
    expect(page.get_by_text("Item 2 /")).to_be_visible()
    until(lambda: trials.aheads == 2, page)
    with page.expect_response(lambda reply: '"held"' in (reply.request.post_data or "")):
        trials.lets_ahead = 1
    judged(page)
    expect(page.get_by_text("Item 3 /")).to_be_visible()
    assert trials.asked == ["t0", "t1", "t1", "t2"]
    assert [each["trial"] for each in trials.posted] == ["t0", "t1"]


def test_an_item_that_comes_while_the_next_is_asked_for_is_not_shown_twice(trials: Trials, new_page: PageMaker) -> None:
    trials.lets_ahead = 0
    page = opened(new_page(), trials)
    until(lambda: trials.aheads == 1, page)
    trials.holding = "next"
    with page.expect_request(lambda request: request.url.endswith("/next")):
        judged(page)
    with page.expect_response(lambda reply: '"held"' in (reply.request.post_data or "")):
        trials.lets_ahead = 1
    trials.holding = ""
    expect(page.get_by_text("Item 2 /")).to_be_visible()
    judged(page)
    expect(page.get_by_text("Item 3 /")).to_be_visible()
    assert [each["trial"] for each in trials.posted] == ["t0", "t1"]


def test_an_item_that_waited_for_an_undo_is_not_shown_twice(trials: Trials, new_page: PageMaker) -> None:
    trials.lets_ahead = 1
    page = opened(new_page(), trials)
    until(lambda: len(trials.asked) == 2, page)
    judged(page)
    until(lambda: trials.aheads == 2, page)
    page.keyboard.press("u")
    until(lambda: trials.aheads == 3, page)
    with page.expect_response(lambda reply: '"held":["t0"]' in (reply.request.post_data or "")):
        trials.lets_ahead = 3
    judged(page, "t")
    expect(page.get_by_text("Item 2 /")).to_be_visible()
    judged(page)
    expect(page.get_by_text("Item 3 /")).to_be_visible()
    assert [each["trial"] for each in trials.posted] == ["t0", "t0", "t0", "t1"]


def test_fault_2_a_failed_save_is_told_kept_and_sent_again(trials: Trials, new_page: PageMaker) -> None:
    """Part E, 2: a vote that could not be saved is lost without a word."""
    page = opened(new_page(), trials)
    trials.broken = 1_000
    judged(page)
    expect(page.get_by_role("alert").filter(has_text="Not saved yet: The database is busy.")).to_be_visible()
    page.keyboard.press("j")  # keys rest until it is acknowledged
    pressed_in_vain(page, trials)
    trials.broken = 0
    try_now(page)
    expect(page.get_by_text("Item 2 /")).to_be_visible()
    expect(page.get_by_role("alert").filter(has_text="Not saved")).to_have_count(0)
    assert [(each["verdict"]) for each in trials.stored] == ["A"]
    assert len({each["key"] for each in trials.posted}) == 1


def test_a_failed_save_is_sent_again_by_itself(trials: Trials, new_page: PageMaker) -> None:
    page = opened(new_page(), trials)
    trials.broken = 1
    judged(page)
    expect(page.get_by_text("Item 2 /")).to_be_visible()
    assert len(trials.posted) == 2


def test_fault_2_a_judgement_that_never_arrived_survives_a_reload(trials: Trials, new_page: PageMaker) -> None:
    """Part E, 2: what waits in the browser is gone with the page."""
    page = opened(new_page(), trials)
    trials.broken = 1_000
    judged(page, "j")
    expect(page.get_by_role("button", name="Try now")).to_be_visible()
    trials.broken = 0
    page.reload()
    expect(page.get_by_text("Item 2 /")).to_be_visible()
    assert [(each["trial"], each["verdict"]) for each in trials.stored] == [("t0", "B")]
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('fx-rate-out'))") == []


def test_fault_2_a_rater_may_go_on_while_a_save_waits(trials: Trials, new_page: PageMaker) -> None:
    """Part E, 2: trouble on the way stops the session."""
    page = opened(new_page(), trials)
    until(lambda: len(trials.asked) > 1, page)
    trials.broken = 1_000
    judged(page, "t")
    page.get_by_role("button", name="Go on, keep it here").click()
    expect(page.get_by_text("Item 2 /")).to_be_visible()
    expect(page.get_by_role("alert").filter(has_text="kept on this device")).to_be_visible()
    pressed_in_vain(page, trials)
    trials.broken = 0
    try_now(page)
    until(lambda: len(trials.stored) == 1, page)
    expect(page.get_by_text("Item 2 /")).to_be_visible()


def test_a_lost_answer_stores_once(trials: Trials, new_page: PageMaker) -> None:
    page = opened(new_page(), trials)
    trials.unanswered = 1_000
    judged(page)
    pressed_in_vain(page, trials)
    trials.unanswered = 0
    try_now(page)
    expect(page.get_by_text("Item 2 /")).to_be_visible()
    assert len(trials.posted) > 5
    assert len(trials.stored) == 1


def test_a_dropped_connection_is_told_and_mended(trials: Trials, new_page: PageMaker) -> None:
    page = opened(new_page(), trials)
    page.route("**/judgement", lambda route: route.abort())
    judged(page)
    expect(page.get_by_role("alert").filter(has_text="could not be reached")).to_be_visible()
    page.unroute("**/judgement")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.get_by_text("Item 2 /")).to_be_visible()
    assert len(trials.stored) == 1


def test_an_item_that_others_took_is_explained_and_the_next_comes(trials: Trials, new_page: PageMaker) -> None:
    page = opened(new_page(), trials)
    until(lambda: len(trials.asked) > 1, page)
    trials.taken.add("t0")
    judged(page)
    expect(page.get_by_role("alert").filter(has_text="Others have taken this item meanwhile")).to_be_visible()
    page.get_by_role("button", name="Next item").click()
    expect(page.get_by_text("Item 2 /")).to_be_visible()
    assert trials.stored == []


def test_fault_3_two_sessions_keep_their_own_trial(trials: Trials, new_page: PageMaker) -> None:
    """Part E, 3: two sessions share state and receive each other's pair. Every save names its own trial."""
    first, second = opened(new_page(), trials, rater="ada"), opened(new_page(), trials, rater="ben")
    first.keyboard.press("f")
    judged(second, "j")
    expect(second.get_by_text("Item 2 /")).to_be_visible()
    first.keyboard.press("Enter")
    until(lambda: len(trials.posted) == 2, first)
    assert [(each["rater"], each["trial"], each["verdict"]) for each in trials.posted] == [
        ("ben", "t0", "B"),
        ("ada", "t0", "A"),
    ]


def test_fault_4_after_a_reveal_the_verdict_is_fixed_until_it_is_opened_again(
    trials: Trials, new_page: PageMaker
) -> None:
    """Part E, 4: a vote after the reveal is stored as blind."""
    page = opened(new_page(), trials)
    trials.revealing = True
    judged(page)
    expect(page.get_by_role("article", name="Answer A")).to_contain_text("fusion · ada")
    page.keyboard.press("j")
    page.locator(".rate-is-right").click(force=True)
    expect(page.locator(".rate-is-right")).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Item 2 /")).to_be_visible()
    assert [each["verdict"] for each in trials.stored] == ["A"]


def test_fault_4_a_change_after_the_reveal_names_what_it_replaces(trials: Trials, new_page: PageMaker) -> None:
    """Part E, 4: the server can only mark what came after a reveal if the change says which judgement it supersedes."""
    page = opened(new_page(), trials)
    trials.revealing = True
    judged(page)
    expect(page.get_by_text("fusion · ada")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Item 2 /")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("button", name="Save the change")).to_be_visible()
    judged(page, "j")
    until(lambda: len(trials.stored) == 2, page)
    assert trials.stored[1]["supersedes"] == trials.stored[0]["id"]


def test_fault_5_nothing_but_letters_and_words_reaches_the_page(trials: Trials, new_page: PageMaker) -> None:
    """Part E, 5: timing, badge or card order reveals identity. Both answers appear in one step, and look alike."""
    page = new_page()
    page.add_init_script("""window.counts = new Set();
      new MutationObserver(() => window.counts.add(document.querySelectorAll("article").length))
        .observe(document, {childList: true, subtree: true});""")
    opened(page, trials)
    assert page.evaluate("[...window.counts].sort()") == [0, 2]
    looks = page.locator("article").evaluate_all(
        """(nodes) => nodes.map((node) => { const style = getComputedStyle(node.querySelector(".rate-text"));
             const {width, height} = node.getBoundingClientRect();
             return JSON.stringify([style.font, style.color, width, height, [...node.attributes].map(({name}) => name)]); })"""  # noqa: E501
    )
    assert looks[0] == looks[1]
    assert json.loads(looks[0])[4] == ["class", "aria-label", "data-letter"]


def test_fault_6_a_verdict_goes_with_its_trial_and_never_with_a_name(trials: Trials, new_page: PageMaker) -> None:
    """Part E, 6: the winner is stored by display name. The page knows letters of this trial only."""
    page = opened(new_page(), trials)
    judged(page, "j")
    until(lambda: len(trials.posted) == 1, page)
    assert trials.posted[0]["trial"] == "t0"
    assert trials.posted[0]["verdict"] == "B"


def test_fault_11_both_bad_and_tie_are_their_own_verdicts(trials: Trials, new_page: PageMaker) -> None:
    """Part E, 11: both liked becomes one win and one loss."""
    page = opened(new_page(), trials)
    judged(page, "b")
    expect(page.get_by_text("Item 2 /")).to_be_visible()
    judged(page, "t")
    until(lambda: len(trials.stored) == 2, page)
    assert [(each["verdict"], each["strength"]) for each in trials.stored] == [("all_bad", 0), ("tie", 0)]


def test_fault_15_equal_prompts_keep_their_own_judgements(trials: Trials, new_page: PageMaker) -> None:
    """Part E, 15: prompts that begin alike collide. Items go by id, in the history too."""
    trials.shown = [pairs(1)[0]] * 3
    page = opened(new_page(), trials)
    judged(page, "f")
    expect(page.get_by_text("Item 2 /")).to_be_visible()
    judged(page, "j")
    expect(page.get_by_text("Item 3 /")).to_be_visible()
    page.keyboard.press("h")
    page.get_by_role("button", name="1 A better").click()
    expect(page.get_by_role("button", name="A better", exact=True)).to_have_attribute("aria-pressed", "true")
    assert [(each["trial"], each["verdict"]) for each in trials.stored] == [("t0", "A"), ("t1", "B")]


def test_fault_20_an_empty_answer_is_told_and_its_skip_is_prepared(trials: Trials, new_page: PageMaker) -> None:
    """Part E, 20: empty output is asked for again and again. It is shown as empty, and a skip says why."""
    trials.shown = [Shown(prompt="Say something.", texts=["", "Something."])]
    page = opened(new_page(), trials)
    expect(page.get_by_text("Answer A is empty")).to_be_visible()
    page.keyboard.press("s")
    expect(page.get_by_label("broken output")).to_be_checked()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Thank you, that was all.")).to_be_visible()
    assert trials.stored[0]["skip_reason"] == "broken output"


def test_a_server_that_fetches_nothing_ahead_still_serves(trials: Trials, new_page: PageMaker) -> None:
    trials.has_ahead = False
    page = opened(new_page(), trials)
    judged(page)
    expect(page.get_by_text("Item 2 /")).to_be_visible()
    judged(page)
    expect(page.get_by_text("Item 3 /")).to_be_visible()
    assert len(trials.stored) == 2


def test_a_page_that_cannot_list_studies_says_so_and_tries_again(trials: Trials, new_page: PageMaker) -> None:
    page = new_page()
    page.add_init_script("localStorage.setItem('fx-rater', '\"ada\"')")
    page.route("**/api/rate/studies*", lambda route: route.fulfill(status=503, json={"error": "Starting."}))
    page.goto(f"{trials.url}/?study=s1")
    expect(page.get_by_role("alert").filter(has_text="Starting.")).to_be_visible()
    page.unroute("**/api/rate/studies*")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("article", name="Answer A")).to_be_visible()


def test_an_undo_that_fails_is_sent_again_and_changes_nothing_before(trials: Trials, new_page: PageMaker) -> None:
    page = opened(new_page(), trials)
    judged(page)
    expect(page.get_by_text("Item 2 /")).to_be_visible()
    trials.broken = 1_000
    page.keyboard.press("u")
    page.get_by_role("button", name="Go on, keep it here").click()
    expect(page.get_by_text("Item 2 / 4 · 1 done")).to_be_visible()
    pressed_in_vain(page, trials)
    trials.broken = 0
    try_now(page)
    expect(page.get_by_text("Item 2 / 4 · 0 done")).to_be_visible()
    assert [each["verdict"] for each in trials.stored] == ["A", "withdrawn"]
