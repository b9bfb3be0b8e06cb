"""Everything that a question is asked of, read from the store: its studies, and the Compare page where that counts."""

import json
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from hashlib import sha256
from itertools import accumulate
from threading import Event, Lock
from typing import Any, NamedTuple

from fusion_ui.preferences.compare_page import TITLE, RatedRun, compare_source, rated_run
from fusion_ui.preferences.question import COMPARE, Question, QuestionError
from fusion_ui.preferences.sources import MOST_KEPT, Shelf, Source, kind_of
from fusion_ui.replay import read_run
from storage.connection import Store
from storage.overviews import rater_names
from storage.preferences import (
    RatingCells,
    StudyMark,
    ratings_mark,
    standing_ratings,
    standing_scores,
    study_choices,
    study_marks,
)
from storage.rows import Reader

_MOST_RUNS = 5_000


class Marks(NamedTuple):
    """How far everything that a question is asked of has come; `ratings` is None where the Compare page is not."""

    studies: tuple[StudyMark, ...]
    ratings: int | None

    @property
    def stamp(self) -> str:
        """What changes when anything that may count changes."""
        return sha256(json.dumps(self).encode()).hexdigest()[:20]


class Read(NamedTuple):
    """What was read: sources, names of raters by id, and what was said with names seen on the Compare page, unread."""

    sources: tuple[Source, ...]
    names: Mapping[str, str]
    unread: tuple[RatingCells, ...]


class Reading:
    """Reads what questions are asked of, and keeps what will be asked of again; for all threads."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._shelf = Shelf(store)
        self._runs: OrderedDict[str, RatedRun] = OrderedDict()
        self._turn = Lock()

    def marks(self, question: Question) -> Marks:
        """How far it all has come. Raises QuestionError where a study is not there."""
        with self._store.reading() as reader:
            marks = study_marks(reader)
            asked = question.studies or (*marks, COMPARE)
            if strangers := [each for each in asked if each != COMPARE and each not in marks]:
                raise QuestionError(f"There is no study {strangers[0][:40]!r} in this database. Check the id.")
            studies = tuple(marks[each] for each in sorted(asked) if each != COMPARE)
            return Marks(studies, ratings_mark(reader) if COMPARE in asked else None)

    def read(self, marks: Marks, *, is_open: bool) -> Read:
        """The sources of these marks; ratings that were given with names in sight are read where `is_open`."""
        sources = self._shelf.read(marks.studies)
        with self._turn, self._store.reading() as reader:
            names = rater_names(reader)
            if marks.ratings is None:
                return Read(sources, names, ())
            ratings = standing_ratings(reader)
            wanted = [each for each in ratings if is_open or not each.names_visible]
            unread = () if is_open else tuple(each for each in ratings if each.names_visible)
            runs = {run_id: self._run(reader, run_id) for run_id in {each.run_id for each in wanted}}
            page = compare_source(runs, wanted, standing_scores(reader)) if wanted else None
        return Read((*sources, page) if page else sources, names, unread)

    def read_ahead(self, is_over: Event) -> None:
        """Read the latest studies before anybody asks, as many as are kept, unless it is over before."""
        with self._store.reading() as reader:
            heads, marks = study_choices(reader), study_marks(reader)
        kept = accumulate(head.judgements for head in heads)
        for head, judgements in zip(heads, kept, strict=True):
            if judgements > MOST_KEPT or is_over.is_set():
                return
            self._shelf.read([marks[head.id]])

    def choices(self) -> list[dict[str, Any]]:
        """All sources there are, the latest first, with what is cheap to count."""
        with self._store.reading() as reader:
            studies = study_choices(reader)
            ratings = standing_ratings(reader)
        told = [_choice(head, json.loads(head.definition)) for head in studies]
        return [*told, _compare_choice(ratings)] if ratings else told

    def _run(self, reader: Reader, run_id: str) -> RatedRun:
        known = self._runs.get(run_id)
        if known is None:
            stored = read_run(reader, run_id)
            known = rated_run(stored)
            if stored.rows.outcome is not None:
                self._runs[run_id] = known
                while len(self._runs) > _MOST_RUNS:
                    self._runs.popitem(last=False)
        return known


def _choice(head: Any, definition: Any) -> dict[str, Any]:
    return {
        "id": head.id,
        "title": head.title,
        "kind": kind_of(definition),
        "is_blind": bool(definition.get("is_blind", True)),
        "definition_sha256": head.definition_sha256,
        "units": head.units,
        "judgements": head.judgements,
        "raters": head.raters,
        "created_at": head.created_at,
    }


def _compare_choice(ratings: Sequence[RatingCells]) -> dict[str, Any]:
    return {
        "id": COMPARE,
        "title": TITLE,
        "kind": COMPARE,
        "is_blind": False,
        "definition_sha256": None,
        "units": len({each.run_id for each in ratings}),
        "judgements": len(ratings),
        "raters": len({each.rater_id for each in ratings}),
        "created_at": "",
    }
