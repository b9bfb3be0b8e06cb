"""What stands on an output, and which runs have a fused answer: what training data is made of."""

import pytest

from storage.connection import Store
from storage.provenance import fused_runs, known_flaws, marked_on
from storage.rows import Writer
from storage.studies import NewContender, StudyRow, exclude
from tests.storage.inspection_samples import run_flaw
from tests.storage.samples import candidate, draw, start_run, whole_run
from tests.storage.study_samples import flaw, opened, saved, study_of, unit


def marked(writer: Writer, study: StudyRow, place: int, *, rater: str = "Ada", severity: str = "major") -> None:
    trial = opened(writer, study, place, rater=rater)
    saved(writer, trial, key=f"{rater} on {place}", flaws=[flaw(trial, severity=severity)])


def test_an_imported_output_has_the_marks_of_its_own_unit(store: Store) -> None:
    """Its id may stand in another study, or at another place, for another text."""
    with store.writing() as writer:
        study, other = study_of(writer, overlap=2), study_of(writer)
        marked(writer, study, 0)
        marked(writer, study, 0, rater="Bo", severity="minor")
        marked(writer, study, 1, severity="critical")
    with store.reading() as reader:
        found = [marked_on(reader, "0 fused", study_id=study.id, unit_place=place) for place in (0, 1)]
        assert [sorted(marks) for marks in found] == [[("C", "major"), ("C", "minor")], []]
        assert marked_on(reader, "0 fused", study_id=other.id, unit_place=0) == []
        assert marked_on(reader, "0 fused") == []


def test_an_output_of_a_run_has_every_mark_wherever_it_was_made(store: Store) -> None:
    with store.writing() as writer:
        _, outputs = whole_run(writer)
        writer.insert(run_flaw(writer, outputs[0], severity="minor"))
    with store.reading() as reader:
        assert marked_on(reader, outputs[0].id) == [("reasoning", "minor")]
        assert marked_on(reader, outputs[1].id) == []


@pytest.mark.parametrize("how", ["said anew", "withdrawn", "left out", "its rater left out"])
def test_a_mark_that_no_longer_counts_is_none(store: Store, how: str) -> None:
    with store.writing() as writer:
        study = study_of(writer)
        trial = opened(writer, study)
        first = saved(writer, trial, flaws=[flaw(trial)]).row
        match how:
            case "said anew":
                saved(writer, trial, key="2", supersedes=first.id)
            case "withdrawn":
                saved(writer, trial, key="2", supersedes=first.id, verdict="withdrawn")
            case "left out":
                exclude(writer, study.id, reason="asleep", trial_id=trial.id)
            case _:
                exclude(writer, study.id, reason="asleep", rater_id=trial.rater_id)
    with store.reading() as reader:
        assert marked_on(reader, "0 fused", study_id=study.id, unit_place=0) == []


def test_runs_with_a_fused_answer_are_told_apart_in_the_order_in_which_they_were_stored(store: Store) -> None:
    with store.writing() as writer:
        first, _ = whole_run(writer)
        bare = start_run(writer)
        for row in (draw(bare, 1), candidate(writer, bare, position=1)):
            writer.insert(row)
        second, _ = whole_run(writer)
    with store.reading() as reader:
        assert fused_runs(reader, [second.id, bare.id, first.id]) == (first.id, second.id)
        assert fused_runs(reader, [second.id]) == (second.id,)


def test_a_flaw_stands_while_its_judgement_does(store: Store) -> None:
    with store.writing() as writer:
        study = study_of(writer, units=4)
        trials, first = [], []
        for place in range(4):  # one after the other: nobody has two open
            trials.append(opened(writer, study, place))
            first.append(saved(writer, trials[-1], key=f"{place}", flaws=[flaw(trials[-1])]).row)
        saved(writer, trials[1], key="anew", supersedes=first[1].id)
        saved(writer, trials[2], key="undo", supersedes=first[2].id, verdict="withdrawn")
        exclude(writer, study.id, reason="asleep", trial_id=trials[3].id)
    with store.reading() as reader:
        found = [
            (each.unit_place, each.is_standing, each.is_excluded)
            for each in known_flaws(reader, study_ids=[study.id], run_ids=[])
        ]
    assert found == [(0, True, False), (1, False, False), (2, False, False), (3, True, True)]


def test_a_flaw_is_told_once_where_both_answers_have_one_role(store: Store) -> None:
    with store.writing() as writer:
        pair = [NewContender(role="candidate", output_id=name, text=f"{name} says so.") for name in ("one", "other")]
        study = study_of(writer, units=0, more=[unit(0, contenders=pair)])
        trial = opened(writer, study)
        saved(writer, trial, verdict="tie", flaws=[flaw(trial, output_id="other", role="candidate")])
    with store.reading() as reader:
        found = list(known_flaws(reader, study_ids=[study.id], run_ids=[]))
    assert [(each.output_id, each.text) for each in found] == [("other", "other says so.")]
