"""Runs under way: each is owned by a background task and stored as it goes; whoever wants to see it only watches.

Leaving the page, reloading it or watching from two tabs changes nothing for the run, nor for its place in the line. Of
runs that wait for their turn, those that a person stops are stored as stopped, and what the server's end finds there as
interrupted.
"""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing, suppress
from functools import partial
from typing import NamedTuple

from fusion_ui import __version__
from fusion_ui.allowances import Allowances
from fusion_ui.engine.answers import Checker
from fusion_ui.engine.chances import chance
from fusion_ui.engine.events import Event, RunFinished, RunStarted, StageFailed
from fusion_ui.engine.pipeline import Controls, run
from fusion_ui.engine.sampling import Recorded, Sampler
from fusion_ui.engine.values import Failure, Prompt, Recipe
from fusion_ui.engine.view import RunView, fold
from fusion_ui.queueing import FairQueue
from fusion_ui.recording import begin_run, recorded
from fusion_ui.replay import Start, load_run
from fusion_ui.settings import LimitSettings
from storage.connection import Store
from storage.runs import Origin

_LOG = logging.getLogger(__name__)
SCRIPTED = "scripted/"
_FEW_SLOTS = 8
_TICK_SECONDS = (0.1, 0.2)  # between two updates of a screen: up to eight candidates, and above
_LINE_SECONDS = 1.0  # between two updates of a place in the line


class Sight(NamedTuple):
    """What a watcher sees of a run at one moment."""

    view: RunView
    elapsed_ms: float | None
    is_live: bool
    place: int | None = None  # in the line, while it waits for its turn


