"""The lab's rows: a file is stored once, its answers come back whole, reports from two tables in one list."""

from dataclasses import replace

import pytest

from storage.connection import Store
from storage.errors import RowError, StorageError
from storage.lab import (
    RecordedAnswerRow,
    ReplayRow,
    WeightingRow,
    answers_of,
    put_recording,
    put_report,
    recordings,
    report,
    reports,
    run_candidates,
    run_count,
)
from tests.storage.samples import answers_to, candidate, draw, recording, start_run, whole_run


def test_a_recording_comes_back_with_its_answers(store: Store) -> None:
    with store.writing() as writer:
        row = put_recording(writer, first := recording(writer), answers_to(first))
    with store.reading() as reader:
        assert recordings(reader) == (row,)
        assert answers_of(reader, [row.id]) == answers_to(row)


def test_the_same_content_is_one_recording_whatever_the_file_is_called(store: Store) -> None:
    with store.writing() as writer:
        first, again = recording(writer), recording(writer, name="copy.jsonl")
        put_recording(writer, first, answers_to(first))
        assert put_recording(writer, again, answers_to(again)) == first
        assert recordings(writer) == (first,)
        assert len(writer.rows(RecordedAnswerRow)) == 2


@pytest.mark.parametrize("change", [{"members": ["other"]}, {"sets": ["aime2025"]}, {"sha256": "b" * 64}])
def test_other_bytes_or_the_same_bytes_for_another_member_are_another_recording(
    store: Store, change: dict[str, str]
) -> None:
    with store.writing() as writer:
        put_recording(writer, recording(writer), ())
        put_recording(writer, replace(recording(writer), **change), ())
        assert len(recordings(writer)) == 2


def test_answers_come_recording_after_recording_each_once(store: Store) -> None:
    with store.writing() as writer:
        first, second = recording(writer), recording(writer, sha256="b" * 64)
        for row in (first, second):
            put_recording(writer, row, answers_to(row))
        found = answers_of(writer, [second.id, first.id, second.id])
    assert found == answers_to(second) + answers_to(first)


def test_an_unknown_recording_is_named(store: Store) -> None:
    with store.reading() as reader, pytest.raises(StorageError, match="no recording 'gone'"):
        answers_of(reader, ["gone"])


def test_a_recording_is_stored_whole_or_not_at_all(store: Store) -> None:
    def load() -> None:
        with store.writing() as writer:
            row = recording(writer)
            put_recording(writer, row, [*answers_to(row), replace(answers_to(row)[0], seq=0)])

    with pytest.raises(RowError):
        load()
    with store.reading() as reader:
        assert recordings(reader) == ()


def test_a_report_comes_back_as_it_was_made(store: Store) -> None:
    inputs = [{"name": "counts.jsonl", "sha256": "a" * 64}]
    result = {"rows": [{"rule": "bayes", "draws": 3.25, "tokens": None}]}
    with store.writing() as writer:
        made = put_report(writer, kind="replay", title="B", seed=7, inputs=inputs, request={"cap": 100}, result=result)
        assert report(writer, made.id) == made
    assert isinstance(made, ReplayRow)
    assert (made.inputs, made.request, made.result) == (inputs, {"cap": 100}, result)


@pytest.mark.parametrize("kind", ["weights", "transfer", "subsets", "curve"])
def test_whatever_is_learnt_of_weights_is_a_weighting(store: Store, kind: str) -> None:
    with store.writing() as writer:
        made = put_report(writer, kind=kind, title="", seed=0, inputs=[], request={}, result={})
        assert isinstance(made, WeightingRow)
        assert report(writer, made.id) == made


def test_equal_inputs_have_equal_hashes_whatever_the_order_of_their_keys(store: Store) -> None:
    with store.writing() as writer:
        hashes = [
            put_report(writer, kind="curve", title="", seed=0, inputs=[inputs], request={}, result={}).inputs_sha256
            for inputs in ({"a": 1, "b": 2}, {"b": 2, "a": 1}, {"a": 1, "b": 3})
        ]
    assert hashes[0] == hashes[1] != hashes[2]


def test_reports_of_both_tables_are_listed_latest_first(store: Store) -> None:
    with store.writing() as writer:
        made = [
            put_report(writer, kind=kind, title=kind, seed=0, inputs=[], request={}, result={})
            for kind in ("replay", "weights", "replay")
        ]
        assert [head.id for head in reports(writer)] == [row.id for row in reversed(made)]
        assert reports(writer)[1]._asdict() == {
            "id": made[1].id, "kind": "weights", "title": "weights", "created_at": made[1].created_at
        }  # fmt: skip


def test_there_is_no_report_under_an_unknown_id(store: Store) -> None:
    with store.reading() as reader:
        assert report(reader, "gone") is None
        assert reports(reader) == ()


def test_a_result_that_json_cannot_say_is_refused(store: Store) -> None:
    with store.writing() as writer, pytest.raises(RowError, match=r"replays\.result cannot be stored"):
        put_report(writer, kind="replay", title="", seed=0, inputs=[], request={}, result={"draws": float("nan")})


def test_candidates_of_runs_come_with_their_prompt_and_failures_do_not(store: Store) -> None:
    with store.writing() as writer:
        run, outputs = whole_run(writer, candidates=3)
        found = run_candidates(writer)
        assert run_count(writer) == (1, 3)
    assert [each.output_tokens for each in found] == [4, 4, 4]
    assert {(each.prompt_id, each.reference, each.member, each.answer) for each in found} == {
        (run.prompt_id, "42", "m", "42")
    }
    assert len(outputs) == 4  # the fusion is no candidate


def test_what_a_retried_run_keeps_of_its_parent_counts_once(store: Store) -> None:
    with store.writing() as writer:
        parent, _ = whole_run(writer, candidates=2)
        retried = start_run(writer, parent_run_id=parent.id)
        for position, is_recorded in ((1, True), (2, True), (3, False)):
            writer.insert(replace(draw(retried, position), is_recorded=is_recorded))
            writer.insert(candidate(writer, retried, position=position))
        assert run_count(writer) == (1, 3)


def test_recorded_candidates_of_a_run_of_their_own_count(store: Store) -> None:
    with store.writing() as writer:
        run = start_run(writer)
        writer.insert(replace(draw(run, 1), is_recorded=True))
        writer.insert(candidate(writer, run, position=1))
        assert run_count(writer) == (1, 1)
