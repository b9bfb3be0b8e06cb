"""How often somebody may try a password. Of an attempt neither the name nor all of an IPv6 address is kept.

People type their password into the field for the name, too.
"""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil

from fusion_ui.engine.values import FusionError
from fusion_ui.settings import AuthSettings
from storage.identity import later
from storage.rows import Reader
from storage.sessions import LoginAttemptRow, attempts_near

_WIDER = 10  # times as many for one name from everywhere, and from one network under all names: classes share one
_KEY_LENGTH = 4  # 16 bits: too few to tell what was typed, enough to tell people apart


class LoginError(FusionError):
    """Somebody who is not let in; the message says why."""


class TooManyAttemptsError(LoginError):
    """Somebody who has to wait."""

    def __init__(self, wait_s: int) -> None:
        minutes = ceil(wait_s / 60)
        super().__init__(f"Too many wrong attempts. Try again in {minutes} minute{'s' if minutes > 1 else ''}.")
        self.wait_s = wait_s


def name_key(name: str) -> str:
    """What stands for a name among the attempts."""
    return sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:_KEY_LENGTH]


def network_of(address: str) -> str:
    """What one customer of a network provider holds: an IPv4 address, or the 2^64 of an IPv6 network."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    return str(parsed.ipv4_mapped or ip_network((int(parsed), 64), strict=False))


def check_attempts(reader: Reader, *, name: str, address: str, settings: AuthSettings, now: str) -> None:
    """Raises TooManyAttemptsError where too many have failed for this name, this address, or both together."""
    window_s = settings.attempt_minutes * 60
    named, network = name_key(name), network_of(address)
    # Of a clock that was ahead and has been set right: they would keep everybody out until that time has come.
    beyond = later(now, seconds=window_s)
    since = later(now, seconds=-window_s)
    near = [
        attempt
        for attempt in attempts_near(reader, name=named, address=network, since=since)
        if attempt.attempted_at <= beyond
    ]
    by_name = [attempt for attempt in near if attempt.name == named]
    by_network = [attempt for attempt in near if attempt.address == network]
    by_both = [attempt for attempt in by_name if attempt.address == network]
    last_success = max((place for place, attempt in enumerate(by_both) if attempt.is_success), default=-1)
    counted = (
        (by_both[last_success + 1 :], settings.attempts),
        (by_name, settings.attempts * _WIDER),
        (by_network, settings.attempts * _WIDER),
    )
    wait_s = max(_wait_s(attempts, allowed=allowed, window_s=window_s, now=now) for attempts, allowed in counted)
    if wait_s > 0:
        raise TooManyAttemptsError(ceil(wait_s))


def _wait_s(attempts: Sequence[LoginAttemptRow], *, allowed: int, window_s: float, now: str) -> float:
    """How long until fewer than the allowed failures lie within the window."""
    failures = [attempt for attempt in attempts if not attempt.is_success]
    if len(failures) < allowed:
        return 0.0
    age = datetime.fromisoformat(now) - datetime.fromisoformat(failures[-allowed].attempted_at)
    return window_s - age.total_seconds()
