"""One run as a stream of events: sampling, then picking and fusing side by side.

Work overlaps as far as it can: judging starts on candidates as they finish, the fusor starts the moment sampling
stops. The time of a run is its critical path: the slowest needed candidate, then the longer of judge and fusor.
"""

import asyncio
from collections.abc import AsyncGenerator, Coroutine, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from fusion_ui.engine.answers import Checker
from fusion_ui.engine.chances import dealt
from fusion_ui.engine.drawing import Drawing
from fusion_ui.engine.events import BestSelected, Event, RunFinished, RunStarted, StageFailed
from fusion_ui.engine.fusing import Fusor
from fusion_ui.engine.judging import Judge
from fusion_ui.engine.sampling import Recorded, Sampler
from fusion_ui.engine.selecting import select_by_consensus, select_by_pairs, select_by_scores, select_by_vote
from fusion_ui.engine.spending import Purse
from fusion_ui.engine.values import Candidate, Ended, Failure, Prompt, Recipe, Selection, Stage


@dataclass(frozen=True, slots=True)
class Controls:
    """How a person intervenes: `enough` ends sampling and concludes from what is there; `halt` ends everything."""

    enough: asyncio.Event = field(default_factory=asyncio.Event)
    halt: asyncio.Event = field(default_factory=asyncio.Event)

    def stop(self) -> None:
        """Stop sampling; asked a second time, stop picking and fusing as well."""
        if self.enough.is_set():
            self.halt.set()
        self.enough.set()


async def run(
    prompt: Prompt,
    recipe: Recipe,
    sampler: Sampler,
    rng: Random,
    *,
    recorded: Mapping[int, Recorded] | None = None,
    assigned: Mapping[int, str] | None = None,
    checker: Checker | None = None,
    controls: Controls | None = None,
) -> AsyncGenerator[Event, None]:
    """The events of one run. Closing the generator anywhere leaves no task and no open connection behind.

    `recorded` completions take their positions instead of a draw; `assigned` names the member of a position's draw.
    """
    events: asyncio.Queue[Event | None] = asyncio.Queue()
    work = _Run(
        prompt=prompt,
        recipe=recipe,
        recorded=recorded or {},
        assigned=assigned or {},
        sampler=sampler,
        checker=checker,
        controls=controls or Controls(),
        events=events,
        rng=rng,
    )
    task = asyncio.create_task(work.drive())
    task.add_done_callback(lambda _: events.put_nowait(None))
    try:
        while (event := await events.get()) is not None:
            yield event
        await task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


class _Run:
    def __init__(
        self,
        *,
        prompt: Prompt,
        recipe: Recipe,
        recorded: Mapping[int, Recorded],
        assigned: Mapping[int, str],
        sampler: Sampler,
        checker: Checker | None,
        controls: Controls,
        events: asyncio.Queue[Event | None],
        rng: Random,
    ) -> None:
        self._prompt, self._recipe, self._controls = prompt, recipe, controls
        self._emit = events.put_nowait
        chances = dealt(rng)
        self._ties = chances.ties
        purse = Purse(recipe.limits)
        self._group = asyncio.TaskGroup()
        self._tasks: set[asyncio.Task[None]] = set()
        self._judge = self._judge_of(recipe, sampler=sampler, purse=purse, rng=chances.judges)
        self._drawing = Drawing(
            prompt=prompt,
            recipe=recipe,
            recorded=recorded,
            assigned=assigned,
            sampler=sampler,
            checker=checker,
            emit=self._emit,
            spawn=self._spawn,
            on_candidate=self._judge.consider if self._judge else lambda _candidate: None,
            purse=purse,
            enough=controls.enough,
            rng=chances.draws,
        )
        self._fusor = Fusor(
            prompt=prompt,
            member=recipe.fusor if recipe.fusor_kind == "model" else None,
            sampler=sampler,
            emit=self._emit,
            purse=purse,
            checker=checker,
            rng=chances.fuses,
        )

    def _judge_of(self, recipe: Recipe, *, sampler: Sampler, purse: Purse, rng: Random) -> Judge | None:
        if recipe.judge is None or not recipe.selector.startswith("judge"):
            return None
        return Judge(
            prompt=self._prompt,
            member=recipe.judge,
            selector=recipe.selector,
            sampler=sampler,
            emit=self._emit,
            spawn=self._spawn,
            purse=purse,
            rng=rng,
        )

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = self._group.create_task(work)
        self._tasks.add(task)
        return task

    async def drive(self) -> None:
        """The whole run, as events; whatever ends it, its tasks end with it."""
        async with self._group:
            self._emit(RunStarted(prompt=self._prompt, recipe=self._recipe))
            await self._drawing.sample()
            await self._conclude()
            for task in self._tasks:
                task.cancel()
        self._emit(RunFinished(ended=self._ending()))

    async def _conclude(self) -> None:
        """Pick and fuse at the same time, unless a person ends it."""
        stages: dict[Stage, asyncio.Task[None]] = {"selecting": self._spawn(self._select())}
        if self._recipe.fusor_kind != "none":
            stages["fusing"] = self._spawn(self._fusor.fuse(self._drawing.candidates, self._drawing.tally))
        halt = asyncio.ensure_future(self._controls.halt.wait())
        pending = {*stages.values()}
        try:
            while pending and not halt.done():
                await asyncio.wait({*pending, halt}, return_when=asyncio.FIRST_COMPLETED)
                pending = {task for task in pending if not task.done()}
        finally:
            halt.cancel()
        for task in pending:
            task.cancel()
        await asyncio.gather(*pending, return_exceptions=True)
        unfinished = [stage for stage, task in stages.items() if task in pending]
        for stage in unfinished:
            self._emit(StageFailed(failure=Failure(stage=stage, kind="cancelled", message="Stopped by you.")))

    async def _select(self) -> None:
        candidates = [each for each in self._drawing.candidates if each.completion.text.strip()]
        if not candidates:
            message = "No candidate finished with any text, so there is nothing to pick from."
            self._emit(StageFailed(failure=Failure(stage="selecting", kind="empty", message=message)))
            return
        judged = await self._judged() if self._recipe.selector.startswith("judge") else None
        if judged is None:
            judged = await asyncio.to_thread(self._select_offline, candidates)
        self._emit(BestSelected(selection=judged))

    async def _judged(self) -> Selection | None:
        """The judge's pick; None, with the reason told, where it came to none."""
        if self._judge is None:
            missing = "No judge is configured: name one under [judge]. The vote picks instead."
            self._emit(StageFailed(failure=Failure(stage="judging", kind="request", message=missing)))
            return None
        judgements = await self._judge.finish()
        select = select_by_pairs if self._recipe.selector == "judge-pairs" else select_by_scores
        selection = select(judgements, self._ties)
        if selection is None or self._judge.broken is not None:
            told = self._judge.broken or Failure(
                stage="judging", kind="malformed", message="The judge decided nothing. The vote picks instead."
            )
            self._emit(StageFailed(failure=Failure(stage="judging", kind=told.kind, message=told.message)))
        return selection

    def _select_offline(self, candidates: list[Candidate]) -> Selection:
        because = "The judge came to no pick." if self._recipe.selector.startswith("judge") else ""
        if self._recipe.selector == "consensus":
            return select_by_consensus(candidates, self._ties)
        return select_by_vote(candidates, self._drawing.tally, self._ties, because=because)

    def _ending(self) -> Ended:
        if self._controls.enough.is_set():
            return "stopped"
        return "completed" if self._drawing.candidates else "failed"
