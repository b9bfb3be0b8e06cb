"""Flaws as rows: chains that never fork, presses that count once, and what studies add."""

import pytest

from storage.connection import Store
from storage.errors import RowError
from storage.flaws import (
    ChangedError,
    RunFlawRow,
    Suggested,
    askings,
    insert_asking,
    insert_flaw,
    is_suggested_for,
    output_texts,
    standing_run_flaws,
    study_flaws,
    suggestions,
    takers,
)
from storage.ratings import rater_named
from storage.runs import OutputRow
from storage.studies import NewContender, exclude
from tests.storage.inspection_samples import asking, run_flaw
from tests.storage.samples import whole_run
from tests.storage.study_samples import flaw, opened, saved, study_of, unit


@pytest.fixture
def output(store: Store) -> OutputRow:
    """A candidate of a run."""
    with store.writing() as writer:
        return whole_run(writer)[1][0]


def standing(store: Store, output: OutputRow) -> tuple[RunFlawRow, ...]:
    with store.reading() as reader:
        return standing_run_flaws(reader, output.run_id)


def test_a_flaw_stands_until_a_later_row_supersedes_it(store: Store, output: OutputRow) -> None:
    with store.writing() as writer:
        first = insert_flaw(writer, run_flaw(writer, output))
        later = insert_flaw(writer, run_flaw(writer, output, key="press-2", severity="minor", supersedes=first.id))
    assert standing(store, output) == (later,)


def test_a_removed_flaw_stands_no_more(store: Store, output: OutputRow) -> None:
    with store.writing() as writer:
        first = insert_flaw(writer, run_flaw(writer, output))
        insert_flaw(writer, run_flaw(writer, output, key="press-2", is_removed=True, supersedes=first.id))
    assert standing(store, output) == ()


def test_flaws_of_several_people_stand_side_by_side(store: Store, output: OutputRow) -> None:
    with store.writing() as writer:
        marked = [insert_flaw(writer, run_flaw(writer, output, rater=name, key=name)) for name in ("Ada", "Bo")]
    assert standing(store, output) == tuple(marked)


def test_a_press_that_comes_twice_is_stored_once(store: Store, output: OutputRow) -> None:
    with store.writing() as writer:
        assert insert_flaw(writer, run_flaw(writer, output)) == insert_flaw(writer, run_flaw(writer, output))
    assert len(standing(store, output)) == 1


def test_a_key_of_another_mark_is_refused(store: Store, output: OutputRow) -> None:
    with store.writing() as writer:
        insert_flaw(writer, run_flaw(writer, output))
    with pytest.raises(RowError, match="this request key belongs to another mark"), store.writing() as writer:
        insert_flaw(writer, run_flaw(writer, output, category="omission"))


def test_a_flaw_is_changed_from_what_stands_only(store: Store, output: OutputRow) -> None:
    with store.writing() as writer:
        first = insert_flaw(writer, run_flaw(writer, output))
        insert_flaw(writer, run_flaw(writer, output, key="press-2", supersedes=first.id))
    with pytest.raises(ChangedError), store.writing() as writer:
        insert_flaw(writer, run_flaw(writer, output, key="press-3", supersedes=first.id))


@pytest.mark.parametrize(
    "given", [{"span_end": None}, {"span_start": 5, "span_end": 5}, {"span_start": -1}, {"is_removed": True}]
)
def test_the_table_refuses_a_flaw_that_makes_no_sense(
    store: Store, output: OutputRow, given: dict[str, object]
) -> None:
    with pytest.raises(RowError, match="run_flaws refused a row"), store.writing() as writer:
        insert_flaw(writer, run_flaw(writer, output, **given))


def test_nobody_supersedes_the_flaw_of_another(store: Store, output: OutputRow) -> None:
    with store.writing() as writer:
        first = insert_flaw(writer, run_flaw(writer, output))
    with pytest.raises(RowError, match="FOREIGN KEY"), store.writing() as writer:
        insert_flaw(writer, run_flaw(writer, output, rater="Bo", key="press-2", supersedes=first.id))


