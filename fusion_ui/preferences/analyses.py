"""What people prefer, and how sure that is: one question in, one analysis out, as JSON that everybody reads.

The same question asked of the same judgements gives the same answer.
"""

import time
from collections import OrderedDict
from collections.abc import Mapping
from threading import BoundedSemaphore, Event, Lock
from typing import Any, TypeAlias

from fusion_ui.preferences.composing import composed
from fusion_ui.preferences.question import Question, QuestionError, checked
from fusion_ui.preferences.reading import Reading
from fusion_ui.preferences.reports import Draw, FigureKind, Reports
from fusion_ui.preferences.tables import TABLES, Table, table_of
from storage.connection import Store

Analysis: TypeAlias = dict[str, Any]
_AT_ONCE = 2  # analyses under way; more of them wait their turn
_MOST_KEPT = 16


class Analyses:
    """Everything that can be asked of people's judgements. Its methods block: call them from worker threads."""

    def __init__(self, store: Store, *, figure: Draw) -> None:
        self._store = store
        self._figure = figure
        self._reading = Reading(store)
        self._turn = BoundedSemaphore(_AT_ONCE)
        self._kept: OrderedDict[tuple[Question, str], Analysis] = OrderedDict()
        self._lock = Lock()

    def read_ahead(self, is_over: Event) -> None:
        """Have at hand what will be asked of, unless it is over before; blocks."""
        self._reading.read_ahead(is_over)

    def choices(self) -> dict[str, Any]:
        """The sources there are to ask."""
        return {"studies": self._reading.choices()}

    def stamp(self, question: Question) -> str:
        """What changes when anything counted changes, told without counting. Raises QuestionError."""
        return self._reading.marks(checked(question)).stamp

    def analysis(self, question: Question) -> Analysis:
        """The answer; do not change it, as others may be given the same. Raises QuestionError."""
        asked = checked(question)
        marks = self._reading.marks(asked)
        key = asked, marks.stamp
        if (known := self._known(key)) is not None:
            return known
        with self._turn:
            if (known := self._known(key)) is not None:
                return known
            began = time.perf_counter()
            read = self._reading.read(marks, is_open=asked.open)
            choices = self._reading.choices()
            with self._store.reading() as reader:
                found = composed(reader, read, asked, studies=choices)
            found |= {"stamp": marks.stamp, "seconds": round(time.perf_counter() - began, 3)}
            self._keep(key, found)
        return found

    def table(self, question: Question, name: str) -> Table:
        """A table of the answer for a spreadsheet. Raises QuestionError where there is none of this name."""
        if name not in TABLES:
            raise QuestionError(f"There is no table {name[:40]!r}; there are: {', '.join(TABLES)}.")
        return table_of(self.analysis(question), name)

    def figure(self, analysis: Mapping[str, Any], name: str, kind: FigureKind) -> bytes:
        """A figure of an answer, as a file."""
        return self._figure(analysis, name, kind)

    def report(self, study_id: str, *, names: bool = False) -> str:
        """The page of a study, for a paper; people are numbered unless `names` are asked for. Raises NoStudyError."""
        return Reports(self._store, self, self._figure).report(study_id, names=names)

    def _known(self, key: tuple[Question, str]) -> Analysis | None:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def _keep(self, key: tuple[Question, str], found: Analysis) -> None:
        with self._lock:
            self._kept[key] = found
            while len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)
