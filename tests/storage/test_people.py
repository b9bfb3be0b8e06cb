"""People: one account a name, the latest password holds, invitations work once however many take them at once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from storage.connection import Store
from storage.errors import RowError
from storage.people import (
    InvitationError,
    UserRow,
    account_named,
    accounts,
    add_user,
    open_invitation,
    put_invitation,
    set_disabled,
    set_password,
    use_invitation,
    user_by_id,
)
from storage.ratings import rater_named
from storage.rows import Writer
from storage.sessions import open_session, start_session
from tests.storage.study_samples import TOKENS

FIRST, SECOND = TOKENS[:2]


def test_a_user_is_found_by_any_spelling_of_the_name(store: Store) -> None:
    with store.writing() as writer:
        user = add_user(writer, name=" Zoë  Ada", role="owner")
        found = account_named(writer, "Zoe\u0308 Ada")
        assert user_by_id(writer, user.id) == user
        assert account_named(writer, "Ben") is user_by_id(writer, "gone") is None
    assert found is not None
    assert (found.user, found.password_hash, found.is_disabled) == (user, None, False)


def test_a_user_rates_under_the_same_name(store: Store) -> None:
    with store.writing() as writer:
        rater = rater_named(writer, "Ada")
        assert account_named(writer, "Ada") is None
        assert add_user(writer, name="Ada", role="rater").name == rater.name


@pytest.mark.parametrize(("name", "role"), [("Ada ", "rater"), ("", "rater"), ("x" * 201, "rater"), ("Ben", "admin")])
def test_a_user_that_cannot_be_is_refused(store: Store, name: str, role: str) -> None:
    with store.writing() as writer:
        add_user(writer, name="Ada", role="owner")
        with pytest.raises(RowError):
            add_user(writer, name=name, role=role)  # type: ignore[arg-type]
        assert [each.user.name for each in accounts(writer)] == ["Ada"]


def test_the_latest_password_and_the_latest_disabling_hold(store: Store) -> None:
    with store.writing() as writer:
        user = add_user(writer, name="Ada", role="rater")
        for word in ("first", "second"):
            set_password(writer, user.id, password_hash=word)
        set_disabled(writer, user.id, is_disabled=True)
        (disabled,) = accounts(writer)
        set_disabled(writer, user.id, is_disabled=False)
        (enabled,) = accounts(writer)
    assert (disabled.password_hash, disabled.is_disabled) == ("second", True)
    assert enabled.is_disabled is False


def test_nobody_unknown_gets_a_password(store: Store) -> None:
    with store.writing() as writer:
        with pytest.raises(RowError, match="FOREIGN KEY"):
            set_password(writer, "0" * 26, password_hash="h")
        with pytest.raises(RowError, match="CHECK"):
            set_password(writer, add_user(writer, name="Ada", role="rater").id, password_hash="")


@pytest.mark.parametrize("how", ["disabled", "password"])
def test_a_disabled_user_and_one_with_a_new_password_is_out_everywhere_and_for_good(store: Store, how: str) -> None:
    with store.writing() as writer:
        user, other = (add_user(writer, name=name, role="rater") for name in ("Ada", "Ben"))
        for token, each in zip(TOKENS[:3], (user, user, other), strict=True):
            start_session(writer, token_sha256=token, user_id=each.id, valid_s=3600.0)
        if how == "password":
            set_password(writer, user.id, password_hash="h")
        else:
            set_disabled(writer, user.id, is_disabled=True)
            set_disabled(writer, user.id, is_disabled=False)
        now = writer.identity.now()
        assert [open_session(writer, token, now=now) is None for token in TOKENS[:3]] == [True, True, False]


def invited(writer: Writer, *, valid_s: float = 3600.0, name: str | None = None, study_id: str | None = None) -> None:
    put_invitation(writer, token_sha256=FIRST, role="rater", valid_s=valid_s, name=name, study_id=study_id)


def test_an_invitation_works_once_however_many_take_it_at_the_same_moment(store: Store) -> None:
    with store.writing() as writer:
        invited(writer)
    together = Barrier(8)

    def take(number: int) -> bool:
        together.wait()
        try:
            with store.writing() as writer:
                user = add_user(writer, name=f"visitor {number}", role="rater")
                use_invitation(writer, token_sha256=FIRST, user_id=user.id)
        except InvitationError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(take, range(8))) == 1
    with store.reading() as reader:
        assert len(reader.rows(UserRow)) == 1


def test_an_invitation_is_open_until_it_is_used(store: Store) -> None:
    with store.writing() as writer:
        invited(writer, name=" Ada  L.")
        assert open_invitation(writer, FIRST, now=writer.identity.now()).name == "Ada L."
        use_invitation(writer, token_sha256=FIRST, user_id=add_user(writer, name="Ada L.", role="rater").id)
        with pytest.raises(InvitationError, match="was used already"):
            open_invitation(writer, FIRST, now=writer.identity.now())
        with pytest.raises(InvitationError, match="no such invitation"):
            open_invitation(writer, SECOND, now=writer.identity.now())


def test_an_invitation_expires(store: Store) -> None:
    with store.writing() as writer:
        invited(writer, valid_s=0.0)
        user = add_user(writer, name="Ada", role="rater")
        with pytest.raises(InvitationError, match="has expired"):
            use_invitation(writer, token_sha256=FIRST, user_id=user.id)


@pytest.mark.parametrize(("name", "role"), [("Ben", "rater"), ("Ada", "owner")])
def test_an_invitation_is_for_one_name_and_one_role(store: Store, name: str, role: str) -> None:
    with store.writing() as writer:
        invited(writer, name="Ada")
        user = add_user(writer, name=name, role=role)  # type: ignore[arg-type]
        for user_id in (user.id, "0" * 26):
            with pytest.raises(InvitationError, match="meant for somebody else"):
                use_invitation(writer, token_sha256=FIRST, user_id=user_id)


@pytest.mark.parametrize("change", [{"token_sha256": "the token itself"}, {"study_id": "0" * 26}, {"role": "admin"}])
def test_an_invitation_that_makes_no_sense_is_refused(store: Store, change: dict[str, str]) -> None:
    with store.writing() as writer, pytest.raises(RowError):
        put_invitation(writer, **{"token_sha256": FIRST, "role": "rater", "valid_s": 60.0, **change})  # type: ignore[arg-type]
