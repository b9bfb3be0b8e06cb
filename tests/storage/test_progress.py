"""Progress: who has judged and who holds what, counted as open_trial counts; lists and boards without the bulk."""

from collections.abc import Sequence
from itertools import pairwise

import pytest

from storage.connection import Store
from storage.progress import changed_places, extent, judged, progress, study_heads, study_raters
from storage.rows import Writer
from storage.studies import StudyRow, exclude, set_closed
from storage.trials import TakenError, TrialRow
from tests.storage.study_samples import opened, saved, study_of, unit

NAMES = ("Ada", "Ben", "Cyd", "Dan")


@pytest.fixture
def study(store: Store) -> StudyRow:
    with store.writing() as writer:
        return study_of(writer, overlap=3)


def four_fates(writer: Writer, study: StudyRow) -> Sequence[TrialRow]:
    """Trials of one unit: judged (after a revision), held, skipped and taken back too late to be held."""
    ada, ben, cyd = (opened(writer, study, rater=name) for name in NAMES[:3])
    first = saved(writer, ada, key="a")
    saved(writer, ada, key="a2", verdict="tie", supersedes=first.row.id)
    saved(writer, cyd, key="c", verdict="skip")
    dan = opened(writer, study, rater="Dan", lease_s=0.0)
    undone = saved(writer, dan, key="d")
    saved(writer, dan, key="d2", verdict="withdrawn", supersedes=undone.row.id)
    return ada, ben, cyd, dan


def test_a_unit_is_judged_by_some_held_by_others_and_neither_by_who_skipped_or_took_back(
    store: Store, study: StudyRow
) -> None:
    with store.writing() as writer:
        four_fates(writer, study)
        found = progress(writer, study.id, now=writer.identity.now())
    assert found.judged == {0: frozenset(["Ada"])}
    assert found.leased == {0: frozenset(["Ben"])}


def test_progress_and_open_trial_agree_on_what_is_full(store: Store, study: StudyRow) -> None:
    with store.writing() as writer:
        four_fates(writer, study)
        opened(writer, study, rater="Eve")
        found = progress(writer, study.id, now=writer.identity.now())
        assert len(found.judged[0] | found.leased[0]) == study.overlap
        with pytest.raises(TakenError):
            opened(writer, study, rater="Fay")


def test_a_lease_counts_until_its_time_and_once_however_often_it_is_renewed(store: Store, study: StudyRow) -> None:
    with store.writing() as writer:
        trial = opened(writer, study)
        assert opened(writer, study) == trial
        now = writer.identity.now()
        assert progress(writer, study.id, now=now).leased == {0: frozenset(["Ada"])}
        assert progress(writer, study.id, now="2030-01-01T00:00:00.000Z").leased == {}


def test_of_named_places_only_their_progress_is_told(store: Store, study: StudyRow) -> None:
    with store.writing() as writer:
        four_fates(writer, study)
        opened(writer, study, 1, rater="Eve")
        now = writer.identity.now()
        assert progress(writer, study.id, now=now, places=[1, 2]) == ({}, {1: frozenset(["Eve"])})
        assert progress(writer, study.id, now=now, places=[]) == ({}, {})
        assert progress(writer, study.id, now=now, places=[0, 1, 2]) == progress(writer, study.id, now=now)


def test_places_change_by_a_trial_a_judgement_and_time_and_all_may_by_an_exclusion(
    store: Store, study: StudyRow
) -> None:
    late = "2030-01-01T00:00:00.000Z"
    with store.writing() as writer:
        four_fates(writer, study)
        seen = [extent(writer, study.id, now=writer.identity.now())]
        trial = opened(writer, study, 1, rater="Eve")
        seen.append(extent(writer, study.id, now=seen[0].now))
        saved(writer, trial, key="e")
        seen.append(extent(writer, study.id, now=seen[0].now))
        exclude(writer, study.id, reason="asleep", trial_id=trial.id)
        seen.append(extent(writer, study.id, now=seen[0].now))
        assert [changed_places(writer, study.id, since=one, until=two) for one, two in pairwise(seen)] == [
            {1},
            {1},
            None,
        ]
        for since, until in ((seen[2], seen[2]._replace(now=late)), (seen[2]._replace(now=late), seen[2])):
            assert changed_places(writer, study.id, since=since, until=until) == frozenset([0, 1])
        assert changed_places(writer, "gone", since=seen[0], until=seen[2]._replace(now=late)) == frozenset()


