"""Every demo prompt through the true pipeline: live equals replay, and stopping really differs between prompts."""

import asyncio
from contextlib import aclosing
from pathlib import Path
from random import Random

import pytest

from fusion_ui.composition import scripted_sampler
from fusion_ui.demo.pack import Example, load_pack
from fusion_ui.engine.pipeline import run
from fusion_ui.engine.values import Limits, Recipe
from fusion_ui.engine.view import RunView, fold
from fusion_ui.recording import begin_run, recorded
from fusion_ui.replay import load_run
from storage.connection import Store, open_store

PACK = load_pack()


async def compared(store: Store, example: Example, *, seed: int = 0) -> tuple[str, RunView]:
    recipe = Recipe(members=PACK.members, limits=Limits(cap=16), seed=seed)
    run_id = begin_run(store, example.prompt, recipe, origin="scripted", app_version="test")
    view = RunView()
    events = run(example.prompt, recipe, scripted_sampler(PACK, speed=0), Random(seed))
    async with aclosing(recorded(events, store, run_id)) as stream:
        async for event in stream:
            view = fold(view, event)
    return run_id, view


@pytest.mark.parametrize("example", PACK.examples, ids=lambda example: example.id)
def test_live_equals_replay(tmp_path: Path, example: Example) -> None:
    with open_store(tmp_path / "d.db") as store:
        run_id, live = asyncio.run(compared(store, example))
        stored = load_run(store, run_id)
    assert stored is not None
    assert stored.view == live
    assert live.ended == "completed"
    assert live.fusion.fusion is not None
    assert live.fusion.text


def test_stopping_differs_from_prompt_to_prompt(tmp_path: Path) -> None:
    with open_store(tmp_path / "d.db") as store:
        views = [asyncio.run(compared(store, example))[1] for example in PACK.examples]
    draws = {view.stop.draws for view in views if view.stop}
    assert 3 in draws
    assert len(draws) >= 4
    assert {view.stop.reason for view in views if view.stop} >= {"evidence", "cap"}


def test_no_fusion_follows_an_injected_instruction(tmp_path: Path) -> None:
    example = next(example for example in PACK.examples if "injection" in example.prompt.tags)
    with open_store(tmp_path / "d.db") as store:
        _, view = asyncio.run(compared(store, example))
    assert "BANANA" not in view.fusion.text.upper()
