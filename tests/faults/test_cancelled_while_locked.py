"""A run that is ended while another program holds the lock: its outcome waits, and the loop that serves all goes on."""

import asyncio
from contextlib import aclosing
from multiprocessing.context import ForkServerContext
from pathlib import Path
from random import Random

import pytest

from fusion_ui.engine.events import CandidateFinished
from fusion_ui.engine.pipeline import run
from fusion_ui.engine.values import Prompt
from fusion_ui.providers.scripted import ScriptedSampler
from fusion_ui.recording import begin_run, recorded
from fusion_ui.replay import stored_run
from storage.connection import Store, open_store
from tests.faults.children import hold_lock
from tests.faults.soundness import assert_sound
from tests.faults.work import WORKED, recipe, script

pytestmark = pytest.mark.anyio
PROMPT = Prompt(text="What is 6 x 7?")


async def watch(store: Store, run_id: str, halfway: asyncio.Event) -> None:
    events = run(PROMPT, recipe(1), ScriptedSampler(script), Random(1))
    async with aclosing(recorded(events, store, run_id)) as stream:
        async for event in stream:
            if isinstance(event, CandidateFinished):
                halfway.set()
                await asyncio.Event().wait()


async def test_an_outcome_that_waits_for_the_lock_holds_up_nobody(tmp_path: Path, processes: ForkServerContext) -> None:
    with open_store(tmp_path / "c.db", busy_s=3.0) as store:
        run_id = begin_run(store, PROMPT, recipe(1), origin="scripted", app_version=WORKED)
        halfway = asyncio.Event()
        watching = asyncio.create_task(watch(store, run_id, halfway))
        await halfway.wait()
        ours, theirs = processes.Pipe()
        processes.Process(target=hold_lock, args=(store.path, None, theirs)).start()
        ours.recv()
        watching.cancel()
        for _ in range(20):
            await asyncio.sleep(0)
        ours.send("let go")  # from this loop: were it held up, the lock would outlast the patience of the write
        with pytest.raises(asyncio.CancelledError):
            await watching
        assert stored_run(store, run_id).rows.outcome is not None
    assert_sound(store.path)