def test_an_asking_is_stored_once_with_what_it_came_to(store: Store, output: OutputRow) -> None:
    with store.writing() as writer:
        first = insert_asking(writer, asking(writer, output), [Suggested("answer", "major", 0, 2, "wrong")])
        again = insert_asking(writer, asking(writer, output), [Suggested("omission", "minor")])
        assert (again, askings(writer, output.run_id)) == (first, (first,))
        (suggested,) = suggestions(writer, output.run_id)
    assert (suggested.category, suggested.span_start, suggested.note) == ("answer", 0, "wrong")


def test_a_failed_asking_says_why(store: Store, output: OutputRow) -> None:
    failure = {"kind": "malformed", "message": "No list."}
    with store.writing() as writer:
        stored = insert_asking(writer, asking(writer, output, failure=failure), [])
        assert askings(writer, output.run_id)[0].failure == stored.failure == failure


def test_who_took_a_suggestion_over_is_known_as_long_as_it_stands(store: Store, output: OutputRow) -> None:
    with store.writing() as writer:
        insert_asking(writer, asking(writer, output), [Suggested("answer", "major", 0, 2)])
        suggestion = suggestions(writer, output.run_id)[0].id
        own = insert_flaw(writer, run_flaw(writer, output, suggestion_id=suggestion))
        assert takers(writer, output.run_id) == [(suggestion, "Ada")]
        insert_flaw(writer, run_flaw(writer, output, key="press-2", is_removed=True, supersedes=own.id))
        assert takers(writer, output.run_id) == []


def test_a_suggestion_is_one_for_its_output_only(store: Store) -> None:
    with store.writing() as writer:
        outputs = whole_run(writer)[1]
        insert_asking(writer, asking(writer, outputs[0]), [Suggested("answer", "major", 0, 2)])
        suggestion = suggestions(writer, outputs[0].run_id)[0].id
        assert [is_suggested_for(writer, suggestion, output_id=each.id) for each in outputs] == [True, False, False]


def test_the_texts_of_no_run_are_none(store: Store, output: OutputRow) -> None:
    with store.reading() as reader:
        assert output_texts(reader, "nowhere") is None
        assert (output_texts(reader, output.run_id) or {})[output.id] == output.text


def judged_in_a_study(store: Store, output: OutputRow, *, text: str = "", key: str = "j1", **given: object) -> str:
    """A study in which Ada marked a flaw in the output; its id."""
    shown = NewContender(role="fusion", output_id=output.id, text=text or output.text, names=("GPT",))
    with store.writing() as writer:
        study = study_of(writer, units=0, more=[unit(0, run_id=output.run_id, contenders=(shown,))])
        trial = opened(writer, study, shown_order=[0])
        saved(writer, trial, key=key, output_id=output.id, flaws=[flaw(trial, output_id=output.id)], **given)
    return study.id


def test_flaws_of_studies_are_those_of_standing_judgements(store: Store, output: OutputRow) -> None:
    study_id = judged_in_a_study(store, output)
    with store.reading() as reader:
        (found,) = study_flaws(reader, output.run_id)
    assert (found.rater, found.study_id, found.output_id, found.is_excluded) == ("Ada", study_id, output.id, False)
    assert (found.shown, found.text) == (None, None)


def test_a_text_that_the_study_showed_otherwise_comes_along(store: Store, output: OutputRow) -> None:
    judged_in_a_study(store, output, text="It is ▮▮▮.")
    with store.reading() as reader:
        (found,) = study_flaws(reader)
    assert (found.shown, found.text, found.names) == ("It is ▮▮▮.", output.text, ["GPT"])


def test_what_a_study_left_out_is_told_apart_until_it_is_taken_in_again(store: Store, output: OutputRow) -> None:
    study_id = judged_in_a_study(store, output)
    with store.writing() as writer:
        rater_id = rater_named(writer, "Ada").id
        exclude(writer, study_id, reason="asleep", rater_id=rater_id)
        assert [each.is_excluded for each in study_flaws(writer)] == [True]
        exclude(writer, study_id, reason="awake", rater_id=rater_id, is_excluded=False)
        assert [each.is_excluded for each in study_flaws(writer)] == [False]
