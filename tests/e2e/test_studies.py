"""The Studies page in a real browser: the list, the form with its preview, the board, and what an owner does there."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import FilePayload, Locator, Page, Route, expect

from tests.e2e.conftest import until
from tests.e2e.stage import Stage
from tests.e2e.studiesserver import Desk, shown_studies
from tests.e2e.studyboards import RUBRIC, board, desk, preview, sample

pytestmark = pytest.mark.browser
PageMaker = Callable[..., Page]
LINES = b'{"prompt": "p", "outputs": {"fusion": "a", "best": "b"}}\n' * 2


@pytest.fixture
def served(stage: Stage) -> Desk:
    return shown_studies(stage, desk(board(), sample()))


@pytest.fixture
def page(served: Desk, new_page: PageMaker) -> Page:
    """The board of the study."""
    return opened(new_page, served, "?study=STUDY1")


def opened(new_page: PageMaker, desk_: Desk, at: str = "", **how: Any) -> Page:
    page = new_page(**how)
    page.goto(f"{desk_.url}/studies{at}")
    expect(page.get_by_role("heading", level=2).first).to_be_visible()
    return page


def form(new_page: PageMaker, desk_: Desk, at: str = "?new=1", **how: Any) -> Page:
    """The form with its first preview."""
    page = opened(new_page, desk_, at, **how)
    expect(page.get_by_role("region", name="Preview").get_by_role("status").first).to_contain_text("24 items")
    return page


def asks(page: Page, desk_: Desk, wanted: Callable[[dict[str, Any]], bool]) -> None:
    """The preview is asked for this in the end: what is filled in quickly is asked for once, or in steps."""
    until(lambda: bool(desk_.previews) and wanted(desk_.previews[-1]), page)


def create(page: Page) -> None:
    page.get_by_role("button", name="Create the study").click()


def people(page: Page) -> Locator:
    return page.get_by_role("table", name="People")


# ---------- the list ----------


def test_a_newcomer_is_offered_the_sample_study(stage: Stage, new_page: PageMaker) -> None:
    page = opened(new_page, shown_studies(stage, desk(sample())))
    expect(page.get_by_text("Ask people which answer is better")).to_be_visible()
    expect(page.get_by_role("link", name="Rate the sample study")).to_have_attribute("href", "/rate?study=SAMPLE")
    page.get_by_role("button", name="Make a study").click()
    expect(page.get_by_role("heading", name="New study")).to_be_focused()


def test_without_a_sample_none_is_offered(stage: Stage, new_page: PageMaker) -> None:
    lacking = {**desk().options, "sample": None}
    page = opened(new_page, shown_studies(stage, desk(options=lacking)))
    expect(page.get_by_role("button", name="Make a study")).to_be_visible()
    expect(page.get_by_role("link", name="Rate the sample study")).to_have_count(0)


def test_the_list_tells_how_far_each_study_is(served: Desk, new_page: PageMaker) -> None:
    page = opened(new_page, served)
    row = page.get_by_role("row", name=re.compile("Does fusing beat picking"))
    expect(row.get_by_role("progressbar")).to_have_attribute("aria-valuetext", "24 of 36")
    expect(row).to_contain_text("Pairs: Fusion vs Best-of-N")
    expect(row).to_contain_text("open")
    expect(page.get_by_role("button", name="Make a study")).to_be_hidden()


def test_back_and_forward_follow_what_was_opened(served: Desk, new_page: PageMaker) -> None:
    page = opened(new_page, served)
    page.get_by_role("link", name="Does fusing beat picking?").click()
    expect(page.get_by_role("heading", name="Does fusing beat picking?")).to_be_focused()
    people(page).get_by_role("link", name="ben").click()
    expect(page.get_by_role("dialog", name="Judgements of ben")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.go_back()
    expect(page.get_by_role("table", name="Studies")).to_be_visible()
    page.go_forward()
    expect(people(page)).to_be_visible()


def test_a_list_that_cannot_be_read_says_why(served: Desk, new_page: PageMaker) -> None:
    served.is_down = True
    page = opened(new_page, served)
    expect(page.get_by_role("alert").filter(has_text="The database is busy.")).to_be_visible()


# ---------- the form ----------


def test_three_decisions_make_a_study(served: Desk, new_page: PageMaker) -> None:
    page = form(new_page, served)
    page.get_by_role("radio", name="Fusion vs single").check()
    page.get_by_label("science").check()
    page.get_by_label("People on each item").fill("3")
    page.get_by_label("People on each item").press("Tab")
    create(page)
    expect(page.get_by_text("The study is made.")).to_be_visible()
    expect(page).to_have_url(f"{served.url}/studies?study=MADE1")
    (made,) = served.created.values()
    assert (made["contrasts"], made["overlap"], made["title"]) == ([["fusion", "single"]], 3, "Fusion vs single")
    assert made["items"]["runs"]["tags"] == ["science"]
    assert made["units_sha256"] == served.preview["units_sha256"]


@pytest.mark.parametrize(
    ("words", "task", "pairs"),
    [
        ("Fusion vs vote", "pairwise", 1),
        ("All pairs", "pairwise", 6),
        ("Ranking", "ranking", 1),
        ("Rubric", "rubric", 1),
    ],
)
def test_a_preset_says_what_is_asked(served: Desk, new_page: PageMaker, words: str, task: str, pairs: int) -> None:
    page = form(new_page, served)
    page.get_by_role("radio", name=re.compile(f"^{words}")).check()
    asks(page, served, lambda form: (form["title"], form["task"], len(form["contrasts"])) == (words, task, pairs))
    criteria = [each["key"] for each in served.previews[-1]["criteria"]]
    assert criteria == ([each.key for each in RUBRIC] if task == "rubric" else [])


def test_a_preset_that_no_run_can_serve_says_so(served: Desk, new_page: PageMaker) -> None:
    page = form(new_page, served)
    expect(page.locator(".st-kind").filter(has_text="Fusion vs vote")).to_contain_text("no run has: Vote")
    expect(page.locator(".st-kind").filter(has_text="Fusion vs single")).not_to_contain_text("no run has")


def test_an_own_question_compares_the_chosen_outputs(served: Desk, new_page: PageMaker) -> None:
    page = form(new_page, served)
    page.get_by_role("radio", name=re.compile("^Something else")).check()
    page.get_by_label("Single sample", exact=True).check()
    page.get_by_role("radio", name="Best and worst").check()
    asks(page, served, lambda form: (form["task"], form["contrasts"]) == ("best-worst", [["fusion", "best", "single"]]))
    for output in ("Fusion", "Best-of-N", "Single sample"):
        page.get_by_label(output, exact=True).uncheck()
    expect(page.get_by_text("Choose the outputs to compare, two at least.")).to_be_visible()


def test_a_file_is_read_and_sent_as_its_text(served: Desk, new_page: PageMaker) -> None:
    page = form(new_page, served)
    page.get_by_role("radio", name="A file").check()
    expect(page.get_by_text("Choose the file of answers.")).to_be_visible()
    file = FilePayload(name="answers.jsonl", mimeType="text/plain", buffer=LINES)
    page.get_by_label("File of answers").set_input_files([file])
    asks(page, served, lambda form: form["items"] == {"file": LINES.decode()})
    expect(page.get_by_text("answers.jsonl, 2 lines")).to_be_visible()


def test_the_preview_tells_what_would_be_made(served: Desk, new_page: PageMaker) -> None:
    shown = form(new_page, served).get_by_role("region", name="Preview")
    expect(shown.get_by_role("status")).to_contain_text("48 judgements")
    expect(shown.get_by_role("status")).to_contain_text("about 20 minutes")
    expect(shown).to_contain_text("3 items have identical answers: recorded as such, shown to nobody.")
    shown.get_by_text("5 runs left out").click()
    expect(shown).to_contain_text("it has no fusion")
    expect(shown).to_contain_text("and 4 more")
    expect(shown.get_by_role("article", name="Answer B").locator("strong")).to_have_text("blue")


def test_the_shown_item_tells_no_roles(served: Desk, new_page: PageMaker) -> None:
    page = form(new_page, served)
    assert not re.search("fusion|best|mia|tom", page.locator(".st-sample").inner_html(), re.IGNORECASE)


def test_one_can_leaf_through_the_items(served: Desk, new_page: PageMaker) -> None:
    page = form(new_page, served)
    page.get_by_role("button", name="Next", exact=True).click()
    asks(page, served, lambda form: form["show"] == 1)
    expect(page.get_by_role("button", name="Previous", exact=True)).to_be_enabled()


def test_phrases_that_name_the_author_are_masked_by_one_press(served: Desk, new_page: PageMaker) -> None:
    page = form(new_page, served)
    page.get_by_text("Which", exact=True).click()
    expect(page.get_by_role("region", name="Preview")).to_contain_text("As an AI made by Mia Labs")
    page.get_by_role("button", name="Mask the phrases").click()
    asks(page, served, lambda form: form["masks_names"] is True)
    expect(page.get_by_text("the phrases are masked")).to_be_visible()


def test_a_refused_form_says_why_and_makes_nothing(served: Desk, new_page: PageMaker) -> None:
    served.refusal = "3 people judge each item, but only 1 is named. Name more or ask fewer."
    page = opened(new_page, served, "?new=1")
    expect(page.get_by_role("alert").filter(has_text=served.refusal)).to_be_visible()
    create(page)
    expect(page.get_by_text("This cannot be made yet: see the preview.")).to_be_visible()
    assert not served.created


def test_a_form_without_its_offers_says_why_and_makes_nothing(served: Desk, new_page: PageMaker) -> None:
    served.is_down = True
    page = opened(new_page, served, "?new=1")
    expect(page.get_by_role("alert").filter(has_text="The database is busy.")).to_be_visible()
    create(page)
    expect(page.get_by_text("This cannot be made yet: see the preview.")).to_be_visible()
    assert not served.created


def test_a_form_takes_nothing_that_its_offers_would_overwrite(served: Desk, new_page: PageMaker) -> None:
    page, held = new_page(), list[Route]()
    page.route("**/api/studies/options*", lambda route: held.append(route))
    page.goto(f"{served.url}/studies?new=1")
    until(lambda: bool(held), page)
    single = page.locator("label", has_text="Fusion vs single").locator("input")
    single.click(force=True)
    expect(single).not_to_be_checked()
    held[0].continue_()
    single.check()
    asks(page, served, lambda asked: asked["contrasts"] == [["fusion", "single"]])


def test_a_new_version_that_was_left_does_not_come_late_into_a_new_study(served: Desk, new_page: PageMaker) -> None:
    page, held = opened(new_page, served, "?study=STUDY1"), list[Route]()
    page.route("**/api/studies/STUDY1/board*", lambda route: held.append(route))
    page.get_by_role("button", name="New version").click()
    until(lambda: bool(held), page)
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="New study").click()
    page.get_by_role("radio", name="Fusion vs single").check()
    with page.expect_response("**/api/studies/STUDY1/board*"):
        held[0].continue_()
    asks(page, served, lambda asked: asked["contrasts"] == [["fusion", "single"]])
    expect(page.get_by_role("heading", name="New study")).to_be_visible()
    expect(page.get_by_role("radio", name="Fusion vs single")).to_be_checked()


def test_nothing_to_judge_makes_no_study(stage: Stage, new_page: PageMaker) -> None:
    served = shown_studies(stage, desk(preview=preview(units=0, trials=0, sample=None)))
    page = opened(new_page, served, "?new=1")
    expect(page.get_by_text("There is nothing to judge: choose other answers or compare")).to_be_visible()
    create(page)
    expect(page.get_by_text("There is nothing to judge: choose other answers.")).to_be_visible()
    assert not served.created


def test_pressed_again_after_a_lost_answer_it_is_still_one_study(served: Desk, new_page: PageMaker) -> None:
    served.lost = 1
    page = form(new_page, served)
    create(page)
    expect(page.get_by_text("The answer was lost.")).to_be_visible()
    create(page)
    expect(page.get_by_text("The study is made.")).to_be_visible()
    assert len(served.created) == 1


def test_create_may_be_pressed_before_the_preview_has_come(served: Desk, new_page: PageMaker) -> None:
    page = form(new_page, served)
    held: list[Route] = []
    page.route("**/api/studies/preview", lambda route: held.append(route))
    page.get_by_role("radio", name="Fusion vs single").check()
    create(page)
    page.wait_for_timeout(700)  # longer than the form waits after a change
    assert len(held) == 1
    held[0].continue_()
    expect(page.get_by_text("The study is made.")).to_be_visible()
    assert [each["contrasts"] for each in served.created.values()] == [[["fusion", "single"]]]


def test_what_was_filled_in_outlives_a_reload(served: Desk, new_page: PageMaker) -> None:
    page = form(new_page, served)
    page.get_by_label("Title").fill("Mine")
    page.get_by_role("radio", name="Only named people").check()
    page.get_by_role("button", name="Add ada").click()
    page.reload()
    expect(page.get_by_label("Title")).to_have_value("Mine")
    expect(page.get_by_label("Names, separated by commas")).to_have_value("ada")
    page.get_by_role("button", name="Start over").click()
    expect(page.get_by_label("Title")).to_have_value("Fusion vs best")


def test_runs_chosen_elsewhere_are_the_only_ones(served: Desk, new_page: PageMaker) -> None:
    page = form(new_page, served, "?new=1&run=R1&run=R2")
    assert served.previews[-1]["items"]["runs"]["ids"] == ["R1", "R2"]
    page.get_by_role("button", name="Use all runs").click()
    asks(page, served, lambda form: form["items"]["runs"]["ids"] is None)


def test_criteria_keep_their_keys_and_new_ones_are_told_apart(served: Desk, new_page: PageMaker) -> None:
    page = form(new_page, served)
    page.get_by_text("More: instructions").click()
    page.get_by_role("button", name="Use the usual rubric").click()
    page.get_by_label("Criterion").first.fill("Truth")
    page.get_by_role("button", name="Add a criterion").click()
    page.get_by_label("Criterion").nth(2).fill("Correct")
    page.get_by_label("Meaning of each value").nth(2).fill("no\n\nyes")
    asks(page, served, lambda form: form["criteria"][2:] and form["criteria"][2]["anchors"] == ["no", "yes"])
    assert [(each["key"], each["label"]) for each in served.previews[-1]["criteria"]] == [
        ("correct", "Truth"), ("clear", "Clarity"), ("correct_", "Correct"),
    ]  # fmt: skip


def test_known_items_follow_their_run_to_another_place(served: Desk, new_page: PageMaker) -> None:
    page = form(new_page, served)
    page.get_by_text("More: instructions").click()
    page.get_by_role("button", name="Add a known item").click()
    page.get_by_label("Right answer").select_option("Best-of-N")
    page.get_by_label("Explanation shown afterwards").fill("Because.")
    asks(page, served, lambda form: form["training"] == {"0": {"gold": 1, "feedback": "Because."}})
    moved = [{**each, "place": each["place"] + 1} for each in served.preview["list"]]
    served.preview = preview(list=moved, units=25)
    page.get_by_label("german").check()
    expect(page.get_by_role("region", name="Preview").get_by_role("status").first).to_contain_text("25 items")
    page.get_by_label("Used as").select_option("Check")
    asks(page, served, lambda form: form["gold"] == {"1": 1})


def test_imported_items_are_told_apart_though_all_is_alike(served: Desk, new_page: PageMaker) -> None:
    alike = {"run_id": "", "prompt": "p", "roles": ["fusion", "best"], "is_identical": False, "language": None}
    served.preview = preview(list=[{**alike, "place": place} for place in range(3)])
    page = form(new_page, served)
    page.get_by_text("More: instructions").click()
    page.get_by_role("button", name="Add a known item").click()
    page.get_by_role("button", name="Add a known item").click()
    asks(page, served, lambda form: sorted(form["training"]) == ["0", "1"])


def test_permissions_and_care_are_sent(served: Desk, new_page: PageMaker) -> None:
    page = form(new_page, served)
    page.get_by_text("More: instructions").click()
    page.get_by_label(re.compile("^Error spans")).uncheck()
    page.get_by_label(re.compile("^Reveal after saving")).check()
    page.get_by_label("Repeats, %").fill("12.5")
    page.keyboard.press("Tab")
    asks(page, served, lambda form: form["repeats"] == 0.125)
    asked = served.previews[-1]
    assert (asked["takes_spans"], asked["reveals"], asked["is_blind"]) == (False, True, True)


# ---------- versions ----------


def test_a_new_version_keeps_what_was_asked_and_closes_the_old_one(served: Desk, page: Page) -> None:
    page.get_by_role("button", name="New version").click()
    expect(page.get_by_role("heading", name="New version of Does fusing beat picking?")).to_be_focused()
    expect(page.get_by_role("radio", name="The same items")).to_be_checked()
    expect(page.get_by_text("24 items, 48 judgements")).to_be_visible()
    page.get_by_role("button", name="Create version 2").click()
    expect(page.get_by_text("The study is made.")).to_be_visible()
    (made,) = served.created.values()
    assert (made["supersedes"], made["items"]) == ("STUDY1", {"study": "STUDY1"})
    assert (made["raters"], made["overlap"]) == (["ada", "ben", "chloe"], 3)
    assert made["gold"] == {"3": 0}
    assert made["training"] == {"5": {"gold": 1, "feedback": "Yeast makes gas."}}
    assert ("close", {"study": "STUDY1"}) in served.commands
