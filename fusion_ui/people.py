"""People: who they are, how they come in and how long they stay. Of passwords, links and sessions only hashes are kept.

With `[auth]` off there is one person without a name, who owns everything.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal, NamedTuple

from fusion_ui.attempts import LoginError, check_attempts, name_key, network_of
from fusion_ui.engine.values import FusionError
from fusion_ui.passwords import Passwords, checked_password
from fusion_ui.settings import AuthSettings
from storage.connection import Store
from storage.people import (
    Account,
    UserRole,
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
from storage.ratings import known_rater, plain_name
from storage.rows import Reader, Writer
from storage.sessions import end_session, open_session, record_attempt, start_session

MOST_NAME_CHARACTERS = 60


class PeopleError(FusionError):
    """Something about people that cannot be done; the message says what and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who asks; without an id where nobody has to log in."""

    id: str | None
    name: str
    role: UserRole | Literal["visitor"]


ANYBODY = Person(id=None, name="", role="owner")


class Session(NamedTuple):
    """What a browser gets when somebody comes in; the token is told once."""

    token: str
    person: Person
    lasts_s: int
    study_id: str | None = None


class Invitation(NamedTuple):
    """A link that makes one rater; `name` is set where only one person is meant."""

    token: str
    name: str | None
    study_id: str | None
    expires_at: str


class People:
    """Everybody who may come in, over one store."""

    def __init__(self, store: Store, settings: AuthSettings, passwords: Passwords | None = None) -> None:
        self.settings = settings
        self._store = store
        self._passwords = passwords or Passwords()

    @property
    def is_login_on(self) -> bool:
        """Whether anybody has to log in."""
        return self.settings.enabled

    def person_of(self, token: str) -> Person | None:
        """Who this session belongs to, None if to nobody or nobody any longer."""
        if not self.is_login_on:
            return ANYBODY
        with self._store.reading() as reader:
            session = open_session(reader, _sha256(token), now=self._store.identity.now())
            user = user_by_id(reader, session.user_id) if session else None
        return Person(id=user.id, name=user.name, role=user.role) if user else None

    def log_in(self, name: str, password: str, *, address: str, replaced: str = "") -> Session:
        """A new session in place of the replaced one. Raises LoginError, the same for a wrong name and password."""
        account = self._verified(plain_name(name), password, address=address)
        if account.is_disabled:
            raise LoginError("This account is disabled. Ask the owner of this app to enable it.")
        with self._store.writing() as writer:
            # Hashing takes long enough for the password to be changed or the user to be disabled meanwhile.
            if account_named(writer, account.user.name) != account:
                raise LoginError("The account was changed just now. Log in again.")
            _record(writer, account.user.name, address=address, is_success=True)
            return self._let_in(writer, account, replaced=replaced)

    def log_out(self, token: str) -> None:
        """End this session."""
        with self._store.writing() as writer:
            end_session(writer, _sha256(token))

    def change_password(self, person: Person, *, old: str, new: str, address: str) -> Session:
        """A new session, the only one left to this person. Raises PeopleError."""
        account = self._verified(person.name, old, address=address)
        hashed = self._hashed(new, name=person.name)
        with self._store.writing() as writer:
            if account_named(writer, person.name) != account:
                raise LoginError("The account was changed just now. Try again.")
            set_password(writer, account.user.id, password_hash=hashed)
            return self._let_in(writer, account)

    def invite(self, *, name: str | None = None, study_id: str | None = None) -> Invitation:
        """A link for one rater, who chooses a name unless it is given here."""
        token = secrets.token_urlsafe(32)
        name = _checked_name(name) if name is not None else None
        with self._store.writing() as writer:
            if name is not None:
                _check_no_account(writer, name)
            row = put_invitation(
                writer,
                token_sha256=_sha256(token),
                role="rater",
                valid_s=self.settings.invitation_days * 86_400,
                study_id=study_id,
                name=name,
            )
        return Invitation(token, row.name, row.study_id, row.expires_at)

    def invitation(self, token: str) -> Invitation:
        """The invitation of this link, if it can be taken up. Raises storage's InvitationError."""
        with self._store.reading() as reader:
            row = open_invitation(reader, _sha256(token), now=self._store.identity.now())
        return Invitation(token, row.name, row.study_id, row.expires_at)

    def accept(self, token: str, *, name: str, password: str, replaced: str = "") -> Session:
        """The first session of a new rater. Raises PeopleError, and storage's InvitationError."""
        invitation = self.invitation(token)
        name = _checked_name(name)
        hashed = self._hashed(password, name=name)
        with self._store.writing() as writer:
            _check_no_account(writer, name)
            # A stranger must not come by the ratings of somebody who rated before there were logins.
            if name != invitation.name and known_rater(writer, name) is not None:
                raise PeopleError(f"The name {name!r} is taken. Choose another.")
            user = add_user(writer, name=name, role="rater")
            use_invitation(writer, token_sha256=_sha256(token), user_id=user.id)
            set_password(writer, user.id, password_hash=hashed)
            account = Account(user=user, password_hash=hashed, is_disabled=False)
            return self._let_in(writer, account, replaced=replaced)._replace(study_id=invitation.study_id)

    def add(self, name: str, *, role: UserRole, password: str) -> None:
        """Let somebody in who may have rated under this name before. Raises PeopleError."""
        name = _checked_name(name)
        hashed = self._hashed(password, name=name)
        with self._store.writing() as writer:
            _check_no_account(writer, name)
            set_password(writer, add_user(writer, name=name, role=role).id, password_hash=hashed)

    def set_password(self, name: str, password: str) -> None:
        """A new password, which ends every session. Raises PeopleError."""
        hashed = self._hashed(password, name=plain_name(name))
        with self._store.writing() as writer:
            set_password(writer, _known(writer, name).user.id, password_hash=hashed)

    def set_disabled(self, name: str, *, is_disabled: bool) -> None:
        """Keep somebody out from this moment on, or let them in again. Raises PeopleError."""
        with self._store.writing() as writer:
            set_disabled(writer, _known(writer, name).user.id, is_disabled=is_disabled)

    def accounts(self) -> Sequence[Account]:
        """Everybody with an account, by name."""
        with self._store.reading() as reader:
            return accounts(reader)

    def advice(self) -> str:
        """How to add an owner where there is none who could log in; otherwise nothing."""
        if not self.is_login_on or any(_is_owner(account) for account in self.accounts()):
            return ""
        command = f"python -m fusion_ui user add NAME --role owner --db {self._store.path}"
        return f"Nobody can log in as owner yet. Add one: {command}"

    def _verified(self, name: str, password: str, *, address: str) -> Account:
        """The account that this password opens; every wrong attempt counts."""
        now = self._store.identity.now()
        with self._store.reading() as reader:
            check_attempts(reader, name=name, address=address, settings=self.settings, now=now)
            # No account has a name that cannot be read, and SQLite takes no lone surrogate to look for.
            account = account_named(reader, name) if name.isprintable() else None
        if self._passwords.is_right(password, account.password_hash if account else None) and account:
            return account
        with self._store.writing() as writer:
            _record(writer, name, address=address, is_success=False)
        raise LoginError("The name or the password is wrong.")

    def _let_in(self, writer: Writer, account: Account, *, replaced: str = "") -> Session:
        token, lasts_s = secrets.token_urlsafe(32), int(self.settings.session_hours * 3600)
        end_session(writer, _sha256(replaced))
        start_session(writer, token_sha256=_sha256(token), user_id=account.user.id, valid_s=lasts_s)
        user = account.user
        return Session(token, Person(id=user.id, name=user.name, role=user.role), lasts_s)

    def _hashed(self, password: str, *, name: str) -> str:
        return self._passwords.hashed(checked_password(password, name=name))


def _record(writer: Writer, name: str, *, address: str, is_success: bool) -> None:
    record_attempt(writer, name=name_key(name), address=network_of(address), is_success=is_success)


def _is_owner(account: Account) -> bool:
    return account.user.role == "owner" and account.password_hash is not None and not account.is_disabled


def _known(reader: Reader, name: str) -> Account:
    account = account_named(reader, plain_name(name))
    if account is None:
        raise PeopleError(f"There is no user {name[:60]!r}. `user list` shows who there is.")
    return account


def _check_no_account(reader: Reader, name: str) -> None:
    if account_named(reader, name) is not None:
        raise PeopleError(f"There is a user {name!r} already. Choose another name.")


def _checked_name(name: str) -> str:
    plain = plain_name(name)
    if not plain:
        raise PeopleError("There is no name yet: write one.")
    if len(plain) > MOST_NAME_CHARACTERS:
        raise PeopleError(f"The name has {len(plain)} characters: take at most {MOST_NAME_CHARACTERS}.")
    if not plain.isprintable():
        raise PeopleError("The name has signs that cannot be seen. Write it without them.")
    return plain


def _sha256(token: str) -> str:
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
