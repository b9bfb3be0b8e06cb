"""The board in a real browser: streaming, sources, keys, ratings that are never lost or doubled, and reconnecting."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from fusion_ui.engine.events import CandidateFinished, Event, FusionStarted, RunFinished, RunStarted, SamplingStopped
from fusion_ui.engine.values import Failure, Prompt
from tests.e2e.boardserver import Boards, shown_boards
from tests.e2e.conftest import until, violations_in_both_themes
from tests.e2e.stage import Stage
from tests.ui.boards import RECIPE, lost, whole_run

pytestmark = pytest.mark.browser
PageMaker = Callable[..., Page]

TEXTS = {
    "The whole trip is 120 km in 3 hours, which makes 40 km/h.\n\n- a\n- b\n\nAnswer: 40": "40",
    "| leg | km |\n|---|---|\n| there | 60 |\n\nSo it must be forty.\n\nAnswer: 40": "40",
    "Take the middle: $\\frac{30+60}{2} = 45$.\n\nAnswer: 45": "45",
}
FUSED = (
    "The whole trip is 120 km in 3 hours, which makes 40 km/h. Nobody said this before, not even once.\n\nAnswer: 40"
)
RUN = whole_run(TEXTS, fused_text=FUSED)
FAILED: list[Event] = [
    RunStarted(prompt=Prompt(text="كم؟", language="ar"), recipe=RECIPE),
    *lost(1, Failure(stage="sampling", kind="rate", message="Asked to wait 40 s.", text="Half a")),
    SamplingStopped(reason="cap", draws=0),
    RunFinished(ended="failed"),
]
MANY = whole_run({f"Text {at}. {'Many words follow. ' * 20}": str(at % 3) for at in range(32)})


@pytest.fixture
def boards(stage: Stage) -> Boards:
    return shown_boards(stage, {"run": RUN, "failed": FAILED, "many": MANY})


def opened(page: Page, boards: Boards, run: str = "run", *, is_done: bool = True) -> Page:
    page.goto(f"{boards.url}/?run={run}")
    if is_done:
        expect(page.get_by_role("status")).to_contain_text(re.compile("^Done"))
    return page


def upto(kind: type[Event]) -> int:
    return next(at for at, event in enumerate(RUN) if isinstance(event, kind)) + 1


def test_text_grows_word_by_word_and_is_drawn_once_it_is_final(boards: Boards, new_page: PageMaker) -> None:
    boards.steps["run"] = 4
    page = opened(new_page(), boards, is_done=False)
    first = page.get_by_role("article", name=re.compile("^Candidate 1 "))
    expect(first).to_contain_text("The whole trip")
    expect(first).to_contain_text("writing")
    boards.steps["run"] = upto(CandidateFinished)
    expect(first.get_by_role("listitem")).to_have_count(2)
    expect(first).to_contain_text("20 tokens · 0.9 s · $0.0010")


def test_the_page_hears_when_a_run_lives_and_ends(boards: Boards, new_page: PageMaker) -> None:
    boards.steps["run"] = 4
    page = opened(new_page(), boards, is_done=False)
    expect(page.get_by_role("status")).to_have_text("Sampling candidates.")
    del boards.steps["run"]
    expect(page.get_by_role("status")).to_contain_text("Done.")
    told = [{"run": "run", "state": state} for state in ("loading", "live", "ended")]
    until(lambda: page.evaluate("window.heard.map(({ run, state }) => ({ run, state }))") == told, page)


def test_a_cut_connection_loses_nothing_and_moves_nothing(boards: Boards, new_page: PageMaker) -> None:
    boards.steps["run"] = upto(FusionStarted) + 3
    page = opened(new_page(height=500), boards, is_done=False)
    expect(page.get_by_role("region", name="Fused answer")).to_contain_text("The whole trip")
    page.evaluate("scrollTo(0, 300); document.querySelector('.fx-cand').dataset.kept = 'yes'")
    text = page.locator("#board").inner_text()
    boards.dropped += 1
    until(lambda: boards.streams == 2, page)
    expect(page.locator("#board")).to_have_text(text, use_inner_text=True)
    assert page.evaluate("[scrollY, document.querySelector('.fx-cand').dataset.kept]") == [300, "yes"]
    del boards.steps["run"]
    expect(page.get_by_role("status")).to_contain_text("Done.")


def test_a_run_that_is_not_there_is_told(boards: Boards, new_page: PageMaker) -> None:
    page = opened(new_page(), boards, "nowhere", is_done=False)
    expect(page.get_by_role("alert").first).to_contain_text("could not be opened")


def test_a_source_leads_to_its_passage(boards: Boards, new_page: PageMaker) -> None:
    page = opened(new_page(), boards)
    page.get_by_role("button", name=re.compile("^Source: candidate 1, copied")).first.click()
    expect(page.get_by_role("article", name=re.compile("^Candidate 1 "))).to_be_focused()
    expect(page.locator(".fx-cand .fx-said.is-lit").first).to_contain_text("The whole trip is 120 km")
    expect(page.get_by_role("region", name="Fused answer")).to_contain_text("This sentence rests on")
    page.keyboard.press("Escape")
    expect(page.locator(".is-lit")).to_have_count(0)


def test_what_no_candidate_said_is_marked_as_new(boards: Boards, new_page: PageMaker) -> None:
    page = opened(new_page(), boards)
    new = page.locator(".fx-fusion .fx-said.is-new")
    expect(new).to_contain_text("Nobody said this before")
    expect(page.locator(".fx-fusion .fx-source.is-new")).to_have_text("new")


def test_one_candidates_share_can_be_shown_alone(boards: Boards, new_page: PageMaker) -> None:
    page = opened(new_page(), boards)
    share = page.get_by_role("button", name=re.compile("^Candidate 1: .*copied"))
    share.click()
    expect(share).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".fx-fusion .fx-said.is-lit").first).to_contain_text("The whole trip")
    expect(page.locator(".fx-fusion .fx-said.is-new")).not_to_have_class(re.compile("is-lit"))


def test_digits_and_arrows_move_between_candidates(boards: Boards, new_page: PageMaker) -> None:
    page = opened(new_page(), boards)
    page.keyboard.press("2")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("article", name=re.compile("^Candidate 3 "))).to_be_focused()
    page.keyboard.press("p")
    page.keyboard.press("+")
    page.keyboard.press("+")
    expect(page.get_by_role("radio", name="Candidate 3")).to_be_checked()
    expect(page.get_by_role("group", name="Stars for candidate 3").get_by_role("radio", name="2 stars")).to_be_checked()


def test_no_key_fires_while_somebody_types(boards: Boards, new_page: PageMaker) -> None:
    page = opened(new_page(), boards)
    page.keyboard.press("n")
    page.keyboard.type("p1b+?")
    expect(page.get_by_label("Note")).to_have_value("p1b+?")
    expect(page.get_by_label("Note")).to_be_focused()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator("[aria-label='Your rating'] input:checked")).to_have_count(0)


def test_single_keys_can_be_switched_off(boards: Boards, new_page: PageMaker) -> None:
    page = opened(new_page(), boards)
    page.keyboard.press("?")
    page.get_by_label("Single-key shortcuts are on").uncheck()
    page.get_by_role("button", name="Close").click()
    page.keyboard.press("2")
    expect(page.get_by_role("article", name=re.compile("^Candidate 2 "))).not_to_be_focused()


def test_a_double_press_posts_once(boards: Boards, new_page: PageMaker) -> None:
    page = opened(new_page(), boards)
    page.get_by_role("radio", name="Fused answer").check()
    page.get_by_role("button", name="Save rating").dblclick()
    expect(
        page.get_by_text(re.compile(r"Saved \d\d:\d\d:\d\d · revision 1 · given with names visible"))
    ).to_be_visible()
    assert [body["preferred"] for body in boards.posted] == ["fusion"]


def test_a_save_that_fails_keeps_the_draft_over_a_reload_and_its_key(boards: Boards, new_page: PageMaker) -> None:
    page = opened(new_page(), boards)
    boards.broken = 1
    page.get_by_role("radio", name="Tie").check()
    page.get_by_label("Note").fill("both fine")
    page.get_by_role("button", name="Save rating").click()
    expect(page.get_by_role("alert")).to_contain_text("Not saved: The database is busy. Your rating is kept here.")
    page.reload()
    expect(page.get_by_label("Note")).to_have_value("both fine")
    page.get_by_role("button", name="Save rating").click()
    expect(page.get_by_text("revision 1")).to_be_visible()
    assert boards.posted[0] == boards.posted[1]


def test_what_changed_since_a_lost_answer_is_saved_too(boards: Boards, new_page: PageMaker) -> None:
    page = opened(new_page(), boards)
    boards.unanswered = 1
    page.get_by_role("radio", name="Tie").check()
    page.get_by_role("button", name="Save rating").click()
    expect(page.get_by_role("alert")).to_contain_text("The answer was lost.")
    page.get_by_role("radio", name="All bad").check()
    page.get_by_role("button", name="Save rating").click()
    expect(page.get_by_text("revision 2 · given")).to_be_visible()
    assert [rating.preferred for rating in boards.saved.values()] == ["tie", "all_bad"]


def test_a_change_is_a_new_revision_and_undo_takes_it_back(boards: Boards, new_page: PageMaker) -> None:
    page = opened(new_page(), boards)
    stars = page.get_by_role("group", name="Stars for the fused answer")
    for label, revision in (("4 stars", 1), ("2 stars", 2)):
        stars.get_by_role("radio", name=label).check()
        page.get_by_role("button", name="Save rating").click()
        expect(page.get_by_text(f"revision {revision} · given")).to_be_visible()
    assert [body["stars"] for body in boards.posted] == [{"fusion": 4}, {"fusion": 2}]
    assert [body["supersedes"] for body in boards.posted] == [None, "id1"]
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text(re.compile("Taken back .* revision 3"))).to_be_visible()
    expect(stars.get_by_role("radio", checked=True)).to_have_count(0)


def test_stars_of_the_pick_are_stars_of_its_candidate(boards: Boards, new_page: PageMaker) -> None:
    page = opened(new_page(), boards)
    page.get_by_role("group", name="Stars for the Best-of-N pick").get_by_role("radio", name="3 stars").check()
    expect(page.get_by_role("group", name="Stars for candidate 1").get_by_role("radio", name="3 stars")).to_be_checked()


def test_nothing_said_is_nothing_saved(boards: Boards, new_page: PageMaker) -> None:
    page = opened(new_page(), boards)
    page.get_by_role("button", name="Save rating").click()
    page.get_by_role("button", name="Note", exact=True).click()
    expect(page.get_by_text("Choose an output, give stars or write a note first.")).to_be_visible()
    assert boards.posted == []


def test_a_failed_draw_can_be_tried_again_in_a_run_of_its_own(boards: Boards, new_page: PageMaker) -> None:
    page = opened(new_page(), boards, "failed")
    first = page.get_by_role("article", name=re.compile("^Candidate 1 "))
    expect(first).to_contain_text("Too many requests")
    expect(first).to_contain_text("Half a")
    first.get_by_role("button", name="Retry").click()
    expect(page.get_by_role("status")).to_contain_text("Done. 3 candidates.")
    expect(page).to_have_url(re.compile("run=run"))
    assert boards.posted == [{"position": 1}]


def test_right_to_left_prompts_run_right_to_left(boards: Boards, new_page: PageMaker) -> None:
    page = opened(new_page(), boards, "failed")
    asked = page.locator(".fx-asked")
    assert asked.evaluate("node => [node.lang, getComputedStyle(node).direction]") == ["ar", "rtl"]


@pytest.mark.parametrize("run", ["run", "failed", "many"])
def test_every_state_of_the_board_is_for_everybody_and_fits_a_phone(
    boards: Boards, new_page: PageMaker, run: str
) -> None:
    page = opened(new_page(reduced_motion="reduce"), boards, run)
    assert violations_in_both_themes(page, "#board") == []
    for width in (390, 320):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
