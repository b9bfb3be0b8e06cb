"""People who log in: users with their passwords, and the invitations by which they came. Only hashes come in here.

A user rates under the same name. The latest password and the latest disabling hold; a disabled user has no session.
"""

from dataclasses import dataclass, field
from typing import ClassVar, Literal

from storage.errors import RowError, StorageError
from storage.identity import later
from storage.ratings import known_rater, rater_named
from storage.rows import FLAG, Reader, Row, Writer
from storage.sequences import latest, next_seq
from storage.sessions import end_sessions_of

UserRole = Literal["owner", "rater"]


class InvitationError(StorageError):
    """The invitation cannot be used; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UserRow(Row):
    """A person who can log in."""

    table: ClassVar[str] = "users"
    id: str
    name: str
    role: UserRole
    created_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordRow(Row):
    """The hash of a user's password, which says itself how it was made."""

    table: ClassVar[str] = "passwords"
    user_id: str
    seq: int
    hash: str
    created_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DisablingRow(Row):
    """A user was disabled, or let in again."""

    table: ClassVar[str] = "disablings"
    user_id: str
    seq: int
    is_disabled: bool = field(metadata=FLAG)
    created_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationRow(Row):
    """A link that works once, for a role and perhaps a study; with a `name`, for nobody else."""

    table: ClassVar[str] = "invitations"
    token_sha256: str
    study_id: str | None = None
    role: UserRole
    name: str | None = None
    expires_at: str
    created_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationUseRow(Row):
    """Who came by an invitation."""

    table: ClassVar[str] = "invitation_uses"
    token_sha256: str
    user_id: str
    used_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A user with what holds at present; no hash means that no password was set."""

    user: UserRow
    password_hash: str | None
    is_disabled: bool


def add_user(writer: Writer, *, name: str, role: UserRole) -> UserRow:
    """The new user; a rater of this name is the same person. `RowError` if there is such a user."""
    plain = rater_named(writer, name).name
    if writer.row(UserRow, "WHERE name = ?", plain) is not None:
        raise RowError(f"users: there is a user {plain!r} already. Choose another name, or set a new password.")
    user = UserRow(id=writer.identity.new_id(), name=plain, role=role, created_at=writer.identity.now())
    writer.insert(user)
    return user


def user_by_id(reader: Reader, user_id: str) -> UserRow | None:
    """The user of this id, None if there is none."""
    return reader.row(UserRow, "WHERE id = ?", user_id)


def account_named(reader: Reader, name: str) -> Account | None:
    """The account of this name, None if there is none; names that look the same are the same."""
    rater = known_rater(reader, name)
    user = reader.row(UserRow, "WHERE name = ?", rater.name) if rater else None
    return _account(reader, user) if user else None


def accounts(reader: Reader) -> tuple[Account, ...]:
    """All accounts by name."""
    return tuple(_account(reader, user) for user in reader.rows(UserRow, "ORDER BY name"))


def set_password(writer: Writer, user_id: str, *, password_hash: str) -> None:
    """Makes this the user's password from now on, ending all sessions that began with another."""
    row = PasswordRow(
        user_id=user_id,
        seq=next_seq(writer, PasswordRow, of="user_id", key=user_id),
        hash=password_hash,
        created_at=writer.identity.now(),
    )
    writer.insert(row)
    end_sessions_of(writer, user_id)


def set_disabled(writer: Writer, user_id: str, *, is_disabled: bool) -> DisablingRow:
    """Keeps the user out from now on, ending all sessions, or lets the user in again, to begin a new one."""
    row = DisablingRow(
        user_id=user_id,
        seq=next_seq(writer, DisablingRow, of="user_id", key=user_id),
        is_disabled=is_disabled,
        created_at=writer.identity.now(),
    )
    writer.insert(row)
    end_sessions_of(writer, user_id)
    return row


def put_invitation(
    writer: Writer,
    *,
    token_sha256: str,
    role: UserRole,
    valid_s: float,
    study_id: str | None = None,
    name: str | None = None,
) -> InvitationRow:
    """The invitation as stored, to be used once within its time."""
    now = writer.identity.now()
    row = InvitationRow(
        token_sha256=token_sha256,
        study_id=study_id,
        role=role,
        name=rater_named(writer, name).name if name is not None else None,
        expires_at=later(now, seconds=valid_s),
        created_at=now,
    )
    writer.insert(row)
    return row


def open_invitation(reader: Reader, token_sha256: str, *, now: str) -> InvitationRow:
    """The invitation if it can be used at this moment, `InvitationError` if not."""
    invitation = reader.row(InvitationRow, "WHERE token_sha256 = ?", token_sha256)
    if invitation is None:
        raise InvitationError("There is no such invitation. Check that the whole link was copied.")
    if reader.row(InvitationUseRow, "WHERE token_sha256 = ?", token_sha256) is not None:
        raise InvitationError("This invitation was used already. Log in, or ask for a new one.")
    if invitation.expires_at <= now:
        raise InvitationError("This invitation has expired. Ask for a new one.")
    return invitation


def use_invitation(writer: Writer, *, token_sha256: str, user_id: str) -> InvitationUseRow:
    """The use, after which nobody can use it; `InvitationError` unless it is open and meant for such a user.

    Add a new user in the same block: if the invitation was used meanwhile, the user is not there either.
    """
    invitation = open_invitation(writer, token_sha256, now=writer.identity.now())
    user = user_by_id(writer, user_id)
    if user is None or user.role != invitation.role or invitation.name not in (None, user.name):
        raise InvitationError("This invitation is meant for somebody else. Ask for one of your own.")
    row = InvitationUseRow(token_sha256=token_sha256, user_id=user_id, used_at=writer.identity.now())
    writer.insert(row)
    return row


def _account(reader: Reader, user: UserRow) -> Account:
    password = latest(reader, PasswordRow, of="user_id", key=user.id)
    disabling = latest(reader, DisablingRow, of="user_id", key=user.id)
    return Account(
        user=user,
        password_hash=password.hash if password else None,
        is_disabled=disabling.is_disabled if disabling else False,
    )
