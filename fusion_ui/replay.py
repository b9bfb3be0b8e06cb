"""From rows to events: a stored run replays to the view it had live, and another may start from what it has.

The other direction is `recording`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields

from pydantic import TypeAdapter

from fusion_ui.engine.events import (
    BestSelected,
    CandidateFailed,
    CandidateFinished,
    CandidateStarted,
    Event,
    FusionFinished,
    FusionStarted,
    JudgementMade,
    RunFinished,
    RunStarted,
    SamplingStopped,
    StageFailed,
    TallyChanged,
)
from fusion_ui.engine.evidence import evidence_of
from fusion_ui.engine.sampling import Recorded
from fusion_ui.engine.stopping import level
from fusion_ui.engine.values import (
    Candidate,
    Completion,
    Failure,
    FailureKind,
    Fusion,
    Judgement,
    MissingError,
    Prompt,
    Recipe,
)
from fusion_ui.engine.view import RunView, fold
from fusion_ui.engine.voting import tally_of
from fusion_ui.recording import FUSION, RECIPE, SELECTION
from storage.connection import Store
from storage.rows import Reader
from storage.runs import FailureRow, JudgementRow, OutputRow, RunRows, run_rows

_INTEGERS = TypeAdapter(tuple[int, ...])
_STRINGS = TypeAdapter(tuple[str, ...])
_KIND: TypeAdapter[FailureKind] = TypeAdapter(FailureKind)
_COMPLETION_COLUMNS = [column.name for column in fields(Completion)]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRun:
    """A run as the store has it: its rows, what was asked, the events they replay as, and the view those fold into."""

    rows: RunRows
    prompt: Prompt
    recipe: Recipe
    events: tuple[Event, ...]
    view: RunView


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """A run to be started, with what it takes over from another: its parent, candidates, and who is asked for which."""

    prompt: Prompt
    recipe: Recipe
    parent_run_id: str | None = None
    recorded: Mapping[int, Recorded] = field(default_factory=dict)
    assigned: Mapping[int, str] = field(default_factory=dict)


class NoRunError(MissingError):
    """An address that names no run."""

    def __init__(self) -> None:
        super().__init__("There is no run at this address. It may be in another database: see Setup.")


def load_run(store: Store, run_id: str) -> StoredRun | None:
    """The run as it was, None if there is no such run; without an outcome it ends as interrupted."""
    with store.reading() as reader:
        rows = run_rows(reader, run_id)
    return replayed(rows) if rows is not None else None


def stored_run(store: Store, run_id: str) -> StoredRun:
    """The run as it was. Raises NoRunError."""
    with store.reading() as reader:
        return read_run(reader, run_id)


def read_run(reader: Reader, run_id: str) -> StoredRun:
    """The run as it was, in the snapshot of this reader. Raises NoRunError."""
    rows = run_rows(reader, run_id)
    if rows is None:
        raise NoRunError
    return replayed(rows)


def replayed(rows: RunRows) -> StoredRun:
    """The run that these rows are of."""
    prompt, recipe = _prompt(rows), RECIPE.validate_python(rows.recipe.body)
    events = tuple(_replayed(rows, prompt, recipe))
    view = RunView()
    for event in events:
        view = fold(view, event)
    return StoredRun(rows=rows, prompt=prompt, recipe=recipe, events=events, view=view)


def _replayed(rows: RunRows, prompt: Prompt, recipe: Recipe) -> Iterator[Event]:
    """The run's events in a lawful order; tallies are counted anew, in order of asking."""
    yield RunStarted(prompt=prompt, recipe=recipe)
    for draw in rows.draws:
        yield CandidateStarted(
            position=draw.position,
            member=draw.member,
            model=draw.model,
            seed=draw.seed,
            is_recorded=draw.is_recorded,
        )
    candidates = [_candidate(row) for row in rows.candidates]
    for candidate in candidates:
        yield CandidateFinished(candidate=candidate)
    for row in rows.failures:
        if row.position is not None:
            yield CandidateFailed(position=row.position, failure=_failure(row))
    for counted in range(1, len(candidates) + 1):
        tally = tally_of(candidates[:counted])
        yield TallyChanged(tally=tally, evidence=evidence_of(tally, level=level(tally, recipe.stop)))
    yield from _concluded(rows)


def _concluded(rows: RunRows) -> Iterator[Event]:
    """What happened after the draws."""
    if rows.stop is not None:
        cancelled = tuple(_INTEGERS.validate_python(rows.stop.cancelled))
        yield SamplingStopped(reason=rows.stop.reason, draws=rows.stop.draws, cancelled=cancelled)
    for judgement in rows.judgements:
        yield JudgementMade(judgement=_judgement(judgement))
    if rows.selection is not None:
        yield BestSelected(selection=SELECTION.validate_python(rows.selection.body))
    if rows.fusion_start is not None:
        start = rows.fusion_start
        yield FusionStarted(fusor=start.fusor, model=start.model, order=_INTEGERS.validate_python(start.shown))
    if rows.fusion is not None:
        yield FusionFinished(fusion=_fusion(rows.fusion))
    for row in rows.failures:
        if row.position is None:
            yield StageFailed(failure=_failure(row))
    yield RunFinished(ended=rows.outcome.ended if rows.outcome else "interrupted")


def _prompt(rows: RunRows) -> Prompt:
    prompt = rows.prompt
    tags = _STRINGS.validate_python(prompt.tags)
    return Prompt(text=prompt.text, reference=prompt.reference, language=prompt.language, tags=tags)


def _completion(row: OutputRow) -> Completion:
    return Completion(**{column: getattr(row, column) for column in _COMPLETION_COLUMNS})


def _candidate(row: OutputRow) -> Candidate:
    return Candidate(
        position=row.position or 0,  # a candidate's row always has one: the table checks it
        member=row.member,
        completion=_completion(row),
        answer=row.answer,
        answer_start=row.answer_start,
        answer_end=row.answer_end,
    )


def _fusion(row: OutputRow) -> Fusion:
    detail = row.detail if isinstance(row.detail, dict) else {}
    return FUSION.validate_python(
        {**detail, "completion": _completion(row), "text": row.text, "fusor": row.member, "answer": row.answer}
    )


def _failure(row: FailureRow) -> Failure:
    return Failure(
        stage=row.stage,
        kind=_KIND.validate_python(row.kind),
        message=row.message,
        text=row.text,
        is_retryable=row.is_retryable,
        duration_ms=row.duration_ms,
    )


def _judgement(row: JudgementRow) -> Judgement:
    reply = {column: getattr(row, column) for column in _COMPLETION_COLUMNS} if row.text is not None else None
    return Judgement(
        shown=_INTEGERS.validate_python(row.shown),
        winner=row.winner,
        score=row.score,
        reason=row.reason,
        is_readable=row.is_readable,
        completion=Completion(**reply) if reply is not None else None,
    )
