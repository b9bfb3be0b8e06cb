"""Who comes in and how long they stay: logins, limits, invitations, and that no secret is ever written down."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from math import inf
from pathlib import Path
from time import perf_counter

import pytest
from argon2 import PasswordHasher

from fusion_ui.attempts import LoginError, TooManyAttemptsError, name_key, network_of
from fusion_ui.passwords import PasswordError, Passwords
from fusion_ui.people import ANYBODY, People, PeopleError, Session
from fusion_ui.settings import AuthSettings
from storage.connection import Store, open_store
from storage.identity import Identity
from storage.people import InvitationError
from storage.ratings import rater_named

CHEAP = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
PASSWORD, OTHER = "tide pool lantern", "copper kettle moss"
HERE, THERE = "10.0.0.1", "10.0.0.2"


class Clock:
    """A time that a test sets."""

    def __init__(self) -> None:
        self.at = datetime(2026, 3, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def later(self, **passed: float) -> None:
        self.at += timedelta(**passed)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    with open_store(tmp_path / "people.db", identity=Identity(clock=clock)) as store:
        yield store


@pytest.fixture
def people(store: Store) -> People:
    people = People(store, AuthSettings(enabled=True, session_hours=10, invitation_days=2), CHEAP)
    people.add("Ann", role="owner", password=PASSWORD)
    people.add("Bo", role="rater", password=PASSWORD)
    return people


def entered(people: People, name: str = "Ann", *, password: str = PASSWORD, address: str = HERE) -> Session:
    return people.log_in(name, password, address=address)


def fail(people: People, times: int, *, name: str = "Ann", address: str = HERE) -> None:
    for _ in range(times):
        with pytest.raises(LoginError, match="wrong"):
            people.log_in(name, OTHER, address=address)


def test_without_logins_there_is_one_person_who_owns_everything(store: Store) -> None:
    people = People(store, AuthSettings())
    assert people.person_of("") == people.person_of("anything") == ANYBODY
    assert (ANYBODY.id, ANYBODY.name, ANYBODY.role) == (None, "", "owner")


def test_a_session_tells_who_it_belongs_to(people: People) -> None:
    session = entered(people, "Bo")
    person = people.person_of(session.token)
    assert person == session.person
    assert person is not None
    assert (person.name, person.role) == ("Bo", "rater")
    assert session.lasts_s == 36_000


@pytest.mark.parametrize("token", ["", "x", "\ud800", "a" * 10_000, "' OR 1=1 --"])
def test_what_is_no_session_belongs_to_nobody(people: People, token: str) -> None:
    entered(people)
    assert people.person_of(token) is None


def test_tokens_have_256_bits_and_are_new_each_time(people: People) -> None:
    tokens = {entered(people).token for _ in range(20)}
    assert len(tokens) == 20
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{43}", token) for token in tokens)


def test_a_session_survives_a_restart_and_ends_at_its_time(people: People, store: Store, clock: Clock) -> None:
    token = entered(people).token
    restarted = People(store, AuthSettings(enabled=True))
    clock.later(hours=9.99)
    assert restarted.person_of(token) is not None
    clock.later(hours=0.02)
    assert restarted.person_of(token) is None


def test_logging_in_again_ends_the_session_it_replaces_and_no_other(people: People) -> None:
    elsewhere, first = entered(people).token, entered(people).token
    second = people.log_in("Ann", PASSWORD, address=HERE, replaced=first).token
    assert people.person_of(first) is None
    assert people.person_of(second) is not None
    assert people.person_of(elsewhere) is not None


def test_logging_out_ends_this_session_only(people: People) -> None:
    here, elsewhere = entered(people).token, entered(people).token
    people.log_out(here)
    people.log_out(here)
    people.log_out("no session")
    assert people.person_of(here) is None
    assert people.person_of(elsewhere) is not None


@pytest.mark.parametrize("name", ["Ann", "Nobody", "", "ann", "Ann'--", "\ud800", "x" * 5000])
def test_a_wrong_name_and_a_wrong_password_are_refused_alike(people: People, name: str) -> None:
    with pytest.raises(LoginError) as refusal:
        people.log_in(name, OTHER, address=HERE)
    assert str(refusal.value) == "The name or the password is wrong."


def test_an_unknown_name_takes_as_long_as_a_known_one(store: Store) -> None:
    people = People(store, AuthSettings(enabled=True, attempts=100))
    people.add("Ann", role="owner", password=PASSWORD)

    fastest_s = dict.fromkeys(("Ann", "Nobody"), inf)
    for _ in range(40):  # as often as other work on the machine makes it necessary
        for name in fastest_s:
            begun = perf_counter()
            with suppress(LoginError):
                people.log_in(name, OTHER, address=HERE)
            fastest_s[name] = min(fastest_s[name], perf_counter() - begun)
        if 0.5 < fastest_s["Nobody"] / fastest_s["Ann"] < 2:
            return
    pytest.fail(f"one can tell who is known: {fastest_s}")


def test_a_name_is_the_same_however_it_is_spaced_and_composed(people: People) -> None:
    people.add("Zoë  Q", role="rater", password=PASSWORD)
    assert entered(people, " Zoe\u0308 Q ").person.name == "Zoë Q"


def test_too_many_wrong_attempts_have_to_wait_even_with_the_right_password(people: People, clock: Clock) -> None:
    fail(people, 5)
    clock.later(minutes=5)
    with pytest.raises(TooManyAttemptsError, match="Try again in 10 minutes") as refusal:
        entered(people)
    assert refusal.value.wait_s == 600
    clock.later(minutes=10, seconds=1)
    assert entered(people).person.name == "Ann"


def test_waiting_is_neither_shortened_nor_prolonged_by_trying(people: People, clock: Clock) -> None:
    fail(people, 5)
    clock.later(minutes=14)
    for _ in range(20):
        with pytest.raises(TooManyAttemptsError, match="in 1 minute\\."):
            entered(people)
    clock.later(minutes=1, seconds=1)
    assert entered(people)


def test_a_success_clears_what_failed_before_it(people: People) -> None:
    for _ in range(3):
        fail(people, 4)
        assert entered(people)


def test_whoever_attacks_a_name_does_not_keep_its_owner_out(people: People) -> None:
    fail(people, 5, address=THERE)
    assert entered(people, address=HERE)


def test_a_name_that_is_attacked_from_everywhere_is_closed_for_a_while(people: People) -> None:
    for last in range(10):
        fail(people, 5, address=f"192.0.2.{last}")
    with pytest.raises(TooManyAttemptsError):
        entered(people, address=HERE)


def test_an_address_that_attacks_every_name_is_closed_for_a_while(people: People) -> None:
    for number in range(50):
        fail(people, 1, name=f"guess {number}")
    with pytest.raises(TooManyAttemptsError):
        entered(people, address=HERE)
    assert entered(people, address=THERE)


def test_unknown_names_are_limited_like_known_ones(people: People) -> None:
    fail(people, 5, name="Nobody")
    with pytest.raises(TooManyAttemptsError):
        people.log_in("Nobody", OTHER, address=HERE)


def test_a_class_behind_one_address_is_not_closed_by_one_who_forgot(people: People) -> None:
    fail(people, 5, name="Bo")
    assert entered(people, "Ann")


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("2001:db8::1", "2001:db8::ffff:1:2", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:10.0.0.1", "10.0.0.1", True),
        ("10.0.0.1", "10.0.0.2", False),
        ("testclient", "testclient", True),
        ("", "10.0.0.1", False),
    ],
)
def test_one_customer_of_a_provider_counts_as_one_address(one: str, other: str, is_same: bool) -> None:
    assert (network_of(one) == network_of(other)) == is_same


def test_a_new_password_ends_every_other_session(people: People) -> None:
    here, elsewhere = entered(people), entered(people).token
    renewed = people.change_password(here.person, old=PASSWORD, new=OTHER, address=HERE)
    assert people.person_of(renewed.token) == here.person
    assert people.person_of(here.token) is people.person_of(elsewhere) is None
    with pytest.raises(LoginError, match="wrong"):
        entered(people)
    assert entered(people, password=OTHER)


def test_a_password_is_only_changed_by_who_knows_it(people: People) -> None:
    session = entered(people)
    for _ in range(5):
        with pytest.raises(LoginError, match="wrong"):
            people.change_password(session.person, old=OTHER, new="another good one", address=HERE)
    with pytest.raises(TooManyAttemptsError):
        people.change_password(session.person, old=PASSWORD, new="another good one", address=HERE)
    assert people.person_of(session.token) is not None


def test_a_password_set_for_somebody_ends_all_their_sessions(people: People) -> None:
    of_bo, of_ann = entered(people, "Bo").token, entered(people).token
    people.set_password("Bo", OTHER)
    assert people.person_of(of_bo) is None
    assert people.person_of(of_ann) is not None
    assert entered(people, "Bo", password=OTHER)


def test_a_disabled_user_is_out_at_once_and_stays_out(people: People) -> None:
    token = entered(people, "Bo").token
    people.set_disabled("Bo", is_disabled=True)
    assert people.person_of(token) is None
    with pytest.raises(LoginError, match="disabled"):
        entered(people, "Bo")
    with pytest.raises(LoginError, match="wrong"):
        entered(people, "Bo", password=OTHER)
    people.set_disabled("Bo", is_disabled=False)
    assert people.person_of(token) is None
    assert entered(people, "Bo")


def test_who_was_disabled_while_the_password_was_checked_is_not_let_in(store: Store, people: People) -> None:
    class Slow(Passwords):
        def is_right(self, password: str, hashed: str | None) -> bool:
            people.set_disabled("Bo", is_disabled=True)
            return CHEAP.is_right(password, hashed)

    with pytest.raises(LoginError, match="just now"):
        People(store, people.settings, Slow()).log_in("Bo", PASSWORD, address=HERE)


def test_an_invitation_makes_one_rater_once(people: People) -> None:
    invitation = people.invite()
    assert people.invitation(invitation.token).name is None
    session = people.accept(invitation.token, name="Cleo", password=PASSWORD)
    assert people.person_of(session.token) == session.person
    assert (session.person.name, session.person.role) == ("Cleo", "rater")
    assert entered(people, "Cleo")
    for again in (people.invitation, lambda token: people.accept(token, name="Dan", password=PASSWORD)):
        with pytest.raises(InvitationError, match="used already"):
            again(invitation.token)
    assert [account.user.name for account in people.accounts()] == ["Ann", "Bo", "Cleo"]


def test_an_invitation_expires(people: People, clock: Clock) -> None:
    invitation = people.invite()
    clock.later(days=1.99)
    assert people.invitation(invitation.token) == invitation
    clock.later(days=0.02)
    with pytest.raises(InvitationError, match="expired"):
        people.accept(invitation.token, name="Cleo", password=PASSWORD)


@pytest.mark.parametrize("token", ["", "guess", "\ud800"])
def test_a_link_that_was_never_made_invites_nobody(people: People, token: str) -> None:
    with pytest.raises(InvitationError, match="no such invitation"):
        people.accept(token, name="Cleo", password=PASSWORD)


def test_an_invitation_for_a_name_makes_nobody_else(people: People) -> None:
    invitation = people.invite(name="Cleo")
    with pytest.raises(InvitationError, match="somebody else"):
        people.accept(invitation.token, name="Dan", password=PASSWORD)
    assert people.accept(invitation.token, name="Cleo", password=PASSWORD).person.name == "Cleo"
    assert "Dan" not in {account.user.name for account in people.accounts()}


@pytest.mark.parametrize("name", ["Ann", "Bo ", "Earlier rater", "Expected"])
def test_an_invited_stranger_cannot_take_a_name_that_is_known(people: People, store: Store, name: str) -> None:
    with store.writing() as writer:
        rater_named(writer, "Earlier rater")
    people.invite(name="Expected")
    with pytest.raises(PeopleError, match=r"already|taken"):
        people.accept(people.invite().token, name=name, password=PASSWORD)


def test_an_owner_can_give_an_account_to_somebody_who_rated_before(people: People, store: Store) -> None:
    with store.writing() as writer:
        earlier = rater_named(writer, "Earlier rater")
    people.add("Earlier rater", role="rater", password=PASSWORD)
    with store.reading() as reader:
        assert reader.execute("SELECT count(*), max(id) FROM raters WHERE name = 'Earlier rater'").fetchone() == (
            1,
            earlier.id,
        )


@pytest.mark.parametrize(
    ("name", "words"),
    [("", "no name"), (" \t", "no name"), ("x" * 61, "at most 60"), ("a\u202eb", "cannot be seen"), ("a\x00b", "seen")],
)
def test_a_name_that_cannot_be_read_is_refused(people: People, name: str, words: str) -> None:
    with pytest.raises(PeopleError, match=words):
        people.add(name, role="rater", password=PASSWORD)


def test_a_weak_password_is_refused_wherever_one_is_set(people: People) -> None:
    session = entered(people)
    for attempt in (
        lambda: people.add("Cleo", role="rater", password="short"),
        lambda: people.set_password("Ann", "short"),
        lambda: people.accept(people.invite().token, name="Cleo", password="short"),
        lambda: people.change_password(session.person, old=PASSWORD, new="short", address=HERE),
    ):
        with pytest.raises(PasswordError, match="at least 10"):
            attempt()
    assert people.person_of(session.token) is not None


def test_nobody_who_is_not_there_is_changed(people: People) -> None:
    with pytest.raises(PeopleError, match="no user 'Nobody'"):
        people.set_password("Nobody", OTHER)
    with pytest.raises(PeopleError, match="no user 'Nobody'"):
        people.set_disabled("Nobody", is_disabled=True)


def test_the_advice_is_how_to_add_an_owner_until_there_is_one(store: Store) -> None:
    people = People(store, AuthSettings(enabled=True), CHEAP)
    people.add("Bo", role="rater", password=PASSWORD)
    assert f"user add NAME --role owner --db {store.path}" in people.advice()
    people.add("Ann", role="owner", password=PASSWORD)
    assert people.advice() == ""
    people.set_disabled("Ann", is_disabled=True)
    assert people.advice() != ""
    assert People(store, AuthSettings(), CHEAP).advice() == ""


def test_no_secret_and_no_mistyped_name_is_in_the_database(people: People, store: Store, tmp_path: Path) -> None:
    session, invitation = entered(people), people.invite()
    accepted = people.accept(invitation.token, name="Cleo", password=OTHER)
    renewed = people.change_password(accepted.person, old=OTHER, new="a third one here", address=HERE)
    with pytest.raises(LoginError) as refusal:
        people.log_in("my secret as a name", "wrong secret here", address=HERE)
    tokens = [session.token, invitation.token, accepted.token, renewed.token]
    secrets = [PASSWORD, OTHER, "a third one here", "my secret as a name", "wrong secret here", *tokens]
    with sqlite3.connect(store.path) as connection:
        dump = "\n".join(connection.iterdump())
    assert "Cleo" in dump  # the search would find what is there
    files = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    for secret in secrets:
        assert secret not in dump
        assert secret.encode() not in files
        assert secret not in str(refusal.value)


def test_what_is_kept_of_a_name_does_not_tell_it() -> None:
    assert name_key("Ann") == name_key("Ann") != name_key("Bo")
    assert len(name_key("a secret")) == 4
