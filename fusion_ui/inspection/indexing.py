"""Bringing the index of cases up to date: whatever the store has marked as stale is read, reduced to facts and stored.

Any number of threads and processes may do so at once; being killed on the way loses nothing but the batch at hand.
"""

from threading import Lock
from time import monotonic
from typing import NamedTuple

from pydantic import ValidationError

from fusion_ui.inspection.facts import MarkedFlaw, Said, facts_of, preferences
from fusion_ui.inspection.words import words_of
from fusion_ui.replay import StoredRun, replayed
from fusion_ui.studies.taxonomy import Taxonomy
from storage.case_words import Note
from storage.cases import (
    ABANDONED_S,
    NewCase,
    StaleRow,
    Wording,
    is_indexed,
    mark_abandoned,
    put_case,
    stale_count,
    stale_runs,
    unmark,
)
from storage.connection import Store
from storage.corrections import RegroupingRow
from storage.flaws import standing_run_flaws, study_flaws
from storage.identity import later
from storage.opinions import run_judgements, run_ratings, run_studies
from storage.rows import Reader
from storage.runs import RunRows, run_rows
from storage.sequences import latest

_BATCH = 64  # runs a transaction: the lock is held for some tens of milliseconds


class Progress(NamedTuple):
    """How many runs were indexed in this call, and how many marks are left."""

    done: int
    left: int


class _Indexed(NamedTuple):
    """What is to be stored of a stale run; no case: it has not ended yet, or cannot be read."""

    stale: StaleRow
    case: NewCase | None
    wording: Wording | None
    notes: tuple[Note, ...]


class Indexer:
    """Indexes the runs of one store."""

    def __init__(self, store: Store, *, taxonomy: Taxonomy) -> None:
        self._store = store
        self._taxonomy = taxonomy
        self._turn = Lock()
        self._has_looked_back = False

    def refresh(self, *, at_most_s: float) -> Progress:
        """Index what is stale, the latest first, for about so long; other threads of this process wait their turn."""
        until = monotonic() + at_most_s
        if not self._turn.acquire(timeout=at_most_s):
            return Progress(0, self._left())
        try:
            self._look_back()
            done = 0
            while batch := self._read(until):
                done += self._write(batch)
                if monotonic() > until:
                    break
            return Progress(done, self._left())
        finally:
            self._turn.release()

    def _left(self) -> int:
        with self._store.reading() as reader:
            return stale_count(reader)

    def _look_back(self) -> None:
        """Runs whose program died can have no outcome, and no mark: looked for once."""
        if not self._has_looked_back:
            with self._store.writing() as writer:
                mark_abandoned(writer, before=later(writer.identity.now(), seconds=-ABANDONED_S))
            self._has_looked_back = True

    def _read(self, until: float) -> list[_Indexed]:
        batch: list[_Indexed] = []
        with self._store.reading() as reader:
            before = later(self._store.identity.now(), seconds=-ABANDONED_S)
            for stale in stale_runs(reader, limit=_BATCH):
                batch.append(self._indexed(reader, stale, abandoned_before=before))
                if monotonic() > until:
                    break
        return batch

    def _indexed(self, reader: Reader, stale: StaleRow, *, abandoned_before: str) -> _Indexed:
        rows = run_rows(reader, stale.run_id)
        run = _ended(rows, abandoned_before=abandoned_before) if rows else None
        if rows is None or run is None:
            return _Indexed(stale, None, None, ())
        said = _said(reader, rows)
        case = facts_of(run, said, taxonomy=self._taxonomy)
        wording = None if is_indexed(reader, stale.run_id) else _wording(rows)
        notes = tuple(Note(source_id, _words(note)) for source_id, note in said.notes.items() if note.strip())
        return _Indexed(stale, case, wording, notes)

    def _write(self, batch: list[_Indexed]) -> int:
        done = 0
        with self._store.writing() as writer:
            for each in batch:
                # Without a mark that was there when the run was read, somebody has indexed it since, and knows better.
                if unmark(writer, each.stale) and each.case is not None:
                    put_case(writer, each.case, wording=each.wording, notes=each.notes)
                    done += 1
        return done


def _ended(rows: RunRows, *, abandoned_before: str) -> StoredRun | None:
    """The run if it has ended and can be read: one that another version wrote must not keep all others waiting."""
    if rows.outcome is None and rows.run.started_at >= abandoned_before:
        return None
    try:
        return replayed(rows)
    except ValidationError:
        return None


def _said(reader: Reader, rows: RunRows) -> Said:
    run_id = rows.run.id
    ratings, judgements = run_ratings(reader, run_id), run_judgements(reader, run_id)
    marked = standing_run_flaws(reader, run_id)
    studies = run_studies(reader, run_id)
    in_studies = [flaw for flaw in study_flaws(reader, run_id) if not flaw.is_excluded] if studies else []
    regrouping = latest(reader, RegroupingRow, of="run_id", key=run_id)
    notes = [(rating.id, rating.note) for rating in ratings]
    notes += [(said.id, str(said.body.get("note", ""))) for said in judgements if isinstance(said.body, dict)]
    notes += [(flaw.id, flaw.note) for flaw in marked] + [(flaw.id, flaw.note) for flaw in in_studies]
    notes += [(regrouping.request_key, regrouping.note)] if regrouping else []
    return Said(
        preferred=preferences(ratings, judgements),
        flaws=(
            *(MarkedFlaw(flaw.category, flaw.severity) for flaw in marked),
            *(MarkedFlaw(flaw.category, flaw.severity) for flaw in in_studies),
        ),
        studies=studies,
        grouping=regrouping.body if regrouping else None,
        notes=dict(notes),
    )


def _wording(rows: RunRows) -> Wording:
    return Wording(_words(rows.prompt.text), _words(*(row.text for row in rows.outputs)))


def _words(*texts: str) -> str:
    """Each word once: the index keeps neither order nor number."""
    return " ".join(dict.fromkeys(word for text in texts for word in words_of(text)))
