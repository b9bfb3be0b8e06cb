"""Many prompts through one recipe: each is paid for once, however often the batch is cut short and begun again."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from fusion_ui.batch import Batch, BatchError, Ended
from fusion_ui.desk import Desk
from fusion_ui.engine.sampling import Request
from fusion_ui.engine.values import Failure, Limits, Member, Prompt, Recipe, StopRule
from fusion_ui.providers.scripted import Script, ScriptedSampler
from storage.connection import Store, open_store

pytestmark = pytest.mark.anyio

PROMPTS = tuple(Prompt(text=f"What is {n} + 1?") for n in range(5))
RECIPE = Recipe(
    members=(Member(name="one", model="scripted/one"),),
    stop=StopRule(name="fixed", threshold=3.0),
    limits=Limits(cap=3, parallelism=2),
)


class Asked:
    """Who was asked what; `breaks` are the requests, by number, that fail, `stalls` those that never end."""

    def __init__(self, *, breaks: int = 0, stalls_from: int | None = None) -> None:
        self.prompts: Counter[str] = Counter()
        self._breaks, self._stalls_from = breaks, stalls_from

    def __call__(self, request: Request) -> Script:
        text = request.messages[-1].content
        self.prompts[text] += 1
        number = self.prompts.total()
        if number <= self._breaks:
            return Script(failure=Failure(stage="sampling", kind="server", message="It broke."))
        stalls = self._stalls_from is not None and number >= self._stalls_from
        return Script(text=f"{text} Answer: {len(text)}", stalls=stalls, cost_usd=0.01)


@asynccontextmanager
async def desk_of(store: Store, asked: Asked) -> AsyncGenerator[Desk, None]:
    desk = Desk(store, ScriptedSampler(asked, speed=0), None)
    try:
        yield desk
    finally:
        await desk.close()


async def ended(store: Store, asked: Asked, *, budget_usd: float | None = None, seed: int = 0) -> list[Ended]:
    async with desk_of(store, asked) as desk:
        work = Batch(store, desk, prompts=PROMPTS, recipe=replace(RECIPE, seed=seed), budget_usd=budget_usd)
        async with aclosing(work.run(parallel=2)) as over:
            return [each async for each in over]


async def test_every_prompt_has_its_run(tmp_path: Path) -> None:
    with open_store(tmp_path / "b.db") as store:
        over = await ended(store, asked := Asked())
    assert sorted(each.place for each in over) == [0, 1, 2, 3, 4]
    assert {(each.how, each.ended) for each in over} == {("begun", "completed")}
    assert asked.prompts == dict.fromkeys((prompt.text for prompt in PROMPTS), 3)


async def test_a_second_batch_asks_for_nothing_that_is_there(tmp_path: Path) -> None:
    with open_store(tmp_path / "b.db") as store:
        first = await ended(store, Asked())
        again = await ended(store, asked := Asked())
        other = await ended(store, fresh := Asked(), seed=1)
    assert not asked.prompts
    assert {each.run_id for each in again} == {each.run_id for each in first}
    assert {each.how for each in again} == {"kept"}
    assert {each.how for each in other} == {"begun"}
    assert fresh.prompts.total() == 15


def paid(store: Store) -> int:
    """How many candidates were sampled and stored, and not taken over from an earlier run."""
    sql = "SELECT count(*) FROM outputs JOIN draws USING (run_id, position) WHERE NOT is_recorded"
    with store.reading() as reader:
        return int(reader.execute(sql).fetchone()[0])


async def test_a_batch_that_is_cut_short_keeps_what_had_finished(tmp_path: Path) -> None:
    with open_store(tmp_path / "b.db") as store:
        async with desk_of(store, Asked(stalls_from=6)) as desk:
            work = Batch(store, desk, prompts=PROMPTS, recipe=RECIPE)
            async with aclosing(work.run(parallel=1)) as over:
                await anext(over)
                following = asyncio.create_task(anext(over))
                while paid(store) < 5:  # noqa: ASYNC110 - the store rings no bell
                    await asyncio.sleep(0.01)
                following.cancel()
                await asyncio.gather(following, return_exceptions=True)
        over_again = await ended(store, after := Asked())
        assert paid(store) == 15
    assert after.prompts == {prompt.text: asks for prompt, asks in zip(PROMPTS[1:], (1, 3, 3, 3), strict=True)}
    assert {each.ended for each in over_again} == {"completed"}


async def test_what_failed_is_asked_for_again_and_nothing_else(tmp_path: Path) -> None:
    with open_store(tmp_path / "b.db") as store:
        first = await ended(store, Asked(breaks=6))
        failed = [each for each in first if each.ended == "failed"]
        again = await ended(store, asked := Asked())
    assert failed
    assert asked.prompts.total() == 3 * len(failed)
    assert {each.place for each in again if each.how == "resumed"} == {each.place for each in failed}


async def test_a_spent_budget_ends_the_batch_and_a_larger_one_takes_it_up(tmp_path: Path) -> None:
    with open_store(tmp_path / "b.db") as store:
        first = await ended(store, before := Asked(), budget_usd=0.05)
        again = await ended(store, after := Asked(), budget_usd=1.0)
    assert len(first) < len(PROMPTS)
    assert before.prompts.total() <= 5 + 2 * RECIPE.limits.parallelism  # what was under way when it was spent
    assert {each.ended for each in again} == {"completed"}
    assert before.prompts.total() + after.prompts.total() <= 15 + 2 * RECIPE.limits.parallelism


async def test_a_prompt_that_stands_twice_is_asked_twice(tmp_path: Path) -> None:
    asked = Asked()
    with open_store(tmp_path / "b.db") as store:
        async with desk_of(store, asked) as desk:
            work = Batch(store, desk, prompts=PROMPTS[:1] * 2, recipe=RECIPE)
            async with aclosing(work.run(parallel=4)) as over:
                run_ids = {each.run_id async for each in over}
    assert len(run_ids) == 2
    assert asked.prompts.total() == 6


async def test_two_batches_of_the_same_do_not_pay_beside_each_other(tmp_path: Path) -> None:
    with open_store(tmp_path / "b.db") as store:
        async with desk_of(store, Asked(stalls_from=4)) as desk:
            first, second = (Batch(store, desk, prompts=PROMPTS, recipe=RECIPE) for _ in range(2))
            async with aclosing(first.run(parallel=1)) as over:
                await anext(over)
                with pytest.raises(BatchError, match="under way in another process"):
                    await anext(second.run(parallel=1))
