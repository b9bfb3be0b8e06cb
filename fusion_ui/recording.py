"""From events to rows: `recorded` stores a run's facts as they pass; `replay` reads them back.

Every fact is stored before anybody sees it. Deltas are advance notice and are not stored: a run killed half-way keeps
all that had finished, and replays as interrupted.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import asdict
from typing import assert_never

from pydantic import TypeAdapter

from fusion_ui.engine.events import (
    BestSelected,
    CandidateDelta,
    CandidateFailed,
    CandidateFinished,
    CandidateStarted,
    Event,
    FusionDelta,
    FusionFinished,
    FusionStarted,
    JudgementMade,
    RunFinished,
    RunStarted,
    SamplingStopped,
    StageFailed,
    TallyChanged,
)
from fusion_ui.engine.values import (
    Candidate,
    Ended,
    Failure,
    Fusion,
    Judgement,
    Prompt,
    Recipe,
    Selection,
)
from fusion_ui.engine.view import RunView, fold, spending_of
from storage.catalogue import put_prompt, put_recipe
from storage.connection import Store
from storage.rows import Row, Writer
from storage.runs import (
    DrawRow,
    FailureRow,
    FusionStartRow,
    JudgementRow,
    Origin,
    OutcomeRow,
    OutputRow,
    RunRow,
    SelectionRow,
    StopRow,
)
from storage.sequences import next_seq

RECIPE = TypeAdapter(Recipe)
FUSION = TypeAdapter(Fusion)
SELECTION = TypeAdapter(Selection)
_FUSION_COLUMNS = {"completion", "text", "fusor", "answer"}


def begin_run(
    store: Store,
    prompt: Prompt,
    recipe: Recipe,
    *,
    origin: Origin,
    app_version: str,
    parent_run_id: str | None = None,
    enter: Callable[[Writer, str], None] | None = None,
) -> str:
    """The id of a new run, stored with its prompt and recipe before anything is asked of a model.

    `enter` stores what else belongs to it, or refuses it by raising: then nothing of the run is stored.
    """
    with store.writing() as writer:
        run = RunRow(
            id=writer.identity.new_id(),
            prompt_id=put_prompt(
                writer, text=prompt.text, reference=prompt.reference, language=prompt.language, tags=prompt.tags
            ),
            recipe_id=put_recipe(writer, RECIPE.dump_python(recipe, mode="json")),
            seed=recipe.seed,
            origin=origin,
            parent_run_id=parent_run_id,
            app_version=app_version,
            started_at=writer.identity.now(),
        )
        writer.insert(run)
        if enter is not None:
            enter(writer, run.id)
    return run.id


async def recorded(events: AsyncGenerator[Event, None], store: Store, run_id: str) -> AsyncGenerator[Event, None]:
    """The same events, each stored before it is passed on; closed early, the run is stored as interrupted.

    What comes while a write waits for its turn is stored by the next one together: with many runs under way, turns to
    write are what everybody waits for.
    """
    recorder = _Recorder(store, run_id)
    try:
        async with aclosing(_gathered(events)) as batches:
            async for batch in batches:
                if facts := [event for event in batch if not isinstance(event, CandidateDelta | FusionDelta)]:
                    await _stored(recorder, facts)
                for event in batch:
                    yield event
    finally:
        # Off the loop too: where another program holds the lock, everybody's screens would stand still with this run.
        if not recorder.is_over:
            await _stored(recorder, [RunFinished(ended="interrupted")])


async def _gathered(events: AsyncGenerator[Event, None]) -> AsyncGenerator[list[Event], None]:
    """The events as they come, each time all that came since the last time."""
    come: list[Event] = []
    has_come = asyncio.Event()

    async def listen() -> None:
        async with aclosing(events):
            async for event in events:
                come.append(event)
                has_come.set()

    listening = asyncio.create_task(listen())
    listening.add_done_callback(lambda _: has_come.set())
    try:
        while come or not listening.done():
            await has_come.wait()
            has_come.clear()
            if come:
                batch, come[:] = come[:], []
                yield batch
        await listening
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)


async def _stored(recorder: "_Recorder", events: Sequence[Event]) -> None:
    """Store events off the loop. A cancel that lands meanwhile waits: two writers must not race for the outcome."""
    writing = asyncio.ensure_future(asyncio.to_thread(recorder.record, events))
    try:
        await asyncio.shield(writing)
    except asyncio.CancelledError:
        await asyncio.wait([writing])
        raise


class _Recorder:
    def __init__(self, store: Store, run_id: str) -> None:
        self._store, self._run_id = store, run_id
        self._began: float | None = None  # a run that waits for its turn has not begun
        self._view = RunView()
        self._output_ids: dict[int, str] = {}

    def record(self, events: Sequence[Event]) -> None:
        """Store events, all or none; of the run so far only what is needed for later rows is kept in memory."""
        before = self._view
        try:
            if all(isinstance(event, RunStarted | TallyChanged) for event in events):
                for event in events:
                    self._note(event)
                return
            with self._store.writing() as writer:
                for event in events:
                    for row in self._rows(event, writer):
                        writer.insert(row)
                    self._note(event)
        except BaseException:
            self._view = before
            raise

    def _note(self, event: Event) -> None:
        if isinstance(event, RunStarted):
            self._began = time.monotonic()
        self._view = fold(self._view, event)

    @property
    def is_over(self) -> bool:
        """Whether the run has its outcome."""
        return self._view.ended is not None

    def _rows(self, event: Event, writer: Writer) -> tuple[Row, ...]:  # noqa: C901 - one case an event
        run_id, now = self._run_id, writer.identity.now()
        match event:
            case RunStarted() | CandidateDelta() | TallyChanged() | FusionDelta():
                return ()
            case CandidateStarted():
                return (DrawRow(run_id=run_id, asked_at=now, **asdict(event)),)
            case CandidateFinished(candidate=candidate):
                return (self._candidate_row(candidate, writer),)
            case CandidateFailed(position=position, failure=failure):
                return (self._failure_row(failure, writer, position=position),)
            case SamplingStopped(reason=reason, draws=draws, cancelled=cancelled):
                return (StopRow(run_id=run_id, reason=reason, draws=draws, cancelled=list(cancelled), created_at=now),)
            case JudgementMade(judgement=judgement):
                return (self._judgement_row(judgement, writer),)
            case BestSelected(selection=selection):
                output_id = self._output_ids[selection.position]
                body = SELECTION.dump_python(selection, mode="json")
                return (
                    SelectionRow(
                        run_id=run_id, output_id=output_id, selector=selection.selector, body=body, created_at=now
                    ),
                )
            case FusionStarted(fusor=fusor, model=model, order=order):
                return (FusionStartRow(run_id=run_id, fusor=fusor, model=model, shown=list(order), created_at=now),)
            case FusionFinished(fusion=fusion):
                return (self._fusion_row(fusion, writer),)
            case StageFailed(failure=failure):
                return (self._failure_row(failure, writer),)
            case RunFinished(ended=ended):
                return (self._outcome_row(ended, now),)
            case _:
                assert_never(event)

    def _candidate_row(self, candidate: Candidate, writer: Writer) -> OutputRow:
        output_id = self._output_ids[candidate.position] = writer.identity.new_id()
        slot = next(slot for slot in self._view.slots if slot.position == candidate.position)
        return OutputRow(
            id=output_id,
            run_id=self._run_id,
            role="candidate",
            position=candidate.position,
            member=candidate.member,
            model=slot.model,
            answer=candidate.answer,
            answer_start=candidate.answer_start,
            answer_end=candidate.answer_end,
            created_at=writer.identity.now(),
            **asdict(candidate.completion),
        )

    def _fusion_row(self, fusion: Fusion, writer: Writer) -> OutputRow:
        return OutputRow(
            id=writer.identity.new_id(),
            run_id=self._run_id,
            role="fusion",
            member=fusion.fusor,
            model=self._view.fusion.model,
            answer=fusion.answer,
            detail=FUSION.dump_python(fusion, mode="json", exclude=_FUSION_COLUMNS),
            created_at=writer.identity.now(),
            **asdict(fusion.completion),
        )

    def _failure_row(self, failure: Failure, writer: Writer, *, position: int | None = None) -> FailureRow:
        return FailureRow(
            run_id=self._run_id,
            seq=next_seq(writer, FailureRow, of="run_id", key=self._run_id),
            position=position,
            created_at=writer.identity.now(),
            **asdict(failure),
        )

    def _judgement_row(self, judgement: Judgement, writer: Writer) -> JudgementRow:
        reply = asdict(judgement.completion) if judgement.completion else {}
        return JudgementRow(
            run_id=self._run_id,
            seq=next_seq(writer, JudgementRow, of="run_id", key=self._run_id),
            shown=list(judgement.shown),
            winner=judgement.winner,
            score=judgement.score,
            reason=judgement.reason,
            is_readable=judgement.is_readable,
            created_at=writer.identity.now(),
            **reply,
        )

    def _outcome_row(self, ended: Ended, now: str) -> OutcomeRow:
        spent = spending_of(self._view)
        return OutcomeRow(
            run_id=self._run_id,
            ended=ended,
            duration_ms=(time.monotonic() - self._began) * 1000 if self._began is not None else None,
            input_tokens=spent.input_tokens,
            output_tokens=spent.output_tokens,
            cost_usd=spent.cost_usd,
            created_at=now,
        )
