"""The whole app for everybody: each page by keyboard alone, to axe, at any size, without motion, in forced colours.

One load of a page serves all that can be asked of it.
"""

import re
from collections.abc import Callable, Iterator
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.conftest import CHROMIUM, FLAGS, Served, later, until, violations_in_both_themes
from tests.e2e.furnished import Furnished, furnished
from tests.e2e.walking import UNTROUBLED, has_focus, listening, spoken, tab_to, walked

pytestmark = pytest.mark.browser
PageMaker = Callable[..., Page]
RUNNING = """() => document.getAnimations().filter((each) => each.playState === "running").length"""
SIDEWAYS = """() => document.documentElement.scrollWidth > innerWidth"""
# Words of a control that stand out of it or are cut off, though they are not meant to be shortened. The sign of
# Gradio's accordion is turned by a right angle and counts as wider than it is.
CUT = """() => [...document.querySelectorAll("button:not(.label-wrap), summary, .fx-btn, [role=tab]")]
  .filter((each) => each.checkVisibility() && getComputedStyle(each).textOverflow !== "ellipsis")
  .filter((each) => ![...each.children].some((child) => getComputedStyle(child).clipPath !== "none"))
  .filter((each) => each.scrollWidth > each.clientWidth + 3 && each.clientWidth > 0).map((each) => each.textContent)"""
LEFTS = """(root, words) => words.map((word) => {
  const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const [text, range] = [texts.currentNode, document.createRange()];
    const at = text.data.indexOf(word);
    if (at < 0) continue;
    range.setStart(text, at);
    range.setEnd(text, at + word.length);
    return range.getBoundingClientRect().left;
  }
  throw new Error(`nobody says ${word}`);
})"""

# By its name, where a state is and what is there once it is whole.
STATES = {
    "compare": ("/", ".fx-chip-button[aria-pressed=true]"),
    "compare failed": ("/?run={failed}", ".fx-cand[data-state=failed] .fx-trouble"),
    "rate entry": ("/rate/", ".rate-entry input"),
    "rate trial": ("/rate/?study={study}&rater=Nova", ".rate-answer"),
    "rate rubric": ("/rate/?study={rubric}&rater=Nova", ".rate-answer"),
    "rate finished": ("/rate/?study={study}&rater=ada", ".rate-end"),
    "inspect": ("/inspect", ".in-row"),
    "patterns": ("/inspect?view=patterns", "#inspect table:visible"),
    "case": ("/inspect?run={run}", "[role=tabpanel]:visible"),
    "studies": ("/studies", "#studies h2:visible"),
    "new study": ("/studies?new=1", "#studies input:visible"),
    "board": ("/studies?study={study}", "#studies table:visible"),
    "analyse": ("/analyse", ".an-headline"),
    "nothing to analyse": ("/analyse?study=none", "#analyse h2:visible, #analyse p:visible"),
    "lab": ("/lab?from={recording}", ".lab-gives:not(:empty)"),
    "setup": ("/setup", "#setup button"),
}
# Pages of which the gate tries another state, or which tests of their own try in it.
FURTHER = (
    "compare failed", "rate rubric", "rate finished", "patterns", "studies", "new study", "analyse",
    "nothing to analyse", "lab", "setup",
)  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Furnished]:
    with furnished(tmp_path_factory.mktemp("furnished") / "f.db") as home:
        yield home


def at(page: Page, home: Furnished, state: str) -> Page:
    """The page in this state."""
    path, whole = STATES[state]
    page.goto(home.url + path.format(**home._asdict()))
    expect(page.locator(".fx-top, .rate-bar")).to_be_visible()
    expect(page.locator(whole).first).to_be_visible()
    return page


@pytest.mark.parametrize("state", [*(each for each in STATES if each not in FURTHER), *later(*FURTHER)])
def test_everybody_can_use_every_page(home: Furnished, new_page: PageMaker, state: str) -> None:
    page = at(new_page(reduced_motion="reduce", color_scheme="light"), home, state)
    assert page.evaluate(RUNNING) == 0
    assert walked(page) == UNTROUBLED
    for width, height in ((720, 500), (320, 640)):  # 1440 x 1000 at 200 %, 1280 at 400 %
        page.set_viewport_size({"width": width, "height": height})
        until(lambda: not page.evaluate(SIDEWAYS), page)
    page.set_viewport_size({"width": 1440, "height": 1000})
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    until(lambda: not page.evaluate(SIDEWAYS), page)
    assert page.evaluate(CUT) == []
    page.evaluate("document.documentElement.style.fontSize = ''")
    assert violations_in_both_themes(page) == []


