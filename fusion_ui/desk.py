"""Runs under way: each is owned by a background task and stored as it goes; whoever wants to see it only watches.

Leaving the page, reloading it or watching from two tabs changes nothing for the run.
"""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import NamedTuple

from fusion_ui import __version__
from fusion_ui.engine.answers import Checker
from fusion_ui.engine.chances import chance
from fusion_ui.engine.pipeline import Controls, run
from fusion_ui.engine.sampling import Recorded, Sampler
from fusion_ui.engine.values import Prompt, Recipe
from fusion_ui.engine.view import RunView, fold
from fusion_ui.recording import begin_run, recorded
from fusion_ui.replay import load_run
from storage.connection import Store
from storage.runs import Origin

_LOG = logging.getLogger(__name__)
SCRIPTED = "scripted/"
_FEW_SLOTS = 8
_TICK_SECONDS = (0.1, 0.2)  # between two updates of a screen: up to eight candidates, and above


class Sight(NamedTuple):
    """What a watcher sees of a run at one moment."""

    view: RunView
    elapsed_ms: float | None
    is_live: bool


class Desk:
    """Starts, stops and shows runs. Belongs to one event loop."""

    def __init__(self, store: Store, sampler: Sampler, checker: Checker | None) -> None:
        self._store, self._sampler, self._checker = store, sampler, checker
        self._live: dict[str, _LiveRun] = {}

    async def start(
        self,
        prompt: Prompt,
        recipe: Recipe,
        *,
        recorded: Mapping[int, Recorded] | None = None,
        assigned: Mapping[int, str] | None = None,
        parent_run_id: str | None = None,
    ) -> str:
        """The id of a run that has begun; it goes on whether anybody watches or not."""
        run_id = await asyncio.to_thread(
            begin_run,
            self._store,
            prompt,
            recipe,
            origin=origin_of(recipe),
            app_version=__version__,
            parent_run_id=parent_run_id,
        )
        live = _LiveRun(run_id)
        self._live[run_id] = live
        events = run(
            prompt,
            recipe,
            self._sampler,
            chance(prompt, recipe),
            recorded=recorded,
            assigned=assigned,
            checker=self._checker,
            controls=live.controls,
        )
        live.task = asyncio.create_task(self._own(live, events))
        return run_id

    async def _own(self, live: "_LiveRun", events: AsyncGenerator[object, None]) -> None:
        try:
            async with aclosing(recorded(events, self._store, live.run_id)) as stream:  # type: ignore[arg-type]
                async for event in stream:
                    live.show(fold(live.view, event))
        except Exception:  # noqa: BLE001 - the outermost border of a run, which is stored as interrupted
            _LOG.exception("Run %s broke", live.run_id)
        finally:
            del self._live[live.run_id]
            live.end()

    def stop(self, run_id: str) -> bool:
        """Stop a run's sampling, or the rest of it the second time; False if it is not under way here."""
        live = self._live.get(run_id)
        if live is not None:
            live.controls.stop()
        return live is not None

    async def watch(self, run_id: str) -> AsyncGenerator[Sight, None]:
        """The run as it stands, then every change of it, a few times a second; nothing if there is no such run."""
        live = self._live.get(run_id)
        seen: RunView | None = None
        while live is not None and not live.is_over:
            if live.view is seen:  # tested against what was sent: the run moves on while this generator is suspended
                await live.change()
                continue
            seen = live.view
            yield live.sight()
            await asyncio.sleep(_TICK_SECONDS[len(seen.slots) > _FEW_SLOTS])
        stored = await asyncio.to_thread(load_run, self._store, run_id)
        if stored is not None:
            outcome = stored.rows.outcome
            yield Sight(stored.view, outcome.duration_ms if outcome else None, False)

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


class _LiveRun:
    def __init__(self, run_id: str) -> None:
        self.run_id = run_id
        self.view = RunView()
        self.controls = Controls()
        self.task: asyncio.Task[None] | None = None
        self.is_over = False
        self._began = time.monotonic()
        self._changed = asyncio.Event()

    def show(self, view: RunView) -> None:
        self.view = view
        self._ring()

    def end(self) -> None:
        self.is_over = True
        self._ring()

    def _ring(self) -> None:
        # Every waiter holds the event it began to wait for, so none can miss a change by being slow.
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    async def change(self) -> None:
        await self._changed.wait()

    def sight(self) -> Sight:
        return Sight(self.view, (time.monotonic() - self._began) * 1000, True)


def origin_of(recipe: Recipe) -> Origin:
    """Where the candidates of this recipe come from."""
    if not recipe.members:
        return "recorded"
    return "scripted" if all(member.model.startswith(SCRIPTED) for member in recipe.members) else "sampled"
