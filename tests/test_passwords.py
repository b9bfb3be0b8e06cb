"""What may be a password, and that only hashes of it are kept."""

from unicodedata import normalize

import pytest
from argon2 import PasswordHasher
from hypothesis import given, settings
from hypothesis import strategies as st

from fusion_ui.passwords import MOST_CHARACTERS, PasswordError, Passwords, checked_password, generated_password

CHEAP = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
GOOD = "tide pool lantern"


def test_the_hash_is_argon2id_with_the_costs_of_rfc_9106() -> None:
    assert Passwords().hashed(GOOD).startswith("$argon2id$v=19$m=65536,t=3,p=4$")


@settings(max_examples=30)
@given(password=st.text(max_size=60), other=st.text(max_size=60))
def test_a_password_fits_its_own_hash_and_no_other(password: str, other: str) -> None:
    hashed = CHEAP.hashed(password)
    assert CHEAP.is_right(password, hashed)
    assert CHEAP.is_right(other, hashed) == (normalize("NFC", other) == normalize("NFC", password))


def test_the_same_password_has_another_hash_each_time() -> None:
    assert CHEAP.hashed(GOOD) != CHEAP.hashed(GOOD)


def test_a_letter_is_the_same_however_a_keyboard_composes_it() -> None:
    assert CHEAP.is_right("cafe\u0301 lanterns", CHEAP.hashed("caf\u00e9 lanterns"))


@pytest.mark.parametrize("hashed", [None, "", "$argon2id$nonsense", GOOD])
def test_nothing_fits_where_there_is_no_hash(hashed: str | None) -> None:
    assert not CHEAP.is_right(GOOD, hashed)


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("", "0 characters"),
        ("short pw", "at least 10"),
        ("x" * (MOST_CHARACTERS + 1), f"at most {MOST_CHARACTERS}"),
        ("aaaaaaaaaaaa", "easy to guess"),
        ("Annabel 2026", "easy to guess"),
    ],
)
def test_a_password_that_is_no_good_is_refused_in_plain_words(password: str, words: str) -> None:
    with pytest.raises(PasswordError, match=words) as refusal:
        checked_password(password, name="annabel")
    assert not password or password not in str(refusal.value)


def test_generated_passwords_are_taken_and_never_the_same() -> None:
    made = {generated_password() for _ in range(100)}
    assert len(made) == 100
    assert all(checked_password(password, name="ann") for password in made)


def test_a_short_name_may_turn_up_in_a_password() -> None:
    assert checked_password(GOOD, name="tid") == GOOD
