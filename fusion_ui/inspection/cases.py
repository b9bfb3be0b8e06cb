"""Cases: one run each, looked at with all that was put right about it. Methods block: call them from worker threads."""

from dataclasses import dataclass, replace
from typing import Literal

from fusion_ui.analysis.regrouping import Regrouping, regrouped
from fusion_ui.engine.ledger import Span
from fusion_ui.engine.values import FusionError, MissingError
from fusion_ui.engine.view import RunView, fold
from fusion_ui.inspection.correcting import Grouping, body_of, regrouping_in
from fusion_ui.inspection.history import History, history_of
from fusion_ui.inspection.sources import check_passage
from fusion_ui.replay import StoredRun, read_run, stored_run
from fusion_ui.studies.diffing import Diff, sentence_diff, word_diff
from storage.connection import Store
from storage.corrections import Corrections, RegroupingRow, SourceCorrectionRow, corrections, insert_correction
from storage.ratings import rater_named
from storage.runs import OutputRow

MOST_NOTE_CHARACTERS = 20_000
Level = Literal["word", "sentence"]


class CaseError(FusionError):
    """Something that cannot be said of a case; the message says why not."""


class NoOutputError(MissingError):
    """An address that names no output of the run."""

    def __init__(self) -> None:
        super().__init__("There is no such output in this run. Reload the page and try again.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who puts something right; `key` is new for every press, so that a press that arrives twice counts once."""

    key: str
    rater: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A run with its corrections; `view` is the run counted under them, `run.view` as it was."""

    run: StoredRun
    corrections: Corrections
    regrouping: Regrouping
    view: RunView
    history: History


class Cases:
    """Reads cases, and takes corrections of them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def case(self, run_id: str) -> Case:
        """The case of this run. Raises NoRunError."""
        with self._store.reading() as reader:
            run, made = read_run(reader, run_id), corrections(reader, run_id)
            history = history_of(reader, run.rows.run, run.recipe)
        regrouping = regrouping_in(run.rows, made.grouping)
        view = regrouped(run.view, regrouping)
        return Case(run=run, corrections=made, regrouping=regrouping, view=view, history=history)

    def regroup(
        self, run_id: str, grouping: Grouping, author: Author, *, note: str = "", seen: int | None = None
    ) -> Case:
        """The case with its answers grouped like this from now on.

        Raises RegroupingError for what cannot be grouped so, and ConflictError where `seen`, the number of the last
        regrouping that the author saw, is not the last any more.
        """
        run = stored_run(self._store, run_id)
        if len(note) > MOST_NOTE_CHARACTERS:
            raise CaseError(f"The note has {len(note)} characters; at most {MOST_NOTE_CHARACTERS} are kept.")
        body = body_of(run, grouping)
        with self._store.writing() as writer:
            row = RegroupingRow(
                run_id=run_id,
                rater_id=rater_named(writer, author.rater).id,
                body=body,
                note=note,
                request_key=author.key,
                created_at=writer.identity.now(),
            )
            insert_correction(writer, row, seen=seen)
        return self.case(run_id)

    def correct_source(
        self, run_id: str, passage: Span, author: Author, *, position: int, is_source: bool | None
    ) -> Case:
        """The case with a sentence of its fusion resting on this candidate, or not, or as the program found.

        Raises SourceError for a sentence or a candidate that is not there.
        """
        check_passage(stored_run(self._store, run_id).view.fusion.fusion, passage, position)
        with self._store.writing() as writer:
            row = SourceCorrectionRow(
                run_id=run_id,
                rater_id=rater_named(writer, author.rater).id,
                span_start=passage.start,
                span_end=passage.end,
                position=position,
                is_source=is_source,
                request_key=author.key,
                created_at=writer.identity.now(),
            )
            insert_correction(writer, row)
        return self.case(run_id)

    def diff(self, run_id: str, first: str, second: str, level: Level) -> Diff:
        """What two outputs of the run, named by their ids, have in common."""
        run = stored_run(self._store, run_id)
        compare = word_diff if level == "word" else sentence_diff
        return compare(output_of(run, first).text, output_of(run, second).text)


def under_way(case: Case) -> Case:
    """The case of a run that is still being worked on: read from the store alone it would look interrupted."""
    *events, _ending = case.run.events
    view = RunView()
    for event in events:
        view = fold(view, event)
    run = replace(case.run, events=tuple(events), view=view)
    return replace(case, run=run, view=regrouped(view, case.regrouping))


def as_if(case: Case, grouping: Grouping) -> Case:
    """The case as it would be with its answers grouped like this. Raises RegroupingError."""
    regrouping = regrouping_in(case.run.rows, body_of(case.run, grouping))
    return replace(case, regrouping=regrouping, view=regrouped(case.run.view, regrouping))


def output_of(run: StoredRun, output_id: str) -> OutputRow:
    """The output of this id. Raises NoOutputError."""
    found = next((row for row in run.rows.outputs if row.id == output_id), None)
    if found is None:
        raise NoOutputError
    return found
