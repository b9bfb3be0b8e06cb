"""The Compare page as a newcomer uses it: from a prompt to a stored rating, in a real browser."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from fusion_ui.people import People
from fusion_ui.settings import AuthSettings
from storage.connection import open_store
from tests.e2e.conftest import Served, fill_in, serving, until

pytestmark = pytest.mark.browser
PageMaker = Callable[..., Page]


def opened(new_page: PageMaker, url: str, **how: object) -> Page:
    page = new_page(**how)
    page.goto(url)
    expect(page.get_by_role("button", name="Compare")).to_be_visible()
    return page


def compared(page: Page, *, example: str | None = None) -> Page:
    """The page after one comparison is done."""
    if example:
        page.get_by_role("button", name=example).click()
    page.get_by_role("button", name="Compare").click()
    done(page)
    return page


def done(page: Page) -> None:
    expect(page.locator("#board").get_by_role("status").first).to_contain_text(re.compile("^Done"))


def test_a_newcomer_compares_and_rates_within_one_visit(app: Served, new_page: PageMaker) -> None:
    page = compared(opened(new_page, app.url))
    for region in ("Best-of-N pick", "Fused answer", "Vote"):
        expect(page.get_by_role("region", name=region)).to_be_visible()
    expect(page.get_by_role("article", name=re.compile("^Candidate 1 "))).to_be_visible()
    page.get_by_role("radio", name="Fused answer").check()
    page.get_by_role("button", name="Save rating").click()
    expect(page.get_by_text(re.compile(r"Saved \d\d:\d\d:\d\d"))).to_be_visible()
    command = [sys.executable, "-m", "sqlite_utils", "rows", str(app.db), "ratings"]
    rows = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    assert [row["role"] for row in rows if page.url.endswith(row["run_id"])] == ["fusion"]


def test_a_run_has_an_address_that_shows_it_again(app: Served, new_page: PageMaker) -> None:
    page = compared(opened(new_page, app.url))
    first = page.get_by_role("article", name=re.compile("^Candidate 1 "))
    expect(first).to_contain_text(re.compile(r"\d+ tokens"))
    again = opened(new_page, page.url)
    done(again)
    expect(again.get_by_role("article", name=re.compile("^Candidate 1 "))).to_have_text(
        first.inner_text(), use_inner_text=True
    )
    prompt = page.get_by_label("Prompt", exact=True).input_value()
    expect(again.get_by_label("Prompt", exact=True)).to_have_value(prompt)


def test_a_reload_in_the_middle_loses_nothing(app: Served, new_page: PageMaker) -> None:
    page = opened(new_page, app.url)
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("article", name=re.compile("^Candidate 1 "))).to_be_visible()
    page.reload()
    done(page)


def test_undo_takes_a_rating_back_and_a_revision_counts(app: Served, new_page: PageMaker) -> None:
    page = compared(opened(new_page, app.url))
    page.get_by_role("radio", name="Tie").check()
    page.get_by_role("button", name="Save rating").click()
    expect(page.get_by_text("revision 1")).to_be_visible()
    page.get_by_role("radio", name="All bad").check()
    page.get_by_role("button", name="Save rating").click()
    expect(page.get_by_text("revision 2")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("radio", name="Tie")).to_be_checked()


def test_stop_keeps_what_is_there(app: Served, new_page: PageMaker) -> None:
    page = opened(new_page, app.url)
    expect(page.get_by_role("button", name="Stop")).to_be_disabled()
    page.get_by_role("radio", name="Fixed N").check()
    fill_in(page.get_by_label("N, at most"), "100")  # far from its end when Stop is pressed
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("article", name=re.compile("^Candidate 1 "))).to_be_visible()
    page.get_by_role("button", name="Stop").click()
    done(page)
    expect(page.get_by_role("region", name="Vote")).to_contain_text("you", ignore_case=True)


def test_recorded_candidates_can_be_pasted(app: Served, new_page: PageMaker) -> None:
    page = opened(new_page, app.url)
    fill_in(page.get_by_label("Prompt", exact=True), "What is 6 x 7?")
    page.get_by_role("button", name=re.compile("^More")).click()
    pasted = page.get_by_label("Recorded candidates")
    fill_in(pasted, "It is 42.\n\nAnswer: 42\n---\nAnswer: 42\n---\nAnswer: 41")
    compared(page)
    expect(page.get_by_role("region", name="Vote")).to_contain_text("42")


def test_a_prompt_the_demo_does_not_know_is_refused_in_plain_words(app: Served, new_page: PageMaker) -> None:
    page = opened(new_page, app.url)
    fill_in(page.get_by_label("Prompt", exact=True), "Who are you?")
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("alert")).to_contain_text("only know the examples")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_theme_is_that_of_the_device(app: Served, new_page: PageMaker, scheme: str) -> None:
    page = opened(new_page, app.url, color_scheme=scheme)
    expect(page.locator("body.dark")).to_have_count(int(scheme == "dark"))


def test_a_phone_never_scrolls_sideways(app: Served, new_page: PageMaker) -> None:
    page = compared(opened(new_page, app.url, width=390, height=844))
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.set_viewport_size({"width": 320, "height": 844})
    until(lambda: page.evaluate("document.documentElement.scrollWidth") <= 320, page)


def test_setup_names_keys_but_never_shows_them(
    new_page: PageMaker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOME_VENDOR_KEY", "sk-very-secret-1234567890")
    config = tmp_path / "config.toml"
    config.write_text(
        '[[members]]\nname = "gpt"\nmodel = "openai/gpt-4o-mini"\napi_base = "http://127.0.0.1:9"\n'
        'api_key_env = "SOME_VENDOR_KEY"\n'
    )
    with serving(tmp_path / "s.db", speed=0, config=config) as served:
        page = new_page()
        page.goto(served.url + "/setup")
        expect(page.get_by_text("SOME_VENDOR_KEY is set")).to_be_visible()
        page.get_by_role("button", name="Test gpt").click()
        expect(page.locator(".fx-check-result.bad")).to_contain_text("could not be reached", timeout=120_000)
        assert "sk-very-secret" not in page.content()


def test_a_restart_loses_neither_a_run_nor_who_is_logged_in(new_page: PageMaker, tmp_path: Path) -> None:
    db, environ = tmp_path / "r.db", {"FUSION_UI_AUTH__ENABLED": "true"}
    page = new_page()
    with serving(db, speed=0, environ=environ) as served, open_store(db) as store:
        People(store, AuthSettings(enabled=True)).add("Ann", role="owner", password="tide pool lantern")
        page.goto(served.url)
        page.get_by_label("Name").fill("Ann")
        page.get_by_label("Password").fill("tide pool lantern")
        page.get_by_role("button", name="Log in").click()
        address = compared(page).url.removeprefix(served.url)
    with serving(db, speed=0, environ=environ) as restarted:
        again = page.context.new_page()
        again.set_viewport_size(page.viewport_size)
        again.goto(restarted.url + address)
        done(again)
        before = page.locator("#board").inner_text()
        expect(again.locator("#board")).to_have_text(before, use_inner_text=True)


def test_a_demo_server_connects_to_nobody(app: Served, new_page: PageMaker) -> None:
    """Neither for this comparison nor for anything that the tests before did here."""
    compared(opened(new_page, app.url))
    log = (app.db.parent / "connections.txt").read_text()
    assert [line for line in log.splitlines() if not re.search(r"127\.0\.0\.1|localhost|::1", line)] == []
