"""Sessions: they last until their time, their end or their user's disabling; attempts are found by name and address."""

import pytest

from storage.connection import Store
from storage.errors import RowError
from storage.identity import later
from storage.people import add_user, set_disabled
from storage.rows import Writer
from storage.sessions import (
    NAME_LENGTH,
    SessionEndRow,
    SessionRow,
    attempts_near,
    end_session,
    end_sessions_of,
    open_session,
    record_attempt,
    start_session,
)
from tests.storage.study_samples import TOKENS

TOKEN, OTHER = TOKENS[:2]


def started(writer: Writer, *, name: str = "Ada", token: str = TOKEN, valid_s: float = 3600.0) -> SessionRow:
    user = add_user(writer, name=name, role="rater")
    return start_session(writer, token_sha256=token, user_id=user.id, valid_s=valid_s)


def test_a_session_is_found_by_its_own_token_only(store: Store) -> None:
    with store.writing() as writer:
        session = started(writer)
        started(writer, name="Ben", token=OTHER)
        now = writer.identity.now()
        assert open_session(writer, TOKEN, now=now) == session
        assert open_session(writer, TOKENS[2], now=now) is open_session(writer, "", now=now) is None


def test_a_session_ends_by_time(store: Store) -> None:
    with store.writing() as writer:
        session = started(writer, valid_s=60.0)
        before = later(session.expires_at, seconds=-0.001)
        assert open_session(writer, TOKEN, now=before) == session
        assert open_session(writer, TOKEN, now=session.expires_at) is None
        assert later(session.created_at, seconds=60.0) == session.expires_at


def test_a_session_ends_once_and_no_other_with_it(store: Store) -> None:
    with store.writing() as writer:
        started(writer)
        started(writer, name="Ben", token=OTHER)
        for _ in range(2):
            end_session(writer, TOKEN)
        end_session(writer, TOKENS[2])
        now = writer.identity.now()
        assert (open_session(writer, TOKEN, now=now) is None, open_session(writer, OTHER, now=now) is None) == (
            True,
            False,
        )
        assert [each.token_sha256 for each in writer.rows(SessionEndRow)] == [TOKEN]


def test_all_sessions_of_a_user_end_and_a_new_one_may_begin(store: Store) -> None:
    with store.writing() as writer:
        user_id = started(writer).user_id
        end_sessions_of(writer, user_id)
        new = start_session(writer, token_sha256=OTHER, user_id=user_id, valid_s=60.0)
        now = writer.identity.now()
        assert (open_session(writer, TOKEN, now=now), open_session(writer, OTHER, now=now)) == (None, new)


def test_a_disabled_user_begins_no_session_until_enabled(store: Store) -> None:
    with store.writing() as writer:
        user = add_user(writer, name="Ada", role="rater")
        set_disabled(writer, user.id, is_disabled=True)
        with pytest.raises(RowError, match="this user is disabled"):
            start_session(writer, token_sha256=TOKEN, user_id=user.id, valid_s=60.0)
        set_disabled(writer, user.id, is_disabled=False)
        assert start_session(writer, token_sha256=TOKEN, user_id=user.id, valid_s=60.0).user_id == user.id


def test_a_session_of_a_disabled_user_does_not_open_even_if_no_end_was_written(store: Store) -> None:
    with store.writing() as writer:
        user = add_user(writer, name="Ada", role="rater")
        set_disabled(writer, user.id, is_disabled=True)
        now = writer.identity.now()
        until = later(now, seconds=3600.0)
        writer.insert(SessionRow(token_sha256=TOKEN, user_id=user.id, expires_at=until, created_at=now))
        assert open_session(writer, TOKEN, now=now) is None


def test_a_token_itself_is_not_taken_for_its_hash(store: Store) -> None:
    with store.writing() as writer, pytest.raises(RowError, match="CHECK"):
        started(writer, token="the token itself")


def test_attempts_are_found_by_name_or_address_within_the_window(store: Store) -> None:
    with store.writing() as writer:
        old = record_attempt(writer, name="Ada", address="::1", is_success=False)
        near = [
            record_attempt(writer, name="Ada", address="::2", is_success=False),
            record_attempt(writer, name="Ben", address="::1", is_success=True),
        ]
        record_attempt(writer, name="Ben", address="::2", is_success=False)
        since = later(old.attempted_at, seconds=0.001)
        assert list(attempts_near(writer, name="Ada", address="::1", since=since)) == near


def test_a_name_of_any_length_is_counted(store: Store) -> None:
    huge = "x" * 1_000_000
    with store.writing() as writer:
        row = record_attempt(writer, name=huge, address=huge, is_success=False)
        assert len(row.name) == len(row.address) == NAME_LENGTH
        assert attempts_near(writer, name=huge, address="", since=row.attempted_at) == (row,)