def test_training_and_repeats_are_no_progress(store: Store) -> None:
    with store.writing() as writer:
        study = study_of(writer, more=[unit(3, phase="training")])
        saved(writer, opened(writer, study, 3, kind="training"), key="1")
        first = opened(writer, study)
        saved(writer, first, key="2")
        opened(writer, study, kind="repeat", repeat_of=first.id)
        found = progress(writer, study.id, now=writer.identity.now())
        assert (found.judged, found.leased) == ({0: frozenset(["Ada"])}, {})
        assert [each.kind for each in judged(writer, study.id)] == ["training", "main"]


def test_what_is_excluded_is_listed_but_does_not_count(store: Store, study: StudyRow) -> None:
    with store.writing() as writer:
        ada, ben, *_ = four_fates(writer, study)
        exclude(writer, study.id, reason="asleep", trial_id=ada.id)
        exclude(writer, study.id, reason="asleep", rater_id=ben.rater_id)
        found = progress(writer, study.id, now=writer.identity.now())
        assert (found.judged, found.leased) == ({}, {})
        assert [each.is_excluded for each in judged(writer, study.id)] == [1, 0]
        assert [each.is_excluded for each in study_raters(writer, study.id)] == [False, True, False, False]
        exclude(writer, study.id, reason="a mistake", trial_id=ada.id, is_excluded=False)
        assert list(progress(writer, study.id, now=writer.identity.now()).judged) == [0]


def test_judged_are_the_judgements_that_stand(store: Store, study: StudyRow) -> None:
    with store.writing() as writer:
        ada, _, cyd, _ = four_fates(writer, study)
        eve = opened(writer, study, 1, rater="Eve")
        saved(writer, eve, key="e", active_seconds=2.5, is_too_fast=True, is_after_reveal=True)
        found = {each.trial_id: each for each in judged(writer, study.id)}
    assert {trial_id: each.verdict for trial_id, each in found.items()} == {
        ada.id: "tie", cyd.id: "skip", eve.id: "output"
    }  # fmt: skip
    assert found[eve.id] == (eve.id, 1, eve.rater_id, "main", "output", "1 fused", 2.5, 1, 1, 0)


def test_raters_are_numbered_from_zero_as_they_came(store: Store, study: StudyRow) -> None:
    with store.writing() as writer:
        four_fates(writer, study)
        assert [(each.number, each.name) for each in study_raters(writer, study.id)] == list(enumerate(NAMES))


def test_a_list_of_studies_says_how_far_each_is(store: Store, study: StudyRow) -> None:
    with store.writing() as writer:
        four_fates(writer, study)
        more = [unit(3, phase="training"), unit(4, is_identical=True), unit(5, same_as=0)]
        later = study_of(writer, overlap=2, supersedes=study.id, more=more)
        set_closed(writer, later.id, is_closed=True)
        first, second = study_heads(writer)
    assert first == (later.id, "Fusion or best?", 2, 2, 6, 6, 0, 0, True, later.created_at)
    assert second == (study.id, "Fusion or best?", 1, 3, 3, 9, 1, 4, False, study.created_at)
    assert (first.is_closed, second.is_closed) == (True, False)


def test_a_study_that_is_not_there_has_no_progress(store: Store, study: StudyRow) -> None:
    with store.writing() as writer:
        four_fates(writer, study)
        assert progress(writer, "gone", now=writer.identity.now()) == ({}, {})
        assert judged(writer, "gone") == study_raters(writer, "gone") == ()
