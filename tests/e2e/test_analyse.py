"""The Analyse page in a real browser: the answer and how sure it is, what counts, files, faults; and who can use it."""

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from threading import Event
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from storage.connection import open_store
from storage.identity import Identity
from tests.annotation.judging import Clock, Room
from tests.annotation.support import stored, unit
from tests.e2e.analyses import contrast, crowded, empty, hostile, in_islands, of_one_rater, rich
from tests.e2e.analyseserver import Analysed, shown_analysis, shown_store
from tests.e2e.conftest import later, until, violations, violations_in_both_themes
from tests.e2e.stage import Stage
from tests.ui.attacks import ATTACKS

pytestmark = pytest.mark.browser
PageMaker = Callable[..., Page]
REPORTS = {"Report": "", "Report with raters’ names": "&names=1"}
SCROLLS_SIDEWAYS = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.fixture
def served(stage: Stage) -> Analysed:
    return shown_analysis(stage, rich())


@pytest.fixture
def page(served: Analysed, new_page: PageMaker) -> Page:
    return opened(new_page, served)


def opened(new_page: PageMaker, served: Analysed, query: str = "", **how: Any) -> Page:
    """The page with its first answer drawn."""
    page = new_page(**how)
    page.goto(f"{served.url}/analyse{query}")
    expect(page.locator(".an-counts")).to_contain_text("reckoned in")
    return page


def card(page: Page, title: str) -> Locator:
    return page.get_by_role("region", name=title, exact=True)


def row(page: Page, table: str, words: str) -> Locator:
    return page.get_by_role("table", name=table).get_by_role("row", name=re.compile(words))


def ticked(page: Page, pick: str, option: str) -> None:
    """An option of a choice turned; the choice closes again."""
    page.locator(".an-pick summary", has_text=pick).click()
    page.get_by_role("group", name=pick).get_by_role("checkbox", name=re.compile(option)).click()
    page.keyboard.press("Escape")


def question(served: Analysed) -> dict[str, list[str]]:
    """What was asked last."""
    return parse_qs(served.asked[-1], keep_blank_values=True)


# ---------- the answer ----------


def test_one_sentence_says_whether_fusing_beats_picking_and_how_sure_that_is(page: Page) -> None:
    contrast = page.get_by_role("article", name="Fused vs Best-of-N", exact=True)
    expect(contrast).to_contain_text("Fused answers were preferred to the Best-of-N pick in 61 % of judgements")
    expect(contrast).to_contain_text("95 % interval 54 % to 68 %, allowing for other prompts and raters")
    expect(contrast.locator(".fx-chip")).to_have_text("settled")
    for told in ("Fused67", "Tie18", "Both bad4", "Best-of-N43", "44 prompts · 132 judgements · 5 raters · 3 skipped"):
        expect(contrast).to_contain_text(told)


@pytest.mark.parametrize(
    ("value", "sentence", "sure"),
    [
        (0.38, "The Best-of-N pick was preferred to fused answers in 62 % of judgements", "95 % interval 55 % to 69 %"),
        (0.572, "Fused answers were preferred to the Best-of-N pick in 57 %", "95 % interval 50.2 % to 64 %"),
        (
            0.46,
            "Neither fused answers nor the Best-of-N pick is shown to be preferred",
            "Fused answers were preferred in 46 % of judgements. 95 % interval 39 % to 53 %",
        ),
    ],
)
def test_the_sentence_names_who_was_preferred_or_says_that_neither_is_shown_to_be(
    stage: Stage, new_page: PageMaker, value: float, sentence: str, sure: str
) -> None:
    page = opened(new_page, shown_analysis(stage, rich(contrasts=[contrast("fusion", "best", value)])))
    expect(page.locator(".an-headline")).to_contain_text(sentence)
    expect(page.locator(".an-said > .an-sure")).to_contain_text(sure)


def test_groups_are_told_of_whom_the_sentence_names(stage: Stage, new_page: PageMaker) -> None:
    page = opened(new_page, shown_analysis(stage, rich(contrasts=[contrast("fusion", "best", 0.38)])))
    expect(page.locator(".an-whom")).to_contain_text("maths: 29 %, writing: 50 %, facts: 42 %")


def test_what_is_settled_for_prompts_only_is_not_called_settled(stage: Stage, new_page: PageMaker) -> None:
    told = rich(contrasts=[contrast("fusion", "best", 0.55, "settled")])
    article = opened(new_page, shown_analysis(stage, told)).get_by_role(
        "article", name="Fused vs Best-of-N", exact=True
    )
    expect(article.locator(".fx-chip")).to_have_text("settled among these people only")
    expect(article).to_contain_text("Among other people it may be otherwise")


