"""Weights in the composer: filled from an address, checked in plain words, and shown with the run they made."""

import json
import re

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Served, fill_in, until, violations
from tests.e2e.test_compare import PageMaker, compared, opened

pytestmark = pytest.mark.browser


def weighed(new_page: PageMaker, app: Served, written: str, **how: object) -> Page:
    """The composer as an address with these weights opens it."""
    page = opened(new_page, f"{app.url}/?w={written}", **how)
    expect(page.get_by_role("textbox", name=re.compile("Weights"))).not_to_have_value("")
    return page


def test_an_address_fills_the_weights_and_ticks_their_members(app: Served, new_page: PageMaker) -> None:
    page = weighed(new_page, app, "Quick:0.7,Careful:0.3")
    expect(page.get_by_role("textbox", name=re.compile("Weights"))).to_have_value("Quick 0.7, Careful 0.3")
    expect(page.get_by_role("checkbox", name=re.compile("Quick"))).to_be_checked()
    expect(page.get_by_role("checkbox", name=re.compile("Plain"))).not_to_be_checked()


def solved(app: Served, members: tuple[str, str]) -> str:
    """The id of a report that weighs two members, each right where the other is wrong."""
    votes = {members[0]: ["1", "1", "1", "2"], members[1]: ["2", "2", "2", "2"]}
    entries = [
        {"question": gold, "member": member, "answer": answer, "gold": gold}
        for gold in "12"
        for member, answers in votes.items()
        for answer in answers
    ]
    body = "\n".join(map(json.dumps, entries))
    loaded = httpx.post(f"{app.url}/api/lab/recordings", params={"name": f"{members}.jsonl"}, content=body, timeout=60)
    selection = {"recordings": [loaded.json()["recording"]["id"]], "runs": False, "members": None}
    told = {"selection": selection, "folds": 2, "repeats": 1, "seed": 0}
    return str(httpx.post(f"{app.url}/api/lab/weights", json=told, timeout=60).json()["id"])


def test_the_weights_of_a_report_can_be_used(app: Served, new_page: PageMaker) -> None:
    page = opened(new_page, f"{app.url}/?weights={solved(app, ('Quick', 'Careful'))}")
    expect(page.get_by_role("textbox", name=re.compile("Weights"))).to_have_value(
        re.compile(r"^(Quick|Careful) [\d.]+")
    )
    compared(page)


def test_a_report_over_members_that_are_not_set_up_says_so(app: Served, new_page: PageMaker) -> None:
    page = opened(new_page, f"{app.url}/?weights={solved(app, ('one', 'other'))}")
    expect(page.get_by_role("alert")).to_contain_text("not set up here")


def test_a_report_that_is_not_there_is_said(app: Served, new_page: PageMaker) -> None:
    page = opened(new_page, f"{app.url}/?weights=nope")
    expect(page.get_by_role("alert")).to_contain_text("no report")


def test_a_run_shows_the_weights_it_was_made_with(app: Served, new_page: PageMaker) -> None:
    page = compared(weighed(new_page, app, "Quick:7,Careful:3"))
    expect(page.locator("#board")).to_contain_text("Quick 70 %")
    expect(page.locator("#board")).to_contain_text("Careful 30 %")
    assert violations(page) == []


def test_what_is_open_under_more_stays_open(app: Served, new_page: PageMaker) -> None:
    page = weighed(new_page, app, "Quick:1")
    expect(page.get_by_label(re.compile("Seed"))).to_have_value("")
    expect(page.get_by_label(re.compile("Budget"))).to_have_value("")


def test_a_run_without_weights_says_nothing_of_them(app: Served, new_page: PageMaker) -> None:
    page = compared(opened(new_page, app.url))
    expect(page.locator(".fx-chip-weights")).to_have_count(0)


def test_members_that_are_not_set_up_are_named_with_what_to_do(app: Served, new_page: PageMaker) -> None:
    page = weighed(new_page, app, "Quick:0.7,llama-70b:0.3")
    expect(page.get_by_role("alert")).to_contain_text("llama-70b, which is not set up here")
    expect(page.get_by_role("alert")).to_contain_text("fusion_ui.toml")
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("alert")).to_contain_text("no member 'llama-70b'")


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("Quick 0, Careful 0, Plain 0", "All weights are zero"),
        ("Quick much", "'much' is no weight for Quick"),
        ("Quick 1", "none for Careful, Plain"),
    ],
)
def test_weights_that_do_not_fit_are_refused_in_plain_words(
    app: Served, new_page: PageMaker, written: str, words: str
) -> None:
    page = weighed(new_page, app, "Quick:1,Careful:1,Plain:1")
    fill_in(page.get_by_role("textbox", name=re.compile("Weights")), written)
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("alert")).to_contain_text(words)


@pytest.mark.parametrize("address", ["w=%3Cimg%20src%3Dx%3E", "w=a:nan", "w=" + "a:1," * 2000])
def test_an_address_with_nonsense_does_not_break_the_page(app: Served, new_page: PageMaker, address: str) -> None:
    page = opened(new_page, f"{app.url}/?{address}")
    expect(page.get_by_role("alert")).not_to_be_empty(timeout=20_000)
    expect(page.get_by_role("button", name="Compare")).to_be_enabled()


def test_the_field_fits_a_phone(app: Served, new_page: PageMaker) -> None:
    page = compared(weighed(new_page, app, "Quick:0.7,Careful:0.3", width=320, height=844))
    until(lambda: page.evaluate("document.documentElement.scrollWidth") <= 320, page)
