"""Recorded answers through a real store and back, and the app's runs as answers."""

from dataclasses import replace
from pathlib import Path

import pytest

from fusion_ui.exchange.answers import AnswerFile, RecordedAnswer, answer_set_of, read_answers
from fusion_ui.exchange.stored_answers import runs_as_answers, store_answers, stored_answers
from storage.connection import Store
from storage.errors import StorageError
from storage.lab import recordings
from tests.storage.samples import candidate, draw, failure, sample_store, start_run

LINES = (
    b'{"question": "a", "member": "m", "set": "s", "answers": [["18", 5], [null, 6.5]], "gold": 18, "prompt": "Why?"}\n'
    b'nonsense\n{"question": "b", "member": "n", "answer": "\\u00bd\\ud800"}\n'
)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return sample_store(tmp_path)


def file(name: str = "file.jsonl") -> AnswerFile:
    return read_answers([LINES], name=name)


def test_a_file_comes_back_as_it_was_read(store: Store) -> None:
    with store.writing() as writer:
        stored = store_answers(writer, file())
    with store.reading() as reader:
        assert stored_answers(reader, [stored.id]) == file().rows
        assert recordings(reader) == (stored,)


def test_a_recording_says_what_the_file_holds(store: Store) -> None:
    with store.writing() as writer:
        stored = store_answers(writer, file())
    assert (stored.name, stored.format, stored.sha256) == ("file.jsonl", "jsonl", file().sha256)
    assert (stored.sets, stored.members, stored.questions, stored.answers) == (["s", ""], ["m", "n"], 2, 3)
    message = "is not JSON (Expecting value at column 1). Write one object a line"
    assert stored.problems == [{"file": "file.jsonl", "line": 2, "message": message}]
    assert stored.problem_count == 1


def test_the_same_file_is_loaded_once(store: Store) -> None:
    with store.writing() as writer:
        first = store_answers(writer, file())
        assert store_answers(writer, file("again.jsonl")) == first
        assert len(recordings(writer)) == 1


def test_the_same_counts_under_the_name_of_another_member_are_loaded_too(store: Store) -> None:
    counts = b'{"problem_num": 1, "answer_counts": {"7": 1}}'
    with store.writing() as writer:
        ids = [
            store_answers(writer, read_answers([counts], name=f"analysis_aime_{member}.jsonl")).id for member in "mn"
        ]
        assert [row.member for row in stored_answers(writer, ids)] == ["m", "n"]


def test_an_unknown_recording_is_refused(store: Store) -> None:
    with store.reading() as reader, pytest.raises(StorageError, match="no recording 'x'"):
        stored_answers(reader, ["x"])


def test_published_counts_are_the_same_set_before_and_after_the_store(store: Store, shared_data: Path) -> None:
    path = shared_data / "boinf" / "analysis_aime2024_gpt-oss-20b.jsonl"
    read = read_answers([path.read_bytes()], name=path.name)
    with store.writing() as writer:
        stored = store_answers(writer, read)
        rows = stored_answers(writer, [stored.id])
    assert rows == read.rows
    assert [question.answers for question in answer_set_of(rows).questions] == [
        question.answers for question in answer_set_of(read.rows).questions
    ]


def test_runs_of_one_prompt_are_one_question_with_its_reference_as_gold(store: Store) -> None:
    with store.writing() as writer:
        for position, answer in ((1, "42"), (2, None)):
            run = start_run(writer, text="What is 6 x 7?")
            writer.insert(draw(run, position))
            writer.insert(replace(candidate(writer, run, position=position), answer=answer))
        rows = runs_as_answers(writer)
    assert rows == (
        RecordedAnswer(
            question=run.prompt_id,
            member="m",
            gold="42",
            text="What is 6 x 7?",
            answers=("42", None),
            tokens=(4, 4),
        ),
    )
    assert answer_set_of(rows).questions[0].gold == 0


def test_a_failed_draw_is_no_answer(store: Store) -> None:
    with store.writing() as writer:
        run = start_run(writer)
        for position in (1, 2):
            writer.insert(draw(run, position))
        writer.insert(failure(writer, run, position=1))
        writer.insert(candidate(writer, run, position=2))
        assert [len(row.answers) for row in runs_as_answers(writer)] == [1]


def test_without_runs_there_are_no_answers(store: Store) -> None:
    with store.reading() as reader:
        assert runs_as_answers(reader) == ()