def test_of_many_systems_the_page_says_first_who_leads(stage: Stage, new_page: PageMaker) -> None:
    served = shown_analysis(stage, crowded())
    page = opened(new_page, served, "?by=member")
    leader = page.get_by_role("article", name="Who stands first")
    expect(leader.locator(".an-headline")).to_contain_text("model 0 stands first of 12")
    expect(leader).to_contain_text("It may have any rank from 1 to 2, and is best with 82 %.")
    expect(page.locator(".an-contrast .an-headline").nth(1)).to_contain_text("model 10 was preferred to model 11")
    expect(row(page, "Win matrix", "^model 0").get_by_role("cell").nth(1)).to_have_text("60")


def test_all_of_many_contrasts_come_when_they_are_asked_for(stage: Stage, new_page: PageMaker) -> None:
    served = shown_analysis(stage, crowded())
    page = opened(new_page, served, "?by=member")
    expect(page.get_by_role("table", name="Contrasts as numbers")).to_have_count(0)
    page.get_by_text("All 66 contrasts as numbers").click()
    expect(page.get_by_role("table", name="Contrasts as numbers").get_by_role("row")).to_have_count(67)
    assert parse_qs(served.asked[-1]) == {"by": ["member"]}


def test_the_answer_stands_on_the_first_screen_of_a_phone(served: Analysed, new_page: PageMaker) -> None:
    page = opened(new_page, served, width=390, height=844)
    expect(page.locator(".an-headline").first).to_be_in_viewport(ratio=1)
    expect(page.locator(".an-line").first).to_be_in_viewport(ratio=1)


def test_what_is_not_settled_says_so(page: Page) -> None:
    for name, state in (("Fused vs Vote", "open"), ("Fused vs Single", "preliminary")):
        expect(page.get_by_role("article", name=name, exact=True).locator(".fx-chip")).to_have_text(state)


def test_for_whom_it_holds_is_told_by_groups(page: Page) -> None:
    contrast = page.get_by_role("article", name="Fused vs Best-of-N", exact=True)
    expect(contrast).to_contain_text("maths: 71 %, writing: 50 %, facts: 58 %")
    expect(row(page, "Fused vs Best-of-N by tag", "^maths")).to_contain_text("52")


def test_the_chart_has_its_numbers_in_a_table(page: Page) -> None:
    page.get_by_text("The same as numbers").click()
    numbers = row(page, "Contrasts as numbers", "^Fused vs Best-of-N")
    for told in ("54.0 % to 68.0 %", "0.004", "0.012", "58.0 % (50.0 % to 66.0 %)"):
        expect(numbers).to_contain_text(told)


@pytest.mark.parametrize("told", [rich, empty, of_one_rater, in_islands], ids=lambda told: told.__name__)
def test_nothing_is_ever_shown_as_a_programs_nothing(stage: Stage, new_page: PageMaker, told: Any) -> None:
    page = opened(new_page, shown_analysis(stage, told()))
    expect(page.locator("body")).not_to_contain_text(re.compile(r"NaN|undefined|\bnull\b|Infinity|\[object"))


def test_one_rater_gives_a_value_and_the_reason_why_there_is_no_interval(stage: Stage, new_page: PageMaker) -> None:
    page = opened(new_page, shown_analysis(stage, of_one_rater()))
    contrast = page.get_by_role("article", name="Fused vs Best-of-N", exact=True)
    expect(contrast).to_contain_text("67 %")
    expect(contrast).to_contain_text("One rater: this describes these votes only.")
    expect(contrast).not_to_contain_text("interval 0")
    expect(card(page, "Agreement")).to_contain_text("Nothing was judged by two people.")


# ---------- the sections ----------


def test_davidson_stands_under_its_own_name(page: Page) -> None:
    expect(row(page, "Strength by Bradley-Terry", "^Fused")).to_contain_text("1,090")
    page.get_by_role("radio", name="Davidson").check()
    expect(row(page, "Strength by Davidson", "^Fused")).to_contain_text("1,154")
    expect(page.get_by_role("table", name="Strength by Bradley-Terry")).to_have_count(0)


def test_systems_that_never_met_stand_on_scales_of_their_own(stage: Stage, new_page: PageMaker) -> None:
    strength = card(opened(new_page, shown_analysis(stage, in_islands())), "Strength")
    expect(strength.get_by_role("table")).to_have_count(2)
    expect(strength).to_contain_text("their scores cannot be put on one scale")


