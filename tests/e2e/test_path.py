"""Replaying the vote of a run in a real browser: thresholds at once, other orders from the server, all by keyboard."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.sync_api import Locator, Page, expect

from fusion_ui.analysis.path import stop_of
from fusion_ui.analysis.run_path import run_path
from fusion_ui.engine.events import Event, RunFinished, RunStarted, SamplingStopped
from fusion_ui.engine.values import Candidate, Failure, Prompt, StopReason, StopRule
from tests.e2e.boardserver import Boards, shown_boards
from tests.e2e.conftest import later, until, violations_in_both_themes
from tests.e2e.stage import Stage
from tests.ui.boards import RECIPE, candidate, drawn, lost, view_of

pytestmark = pytest.mark.browser
PageMaker = Callable[..., Page]
FAILURE = Failure(stage="sampling", kind="timeout", message="Too slow.")


def ran(answers: list[str | None], rule: StopRule = RECIPE.stop, *, reason: StopReason = "evidence") -> list[Event]:
    """A run with these answers; "failed" is a draw that failed."""
    recipe = replace(RECIPE, stop=rule)
    events: list[Event] = [RunStarted(prompt=Prompt(text="How fast?"), recipe=recipe)]
    done: list[Candidate] = []
    for at, answer in enumerate(answers, start=1):
        if answer == "failed":
            events += lost(at, FAILURE)
            continue
        events += drawn(candidate(at, f"Text {at}.", answer), tally_with=done, recipe=recipe)
        done.append(candidate(at, f"Text {at}.", answer))
    return [*events, SamplingStopped(reason=reason, draws=len(done)), RunFinished(ended="completed")]


NEAR: list[str | None] = ["42", "41", "42", None, "42", "failed", "41", "42", "42", "42", "42"]
RUNS: dict[str, list[Event]] = {
    "near": ran(NEAR),
    "turned": ran(["41", "41", "41", "42", "42", "42", "42", "42", "42", "42", "42", "42"], StopRule(threshold=1000.0)),
    "tied": ran(["41", "41", "41", "42", "42", "42"], reason="cap"),
    "certificate": ran(["42"] * 8, StopRule(name="certificate", threshold=0.05), reason="certificate"),
    "fixed": ran(["42", "41", "42"], StopRule(name="fixed", threshold=3.0), reason="cap"),
    "odd": ran(["42"] * 4, StopRule(threshold=77.5)),
    "hundred": ran(
        [str(at * at % 7 % 4) if at % 9 else None for at in range(100)],
        StopRule(name="asc", threshold=0.95),
        reason="cap",
    ),
    "one": ran(["42"], reason="exhausted"),
    "essay": ran([None] * 5, reason="cap"),
    "hostile": ran(["<img src=x onerror=alert(1)>"] * 3 + ["\u202emirrored " + "x" * 300]),
}


@pytest.fixture
def boards(stage: Stage) -> Boards:
    return shown_boards(stage, RUNS)


def opened(new_page: PageMaker, boards: Boards, run: str, **how: object) -> Page:
    """The page of a run with its replay open."""
    page = new_page(**how)
    page.goto(f"{boards.url}/?run={run}")
    page.locator(".fx-path > summary").click()
    expect(said(page)).not_to_be_empty()
    return page


def said(page: Page) -> Locator:
    return page.locator(".fx-path-said")


def threshold(page: Page) -> Locator:
    return page.get_by_role("slider", name="Threshold")


def moved_to(page: Page, words: str) -> None:
    """The threshold after arrow keys have brought it to these words."""
    slider = threshold(page)
    slider.focus()
    page.keyboard.press("Home")
    for _ in range(60):
        if slider.get_attribute("aria-valuetext") == words:
            return
        page.keyboard.press("ArrowRight")
    pytest.fail(f"the threshold never said {words}")


def test_the_replay_begins_at_the_run_own_rule_and_stop(boards: Boards, new_page: PageMaker) -> None:
    page = opened(new_page, boards, "near")
    expect(threshold(page)).to_have_attribute("aria-valuetext", "B = 30")
    expect(said(page)).to_have_text("The run’s own rule, B = 30, stopped at draw 10 of 10 with 42.")


def test_a_lower_threshold_says_at_once_what_it_would_have_saved(boards: Boards, new_page: PageMaker) -> None:
    page = opened(new_page, boards, "near")
    moved_to(page, "B = 10")
    expect(said(page)).to_have_text(
        "B = 10 would have stopped at draw 5 of 10 with 42 (the vote’s leader here), saving 5 draws and 100 tokens."
    )
    expect(page.locator(".fx-path-strip .is-stop")).to_contain_text("would have stopped here")
    expect(page.locator(".fx-path-strip .is-saved")).to_have_count(5)


def test_a_higher_threshold_wants_more_than_there_is(boards: Boards, new_page: PageMaker) -> None:
    page = opened(new_page, boards, "near")
    moved_to(page, "B = 1000")
    expect(said(page)).to_have_text("B = 1000 would have wanted more than these 10 draws.")
    expect(page.locator(".fx-path-strip .is-saved")).to_have_count(0)


def test_stopping_early_with_another_answer_is_said(boards: Boards, new_page: PageMaker) -> None:
    page = opened(new_page, boards, "turned")
    moved_to(page, "B = 10")
    expect(said(page)).to_contain_text("at draw 3 of 12 with 41 (all draws together are led by 42), saving 9 draws")
    page = opened(new_page, boards, "tied")
    moved_to(page, "B = 10")
    expect(said(page)).to_contain_text("with 41 (all draws together end in a tie), saving 3 draws")


RULES = {
    "Best-of-infinity": ("bayes", "B = "),
    "ASC-Beta": ("asc", "ASC at "),
    "Certificate": ("certificate", "A certificate at "),
}


EVERY_THRESHOLD = """() => {
  const slider = document.querySelector(".fx-range");
  return Array.from({ length: Number(slider.max) + 1 }, (_, place) => {
    slider.value = place;
    slider.dispatchEvent(new Event("input"));
    return [slider.getAttribute("aria-valuetext"), document.querySelector(".fx-path-said").textContent];
  });
}"""


@pytest.mark.parametrize("run", ["near", "turned", "certificate", "hundred"])
def test_every_threshold_of_every_rule_says_what_the_engine_says(boards: Boards, new_page: PageMaker, run: str) -> None:
    page = opened(new_page, boards, run)
    steps = run_path(view_of(RUNS[run])).steps
    for name, (rule, prefix) in RULES.items():
        page.get_by_role("radio", name=name).check(force=True)
        told, engine = [], []
        for setting, sentence in page.evaluate(EVERY_THRESHOLD):
            words = setting.removeprefix(prefix)
            level = float(words.removesuffix(" %")) / (100 if words.endswith("%") else 1)
            found = re.search(r"at draw (\d+) of", sentence)
            told.append((words, int(found[1]) if found else None))
            engine.append((words, stop_of(steps, StopRule(name=rule, threshold=level))))  # type: ignore[arg-type]
        assert len(told) > 10
        assert told == engine


def test_a_threshold_of_the_run_own_is_on_the_slider(boards: Boards, new_page: PageMaker) -> None:
    page = opened(new_page, boards, "odd")
    expect(threshold(page)).to_have_attribute("aria-valuetext", "B = 77.5")
    expect(said(page)).to_have_text("The run’s own rule, B = 77.5, stopped at draw 4 of 4 with 42.")


def test_a_run_of_a_fixed_number_is_held_against_ten(boards: Boards, new_page: PageMaker) -> None:
    expect(said(opened(new_page, boards, "fixed"))).to_have_text("B = 10 would have wanted more than these 3 draws.")


def test_another_order_shuffles_the_same_draws(boards: Boards, new_page: PageMaker) -> None:
    page = opened(new_page, boards, "near")
    order = page.get_by_role("slider", name="Order of the draws")
    expect(order).to_have_attribute("aria-valuetext", "as asked")
    asked = sorted(page.locator(".fx-path-strip .fx-cell-key").all_inner_texts())
    order.fill("2")
    expect(order).to_have_attribute("aria-valuetext", "shuffle 2")
    expect(page.get_by_role("list", name="Draws in the order of shuffle 2")).to_be_visible()
    until(lambda: sorted(page.locator(".fx-path-strip .fx-cell-key").all_inner_texts()) == asked, page)
    stop = run_path(view_of(RUNS["near"]), order=2).stopped_at
    expect(said(page)).to_have_text(re.compile(f"^In this order the run’s own rule, B = 30, .* at draw {stop} of 10"))


def test_a_replay_that_is_lost_can_be_asked_for_again(boards: Boards, new_page: PageMaker) -> None:
    boards.lost_paths = 1
    page = new_page()
    page.goto(f"{boards.url}/?run=near")
    page.locator(".fx-path > summary").click()
    expect(page.get_by_role("alert").filter(has_text="The database is busy.")).to_be_visible()
    page.get_by_role("button", name="Try again").click()
    expect(said(page)).to_contain_text("stopped at draw 10 of 10")
    expect(page.get_by_text("The database is busy.")).to_have_count(0)


@pytest.mark.parametrize("run", ["essay"])
def test_a_run_without_answers_has_nothing_to_replay(boards: Boards, new_page: PageMaker, run: str) -> None:
    page = new_page()
    page.goto(f"{boards.url}/?run={run}")
    expect(page.get_by_role("status")).to_contain_text(re.compile("^Done"))
    expect(page.locator(".fx-path")).to_be_hidden()


def test_a_run_under_way_cannot_be_replayed_yet(boards: Boards, new_page: PageMaker) -> None:
    boards.steps["near"] = len(RUNS["near"]) - 1
    page = new_page()
    page.goto(f"{boards.url}/?run=near")
    expect(page.get_by_role("article")).to_have_count(11)
    expect(page.locator(".fx-path")).to_be_hidden()
    del boards.steps["near"]
    expect(page.locator(".fx-path")).to_be_visible()


def test_one_candidate_is_too_few_for_any_rule(boards: Boards, new_page: PageMaker) -> None:
    page = opened(new_page, boards, "one")
    expect(said(page)).to_have_text("The run’s own rule, B = 30, would have wanted more than this 1 draw.")


def test_model_text_stays_text(boards: Boards, new_page: PageMaker) -> None:
    page = opened(new_page, boards, "hostile", width=320, height=800)
    expect(said(page)).to_contain_text("<img src=x onerror=alert(1)>")
    assert page.locator(".fx-path img").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("run", ["near", "hundred"])
def test_the_replay_fits_every_width(boards: Boards, new_page: PageMaker, run: str) -> None:
    page = opened(new_page, boards, run, width=1440, height=900)
    for width in (1440, 900, 390, 320):
        page.set_viewport_size({"width": width, "height": 900})
        drawn = page.get_by_role("img", name=re.compile("after each of"))
        expect(drawn).to_be_visible()
        box, chart = page.locator(".fx-path").bounding_box(), drawn.bounding_box()
        assert box is not None
        assert chart is not None
        assert box["x"] + box["width"] <= width
        assert chart["width"] <= box["width"]


@pytest.mark.parametrize("run", ["near", *later("hundred")])
def test_the_replay_has_no_accessibility_violation(boards: Boards, new_page: PageMaker, run: str) -> None:
    page = opened(new_page, boards, run, reduced_motion="reduce")
    moved_to(page, "B = 10") if run == "near" else None
    assert violations_in_both_themes(page, "#board") == []
