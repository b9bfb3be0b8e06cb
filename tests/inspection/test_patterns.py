"""Patterns over many runs: who is counted where, which cases stand behind a number, and that sources stay apart."""

import pytest

from fusion_ui.analysis.flaw_rates import FlawRates
from fusion_ui.inspection.patterns import Found, PatternError, Patterns
from storage.connection import Store
from storage.corrections import RegroupingRow
from storage.flaws import Suggested, insert_asking
from storage.ratings import rater_named
from storage.rows import Writer
from storage.runs import OutputRow
from storage.studies import NewContender, exclude
from tests.inspection.flawwork import TAXONOMY, Desk, Written, write_run
from tests.storage.inspection_samples import asking
from tests.storage.study_samples import flaw, opened, saved, study_of, unit


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store)


def written(store: Store, **given: object) -> Written:
    """Three candidates of two members: 12, 11, 11; the third is picked."""
    wanted = {"answers": ("12", "11", "11"), "members": ("a", "b", "b"), "best": 2, **given}
    with store.writing() as writer:
        return write_run(writer, "So 12.", "So 11.", "Also 11.", **wanted)  # type: ignore[arg-type]


def found(store: Store, *runs: Written, **given: object) -> Found:
    wanted = {"losses": {}, "known": 0, **given}
    return Patterns(store, taxonomy=TAXONOMY).found([run.run_id for run in runs], **wanted)  # type: ignore[arg-type]


def counts(rates: tuple[tuple[str, FlawRates], ...]) -> dict[str, tuple[int, int]]:
    """How many of how many outputs have a flaw, by name."""
    return {name: (each.any.flawed, each.any.outputs) for name, each in rates}


def suggests(writer: Writer, run: Written, output_id: str, *flaws: Suggested, key: str, member: str = "m") -> None:
    output = OutputRow(
        id=output_id,
        run_id=run.run_id,
        role="candidate",
        member="m",
        model="m",
        text="",
        finish_reason="",
        created_at="",
    )
    insert_asking(writer, asking(writer, output, key=key, member=member), flaws)


def test_an_output_counts_under_every_strategy_that_gave_it(store: Store, desk: Desk) -> None:
    run = written(store)
    for output_id in (*run.candidates, run.fusion):
        desk.marks(run, output_id=output_id, category="correct")
    desk.marks(run, "Bo", output_id=run.candidates[1])
    rates = found(store, run).rates
    assert counts(rates["strategy"]) == {"single": (0, 1), "best": (0, 1), "vote": (1, 1), "fusion": (0, 1)}
    assert counts(rates["member"]) == {"a": (0, 1), "b": (1, 2)}
    assert counts(rates["fusor"]) == {"fusor-1": (0, 1)}


def test_one_output_may_be_single_best_and_vote_at_once(store: Store, desk: Desk) -> None:
    run = written(store, answers=("11", "11", "12"), best=0)
    desk.marks(run)
    assert counts(found(store, run).rates["strategy"]) == {"single": (1, 1), "best": (1, 1), "vote": (1, 1)}


def test_a_tie_has_no_vote(store: Store, desk: Desk) -> None:
    run = written(store, answers=("11", "12", None))
    desk.marks(run)
    assert "vote" not in counts(found(store, run).rates["strategy"])


def test_corrected_answers_decide_who_the_vote_is(store: Store, desk: Desk) -> None:
    run = written(store, answers=("12", "twelve", "11"))
    desk.marks(run)
    assert "vote" not in counts(found(store, run).rates["strategy"])
    with store.writing() as writer:
        body = {"aliases": {"twelve": "12"}, "answers": {}}
        ada, now = rater_named(writer, "Ada").id, writer.identity.now()
        writer.insert(
            RegroupingRow(run_id=run.run_id, seq=1, rater_id=ada, body=body, request_key="g-1", created_at=now)
        )
    assert counts(found(store, run).rates["strategy"])["vote"] == (1, 1)


def test_only_outputs_that_somebody_looked_at_are_counted(store: Store, desk: Desk) -> None:
    runs = [written(store) for _ in range(3)]
    desk.marks(runs[0])
    seen = found(store, *runs)
    assert (seen.cases, seen.seen_cases, seen.seen_outputs, seen.raters, seen.marks) == (3, 1, 1, 1, 1)


def test_only_the_chosen_runs_are_counted(store: Store, desk: Desk) -> None:
    chosen, other = written(store), written(store)
    for run in (chosen, other):
        desk.marks(run)
    assert found(store, chosen).marks == 1


def test_what_people_say_of_one_output_makes_one_view_of_it(store: Store, desk: Desk) -> None:
    run = written(store)
    for start in (0, 3):
        desk.marks(run, start=start, end=start + 2, severity="major")
    desk.marks(run, "Bo", category="correct")
    ((_, rates),) = (each for each in found(store, run).rates["strategy"] if each[0] == "single")
    assert (rates.any.flawed, rates.any.outputs, rates.weight_mean) == (1, 1, 5.0)


def test_classes_are_counted_with_their_subtypes_and_severities(store: Store, desk: Desk) -> None:
    run = written(store)
    desk.marks(run, category="reasoning/arithmetic", severity="minor")
    desk.marks(run, category="reasoning", output_id=run.fusion)
    desk.marks(run, "Bo", category="correct", output_id=run.candidates[1])
    told = {each.category: (each.marks, each.outputs, each.runs) for each in found(store, run).classes}
    assert told == {"reasoning": (2, 2, 1), "reasoning/arithmetic": (1, 1, 1)}
    assert found(store, run).classes[0].severities == {"minor": 1, "major": 1}


