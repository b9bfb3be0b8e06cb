"""Corrections: all stay, the latest holds, a press counts once, and nobody overwrites what they have not seen."""

from dataclasses import replace

import pytest

from storage.connection import Store
from storage.corrections import (
    RegroupingRow,
    SourceCorrectionRow,
    corrections,
    grouping_of,
    groupings_of,
    insert_correction,
)
from storage.errors import ConflictError, RowError
from storage.ratings import rater_named
from storage.rows import Writer
from storage.runs import RunRow
from tests.storage.samples import whole_run


def regrouping(writer: Writer, run: RunRow, **changes: object) -> RegroupingRow:
    row = RegroupingRow(
        run_id=run.id,
        rater_id=rater_named(writer, "Ada").id,
        body={"aliases": {"a": "b"}, "answers": {}},
        request_key="press-0001",
        created_at=writer.identity.now(),
    )
    return replace(row, **changes)  # type: ignore[arg-type]


def source(writer: Writer, run: RunRow, **changes: object) -> SourceCorrectionRow:
    row = SourceCorrectionRow(
        run_id=run.id,
        rater_id=rater_named(writer, "Ada").id,
        span_start=0,
        span_end=4,
        position=1,
        is_source=True,
        request_key="press-0001",
        created_at=writer.identity.now(),
    )
    return replace(row, **changes)  # type: ignore[arg-type]


def test_the_latest_grouping_holds_and_all_stay(store: Store) -> None:
    with store.writing() as writer:
        run, _ = whole_run(writer)
        first = insert_correction(writer, regrouping(writer, run))
        empty = {"aliases": {}, "answers": {}}
        last = insert_correction(writer, regrouping(writer, run, body=empty, request_key="press-0002"))
    with store.reading() as reader:
        found = corrections(reader, run.id)
        assert found.regroupings == (first, last)
        assert found.grouping == grouping_of(reader, run.id) == empty
        assert set(found.names.values()) == {"Ada"}


def test_a_press_that_arrives_twice_counts_once(store: Store) -> None:
    with store.writing() as writer:
        run, _ = whole_run(writer)
        first = insert_correction(writer, regrouping(writer, run), seen=0)
        insert_correction(writer, regrouping(writer, run, request_key="press-0002"))
        assert insert_correction(writer, regrouping(writer, run), seen=0) == first
        assert len(corrections(writer, run.id).regroupings) == 2


def test_a_key_that_was_used_for_something_else_is_refused(store: Store) -> None:
    with store.writing() as writer:
        run, _ = whole_run(writer)
        insert_correction(writer, source(writer, run))
        with pytest.raises(RowError, match="another correction"):
            insert_correction(writer, source(writer, run, is_source=False))


def test_what_others_grouped_meanwhile_is_not_overwritten_unseen(store: Store) -> None:
    with store.writing() as writer:
        run, _ = whole_run(writer)
        insert_correction(writer, regrouping(writer, run), seen=0)
        with pytest.raises(ConflictError, match="meanwhile"):
            insert_correction(writer, regrouping(writer, run, request_key="press-0002"), seen=0)
        assert insert_correction(writer, regrouping(writer, run, request_key="press-0003"), seen=1).seq == 2


def test_a_run_that_nobody_corrected_has_no_grouping(store: Store) -> None:
    with store.writing() as writer:
        run, _ = whole_run(writer)
        assert grouping_of(writer, run.id) is None
        assert corrections(writer, run.id) == ((), (), {})


def test_groupings_of_many_runs_are_found_at_once(store: Store) -> None:
    with store.writing() as writer:
        runs = [whole_run(writer)[0] for _ in range(3)]
        for number, run in enumerate(runs[:2]):
            insert_correction(writer, regrouping(writer, run, request_key=f"press-000{number}", body={"n": number}))
        insert_correction(writer, regrouping(writer, runs[0], request_key="press-0009", body={"n": 9}))
        assert groupings_of(writer, [run.id for run in runs]) == {runs[0].id: {"n": 9}, runs[1].id: {"n": 1}}


def test_sources_are_numbered_within_their_run_and_know_three_states(store: Store) -> None:
    with store.writing() as writer:
        run, _ = whole_run(writer)
        for number, is_source in enumerate((True, False, None), start=1):
            insert_correction(writer, source(writer, run, is_source=is_source, request_key=f"press-{number:04}"))
        found = corrections(writer, run.id).sources
    assert [(row.seq, row.is_source) for row in found] == [(1, True), (2, False), (3, None)]


@pytest.mark.parametrize(
    "changes", [{"position": 99}, {"span_end": 0}, {"span_start": -1}, {"run_id": "0" * 26}, {"rater_id": "nobody"}]
)
def test_a_correction_that_fits_no_run_is_refused(store: Store, changes: dict[str, object]) -> None:
    with store.writing() as writer:
        run, _ = whole_run(writer)
    with pytest.raises(RowError), store.writing() as writer:
        insert_correction(writer, source(writer, run, **changes))