def test_agreement_is_told_beside_what_is_usual_and_the_ceiling(page: Page) -> None:
    agreement = card(page, "Agreement")
    expect(agreement).to_contain_text("Around 0.3 is usual for preferences")
    expect(agreement.get_by_role("row", name=re.compile("Fused vs Best-of-N same class"))).to_contain_text(
        re.compile(r"0\.31.*0\.19 to 0\.43.*AC1.*64.%.of 110")
    )


def test_raters_are_sorted_by_their_heads_and_the_unknown_stays_last(page: Page) -> None:
    raters = card(page, "Raters")
    pace = raters.get_by_role("columnheader", name="Pace")
    pace.get_by_role("button").click()
    expect(pace).to_have_attribute("aria-sort", "descending")
    expect(raters.get_by_role("row").last).to_contain_text("emil")
    pace.get_by_role("button").click()
    expect(raters.get_by_role("row").nth(1)).to_contain_text("ben")
    expect(raters.get_by_role("row").last).to_contain_text("emil")


def test_a_flag_is_told_in_words_and_leads_to_where_somebody_can_be_left_out(page: Page) -> None:
    ben = row(page, "Raters", "^ben")
    expect(ben).to_contain_text("like chance")
    expect(ben.get_by_role("link", name=re.compile("^Judgements of ben in "))).to_have_text(
        ["Does fusing beat pic … 60", "Fusion against the v … 20"]
    )
    link = ben.get_by_role("link", name="Judgements of ben in Does fusing beat picking?")
    expect(link).to_have_attribute("href", "/studies?study=S1&rater=ben")


def test_a_judge_is_compared_with_people_and_with_their_ceiling(page: Page) -> None:
    judge = page.get_by_role("article", name="judge: mia-large")
    for told in ("A person against the others: the ceiling", "Changes its mind when the order is turned", "2 answers"):
        expect(judge).to_contain_text(told)
    expect(row(page, "Confusion of judge: mia-large", "^First")).to_contain_text("15231")


def test_the_plan_follows_the_width_that_is_wanted(served: Analysed, page: Page) -> None:
    width = page.get_by_label("Wanted half-width, in points")
    expect(width).to_have_value("5")
    width.fill("2.5")
    width.press("Enter")
    expect(page).to_have_url(re.compile(r"width=0\.025"))
    until(lambda: question(served).get("width") == ["0.025"], page)


def test_files_answer_the_question_that_the_page_asks(served: Analysed, new_page: PageMaker) -> None:
    page = opened(new_page, served, "?study=S1&leave_out=")
    links = page.get_by_role("group", name="Files: Strength").get_by_role("link")
    addresses = [urlsplit(link.get_attribute("href") or "") for link in links.all()]
    assert [each.path.removeprefix("/api/analyse/") for each in addresses] == [
        "tables/ladder.csv", "figures/ladder.svg", "figures/ladder.png", "figures/ladder.pdf",
    ]  # fmt: skip
    assert {each.query for each in addresses} == {"study=S1&leave_out="}


@pytest.mark.parametrize("title", ["Position and length", "Strength", "Who beat whom", "Rubric", "Raters"])
def test_a_section_with_a_chart_has_it_as_a_table_and_as_pictures(page: Page, title: str) -> None:
    files = page.get_by_role("group", name=f"Files: {title}").get_by_role("link")
    expect(files).to_have_text(["CSV", "SVG", "PNG", "PDF"])


def test_a_report_is_to_be_had_with_and_without_names(page: Page) -> None:
    sources = card(page, "Sources and notes")
    kept = {name: sources.get_by_role("link", name=f"{name} of Fusion against the vote") for name in REPORTS}
    for name, query in REPORTS.items():
        expect(kept[name]).to_have_attribute("href", f"/api/analyse/report.html?study=S2{query}")


# ---------- what counts ----------


def test_a_choice_stands_in_the_address_and_back_undoes_it(served: Analysed, page: Page) -> None:
    ticked(page, "Studies", "Fusion against the vote")
    expect(page).to_have_url(re.compile(r"\?study=S2$"))
    until(lambda: question(served) == {"study": ["S2"]}, page)
    page.go_back()
    expect(page).to_have_url(re.compile(r"/analyse$"))
    until(lambda: question(served) == {}, page)
    page.locator(".an-pick summary", has_text="Studies").click()
    expect(page.get_by_role("checkbox", name=re.compile("Fusion against the vote"))).not_to_be_checked()


