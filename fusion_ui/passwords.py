"""Passwords: what may be one, and how it is kept and compared. Only Argon2id hashes leave this module (RFC 9106)."""

import secrets
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from fusion_ui.engine.values import FusionError

FEWEST_CHARACTERS = 10
MOST_CHARACTERS = 1000  # hashing takes longer the longer the password
_LONG_NAME = 4  # a shorter one turns up in good passwords by chance


class PasswordError(FusionError):
    """A password that is not taken; the message says why."""


class Passwords:
    """Hashes and compares; the default cost is RFC 9106's for little memory: 64 MiB and some 60 ms."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()

    def hashed(self, password: str) -> str:
        """What is stored of a password."""
        return self._hasher.hash(_prepared(password))

    def is_right(self, password: str, hashed: str | None) -> bool:
        """Whether the password is the hashed one; without a hash it is never, after as much work."""
        if hashed is None:
            self._hasher.hash(_prepared(password))
            return False
        try:
            return self._hasher.verify(hashed, _prepared(password))
        except (VerificationError, InvalidHashError):
            return False


def checked_password(password: str, *, name: str) -> str:
    """The password, if it may be one. Raises PasswordError. Length counts, rules of composition do not
    (NIST SP 800-63B, 3.1.1.2).
    """
    length = len(_prepared(password))
    if length < FEWEST_CHARACTERS:
        raise PasswordError(f"The password has {length} characters: take at least {FEWEST_CHARACTERS}.")
    if length > MOST_CHARACTERS:
        raise PasswordError(f"The password has {length} characters: take at most {MOST_CHARACTERS}.")
    has_name = len(name) >= _LONG_NAME and name.casefold() in password.casefold()
    if has_name or len(set(password)) < FEWEST_CHARACTERS // 2:
        raise PasswordError("The password is easy to guess: take one without the name, and with more than a few signs.")
    return password


def generated_password() -> str:
    """A new password with 96 bits of chance."""
    return secrets.token_urlsafe(12)


def _prepared(password: str) -> bytes:
    # Keyboards differ in how they compose é. A lone surrogate, which JSON can carry, has no UTF-8 of its own.
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
