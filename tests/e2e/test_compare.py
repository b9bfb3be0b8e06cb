"""The Compare page as a newcomer uses it: from a prompt to a stored rating, in a real browser."""

import json
import re
import subprocess
import sys
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Served, serving

pytestmark = pytest.mark.browser
PageMaker = Callable[..., Page]


def opened(new_page: PageMaker, url: str, **how: object) -> Page:
    page = new_page(**how)
    page.goto(url)
    expect(page.get_by_role("button", name="Compare")).to_be_visible(timeout=30_000)
    return page


def compared(page: Page, *, example: str | None = None) -> Page:
    """The page after one comparison is done."""
    if example:
        page.get_by_role("button", name=example).click()
    page.get_by_role("button", name="Compare").click()
    done(page)
    return page


def done(page: Page) -> None:
    expect(page.locator("#board").get_by_role("status").first).to_contain_text(re.compile("^Done"), timeout=40_000)


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
    text = page.get_by_role("article", name=re.compile("^Candidate 1 ")).inner_text()
    again = opened(new_page, page.url)
    done(again)
    expect(again.get_by_role("article", name=re.compile("^Candidate 1 "))).to_have_text(text, use_inner_text=True)
    assert (
        again.get_by_label("Prompt", exact=True).input_value() == page.get_by_label("Prompt", exact=True).input_value()
    )


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
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("article", name=re.compile("^Candidate 1 "))).to_be_visible()
    page.get_by_role("button", name="Stop").click()
    done(page)
    expect(page.get_by_role("region", name="Vote")).to_contain_text("you", ignore_case=True)


def test_recorded_candidates_can_be_pasted(app: Served, new_page: PageMaker) -> None:
    page = opened(new_page, app.url)
    page.get_by_label("Prompt", exact=True).fill("What is 6 x 7?")
    page.get_by_role("button", name=re.compile("^More")).click()
    pasted = page.get_by_label("Recorded candidates")
    pasted.click()  # the fields under More are made anew when it opens: a click waits until they hold still
    pasted.fill("It is 42.\n\nAnswer: 42\n---\nAnswer: 42\n---\nAnswer: 41")
    expect(pasted).to_have_value(re.compile("41$"))
    compared(page)
    expect(page.get_by_role("region", name="Vote")).to_contain_text("42")


def test_a_prompt_the_demo_does_not_know_is_refused_in_plain_words(app: Served, new_page: PageMaker) -> None:
    page = opened(new_page, app.url)
    page.get_by_label("Prompt", exact=True).fill("Who are you?")
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("alert")).to_contain_text("only know the examples")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_have_no_accessibility_violation(app: Served, new_page: PageMaker, scheme: str) -> None:
    page = compared(opened(new_page, app.url, color_scheme=scheme))
    assert violations(page) == []
    page.goto(app.url + "/setup")
    expect(page.get_by_role("heading", name="Members")).to_be_visible()
    assert violations(page) == []


def violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {node['html'][:200]}" for each in found for node in each["nodes"]]


@pytest.mark.parametrize("width", [320, 390])
def test_a_phone_never_scrolls_sideways(app: Served, new_page: PageMaker, width: int) -> None:
    page = compared(opened(new_page, app.url, width=width, height=844))
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_setup_names_keys_but_never_shows_them(new_page: PageMaker, tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setenv("SOME_VENDOR_KEY", "sk-very-secret-1234567890")
    config = tmp_path / "config.toml"
    config.write_text(
        '[[members]]\nname = "gpt"\nmodel = "openai/gpt-4o-mini"\napi_base = "http://127.0.0.1:9"\n'
        'api_key_env = "SOME_VENDOR_KEY"\n'
    )
    with serving(tmp_path / "s.db", speed=0, config=config) as served:
        page = new_page()
        page.goto(served.url + "/setup")
        expect(page.get_by_text("SOME_VENDOR_KEY is set")).to_be_visible(timeout=30_000)
        page.get_by_role("button", name="Test gpt").click()
        expect(page.locator(".fx-check-result.bad")).to_contain_text("could not be reached", timeout=60_000)
        assert "sk-very-secret" not in page.content()


def test_a_run_shows_again_exactly_after_a_restart(new_page: PageMaker, tmp_path) -> None:  # type: ignore[no-untyped-def]
    with serving(tmp_path / "r.db", speed=0) as served:
        page = compared(opened(new_page, served.url))
        address, before = page.url.removeprefix(served.url), page.locator("#board").inner_text()
    with serving(tmp_path / "r.db", speed=0) as served:
        again = opened(new_page, served.url + address)
        done(again)
        assert again.locator("#board").inner_text() == before


WATCHED = """
import sys
def note(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto"):
        with open(r"{log}", "a") as log:
            print(event, *map(repr, arguments[-2:]), file=log)
sys.addaudithook(note)
"""


def test_a_demo_server_connects_to_nobody(new_page: PageMaker, tmp_path) -> None:  # type: ignore[no-untyped-def]
    log = tmp_path / "connections.txt"
    (tmp_path / "sitecustomize.py").write_text(WATCHED.replace("{log}", str(log)))
    log.touch()
    with serving(tmp_path / "w.db", speed=0, environ={"PYTHONPATH": str(tmp_path)}) as served:
        compared(opened(new_page, served.url))
    outward = [line for line in log.read_text().splitlines() if not re.search(r"127\.0\.0\.1|localhost|::1", line)]
    assert outward == []