def test_a_link_shows_the_same_choice_to_everybody(served: Analysed, new_page: PageMaker) -> None:
    query = "study=S1&tag=maths&rater=ada&by=member&open=1&level=0.9"
    served.told["asked"] |= {"level": 0.9, "by": "member", "open": True}
    page = opened(new_page, served, f"?{query}")
    assert sorted(parse_qsl(served.asked[-1])) == sorted(parse_qsl(query))
    expect(page.get_by_role("radio", name="By member")).to_be_checked()
    expect(page.get_by_role("checkbox", name="Open ratings too")).to_be_checked()
    expect(page.get_by_label("Level of the intervals")).to_have_value("0.9")
    expect(page.locator(".an-pick summary", has_text="Tag")).to_contain_text("maths")


def test_a_rule_of_exclusion_can_be_switched_off_and_all_of_them(served: Analysed, page: Page) -> None:
    page.get_by_role("checkbox", name="Leave out: Faster than the study’s limit").click()
    rules = ["after_reveal", "failed_gold", "excluded", "leaks"]
    until(lambda: question(served).get("leave_out") == rules, page)
    for each in served.told["left_out"]:
        each["is_applied"] = each["rule"] in ("leaks", "open")
    page.reload()
    page.get_by_role("checkbox", name="Leave out: An answer named its author").click()
    until(lambda: question(served).get("leave_out") == [""], page)


def test_a_part_of_the_page_is_reached_without_asking_again(served: Analysed, page: Page) -> None:
    page.get_by_role("navigation", name="On this page").get_by_role("link", name="Raters").click()
    expect(card(page, "Raters")).to_be_in_viewport()
    page.get_by_role("navigation", name="On this page").get_by_role("link", name="Rubric").click()
    page.go_back()
    assert len(served.asked) == 1


# ---------- nothing, waiting, faults ----------


def test_a_newcomer_is_told_what_to_do(stage: Stage, new_page: PageMaker) -> None:
    page = new_page()
    page.goto(f"{shown_analysis(stage, empty(is_new=True)).url}/analyse")
    expect(page.get_by_role("heading", name="Nothing to analyse yet")).to_be_visible()
    expect(page.get_by_role("link", name="Make a study")).to_have_attribute("href", "/studies")
    expect(page.get_by_role("link", name="Rate on Compare")).to_have_attribute("href", "/")
    expect(page.get_by_role("region", name="What is counted")).to_be_hidden()


def test_a_choice_that_leaves_nothing_can_be_taken_back(stage: Stage, new_page: PageMaker) -> None:
    served = shown_analysis(stage, empty())
    page = opened(new_page, served, "?tag=maths")
    served.told = rich()
    page.get_by_role("region", name="Nothing to analyse yet").get_by_role("button", name="Reset the choice").click()
    expect(page.locator(".an-headline").first).to_be_visible()
    assert question(served) == {}


def test_a_refusal_is_told_and_what_was_shown_stays(served: Analysed, page: Page) -> None:
    served.refusal = (503, "The database is busy.")
    ticked(page, "Tag", "maths")
    alert = page.locator(".analyse > .fx-alert")
    expect(alert).to_contain_text("The database is busy. What is shown answers the choice before.")
    expect(page.locator(".an-headline").first).to_be_visible()
    served.refusal = None
    alert.get_by_role("button", name="Try again").click()
    expect(alert).to_be_empty()


def test_an_address_that_makes_no_sense_can_be_left(served: Analysed, new_page: PageMaker) -> None:
    served.refusal = (400, "The level 2 does not lie between 0.5 and 0.999: 0.95 is usual.")
    page = new_page()
    page.goto(f"{served.url}/analyse?level=2")
    expect(page.get_by_role("alert")).to_contain_text("0.95 is usual")
    served.refusal = None
    page.get_by_role("button", name="Reset the choice").click()
    expect(page.locator(".an-headline").first).to_be_visible()


def test_the_newest_question_wins(served: Analysed, page: Page) -> None:
    served.held = Event()
    page.get_by_role("radio", name="By member").check()
    until(lambda: len(served.asked) == 2, page)
    expect(page.locator(".an-counts")).to_have_text("Reckoning …")
    late, served.held = served.held, None
    served.told = rich(contrasts=[{**rich()["contrasts"][1], "first": "mia-7b"}])
    page.get_by_role("radio", name="By role").check()
    expect(page.locator(".an-headline").first).to_contain_text("Neither mia-7b nor")
    served.told = rich()
    late.set()
    page.get_by_role("radio", name="Davidson").check()
    expect(page.locator(".an-headline").first).to_contain_text("Neither mia-7b nor")


