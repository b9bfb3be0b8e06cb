"""A public demo in two browsers: each sees its own comparisons and nothing else of the app."""

import re
from collections.abc import Callable, Iterator

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Served, serving

pytestmark = pytest.mark.browser
PageMaker = Callable[..., Page]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    db = tmp_path_factory.mktemp("public") / "p.db"
    with serving(db, speed=0, environ={"FUSION_UI_PUBLIC": "true"}) as served:
        yield served


def compared(page: Page, demo: Served) -> str:
    """The address of a comparison that this browser began."""
    page.goto(demo.url)
    page.get_by_role("button", name="Compare", exact=True).click()
    expect(page.locator(".fx-fusion .fx-prose").first).to_be_visible()
    page.wait_for_url("**/?run=*")
    return page.url


def test_a_visitor_compares_rates_and_finds_it_again(demo: Served, new_page: PageMaker) -> None:
    page = new_page()
    compared(page, demo)
    page.get_by_role("radio", name="Fused answer").check()
    page.get_by_role("button", name="Save rating").click()
    expect(page.get_by_text(re.compile(r"Saved \d\d:\d\d:\d\d"))).to_be_visible()
    page.reload()
    expect(page.get_by_role("radio", name="Fused answer")).to_be_checked()
    (cookie,) = page.context.cookies()
    assert (cookie["name"], cookie["httpOnly"], cookie["sameSite"]) == ("fusion_visitor", True, "Lax")
    expect(page.get_by_role("navigation", name="Pages").get_by_role("link")).to_have_text(["Compare"])


def test_another_visitor_finds_nothing_at_the_same_address(demo: Served, new_page: PageMaker) -> None:
    address = compared(new_page(), demo)
    other = new_page()
    other.goto(address)
    expect(other.get_by_text("There is no run at this address.")).to_be_visible()
    assert other.locator(".fx-cand").count() == 0


def test_a_browser_without_a_cookie_is_told_why_nothing_begins(demo: Served, new_page: PageMaker) -> None:
    page = new_page()
    page.goto(demo.url)
    expect(page.get_by_role("button", name="Compare", exact=True)).to_be_visible()
    page.context.clear_cookies()
    page.get_by_role("button", name="Compare", exact=True).click()
    expect(page.get_by_text("your browser sent none")).to_be_visible()


def test_the_page_names_no_file_address_or_variable_of_the_set_up(demo: Served) -> None:
    told = "".join(httpx.get(demo.url + path).text for path in ("/", "/config", "/api/session"))
    assert str(demo.db) not in told
    assert "OPENAI_API_KEY" not in told
