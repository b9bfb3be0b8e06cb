"""Where ids and times come from: ULIDs that never fall back and UTC text, both from a clock that is handed in."""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Lock

from ulid import ULID


def utc_now() -> datetime:
    """The time of this machine, in UTC."""
    return datetime.now(UTC)


def text_of(moment: datetime) -> str:
    """A moment as UTC text with Z, to the millisecond; as text it sorts as it does as time."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def later(moment: str, *, seconds: float) -> str:
    """The text of a moment so many seconds after another (before it, if negative)."""
    return text_of(datetime.fromisoformat(moment) + timedelta(seconds=seconds))


class Identity:
    """Makes ids and times from the clock and the chance it is given; one instance may serve many threads."""

    def __init__(self, *, clock: Callable[[], datetime] = utc_now, chance: Callable[[int], bytes] = os.urandom) -> None:
        self._clock = clock
        self._chance = chance
        self._lock = Lock()
        self._last = 0

    def now(self) -> str:
        """The time, as `text_of` writes it."""
        return text_of(self._clock())

    def new_id(self) -> str:
        """A ULID greater than any this instance made before, also within a millisecond or when the clock goes back."""
        milliseconds = int(self._clock().timestamp() * 1000)
        fresh = milliseconds << 80 | int.from_bytes(self._chance(10), "big")
        with self._lock:
            self._last = max(fresh, self._last + 1)
            return str(ULID(self._last.to_bytes(16, "big")))
