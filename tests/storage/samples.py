"""Rows for the tests of storage: a clock that ticks, chance that counts, and runs of any size."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from storage.askers import put_asker
from storage.catalogue import put_prompt, put_recipe
from storage.connection import Store, open_store
from storage.identity import Identity
from storage.lab import RecordedAnswerRow, RecordingRow, put_recording, put_report
from storage.ratings import RatingRow, Score, insert_rating, rater_named
from storage.rows import Writer
from storage.run_costs import note_paid_elsewhere
from storage.runs import (
    DrawRow,
    FailureRow,
    FusionStartRow,
    JudgementRow,
    OutcomeRow,
    OutputRow,
    RunRow,
    SelectionRow,
    StopRow,
)
from storage.sequences import next_seq
from storage.visitors import claim_run
from tests.fresh import fresh
from tests.storage.case_samples import fill_case_tables
from tests.storage.inspection_samples import fill_inspection_tables
from tests.storage.study_samples import fill_study_tables

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


def ticking(*, start: datetime = NOON, step_s: float = 1.0) -> Callable[[], datetime]:
    seconds = count()
    return lambda: start + timedelta(seconds=next(seconds) * step_s)


def sample_store(folder: Path, *, busy_s: float = 30.0) -> Store:
    numbers = count(1)
    chance = lambda size: next(numbers).to_bytes(size, "big")  # noqa: E731 - a callable handed in, as os.urandom is
    return open_store(fresh(folder / "sample.db"), identity=Identity(clock=ticking(), chance=chance), busy_s=busy_s)


def start_run(writer: Writer, *, text: str = "What is 6 x 7?", parent_run_id: str | None = None) -> RunRow:
    run = RunRow(
        id=writer.identity.new_id(),
        prompt_id=put_prompt(writer, text=text, reference="42", language="en", tags=["maths"]),
        recipe_id=put_recipe(writer, {"members": [{"name": "m", "weight": 1.0}], "seed": 7}),
        seed=7,
        origin="scripted",
        parent_run_id=parent_run_id,
        app_version="0.1.0",
        started_at=writer.identity.now(),
    )
    writer.insert(run)
    return run


def draw(run: RunRow, position: int) -> DrawRow:
    return DrawRow(
        run_id=run.id, position=position, member="m", model="scripted/m", seed=position, asked_at=run.started_at
    )


def candidate(writer: Writer, run: RunRow, *, position: int, text: str = "It is 42.") -> OutputRow:
    return OutputRow(
        id=writer.identity.new_id(),
        run_id=run.id,
        role="candidate",
        position=position,
        member="m",
        model="scripted/m",
        text=text,
        answer="42",
        answer_start=6,
        answer_end=8,
        finish_reason="stop",
        output_tokens=4,
        cost_usd=0.0001,
        created_at=writer.identity.now(),
    )


def fusion(writer: Writer, run: RunRow) -> OutputRow:
    return OutputRow(
        id=writer.identity.new_id(),
        run_id=run.id,
        role="fusion",
        member="extractive",
        model="",
        text="42, all say.",
        finish_reason="stop",
        detail={"comparison": "They agree.", "order": [2, 1], "contradicts_vote": False},
        created_at=writer.identity.now(),
    )


def failure(writer: Writer, run: RunRow, *, position: int | None = None) -> FailureRow:
    return FailureRow(
        run_id=run.id,
        seq=next_seq(writer, FailureRow, of="run_id", key=run.id),
        stage="sampling" if position else "judging",
        position=position,
        kind="rate",
        message="The vendor asks for a pause.",
        text="It i",
        is_retryable=True,
        created_at=writer.identity.now(),
    )


def judgement(writer: Writer, run: RunRow) -> JudgementRow:
    seq = next_seq(writer, JudgementRow, of="run_id", key=run.id)
    return JudgementRow(run_id=run.id, seq=seq, shown=[1, 2], winner=1, created_at=writer.identity.now())


def whole_run(writer: Writer, *, candidates: int = 2) -> tuple[RunRow, tuple[OutputRow, ...]]:
    """A run in which everything happened, and its outputs; the last two draws have none: one failed, one was cut."""
    run = start_run(writer)
    for position in range(1, candidates + 3):
        writer.insert(draw(run, position))
    outputs = [candidate(writer, run, position=position) for position in range(1, candidates + 1)]
    outputs.append(fusion(writer, run))
    for output in outputs:
        writer.insert(output)
    for row in _facts(writer, run, lost=candidates + 1, picked=outputs[0].id):
        writer.insert(row)
    return run, tuple(outputs)


def _facts(
    writer: Writer, run: RunRow, *, lost: int, picked: str
) -> Iterator[FailureRow | JudgementRow | StopRow | SelectionRow | FusionStartRow | OutcomeRow]:
    now = writer.identity.now()
    yield failure(writer, run, position=lost)
    yield failure(writer, run)
    yield judgement(writer, run)
    yield StopRow(run_id=run.id, reason="evidence", draws=lost - 1, cancelled=[lost + 1], created_at=now)
    yield SelectionRow(run_id=run.id, output_id=picked, selector="vote", body={"scores": []}, created_at=now)
    yield FusionStartRow(run_id=run.id, fusor="extractive", model="", shown=[2, 1], created_at=now)
    yield OutcomeRow(run_id=run.id, ended="completed", duration_ms=1200.5, output_tokens=8, created_at=now)


def rating(
    writer: Writer,
    run: RunRow,
    *,
    rater: str = "Ada",
    key: str = "press-1",
    supersedes: str | None = None,
    output: OutputRow | None = None,
    note: str = "",
) -> RatingRow:
    return RatingRow(
        id=writer.identity.new_id(),
        run_id=run.id,
        rater_id=rater_named(writer, rater).id,
        verdict="output" if output else "tie",
        role="candidate" if output else None,
        output_id=output.id if output else None,
        note=note,
        names_visible=True,
        supersedes=supersedes,
        request_key=key,
        created_at=writer.identity.now(),
    )


def recording(writer: Writer, *, name: str = "counts.jsonl", sha256: str = "a" * 64) -> RecordingRow:
    return RecordingRow(
        id=writer.identity.new_id(),
        name=name,
        sha256=sha256,
        format="counts",
        sets=["aime"],
        members=["m"],
        questions=2,
        answers=3,
        loaded_at=writer.identity.now(),
    )


def answers_to(row: RecordingRow) -> tuple[RecordedAnswerRow, ...]:
    """The answers of a recording, one of them blank and without tokens."""
    first = RecordedAnswerRow(
        recording_id=row.id,
        seq=1,
        question_set="aime",
        question="0",
        member="m",
        gold="33",
        answers=["33"],
        tokens=[812.5],
    )
    second = RecordedAnswerRow(recording_id=row.id, seq=2, question="1", member="m", text="Why?", answers=[None, "7"])
    return first, second


def fill_every_table(folder: Path) -> Path:
    """The file of a store with at least one row in each table."""
    with sample_store(folder) as store, store.writing() as writer:
        run, outputs = whole_run(writer)
        insert_rating(writer, rating(writer, run), [Score(outputs[0].id, "candidate", "stars", 4)])
        stored = recording(writer)
        put_recording(writer, stored, answers_to(stored))
        for kind in ("replay", "weights"):
            put_report(writer, kind=kind, title="AIME", seed=0, inputs=[], request={}, result={"questions": 2})
        fill_study_tables(writer, outputs)
        fill_case_tables(writer, run.id)
        fill_inspection_tables(writer, outputs[0])
        claim_run(writer, run_id=run.id, visitor_sha256="f" * 64)
        put_asker(writer, run_id=run.id, asker_sha256="e" * 64)
        note_paid_elsewhere(writer, run.id)
    return store.path
