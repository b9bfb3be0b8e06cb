"""The Lab in a real browser: answers in, replays, one question draw by draw, weights, and reports that come back."""

import json
import re

import httpx
import pytest
from playwright.sync_api import FilePayload, Page, Route, expect

from fusion_ui.analysis.path import Step, stop_of
from fusion_ui.engine.values import StopRule
from tests.e2e.conftest import Served, later, until, violations_in_both_themes
from tests.e2e.labserver import SPOKEN, PageMaker, jsonl, loaded, opened

pytestmark = pytest.mark.browser
EMPTY = {"recordings": [], "runs": {"prompts": 0, "candidates": 0}, "reports": []}


@pytest.fixture(scope="module")
def lab(instant_app: Served) -> Served:
    return instant_app


@pytest.fixture
def recording(lab: Served) -> str:
    return loaded(lab.url, jsonl(SPOKEN))


def replayed(page: Page) -> Page:
    page.get_by_role("button", name="Replay", exact=True).click()
    expect(page.get_by_role("region", name="Replay, one row a rule")).to_be_visible()
    return page


def test_a_newcomer_is_told_what_to_load(lab: Served, new_page: PageMaker) -> None:
    page = new_page()
    page.route("**/api/lab", lambda route: route.fulfill(json=EMPTY))
    page.goto(f"{lab.url}/lab")
    expect(page.get_by_text("Load answers that models gave")).to_be_visible()
    expect(page.get_by_text('"answers": ["42", "41", null]')).to_be_visible()
    expect(page.get_by_role("button", name="Replay", exact=True)).to_be_hidden()


def test_a_bad_line_is_named_and_the_good_ones_load(lab: Served, new_page: PageMaker) -> None:
    page = new_page()
    page.goto(f"{lab.url}/lab")
    lines = jsonl(SPOKEN, of_set="uploaded").splitlines()
    text = "\n".join([lines[0], "{not JSON", *lines[1:]])
    page.get_by_label("Files of recorded answers").set_input_files(
        [
            FilePayload(name="one.jsonl", mimeType="text/plain", buffer=text.encode()),
            FilePayload(name="bad.csv", mimeType="text/csv", buffer=b"\x00\x01"),
        ]
    )
    results = page.get_by_role("list", name="Loaded files")
    expect(results).to_contain_text("one.jsonl, line 2")
    expect(results).to_contain_text("Not loaded")
    expect(page.locator(".lab-gives")).to_have_text("6 questions, all with a gold answer.")


def test_files_can_be_dropped(lab: Served, new_page: PageMaker) -> None:
    page = new_page()
    page.goto(f"{lab.url}/lab")
    text = jsonl(SPOKEN, of_set="dropped")
    page.locator(".lab-drop").wait_for()
    page.evaluate(
        """(text) => {
          const carried = new DataTransfer();
          carried.items.add(new File([text], "dropped.jsonl"));
          document.querySelector(".lab-drop").dispatchEvent(new DragEvent("drop", { dataTransfer: carried, bubbles: true, cancelable: true }));
        }""",  # noqa: E501
        text,
    )
    expect(page.get_by_role("list", name="Loaded files")).to_contain_text("240 answers of ada, ben")


def test_a_replay_shows_its_chart_its_rows_and_its_questions(lab: Served, recording: str, new_page: PageMaker) -> None:
    page = replayed(opened(new_page, lab.url, recording))
    chart = page.get_by_role("group", name=re.compile("^Chart of the replay"))
    expect(chart.get_by_role("img", name=re.compile(r"^Best-of-infinity, B = 30, Accuracy .* draws"))).to_be_visible()
    row = page.get_by_role("row", name=re.compile("^Fixed N, N = 10 "))
    expect(row).to_contain_text(re.compile(r"\d % to \d"))
    questions = page.get_by_role("region", name="Questions of the replay")
    expect(questions.get_by_role("row")).to_have_count(7)
    page.get_by_role("radio", name="Near ties").check()
    expect(questions).to_contain_text("q3")
    expect(questions).not_to_contain_text("q5")


def test_charts_wait_for_their_first_result(lab: Served, recording: str, new_page: PageMaker) -> None:
    page = new_page()
    page.route("**/fx/*.css*", lambda route: route.abort())  # nothing is hidden without the stylesheets
    page.goto(f"{lab.url}/lab?from={recording}")
    expect(page.locator(".lab-gives")).to_contain_text("6 questions")
    expect(page.locator(".lab-mark")).to_have_count(0)


def test_presets_write_and_take_away_rules(lab: Served, recording: str, new_page: PageMaker) -> None:
    page = opened(new_page, lab.url, recording)
    rules = page.get_by_label("Rules, separated by commas")
    page.get_by_role("button", name="None", exact=True).click()
    for preset in ("Quick, B = 10", "Careful, B = 100", "Quick, B = 10"):
        page.get_by_role("button", name=preset).click()
    expect(rules).to_have_value("bayes:100")
    expect(page.get_by_role("button", name="Careful, B = 100")).to_have_attribute("aria-pressed", "true")


