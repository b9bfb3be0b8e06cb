"""Runs: all of one run in one piece, the latest first, and the vocabulary that the tables share with the engine."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest

from fusion_ui.engine import values
from storage.connection import Store
from storage.errors import RowError
from storage.ratings import ContenderRole, RatingRow, ScoreRow, Verdict
from storage.rows import Row
from storage.runs import (
    FailureRow,
    JudgementRow,
    Origin,
    OutcomeRow,
    RunRow,
    SelectionRow,
    StopRow,
    run_rows,
)
from storage.sequences import next_seq
from tests.storage.samples import candidate, draw, failure, fusion, judgement, start_run, whole_run

GOLDEN = Path(__file__).parent / "golden" / "schema.sql"


def test_a_run_comes_back_whole_and_in_order(store: Store) -> None:
    with store.writing() as writer:
        run, outputs = whole_run(writer, candidates=3)
    with store.reading() as reader:
        rows = run_rows(reader, run.id)
    assert rows is not None
    assert (rows.run, rows.prompt.text, rows.recipe.body["seed"]) == (run, "What is 6 x 7?", 7)  # type: ignore[index, call-overload]
    assert rows.draws == tuple(draw(run, position) for position in range(1, 6))
    assert (*rows.candidates, rows.fusion) == rows.outputs == outputs
    assert [(each.seq, each.position) for each in rows.failures] == [(1, 4), (2, None)]
    assert [each.winner for each in rows.judgements] == [1]
    assert rows.stop is not None
    assert rows.stop.cancelled == [5]
    assert rows.selection is not None
    assert rows.selection.output_id == outputs[0].id
    assert rows.fusion_start is not None
    assert rows.fusion_start.shown == [2, 1]
    assert rows.outcome is not None
    assert (rows.outcome.ended, rows.outcome.duration_ms) == ("completed", 1200.5)


def test_candidates_come_by_position_whatever_the_order_of_arrival(store: Store) -> None:
    with store.writing() as writer:
        run = start_run(writer)
        for position in (3, 1, 2):
            writer.insert(draw(run, position))
            writer.insert(candidate(writer, run, position=position))
        rows = run_rows(writer, run.id)
    assert rows is not None
    assert [each.position for each in rows.draws] == [each.position for each in rows.candidates] == [1, 2, 3]


def test_a_run_that_only_began_has_no_outcome(store: Store) -> None:
    with store.writing() as writer:
        rows = run_rows(writer, start_run(writer).id)
    assert rows is not None
    assert (rows.draws, rows.candidates, rows.outputs, rows.failures, rows.judgements) == ((), (), (), (), ())
    assert (rows.stop, rows.selection, rows.fusion_start, rows.fusion, rows.outcome) == (None,) * 5


@pytest.mark.parametrize("run_id", ["", "nonsense", "0" * 26, "' OR 1=1 --"])
def test_a_run_that_is_not_there_is_none(store: Store, run_id: str) -> None:
    with store.writing() as writer:
        start_run(writer)
    with store.reading() as reader:
        assert run_rows(reader, run_id) is None


def test_rows_of_another_run_stay_out(store: Store) -> None:
    with store.writing() as writer:
        whole_run(writer)
        run, outputs = whole_run(writer)
        rows = run_rows(writer, run.id)
    assert rows is not None
    assert (*rows.candidates, rows.fusion) == rows.outputs == outputs


def test_failures_and_judgements_are_counted_by_run(store: Store) -> None:
    with store.writing() as writer:
        whole_run(writer)
        run, _ = whole_run(writer)
        assert [next_seq(writer, each, of="run_id", key=run.id) for each in (FailureRow, JudgementRow)] == [3, 2]
        assert next_seq(writer, FailureRow, of="run_id", key=start_run(writer).id) == 1


@pytest.mark.parametrize("doubled", ["draw", "candidate", "failure", "fusion", "outcome", "stop"])
def test_what_happens_once_is_stored_once(store: Store, doubled: str) -> None:
    with store.writing() as writer:
        run, _ = whole_run(writer)
        again: dict[str, Row] = {
            "draw": draw(run, 1),
            "candidate": candidate(writer, run, position=1),
            "failure": failure(writer, run, position=3),
            "fusion": fusion(writer, run),
            "outcome": OutcomeRow(run_id=run.id, ended="failed", created_at=run.started_at),
            "stop": StopRow(run_id=run.id, reason="cap", draws=1, created_at=run.started_at),
        }
        with pytest.raises(RowError):
            writer.insert(again[doubled])


def test_a_selection_points_at_an_output_of_its_own_run(store: Store) -> None:
    with store.writing() as writer:
        _, others = whole_run(writer)
        run = start_run(writer)
        selection = SelectionRow(
            run_id=run.id, output_id=others[0].id, selector="vote", body={}, created_at=run.started_at
        )
        with pytest.raises(RowError, match="FOREIGN KEY"):
            writer.insert(selection)


def test_a_judgement_is_won_by_a_draw_of_its_run_or_by_none(store: Store) -> None:
    with store.writing() as writer:
        run, _ = whole_run(writer)
        writer.insert(replace(judgement(writer, run), winner=None))
        with pytest.raises(RowError, match="FOREIGN KEY"):
            writer.insert(replace(judgement(writer, run), winner=99))


def test_a_retry_names_the_run_it_continues(store: Store) -> None:
    with store.writing() as writer:
        first = start_run(writer)
        again = start_run(writer, parent_run_id=first.id)
        rows = run_rows(writer, again.id)
        with pytest.raises(RowError, match="FOREIGN KEY"):
            start_run(writer, parent_run_id="0" * 26)
    assert rows is not None
    assert rows.run.parent_run_id == first.id


@pytest.mark.parametrize(
    ("row_type", "column", "words"),
    [
        (RunRow, "origin", Origin),
        (FailureRow, "stage", values.Stage),
        (StopRow, "reason", values.StopReason),
        (OutcomeRow, "ended", values.Ended),
        (RatingRow, "verdict", Verdict),
        (RatingRow, "role", ContenderRole | None),
        (ScoreRow, "role", ContenderRole),
    ],
)
def test_a_table_takes_the_words_that_its_row_and_the_engine_use(row_type: type[Row], column: str, words: Any) -> None:
    assert get_type_hints(row_type)[column] == words
    table = re.search(rf"CREATE TABLE {row_type.table} \((.*?)\n\) STRICT", GOLDEN.read_text("utf-8"), re.DOTALL)
    assert table is not None
    listed = re.search(rf"\b{column} IN \((.*?)\)", table[1])
    assert listed is not None
    allowed = get_args(words)[0] if type(None) in get_args(words) else words
    assert set(re.findall(r"'(\w+)'", listed[1])) == set(get_args(allowed))
