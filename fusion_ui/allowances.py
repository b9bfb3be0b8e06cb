"""What a person may take within an hour and a day, and all together: counted over what is stored, so a restart forgives
nothing. Of who asks only a hash with a key is kept, and only where somebody's own limit is on.

What is under way goes on to its end: a limit on money is passed by what that costs, and nothing more begins.
"""

from collections.abc import Iterator
from datetime import datetime
from math import ceil

from fusion_ui.queueing import OverloadError
from fusion_ui.settings import LimitSettings
from storage.askers import Span, asked_at, put_asker, spent_usd, spent_usd_by
from storage.connection import Store
from storage.identity import later
from storage.keys import installation_key, keyed_hash
from storage.rows import Reader, Writer

_HOUR_S = 3_600
_DAY_S = 86_400


class Allowances:
    """The limits of an hour and a day, over one store."""

    def __init__(self, store: Store, limits: LimitSettings) -> None:
        self._store, self._limits = store, limits
        self._is_personal = limits.runs_per_hour is not None or limits.usd_per_day_per_person is not None
        self._key = installation_key(store) if self._is_personal else b""

    def enter(self, writer: Writer, run_id: str, who: str) -> None:
        """Note that the run is this person's. Raises OverloadError where no more may begin."""
        asker, now = keyed_hash(self._key, who), writer.identity.now()
        for refusal in (*self._too_many(writer, asker, now), *self._too_dear(writer, asker, now)):
            raise refusal
        if self._is_personal:
            put_asker(writer, run_id=run_id, asker_sha256=asker)

    def refusal(self, who: str) -> OverloadError | None:
        """Why a run of this person that has waited may not begin any more: what was under way has cost too much."""
        if self._limits.usd_per_day is None and self._limits.usd_per_day_per_person is None:
            return None
        with self._store.reading() as reader:
            return next(self._too_dear(reader, keyed_hash(self._key, who), self._store.identity.now()), None)

    def _too_many(self, reader: Reader, asker: str, now: str) -> Iterator[OverloadError]:
        most = self._limits.runs_per_hour
        if most is None:
            return
        nth_last = asked_at(reader, asker, ago=most - 1, within=_around(now, seconds=_HOUR_S))
        if nth_last is not None and (wait_s := min(_HOUR_S, _HOUR_S - _seconds(nth_last, now))) > 0:
            words = f"You began {_runs(most)} within an hour, which is as much as one person may. "
            yield OverloadError(f"{words}Try again in {_minutes(wait_s)}.", wait_s=ceil(wait_s), is_personal=True)

    def _too_dear(self, reader: Reader, asker: str, now: str) -> Iterator[OverloadError]:
        day, own, total = _around(now, seconds=_DAY_S), self._limits.usd_per_day_per_person, self._limits.usd_per_day
        if own is not None and spent_usd_by(reader, asker, within=day) >= own:
            words = f"Your comparisons of the last 24 hours have cost ${own:,.2f}, as much as those of one person may."
            yield OverloadError(f"{words} {_LATER}", wait_s=_HOUR_S, is_personal=True)
        if total is not None and spent_usd(reader, within=day) >= total:
            words = f"All comparisons of the last 24 hours have cost ${total:,.2f}, as much as they may in all."
            yield OverloadError(f"{words} {_LATER}", wait_s=_HOUR_S, is_personal=False)


_LATER = "Try again in some hours, or ask whoever runs this app."


def _around(now: str, *, seconds: float) -> Span:
    """As far back as is counted, and as far ahead: beyond, a clock was wrong that has been set right."""
    return Span(later(now, seconds=-seconds), later(now, seconds=seconds))


def _seconds(earlier: str, now: str) -> float:
    return (datetime.fromisoformat(now) - datetime.fromisoformat(earlier)).total_seconds()


def _runs(number: int) -> str:
    return f"{number} comparison{'' if number == 1 else 's'}"


def _minutes(seconds: float) -> str:
    minutes = ceil(seconds / 60)
    return f"{minutes} minute{'' if minutes == 1 else 's'}"
