"""Judgements as columns: all of them, in pieces of any size, and what runs took."""

from pathlib import Path

import pytest

import storage.preferences as preferences
from storage.connection import Store
from storage.preferences import (
    KINDS,
    ROLES,
    VERDICTS,
    SaidColumns,
    contender_cells,
    doubled_texts,
    excluded_raters,
    excluded_trials,
    said_bodies,
    said_columns,
    study_choices,
    study_marks,
    unit_cells,
    unit_prompts,
)
from storage.ratings import rater_named
from storage.rows import Writer
from storage.run_costs import judged_pairs, output_costs, run_costs
from storage.studies import StudyRow, exclude
from tests.storage.samples import sample_store, whole_run
from tests.storage.study_samples import opened, saved, study_of, unit


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return sample_store(tmp_path)


def judged(writer: Writer, study: StudyRow) -> None:
    """Ada prefers the fusion of unit 0, then calls it a tie; skips 1; Bob ranks 0."""
    ada, bob = opened(writer, study, 0), opened(writer, study, 0, rater="Bob")
    first = saved(writer, ada, key="1", active_seconds=4.5, is_too_fast=True)
    saved(writer, bob, key="2", verdict="ranking", body={"ranking": []}, is_after_reveal=True)
    saved(writer, ada, key="3", verdict="tie", supersedes=first.row.id)
    saved(writer, opened(writer, study, 1), key="4", verdict="skip")


def read(store: Store, study: StudyRow, *, after: int = 0) -> SaidColumns:
    """All columns as one."""
    with store.reading() as reader:
        upto = study_marks(reader)[study.id].judged
        chunks = list(said_columns(reader, study.id, after=after, upto=upto))
    return SaidColumns(*([cell for chunk in chunks for cell in chunk[at]] for at in range(len(SaidColumns._fields))))


@pytest.mark.parametrize("rows_at_once", [1, 2, 100])
def test_columns_are_the_judgements_as_they_came(
    store: Store, rows_at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preferences, "_ROWS_AT_ONCE", rows_at_once)
    with store.writing() as writer:
        study = study_of(writer, overlap=2)
        judged(writer, study)
    said = read(store, study)
    assert [VERDICTS[code] for code in said.verdict] == ["output", "ranking", "tie", "skip"]
    assert [KINDS[code] for code in said.kind] == ["main"] * 4
    assert said.unit_place == [0, 0, 0, 1]
    assert said.output_id == ["0 fused", None, None, None]
    assert [code if code < 0 else ROLES[code] for code in said.role] == ["fusion", -1, -1, -1]
    assert (said.flags, said.seconds) == ([2, 1, 0, 0], [4.5, None, None, None])
    assert said.trial[0] == said.trial[2] != said.trial[1]
    assert said.shown_order == ["[1,0]"] * 4


def test_what_is_new_is_what_is_above(store: Store) -> None:
    with store.writing() as writer:
        study, other = study_of(writer, overlap=2), study_of(writer)
        judged(writer, study)
        saved(writer, opened(writer, other), key="other")
        mark = study_marks(writer)[study.id]
        saved(writer, opened(writer, study, 1, rater="Bob"), key="5")
    assert len(read(store, study).row) == 5
    assert read(store, study, after=mark.judged).unit_place == [1]


def test_bodies_are_those_of_rankings_and_scores(store: Store) -> None:
    with store.writing() as writer:
        study = study_of(writer, overlap=2)
        judged(writer, study)
        assert [body for _, body in said_bodies(writer, study.id, 0, 99)] == [{"ranking": []}]


def test_the_last_decision_on_who_is_left_out_holds(store: Store) -> None:
    with store.writing() as writer:
        study = study_of(writer, overlap=2)
        judged(writer, study)
        ada, trial = rater_named(writer, "Ada").id, opened(writer, study, 2)
        for is_excluded in (True, False, True):
            exclude(writer, study.id, rater_id=ada, reason="r", is_excluded=is_excluded)
            exclude(writer, study.id, trial_id=trial.id, reason="r", is_excluded=not is_excluded)
        assert excluded_raters(writer, study.id) == {ada}
        assert excluded_trials(writer, study.id) == frozenset()
        assert study_marks(writer)[study.id].excluded == 6


def test_units_and_contenders_come_without_their_texts(store: Store) -> None:
    with store.writing() as writer:
        study = study_of(writer, units=1, more=[unit(1, same_as=0, body={"language": "de", "tags": ["a"], "gold": 1})])
        plain, rich = unit_cells(writer, study.id)
        fused, best, *_ = contender_cells(writer, study.id)
        assert (plain.language, plain.tags, plain.gold) == (None, None, None)
        assert (rich.language, rich.tags, rich.gold, rich.same_as) == ("de", '["a"]', 1, 0)
        assert (fused.role, fused.length, fused.is_named) == ("fusion", len("The fusion of 0."), 0)
        assert (best.role, best.is_named) == ("best", 1)
        assert {(place, at) for place, at, _ in doubled_texts(writer, study.id)} == {(0, 0), (0, 1), (1, 0), (1, 1)}
        assert unit_prompts(writer, study.id, [1], most=4) == {1: "Ques"}


def test_a_study_as_a_choice_counts_trials_that_were_judged(store: Store) -> None:
    with store.writing() as writer:
        study = study_of(writer, overlap=2)
        judged(writer, study)
        (head,) = study_choices(writer)
        assert (head.id, head.units, head.judgements, head.raters) == (study.id, 3, 3, 2)


def test_costs_of_a_run_are_told_by_part(store: Store) -> None:
    with store.writing() as writer:
        run, outputs = whole_run(writer)
        (cost,) = run_costs(writer, [run.id])
        prices = output_costs(writer, [output.id for output in outputs if output.role == "candidate"])
        assert cost.candidates == 2
        assert cost.cost_usd == pytest.approx(sum(price or 0.0 for price, _ in prices.values()))
        assert run_costs(writer, []) == judged_pairs(writer, []) == ()
