"""Where judgements come from: studies, read once, kept in memory, and read on as more is said."""

from collections import OrderedDict
from collections.abc import Generator, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from threading import Lock
from typing import Any, Literal

import numpy as np

from fusion_ui.analysis.preference.comparisons import Mask
from fusion_ui.preferences.growing import grown
from fusion_ui.preferences.layout import Layout, layout_of
from fusion_ui.preferences.said import NOTHING, Said
from storage.connection import Store
from storage.preferences import (
    SaidColumns,
    StudyMark,
    contender_cells,
    doubled_texts,
    excluded_raters,
    excluded_trials,
    said_bodies,
    said_columns,
    unit_cells,
)
from storage.rows import Reader
from storage.studies import StudyRow, is_closed

Kind = Literal["study", "compare", "imported"]
MOST_KEPT = 3_000_000  # judgements: about 200 MB


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Source:
    """A source with all that was said in it. `is_out`: the owner left this judgement out; `is_open`: names were seen.

    `masks_names`: phrases by which answers tell their writer were hidden; `scales` are of the criteria that say theirs.
    """

    id: str
    title: str
    kind: Kind
    is_blind: bool
    is_closed: bool
    masks_names: bool
    definition_sha256: str | None
    created_at: str
    scales: Mapping[str, tuple[int, int]]
    layout: Layout
    said: Said
    is_out: Mask
    is_open: Mask


def kind_of(definition: Any) -> Kind:
    """Whether a study was asked here, or its judgements came in with a file."""
    return "imported" if "source" in definition else "study"


class Shelf:
    """The layouts and judgements of studies by what they were read up to, for all threads."""

    def __init__(self, store: Store, *, most: int = MOST_KEPT) -> None:
        self._store = store
        self._most = most
        self._kept: OrderedDict[str, tuple[Layout, Said]] = OrderedDict()
        self._turn = Lock()

    def read(self, marks: Sequence[StudyMark]) -> tuple[Source, ...]:
        """The studies of these marks, as far as the marks go."""
        with self._turn, self._store.reading() as reader:
            return tuple(self._source(reader, mark) for mark in marks)

    def _source(self, reader: Reader, mark: StudyMark) -> Source:
        study = reader.rows(StudyRow, "WHERE id = ?", mark.study_id)[0]
        definition: Any = study.definition
        layout, said = self._said(reader, mark)
        is_blind = bool(definition.get("is_blind", True))
        return Source(
            id=study.id,
            title=study.title,
            kind=kind_of(definition),
            is_blind=is_blind,
            is_closed=is_closed(reader, study.id),
            masks_names=bool(definition.get("masks_names", False)),
            definition_sha256=study.definition_sha256,
            created_at=study.created_at,
            scales={each["key"]: (1, len(each["anchors"])) for each in definition.get("criteria", ())},
            layout=layout,
            said=said,
            is_out=_excluded(reader, study.id, said),
            is_open=np.full(len(said), not is_blind),
        )

    def _said(self, reader: Reader, mark: StudyMark) -> tuple[Layout, Said]:
        study_id = mark.study_id
        layout, said = self._kept.pop(study_id) if study_id in self._kept else (_layout(reader, study_id), NOTHING)
        if mark.judged > said.upto:
            columns = _ahead(self._store, study_id, after=said.upto, upto=mark.judged)
            said = grown(said, layout, columns, partial(said_bodies, reader, study_id), upto=mark.judged)
        self._kept[study_id] = layout, said
        self._drop_oldest()
        return layout, said

    def _drop_oldest(self) -> None:
        while len(self._kept) > 1 and sum(len(said) for _, said in self._kept.values()) > self._most:
            self._kept.popitem(last=False)


def _ahead(store: Store, study_id: str, *, after: int, upto: int) -> Iterator[SaidColumns]:
    """The judgements some at a time, each fetched in a thread of its own while the one before it is worked on.

    It has a snapshot of its own, too: rows up to a mark are the same in every later one.
    """

    def fetched() -> Generator[SaidColumns, None, None]:
        with store.reading() as reader:
            yield from said_columns(reader, study_id, after=after, upto=upto)

    chunks = fetched()
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, chunks, None)
        try:
            while (chunk := coming.result()) is not None:
                coming = pool.submit(next, chunks, None)
                yield chunk
        finally:
            pool.submit(chunks.close)


def _layout(reader: Reader, study_id: str) -> Layout:
    return layout_of(unit_cells(reader, study_id), contender_cells(reader, study_id), doubled_texts(reader, study_id))


def _excluded(reader: Reader, study_id: str, said: Said) -> Mask:
    raters, trials = excluded_raters(reader, study_id), excluded_trials(reader, study_id)
    by_rater = np.array([rater in raters for rater in said.raters], dtype=np.bool_)[said.rater]
    is_out: Mask = by_rater | np.isin(said.trial, list(trials)) if trials else by_rater
    return is_out
