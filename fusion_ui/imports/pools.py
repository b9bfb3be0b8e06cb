"""Recorded candidates as runs: each pool voted on, picked from and fused by the app's own pipeline, stored whole.

Nothing is asked of a model. A run is stored in one transaction when it is over: whatever ends an import leaves whole
runs only, and the next import goes on with the pools that are missing.
"""

import asyncio
from collections.abc import AsyncGenerator, Iterable, Iterator, Sequence
from contextlib import aclosing, contextmanager
from typing import NamedTuple

from fusion_ui import __version__
from fusion_ui.engine.answers import Checker
from fusion_ui.engine.chances import chance
from fusion_ui.engine.events import CandidateDelta, Event, FusionDelta
from fusion_ui.engine.pipeline import run
from fusion_ui.engine.sampling import Reply, Request
from fusion_ui.engine.values import Failure, Limits, Recipe, StopRule
from fusion_ui.exchange.candidates import RecordedPool
from fusion_ui.exchange.pool_gathering import pool_seed
from fusion_ui.recording import begin_run, recorded
from storage.catalogue import prompt_key
from storage.connection import Store
from storage.recorded_studies import is_recorded
from storage.rows import Reader, Writer

AT_ONCE = 4  # pools under way: while one is fused, others are read


class PoolRun(NamedTuple):
    """A pool with the recipe of its run; the recipe's seed tells the pool from any other."""

    pool: RecordedPool
    recipe: Recipe


def pool_run(pool: RecordedPool) -> PoolRun:
    """The run over this pool: all of its candidates, a pick by vote and a fusion without a model."""
    draws = len(pool.recorded)
    recipe = Recipe(
        members=(),
        stop=StopRule(name="fixed", threshold=float(draws)),
        limits=Limits(cap=draws),
        selector="vote",
        fusor_kind="extractive",
        seed=pool_seed(pool),
    )
    return PoolRun(pool, recipe)


async def stored_runs(
    store: Store, pools: Iterable[RecordedPool], *, known: frozenset[int], checker: Checker | None
) -> AsyncGenerator[str, None]:
    """The ids of the runs over those pools that are not `known` by their seeds, each once it is stored."""
    for batch in _batches(_new_runs(pools, known)):
        made = await asyncio.gather(*(_events(each, checker) for each in batch))
        for each, events in zip(batch, made, strict=True):
            run_id = await asyncio.to_thread(_stored, store, each, events)
            if run_id is not None:
                yield run_id


def _new_runs(pools: Iterable[RecordedPool], known: frozenset[int]) -> Iterator[PoolRun]:
    """The runs to be made, the same pool once."""
    seeds = set(known)
    for each in map(pool_run, pools):
        if each.recipe.seed not in seeds:
            seeds.add(each.recipe.seed)
            yield each


def _batches(runs: Iterator[PoolRun]) -> Iterator[tuple[PoolRun, ...]]:
    batch: list[PoolRun] = []
    for each in runs:
        batch.append(each)
        if len(batch) == AT_ONCE:
            yield tuple(batch)
            batch = []
    if batch:
        yield tuple(batch)


async def _events(each: PoolRun, checker: Checker | None) -> list[Event]:
    """All that happens in the run."""
    pool, recipe = each
    events = run(pool.prompt, recipe, _NoModel(), chance(pool.prompt, recipe), recorded=pool.recorded, checker=checker)
    async with aclosing(events):
        return [event async for event in events if not isinstance(event, CandidateDelta | FusionDelta)]


class _NoModel:
    """Answers nothing: a recorded run asks no model."""

    async def sample(self, request: Request) -> AsyncGenerator[Reply, None]:
        """A failure."""
        yield Failure(
            stage="sampling", kind="model", message=f"No model is asked here, not even {request.member.name}."
        )


def _stored(store: Store, each: PoolRun, events: Sequence[Event]) -> str | None:
    """The id of the run, stored whole; None if another import has stored it meanwhile."""
    prompt = each.pool.prompt
    prompt_id = prompt_key(text=prompt.text, reference=prompt.reference, language=prompt.language, tags=prompt.tags)
    with store.writing() as writer:
        if is_recorded(writer, prompt_id, each.recipe.seed):
            return None
        within = _Within(store, writer)
        run_id = begin_run(within, each.pool.prompt, each.recipe, origin="recorded", app_version=__version__)
        asyncio.run(_recorded(within, run_id, events))
    return run_id


async def _recorded(store: Store, run_id: str, events: Sequence[Event]) -> None:
    async def told() -> AsyncGenerator[Event, None]:
        for event in events:
            yield event

    async with aclosing(recorded(told(), store, run_id)) as stream:
        async for _ in stream:
            pass


class _Within(Store):
    """The store from inside one transaction: whatever is written through it belongs to that."""

    def __init__(self, store: Store, writer: Writer) -> None:
        super().__init__(store.path, identity=store.identity, busy_s=0.0)
        self._writer = writer

    @contextmanager
    def reading(self) -> Iterator[Reader]:
        """The transaction's own writer, which sees what is not durable yet."""
        yield self._writer

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        """The transaction's own writer; nothing is durable before the transaction ends."""
        yield self._writer
