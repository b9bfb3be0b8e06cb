"""The laws of the event stream, on the true pipeline with scripted members."""

import asyncio
from contextlib import aclosing
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fusion_ui.engine.events import (
    BestSelected,
    CandidateDelta,
    CandidateFailed,
    CandidateFinished,
    CandidateStarted,
    FusionStarted,
    RunFinished,
    RunStarted,
    SamplingStopped,
    TallyChanged,
)
from fusion_ui.engine.pipeline import Controls, run
from fusion_ui.engine.sampling import Recorded, Request
from fusion_ui.engine.stopping import is_settled
from fusion_ui.engine.values import Completion, Failure, Limits, Prompt, Recipe, StopRule
from fusion_ui.engine.voting import tally_of
from fusion_ui.providers.scripted import Script
from tests.engine.pools import (
    ANNA,
    BERT,
    PROMPT,
    events_of,
    fixed,
    playing,
    saying,
    tasks_now,
    view_after,
    view_of,
)

pytestmark = pytest.mark.anyio
SAMPLING = (CandidateStarted, CandidateDelta, CandidateFinished, CandidateFailed, TallyChanged)
BALANCED = Recipe(members=(ANNA, BERT), stop=StopRule(), limits=Limits(cap=12, parallelism=4))

replies = st.lists(
    st.builds(
        Script,
        text=st.sampled_from(
            ["Answer: 42", "Answer: 41", "I would rather not say.", "So it is 6 * 7.\n\nAnswer: 42", ""]
        ),
        failure=st.none() | st.just(Failure(stage="sampling", kind="server", message="The provider broke.")),
        first_token_ms=st.sampled_from([0.0, 1.0, 3.0]),
    ),
    min_size=1,
    max_size=12,
)
recipes = st.sampled_from([BALANCED, fixed(5), fixed(1), Recipe(members=(BERT,), selector="consensus")])


def scripted(texts: list[Script]) -> object:
    return playing(lambda request: texts[(request.position - 1) % len(texts)])


@given(replies, recipes, st.integers(0, 5))
@settings(max_examples=60)
def test_the_laws_of_the_stream_hold(texts: list[Script], recipe: Recipe, seed: int) -> None:
    events = asyncio.run(events_of(recipe, scripted(texts), seed=seed))  # type: ignore[arg-type]
    assert isinstance(events[0], RunStarted)
    assert [type(event) for event in events].count(RunFinished) == 1
    assert isinstance(events[-1], RunFinished)
    stop = next(index for index, event in enumerate(events) if isinstance(event, SamplingStopped))
    assert not any(isinstance(event, SAMPLING) for event in events[stop:])
    starts = [event.position for event in events if isinstance(event, CandidateStarted)]
    ends = [event.candidate.position for event in events if isinstance(event, CandidateFinished)]
    ends += [event.position for event in events if isinstance(event, CandidateFailed)]
    assert starts == list(range(1, len(starts) + 1))
    assert len(set(ends)) == len(ends)
    assert set(ends) <= set(starts)


@given(replies, recipes)
@settings(max_examples=60)
def test_the_tally_is_recomputable_and_nothing_is_drawn_in_vain(texts: list[Script], recipe: Recipe) -> None:
    view = view_of(asyncio.run(events_of(recipe, scripted(texts))))  # type: ignore[arg-type]
    assert view.tally == tally_of(view.candidates)
    assert view.stop is not None
    assert view.stop.draws == view.tally.draws == len(view.path)
    assert view.stop.cancelled == ()
    if view.stop.reason == "evidence":
        assert is_settled(view.tally, recipe.stop)
        assert not is_settled(tally_of(view.candidates[:-1]), recipe.stop)


@given(st.permutations([0.0, 2.0, 4.0, 6.0, 8.0, 10.0]))
@settings(max_examples=12)
def test_the_order_of_arrival_never_changes_what_is_counted(delays: list[float]) -> None:
    texts = ["Answer: 42", "Answer: 41", "Answer: 42", "Answer: 42", "Answer: 41", "Answer: 42"]

    def play(request: Request) -> Script:
        at = (request.position - 1) % 6
        return Script(text=texts[at], first_token_ms=delays[at])

    recipe = Recipe(members=(ANNA,), stop=StopRule(threshold=20), limits=Limits(cap=6, parallelism=4))
    view = asyncio.run(view_after(recipe, playing(play)))
    at_once = asyncio.run(view_after(recipe, saying(*texts)))
    assert (view.tally, view.path, view.stop) == (at_once.tally, at_once.path, at_once.stop)


