"""Visitors are known by their cookie alone, and by nothing that could be read back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fusion_ui.people import ANYBODY
from fusion_ui.replay import NoRunError
from fusion_ui.settings import AuthSettings, SettingsError, load_settings
from fusion_ui.visitors import NoCookieError, Visitors, visitor_of
from storage.connection import Store
from tests.storage.samples import sample_store, start_run

MINE, THEIRS = "a" * 43, "b" * 43


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with sample_store(tmp_path) as store:
        yield store


def begun(store: Store) -> str:
    with store.writing() as writer:
        return start_run(writer).id


def test_only_the_visitor_who_began_a_run_finds_it(store: Store) -> None:
    visitors, run_id = Visitors(store), begun(store)
    visitors.claim(run_id, visitor_of(MINE))
    visitors.check_own(run_id, visitor_of(MINE))
    for token in (THEIRS, "", MINE.upper()):
        with pytest.raises(NoRunError):
            visitors.check_own(run_id, visitor_of(token))


@pytest.mark.parametrize("run_id", ["", "nope", "' OR 1=1 --"])
def test_a_run_that_is_not_there_or_nobodys_is_found_by_no_visitor(store: Store, run_id: str) -> None:
    with pytest.raises(NoRunError):
        Visitors(store).check_own(run_id, visitor_of(MINE))
    with pytest.raises(NoRunError):
        Visitors(store).check_own(begun(store), visitor_of(MINE))


def test_who_is_no_visitor_goes_unhindered_and_leaves_no_mark(store: Store) -> None:
    visitors, run_id = Visitors(store), begun(store)
    visitors.claim(run_id, ANYBODY)
    visitors.check_own(run_id, ANYBODY)
    visitors.check_cookie(ANYBODY)
    with pytest.raises(NoRunError):
        visitors.check_own(run_id, visitor_of(MINE))


@pytest.mark.parametrize("token", ["", "short", "a" * 42, "a" * 44, "ä" * 43, "a" * 42 + ";", "a" * 43 + "\n"])
def test_what_is_no_cookie_of_ours_stands_for_nobody(store: Store, token: str) -> None:
    person = visitor_of(token)
    assert (person.id, person.role) == (None, "visitor")
    with pytest.raises(NoCookieError, match="Allow cookies"):
        Visitors(store).check_cookie(person)


def test_the_cookie_itself_is_not_in_the_file(store: Store) -> None:
    Visitors(store).claim(begun(store), visitor_of(MINE))
    written = b"".join(path.read_bytes() for path in store.path.parent.glob(f"{store.path.name}*"))
    assert MINE.encode() not in written
    assert str(visitor_of(MINE).id).encode() in written


def test_a_demo_for_strangers_has_no_logins() -> None:
    with pytest.raises(SettingsError, match="leave out either public or"):
        load_settings(public=True, auth=AuthSettings(enabled=True))