def test_the_table_is_sorted_by_its_heads(lab: Served, recording: str, new_page: PageMaker) -> None:
    page = replayed(opened(new_page, lab.url, recording))
    questions = page.get_by_role("region", name="Questions of the replay")
    first = questions.get_by_role("row").nth(1)
    draws = questions.get_by_role("columnheader", name="Draws", exact=True)
    expect(draws).to_have_attribute("aria-sort", "descending")
    draws.get_by_role("button").click()
    expect(draws).to_have_attribute("aria-sort", "ascending")
    expect(first).to_contain_text("q5")


def test_a_rule_that_cannot_be_read_is_told_beside_the_button(lab: Served, recording: str, new_page: PageMaker) -> None:
    page = opened(new_page, lab.url, recording)
    page.get_by_label("Rules, separated by commas").fill("bayes:much")
    page.get_by_role("button", name="Replay", exact=True).click()
    expect(page.locator("#lab-replay").get_by_role("alert")).to_contain_text("bayes:much")


def test_waiting_for_a_computation_can_be_given_up(lab: Served, recording: str, new_page: PageMaker) -> None:
    page = opened(new_page, lab.url, recording)
    held: list[Route] = []
    page.route("**/api/lab/replay", lambda route: held.append(route))
    page.get_by_role("button", name="Replay", exact=True).click()
    expect(page.get_by_role("button", name=re.compile(r"Replaying … [1-9] s"))).to_be_visible()
    page.get_by_role("button", name="Stop waiting").click()
    expect(page.get_by_text("No longer waiting")).to_be_visible()
    expect(page.get_by_role("button", name="Replay", exact=True)).to_be_visible()


def test_moving_the_threshold_moves_the_stop_without_asking_anybody(
    lab: Served, recording: str, new_page: PageMaker
) -> None:
    page = opened(new_page, lab.url, recording, more="&question=riddles/q3")
    card = page.locator("#lab-question")
    expect(card.locator(".lab-verdict")).to_contain_text("B = 10 ")
    expect(page.locator(".lab-count")).to_contain_text("of 6 questions")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/api/lab" in request.url else None)
    page.get_by_label(re.compile("^Threshold")).press("End")
    expect(card.locator(".lab-verdict")).to_contain_text("B = 10,000")
    assert asked == []
    page.get_by_role("button", name="Other draws").click()
    expect(page.get_by_label("Seed of the draws")).to_have_value("1")
    until(lambda: any(url.endswith("/api/lab/path") for url in asked), page)


@pytest.mark.parametrize("threshold", [2.0, 10_000.0, *later(10.0, 30.0, 300.0)])
def test_the_stop_told_is_the_one_the_engine_makes(
    lab: Served, recording: str, new_page: PageMaker, threshold: float
) -> None:
    asked = {"selection": {"recordings": [recording]}, "question": "riddles/q1", "seed": 3, "cap": 60}
    told = httpx.post(f"{lab.url}/api/lab/path", json=asked, timeout=30).json()
    stopped = stop_of([Step(**step) for step in told["steps"]], StopRule(name="bayes", threshold=threshold))
    address = f"&question=riddles/q1&draw=3&cap=60&at={threshold}"
    page = opened(new_page, lab.url, recording, more=address)
    words = f"stops at draw {stopped} with" if stopped else "does not stop within 60 draws"
    expect(page.locator("#lab-question .lab-verdict")).to_contain_text(words)


def test_dragging_a_bar_lists_what_flips(lab: Served, recording: str, new_page: PageMaker) -> None:
    page = opened(new_page, lab.url, recording)
    expect(page.locator(".lab-count")).to_contain_text("5 of 6 questions")
    bar = page.get_by_role("slider", name="Weight of ada")
    bar.scroll_into_view_if_needed()
    box = bar.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 2, box["y"] + 10, steps=4)
    flips = page.get_by_role("list", name="Questions that flip")
    expect(flips).to_contain_text("q2")
    page.mouse.up()
    expect(flips).to_contain_text("8 wins now, gold is 7")
    expect(page.get_by_role("slider", name="Weight of ben")).to_have_attribute("aria-valuenow", "0.0")


def test_a_bar_obeys_the_keyboard_and_all_still_sum_to_one(lab: Served, recording: str, new_page: PageMaker) -> None:
    page = opened(new_page, lab.url, recording)
    bar = page.get_by_role("slider", name="Weight of ada")
    for key in ("PageDown", "ArrowLeft", "ArrowLeft"):
        bar.press(key)
    expect(bar).to_have_attribute("aria-valuenow", "38.0")
    expect(page.get_by_label("Weight of ben in percent")).to_have_value("62")
    page.get_by_label("Weight of ben in percent").fill("25")
    page.keyboard.press("Tab")
    expect(bar).to_have_attribute("aria-valuenow", "75.0")
    expect(page).to_have_url(re.compile(r"w=ada%3A0\.75&"))
    page.reload()
    expect(bar).to_have_attribute("aria-valuenow", "75.0")