async def test_three_equal_answers_settle_a_balanced_vote() -> None:
    view = await view_after(BALANCED, saying("Six times seven is 42.\n\nAnswer: 42"))
    assert view.stop == SamplingStopped(reason="evidence", draws=3)
    assert view.ended == "completed"
    assert view.selection is not None
    assert view.selection.selector == "vote"
    assert view.fusion.fusion is not None
    assert not view.fusion.fusion.contradicts_vote


async def test_a_tie_runs_to_the_cap() -> None:
    view = await view_after(BALANCED, playing(lambda request: Script(text=f"Answer: {40 + request.position % 2}")))
    assert view.stop == SamplingStopped(reason="cap", draws=12)


async def test_an_open_question_stops_after_five_draws_without_an_answer() -> None:
    view = await view_after(BALANCED, saying("Trees calm people, and shade cools streets in summer."))
    assert view.stop == SamplingStopped(reason="cap", draws=5)
    assert view.selection is not None
    assert view.selection.selector == "consensus"


async def test_one_failed_draw_sinks_nothing() -> None:
    broken = Failure(stage="sampling", kind="rate", message="Slow down.")
    view = await view_after(
        fixed(4), playing(lambda request: Script(text="Answer: 42", failure=broken if request.position == 2 else None))
    )
    assert [slot.state for slot in view.slots] == ["finished", "failed", "finished", "finished"]
    assert view.ended == "completed"
    assert view.fusion.state == "finished"


async def test_a_run_in_which_everything_fails_says_so() -> None:
    broken = Failure(stage="sampling", kind="key", message="No key.")
    view = await view_after(fixed(3), playing(lambda _: Script(failure=broken)))
    assert view.ended == "failed"
    assert {failure.stage for failure in view.failures} == {"selecting", "fusing"}


async def test_a_sampler_that_breaks_its_promise_is_a_failure_of_its_draw() -> None:
    def play(request: Request) -> Script:
        if request.position == 1:
            raise ZeroDivisionError
        return Script(text="Answer: 42")

    view = await view_after(fixed(2), playing(play))
    assert view.slots[0].failure is not None
    assert "ZeroDivisionError" in view.slots[0].failure.message
    assert view.slots[1].state == "finished"


async def test_stop_ends_sampling_and_concludes_from_what_is_there() -> None:
    controls = Controls()
    sampler = playing(lambda request: Script(text="Answer: 42", stalls=request.position > 2))
    stream = run(PROMPT, fixed(6), sampler, Random(1), controls=controls)
    events = []
    async with aclosing(stream):
        async for event in stream:
            events.append(event)
            if isinstance(event, TallyChanged) and event.tally.draws == 2:
                controls.stop()
    view = view_of(events)
    assert view.stop == SamplingStopped(reason="user", draws=2, cancelled=(3, 4, 5, 6))
    assert view.selection is not None
    assert view.ended == "stopped"


async def test_stop_counts_what_had_finished_behind_a_slow_draw() -> None:
    controls = Controls()
    sampler = playing(lambda request: Script(text="Answer: 42", stalls=request.position == 1))
    stream = run(PROMPT, fixed(4), sampler, Random(1), controls=controls)
    events, finished = [], 0
    async with aclosing(stream):
        async for event in stream:
            events.append(event)
            finished += isinstance(event, CandidateFinished)
            if finished == 3:
                controls.enough.set()
    assert view_of(events).tally.counts[0].positions == (2, 3, 4)


async def test_a_second_stop_ends_judge_and_fusor_too() -> None:
    controls, before = Controls(), tasks_now()
    sampler = playing(lambda request: Script(text="Answer: 42", stalls=request.purpose != "candidate"))
    recipe = fixed(2, selector="judge-pairs", judge=BERT, fusor_kind="model", fusor=BERT)
    stream = run(PROMPT, recipe, sampler, Random(1), controls=controls)
    events = []
    async with aclosing(stream):
        async for event in stream:
            events.append(event)
            if isinstance(event, FusionStarted):
                controls.stop()
                controls.stop()
    view = view_of(events)
    assert {failure.kind for failure in view.failures} == {"cancelled"}
    assert view.ended == "stopped"
    assert tasks_now() == before


@pytest.mark.parametrize("after", range(0, 40, 3))
async def test_closing_the_stream_anywhere_leaves_no_task(after: int) -> None:
    before = tasks_now()
    sampler = playing(lambda request: Script(text="Answer: 42\n" * 9, first_token_ms=float(request.position)))
    stream = run(PROMPT, fixed(6, selector="judge-pairs", judge=BERT), sampler, Random(1))
    for _ in range(after):
        if await anext(stream, None) is None:
            break
    await stream.aclose()
    assert tasks_now() == before