# ---------- the real thing ----------


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    clock = Clock()
    with open_store(tmp_path / "analysed.db", identity=Identity(clock=clock)) as store:
        yield Room(store, clock)


def judged(room: Room, *, raters: Sequence[str]) -> str:
    """A study in which everybody prefers the fused answer to seven prompts and calls the others a tie."""
    study = stored(room.store, *[unit(place) for place in range(10)], title="Real", overlap=len(raters))
    for name in raters:
        room.works(study, name, lambda unit_: "fusion" if unit_.place < 7 else "tie")
    return study


def test_what_people_judged_is_analysed(stage: Stage, new_page: PageMaker, room: Room) -> None:
    judged(room, raters=("ada", "ben", "chloe"))
    page = new_page()
    page.goto(f"{shown_store(stage, room.store)}/analyse")
    contrast = page.get_by_role("article", name="Fused vs Best-of-N", exact=True)
    expect(contrast).to_contain_text("Fused answers were preferred to the Best-of-N pick in 85 % of judgements")
    expect(contrast).to_contain_text("10 prompts · 30 judgements · 3 raters")
    page.locator(".an-pick summary", has_text="Raters").click()
    page.get_by_role("checkbox", name=re.compile("^ada")).check()
    expect(contrast).to_contain_text("10 judgements · 1 rater")


def test_files_and_the_report_of_a_study_can_be_kept(stage: Stage, new_page: PageMaker, room: Room) -> None:
    judged(room, raters=("ada", "ben"))
    page = new_page()
    page.goto(f"{shown_store(stage, room.store)}/analyse")
    kept = [page.get_by_role("group", name="Files: Does fusing beat picking?").get_by_role("link", name=kind)
            for kind in ("CSV", "SVG", "PNG", "PDF")]  # fmt: skip
    begins = [b'"first","second"', b"<?xml", b"\x89PNG", b"%PDF", b"<!doctype html>"]
    for link, begin in zip([*kept, page.get_by_role("link", name="Report of Real")], begins, strict=True):
        with page.expect_download() as download:
            link.click()
        assert Path(download.value.path()).read_bytes()[: len(begin)].lower() == begin.lower()


# ---------- everybody ----------


def test_words_of_others_stay_words(stage: Stage, new_page: PageMaker) -> None:
    page = opened(new_page, shown_analysis(stage, hostile(" ".join(ATTACKS.values()))))
    for place in (page.locator(".an-headline"), card(page, "Raters"), card(page, "Rubric"), card(page, "What next")):
        expect(place).to_contain_text("<script>")
    assert page.evaluate("window.pwned === undefined")
    assert page.locator(".analyse :is(img, iframe, object, form, math, svg animate)").count() == 0


def test_choices_are_made_by_keyboard(served: Analysed, page: Page) -> None:
    pick = page.locator(".an-pick summary", has_text="Raters")
    pick.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Escape")
    expect(pick).to_be_focused()
    expect(page.get_by_role("group", name="Raters", exact=True)).to_be_hidden()
    until(lambda: question(served) == {"rater": ["ada"]}, page)


@pytest.mark.parametrize("width", [320, *later(390)])
def test_a_phone_scrolls_tables_and_not_the_page(stage: Stage, new_page: PageMaker, width: int) -> None:
    page = opened(new_page, shown_analysis(stage, hostile("Averylongname" * 8)), width=width)
    page.get_by_role("button", name="Choose what counts").click()
    page.locator(".an-pick summary", has_text="Tag").click()
    expect(page.get_by_role("group", name="Tag", exact=True)).to_be_visible()
    assert not page.evaluate(SCROLLS_SIDEWAYS)


def test_the_page_is_accessible_in_both_themes(page: Page) -> None:
    page.get_by_text("The same as numbers").click()
    page.locator(".an-pick summary", has_text="Studies").click()
    assert violations_in_both_themes(page) == []


@pytest.mark.parametrize("told", [empty, of_one_rater, in_islands], ids=lambda told: told.__name__)
def test_other_states_are_accessible_on_a_phone(stage: Stage, new_page: PageMaker, told: Any) -> None:
    page = opened(new_page, shown_analysis(stage, told()), width=390)
    assert violations(page) == []
