"""Visitors are known by their cookie alone, and by nothing that could be read back."""

from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from fusion_ui.engine.values import Failure, FailureKind
from fusion_ui.engine.view import RunView, SlotView
from fusion_ui.people import ANYBODY
from fusion_ui.recipes import ChoiceError
from fusion_ui.replay import NoRunError
from fusion_ui.settings import AuthSettings, SettingsError, load_settings
from fusion_ui.visitors import NoCookieError, Visitors, seen_by, told, visitor_of
from storage.connection import Store
from storage.errors import StorageError
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


INSIDE = "http://10.0.0.5:8000/v1 and OWN_KEY in /srv/fusion_ui.toml"


def failure(kind: FailureKind) -> Failure:
    return Failure(stage="sampling", kind=kind, message=f"It failed at {INSIDE}.", text="half an answer")


@pytest.mark.parametrize("kind", sorted(set(get_args(FailureKind)) - {"budget", "cancelled", "interrupted"}))
def test_a_visitor_is_told_of_no_failure_how_the_app_is_set_up(kind: FailureKind) -> None:
    slot = SlotView(position=1, member="m", model="m", state="failed", failure=failure(kind))
    view = RunView(slots=(slot,), failures=(failure(kind),))
    seen = seen_by(visitor_of(MINE), view)
    assert "10.0.0.5" not in str(seen)
    told_of = [seen.failures[0], seen.slots[0].failure]
    assert all(each is not None and each.message and each.text == "half an answer" for each in told_of)
    assert seen_by(ANYBODY, view) is view


def test_a_visitor_is_told_what_was_refused_by_the_demo_itself() -> None:
    spent = Failure(stage="sampling", kind="budget", message="All comparisons have cost $5.00.")
    assert seen_by(visitor_of(MINE), RunView(failures=(spent,))).failures == (spent,)


@pytest.mark.parametrize(
    ("error", "word"),
    [
        (StorageError("The database /srv/fusion_ui.db is locked."), "Try again"),
        (ChoiceError("There is no judge.", set_up="Add it to fusion_ui.toml."), "There is no judge."),
        (NoRunError(), "no comparison of yours"),
    ],
)
def test_a_visitor_is_told_of_no_file_and_of_no_page_that_is_not_there(error: Exception, word: str) -> None:
    words = told(visitor_of(MINE), error)
    assert word in words
    assert not any(inside in words for inside in ("fusion_ui.", "/srv", "Setup", "database"))
    assert told(ANYBODY, error) == str(error)