def lefts(place: Locator, *words: str) -> list[float]:
    """Where these words begin, from the left."""
    found: list[float] = place.evaluate(LEFTS, list(words))
    return found


def runs_from_the_right(place: Locator, *words: str) -> bool:
    """Whether each of these words stands to the left of the one before."""
    found = lefts(place, *words)
    return found == sorted(found, reverse=True) and len(set(found)) == len(found)


# ---------- by keyboard alone ----------


def test_a_comparison_is_made_and_rated_by_keyboard(app: Served, new_page: PageMaker) -> None:
    page = new_page()
    page.goto(app.url)
    listening(page)
    example = page.get_by_role("button", name="Bread rolls")
    tab_to(example)
    page.keyboard.press("Space")
    expect(example).to_have_attribute("aria-pressed", "true")
    tab_to(page.get_by_role("button", name="Compare"))
    page.keyboard.press("Enter")
    said = spoken(page, last="Done.")
    assert 1 <= len(said) <= 12, said
    assert has_focus(page)
    tab_to(page.get_by_role("radio", name="Best-of-N pick"))
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="Fused answer")).to_be_checked()
    tab_to(page.get_by_role("button", name="Save rating"))
    page.keyboard.press("Enter")
    assert re.match(r"Saved \d\d:\d\d", spoken(page, last="Saved")[-1])
    assert has_focus(page)


def test_items_are_rated_with_tab_and_enter(home: Furnished, new_page: PageMaker) -> None:
    page = new_page()
    page.goto(f"{home.url}/rate/?study={home.study}&rater=Kay-{uuid4().hex[:6]}")
    for number in (1, 2):
        expect(page.get_by_text(re.compile(rf"^Item {number} /"))).to_be_visible()
        tab_to(page.get_by_role("button", name="Tie", exact=True))
        page.keyboard.press("Space")
        tab_to(page.get_by_role("button", name="Save", exact=True))
        page.keyboard.press("Enter")
    expect(page.get_by_text(re.compile(r"^Item 3 /"))).to_be_visible()
    assert has_focus(page)
    tab_to(page.get_by_role("button", name="Skip", exact=True))
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Skip this item")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("button", name="Skip", exact=True)).to_be_focused()


def test_a_case_is_opened_read_and_left_by_keyboard(home: Furnished, new_page: PageMaker) -> None:
    page = at(new_page(), home, "inspect")
    tab_to(page.get_by_role("link", name=re.compile("^You drive 60 km")))
    page.keyboard.press("Enter")
    expect(page.get_by_role("tabpanel")).to_be_visible()
    assert has_focus(page)
    tab_to(page.get_by_role("tab", selected=True))
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", selected=True)).to_be_focused()
    rerun = page.get_by_role("button", name=re.compile("^Rerun"))
    rerun.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(rerun).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name=re.compile("^You drive 60 km"))).to_be_visible()
    assert has_focus(page)


