"""What a run took: unknown is never zero, what was paid elsewhere is not paid here, and savings are estimates."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from fusion_ui.engine.events import CandidateFinished, CandidateStarted, RunStarted, SamplingStopped
from fusion_ui.engine.values import Candidate, Completion, Judgement, Limits, Prompt, Recipe, StopReason, StopRule
from fusion_ui.engine.view import RunView
from fusion_ui.inspection.costs import Cost, cost_of, costs_of
from tests.inspection.casework import recipe
from tests.ui.boards import view_of

BAYES = recipe(stop=StopRule(), limits=Limits(cap=10))


def call(cost_usd: float | None = 0.5, tokens: int | None = 7) -> Completion:
    return Completion(text="x", input_tokens=tokens, output_tokens=tokens, cost_usd=cost_usd, duration_ms=20.0)


def ran(
    calls: Sequence[Completion], *, made: Recipe = BAYES, reason: StopReason = "evidence", recorded: Sequence[int] = ()
) -> RunView:
    events: list[object] = [RunStarted(prompt=Prompt(text="?"), recipe=made)]
    for at, each in enumerate(calls, start=1):
        events.append(CandidateStarted(position=at, member="a", model="m", seed=1, is_recorded=at in recorded))
        events.append(CandidateFinished(candidate=Candidate(position=at, member="a", completion=each)))
    return view_of([*events, SamplingStopped(reason=reason, draws=len(calls))])  # type: ignore[list-item]


def test_calls_are_summed_as_far_as_they_tell() -> None:
    assert cost_of([call(), call(None), call(0.25, None)]) == Cost(3, 14, 14, 0.75, 60.0, 1)
    assert cost_of([call(None, None)]) == Cost(1, None, None, None, 20.0, 1)
    assert cost_of([call(0.0)]).cost_usd == 0.0


def test_a_recorded_draw_was_paid_elsewhere() -> None:
    costs = costs_of(ran([call(), call()], recorded=[1]))
    assert [each.cost.cost_usd if each.cost else None for each in costs.slots] == [None, 0.5]
    assert costs.total.cost_usd == 0.5


def test_draws_not_taken_are_saved_at_the_mean_price() -> None:
    saved = costs_of(ran([call(0.25), call(0.75), call(None)])).saved
    assert saved is not None
    assert (saved.draws, saved.mean_cost_usd, saved.cost_usd) == (7, 0.5, 3.5)


def test_without_a_price_the_draws_are_saved_and_the_money_is_unknown() -> None:
    saved = costs_of(ran([call(None)])).saved
    assert saved is not None
    assert (saved.draws, saved.cost_usd) == (9, None)


@pytest.mark.parametrize("reason", ["exhausted", "budget"])
def test_running_out_saves_nothing(reason: StopReason) -> None:
    assert costs_of(ran([call()], reason=reason)).saved is None


def test_a_run_that_took_all_it_might_saved_nothing() -> None:
    assert costs_of(ran([call()] * 4, made=recipe(4), reason="cap")).saved is None
    fixed = recipe(3, limits=Limits(cap=10))
    assert costs_of(ran([call()] * 3, made=fixed, reason="cap")).saved is None


def test_judge_and_fusor_are_told_apart_only_where_models_were_asked() -> None:
    view = ran([call()])
    judged = replace(view, judgements=(Judgement(shown=(1,), completion=call()), Judgement(shown=(1,))))
    costs = costs_of(judged)
    assert costs.judge == cost_of([call()])
    assert costs.fusor is None
    assert costs_of(view).judge is None


def test_a_run_of_which_nothing_is_known_took_nothing_known() -> None:
    costs = costs_of(RunView())
    assert (costs.slots, costs.judge, costs.fusor, costs.saved, costs.total.cost_usd) == ((), None, None, None, None)
