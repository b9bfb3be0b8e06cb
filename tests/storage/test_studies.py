"""Studies: stored whole, never changed, versioned without a fork, closed and opened again."""

from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest

from storage.connection import Store
from storage.errors import ConflictError, RowError
from storage.studies import (
    NewContender,
    StudyRow,
    exclude,
    exclusions,
    is_closed,
    put_study,
    set_closed,
    study_row,
    study_rows,
    unit_rows,
)
from tests.storage.samples import whole_run
from tests.storage.study_samples import opened, study_of, unit


def test_a_study_comes_back_with_its_units_and_contenders_in_order(store: Store) -> None:
    with store.writing() as writer:
        study = study_of(writer, units=2, overlap=3)
        rows = study_rows(writer, study.id)
    assert rows is not None
    assert (rows.study, rows.closed_at) == (study, None)
    assert [each.unit.prompt for each in rows.units] == ["Question 0?", "Question 1?"]
    assert [contender.role for each in rows.units for contender in each.contenders] == ["fusion", "best"] * 2
    best = rows.units[1].contenders[1]
    assert (best.output_id, best.member, best.names, best.run_id) == ("1 best", "m", ["m"], None)
    assert best.text_sha256 == sha256(b"The best of 1.").hexdigest()


def test_a_unit_comes_back_by_itself(store: Store) -> None:
    with store.writing() as writer:
        study = study_of(writer)
        rows = study_rows(writer, study.id)
        assert rows is not None
        assert unit_rows(writer, study_id=study.id, place=1) == rows.units[1]
        assert unit_rows(writer, study_id=study.id, place=9) is None


@pytest.mark.parametrize("study_id", ["", "nonsense", "0" * 26, "' OR 1=1 --"])
def test_a_study_that_is_not_there_is_none(store: Store, study_id: str) -> None:
    with store.writing() as writer:
        study_of(writer)
        assert study_rows(writer, study_id) is study_row(writer, study_id) is None
        assert not is_closed(writer, study_id)


def test_a_unit_of_a_run_points_at_its_outputs(store: Store) -> None:
    with store.writing() as writer:
        run, outputs = whole_run(writer)
        _, others = whole_run(writer)
        own, foreign = ([NewContender(role="best", output_id=each.id, text="x")] for each in (outputs[0], others[0]))
        study_of(writer, more=[unit(3, run_id=run.id, contenders=own)])
        with pytest.raises(RowError, match="FOREIGN KEY"):
            study_of(writer, more=[unit(3, run_id=run.id, contenders=foreign)])


@pytest.mark.parametrize(
    "given",
    [
        {"prompt": ""},
        {"place": -1},
        {"place": 0},
        {"phase": "warm-up"},
        {"run_id": "0" * 26},
        {"same_as": 3},
        {"same_as": 9},
        {"prompt": "half \ud800"},
        {"body": {"weight": float("nan")}},
        {"contenders": [NewContender(role="best", output_id="", text="x")]},
        {"contenders": [NewContender(role="best", output_id="x", text="half \ud800")]},
        {"contenders": [NewContender(role="best", output_id="x", text="x")] * 2},
        {"contenders": [NewContender(role="judge", output_id="x", text="x")]},  # type: ignore[arg-type]
    ],
)
def test_a_unit_that_makes_no_sense_is_refused(store: Store, given: dict[str, Any]) -> None:
    with store.writing() as writer, pytest.raises(RowError):
        study_of(writer, more=[unit(**{"place": 3, **given})])


@pytest.mark.parametrize("change", [{"overlap": 0}, {"title": ""}, {"definition_sha256": "short"}, {"definition": []}])
def test_a_study_that_makes_no_sense_is_refused(store: Store, change: dict[str, Any]) -> None:
    wanted = {"title": "T", "definition": {}, "definition_sha256": "d" * 64, "overlap": 1, "units": [], **change}
    with store.writing() as writer, pytest.raises(RowError):
        put_study(writer, **wanted)


def test_a_study_without_units_or_a_unit_without_contenders_comes_back_so(store: Store) -> None:
    with store.writing() as writer:
        empty, bare = study_of(writer, units=0), study_of(writer, units=0, more=[unit(0, contenders=())])
        for study, contenders in ((empty, []), (bare, [()])):
            rows = study_rows(writer, study.id)
            assert rows is not None
            assert [each.contenders for each in rows.units] == contenders


def test_a_changed_study_is_the_next_version_and_only_one_can_be(store: Store) -> None:
    with store.writing() as writer:
        first = study_of(writer)
        second = study_of(writer, supersedes=first.id)
        assert (first.version, second.version, second.supersedes) == (1, 2, first.id)
        assert study_of(writer, supersedes=second.id).version == 3
        with pytest.raises(ConflictError, match="has a newer version already"):
            study_of(writer, supersedes=first.id)
        with pytest.raises(RowError, match="FOREIGN KEY"):
            study_of(writer, supersedes="0" * 26)


def test_a_closed_study_may_be_opened_again_and_the_last_word_holds(store: Store) -> None:
    with store.writing() as writer:
        study, other = study_of(writer), study_of(writer)
        closing = set_closed(writer, study.id, is_closed=True, decided_by="Eve")
        rows = study_rows(writer, study.id)
        assert rows is not None
        assert rows.closed_at == closing.created_at
        assert (is_closed(writer, study.id), is_closed(writer, other.id)) == (True, False)
        assert set_closed(writer, study.id, is_closed=False).seq == 2
        rows = study_rows(writer, study.id)
        assert rows is not None
        assert (is_closed(writer, study.id), rows.closed_at) == (False, None)


def test_exclusions_are_kept_with_their_reasons(store: Store) -> None:
    with store.writing() as writer:
        study = study_of(writer)
        trial = opened(writer, study)
        first = exclude(writer, study.id, reason="gold failed", rater_id=trial.rater_id, decided_by="Eve")
        second = exclude(writer, study.id, reason="a mistake", rater_id=trial.rater_id, is_excluded=False)
        assert exclusions(writer, study.id) == (first, second)
        assert (first.is_excluded, second.is_excluded, first.decided_by, second.seq) == (True, False, "Eve", 2)


@pytest.mark.parametrize("named", [{}, {"rater_id": "ada", "trial_id": "trial"}, {"trial_id": "0" * 26}])
def test_an_exclusion_names_one_rater_or_one_trial_that_is_there(store: Store, named: dict[str, str]) -> None:
    with store.writing() as writer:
        trial = opened(writer, study_of(writer))
        ids = {"ada": trial.rater_id, "trial": trial.id}
        with pytest.raises(RowError):
            exclude(writer, trial.study_id, reason="r", **{key: ids.get(word, word) for key, word in named.items()})


def test_a_trial_is_excluded_in_its_own_study_only(store: Store) -> None:
    with store.writing() as writer:
        trial, other = opened(writer, study_of(writer)), study_of(writer)
        with pytest.raises(RowError, match="FOREIGN KEY"):
            exclude(writer, other.id, reason="r", trial_id=trial.id)
        with pytest.raises(RowError):
            exclude(writer, trial.study_id, reason="", trial_id=trial.id)


def test_a_study_row_cannot_be_stored_with_a_version_out_of_thin_air(store: Store) -> None:
    with store.writing() as writer:
        study: StudyRow = study_of(writer)
        with pytest.raises(RowError, match="CHECK"):
            writer.insert(replace(study, id=writer.identity.new_id(), version=2))
