"""The list of cases: what a search finds, page by page, with counts, neighbours and excerpts.

Blocking: for worker threads. The figures of all cases are kept in memory and follow what any process stores; texts are
loaded for the cases of one page only.
"""

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from time import monotonic
from typing import Any, NamedTuple

import numpy as np

from fusion_ui.engine.values import FusionError, MissingError
from fusion_ui.inspection.columns import Columns, Rows, caught_up
from fusion_ui.inspection.excerpts import Excerpt, excerpt_of
from fusion_ui.inspection.finding import Sought
from fusion_ui.inspection.indexing import Indexer, Progress
from fusion_ui.inspection.matching import Counted, End, Match, matched, ranges_of
from fusion_ui.inspection.opinions import opinions_told
from fusion_ui.inspection.parties import LOSSES
from fusion_ui.inspection.searching import Memory, Searched, searched
from fusion_ui.inspection.words import Term
from fusion_ui.studies.taxonomy import Taxonomy
from storage.case_words import Text, note_texts, texts_of
from storage.cases import PageRow, page_rows
from storage.connection import Store
from storage.opinions import study_titles
from storage.overviews import rater_names
from storage.rows import Json, Reader

PAGE = 50
_PATIENCE_S = 0.05  # of a query for the index to be brought up to date
_WAITING_S = 10.0  # of somebody for a file
_READING_S = 0.12  # of a query for phrases to be looked up

Among = Collection[str] | None


class NoCaseError(MissingError):
    """A run that is not in the list of cases."""

    def __init__(self) -> None:
        super().__init__("There is no case at this address: the run has not ended yet, or is in another database.")


