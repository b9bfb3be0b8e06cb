"""Events to rows and back: live equals replay, and what is left of a run that was cut short."""

import asyncio
from collections.abc import Iterator
from contextlib import aclosing, contextmanager
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fusion_ui.engine.events import CandidateFinished, Event
from fusion_ui.engine.pipeline import run
from fusion_ui.engine.sampling import Request
from fusion_ui.engine.values import Failure, Limits, Prompt, Recipe, StopRule
from fusion_ui.engine.view import RunView
from fusion_ui.providers.scripted import Script, ScriptedSampler
from fusion_ui.recording import begin_run, recorded
from fusion_ui.replay import load_run
from storage.connection import Store, open_store
from storage.rows import Writer
from tests.engine.pools import ANNA, BERT, PROMPT, fixed, playing, view_of

pytestmark = pytest.mark.anyio
JUDGED = fixed(4, selector="judge-pairs", judge=BERT, fusor_kind="model", fusor=BERT)


def begun(store: Store, recipe: Recipe, prompt: Prompt = PROMPT) -> str:
    return begin_run(store, prompt, recipe, origin="scripted", app_version="test")


async def recorded_view(store: Store, recipe: Recipe, sampler: ScriptedSampler, run_id: str) -> RunView:
    events: list[Event] = []
    async with aclosing(recorded(run(PROMPT, recipe, sampler, Random(1)), store, run_id)) as stream:
        async for event in stream:
            events.append(event)
    return view_of(events)


def everything(request: Request) -> Script:
    """A run in which a bit of everything happens: thoughts, a failure, judgements, a fusion that must be asked for."""
    if request.purpose == "judge":
        return Script(text='{"reason": "shorter", "winner": "A"}' if request.seed % 3 else "I cannot say.")
    if request.purpose == "fusor":
        return Script(text="It is 42.\n\nAnswer: 42", thought="hm", cost_usd=0.01)
    lost = Failure(stage="sampling", kind="rate", message="Slow down.", text="It is", is_retryable=True)
    return Script(
        text=f"It is 4{request.position}, I think.\n\nAnswer: 4{request.position % 2}",
        thought="6 x 7",
        failure=lost if request.position == 3 else None,
        finish_reason="length" if request.position == 4 else "stop",
    )


async def test_live_equals_replay_when_everything_happens(tmp_path: Path) -> None:
    with open_store(tmp_path / "runs.db") as store:
        run_id = begun(store, JUDGED)
        live = await recorded_view(store, JUDGED, playing(everything), run_id)
        stored = load_run(store, run_id)
    assert stored is not None
    assert stored.view == live
    assert live.judgements
    assert live.failures or live.fusion.fusion


@given(
    texts=st.lists(
        st.sampled_from(["Answer: 1", "Answer: 2", "", "So be it.", "\u202eAnswer: 3\u0301 😀"]), min_size=1
    ),
    breaks=st.sets(st.integers(1, 6)),
    rule=st.sampled_from([StopRule(), StopRule(name="fixed", threshold=4), StopRule(name="asc", threshold=0.95)]),
)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_live_equals_replay_for_any_run(tmp_path: Path, texts: list[str], breaks: set[int], rule: StopRule) -> None:
    def play(request: Request) -> Script:
        broken = Failure(stage="sampling", kind="server", message="It broke.")
        failure = broken if request.position in breaks else None
        return Script(text=texts[request.position % len(texts)], failure=failure)

    recipe = Recipe(members=(ANNA, BERT), stop=rule, limits=Limits(cap=6, parallelism=3), selector="consensus")
    with open_store(tmp_path / "runs.db") as store:
        run_id = begun(store, recipe)
        live = asyncio.run(recorded_view(store, recipe, playing(play), run_id))
        stored = load_run(store, run_id)
    assert stored is not None
    assert stored.view == live


@pytest.mark.parametrize("after", range(1, 30, 4))
async def test_a_run_closed_anywhere_keeps_what_had_finished(tmp_path: Path, after: int) -> None:
    with open_store(tmp_path / "runs.db") as store:
        run_id = begun(store, JUDGED)
        seen: list[Event] = []
        stream = recorded(run(PROMPT, JUDGED, playing(everything), Random(1)), store, run_id)
        async with aclosing(stream):
            async for event in stream:
                seen.append(event)
                if len(seen) == after:
                    break
        stored = load_run(store, run_id)
    assert stored is not None
    finished = {event.candidate for event in seen if isinstance(event, CandidateFinished)}
    assert finished <= set(stored.view.candidates)
    assert stored.rows.outcome is not None
    is_whole = stored.view.selection is not None and stored.view.fusion.state not in ("waiting", "writing")
    assert stored.view.ended == "interrupted" or (stored.view.ended == "completed" and is_whole)


async def test_a_cancelled_run_is_stored_as_interrupted(tmp_path: Path) -> None:
    stalled = playing(lambda request: Script(text="Answer: 42", stalls=request.position == 2))
    has_finished = asyncio.Event()

    async def watch(store: Store, run_id: str) -> None:
        async with aclosing(recorded(run(PROMPT, fixed(2), stalled, Random(1)), store, run_id)) as stream:
            async for event in stream:
                if isinstance(event, CandidateFinished):
                    has_finished.set()

    with open_store(tmp_path / "runs.db") as store:
        run_id = begun(store, fixed(2))
        task = asyncio.create_task(watch(store, run_id))
        await has_finished.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        stored = load_run(store, run_id)
    assert stored is not None
    assert stored.rows.outcome is not None
    assert stored.view.ended == "interrupted"
    assert [slot.state for slot in stored.view.slots] == ["finished", "cancelled"]


def test_an_address_without_a_run_is_none(tmp_path: Path) -> None:
    with open_store(tmp_path / "runs.db") as store:
        assert load_run(store, "01ARZ3NDEKTSV4RRFFQ69G5FAV") is None
        assert load_run(store, "' OR 1=1 --") is None


async def test_spending_counts_judge_and_fusor_but_not_what_was_recorded(tmp_path: Path) -> None:
    with open_store(tmp_path / "runs.db") as store:
        recipe = fixed(2, fusor_kind="model", fusor=BERT)
        run_id = begun(store, recipe)
        await recorded_view(store, recipe, playing(lambda _: Script(text="Answer: 42", cost_usd=0.25)), run_id)
        stored = load_run(store, run_id)
    assert stored is not None
    assert stored.rows.outcome is not None
    assert stored.rows.outcome.cost_usd == 4 * 0.25  # two candidates, and an unmarked fusion is asked for twice


async def test_what_comes_together_is_stored_in_one_write(tmp_path: Path) -> None:
    """Eight draws that are asked for at once are one turn to write, not eight."""
    with open_store(tmp_path / "runs.db") as store:
        writes = _Counted(store)
        run_id = begun(store, fixed(8))
        await recorded_view(writes, fixed(8), playing(lambda _: Script(text="Answer: 42")), run_id)
        stored = load_run(store, run_id)
    assert stored is not None
    assert len(stored.view.candidates) == 8
    assert writes.number <= 12  # of 8 draws and candidates, a stop, a pick, a fusion begun and ended, and an outcome


class _Counted(Store):
    """The store, with its writes counted."""

    def __init__(self, store: Store) -> None:
        super().__init__(store.path, identity=store.identity, busy_s=1.0)
        self.number = 0

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        self.number += 1
        with super().writing() as writer:
            yield writer
