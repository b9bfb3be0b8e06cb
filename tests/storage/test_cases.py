"""The index of cases: marks that no change escapes, words stored once, and notes that come and go."""

from contextlib import suppress

from storage.case_words import Note, cases_with, note_texts, texts_of
from storage.cases import (
    CASE_COLUMNS,
    Label,
    StaleRow,
    cases_since,
    is_indexed,
    labels_since,
    mark_abandoned,
    page_rows,
    put_case,
    stale_count,
    stale_runs,
    unmark,
)
from storage.connection import Store
from storage.opinions import run_studies
from storage.ratings import insert_rating
from storage.rows import Writer
from storage.runs import OutcomeRow
from storage.studies import NewContender, exclude
from tests.storage.case_samples import WORDING, case_of
from tests.storage.samples import rating, start_run, whole_run
from tests.storage.study_samples import opened, saved, study_of, unit


def stale(writer: Writer) -> list[str]:
    """The runs with marks, which are taken away."""
    found = [each.run_id for each in stale_runs(writer, limit=100)]
    writer.execute("DELETE FROM stale_runs")
    return found


def test_a_run_is_stale_when_it_ends_and_not_before(store: Store) -> None:
    with store.writing() as writer:
        run = start_run(writer)
        assert stale(writer) == []
        writer.insert(OutcomeRow(run_id=run.id, ended="failed", created_at=writer.identity.now()))
        assert stale(writer) == [run.id]


def test_whatever_people_say_makes_a_run_stale(store: Store) -> None:
    with store.writing() as writer:
        run, outputs = whole_run(writer)
        other, _ = whole_run(writer)
        stale(writer)
        insert_rating(writer, rating(writer, run))
        assert stale(writer) == [run.id]
        contenders = [NewContender(role="candidate", output_id=each.id, text=each.text) for each in outputs[:2]]
        study = study_of(writer, units=1, more=[unit(1, run_id=run.id, contenders=contenders)])
        assert stale(writer) == [run.id]
        trial = opened(writer, study, 1)
        saved(writer, trial, verdict="tie")
        assert stale(writer) == [run.id]
        exclude(writer, study.id, reason="asleep", rater_id=trial.rater_id)
        assert stale(writer) == [run.id]
        exclude(writer, study.id, reason="awake", trial_id=trial.id, is_excluded=False)
        assert stale(writer) == [run.id]
        assert run_studies(writer, run.id) == (study.id,)
        assert run_studies(writer, other.id) == ()


def test_what_is_imported_marks_nothing(store: Store) -> None:
    with store.writing() as writer:
        study = study_of(writer)
        trial = opened(writer, study)
        saved(writer, trial)
        exclude(writer, study.id, reason="asleep", rater_id=trial.rater_id)
        assert stale(writer) == []


def test_a_change_that_is_not_stored_leaves_no_mark(store: Store) -> None:
    with suppress(ZeroDivisionError), store.writing() as writer:
        whole_run(writer)
        raise ZeroDivisionError
    with store.reading() as reader:
        assert stale_count(reader) == 0


def test_the_last_marked_come_first_each_once(store: Store) -> None:
    with store.writing() as writer:
        first, _ = whole_run(writer)
        second, _ = whole_run(writer)
        insert_rating(writer, rating(writer, first))
        assert [each.run_id for each in stale_runs(writer, limit=9)] == [first.id, second.id]
        assert [each.run_id for each in stale_runs(writer, limit=1)] == [first.id]
        assert stale_count(writer) == 3


def test_marks_are_taken_once_and_never_used_again(store: Store) -> None:
    with store.writing() as writer:
        run, _ = whole_run(writer)
        (seen,) = stale_runs(writer, limit=9)
        assert unmark(writer, seen)
        assert not unmark(writer, seen)
        insert_rating(writer, rating(writer, run))
        assert not unmark(writer, seen)
        assert stale_runs(writer, limit=9) == (StaleRow(mark=seen.mark + 1, run_id=run.id),)


def test_abandoned_runs_are_marked_once(store: Store) -> None:
    with store.writing() as writer:
        run = start_run(writer)
        mark_abandoned(writer, before="2020-01-01T00:00:00.000Z")
        assert stale_count(writer) == 0
        for _ in range(2):
            mark_abandoned(writer, before="2030-01-01T00:00:00.000Z")
        assert [each.run_id for each in stale_runs(writer, limit=9)] == [run.id]


def test_a_case_changes_its_facts_and_keeps_its_words(store: Store) -> None:
    with store.writing() as writer:
        run, _ = whole_run(writer)
        assert not is_indexed(writer, run.id)
        put_case(writer, case_of(run.id), wording=WORDING, notes=[])
        put_case(writer, case_of(run.id, draws=9, labels=(Label("tag", "x"),) * 2), wording=None, notes=[])
        ((*cells,),) = cases_since(writer, 1)
        case = dict(zip(CASE_COLUMNS, cells, strict=True))
        assert (case["id"], case["revision"], case["draws"], case["labels"]) == (1, 2, 9, "[2]")
        assert cases_since(writer, 2) == []
        assert [(each.kind, each.value) for each in labels_since(writer, 1)] == [("tag", "x")]
        assert is_indexed(writer, run.id)
        assert cases_with(writer, ["all", "42"], place="answer", is_begun=False) == "1"


def test_words_are_found_in_their_place(store: Store) -> None:
    with store.writing() as writer:
        put_case(writer, case_of(whole_run(writer)[0].id), wording=WORDING, notes=[Note("n", "wrong carry")])
        for words, place in ((["what"], "prompt"), (["say"], "answer"), (["carry", "wrong"], "note")):
            for asked in ("prompt", "answer", "note"):
                found = cases_with(writer, words, place=asked, is_begun=False)  # type: ignore[arg-type]
                assert found == ("1" if asked == place else "")
        assert cases_with(writer, ["it", "sa"], place="answer", is_begun=True) == "1"
        assert cases_with(writer, ["sa"], place="answer", is_begun=False) == ""


def test_notes_stand_while_they_are_named(store: Store) -> None:
    with store.writing() as writer:
        run, _ = whole_run(writer)
        given = insert_rating(writer, rating(writer, run, note="The carry is wrong."))
        note = Note(given.row.id, "the carry is wrong")
        for notes, found in (([note], "1"), ([], ""), ([note, Note("gone", "else")], "1")):
            put_case(writer, case_of(run.id), wording=WORDING, notes=notes)
            assert cases_with(writer, ["carry"], place="note", is_begun=False) == found
        assert [tuple(each) for each in note_texts(writer, [1])] == [(1, "note", "The carry is wrong.")]
        assert writer.execute("SELECT count(*) FROM case_notes").fetchone() == (2,)


def test_texts_come_in_the_order_of_asking_with_the_fusion_last(store: Store) -> None:
    with store.writing() as writer:
        run, outputs = whole_run(writer)
        put_case(writer, case_of(run.id), wording=WORDING, notes=[])
        texts = [tuple(each) for each in texts_of(writer, [1, 77])]
        assert texts == [(1, "prompt", "What is 6 x 7?"), *((1, "answer", output.text) for output in outputs)]


def test_a_page_has_the_beginning_of_the_prompt(store: Store) -> None:
    with store.writing() as writer:
        run = start_run(writer, text="long " * 100)
        put_case(writer, case_of(run.id), wording=WORDING, notes=[])
        row = page_rows(writer, [run.id, "0" * 26])[run.id]
        assert (len(row.prompt), row.labels, row.started_at) == (301, [1], run.started_at)