class Desk:
    """Starts, stops and shows runs. Belongs to one event loop."""

    def __init__(
        self, store: Store, sampler: Sampler, checker: Checker | None, *, limits: LimitSettings | None = None
    ) -> None:
        self._store, self._sampler, self._checker = store, sampler, checker
        self._live: dict[str, _LiveRun] = {}
        limits = limits or LimitSettings()
        self._allowances = Allowances(store, limits)
        self._queue = FairQueue(
            at_once=limits.runs_at_once,
            waiting=limits.waiting,
            per_person=limits.runs_per_person,
            waiting_per_person=limits.waiting_per_person,
        )
        self._queued: dict[int, _LiveRun] = {}

    async def start(
        self,
        prompt: Prompt,
        recipe: Recipe,
        *,
        recorded: Mapping[int, Recorded] | None = None,
        who: str | None = None,
    ) -> str:
        """The id of a run of this prompt: see `begin`."""
        return await self.begin(Start(prompt=prompt, recipe=recipe, recorded=recorded or {}), who=who)

    async def begin(self, start: Start, *, who: str | None = None) -> str:
        """The id of a run that goes on whether anybody watches or not; it begins when it is this person's turn.

        Nobody (None) is counted for no limit and begins at once. Raises OverloadError where no more may be asked for.
        """
        prompt, recipe = start.prompt, start.recipe
        live = _LiveRun(RunStarted(prompt=prompt, recipe=recipe), who)
        self._join(live)
        try:
            live.run_id = await asyncio.to_thread(
                begin_run,
                self._store,
                prompt,
                recipe,
                origin=origin_of(recipe),
                app_version=__version__,
                parent_run_id=start.parent_run_id,
                enter=partial(self._allowances.enter, who=who) if who is not None else None,
            )
        except BaseException:
            self._leave(live)
            raise
        self._live[live.run_id] = live
        events = run(
            prompt,
            recipe,
            self._sampler,
            chance(prompt, recipe),
            recorded=start.recorded,
            assigned=start.assigned,
            checker=self._checker,
            controls=live.controls,
        )
        live.task = asyncio.create_task(self._own(live, events))
        return live.run_id

    async def _own(self, live: "_LiveRun", events: AsyncGenerator[Event, None]) -> None:
        try:
            async with aclosing(recorded(self._in_turn(live, events), self._store, live.run_id)) as stream:
                view = RunView()
                async for event in stream:
                    view = fold(view, event)
                    live.show(view)
        except Exception:  # noqa: BLE001 - the outermost border of a run, which is stored as interrupted
            _LOG.exception("Run %s broke", live.run_id)
        finally:
            del self._live[live.run_id]
            self._leave(live)
            live.end()

    async def _in_turn(self, live: "_LiveRun", events: AsyncGenerator[Event, None]) -> AsyncGenerator[Event, None]:
        """The events, from the moment on at which it is the run's turn: until then no model is asked."""
        async with aclosing(events):
            if not live.turn.is_set():
                await live.turn.wait()
                refusal = None if live.is_stopped else await asyncio.to_thread(self._allowances.refusal, live.who or "")
                if refusal is not None:
                    yield live.started
                    yield StageFailed(failure=Failure(stage="sampling", kind="budget", message=str(refusal)))
                    yield RunFinished(ended="failed")
                    return
            async for event in events:
                yield event

    def _join(self, live: "_LiveRun") -> None:
        if live.who is None:
            live.begin()
            return
        live.ticket = self._queue.join(live.who)
        self._queued[live.ticket] = live
        self._advance()

    def _leave(self, live: "_LiveRun") -> None:
        if self._queued.pop(live.ticket, None) is not None:
            self._queue.leave(live.ticket)
            self._advance()

    def _advance(self) -> None:
        for ticket in self._queue.admit():
            self._queued[ticket].begin()
        for place, ticket in enumerate(self._queue.line(), start=1):
            self._queued[ticket].move(place)

    def stop(self, run_id: str) -> bool:
        """Stop a run's sampling, or the rest of it the second time; False if it is not under way here.

        One that waits for its turn leaves the line, and asks for nothing.
        """
        live = self._live.get(run_id)
        if live is None:
            return False
        live.controls.stop()
        if not live.turn.is_set():
            live.controls.stop()
            self._leave(live)
            live.begin()
        return True

    async def watch(self, run_id: str) -> AsyncGenerator[Sight, None]:
        """The run as it stands, then every change of it, a few times a second; nothing if there is no such run."""
        live = self._live.get(run_id)
        seen: _Shown | None = None
        while live is not None and not live.is_over:
            if live.shown is seen:  # tested against what was sent: the run moves on while this generator is suspended
                await live.change()
                continue
            seen = live.shown
            yield live.sight()
            await live.rest()
        stored = await asyncio.to_thread(load_run, self._store, run_id)
        if stored is not None:
            outcome = stored.rows.outcome
            yield Sight(stored.view, outcome.duration_ms if outcome else None, False)

    def is_under_way(self, run_id: str) -> bool:
        """Whether the run waits or goes on here."""
        return run_id in self._live

    async def finished(self, run_id: str) -> None:
        """Wait until a run is over."""
        live = self._live.get(run_id)
        if live is not None and live.task is not None:
            await asyncio.wait([live.task])

    async def close(self) -> None:
        """End every run under way; each is stored as interrupted with all that had finished."""
        tasks = [live.task for live in self._live.values() if live.task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class _Shown(NamedTuple):
    view: RunView
    place: int | None


class _LiveRun:
    def __init__(self, started: RunStarted, who: str | None) -> None:
        self.started, self.who = started, who
        self.run_id = ""
        self.ticket = 0  # nobody's
        self.shown = _Shown(fold(RunView(), started), None)
        self.controls = Controls()
        self.turn = asyncio.Event()
        self.task: asyncio.Task[None] | None = None
        self.is_over = False
        self._began: float | None = None
        self._changed = asyncio.Event()

    @property
    def is_stopped(self) -> bool:
        return self.controls.enough.is_set()

    def begin(self) -> None:
        self._began = time.monotonic()
        self.turn.set()
        self._ring(_Shown(self.shown.view, None))

    def move(self, place: int) -> None:
        if place != self.shown.place:
            self._ring(_Shown(self.shown.view, place))

    def show(self, view: RunView) -> None:
        self._ring(_Shown(view, None))

    def end(self) -> None:
        self.is_over = True
        self._ring(self.shown)

    def _ring(self, shown: _Shown) -> None:
        self.shown = shown
        # Every waiter holds the event it began to wait for, so none can miss a change by being slow.
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    async def change(self) -> None:
        await self._changed.wait()

    async def rest(self) -> None:
        """What passes between two updates of a screen; the turn of whoever waits for it is told at once."""
        if self.turn.is_set():
            await asyncio.sleep(_TICK_SECONDS[len(self.shown.view.slots) > _FEW_SLOTS])
            return
        with suppress(TimeoutError):
            await asyncio.wait_for(self.turn.wait(), _LINE_SECONDS)

    def sight(self) -> Sight:
        elapsed_ms = (time.monotonic() - self._began) * 1000 if self._began is not None else None
        return Sight(self.shown.view, elapsed_ms, True, self.shown.place)


def origin_of(recipe: Recipe) -> Origin:
    """Where the candidates of this recipe come from."""
    if not recipe.members:
        return "recorded"
    return "scripted" if all(member.model.startswith(SCRIPTED) for member in recipe.members) else "sampled"