def test_weights_are_solved_told_plainly_and_used_in_compare(lab: Served, recording: str, new_page: PageMaker) -> None:
    page = opened(new_page, lab.url, recording)
    page.get_by_label("Folds").fill("2")
    page.get_by_role("button", name="Solve", exact=True).click()
    standing = page.get_by_role("region", name="Questions solved in the limit")
    expect(standing).to_contain_text("cross-validated", timeout=60_000)
    expect(page).to_have_url(re.compile("report="))
    solved = httpx.get(f"{lab.url}/api/lab/reports/{page.url.split('report=')[1]}").json()["result"]["weighting"]
    expect(page.locator(".lab-count strong")).to_have_text(str(solved["solved"]))
    link = page.get_by_role("link", name="Use these weights in Compare")
    expect(link).to_have_attribute("href", re.compile(r"^/\?weights=\w+$"))
    page.get_by_role("slider", name="Weight of ada").press("Home")
    expect(link).to_have_attribute("href", "/?w=ben%3A1")


def test_a_report_comes_back_with_its_settings(lab: Served, recording: str, new_page: PageMaker) -> None:
    page = opened(new_page, lab.url, recording)
    page.get_by_label("Trials", exact=True).fill("17")
    page.get_by_label("Rules, separated by commas").fill("bayes:30,fixed:4")
    replayed(page)
    expect(page).to_have_url(re.compile("report="))
    numbers = page.get_by_role("region", name="Replay, one row a rule").inner_text()
    again = new_page()
    again.goto(f"{lab.url}/lab?report={page.url.split('report=')[1]}")
    expect(again.get_by_label("Trials", exact=True)).to_have_value("17")
    expect(again.get_by_label("Rules, separated by commas")).to_have_value("bayes:30,fixed:4")
    rows = again.get_by_role("region", name="Replay, one row a rule")
    expect(rows).to_have_text(numbers, use_inner_text=True)
    expect(again.get_by_role("checkbox", name="riddles 1 recording")).to_be_checked()


def test_a_report_that_is_not_there_is_told(lab: Served, recording: str, new_page: PageMaker) -> None:
    page = opened(new_page, lab.url, recording, more="&report=nowhere")
    expect(page.get_by_role("alert").filter(has_text="could not be opened")).to_be_visible()


def test_a_report_can_be_taken_away(lab: Served, recording: str, new_page: PageMaker) -> None:
    page = replayed(opened(new_page, lab.url, recording))
    for kind in ("JSON", "CSV", "SVG", "PNG", "PDF"):
        with page.expect_download() as taken:
            page.locator("#lab-replay").get_by_role("link", name=kind, exact=True).click()
        content = taken.value.path().read_bytes()
        assert taken.value.suggested_filename.endswith(kind.lower())
        assert json.loads(content)["kind"] == "replay" if kind == "JSON" else len(content) > 100


def test_a_result_of_another_choice_says_so(lab: Served, recording: str, new_page: PageMaker) -> None:
    page = replayed(opened(new_page, lab.url, recording))
    stale = page.get_by_text("Made from another choice of answers").first
    expect(stale).to_be_hidden()
    page.get_by_role("button", name="ben", exact=True).click()
    expect(stale).to_be_visible()


def test_weights_of_one_set_are_judged_on_another(lab: Served, recording: str, new_page: PageMaker) -> None:
    loaded(lab.url, jsonl(SPOKEN[:8], of_set="puzzles"), name="puzzles.jsonl")
    page = opened(new_page, lab.url, recording)
    card = page.locator("#lab-transfer")
    for side, wanted in (("Solve on", "riddles"), ("Judge on", "puzzles")):
        group = card.get_by_role("group", name=side)
        for box in group.get_by_role("checkbox").all():
            box.uncheck()
        group.get_by_role("checkbox", name=wanted, exact=True).check()
    card.get_by_role("button", name="Solve and judge").click()
    expect(card).to_contain_text("Solved on riddles, judged on puzzles", timeout=60_000)
    expect(card.get_by_role("region", name="Solved on the set judged on")).to_contain_text("of 4")


def test_the_learning_curve_is_drawn(lab: Served, recording: str, new_page: PageMaker) -> None:
    page = opened(new_page, lab.url, recording)
    page.get_by_label("Trials a size").fill("3")
    page.get_by_role("button", name="Draw the curve").click()
    chart = page.get_by_role("group", name=re.compile("^Chart of the learning curve"))
    expect(chart.get_by_role("img", name=re.compile("^Uniform weights, solved on"))).not_to_have_count(
        0, timeout=60_000
    )


def test_nothing_bars_anybody_and_the_smallest_phone_needs_no_sideways_scrolling(
    lab: Served, recording: str, new_page: PageMaker
) -> None:
    page = replayed(opened(new_page, lab.url, recording, more="&question=riddles/q1", reduced_motion="reduce"))
    expect(page.locator(".lab-strip li").first).to_be_visible()
    assert violations_in_both_themes(page) == []
    page.set_viewport_size({"width": 320, "height": 640})
    until(lambda: page.evaluate("document.documentElement.scrollWidth") <= 320, page)
