"""Sessions of users, and attempts to log in. Only hashes of tokens come in here.

A session lasts until its time, its end row, or its user's disabling, whichever is first.
"""

from dataclasses import dataclass, field
from typing import ClassVar

from storage.errors import RowError
from storage.identity import later
from storage.rows import FLAG, Reader, Row, Writer

NAME_LENGTH = 200
"""So much of a name or an address is kept and compared: strangers may send anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRow(Row):
    """A user was let in, until `expires_at` at the latest."""

    table: ClassVar[str] = "sessions"
    token_sha256: str
    user_id: str
    expires_at: str
    created_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionEndRow(Row):
    """A session is over before its time."""

    table: ClassVar[str] = "session_ends"
    token_sha256: str
    ended_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginAttemptRow(Row):
    """Somebody tried to log in; there may be no user of this name."""

    table: ClassVar[str] = "login_attempts"
    id: str
    name: str
    address: str
    is_success: bool = field(metadata=FLAG)
    attempted_at: str


_IS_DISABLED = """coalesce(
    (SELECT is_disabled FROM disablings WHERE disablings.user_id = {} ORDER BY seq DESC LIMIT 1), 0)"""
_HAS_ENDED = "EXISTS (SELECT 1 FROM session_ends WHERE session_ends.token_sha256 = sessions.token_sha256)"


def start_session(writer: Writer, *, token_sha256: str, user_id: str, valid_s: float) -> SessionRow:
    """The new session; `RowError` if the user is disabled."""
    if writer.execute(f"SELECT {_IS_DISABLED.format('?')}", user_id).fetchone() == (1,):
        raise RowError("sessions: this user is disabled. Enable the user first.")
    now = writer.identity.now()
    row = SessionRow(token_sha256=token_sha256, user_id=user_id, expires_at=later(now, seconds=valid_s), created_at=now)
    writer.insert(row)
    return row


def open_session(reader: Reader, token_sha256: str, *, now: str) -> SessionRow | None:
    """The session of this token if it lasts at this moment, None if not."""
    lasts = f"expires_at > ? AND NOT {_HAS_ENDED} AND NOT {_IS_DISABLED.format('sessions.user_id')}"
    return reader.row(SessionRow, f"WHERE token_sha256 = ? AND {lasts}", token_sha256, now)


def end_session(writer: Writer, token_sha256: str) -> None:
    """Ends the session of this token, if there is one that has not ended."""
    _end(writer, "token_sha256 = ?", token_sha256)


def end_sessions_of(writer: Writer, user_id: str) -> None:
    """Ends all sessions of this user."""
    _end(writer, "user_id = ?", user_id)


def record_attempt(writer: Writer, *, name: str, address: str, is_success: bool) -> LoginAttemptRow:
    """The attempt as stored."""
    row = LoginAttemptRow(
        id=writer.identity.new_id(),
        name=name[:NAME_LENGTH],
        address=address[:NAME_LENGTH],
        is_success=is_success,
        attempted_at=writer.identity.now(),
    )
    writer.insert(row)
    return row


def attempts_near(reader: Reader, *, name: str, address: str, since: str) -> tuple[LoginAttemptRow, ...]:
    """The attempts under this name, and those from this address, from then on, in order."""
    tail = "WHERE (name = ? OR address = ?) AND attempted_at >= ? ORDER BY id"
    return reader.rows(LoginAttemptRow, tail, name[:NAME_LENGTH], address[:NAME_LENGTH], since)


def _end(writer: Writer, condition: str, key: str) -> None:
    for session in writer.rows(SessionRow, f"WHERE {condition} AND NOT {_HAS_ENDED}", key):
        writer.insert(SessionEndRow(token_sha256=session.token_sha256, ended_at=writer.identity.now()))
