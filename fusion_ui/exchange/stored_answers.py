"""Recorded answers to the store and back, and the app's own runs as recorded answers."""

from collections.abc import Iterator, Sequence
from typing import cast

from fusion_ui.exchange.recorded import AnswerFile, RecordedAnswer
from storage.lab import RecordedAnswerRow, RecordingRow, RunCandidate, answers_of, put_recording, run_candidates
from storage.rows import Reader, Writer


def store_answers(writer: Writer, file: AnswerFile) -> RecordingRow:
    """The recording of this file: the earlier one if it was loaded before."""
    recording = RecordingRow(
        id=writer.identity.new_id(),
        name=file.name,
        sha256=file.sha256,
        format=file.format,
        sets=list(dict.fromkeys(row.set for row in file.rows)),
        members=list(dict.fromkeys(row.member for row in file.rows)),
        questions=len({(row.set, row.question) for row in file.rows}),
        answers=sum(len(row.answers) for row in file.rows),
        problems=[dict(problem._asdict()) for problem in file.problems],
        problem_count=file.problem_count,
        loaded_at=writer.identity.now(),
    )
    return put_recording(writer, recording, _rows(file, recording.id))


def stored_answers(reader: Reader, recording_ids: Sequence[str]) -> tuple[RecordedAnswer, ...]:
    """The answers of these recordings as they were read; raises StorageError where there is no such recording."""
    return tuple(
        RecordedAnswer(
            question=row.question,
            set=row.question_set,
            member=row.member,
            gold=row.gold,
            text=row.text,
            answers=tuple(cast("list[str | None]", row.answers)),
            tokens=None if row.tokens is None else tuple(cast("list[float | None]", row.tokens)),
        )
        for row in answers_of(reader, recording_ids)
    )


def runs_as_answers(reader: Reader) -> tuple[RecordedAnswer, ...]:
    """What the app's own runs drew: a prompt is a question by its id, its reference the gold answer.

    Failures are no answers; a candidate that states none is a blank one. Take care: a run that stopped adaptively
    stopped because its candidates agreed early, so such runs show more agreement than a fixed number of draws would.
    """
    drawn_by_place: dict[tuple[str, str], list[RunCandidate]] = {}
    for candidate in run_candidates(reader):
        drawn_by_place.setdefault((candidate.prompt_id, candidate.member), []).append(candidate)
    return tuple(
        RecordedAnswer(
            question=prompt_id,
            member=member,
            gold=drawn[0].reference,
            text=drawn[0].prompt,
            answers=tuple(each.answer for each in drawn),
            tokens=tuple(each.output_tokens for each in drawn),
        )
        for (prompt_id, member), drawn in drawn_by_place.items()
    )


def _rows(file: AnswerFile, recording_id: str) -> Iterator[RecordedAnswerRow]:
    for seq, row in enumerate(file.rows, start=1):
        yield RecordedAnswerRow(
            recording_id=recording_id,
            seq=seq,
            question_set=row.set,
            question=row.question,
            member=row.member,
            gold=row.gold,
            text=row.text,
            answers=list(row.answers),
            tokens=None if row.tokens is None else list(row.tokens),
        )
