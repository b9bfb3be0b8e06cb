"""Errors marked on the rendered answer: what is stored are code points of the text, whatever it is made of."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import until
from tests.e2e.rateserver import PageMaker, Shown, Trials, opened, shown_trials
from tests.e2e.selecting import MANY_SCRIPTS, select_words
from tests.e2e.stage import Stage

pytestmark = pytest.mark.browser
TEXT = f"{MANY_SCRIPTS}```python\ndef f(x):\n    return x + 1\n```\n"


@pytest.fixture
def served(stage: Stage) -> Trials:
    return shown_trials(stage, [Shown(prompt="Say it.", texts=[TEXT, "Other answer."])])


@pytest.fixture
def page(served: Trials, new_page: PageMaker) -> Page:
    page = opened(new_page(), served)
    page.keyboard.press("e")
    expect(page.get_by_role("region", name="Errors")).to_be_visible()
    return page


def select(page: Page, words: str, *, start: int = 0, end: int = 0) -> None:
    """Select these rendered words, `start` and `end` UTF-16 units further in."""
    select_words(page.locator(".rate-text").first, words, start=start, end=end)
    expect(page.locator(".rate-selected")).to_contain_text("Answer A: “")


def marked(page: Page, served: Trials, *, letter: str = "c", severity: str = "2") -> list[str]:
    """The source passages of the marks as stored, after this one."""
    page.keyboard.press(letter)
    expect(page.get_by_role("list", name="Marked errors")).to_be_visible()
    page.keyboard.press(severity)
    page.keyboard.press("e")
    expect(page.get_by_role("region", name="Errors")).to_be_hidden()
    page.keyboard.press("t")
    page.keyboard.press("Enter")
    until(lambda: len(served.stored) == 1, page)
    return [TEXT[span["start"] : span["end"]] for span in served.stored[0]["spans"]]


PLACES = {
    "after emoji": ("bold words", "bold words"),
    "code": ("code here", "code here"),
    "over markup": ("words and code", "words** and `code"),
    "combining marks": ("e\u0301te\u0301 is summer", "e\u0301te\u0301 is *summer"),
    "emoji of parts": ("👩‍👩‍👧 family", "👩‍👩‍👧 family"),
    "link": ("link text", "link text"),
    "Arabic": ("بالعالم", "بالعالم"),
    "entity": ("a & b", "a &amp; b"),
    "code block": ("return x + 1", "return x + 1"),
    "several lines of code": ("f(x):\n    return", "f(x):\n    return"),
}


@pytest.mark.parametrize(("words", "source"), PLACES.values(), ids=PLACES)
def test_rendered_words_are_stored_as_their_source(page: Page, served: Trials, words: str, source: str) -> None:
    select(page, words)
    assert marked(page, served) == [source]


def test_a_formula_is_marked_whole(page: Page, served: Trials) -> None:
    page.evaluate("document.getSelection().selectAllChildren(document.querySelector('.rate-text math mi'))")
    assert marked(page, served) == ["$x^2 + 1$"]


def test_half_an_emoji_and_half_a_letter_are_widened(page: Page, served: Trials) -> None:
    select(page, "👩‍👩‍👧 family", start=2)
    assert marked(page, served) == ["👩‍👩‍👧 family"]


def test_space_around_a_selection_is_left_out(page: Page, served: Trials) -> None:
    select(page, " with ")
    assert marked(page, served) == ["with"]


def test_words_are_marked_in_the_raw_text_too(page: Page, served: Trials) -> None:
    page.keyboard.press("m")
    select(page, "**bold words**")
    assert marked(page, served) == ["**bold words**"]
    assert served.stored[0]["view"] == "raw"


def test_words_are_selected_and_marked_by_keyboard_alone(page: Page, served: Trials) -> None:
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".rate-selected")).to_contain_text("“😀😀”")
    page.keyboard.press("Shift+ArrowRight")
    assert marked(page, served, letter="u", severity="3") == ["😀😀 with"]
    span = served.stored[0]["spans"][0]
    assert (span["letter"], span["category"], span["severity"]) == ("A", "unsupported", "critical")


def test_without_a_selection_the_whole_answer_is_meant(page: Page, served: Trials) -> None:
    page.keyboard.press(".")
    page.keyboard.press("o")
    page.keyboard.press("1")
    expect(page.get_by_role("list", name="Marked errors")).to_contain_text("B, Omission: the whole answer")
    page.keyboard.press("e")
    page.keyboard.press("f")
    page.keyboard.press("Enter")
    until(lambda: len(served.stored) == 1, page)
    span = served.stored[0]["spans"][0]
    assert (span["letter"], span["start"], span["end"]) == ("B", None, None)


def test_a_mark_is_drawn_listed_jumped_to_deleted_and_brought_back(page: Page) -> None:
    select(page, "bold words")
    page.keyboard.press("r")
    page.keyboard.press("3")
    mark = page.locator(".rate-text mark.is-severity-3")
    expect(mark).to_have_text("bold words")
    expect(mark).to_have_attribute("data-label", "R1")
    page.get_by_role("button", name="R1 A, Reasoning: “bold words”").click()
    expect(page.locator(".rate-text .is-lit")).to_have_text("bold words")
    page.keyboard.press("Delete")
    expect(mark).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(mark).to_have_text("bold words")


def test_marks_may_overlap(page: Page, served: Trials) -> None:
    select(page, "bold words and")
    page.keyboard.press("i")
    page.keyboard.press("1")
    select(page, "words and code")
    assert marked(page, served) == ["bold words** and", "words** and `code"]


def test_a_mark_without_a_severity_is_asked_for(page: Page, served: Trials) -> None:
    select(page, "bold words")
    for key in ("c", "e", "f", "Enter"):
        page.keyboard.press(key)
    expect(page.get_by_text("Mark C1 has no severity yet")).to_be_visible()
    assert served.posted == []


def test_a_subtype_is_stored_with_its_class(page: Page, served: Trials) -> None:
    select(page, "bold words")
    page.keyboard.press("c")
    page.get_by_label("Kind of C1").select_option("wrong entity")
    page.get_by_role("group", name="Severity of C1").get_by_role("button", name="Minor").click()
    page.keyboard.press("e")
    page.keyboard.press("f")
    page.keyboard.press("Enter")
    until(lambda: len(served.stored) == 1, page)
    assert served.stored[0]["spans"][0]["category"] == "contradicted/wrong entity"


def test_letters_mean_classes_only_while_errors_are_marked(page: Page) -> None:
    page.keyboard.press("f")
    expect(page.locator(".rate-verdict[aria-pressed=true]")).to_have_count(0)
    page.keyboard.press("Escape")
    page.keyboard.press("f")
    expect(page.locator(".rate-verdict[aria-pressed=true]")).to_have_count(1)
