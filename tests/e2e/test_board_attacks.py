"""Hostile text everywhere on the board, in a real browser: nothing runs, nothing loads, nothing leads away."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from fusion_ui.engine.events import (
    BestSelected,
    CandidateDelta,
    Event,
    JudgementMade,
    RunFinished,
    RunStarted,
    SamplingStopped,
    StageFailed,
)
from fusion_ui.engine.ledger import Dropped, Ledger
from fusion_ui.engine.values import Failure, Judgement, Member, Prompt, Selection
from tests.e2e.boardserver import Boards, shown_boards
from tests.e2e.conftest import until
from tests.e2e.stage import Stage
from tests.ui.attacks import ATTACKS, RUN
from tests.ui.boards import RECIPE, candidate, drawn, fused, lost

pytestmark = pytest.mark.browser
PageMaker = Callable[..., Page]
EVERYTHING = "\n\n".join(ATTACKS.values())


def hostile_run() -> list[Event]:
    """Each attack as a candidate, its member, its answer and a failure; all of them together everywhere else."""
    candidates = [candidate(at, text, text, member=text) for at, text in enumerate(ATTACKS.values(), start=1)]
    writer = Member(name=EVERYTHING, model=EVERYTHING)
    recipe = replace(RECIPE, fusor_kind="model", fusor=writer)
    events: list[Event] = [
        RunStarted(prompt=Prompt(text=EVERYTHING, reference=EVERYTHING, language="x\" y='"), recipe=recipe)
    ]
    for at, each in enumerate(candidates):
        events += drawn(each, tally_with=candidates[:at])
        events.insert(-2, CandidateDelta(position=each.position, text=each.completion.text, channel="note"))
    for at, text in enumerate(ATTACKS.values(), start=len(ATTACKS) + 1):
        events += lost(at, Failure(stage="sampling", kind="server", message=text, text=text))
    trouble = Failure(stage="judging", kind="malformed", message=EVERYTHING)
    selection = Selection(position=1, selector="judge-pairs", scores=(), reason=EVERYTHING)
    events += [SamplingStopped(reason="cap", draws=len(candidates)), StageFailed(failure=trouble)]
    events += [JudgementMade(judgement=Judgement(shown=(1, 2), reason=EVERYTHING)), BestSelected(selection=selection)]
    *writing, finished = fused(EVERYTHING, candidates, comparison=EVERYTHING, warning=EVERYTHING, answer=EVERYTHING)
    lost_lines = (Dropped(text=EVERYTHING, positions=(1, 2)),)
    fusion = finished.fusion  # type: ignore[union-attr]
    traced = replace(fusion, ledger=Ledger(lines=fusion.ledger.lines, dropped=lost_lines))
    return [*events, *writing, replace(finished, fusion=traced), RunFinished(ended="completed")]  # type: ignore[call-arg, list-item]


HOSTILE = hostile_run()


@pytest.fixture
def boards(stage: Stage) -> Boards:
    return shown_boards(stage, {"hostile": HOSTILE})


def opened(new_page: PageMaker, boards: Boards) -> Page:
    page = new_page()
    page.on("dialog", lambda dialog: pytest.fail(f"a dialog opened: {dialog.message}"))
    page.on("popup", lambda other: pytest.fail(f"a window opened: {other.url}"))
    page.goto(f"{boards.url}/?run=hostile")
    return page


def intruders(page: Page) -> list[str]:
    """Elements and attributes on the board that neither our script nor the sanitiser puts there."""
    return page.evaluate(
        """() => {
          const found = [];
          for (const node of document.querySelectorAll("#board *")) {
            if (["SCRIPT", "IFRAME", "IMG", "STYLE", "LINK", "META", "BASE", "OBJECT", "EMBED", "VIDEO", "AUDIO"].includes(node.tagName.toUpperCase())) found.push(node.outerHTML);
            for (const { name, value } of node.attributes) {
              if (name.startsWith("on") || (name.endsWith("href") && !/^(https?:|mailto:)/.test(value))) found.push(`${name}=${value}`);
            }
          }
          for (const node of document.querySelectorAll("#board .fx-prose *")) {
            if (node.matches("form, input, textarea, svg, [id], [style], [name], button:not(.fx-source)")) found.push(node.outerHTML);
          }
          return found;
        }"""  # noqa: E501
    )


def settled(page: Page) -> None:
    """Until all is drawn, also what is put off."""
    expect(page.locator("#board").get_by_role("status")).to_contain_text(re.compile("^Done"), timeout=60_000)
    expect(page.locator(".fx-fusion .fx-source").first).to_be_visible()
    expect(page.locator(".fx-cand").last.locator(".fx-prose, .fx-trouble").first).to_be_attached()


def test_nothing_runs_or_loads_once_everything_is_drawn(boards: Boards, new_page: PageMaker) -> None:
    page = opened(new_page, boards)
    settled(page)
    expect(page.locator(".fx-cand")).to_have_count(2 * len(ATTACKS))
    assert intruders(page) == []
    assert page.evaluate("window.pwned") is None


def test_nothing_runs_or_loads_while_texts_are_growing(boards: Boards, new_page: PageMaker) -> None:
    boards.steps["hostile"] = 0
    page = opened(new_page, boards)
    events = len(boards.runs["hostile"])
    for share in range(1, 25):
        boards.steps["hostile"] = share * events // 25
        page.wait_for_timeout(40)
    assert intruders(page) == []
    del boards.steps["hostile"]
    settled(page)
    assert page.evaluate("window.pwned") is None


def test_no_click_runs_anything_or_leads_away(boards: Boards, new_page: PageMaker) -> None:
    page = opened(new_page, boards)
    settled(page)
    address = page.url
    page.evaluate(
        """() => {
          for (const node of document.querySelectorAll("#board .fx-prose *, #board .fx-trouble *, #board bdi")) {
            if (!node.closest("a[href], button")) for (const kind of ["click", "mouseover", "focus", "toggle"]) {
              node.dispatchEvent(new MouseEvent(kind, { bubbles: true, cancelable: true }));
            }
          }
        }"""
    )
    assert page.evaluate("window.pwned") is None
    assert page.url == address


def test_raw_text_and_sources_are_text_too(boards: Boards, new_page: PageMaker) -> None:
    page = opened(new_page, boards)
    settled(page)
    page.evaluate("() => document.querySelectorAll('#board .fx-said:not(a *)').forEach((said) => said.click())")
    page.evaluate("() => document.querySelectorAll('#board .fx-rawer').forEach((control) => control.click())")
    until(lambda: page.locator(".fx-raw", has_text=RUN).count() > len(ATTACKS) // 2, page)
    assert intruders(page) == []
    assert page.evaluate("window.pwned") is None


def test_links_that_stay_open_apart_without_a_word_about_us(boards: Boards, new_page: PageMaker) -> None:
    page = opened(new_page, boards)
    settled(page)
    links = page.eval_on_selector_all(".fx-prose a[href]", "all => all.map((a) => [a.protocol, a.target, a.rel])")
    assert links
    assert {(protocol, target) for protocol, target, _ in links} <= {("https:", "_blank"), ("http:", "_blank")}
    assert all({"noopener", "noreferrer"} <= set(rel.split()) for _, _, rel in links)


def test_nothing_overlays_the_page_or_leaves_its_card(boards: Boards, new_page: PageMaker) -> None:
    page = opened(new_page, boards)
    settled(page)
    positions = page.eval_on_selector_all(
        ".fx-prose *", "all => [...new Set(all.map((node) => getComputedStyle(node).position))]"
    )
    assert set(positions) <= {"static", "relative"}
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
