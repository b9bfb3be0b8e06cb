"""The lab's rows: files of recorded answers, each stored once however often it is loaded; the reports made from them;
and the candidates of the app's own runs as answers. What an answer means is not known here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import ClassVar, NamedTuple

from storage.errors import StorageError
from storage.rows import DOCUMENT, Json, Reader, Row, Writer, json_text


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingRow(Row):
    """A file of recorded answers; `sets` and `members` are those it names, `problems` the first of `problem_count`."""

    table: ClassVar[str] = "recordings"
    id: str
    name: str
    sha256: str
    format: str
    sets: Json = field(metadata=DOCUMENT)
    members: Json = field(metadata=DOCUMENT)
    questions: int
    answers: int
    problems: Json = field(default_factory=list, metadata=DOCUMENT)
    problem_count: int = 0
    loaded_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedAnswerRow(Row):
    """One member's answers to one question, None for a blank; `tokens` belong to the same draws, None = not counted."""

    table: ClassVar[str] = "recorded_answers"
    recording_id: str
    seq: int
    question_set: str = ""
    question: str
    member: str
    gold: str | None = None
    text: str = ""
    answers: Json = field(metadata=DOCUMENT)
    tokens: Json = field(default=None, metadata=DOCUMENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A result with all it was made from; `inputs_sha256` is the hash of `inputs`, which name and hash each file."""

    id: str
    kind: str
    title: str
    seed: int
    inputs_sha256: str
    inputs: Json = field(metadata=DOCUMENT)
    request: Json = field(metadata=DOCUMENT)
    result: Json = field(metadata=DOCUMENT)
    created_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayRow(Report, Row):
    """What stopping rules would have cost and got."""

    table: ClassVar[str] = "replays"


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightingRow(Report, Row):
    """Weights, or what was learnt about them; its kind says which."""

    table: ClassVar[str] = "weightings"


class ReportHead(NamedTuple):
    """A report as a list shows it."""

    id: str
    kind: str
    title: str
    created_at: str


class RunCandidate(NamedTuple):
    """A candidate of a run with the prompt it answers; `answer` is its key, None if it states none."""

    prompt_id: str
    prompt: str
    reference: str | None
    member: str
    answer: str | None
    output_tokens: int | None


class RunCount(NamedTuple):
    """How many candidates the runs hold, and to how many prompts."""

    prompts: int
    candidates: int


def put_recording(writer: Writer, recording: RecordingRow, answers: Iterable[RecordedAnswerRow]) -> RecordingRow:
    """The recording as stored: the earlier one if the same bytes were loaded for the same members and sets before."""
    known = writer.row(
        RecordingRow,
        "WHERE sha256 = ? AND members = ? AND sets = ?",
        recording.sha256,
        json_text(recording.members),
        json_text(recording.sets),
    )
    if known is not None:
        return known
    writer.insert(recording)
    for row in answers:
        writer.insert(row)
    return recording


def recordings(reader: Reader) -> tuple[RecordingRow, ...]:
    """All recordings, in the order in which they were loaded."""
    return reader.rows(RecordingRow, "ORDER BY id")


def answers_of(reader: Reader, ids: Sequence[str]) -> tuple[RecordedAnswerRow, ...]:
    """The answers of these recordings, one recording after the other, each in the order of its file."""
    found: list[RecordedAnswerRow] = []
    for each in dict.fromkeys(ids):
        rows = reader.rows(RecordedAnswerRow, "WHERE recording_id = ? ORDER BY seq", each)
        if not rows:
            raise StorageError(f"There is no recording {each!r}. Load its file again, or choose another.")
        found += rows
    return tuple(found)


def put_report(
    writer: Writer,
    *,
    kind: str,
    title: str,
    seed: int,
    inputs: list[Json],
    request: dict[str, Json],
    result: dict[str, Json],
) -> ReplayRow | WeightingRow:
    """The report as stored, among the replays if that is its kind, else among the weightings."""
    row_type = ReplayRow if kind == "replay" else WeightingRow
    row = row_type(
        id=writer.identity.new_id(),
        kind=kind,
        title=title,
        seed=seed,
        inputs_sha256=sha256(json_text(inputs).encode()).hexdigest(),
        inputs=inputs,
        request=request,
        result=result,
        created_at=writer.identity.now(),
    )
    writer.insert(row)
    return row


def report(reader: Reader, report_id: str) -> ReplayRow | WeightingRow | None:
    """The report of this id, None if there is none."""
    replay = reader.row(ReplayRow, "WHERE id = ?", report_id)
    return replay or reader.row(WeightingRow, "WHERE id = ?", report_id)


def reports(reader: Reader) -> tuple[ReportHead, ...]:
    """All reports, latest first."""
    columns = ", ".join(ReportHead._fields)
    found = reader.execute(f"SELECT {columns} FROM replays UNION ALL SELECT {columns} FROM weightings ORDER BY id DESC")
    return tuple(ReportHead(*cells) for cells in found)


# A retried run holds its parent's candidates once more, as recorded ones; they were drawn once.
_DRAWN = """
FROM outputs JOIN runs ON runs.id = outputs.run_id JOIN prompts ON prompts.id = runs.prompt_id
    JOIN draws ON draws.run_id = outputs.run_id AND draws.position = outputs.position
WHERE outputs.role = 'candidate' AND NOT (draws.is_recorded AND runs.parent_run_id IS NOT NULL)
"""


def run_candidates(reader: Reader) -> tuple[RunCandidate, ...]:
    """Every candidate that was drawn, run after run in the order they began; what failed is none."""
    columns = "prompts.id, prompts.text, reference, outputs.member, answer, output_tokens"
    found = reader.execute(f"SELECT {columns} {_DRAWN} ORDER BY runs.started_at, runs.id, outputs.position")
    return tuple(RunCandidate(*cells) for cells in found)


def run_count(reader: Reader) -> RunCount:
    """How many candidates `run_candidates` would give, and of how many prompts."""
    return RunCount(*reader.execute(f"SELECT count(DISTINCT prompts.id), count(*) {_DRAWN}").fetchone())
