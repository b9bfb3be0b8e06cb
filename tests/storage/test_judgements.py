"""Judgements: stored once a press, by output, revised without a fork, by nobody but the trial's rater."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.connection import Store
from storage.errors import RowError
from storage.judgements import (
    FlawRow,
    Judgement,
    StaleError,
    TrialRatingRow,
    judgements,
    save_judgement,
    standing_judgement,
)
from storage.ratings import rater_named
from storage.rows import Writer
from storage.trials import TakenError, TrialRow, renew_lease
from tests.storage.samples import sample_store
from tests.storage.study_samples import flaw, opened, said, saved, study_of


@pytest.fixture
def trial(store: Store) -> TrialRow:
    with store.writing() as writer:
        return opened(writer, study_of(writer))


def test_a_judgement_comes_back_as_it_was_said(store: Store, trial: TrialRow) -> None:
    whole = flaw(trial, span_start=None, span_end=None, category="V", note="ölig\0")
    with store.writing() as writer:
        judged = saved(
            writer, trial, strength=2, body={"confidence": "low"}, shown={"viewport": [320, 640]}, active_seconds=12.5,
            is_after_reveal=True, is_too_fast=True, flaws=[flaw(trial), whole],
        )  # fmt: skip
        assert standing_judgement(writer, trial.id) == judged
    assert (judged.row.output_id, judged.row.role, judged.row.strength) == ("0 fused", "fusion", 2)
    assert (judged.row.kind, judged.row.revision, judged.row.active_seconds) == ("main", 1, 12.5)
    assert judged.flaws == (flaw(trial), whole)


def test_an_unjudged_trial_has_nothing_standing(store: Store, trial: TrialRow) -> None:
    with store.reading() as reader:
        assert standing_judgement(reader, trial.id) is None
        assert judgements(reader, trial.study_id) == {}


def test_a_double_press_from_many_threads_is_stored_once_and_acknowledged_alike(store: Store, trial: TrialRow) -> None:
    together = Barrier(8)

    def press(_: int) -> Judgement:
        together.wait()
        with store.writing() as writer:
            return saved(writer, trial, flaws=[flaw(trial)])

    with ThreadPoolExecutor(8) as pool:
        assert len(set(map(repr, pool.map(press, range(8))))) == 1
    with store.reading() as reader:
        assert (len(reader.rows(TrialRatingRow)), len(reader.rows(FlawRow))) == (1, 1)


def test_of_two_tabs_that_judge_at_once_the_second_learns_what_stands(store: Store, trial: TrialRow) -> None:
    together = Barrier(2)

    def press(key: str) -> Judgement | StaleError:
        together.wait()
        try:
            with store.writing() as writer:
                return saved(writer, trial, key=key)
        except StaleError as stale:
            return stale

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(press, ["tab-1", "tab-2"]))
    (stored,) = [result for result in results if isinstance(result, Judgement)]
    (stale,) = [result for result in results if isinstance(result, StaleError)]
    assert stale.current == stored
    assert "look at the judgement that stands now" in str(stale)


def test_a_press_that_arrives_again_after_a_revision_and_a_reveal_is_still_acknowledged(
    store: Store, trial: TrialRow
) -> None:
    with store.writing() as writer:
        first = saved(writer, trial, key="1", body={"note": ""})
        saved(writer, trial, key="2", verdict="tie", supersedes=first.row.id)
        assert saved(writer, trial, key="1", body={"note": ""}, is_after_reveal=True, supersedes="x") == first
        assert len(judgements(writer, trial.study_id)[trial.id]) == 2


@pytest.mark.parametrize(
    "change",
    [
        {"verdict": "tie", "output_id": None, "role": None},
        {"strength": 1},
        {"body": {"note": "other"}},
        {"body": {"note": float("nan")}},
        {"flaws": [("0 fused", "fusion", "C", "minor", "default", "1")]},
        {"output_id": "0 best", "role": "best"},
        {"trial_id": "0" * 26},
    ],
)
def test_a_key_used_for_another_judgement_is_not_acknowledged(
    store: Store, trial: TrialRow, change: dict[str, Any]
) -> None:
    with store.writing() as writer:
        saved(writer, trial)
        with pytest.raises(RowError, match="belongs to another judgement"):
            save_judgement(writer, replace(said(trial), **change))
        assert len(writer.rows(TrialRatingRow)) == 1


def test_revisions_are_numbered_and_each_names_the_one_before(store: Store, trial: TrialRow) -> None:
    with store.writing() as writer:
        first = saved(writer, trial, key="1")
        second = saved(writer, trial, key="2", verdict="withdrawn", supersedes=first.row.id)
        third = saved(writer, trial, key="3", verdict="all_bad", supersedes=second.row.id)
        assert judgements(writer, trial.study_id)[trial.id] == (first, second, third)
    assert [each.row.revision for each in (first, second, third)] == [1, 2, 3]


@pytest.mark.parametrize("supersedes", [None, "0" * 26, "first"])
def test_a_stale_tab_stores_nothing(store: Store, trial: TrialRow, supersedes: str | None) -> None:
    with store.writing() as writer:
        first = saved(writer, trial, key="1")
        second = saved(writer, trial, key="2", verdict="tie", supersedes=first.row.id)
        seen = first.row.id if supersedes == "first" else supersedes
        with pytest.raises(StaleError) as stale:
            saved(writer, trial, key="3", supersedes=seen)
        assert stale.value.current == second
        assert len(writer.rows(TrialRatingRow)) == 2


def test_a_revision_of_what_is_not_there_says_so(store: Store, trial: TrialRow) -> None:
    with store.writing() as writer, pytest.raises(StaleError, match="is not one of this trial") as stale:
        saved(writer, trial, supersedes="0" * 26)
    assert stale.value.current is None


def test_nobody_judges_the_trial_of_another(store: Store, trial: TrialRow) -> None:
    with store.writing() as writer:
        ben = rater_named(writer, "Ben").id
        with pytest.raises(RowError, match="no trial"):
            saved(writer, trial, rater_id=ben)
        stored = saved(writer, trial).row
        forged = replace(stored, id=writer.identity.new_id(), rater_id=ben, request_key="2", revision=2)
        with pytest.raises(RowError, match="FOREIGN KEY"):
            writer.insert(replace(forged, supersedes=stored.id))


def test_the_tables_themselves_allow_no_fork_and_no_second_beginning(store: Store, trial: TrialRow) -> None:
    with store.writing() as writer:
        first = saved(writer, trial, key="1").row
        second = saved(writer, trial, key="2", verdict="tie", supersedes=first.id).row
        other = {"id": writer.identity.new_id(), "request_key": "3"}
        for forged in (
            replace(first, **other),  # type: ignore[arg-type]
            replace(second, **other),  # type: ignore[arg-type]
            replace(second, **other, revision=3),  # type: ignore[arg-type]
        ):
            with pytest.raises(RowError, match="key already"):
                writer.insert(forged)


@pytest.mark.parametrize(
    "change",
    [
        {"verdict": "tie"},
        {"verdict": "left"},
        {"verdict": "withdrawn", "output_id": None, "role": None},
        {"verdict": "skip", "output_id": None, "role": None, "strength": 1},
        {"output_id": None, "role": None},
        {"output_id": "1 fused"},
        {"role": "best"},
        {"role": None},
        {"strength": 3},
        {"active_seconds": -1.0},
        {"active_seconds": float("nan")},
        {"body": {"note": "\ud800"}},
        {"body": []},
        {"request_key": ""},
        {"trial_id": "0" * 26},
        {"flaws": [("1 fused", "fusion", "C", "major", "default", "1")]},
        {"flaws": [("0 fused", "fusion", "", "major", "default", "1")]},
        {"flaws": [("0 fused", "fusion", "C", "major", "default", "1", 5, 5)]},
        {"flaws": [("0 fused", "fusion", "C", "major", "default", "1", 5, None)]},
        {"flaws": [("0 fused", "fusion", "C", "major", "default", "1", -1, 5)]},
    ],
)
def test_a_judgement_that_makes_no_sense_is_refused_whole(
    store: Store, trial: TrialRow, change: dict[str, Any]
) -> None:
    flaws = [
        flaw(trial)._replace(**dict(zip(flaw(trial)._fields, each, strict=False))) for each in change.get("flaws", ())
    ]
    with pytest.raises(RowError), store.writing() as writer:
        save_judgement(writer, replace(said(trial), **{**change, "flaws": flaws}))
    with store.reading() as reader:
        assert reader.rows(TrialRatingRow) == reader.rows(FlawRow) == ()


def late(writer: Writer) -> TrialRow:
    return opened(writer, study_of(writer), lease_s=0.0)


def test_who_judges_late_is_heard_while_there_is_room(store: Store) -> None:
    with store.writing() as writer:
        assert saved(writer, late(writer)).row.revision == 1


def test_who_judges_too_late_is_told_that_the_place_is_gone(store: Store) -> None:
    with store.writing() as writer:
        lost = late(writer)
        study = replace(study_of(writer), id=lost.study_id)
        saved(writer, opened(writer, study, rater="Ben"), key="ben")
        with pytest.raises(TakenError):
            saved(writer, lost)
        assert saved(writer, lost, key="skipped", verdict="skip").row.verdict == "skip"
        assert len(writer.rows(TrialRatingRow)) == 2


def test_a_skip_is_revised_only_while_there_is_room(store: Store, trial: TrialRow) -> None:
    with store.writing() as writer:
        skipped = saved(writer, trial, verdict="skip")
        renew_lease(writer, trial, lease_s=3600.0)
        study = replace(study_of(writer), id=trial.study_id)
        opened(writer, study, rater="Ben")
        with pytest.raises(TakenError):
            saved(writer, trial, key="2", supersedes=skipped.row.id)


def test_a_judgement_is_revised_whatever_the_lease_says(store: Store) -> None:
    with store.writing() as writer:
        trial = late(writer)
        first = saved(writer, trial)
        assert saved(writer, trial, key="2", verdict="tie", supersedes=first.row.id).row.revision == 2


def test_a_study_is_read_whole_history_by_history(store: Store, trial: TrialRow) -> None:
    with store.writing() as writer:
        first = saved(writer, trial, key="1", flaws=[flaw(trial)])
        second = saved(writer, trial, key="2", verdict="tie", supersedes=first.row.id)
        other = opened(writer, replace(study_of(writer), id=trial.study_id), 1, rater="Ben")
        bens = saved(writer, other, key="3", flaws=[flaw(other), flaw(other, category="V")])
        saved(writer, opened(writer, study_of(writer)), key="another study")
        assert judgements(writer, trial.study_id) == {trial.id: (first, second), other.id: (bens,)}


PRESSES = st.lists(
    st.tuples(st.sampled_from(["Ada", "Ben"]), st.sampled_from(["fresh", "stale", "again", "undo"])), max_size=12
)


@settings(max_examples=25)
@given(presses=PRESSES)
def test_whatever_people_press_each_history_is_one_chain(
    tmp_path_factory: pytest.TempPathFactory, presses: list[tuple[str, str]]
) -> None:
    folder: Path = tmp_path_factory.mktemp("presses")
    with sample_store(folder) as store, store.writing() as writer:
        study = study_of(writer, overlap=2)
        trial_by_name = {name: opened(writer, study, rater=name) for name in ("Ada", "Ben")}
        expected: dict[str, list[Judgement]] = {"Ada": [], "Ben": []}
        for number, (name, kind) in enumerate(presses):
            _press(writer, trial_by_name[name], expected[name], key=f"{number}", kind=kind)
        for name, trial in trial_by_name.items():
            history = judgements(writer, study.id).get(trial.id, ())
            assert list(history) == expected[name]
            assert standing_judgement(writer, trial.id) == (history[-1] if history else None)


def _press(writer: Writer, trial: TrialRow, history: list[Judgement], *, key: str, kind: str) -> None:
    standing = history[-1].row.id if history else None
    if kind == "again" and history:
        assert saved(writer, trial, key=history[0].row.request_key) == history[0]
    elif kind == "stale" and history:
        with pytest.raises(StaleError):
            saved(writer, trial, key=key, supersedes=history[-1].row.supersedes)
    elif kind == "undo" and history:
        history.append(saved(writer, trial, key=key, verdict="withdrawn", supersedes=standing))
    else:
        history.append(saved(writer, trial, key=key, supersedes=standing))
