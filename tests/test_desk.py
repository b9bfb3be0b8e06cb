"""Runs wait for their turn: a place while they wait, out of the line when stopped, and no model asked before."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from fusion_ui.desk import Desk, Sight
from fusion_ui.engine.sampling import Request
from fusion_ui.providers.scripted import Script, ScriptedSampler
from fusion_ui.queueing import OverloadError
from fusion_ui.replay import StoredRun, load_run
from fusion_ui.settings import LimitSettings
from storage.askers import RunAskerRow
from storage.connection import Store, open_store
from tests.engine.pools import PROMPT, fixed

pytestmark = pytest.mark.anyio
ONE = LimitSettings(runs_at_once=1, waiting=3)


class Counter(Desk):
    """A desk with a model that says nothing before it is told to, and counts who asked it."""

    def __init__(self, store: Store, limits: LimitSettings, *, cost_usd: float = 0.0) -> None:
        self.asked = 0
        self.store = store
        self.cost_usd = cost_usd
        self.may_speak = asyncio.Event()
        super().__init__(store, ScriptedSampler(self._script), None, limits=limits)

    def _script(self, _request: Request) -> Script:
        self.asked += 1
        return Script(text="Answer: 42", cost_usd=self.cost_usd, stalls=not self.may_speak.is_set())

    async def ask(self, who: str | None) -> str:
        return await self.start(PROMPT, fixed(1), who=who)

    async def sight(self, run_id: str) -> Sight:
        stream = self.watch(run_id)
        sight = await anext(stream)
        await stream.aclose()
        return sight

    async def places(self, *run_ids: str) -> list[int | None]:
        return [(await self.sight(run_id)).place for run_id in run_ids]

    def stored(self, run_id: str) -> StoredRun:
        found = load_run(self.store, run_id)
        assert found is not None
        return found


@pytest.fixture
def store(tmp_path: Path) -> AsyncIterator[Store]:
    with open_store(tmp_path / "desk.db") as store:
        yield store


async def test_a_waiting_run_has_an_address_a_prompt_and_a_place_but_no_clock(store: Store) -> None:
    desk = Counter(store, ONE)
    first, second, third = [await desk.ask(who) for who in "abc"]
    assert await desk.places(first, second, third) == [None, 1, 2]
    sight = await desk.sight(third)
    assert sight.view.prompt == PROMPT == desk.stored(third).prompt
    assert (sight.is_live, sight.elapsed_ms) == (True, None)
    assert desk.asked == 1
    await desk.close()


async def test_somebody_new_comes_before_the_second_of_who_has_one(store: Store) -> None:
    desk = Counter(store, ONE)
    _, again, other = [await desk.ask(who) for who in "aab"]
    assert await desk.places(again, other) == [2, 1]
    await desk.close()


async def test_when_a_run_ends_the_next_one_begins_and_the_rest_move_up(store: Store) -> None:
    desk = Counter(store, ONE)
    first, second, third = [await desk.ask(who) for who in "abc"]
    desk.stop(first)
    await desk.finished(first)
    assert await desk.places(second, third) == [None, 1]
    desk.may_speak.set()
    desk.stop(second)
    for run_id in (second, third):
        await desk.finished(run_id)
    assert desk.stored(third).view.ended == "completed"


async def test_a_watcher_is_told_of_each_place_and_then_of_the_run(store: Store) -> None:
    desk = Counter(store, ONE)
    desk.may_speak.set()
    first, second = await desk.ask("a"), await desk.ask("b")
    seen = [sight async for sight in desk.watch(second)]
    assert seen[0].place in (1, None)
    assert seen[-1].view.ended == "completed"
    assert desk.stored(first).view.ended == "completed"


async def test_stopped_while_it_waits_a_run_is_out_of_the_line_and_asked_nothing(store: Store) -> None:
    desk = Counter(store, ONE)
    first, second, third = [await desk.ask(who) for who in "abc"]
    assert desk.stop(second)
    await desk.finished(second)
    stopped = desk.stored(second).view
    assert (stopped.ended, stopped.slots) == ("stopped", ())
    assert await desk.places(first, third) == [None, 1]
    assert desk.asked == 1
    await desk.close()


async def test_what_waits_when_the_desk_closes_is_interrupted_and_took_no_time(store: Store) -> None:
    desk = Counter(store, ONE)
    waiting = [await desk.ask(who) for who in "abcd"][1:]
    await desk.close()
    runs = [desk.stored(run_id) for run_id in waiting]
    assert {run.view.ended for run in runs} == {"interrupted"}
    assert {run.rows.outcome.duration_ms for run in runs if run.rows.outcome} == {None}
    assert desk.asked == 1


async def test_a_full_line_refuses_and_stores_nothing(store: Store) -> None:
    desk = Counter(store, ONE)
    for who in "abcd":
        await desk.ask(who)
    with pytest.raises(OverloadError, match="So many are waiting already"):
        await desk.ask("e")
    with store.reading() as reader:
        assert reader.execute("SELECT count(*) FROM runs").fetchone() == (4,)
    await desk.close()


async def test_nobody_waits_for_nothing_and_takes_nobodys_place(store: Store) -> None:
    desk = Counter(store, ONE)
    nobodys = [await desk.ask(None) for _ in range(3)]
    first, second = await desk.ask("a"), await desk.ask("b")
    assert await desk.places(*nobodys, first, second) == [None, None, None, None, 1]
    await desk.close()


async def test_a_run_that_could_not_be_stored_gives_its_place_back(store: Store) -> None:
    desk = Counter(store, LimitSettings(runs_at_once=1, waiting=1, runs_per_hour=1))
    first = await desk.ask("a")
    with pytest.raises(OverloadError, match="You began 1 comparison within an hour"):
        await desk.ask("a")
    assert await desk.places(first, await desk.ask("b")) == [None, 1]
    await desk.close()


async def test_who_asks_is_kept_only_where_somebodys_own_limit_is_on(store: Store) -> None:
    for limits, kept in ((ONE, 0), (LimitSettings(runs_per_hour=5), 1)):
        desk = Counter(store, limits)
        await desk.ask("Ann")
        await desk.close()
        with store.reading() as reader:
            rows = reader.rows(RunAskerRow)
        assert len(rows) == kept
        assert "Ann" not in repr(rows)


async def test_a_run_whose_turn_comes_when_the_money_is_gone_fails_in_plain_words(store: Store) -> None:
    desk = Counter(store, LimitSettings(runs_at_once=1, usd_per_day=0.5), cost_usd=0.5)
    desk.may_speak.set()
    first, second = await asyncio.gather(desk.ask("a"), desk.ask("b"))
    for run_id in (first, second):
        await desk.finished(run_id)
    refused = next(run.view for run in map(desk.stored, (first, second)) if run.view.ended != "completed")
    assert (refused.ended, refused.slots) == ("failed", ())
    assert "have cost $0.50" in refused.failures[0].message
    assert desk.asked == 1
