"""Many prompts through one recipe: what is done stays done, what was cut short is taken up where it was left.

A prompt's run is known by prompt, recipe and seed. A second batch with the same three asks for nothing that is there:
finished candidates of a run that was killed, stopped or failed are kept, and only the rest is asked for.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing, contextmanager
from dataclasses import asdict, dataclass, replace
from fcntl import LOCK_EX, LOCK_NB, flock
from hashlib import sha256
from pathlib import Path
from tempfile import gettempdir
from typing import Literal, NamedTuple

from fusion_ui.desk import Desk
from fusion_ui.engine.values import FusionError, Prompt, Recipe
from fusion_ui.engine.view import spending_of
from fusion_ui.inspection.reruns import retry_of
from fusion_ui.recording import RECIPE
from fusion_ui.replay import stored_run
from storage.attempts import Attempt, attempts
from storage.catalogue import prompt_key, recipe_key
from storage.connection import Store

MOST_ATTEMPTS = 50
_SEEDS_APART = 1_000  # of prompts that stand in a file several times: more than a prompt has attempts
How = Literal["kept", "begun", "resumed"]


class BatchError(FusionError):
    """A batch that cannot go on; the message says what to do."""


class Ended(NamedTuple):
    """A prompt of the batch that is over: its place, its run, and whether that was there already.

    `ended` is that of the run; `cost_usd` is what this batch paid for it now.
    """

    place: int
    run_id: str
    how: How
    ended: str | None
    cost_usd: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    place: int
    prompt: Prompt
    recipe: Recipe
    tries: tuple[Attempt, ...]

    @property
    def finished(self) -> Attempt | None:
        return next((each for each in self.tries if each.ended == "completed"), None)


class Batch:
    """A batch over these prompts; `spent_usd` counts what all of its attempts have cost, earlier ones included."""

    def __init__(
        self, store: Store, desk: Desk, *, prompts: Sequence[Prompt], recipe: Recipe, budget_usd: float | None = None
    ) -> None:
        self._store, self._desk = store, desk
        self._budget_usd = budget_usd
        self._live: dict[str, float] = {}
        self._tasks = self._read(prompts, recipe)
        self._paid_usd = sum(each.cost_usd for task in self._tasks for each in task.tries)
        self._name = sha256(repr((str(store.path), RECIPE.dump_json(recipe))).encode()).hexdigest()[:16]

    def __len__(self) -> int:
        return len(self._tasks)

    @property
    def done(self) -> int:
        """How many prompts were finished by an earlier batch."""
        return sum(task.finished is not None for task in self._tasks)

    @property
    def spent_usd(self) -> float:
        """What was paid so far, by runs under way too."""
        return self._paid_usd + sum(self._live.values())

    @property
    def is_over_budget(self) -> bool:
        """Whether nothing more may begin."""
        return self._budget_usd is not None and self.spent_usd >= self._budget_usd

    async def run(self, *, parallel: int) -> AsyncGenerator[Ended, None]:
        """Every prompt as it ends, those that are done already first; `parallel` of them are under way at a time.

        Over the budget nothing more begins, and runs under way conclude from what they have.
        """
        with _alone(self._name):
            for task in self._tasks:
                if task.finished:
                    yield Ended(task.place, task.finished.run_id, "kept", "completed", 0.0)
            waiting = iter([task for task in self._tasks if not task.finished])
            async with aclosing(self._run(waiting, parallel=parallel)) as ended:
                async for each in ended:
                    yield each

    async def _run(self, waiting: Iterator[_Task], *, parallel: int) -> AsyncGenerator[Ended, None]:
        under_way: set[asyncio.Task[Ended]] = set()
        try:
            while True:
                while len(under_way) < parallel and not self.is_over_budget and (task := next(waiting, None)):
                    under_way.add(asyncio.create_task(self._one(task)))
                if not under_way:
                    return
                over, under_way = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
                for each in over:
                    yield each.result()
        finally:
            for each in under_way:
                each.cancel()

    async def _one(self, task: _Task) -> Ended:
        how, run_id = await self._begun(task)
        self._live[run_id] = 0.0
        ended: str | None = None
        async with aclosing(self._desk.watch(run_id)) as sights:
            async for sight in sights:
                self._live[run_id] = spending_of(sight.view).cost_usd or 0.0
                ended = sight.view.ended
                if sight.is_live and self.is_over_budget:
                    self._desk.stop(run_id)
        cost_usd = self._live.pop(run_id)
        self._paid_usd += cost_usd
        return Ended(task.place, run_id, how, ended, cost_usd)

    async def _begun(self, task: _Task) -> tuple[How, str]:
        if not task.tries:
            return "begun", await self._desk.start(task.prompt, task.recipe)
        if len(task.tries) >= MOST_ATTEMPTS:
            raise BatchError(
                f"Prompt {task.place + 1} was tried {len(task.tries)} times and never ended: see its run "
                f"{task.tries[-1].run_id} in Inspect, or take another seed."
            )
        old = await asyncio.to_thread(stored_run, self._store, task.tries[-1].run_id)
        return "resumed", await self._desk.begin(retry_of(old))

    def _read(self, prompts: Sequence[Prompt], recipe: Recipe) -> tuple[_Task, ...]:
        turns: Counter[Prompt] = Counter()
        recipe_by_turn: list[tuple[Recipe, tuple[str, ...]]] = []
        tasks = []
        with self._store.reading() as reader:
            for place, prompt in enumerate(prompts):
                turn = turns[prompt]
                turns[prompt] += 1
                if turn == len(recipe_by_turn):
                    own = replace(recipe, seed=recipe.seed + _SEEDS_APART * turn)
                    recipe_by_turn.append((own, _recipe_ids(own)))
                own, recipe_ids = recipe_by_turn[turn]
                tries = attempts(reader, prompt_id=prompt_key(**asdict(prompt)), recipe_ids=recipe_ids)
                tasks.append(_Task(place=place, prompt=prompt, recipe=own, tries=tries))
        return tuple(tasks)


def _recipe_ids(recipe: Recipe) -> tuple[str, ...]:
    """The ids of the recipe and of what it becomes each time that a run of it is taken up again."""
    seeds = range(recipe.seed, recipe.seed + MOST_ATTEMPTS)
    return tuple(recipe_key(RECIPE.dump_python(replace(recipe, seed=seed), mode="json")) for seed in seeds)


@contextmanager
def _alone(name: str) -> Iterator[None]:
    """Two batches of the same recipe on one database would pay for the same candidates."""
    with (Path(gettempdir()) / f"fusion-ui-batch-{name}.lock").open("w") as lock:
        try:
            flock(lock, LOCK_EX | LOCK_NB)
        except OSError:
            raise BatchError("This batch is under way in another process: wait for it, or end it first.") from None
        yield
