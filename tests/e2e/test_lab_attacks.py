"""Hostile names, questions and answers all over the Lab, in a real browser: they are shown as text and nothing runs."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Served, until
from tests.e2e.labserver import PageMaker, Spoken, jsonl, loaded, opened
from tests.ui.attacks import ATTACKS, RUN

pytestmark = pytest.mark.browser
HOSTILE = [text.replace("\n", " ").encode(errors="ignore").decode() for text in ATTACKS.values()]
EVERYTHING = " ".join(HOSTILE)[:2000]


def spoken(member: str) -> list[Spoken]:
    return [Spoken(member, f"{at} {text}", text, {text: 3, f"other {at} {text}": 2}) for at, text in enumerate(HOSTILE)]


@pytest.fixture
def page(instant_app: Served, new_page: PageMaker) -> Page:
    """The Lab over two hostile members, replayed, with a question opened."""
    text = jsonl([*spoken("<img src=x onerror=window.pwned=1>"), *spoken("${window.pwned=1}")], of_set=EVERYTHING[:150])
    page = opened(
        new_page, instant_app.url, loaded(instant_app.url, text, name="<script>window.pwned=1</script>.jsonl")
    )
    page.get_by_role("button", name="Replay", exact=True).click()
    expect(page.get_by_role("region", name="Replay, one row a rule")).to_be_visible()
    page.locator(".lab-questions .lab-open").first.click()
    expect(page.locator(".lab-strip li").first).to_be_visible()
    return page


def test_nothing_hostile_runs_becomes_markup_or_leads_away(page: Page) -> None:
    page.get_by_role("slider").nth(1).press("End")
    made = (
        "#lab :is(script, img, iframe, style, link, base, meta, object, embed, video, audio, form[action], [onerror])"
    )
    until(lambda: page.locator("#lab").get_by_text(RUN).count() > 10, page)
    assert page.locator(made).count() == 0
    assert page.evaluate("window.pwned") is None
    links = page.locator("#lab a").evaluate_all("links => links.map((link) => new URL(link.href).origin)")
    assert set(links) == {page.evaluate("location.origin")}
