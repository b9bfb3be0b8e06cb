"""A report in a browser: nothing is asked for, nothing runs, and it can be read on any screen and on paper."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from starlette.responses import HTMLResponse

from storage.connection import open_store
from storage.identity import Identity
from tests import preference_analyses as by_hand
from tests.annotation.judging import Clock, Room
from tests.e2e.conftest import violations_in_both_themes
from tests.e2e.stage import Stage
from tests.preferences.reporting import judged, reports

pytestmark = pytest.mark.browser
NewPage = Callable[..., Page]
# A line of a chart, and the page behind it.
COLOURS = """() => ["svg [stroke='#000000']", "body"].map(one => {
  const style = getComputedStyle(document.querySelector(one));
  return one === "body" ? style.backgroundColor : style.stroke;
})"""
TOO_WIDE = (
    """() => [...document.querySelectorAll(".wide")].filter(box => box.scrollWidth > box.clientWidth + 1).length"""
)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A report with every part."""
    clock = Clock()
    path = tmp_path_factory.mktemp("report") / "s.db"
    with open_store(path, identity=Identity(clock=clock)) as store:
        return reports(store, by_hand.analysis()).report(judged(store, Room(store, clock), instructions="Read."))


@pytest.fixture
def address(stage: Stage, report: str) -> str:
    """Where the report lies, and nothing else with it."""
    return stage.shows(HTMLResponse(report))


def opened(page: Page, address: str) -> list[str]:
    """What the page complains of while it is opened."""
    complaints: list[str] = []
    page.on("request", lambda request: complaints.append(request.url) if request.url.strip("/") != address else None)
    page.on("console", lambda message: complaints.append(message.text))
    page.on("dialog", lambda dialog: complaints.append(dialog.message))
    page.goto(address)
    expect(page.get_by_role("heading", name="Fused or picked")).to_be_visible()
    return complaints


def test_a_report_runs_nothing_and_breaks_no_policy_of_its_own(new_page: NewPage, address: str) -> None:
    page = new_page()
    assert opened(page, address) == []
    assert page.locator("article script, article img").count() == 0
    assert page.locator("figure svg").count() == 7


def test_a_report_is_accessible(new_page: NewPage, address: str) -> None:
    page = new_page(color_scheme="light")
    opened(page, address)
    assert violations_in_both_themes(page) == []


def test_charts_follow_the_colours_of_the_page(new_page: NewPage, address: str) -> None:
    page = new_page(color_scheme="light")
    opened(page, address)
    light = page.evaluate(COLOURS)
    page.emulate_media(color_scheme="dark")
    dark = page.evaluate(COLOURS)
    assert light[1] == "rgb(255, 255, 255)"
    assert light[0] != dark[0]
    assert light[1] != dark[1]


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_a_report_never_scrolls_sideways_as_a_whole(new_page: NewPage, address: str, width: int) -> None:
    page = new_page(width=width)
    opened(page, address)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width


def test_a_table_that_is_too_wide_scrolls_by_keyboard(new_page: NewPage, address: str) -> None:
    page = new_page(width=390)
    opened(page, address)
    box = page.get_by_role("region", name="Raters", exact=True)
    box.focus()
    page.keyboard.press("End")
    page.keyboard.press("ArrowRight")
    page.wait_for_function("box => box.scrollLeft > 0", arg=box.element_handle())


def test_links_of_the_contents_lead_to_their_parts(new_page: NewPage, address: str) -> None:
    page = new_page()
    opened(page, address)
    page.get_by_role("navigation", name="Contents").get_by_role("link", name="Methods").click()
    expect(page.get_by_role("heading", name="Methods")).to_be_in_viewport()


def test_on_paper_no_table_is_cut_off_and_the_dark_stays_behind(new_page: NewPage, address: str) -> None:
    page = new_page(width=673, color_scheme="dark")  # what is left of A4 between its margins
    opened(page, address)
    page.emulate_media(media="print")
    assert page.evaluate(TOO_WIDE) == 0
    assert page.evaluate(COLOURS)[1] in ("rgb(255, 255, 255)", "rgba(0, 0, 0, 0)")
    expect(page.get_by_role("navigation", name="Contents")).to_be_hidden()


def test_a_report_prints_as_a4(new_page: NewPage, address: str, tmp_path: Path) -> None:
    page = new_page()
    opened(page, address)
    page.pdf(path=tmp_path / "report.pdf", prefer_css_page_size=True)
    printed = (tmp_path / "report.pdf").read_bytes()
    assert b"/MediaBox [0 0 594.95996 841.91998]" in printed or b"/MediaBox [0 0 595 842]" in printed
