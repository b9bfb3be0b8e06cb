"""How far the units of studies are, kept in memory and brought up to date by what was stored since, by whomever.

Reading it whole takes longer with every judgement, and every rater asks for it before every trial.
"""

from collections import OrderedDict
from collections.abc import Mapping
from threading import Lock
from typing import NamedTuple

from fusion_ui.annotation.shelf import MOST_KEPT
from fusion_ui.studies.assignment import Progress
from storage.connection import Store
from storage.progress import Extent, changed_places, extent, progress
from storage.rows import Reader


class _Known(NamedTuple):
    extent: Extent
    progress: Progress


class Headway:
    """The progress of studies, for all threads; not for use inside a block of the store."""

    def __init__(self, store: Store, *, most: int = MOST_KEPT) -> None:
        self._store = store
        self._most = most
        self._lock = Lock()
        self._known: OrderedDict[str, _Known] = OrderedDict()

    def of(self, study_id: str) -> Progress:
        """How far each unit of the study is at this moment."""
        # Read under the lock, so that an older snapshot never overwrites what a later one told.
        with self._lock, self._store.reading() as reader:
            known = self._known.get(study_id)
            now = extent(reader, study_id, now=self._store.identity.now())
            found = _read(reader, study_id, now) if known is None else _renewed(reader, study_id, known, now)
            self._known[study_id] = _Known(now, found)
            self._known.move_to_end(study_id)
            while len(self._known) > self._most:
                self._known.popitem(last=False)
            return found


def _read(reader: Reader, study_id: str, now: Extent) -> Progress:
    return Progress(**progress(reader, study_id, now=now.now)._asdict())


def _renewed(reader: Reader, study_id: str, known: _Known, now: Extent) -> Progress:
    places = changed_places(reader, study_id, since=known.extent, until=now)
    if places is None:
        return _read(reader, study_id, now)
    if not places:
        return known.progress
    fresh = progress(reader, study_id, now=now.now, places=places)
    return Progress(
        judged=_replaced(known.progress.judged, fresh.judged, places),
        leased=_replaced(known.progress.leased, fresh.leased, places),
    )


def _replaced(
    before: Mapping[int, frozenset[str]], fresh: Mapping[int, frozenset[str]], places: frozenset[int]
) -> dict[int, frozenset[str]]:
    return {place: names for place, names in before.items() if place not in places} | dict(fresh)
