"""Cases: one run with all that was put right about it, by several people at once if need be."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import anyio
import pytest

from fusion_ui.engine.ledger import Span
from fusion_ui.engine.values import MissingError
from fusion_ui.engine.voting import leader
from fusion_ui.inspection.cases import Author, CaseError, Cases
from fusion_ui.inspection.correcting import Grouping
from fusion_ui.inspection.sources import source_record
from fusion_ui.replay import StoredRun
from storage.connection import Store, open_store
from storage.errors import ConflictError
from tests.inspection.casework import Ear, ran

MERGED = Grouping(aliases={"forty": "40"})


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "cases.db") as store:
        yield store


@pytest.fixture
def run(store: Store) -> StoredRun:
    return anyio.run(ran, store, Ear())


@pytest.fixture
def cases(store: Store) -> Cases:
    return Cases(store)


def press(number: int, rater: str = "Ada") -> Author:
    return Author(key=f"press-{number:04}", rater=rater)


def test_an_untouched_case_is_the_run_as_it_was(cases: Cases, run: StoredRun) -> None:
    case = cases.case(run.rows.run.id)
    assert (case.view, case.run, case.corrections.regroupings) == (run.view, run, ())
    assert [past.relation for past in case.history.runs] == ["this"]


def test_a_regrouping_holds_from_now_on_and_leaves_what_was_sampled(cases: Cases, run: StoredRun) -> None:
    cases.regroup(run.rows.run.id, MERGED, press(1), note="a word is a number")
    case = cases.case(run.rows.run.id)
    assert [count.count for count in case.view.tally.counts] == [3, 1]
    assert case.run.view == run.view
    assert case.corrections.regroupings[0].note == "a word is a number"


def test_undo_is_the_body_before(cases: Cases, run: StoredRun) -> None:
    cases.regroup(run.rows.run.id, MERGED, press(1))
    case = cases.regroup(run.rows.run.id, Grouping(), press(2))
    assert case.view == run.view
    assert len(case.corrections.regroupings) == 2


def test_two_people_cannot_group_past_each_other(cases: Cases, run: StoredRun) -> None:
    cases.regroup(run.rows.run.id, MERGED, press(1), seen=0)
    with pytest.raises(ConflictError):
        cases.regroup(run.rows.run.id, Grouping(), press(2, "Bob"), seen=0)
    assert leader(cases.case(run.rows.run.id).view.tally) == "40"


def test_of_many_who_group_at_once_each_is_kept(cases: Cases, run: StoredRun) -> None:
    def group(number: int) -> None:
        cases.regroup(run.rows.run.id, Grouping(aliases={"forty": str(number)}), press(number, f"rater {number}"))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(group, range(1, 17)))
    made = cases.case(run.rows.run.id).corrections
    assert [row.seq for row in made.regroupings] == list(range(1, 17))
    assert len(made.names) == 16


def test_a_source_is_corrected_and_the_correction_taken_off(cases: Cases, run: StoredRun) -> None:
    run_id, horse = run.rows.run.id, Span(start=37, end=55)
    told = []
    for number, is_source in enumerate((True, False, None), start=1):
        case = cases.correct_source(run_id, horse, press(number), position=2, is_source=is_source)
        record = source_record(case.view, case.corrections.sources)
        assert record is not None
        told.append(record.lines[1].is_new)
    assert told == [False, True, True]


def test_a_note_has_an_end(cases: Cases, run: StoredRun) -> None:
    with pytest.raises(CaseError, match="20001 characters"):
        cases.regroup(run.rows.run.id, MERGED, press(1), note="x" * 20_001)


def test_what_is_not_there_is_missing(cases: Cases, run: StoredRun, store: Store) -> None:
    other = anyio.run(ran, store, Ear())
    own = run.rows.candidates[0].id
    for attempt in (
        lambda: cases.case("nowhere"),
        lambda: cases.regroup("nowhere", MERGED, press(1)),
        lambda: cases.correct_source("nowhere", Span(start=0, end=1), press(1), position=1, is_source=True),
        lambda: cases.diff(run.rows.run.id, own, other.rows.candidates[0].id, "word"),
        lambda: cases.diff(run.rows.run.id, "nowhere", own, "word"),
    ):
        with pytest.raises(MissingError):
            attempt()


def test_any_two_outputs_are_compared_by_words_or_sentences(cases: Cases, run: StoredRun) -> None:
    assert run.rows.fusion is not None
    pair = run.rows.candidates[0].id, run.rows.fusion.id
    words, sentences = (cases.diff(run.rows.run.id, *pair, level) for level in ("word", "sentence"))  # type: ignore[arg-type]
    assert [piece.text for piece in words.first if not piece.is_shared] == ["So it is slow"]
    assert [piece.text.strip() for piece in sentences.first if not piece.is_shared] == ["So it is slow."]
