"""A study's board in a real browser: what it tells, how it follows, leaving out, links; and that all can use it."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from fusion_ui.ui.pages.studies import SCRIPTS
from fusion_ui.ui.shell import script_text
from tests.e2e.conftest import later, violations_in_both_themes
from tests.e2e.stage import Stage
from tests.e2e.studiesserver import Desk, shown_studies
from tests.e2e.studyboards import NOW, board, desk, judgements, preview, rater, sample
from tests.ui.attacks import ATTACKS, RUN

pytestmark = pytest.mark.browser
PageMaker = Callable[..., Page]
DRAWN = {"new=": ".st-answer", "unit=": "dialog li", "rater=": "dialog li", "study=": ".st-board"}
STATES = ["?study=STUDY1", "?study=STUDY1&unit=0", *later("", "?new=1", "?study=STUDY1&rater=ben")]


@pytest.fixture
def served(stage: Stage) -> Desk:
    return shown_studies(stage, desk(board(), sample()))


@pytest.fixture
def page(served: Desk, new_page: PageMaker) -> Page:
    return opened(new_page, served)


def opened(new_page: PageMaker, desk_: Desk, at: str = "?study=STUDY1", **how: Any) -> Page:
    """The page once everything is drawn that belongs to this address."""
    page = new_page(**how)
    if how.get("has_clock"):
        page.clock.install()
    page.goto(f"{desk_.url}/studies{at}")
    drawn = next((DRAWN[mark] for mark in DRAWN if mark in at), "#studies table")
    expect(page.locator(drawn).first).to_be_visible()
    return page


def row(page: Page, table: str, words: str) -> Locator:
    return page.get_by_role("table", name=table).get_by_role("row", name=re.compile(words))


def refreshed(page: Page) -> None:
    page.get_by_role("button", name="Refresh").click()


# ---------- what it tells ----------


def test_the_board_tells_progress_pace_and_care_of_each_person(page: Page) -> None:
    ben = row(page, "People", "^ben")
    expect(ben.get_by_role("progressbar")).to_have_attribute("aria-valuetext", "9 of 12")
    for told in ("2.1 s", "6 of 9 (look closer)", "3 of 3", "1 of 4 right, training 2 of 2 (look closer)"):
        expect(ben).to_contain_text(told)
    expect(row(page, "People", "^ada")).to_contain_text("judging now")
    expect(row(page, "People", "^ada")).not_to_contain_text("look closer")


def test_an_open_contrast_asks_for_more(page: Page) -> None:
    contrast = page.get_by_role("article", name="Fusion vs Best-of-N")
    expect(contrast).to_contain_text("collect more: about 18 judgements")
    expect(contrast).to_contain_text("62 % for Fusion, ties half (95 % interval 47 % to 76 %)")
    expect(contrast).to_contain_text("alpha 0.41 (95 % interval 0.18 to 0.62), same verdict 68 %, over 9 items")
    expect(contrast).to_contain_text("All bad 1")


def test_a_contrast_with_too_little_shows_no_number(served: Desk, new_page: PageMaker) -> None:
    none = {"share": None, "low": None, "high": None, "state": "none", "more": None, "counts": {"fusion": 1}}
    served.changed("STUDY1", contrasts=[{**board()["contrasts"][0], **none}], agreement=[])
    contrast = opened(new_page, served).get_by_role("article", name="Fusion vs Best-of-N")
    expect(contrast).to_contain_text("not enough yet")
    expect(contrast).to_contain_text("agreement is unknown")
    expect(contrast).not_to_contain_text("%")


def test_an_agreement_that_is_not_defined_says_why(served: Desk, new_page: PageMaker) -> None:
    none = {"alpha": None, "low": None, "high": None, "raw": 1.0, "note": "Alpha is not defined: all said the same."}
    served.changed("STUDY1", agreement=[{**board()["agreement"][0], **none}])
    contrast = opened(new_page, served).get_by_role("article", name="Fusion vs Best-of-N")
    expect(contrast).to_contain_text("Agreement: same verdict 100 %, over 9 items with two judgements or more.")
    expect(contrast).to_contain_text("Alpha is not defined: all said the same.")


def test_items_worth_a_look_can_be_picked_out(page: Page) -> None:
    expect(page.get_by_text("The first 25 of 70 items.")).to_be_visible()
    page.get_by_role("radio", name="Contested").check()
    rows = page.get_by_role("table", name="Items").get_by_role("row")
    expect(rows).to_have_count(2)
    expect(rows.nth(1)).to_contain_text("Fusion 1")
    page.reload()
    expect(page.get_by_role("radio", name="Contested")).to_be_checked()
    page.get_by_role("radio", name="Identical").check()
    expect(rows.nth(1)).to_contain_text("shown to nobody")


def test_the_definition_is_named_by_its_hash(page: Page) -> None:
    expect(page.get_by_label("Hash of the definition (SHA-256)", exact=True)).to_have_value("ab12" * 16)
    expect(page.get_by_role("region", name="Definition")).to_contain_text("Frozen since the first judgement")


def test_answers_that_name_their_author_are_flagged_with_the_phrase(page: Page) -> None:
    leak = row(page, "Answers that name their author", "litre of ice")
    expect(leak).to_contain_text("“As an AI made by Mia Labs”")
    expect(leak).to_contain_text("as written")


def test_an_item_is_shown_with_its_outputs_and_every_judgement(page: Page) -> None:
    page.get_by_role("table", name="Items").get_by_role("link").first.click()
    sheet = page.get_by_role("dialog", name="Item 1")
    expect(sheet.get_by_role("article", name="Best-of-N")).to_contain_text("tom-7b")
    for told in ("Fusion much better", "Nicely put.", "Tie", "unlike before", "too fast", "Best-of-N slightly better",
                 "C, major: “the sea reflects” (a myth)", "revision 2", "Shown as A Best-of-N, B Fusion"):  # fmt: skip
        expect(sheet).to_contain_text(told)
    page.keyboard.press("Escape")
    expect(sheet).to_have_count(0)
    expect(page).not_to_have_url(re.compile("unit="))


def test_ranked_and_scored_verdicts_are_told_in_words(served: Desk, new_page: PageMaker) -> None:
    ranked = {"verdict": "ranking", "ranking": [["fusion"], ["best", "vote"]]}
    scored = {"verdict": "scores", "scores": {"fusion": {"correct": 5, "clear": 4}}}
    first, second, third = judgements()["judgements"]
    told = [{**first, **ranked}, {**second, **scored}, {**third, "verdict": "skip", "skip_reason": "unclear"}]
    served.judgements = {**judgements(), "judgements": told}
    sheet = opened(new_page, served, "?study=STUDY1&unit=0").get_by_role("dialog")
    for words in ("Fusion > Best-of-N = Vote", "correct 5, clear 4", "Skipped because", "unclear"):
        expect(sheet).to_contain_text(words)


# ---------- how it follows ----------


def test_new_judgements_appear_by_themselves(served: Desk, new_page: PageMaker) -> None:
    page = opened(new_page, served, has_clock=True)
    raters = [*board()["raters"], rater("dora", done=1)]
    served.changed("STUDY1", raters=raters, counts={**board()["counts"], "done": 25})
    page.clock.run_for(5_000)
    expect(row(page, "People", "^dora")).to_be_visible()
    expect(page.get_by_text("25 of 36 judgements")).to_be_visible()


def test_a_refresh_moves_neither_focus_nor_what_was_typed(served: Desk, page: Page) -> None:
    away = page.get_by_role("button", name="Leave out: ben")
    away.focus()
    served.changed("STUDY1", raters=[rater("aaron"), *({**each, "done": 10} for each in board()["raters"])])
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(row(page, "People", "^aaron")).to_be_visible()
    expect(away).to_be_focused()


def test_an_unchanged_board_is_asked_for_less_and_less(served: Desk, new_page: PageMaker) -> None:
    page = opened(new_page, served, has_clock=True)
    for _ in range(6):
        with page.expect_response("**/board*"):
            refreshed(page)
    before = served.readings
    for _ in range(4):
        page.clock.run_for(5_000)
        page.evaluate("fetch('/studies.js').then((reply) => reply.text()).then(() => null)")
    assert served.readings - before <= 1


def test_a_board_that_cannot_be_refreshed_keeps_what_it_shows_and_says_since_when(served: Desk, page: Page) -> None:
    served.is_down = True
    refreshed(page)
    expect(page.get_by_role("alert").filter(has_text="The database is busy. What is shown is of ")).to_be_visible()
    expect(row(page, "People", "^ben")).to_be_visible()
    served.is_down = False
    refreshed(page)
    expect(page.get_by_text("The database is busy.")).to_have_count(0)


def test_an_unknown_study_says_so(served: Desk, new_page: PageMaker) -> None:
    page = new_page()
    page.goto(f"{served.url}/studies?study=NOWHERE")
    expect(page.get_by_text("There is no study at this address.")).to_be_visible()
    expect(page.get_by_role("table", name="People")).to_be_hidden()


# ---------- what an owner does ----------


def test_leaving_somebody_out_needs_a_reason_and_can_be_taken_back(served: Desk, page: Page) -> None:
    page.get_by_role("button", name="Leave out: ben").click()
    sheet = page.get_by_role("dialog", name="Leave out all judgements of ben?")
    leave = sheet.get_by_role("button", name="Leave out", exact=True)
    leave.click()
    expect(sheet.get_by_text("A reason is needed")).to_be_visible()
    sheet.get_by_role("button", name="answers too fast").click()
    leave.click()
    expect(row(page, "People", "^ben")).to_contain_text("left out: answers too fast")
    page.get_by_role("button", name="Count again: ben").click()
    page.get_by_role("textbox", name="Reason", exact=True).fill("It was a slow network.")
    page.get_by_role("dialog").get_by_role("button", name="Count again", exact=True).click()
    expect(row(page, "People", "^ben")).not_to_contain_text("left out")
    expect(page.get_by_role("table", name="Exclusions").get_by_role("row")).to_have_count(3)
    assert [(body["rater"], body["is_excluded"]) for _, body in served.commands] == [("ben", True), ("ben", False)]


def test_one_judgement_can_be_left_out(served: Desk, new_page: PageMaker) -> None:
    page = opened(new_page, served, "?study=STUDY1&unit=0")
    page.get_by_role("button", name=re.compile("^Leave out: judgement of ben")).click()
    page.get_by_role("textbox", name="Reason", exact=True).fill("Two tabs.")
    page.get_by_role("dialog").last.get_by_role("button", name="Leave out", exact=True).click()
    expect(page.get_by_role("dialog")).to_have_count(1)
    assert served.commands == [("exclusions", {"trial_id": "T-ben", "is_excluded": True, "reason": "Two tabs."})]


def test_a_study_is_closed_and_reopened(served: Desk, page: Page) -> None:
    page.get_by_role("button", name="Close the study").click()
    expect(page.get_by_role("link", name="Judge it yourself")).to_be_hidden()
    expect(page.get_by_text("these links show that, until it is reopened")).to_be_visible()
    page.get_by_role("button", name="Reopen the study").click()
    expect(page.get_by_role("link", name="Judge it yourself")).to_be_visible()
    assert [command for command, _ in served.commands] == ["close", "reopen"]


@pytest.mark.parametrize("words", ["JSONL", "CSV", "Parquet"])
def test_every_format_is_one_press_away(page: Page, words: str) -> None:
    with page.expect_download() as download:
        page.get_by_role("link", name=f"Export as {words}").click()
    assert download.value.suggested_filename == f"study.{words.lower()}"


def test_each_named_person_has_an_own_link_to_copy(served: Desk, page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy: Link for ben").click()
    expect(page.get_by_role("button", name="Copy: Link for ben")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == f"{served.url}/rate?study=STUDY1&rater=ben"


def test_without_names_there_is_one_link_for_all(served: Desk, new_page: PageMaker) -> None:
    page = opened(new_page, served, "?study=SAMPLE")
    expect(page.get_by_label("Link for people who judge", exact=True)).to_have_value(f"{served.url}/rate?study=SAMPLE")


def test_with_accounts_an_invitation_is_shown_once(served: Desk, new_page: PageMaker) -> None:
    asked = {"name": "zoe", "created_at": NOW, "expires_at": NOW, "used_by": None, "used_at": None}
    served.changed("STUDY1", has_accounts=True, invitations=[asked])
    page = opened(new_page, served)
    page.get_by_label("Name (may be left out)").fill("zoe")
    page.get_by_role("button", name="Make an invitation").click()
    link = page.get_by_label("Invitation for zoe", exact=True)
    expect(link).to_have_value(f"{served.url}/welcome?token=once")
    expect(row(page, "Invitations", "^zoe")).to_contain_text("not yet")
    page.reload()
    expect(row(page, "Invitations", "^zoe")).to_be_visible()
    expect(link).to_have_count(0)


# ---------- for everybody ----------


@pytest.mark.parametrize("at", STATES)
def test_axe_finds_nothing_and_a_phone_needs_no_sideways_scrolling(served: Desk, new_page: PageMaker, at: str) -> None:
    page = opened(new_page, served, at, reduced_motion="reduce")
    if at == "?new=1":
        page.get_by_text("More: instructions").click()
        page.get_by_role("button", name="Add a known item").click()
        page.get_by_role("radio", name=re.compile("^Rubric")).check()
    assert violations_in_both_themes(page) == []
    for width in (390, 320):
        page.set_viewport_size({"width": width, "height": 700})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    small = page.locator("#studies :is(button, a.fx-btn):visible").evaluate_all(
        "nodes => nodes.filter((node) => node.getBoundingClientRect().height < 40).map((node) => node.textContent)"
    )
    assert small == []


def test_a_table_stays_a_table_where_it_is_drawn_as_cards(served: Desk, new_page: PageMaker) -> None:
    page = opened(new_page, served, width=390, height=800)
    expect(row(page, "People", "^ben").get_by_role("cell").first).to_contain_text("9 / 12")
    expect(row(page, "People", "^ben").get_by_role("rowheader")).to_have_text("ben")


def test_somebody_is_left_out_by_keyboard_alone(page: Page) -> None:
    page.get_by_role("button", name="Leave out: ben").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="Reason", exact=True)).to_be_focused()
    page.keyboard.type("asked for it")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(row(page, "People", "^ben")).to_contain_text("left out: asked for it")
    expect(page.get_by_role("button", name="Count again: ben")).to_be_focused()


# ---------- hostile words ----------


HOSTILE = [text.encode(errors="ignore").decode() for text in ATTACKS.values()]  # JSON carries no lone surrogates
EVERYTHING = "\n".join(HOSTILE)


def hostile() -> Desk:
    """Every attack as a title, a name, a prompt, a phrase, a reason, a note and a member."""
    whole = board()
    raters = [rater(text, is_excluded=True, excluded=decision(text)) for text in HOSTILE]
    units = [{**whole["units"][0], "place": at, "prompt": text, "verdicts": {text: 1}} for at, text in each_attack()]
    leaks = [leak(whole["leaks"][0], at, text) for at, text in each_attack()]
    excluded = [
        {**decision(text), "id": str(at), "rater": text, "trial_id": None, "unit_place": None, "is_excluded": True}
        for at, text in each_attack()
    ]
    protocol = {**whole["protocol"], "raters": HOSTILE, "instructions": EVERYTHING}
    attacked = board(title=EVERYTHING, raters=raters, units=units, leaks=leaks, exclusions=excluded, protocol=protocol)
    return desk(attacked, judgements=hostile_judgements(), options=hostile_options(), preview=hostile_preview())


def each_attack() -> enumerate[str]:
    return enumerate(HOSTILE)


def decision(text: str) -> dict[str, str]:
    return {"reason": text, "by": text, "created_at": NOW}


def leak(plain: dict[str, Any], place: int, text: str) -> dict[str, Any]:
    return {**plain, "place": place, "prompt": text, "member": text, "phrases": [text]}


def hostile_judgements() -> dict[str, Any]:
    found = judgements()
    said = {"note": EVERYTHING, "prompt": EVERYTHING, "rater": EVERYTHING, "skip_reason": EVERYTHING}
    told = [{**each, **said, "reasons": {EVERYTHING: [EVERYTHING]}} for each in found["judgements"]]
    return {**found, "judgements": told}


def hostile_options() -> dict[str, Any]:
    offered = desk().options
    runs = {**offered["runs"], "tags": [{"tag": text, "count": 1} for text in HOSTILE]}
    return {**offered, "raters": HOSTILE, "runs": runs}


def hostile_preview() -> dict[str, Any]:
    whole = preview()
    out = [{"run_id": "R", "prompt": text, "reason": text} for text in HOSTILE]
    named = [leak(whole["self_naming"][0], at, text) for at, text in each_attack()]
    made = [{**whole["list"][0], "place": at, "prompt": text, "roles": ["fusion", text]} for at, text in each_attack()]
    return preview(left_out=out, self_naming=named, list=made)


@pytest.mark.parametrize("at", ["", "?study=STUDY1", "?study=STUDY1&unit=0", "?new=1", "?new=1&base=STUDY1"])
def test_nothing_hostile_runs_or_becomes_markup(stage: Stage, new_page: PageMaker, at: str) -> None:
    served = shown_studies(stage, hostile())
    page = opened(new_page, served, at)
    if "new" in at:
        page.get_by_text("More: instructions").click()
        page.get_by_role("radio", name="Only named people").check()
        page.get_by_role("button", name="Add a known item").click()
    expect(page.locator("#studies")).to_contain_text(RUN)
    made = "#studies :is(script, img, iframe, style, link, base, meta, object, embed, video, form[action], [onerror])"
    assert page.locator(made).count() == 0
    assert page.evaluate("window.pwned") is None
    links = page.locator("#studies a[href]").evaluate_all("links => links.map((link) => new URL(link.href).origin)")
    assert set(links) <= {served.url}


def test_only_html_that_was_cleaned_on_the_server_is_drawn_as_html() -> None:
    lines = [line.strip() for line in script_text(*SCRIPTS).splitlines()]
    drawn = [line for line in lines if "innerHTML" in line or "insertAdjacentHTML" in line]
    assert all(line.endswith("// sanitised on the server") for line in drawn)
    assert not [line for line in lines if "document.write" in line or "outerHTML" in line or "eval(" in line]