def test_notes_of_flaws_are_grouped(store: Store, desk: Desk) -> None:
    runs = [written(store) for _ in range(3)]
    for run, note in zip(runs, ("the carry is forgotten", "carry forgotten", "wrong unit"), strict=True):
        desk.marks(run, note=note)
    told = found(store, *runs)
    (cluster,) = told.clusters.clusters
    assert [told.notes[place].run_id for place in cluster.places] == [runs[0].run_id, runs[1].run_id]


def test_the_funnel_says_how_many_of_the_known_cases_went_which_way(store: Store) -> None:
    told = found(store, losses={"broken": 2, "kept": 8}, known=10)
    assert (told.funnel["broken"].hits, told.funnel["nobody"].hits) == (2, 0)
    assert told.funnel["kept"][2:] == pytest.approx((0.8, 0.4902, 0.9433), abs=5e-5)
    assert found(store).funnel["kept"] == (0, 0, None, None, None)


def test_models_and_people_are_never_in_one_number(store: Store, desk: Desk) -> None:
    run = written(store)
    desk.marks(run, category="answer")
    with store.writing() as writer:
        suggests(writer, run, run.candidates[0], Suggested("reasoning", "minor", 0, 2), key="ask-1")
        suggests(writer, run, run.candidates[1], key="ask-2")
    people, models = found(store, run), found(store, run, source="model")
    assert [each.category for each in people.classes] == ["answer"]
    assert [each.category for each in models.classes] == ["reasoning"]
    assert (models.seen_outputs, models.marks) == (2, 1)
    assert counts(models.rates["strategy"])["vote"] == (0, 1)


def test_of_a_model_the_latest_answer_counts(store: Store) -> None:
    run = written(store)
    with store.writing() as writer:
        suggests(writer, run, run.candidates[0], Suggested("reasoning", "minor"), key="ask-1")
        suggests(writer, run, run.candidates[0], key="ask-2")
        suggests(writer, run, run.candidates[0], Suggested("answer", "minor"), key="ask-3", member="other")
    assert [each.category for each in found(store, run, source="model").classes] == ["answer"]


def test_flaws_of_studies_count_unless_they_are_left_out(store: Store) -> None:
    run = written(store)
    shown = NewContender(role="candidate", output_id=run.candidates[0], text="So 12.")
    with store.writing() as writer:
        study = study_of(writer, units=0, more=[unit(0, run_id=run.run_id, contenders=(shown,))])
        trial = opened(writer, study, shown_order=[0])
        marked = flaw(trial, output_id=run.candidates[0], role="candidate", category="answer")
        saved(writer, trial, verdict="tie", flaws=[marked])
    assert found(store, run).marks == 1
    with store.writing() as writer:
        exclude(writer, study.id, reason="asleep", trial_id=trial.id)
    assert found(store, run).marks == 0


def test_a_class_of_another_taxonomy_is_a_flaw_of_unknown_weight(store: Store) -> None:
    run = written(store)
    with store.writing() as writer:
        suggests(writer, run, run.candidates[0], Suggested("style/odd", "dreadful"), key="ask-1")
    (_, rates), *_ = found(store, run, source="model").rates["strategy"]
    assert (rates.any.flawed, rates.weight_mean) == (1, None)


def test_every_pattern_opens_the_cases_it_counts(store: Store, desk: Desk) -> None:
    first, second, third = (written(store) for _ in range(3))
    desk.marks(first, output_id=first.fusion, category="answer/wrong", severity="major")
    desk.marks(first, output_id=first.fusion, category="reasoning")
    desk.marks(second, output_id=second.fusion, category="correct")
    desk.marks(third, category="answer")
    patterns = Patterns(store, taxonomy=TAXONOMY)
    expected = {
        "strategy/fusion": {first}, "seen/strategy/fusion": {first, second}, "class/answer": {first, third},
        "class/answer/wrong": {first}, "together/answer+reasoning": {first}, "strategy/single/class/answer": {third},
        "member/a": {third}, "fusor/fusor-1": {first}, "strategy/fusion/class/omission": set(),
        "model/class/answer": set(),
    }  # fmt: skip
    for pattern, runs in expected.items():
        assert patterns.cases_of(pattern) == {run.run_id for run in runs}, pattern


@pytest.mark.parametrize(
    "pattern", ["", "nonsense", "strategy", "strategy/", "class/", "together/a", "seen/class/a", "model/"]
)
def test_what_is_no_pattern_is_refused(store: Store, pattern: str) -> None:
    with pytest.raises(PatternError, match="There is no pattern"):
        Patterns(store, taxonomy=TAXONOMY).cases_of(pattern)


def test_nothing_at_all_gives_no_numbers(store: Store) -> None:
    told = found(store)
    assert (told.cases, told.marks, told.classes, told.together, told.agreement.outputs) == (0, 0, (), (), 0)
    assert all(rates == () for rates in told.rates.values())


def test_what_is_said_later_is_seen_by_the_same_patterns(store: Store, desk: Desk) -> None:
    run = written(store)
    patterns = Patterns(store, taxonomy=TAXONOMY)
    assert patterns.cases_of("class/reasoning") == frozenset()
    first = desk.marks(run)
    assert patterns.cases_of("class/reasoning") == {run.run_id}
    desk.changes(run, first.id, category="answer")
    assert patterns.cases_of("class/reasoning") == frozenset()
    assert patterns.cases_of("class/answer") == {run.run_id}
