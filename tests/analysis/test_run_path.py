"""A stored run's vote told again: in the order of asking it stops where the run did; shuffles keep the draws."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.analysis.run_path import run_path
from fusion_ui.engine.events import CandidateStarted, RunFinished, RunStarted
from fusion_ui.engine.evidence import posterior_of
from fusion_ui.engine.stopping import is_settled
from fusion_ui.engine.values import Failure, Prompt, StopRule
from fusion_ui.engine.view import RunView
from fusion_ui.engine.voting import leader, tally_of
from tests.ui.boards import RECIPE, candidate, drawn, lost, view_of

FAILURE = Failure(stage="sampling", kind="timeout", message="Too slow.")
RULES = [
    StopRule(),
    StopRule(name="bayes", threshold=2.0, minimum=1),
    StopRule(name="asc", threshold=0.95),
    StopRule(name="certificate", threshold=0.05),
    StopRule(name="fixed", threshold=3.0),
]
outcomes = st.lists(st.sampled_from(["40", "45", "50", None, "failed"]), max_size=12)


def ran(answers: list[str | None], rule: StopRule = RULES[0]) -> RunView:
    """A run in which each draw had this answer, none, or failed."""
    events: list[object] = [RunStarted(prompt=Prompt(text="?"), recipe=replace(RECIPE, stop=rule))]
    for at, answer in enumerate(answers, start=1):
        events += lost(at, FAILURE) if answer == "failed" else drawn(candidate(at, f"text {at}", answer))
    return view_of([*events, RunFinished(ended="completed")])  # type: ignore[list-item]


def engine_stop(view: RunView, rule: StopRule) -> int | None:
    """The number of draws after which the engine's own rule is content."""
    for counted in range(1, len(view.candidates) + 1):
        if is_settled(tally_of(view.candidates[:counted]), rule):
            return counted
    return None


@given(outcomes, st.sampled_from(RULES))
def test_as_asked_it_stops_where_the_engine_does(answers: list[str | None], rule: StopRule) -> None:
    view = ran(answers, rule)
    assert run_path(view).stopped_at == engine_stop(view, rule)


@given(outcomes)
def test_every_step_knows_what_the_engine_knew(answers: list[str | None]) -> None:
    view = ran(answers)
    for step in run_path(view).steps:
        tally = tally_of(view.candidates[: step.position])
        assert step.leader == leader(tally)
        assert step.bayes_factor == posterior_of([count.count for count in tally.counts]).bayes_factor


@given(outcomes, st.integers(1, 1000))
def test_a_shuffle_keeps_the_draws_and_what_they_come_to(answers: list[str | None], order: int) -> None:
    view = ran(answers)
    asked, shuffled = run_path(view), run_path(view, order=order)
    assert Counter(slot.position for slot in shuffled.draws) == Counter(slot.position for slot in asked.draws)
    assert len(shuffled.steps) == len(view.candidates)
    if asked.steps:
        assert shuffled.steps[-1].bayes_factor == asked.steps[-1].bayes_factor


@given(outcomes, st.integers(1, 1000))
def test_what_settled_the_vote_settles_it_in_every_order(answers: list[str | None], order: int) -> None:
    view = ran(answers)
    if run_path(view).stopped_at == len(view.candidates) > 0:
        assert run_path(view, order=order).stopped_at is not None


def test_the_same_shuffle_is_the_same_each_time() -> None:
    view = ran(["40", "45", "40", None, "failed", "50"])
    assert run_path(view, order=7) == run_path(view, order=7)
    orders = {tuple(slot.position for slot in run_path(view, order=order).draws) for order in range(1, 20)}
    assert len(orders) > 10


def test_a_failed_draw_is_shown_and_does_not_count() -> None:
    path = run_path(ran(["40", "failed", "40", "40"]))
    assert [slot.position for slot in path.draws] == [1, 2, 3, 4]
    assert [step.position for step in path.steps] == [1, 2, 3]
    assert path.stopped_at == 3


def test_a_draw_that_never_ended_is_no_part_of_it() -> None:
    asked = CandidateStarted(position=1, member="quick", model="m", seed=1)
    view = view_of([RunStarted(prompt=Prompt(text="?"), recipe=RECIPE), asked, RunFinished(ended="interrupted")])
    assert (run_path(view).draws, run_path(view).steps, run_path(view).stopped_at) == ((), (), None)


def test_a_run_of_which_nothing_is_stored_has_no_steps() -> None:
    assert run_path(RunView()).steps == ()


@pytest.mark.parametrize("answers", [["40"] * 100, [None] * 100, ["40", "45"] * 50])
def test_a_hundred_draws_have_a_hundred_steps(answers: list[str | None]) -> None:
    assert len(run_path(ran(answers), order=3).steps) == 100
