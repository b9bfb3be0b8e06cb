"""Waiting for a turn, as people see it: a place in the line, a reload that keeps it, Stop, and a line that is full."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Served, serving

pytestmark = pytest.mark.browser
PageMaker = Callable[..., Page]


@pytest.fixture
def narrow(tmp_path: Path) -> Iterator[Served]:
    """An app with room for one run and one that waits, whose members take minutes."""
    config = tmp_path / "narrow.toml"
    config.write_text("[limits]\nruns_at_once = 1\nwaiting = 1\n")
    with serving(tmp_path / "narrow.db", speed=50, config=config) as served:
        yield served


def status(page: Page) -> Locator:
    return page.locator("#board").get_by_role("status").first


def asked(new_page: PageMaker, narrow: Served) -> Page:
    page = new_page()
    page.goto(narrow.url)
    page.get_by_role("button", name="Compare").click()
    return page


def test_a_place_in_the_line_is_shown_kept_given_up_and_taken(narrow: Served, new_page: PageMaker) -> None:
    first = asked(new_page, narrow)
    expect(status(first)).to_have_text("Sampling candidates.")
    second = asked(new_page, narrow)
    expect(status(second)).to_have_text("Waiting: 1st in line.")
    third = asked(new_page, narrow)
    expect(third.get_by_role("alert").filter(has_text="So many are waiting already")).to_be_visible()
    second.reload()
    expect(status(second)).to_have_text("Waiting: 1st in line.")
    second.get_by_role("button", name="Stop").click()
    expect(status(second)).to_have_text("Done, stopped by you.")
    third.get_by_role("button", name="Compare").click()
    expect(status(third)).to_have_text("Waiting: 1st in line.")
    first.get_by_role("button", name="Stop").click()
    expect(status(third)).to_have_text("Sampling candidates.")