async def test_a_deadline_stops_the_sampling() -> None:
    recipe = fixed(3, limits=Limits(cap=3, seconds=0.05))
    view = await view_after(recipe, playing(lambda request: Script(text="Answer: 42", stalls=request.position == 3)))
    assert view.stop == SamplingStopped(reason="budget", draws=2, cancelled=(3,))


async def test_a_money_limit_is_never_overdrawn_by_more_than_the_first_round() -> None:
    recipe = fixed(20, limits=Limits(cap=20, parallelism=2, cost_usd=0.055), fusor_kind="model", fusor=BERT)
    view = await view_after(recipe, playing(lambda _: Script(text="Answer: 42", cost_usd=0.01)))
    assert view.stop is not None
    assert (view.stop.reason, view.stop.draws) == ("budget", 5)
    assert [failure.kind for failure in view.failures] == ["budget"]


async def test_recorded_candidates_take_the_same_way_without_a_sampler() -> None:
    texts = ["Answer: 42", "Answer: 42", "Answer: 7"]
    recorded = {
        position: Recorded(member="gold", model="recorded", completion=Completion(text=text))
        for position, text in enumerate(texts, start=1)
    }
    view = await view_after(fixed(4, members=()), playing(lambda _: Script(failure=None)), recorded=recorded)
    assert view.stop == SamplingStopped(reason="exhausted", draws=3)
    assert view.tally.counts[0].positions == (1, 2)
    assert all(slot.is_recorded for slot in view.slots)


async def test_a_retry_keeps_what_is_recorded_and_draws_the_rest() -> None:
    kept = Recorded(member="anna", model="scripted/anna", completion=Completion(text="Answer: 41"))
    view = await view_after(fixed(3), saying("Answer: 42"), recorded={1: kept, 3: kept})
    assert [slot.is_recorded for slot in view.slots] == [True, False, True]
    assert view.tally.counts[0].positions == (1, 3)


async def test_an_assigned_draw_goes_to_its_member() -> None:
    for name in ("anna", "bert"):
        stream = run(PROMPT, fixed(1, members=(ANNA, BERT)), saying("Answer: 42"), Random(1), assigned={1: name})
        async with aclosing(stream):
            view = view_of([event async for event in stream])
        assert view.slots[0].member == name


async def test_the_same_seed_gives_the_same_run() -> None:
    first, second, other = [
        await events_of(BALANCED, playing(lambda request: Script(text=f"Answer: {request.seed % 3}")), seed=seed)
        for seed in (3, 3, 4)
    ]
    facts = [[event for event in events if isinstance(event, CandidateStarted)] for events in (first, second, other)]
    assert facts[0] == facts[1] != facts[2]


async def test_the_run_takes_its_critical_path() -> None:
    def play(request: Request) -> Script:
        slow = {"candidate": 60.0 + 20.0 * request.position, "judge": 150.0, "fusor": 300.0}
        text = '{"reason": "-", "winner": "tie"}' if request.purpose == "judge" else "Answer: 42"
        return Script(text=text, first_token_ms=slow[request.purpose])

    recipe = fixed(8, selector="judge-pairs", judge=BERT, fusor_kind="model", fusor=BERT)
    loop = asyncio.get_running_loop()
    began = loop.time()
    await events_of(recipe, playing(play), prompt=Prompt(text="6 x 7?"))
    # Unmarked fusions are asked for twice: 60 + 8 * 20 ms for the slowest candidate, then 2 * 300 ms for the fusor.
    assert loop.time() - began >= 0.82


def test_no_event_is_selected_before_sampling_stops() -> None:
    events = asyncio.run(events_of(fixed(3), saying("Answer: 42")))
    kinds = [type(event) for event in events]
    assert kinds.index(SamplingStopped) < kinds.index(BestSelected)


class SlowChecker:
    """Says after a while that any two answers are the same."""

    async def equivalent(self, first: str, second: str) -> bool | None:
        await asyncio.sleep(0.01)
        return first != second


async def test_equivalent_answers_that_arrive_together_share_a_key() -> None:
    texts = ["Answer: \\sin^2(x)+y_1", "Answer: \\oint y_2 dz", "Answer: \\oint y_3 dz"]
    sampler = saying(*texts)
    async with aclosing(run(PROMPT, fixed(3), sampler, Random(1), checker=SlowChecker())) as stream:
        view = view_of([event async for event in stream])
    assert len({candidate.answer for candidate in view.candidates}) == 1
