"""Trials: places are never given twice, leases end and are renewed, orders are orders, drafts are the rater's own."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from typing import Any

import pytest

from storage.connection import Store
from storage.errors import RowError
from storage.ratings import rater_named
from storage.studies import StudyRow, exclude, set_closed
from storage.trials import (
    ClosedError,
    TakenError,
    TrialRow,
    draft_of,
    is_leased,
    join_study,
    own_trial,
    renew_lease,
    resume_trial,
    save_draft,
    trials_of,
)
from tests.storage.study_samples import opened, saved, study_of, unit


@pytest.fixture
def study(store: Store) -> StudyRow:
    with store.writing() as writer:
        return study_of(writer)


def test_a_trial_keeps_what_its_rater_was_shown(store: Store, study: StudyRow) -> None:
    with store.writing() as writer:
        trial = opened(writer, study, 2)
        assert writer.rows(TrialRow) == (trial,)
        assert is_leased(writer, trial.id)
    assert (trial.unit_place, trial.kind, trial.shown_order) == (2, "main", [1, 0])
    assert trial.definition_sha256 == study.definition_sha256


def test_raters_who_open_at_once_never_exceed_the_overlap(store: Store) -> None:
    with store.writing() as writer:
        study = study_of(writer, units=1, overlap=3)
    together = Barrier(12)

    def press(number: int) -> bool:
        together.wait()
        try:
            with store.writing() as writer:
                opened(writer, study, rater=f"rater {number}")
        except TakenError:
            return False
        return True

    with ThreadPoolExecutor(12) as pool:
        assert sum(pool.map(press, range(12))) == 3
    with store.reading() as reader:
        assert len(reader.rows(TrialRow)) == 3


def test_a_rater_with_an_open_trial_gets_that_one(store: Store, study: StudyRow) -> None:
    with store.writing() as writer:
        trial = opened(writer, study, 0)
        assert opened(writer, study, 1) == trial
        saved(writer, trial)
        assert opened(writer, study, 1).unit_place == 1


def test_the_next_trial_opens_beside_one_that_is_still_on_the_screen(store: Store, study: StudyRow) -> None:
    with store.writing() as writer:
        first = opened(writer, study, 0)
        second = opened(writer, study, 1, beside=[first.id])
        assert second.unit_place == 1
        assert opened(writer, study, 2, beside=[first.id]) == second
        assert opened(writer, study, 2) == first


def test_two_tabs_that_open_at_once_show_the_same_trial(store: Store, study: StudyRow) -> None:
    together = Barrier(2)

    def press(place: int) -> TrialRow:
        together.wait()
        with store.writing() as writer:
            return opened(writer, study, place)

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(press, [0, 1])
    assert first == second


@pytest.mark.parametrize("verdict", ["output", "tie", "all_bad", "ranking", "scores"])
def test_a_judged_trial_holds_its_place_for_good(store: Store, study: StudyRow, verdict: str) -> None:
    with store.writing() as writer:
        trial = opened(writer, study, lease_s=0.0)
        saved(writer, trial, **({} if verdict == "output" else {"verdict": verdict}))
        with pytest.raises(TakenError, match="Others have taken this item meanwhile"):
            opened(writer, study, rater="Ben")


def test_a_lease_that_ran_out_gives_the_place_away(store: Store, study: StudyRow) -> None:
    with store.writing() as writer:
        lost = opened(writer, study, lease_s=0.0)
        assert not is_leased(writer, lost.id)
        opened(writer, study, rater="Ben")
        with pytest.raises(TakenError):
            renew_lease(writer, lost, lease_s=60.0)
        assert resume_trial(writer, study_id=study.id, rater_id=lost.rater_id, lease_s=60.0) is None
        assert opened(writer, study, 1).unit_place == 1


def test_who_comes_back_late_goes_on_while_there_is_room(store: Store, study: StudyRow) -> None:
    with store.writing() as writer:
        late = opened(writer, study, lease_s=0.0)
        assert resume_trial(writer, study_id=study.id, rater_id=late.rater_id, lease_s=3600.0) == late
        with pytest.raises(TakenError):
            opened(writer, study, rater="Ben")


def test_a_renewal_is_a_new_row_and_the_last_one_holds(store: Store, study: StudyRow) -> None:
    with store.writing() as writer:
        trial = opened(writer, study)
        assert renew_lease(writer, trial, lease_s=3600.0).seq == 2
        assert is_leased(writer, trial.id)
        assert renew_lease(writer, trial, lease_s=0.0).seq == 3
        assert not is_leased(writer, trial.id)


def test_a_skipped_unit_goes_to_others(store: Store, study: StudyRow) -> None:
    with store.writing() as writer:
        saved(writer, opened(writer, study), verdict="skip")
        assert opened(writer, study, rater="Ben").unit_place == 0


def test_a_withdrawn_trial_is_open_again(store: Store, study: StudyRow) -> None:
    with store.writing() as writer:
        trial = opened(writer, study)
        first = saved(writer, trial)
        saved(writer, trial, key="2", verdict="withdrawn", supersedes=first.row.id)
        assert opened(writer, study, 1) == trial
        with pytest.raises(TakenError):
            opened(writer, study, rater="Ben")


@pytest.mark.parametrize("by", ["rater_id", "trial_id"])
def test_an_excluded_judgement_makes_room_until_it_counts_again(store: Store, study: StudyRow, by: str) -> None:
    with store.writing() as writer:
        trial = opened(writer, study)
        saved(writer, trial)
        target = {by: trial.rater_id if by == "rater_id" else trial.id}
        exclude(writer, study.id, reason="asleep", **target)
        exclude(writer, study.id, reason="a mistake", is_excluded=False, **target)
        with pytest.raises(TakenError):
            opened(writer, study, rater="Ben")
        exclude(writer, study.id, reason="no mistake", **target)
        assert opened(writer, study, rater="Ben").unit_place == 0


def test_training_is_for_everybody_and_repeats_take_no_place(store: Store) -> None:
    with store.writing() as writer:
        study = study_of(writer, more=[unit(3, phase="training")])
        for rater in ("Ada", "Ben"):
            saved(writer, opened(writer, study, 3, rater=rater, kind="training"), key=f"{rater} training")
        first = opened(writer, study)
        saved(writer, first, key="first")
        again = opened(writer, study, kind="repeat", repeat_of=first.id)
        saved(writer, again, key="again")
    assert (again.kind, again.repeat_of) == ("repeat", first.id)


@pytest.mark.parametrize(
    ("place", "kind"), [(0, "training"), (3, "main"), (4, "main"), (5, "main"), (9, "main"), (0, "repeat")]
)
def test_what_may_not_be_shown_is_not(store: Store, place: int, kind: str) -> None:
    more = [unit(3, phase="training"), unit(4, is_identical=True), unit(5, same_as=0)]
    with store.writing() as writer:
        study = study_of(writer, more=more)
        with pytest.raises(RowError):
            opened(writer, study, place, kind=kind)
        assert writer.rows(TrialRow) == ()


def test_a_repeat_repeats_a_trial_of_the_same_rater_and_unit(store: Store, study: StudyRow) -> None:
    with store.writing() as writer:
        first = opened(writer, study)
        saved(writer, first)
        for place, rater in ((1, "Ada"), (0, "Ben")):
            with pytest.raises(RowError, match="FOREIGN KEY"):
                opened(writer, study, place, rater=rater, kind="repeat", repeat_of=first.id)


@pytest.mark.parametrize("order", [[], [0], [0, 0], [0, 1, 2], [1, 2]])
def test_an_order_names_every_contender_once(store: Store, study: StudyRow, order: list[int]) -> None:
    with store.writing() as writer, pytest.raises(RowError, match="is no order of 2 contenders"):
        opened(writer, study, shown_order=order)


def test_nobody_gets_a_unit_twice(store: Store, study: StudyRow) -> None:
    with store.writing() as writer:
        saved(writer, opened(writer, study))
        with pytest.raises(RowError, match="key already"):
            opened(writer, study)


def test_a_closed_study_gives_out_nothing_new_but_keeps_what_is_open(store: Store, study: StudyRow) -> None:
    with store.writing() as writer:
        trial = opened(writer, study)
        set_closed(writer, study.id, is_closed=True)
        with pytest.raises(ClosedError):
            opened(writer, study, 1, rater="Ben")
        assert opened(writer, study, 1) == trial
        assert saved(writer, trial).row.revision == 1


def test_an_unknown_study_has_no_trials(store: Store, study: StudyRow) -> None:
    with store.writing() as writer, pytest.raises(RowError, match="has no unit 0"):
        opened(writer, replace(study, id="0" * 26))


def test_a_trial_cannot_be_of_another_definition_than_its_study(store: Store, study: StudyRow) -> None:
    with store.writing() as writer:
        trial = opened(writer, study)
        forged = replace(trial, id=writer.identity.new_id(), unit_place=1, definition_sha256="e" * 64)
        with pytest.raises(RowError, match="FOREIGN KEY"):
            writer.insert(forged)


def test_raters_are_numbered_as_they_come(store: Store, study: StudyRow) -> None:
    with store.writing() as writer:
        ada, ben = (rater_named(writer, name).id for name in ("Ada", "Ben"))
        joined = [join_study(writer, study_id=study.id, rater_id=rater) for rater in (ben, ada, ben)]
        assert [each.seq for each in joined] == [1, 2, 1]
        assert joined[0] == joined[2]


def test_a_trial_is_found_by_its_own_rater_only(store: Store, study: StudyRow) -> None:
    with store.writing() as writer:
        trial, ben = opened(writer, study), rater_named(writer, "Ben").id
        assert own_trial(writer, trial.id, rater_id=trial.rater_id) == trial
        assert own_trial(writer, trial.id, rater_id=ben) is None
        assert own_trial(writer, "gone", rater_id=ben) is None


def test_a_raters_trials_are_listed_with_what_stands(store: Store, study: StudyRow) -> None:
    with store.writing() as writer:
        first = opened(writer, study, 0)
        judged = saved(writer, first)
        last = saved(writer, first, key="2", verdict="tie", supersedes=judged.row.id)
        second = opened(writer, study, 1)
        opened(writer, study, 2, rater="Ben")
        listed = trials_of(writer, study_id=study.id, rater_id=first.rater_id)
    assert [(each.trial, each.verdict, each.saved_at, each.prompt) for each in listed] == [
        (first, "tie", last.row.created_at, "Question 0?"),
        (second, None, None, "Question 1?"),
    ]
    assert [each.is_open for each in listed] == [False, True]


def test_a_draft_is_written_over_and_gone_once_it_is_said(store: Store, study: StudyRow) -> None:
    with store.writing() as writer:
        trial = opened(writer, study)
        assert draft_of(writer, trial.id) is None
        for note in ("ha", "half a"):
            kept = save_draft(writer, trial.id, rater_id=trial.rater_id, body={"note": note})
        assert draft_of(writer, trial.id) == kept
        assert kept.body == {"note": "half a"}
        saved(writer, trial)
        assert draft_of(writer, trial.id) is None


def test_nobody_keeps_a_draft_for_another(store: Store, study: StudyRow) -> None:
    with store.writing() as writer:
        trial = opened(writer, study)
        for trial_id, rater in ((trial.id, "Ben"), ("gone", "Ada")):
            with pytest.raises(RowError, match="no trial"):
                save_draft(writer, trial_id, rater_id=rater_named(writer, rater).id, body={})


@pytest.mark.parametrize("body", [[], {"seconds": float("nan")}, {"note": "\ud800"}])
def test_a_draft_that_cannot_be_kept_leaves_the_one_before(store: Store, study: StudyRow, body: Any) -> None:
    with store.writing() as writer:
        trial = opened(writer, study)
        before = save_draft(writer, trial.id, rater_id=trial.rater_id, body={"note": "a"})
    with pytest.raises(RowError), store.writing() as writer:
        save_draft(writer, trial.id, rater_id=trial.rater_id, body=body)
    with store.reading() as reader:
        assert draft_of(reader, trial.id) == before
