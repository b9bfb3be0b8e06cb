"""The door in a real browser: by keyboard, in the dark, on a small screen; for who is invited and who is put out."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, expect

from fusion_ui.people import People
from fusion_ui.settings import AuthSettings
from storage.connection import open_store
from tests.e2e.conftest import Served, later, serving, violations_in_both_themes

pytestmark = pytest.mark.browser
PageMaker = Callable[..., Page]
PASSWORD, OTHER = "tide pool lantern", "copper kettle moss"
AUTH = {"FUSION_UI_AUTH__ENABLED": "true", "FUSION_UI_AUTH__ATTEMPTS": "3"}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("door") / "door.db", speed=0, environ=AUTH) as served:
        with at(served) as people:
            people.add("Ann", role="owner", password=PASSWORD)
            people.add("Bo", role="rater", password=PASSWORD)
        yield served


@contextmanager
def at(served: Served) -> Iterator[People]:
    """The people of the app, as the command line reaches them."""
    with open_store(served.db) as store:
        yield People(store, AuthSettings(enabled=True))


def logged_in(page: Page, url: str, name: str = "Ann", password: str = PASSWORD) -> Page:
    page.goto(url)
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()
    return page


def test_by_keyboard_alone_one_gets_to_the_page_that_was_asked_for(app: Served, new_page: PageMaker) -> None:
    page = new_page()
    page.goto(f"{app.url}/lab?from=x#y")
    expect(page.get_by_label("Name")).to_be_focused()
    page.keyboard.type("Ann")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Lab", exact=True)).to_be_attached()
    expect(page).to_have_url(f"{app.url}/lab?from=x#y")


def test_a_wrong_password_is_said_and_after_a_few_how_long_to_wait(app: Served, new_page: PageMaker) -> None:
    page = new_page()
    says = page.get_by_role("alert").filter(visible=True)
    for attempt in range(3):
        logged_in(page, f"{app.url}/login", name="Somebody", password=f"wrong {attempt}")
        expect(says).to_have_text("The name or the password is wrong.")
    expect(page.get_by_label("Password")).to_be_focused()
    page.keyboard.type("another")
    page.keyboard.press("Enter")
    expect(says).to_contain_text("Too many wrong attempts. Try again in 15 minutes.")
    assert "wrong" not in page.url


def test_a_rater_who_opens_an_owners_page_is_shown_the_way(app: Served, new_page: PageMaker) -> None:
    page = logged_in(new_page(), f"{app.url}/lab", name="Bo")
    expect(page.get_by_role("alert").filter(visible=True)).to_contain_text("for the owner")
    expect(page.get_by_role("heading", name="Logged in as Bo")).to_be_visible()
    page.get_by_role("link", name="Go to your ratings").click()
    expect(page).to_have_url(f"{app.url}/rate/")
    expect(page.get_by_role("heading", level=1)).to_be_attached()


def test_an_invited_person_begins_at_once_and_the_link_works_once(app: Served, new_page: PageMaker) -> None:
    with at(app) as people:
        link = f"{app.url}/login#invitation={people.invite().token}"
    page = new_page()
    page.goto(link)
    expect(page.get_by_label("Name")).to_be_focused()
    for word in ("Cleo", PASSWORD, OTHER):
        page.keyboard.type(word)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").filter(visible=True)).to_contain_text("differ")
    page.get_by_label("Password again").fill(PASSWORD)
    page.get_by_role("button", name="Begin").click()
    expect(page).to_have_url(f"{app.url}/rate/")
    other = new_page()
    other.goto(link)
    expect(other.get_by_role("alert").filter(has_text="used already")).to_be_visible()
    expect(other.get_by_role("heading", name="Log in")).to_be_visible()


def test_an_invitation_by_name_is_for_that_name(app: Served, new_page: PageMaker) -> None:
    with at(app) as people:
        token = people.invite(name="Dağhan Ü").token
    page = new_page()
    page.goto(f"{app.url}/login#invitation={token}")
    expect(page.get_by_label("Name")).to_have_value("Dağhan Ü")
    expect(page.get_by_label("Name")).not_to_be_editable()
    expect(page.get_by_label("Password", exact=True)).to_be_focused()


def test_one_can_change_the_password_and_leave(app: Served, new_page: PageMaker) -> None:
    with at(app) as people:
        people.add("Eve", role="rater", password=PASSWORD)
    page = logged_in(new_page(), f"{app.url}/login", name="Eve")
    expect(page).to_have_url(f"{app.url}/rate/")
    page.goto(f"{app.url}/login")
    page.get_by_text("Change the password").click()
    page.get_by_label("Password now").fill(PASSWORD)
    page.get_by_label("New password", exact=True).fill(OTHER)
    page.get_by_label("New password again").fill(OTHER)
    page.get_by_role("button", name="Change it").click()
    expect(page.get_by_role("alert").filter(visible=True)).to_contain_text("Changed.")
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    page.goto(f"{app.url}/rate/")
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    logged_in(page, f"{app.url}/login", name="Eve", password=OTHER)
    expect(page).to_have_url(f"{app.url}/rate/")


def test_who_is_disabled_meets_the_door_at_the_next_page(app: Served, new_page: PageMaker) -> None:
    with at(app) as people:
        people.add("Finn", role="owner", password=PASSWORD)
    page = logged_in(new_page(), f"{app.url}/setup", name="Finn")
    expect(page.get_by_role("heading", name="Setup", exact=True)).to_be_attached()
    with at(app) as people:
        people.set_disabled("Finn", is_disabled=True)
    page.reload()
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()


@pytest.mark.parametrize("shows", ["log in", *later("invited", "account")])
def test_the_door_is_accessible_and_fits_a_small_screen(app: Served, new_page: PageMaker, shows: str) -> None:
    page = new_page(width=320, height=640, color_scheme="light")
    with at(app) as people:
        page.goto(f"{app.url}/login#invitation={people.invite().token}" if shows == "invited" else f"{app.url}/login")
    if shows == "account":
        logged_in(page, f"{app.url}/lab", name="Bo")
        page.get_by_text("Change the password").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    small = page.locator("button:visible, a.door-go:visible, input:visible").evaluate_all(
        "(all) => all.map((each) => each.getBoundingClientRect()).filter((box) => box.height < 44).length"
    )
    assert small == 0
    assert violations_in_both_themes(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_door_has_the_theme_of_the_device(app: Served, new_page: PageMaker, scheme: str) -> None:
    page = new_page(color_scheme=scheme)
    page.goto(f"{app.url}/login")
    expect(page.locator("body.dark")).to_have_count(int(scheme == "dark"))


def test_the_theme_that_is_chosen_here_is_kept_in_the_app(app: Served, new_page: PageMaker) -> None:
    page = new_page(color_scheme="light")
    page.goto(f"{app.url}/login")
    page.get_by_role("button", name="Light / dark").click()
    logged_in(page, f"{app.url}/setup")
    expect(page.get_by_role("heading", name="Setup", exact=True)).to_be_attached()
    expect(page.locator("body.dark")).to_be_attached()
