"""Recorded answers to the store and back, and the app's own runs as recorded answers."""

from collections.abc import Iterator, Sequence
from typing import cast

from fusion_ui.exchange.recorded import AnswerFile, Given, RecordedAnswer
from storage.lab import RecordedAnswerRow, RecordingRow, answers_of, put_recording, run_candidates
from storage.rows import Json, Reader, Writer


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
            answers=tuple(map(Given._make, cast("list[list[str | float | None]]", row.answers))),
        )
        for row in answers_of(reader, recording_ids)
    )


def runs_as_answers(reader: Reader) -> tuple[RecordedAnswer, ...]:
    """What the app's own runs drew: a prompt is a question by its id, its reference the gold answer.

    Failures are no answers; a candidate that states none is a blank one. Take care: a run that stopped adaptively
    stopped because its candidates agreed early, so such runs show more agreement than a fixed number of draws would.
    """
    given_by_place: dict[tuple[str, str, str | None, str], list[Given]] = {}
    for each in run_candidates(reader):
        place = (each.prompt_id, each.prompt, each.reference, each.member)
        given_by_place.setdefault(place, []).append(Given(each.answer, each.output_tokens))
    return tuple(
        RecordedAnswer(question=prompt_id, member=member, gold=reference, text=prompt, answers=tuple(given))
        for (prompt_id, prompt, reference, member), given in given_by_place.items()
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
            answers=cast("Json", row.answers),
        )