def test_a_study_is_made_by_keyboard(home: Furnished, new_page: PageMaker) -> None:
    page = at(new_page(), home, "new study")
    tab_to(page.get_by_label("Title"))
    page.keyboard.type("Made without a mouse")
    tab_to(page.get_by_role("button", name="Create the study"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("The study is made.")).to_be_visible()
    assert has_focus(page)


def test_answers_are_replayed_by_keyboard(home: Furnished, new_page: PageMaker) -> None:
    page = at(new_page(), home, "lab")
    listening(page)
    replay = page.get_by_role("button", name="Replay", exact=True)
    tab_to(replay)
    page.keyboard.press("Enter")
    expect(page.get_by_role("table").first).to_be_visible(timeout=60_000)
    expect(replay).to_be_focused()
    assert len(page.evaluate("spoken")) <= 4


def test_an_analysis_is_asked_again_by_keyboard(home: Furnished, new_page: PageMaker) -> None:
    page = at(new_page(), home, "analyse")
    listening(page)
    tab_to(page.get_by_role("radio", name="By role"))
    page.keyboard.press("ArrowRight")
    chosen = page.get_by_role("radio", name="By member")
    expect(chosen).to_be_checked()
    expect(page).to_have_url(re.compile("by=member"))
    expect(chosen).to_be_focused()


# ---------- other ways to read ----------


def test_right_to_left_words_run_so_wherever_they_are_shown(home: Furnished, new_page: PageMaker) -> None:
    page = new_page()
    page.goto(f"{home.url}/?run={home.arabic}")
    answer = page.get_by_role("article", name=re.compile("^Candidate 1 "))
    expect(answer).to_contain_text("الناتج")
    assert runs_right(answer)
    assert runs_from_the_right(page.locator(".fx-run"), "حاصل", "ضرب")
    assert runs_from_the_right(page.get_by_role("region", name="Fused answer"), "התשובה", "היא", "ראו")
    page.goto(f"{home.url}/inspect?run={home.arabic}")
    assert runs_right(page.get_by_role("article", name=re.compile("^Candidate 1")))
    page.goto(f"{home.url}/rate/?study={home.arabic_study}&rater=Noor")
    assert runs_right(page.get_by_role("article", name=re.compile("^Answer")).filter(has_text="الناتج"))
    report = httpx.get(f"{home.url}/api/analyse/report.html?study={home.study}", timeout=60).text
    page.set_content(report)
    assert runs_from_the_right(page.locator(".text", has_text="الناتج").first, "الناتج", "لأن")


def runs_right(answer: Locator) -> bool:
    """Whether the Arabic answer runs from the right, and its formula and its code do not."""
    expect(answer).to_contain_text("الناتج")
    dot = answer.locator("li").first
    sides = dot.evaluate("(item) => [item.parentElement, item].map((each) => getComputedStyle(each).direction)")
    formula, code = lefts(answer.locator("math").first, "6", "7"), lefts(answer.locator("code").first, "6", "7")
    is_turned = runs_from_the_right(answer.locator(".fx-prose p").first, "الناتج", "لأن", "حسب")
    return is_turned and sides == ["rtl", "rtl"] and formula == sorted(formula) and code == sorted(code)


COLOURS = "(node) => { const style = getComputedStyle(node); return [style.color, style.backgroundColor]; }"


def colours(node: Locator) -> list[str]:
    """Of its words and of what is behind them."""
    found: list[str] = node.evaluate(COLOURS)
    return found


@pytest.mark.parametrize("scheme", ["light", *later("dark")])
def test_forced_colours_leave_what_is_chosen_and_drawn(home: Furnished, new_page: PageMaker, scheme: str) -> None:
    page = new_page(forced_colors="active", color_scheme=scheme)
    page.goto(f"{home.url}/?run={home.run}")
    bar = page.locator(".fx-meter i").first
    expect(bar).to_be_visible()
    behind = colours(bar.locator(".."))[1]
    assert colours(bar)[1] not in (behind, "rgba(0, 0, 0, 0)")
    for chosen, other in (
        (page.locator(".fx-seg label.selected").first, page.locator(".fx-seg label:not(.selected)").first),
        (page.locator(".fx-nav [aria-current]"), page.locator(".fx-nav a:not([aria-current])").first),
    ):
        assert colours(chosen)[1] != colours(other)[1]
        assert colours(chosen)[0] != colours(chosen)[1]
    at(page, home, "analyse")
    dot = page.locator(".an-line b").first
    assert colours(dot)[1] not in (colours(page.locator("body"))[1], "rgba(0, 0, 0, 0)")


def test_somebody_who_set_a_large_font_can_save_a_rating(home: Furnished, browser: Browser) -> None:
    """The screen that fits the window lets go of that where words are too large for it."""
    sized = browser.browser_type.launch(executable_path=CHROMIUM, args=[*FLAGS, "--blink-settings=defaultFontSize=32"])
    try:
        page = sized.new_page(viewport={"width": 1280, "height": 800})
        at(page, home, "rate trial")
        save = page.get_by_role("button", name="Save", exact=True)
        save.scroll_into_view_if_needed()
        expect(save).to_be_in_viewport(ratio=1)
        assert not page.evaluate(SIDEWAYS)
        assert page.evaluate("getComputedStyle(document.querySelector('.rate-text')).fontSize") == "30px"
    finally:
        sized.close()