class UnfinishedError(FusionError):
    """Runs are still being indexed, and a file without them would be wrong."""

    def __init__(self, progress: Progress) -> None:
        super().__init__(
            f"{progress.left} runs are still being indexed, and would be missing. Try again in a few minutes."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedCase:
    """A case as a list shows it; `labels` by kind, `worst` the gravest severity of its flaws."""

    row: PageRow
    figures: Mapping[str, Any]
    labels: Mapping[str, tuple[str, ...]]
    worst: str | None
    excerpt: Excerpt | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One page of what a search finds. `indexing` and `reading` are None where nothing is left to be done."""

    total: int
    matching: int
    page: int
    pages: int
    cases: tuple[ListedCase, ...]
    facets: Mapping[str, Sequence[Counted]]
    ranges: Mapping[str, tuple[End, End] | None]
    titles: Mapping[str, str]
    indexing: Progress | None
    reading: Progress | None


class Neighbours(NamedTuple):
    """The cases around one; `place` from 1, None where it does not match itself."""

    previous: str | None
    next: str | None
    place: int | None
    matching: int
    reading: Progress | None


class Tallied(NamedTuple):
    """Every run that matches, in order; how many lost the right answer where; how many have one to lose.

    `indexing` is not None while runs may be missing.
    """

    run_ids: tuple[str, ...]
    loss: dict[str, int]
    known: int
    indexing: Progress | None


class _Matched(NamedTuple):
    match: Match
    reading: Progress | None


class Index:
    """Everything that can be asked of the cases of a store."""

    def __init__(
        self, store: Store, *, taxonomy: Taxonomy, reading_s: float = _READING_S, waiting_s: float = _WAITING_S
    ) -> None:
        self._store = store
        self._reading_s, self._waiting_s = reading_s, waiting_s
        self._indexer = Indexer(store, taxonomy=taxonomy)
        self._weights = {each.name: each.weight for each in taxonomy.severities}
        self._memory = Memory()
        self._columns = Columns()
        self._catching_up = Lock()

    def refresh(self, *, at_most_s: float) -> Progress:
        """Index what changed for about so long: how many runs were, and how many marks are left."""
        return self._indexer.refresh(at_most_s=at_most_s)

    def find(self, sought: Sought, *, page: int = 1, among: Among = None) -> Found:
        """One page of the cases; of these runs only, if there are any named."""
        progress = self.refresh(at_most_s=_PATIENCE_S)
        with self._store.reading() as reader:
            match, reading = self._matched(reader, sought, among=among, reading_s=self._reading_s)
            rows = match.rows()
            pages = max(1, math.ceil(len(rows) / PAGE))
            page = min(max(page, 1), pages)
            shown = rows[(page - 1) * PAGE : page * PAGE]
            return Found(
                total=len(match.columns),
                matching=len(rows),
                page=page,
                pages=pages,
                cases=tuple(_listed(reader, match.columns, shown, terms=sought.terms, weights=self._weights)),
                facets=match.facets(),
                ranges=ranges_of(match.columns),
                titles=study_titles(reader),
                indexing=_unfinished(match.columns, progress),
                reading=reading,
            )

    def neighbours(self, run_id: str, sought: Sought, *, among: Among = None) -> Neighbours:
        """The cases before and after this one in the order asked for. Raises NoCaseError."""
        self.refresh(at_most_s=_PATIENCE_S)
        with self._store.reading() as reader:
            match, reading = self._matched(reader, sought, among=among, reading_s=self._reading_s)
        columns, row = match.columns, match.columns.row_of(run_id)
        if row is None:
            raise NoCaseError
        mask = match.mask.copy()
        is_matching, mask[row] = bool(mask[row]), True
        ordered = match.ordered(mask)
        place = int((ordered == row).argmax())
        around = [columns.run_ids(ordered[at : at + 1]) if at >= 0 else () for at in (place - 1, place + 1)]
        before, after = (found[0] if found else None for found in around)
        matching = int(match.mask.sum())
        return Neighbours(before, after, place + 1 if is_matching else None, matching, reading)

    def run_ids(self, sought: Sought, *, among: Among = None) -> tuple[str, ...]:
        """Every run that matches, in order. Raises UnfinishedError rather than leaving some out."""
        tallied = self.tallied(sought, among=among, patience_s=self._waiting_s)
        if tallied.indexing is not None:
            raise UnfinishedError(tallied.indexing)
        return tallied.run_ids

    def tallied(self, sought: Sought, *, among: Among = None, patience_s: float = _PATIENCE_S) -> Tallied:
        """Every run that matches, and what became of the right answer in them."""
        progress = self.refresh(at_most_s=patience_s)
        with self._store.reading() as reader:
            match, _ = self._matched(reader, sought, among=among, reading_s=math.inf)
        counts = match.counts("loss")
        run_ids = match.columns.run_ids(match.rows())
        loss: dict[str, int] = {name: counts.get(name, 0) for name in LOSSES[1:]}
        indexing = _unfinished(match.columns, progress)
        return Tallied(run_ids, loss, len(run_ids) - counts.get("unknown", 0), indexing)

    def cases(self, run_ids: Sequence[str]) -> tuple[ListedCase, ...]:
        """These cases as a list shows them, in this order; runs that are no cases are left out."""
        with self._store.reading() as reader:
            columns = self._current(reader)
            found = [row for run_id in run_ids if (row := columns.row_of(run_id)) is not None]
            return tuple(_listed(reader, columns, np.array(found, dtype=np.int32), terms=(), weights=self._weights))

    def opinions(self, run_ids: Sequence[str]) -> dict[str, dict[str, Json]]:
        """What people said of each of these runs, as JSON: ratings and flaws."""
        with self._store.reading() as reader:
            names = rater_names(reader)
            return {run_id: opinions_told(reader, run_id, names=names) for run_id in run_ids}

    def titles(self) -> dict[str, str]:
        """The title of every study, by its id."""
        with self._store.reading() as reader:
            return study_titles(reader)

    def _matched(self, reader: Reader, sought: Sought, *, among: Among, reading_s: float) -> _Matched:
        columns = self._current(reader)
        until = monotonic() + reading_s
        said = searched(reader, columns, sought.terms, memory=self._memory, until=until)
        match = matched(columns, sought, words=said.mask if said else None, among=among)
        return _Matched(match, _progress(said))

    def _current(self, reader: Reader) -> Columns:
        with self._catching_up:
            self._columns = caught_up(self._columns, reader)
            return self._columns


def _unfinished(columns: Columns, progress: Progress) -> Progress | None:
    return Progress(len(columns), progress.left) if progress.left else None


def _progress(said: Searched | None) -> Progress | None:
    return Progress(said.done, said.left) if said is not None and said.left else None


def _listed(
    reader: Reader, columns: Columns, rows: Rows, *, terms: Sequence[Term], weights: Mapping[str, float]
) -> Iterator[ListedCase]:
    shown = page_rows(reader, columns.run_ids(rows))
    texts = _texts(reader, columns.figures["id"][rows].tolist()) if terms else {}
    for row in rows.tolist():
        figures = {name: _known(column[row].item()) for name, column in columns.figures.items()}
        page_row = shown.get(figures["run_id"].decode())
        if page_row is None:  # another thread has seen more of the store than this reader does
            continue
        labels = _by_kind(columns, page_row.labels)
        yield ListedCase(
            row=page_row,
            figures=figures,
            labels=labels,
            worst=max(labels.get("severity", ()), key=lambda severity: weights.get(severity, 0.0), default=None),
            excerpt=excerpt_of(texts.get(figures["id"], ()), terms) if terms else None,
        )


def _texts(reader: Reader, case_ids: Sequence[int]) -> dict[int, list[Text]]:
    by_case: dict[int, list[Text]] = {}
    for text in (*texts_of(reader, case_ids), *note_texts(reader, case_ids)):
        by_case.setdefault(text.case_id, []).append(text)
    return by_case


def _known(figure: Any) -> Any:
    return None if isinstance(figure, float) and math.isnan(figure) else figure


def _by_kind(columns: Columns, labels: Sequence[int]) -> dict[str, tuple[str, ...]]:
    by_kind: dict[str, tuple[str, ...]] = {}
    for label in labels:
        kind, value = columns.labels[label]
        by_kind[kind] = (*by_kind.get(kind, ()), value)
    return by_kind
