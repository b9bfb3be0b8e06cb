"""Runs as rows: what was asked and by which recipe, each fact as it came, and the outcome.

A run is read back in one snapshot, in an order that does not depend on who wrote when, so that it replays the same.
"""

from dataclasses import dataclass, field
from typing import ClassVar, Literal

from storage.catalogue import PromptRow, RecipeRow
from storage.rows import DOCUMENT, FLAG, Json, Reader, Row

Origin = Literal["sampled", "scripted", "recorded"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow(Row):
    """One prompt through one recipe; `parent_run_id` is the run that this one retries or repeats."""

    table: ClassVar[str] = "runs"
    id: str
    prompt_id: str
    recipe_id: str
    seed: int
    origin: Origin
    parent_run_id: str | None = None
    app_version: str
    started_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawRow(Row):
    """A draw as it was asked for; without an output or a failure it was cancelled, or is open."""

    table: ClassVar[str] = "draws"
    run_id: str
    position: int
    member: str
    model: str
    seed: int
    is_recorded: bool = field(default=False, metadata=FLAG)
    asked_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputRow(Row):
    """Something that is shown to people: a candidate, or the fusion (whose `member` is the fusor)."""

    table: ClassVar[str] = "outputs"
    id: str
    run_id: str
    role: Literal["candidate", "fusion"]
    position: int | None = None
    member: str
    model: str
    text: str
    thought: str = ""
    answer: str | None = None
    answer_start: int | None = None
    answer_end: int | None = None
    finish_reason: str
    input_tokens: int | None = None
    output_tokens: int | None = None
    cost_usd: float | None = None
    duration_ms: float | None = None
    first_token_ms: float | None = None
    detail: Json = field(default_factory=dict, metadata=DOCUMENT)
    created_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureRow(Row):
    """A draw (`position`) or a stage that did not work out; `text` is what had arrived before."""

    table: ClassVar[str] = "failures"
    run_id: str
    seq: int
    stage: Literal["sampling", "judging", "selecting", "fusing"]
    position: int | None = None
    kind: str
    message: str
    text: str = ""
    is_retryable: bool = field(default=False, metadata=FLAG)
    duration_ms: float | None = None
    created_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StopRow(Row):
    """Why sampling stopped, after how many draws, and which were still open."""

    table: ClassVar[str] = "stops"
    run_id: str
    reason: Literal["evidence", "certificate", "budget", "cap", "exhausted", "user"]
    draws: int
    cancelled: Json = field(default_factory=list, metadata=DOCUMENT)
    created_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgementRow(Row):
    """One reply of the judge; `text` and what follows it are the reply itself, None where none is known."""

    table: ClassVar[str] = "judgements"
    run_id: str
    seq: int
    shown: Json = field(metadata=DOCUMENT)
    winner: int | None = None
    score: float | None = None
    reason: str = ""
    is_readable: bool = field(default=True, metadata=FLAG)
    text: str | None = None
    thought: str | None = None
    finish_reason: str | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    cost_usd: float | None = None
    duration_ms: float | None = None
    first_token_ms: float | None = None
    created_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectionRow(Row):
    """Which output Best-of-N picked; `body` holds the scores and reasons."""

    table: ClassVar[str] = "selections"
    run_id: str
    output_id: str
    selector: str
    body: Json = field(metadata=DOCUMENT)
    created_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FusionStartRow(Row):
    """The fusor began to write from the candidates `shown`, in that order."""

    table: ClassVar[str] = "fusion_starts"
    run_id: str
    fusor: str
    model: str
    shown: Json = field(metadata=DOCUMENT)
    created_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeRow(Row):
    """How a run ended and what it took; a run without one is open or was interrupted."""

    table: ClassVar[str] = "outcomes"
    run_id: str
    ended: Literal["completed", "stopped", "failed", "interrupted"]
    duration_ms: float | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    cost_usd: float | None = None
    created_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRows:
    """Everything stored of one run: draws and candidates by position, failures and judgements as they came."""

    run: RunRow
    prompt: PromptRow
    recipe: RecipeRow
    draws: tuple[DrawRow, ...]
    candidates: tuple[OutputRow, ...]
    failures: tuple[FailureRow, ...]
    stop: StopRow | None
    judgements: tuple[JudgementRow, ...]
    selection: SelectionRow | None
    fusion_start: FusionStartRow | None
    fusion: OutputRow | None
    outcome: OutcomeRow | None

    @property
    def outputs(self) -> tuple[OutputRow, ...]:
        """Everything that was shown: the candidates, then the fusion if there is one."""
        return self.candidates if self.fusion is None else (*self.candidates, self.fusion)


def run_rows(reader: Reader, run_id: str) -> RunRows | None:
    """All rows of a run, None if there is no such run."""
    of_run = "WHERE run_id = ?"
    run = reader.row(RunRow, "WHERE id = ?", run_id)
    if run is None:
        return None
    outputs = reader.rows(OutputRow, f"{of_run} ORDER BY position", run_id)
    return RunRows(
        run=run,
        prompt=reader.rows(PromptRow, "WHERE id = ?", run.prompt_id)[0],
        recipe=reader.rows(RecipeRow, "WHERE id = ?", run.recipe_id)[0],
        draws=reader.rows(DrawRow, f"{of_run} ORDER BY position", run_id),
        candidates=tuple(output for output in outputs if output.role == "candidate"),
        failures=reader.rows(FailureRow, f"{of_run} ORDER BY seq", run_id),
        stop=reader.row(StopRow, of_run, run_id),
        judgements=reader.rows(JudgementRow, f"{of_run} ORDER BY seq", run_id),
        selection=reader.row(SelectionRow, of_run, run_id),
        fusion_start=reader.row(FusionStartRow, of_run, run_id),
        fusion=next((output for output in outputs if output.role == "fusion"), None),
        outcome=reader.row(OutcomeRow, of_run, run_id),
    )
