"""Rows come back as they went in, or are refused by name."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.connection import Store
from storage.errors import RowError
from storage.rows import Row, Writer
from storage.runs import FailureRow, FusionStartRow, JudgementRow, OutputRow, RunRow
from tests.storage.samples import candidate, draw, failure, fusion, judgement, start_run

TEXTS = st.text(max_size=40)  # every character, NUL too, but lone surrogates
COUNTS = st.none() | st.integers(min_value=0, max_value=2**63 - 1)
AMOUNTS = st.none() | st.floats(min_value=0, allow_nan=False)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
USAGE = {
    "input_tokens": COUNTS,
    "output_tokens": COUNTS,
    "cost_usd": AMOUNTS,
    "duration_ms": AMOUNTS,
    "first_token_ms": AMOUNTS,
}
# The store is the same for all examples of a law: each takes its own row back.
law = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)


@pytest.fixture
def writer(store: Store) -> Iterator[Writer]:
    with store.writing() as open_writer:
        yield open_writer


@pytest.fixture
def run(writer: Writer) -> RunRow:
    """A run with two draws, nothing more."""
    started = start_run(writer)
    writer.insert(draw(started, 1))
    writer.insert(draw(started, 2))
    return started


def assert_comes_back(writer: Writer, row: Row) -> None:
    writer.execute("SAVEPOINT example")
    writer.insert(row)
    assert writer.rows(type(row), "ORDER BY rowid DESC LIMIT 1") == (row,)
    writer.execute("ROLLBACK TO example")


@law
@given(
    given_fields=st.fixed_dictionaries(
        {"text": TEXTS, "thought": TEXTS, "answer": st.none() | TEXTS, "finish_reason": TEXTS, **USAGE}
    )
)
def test_a_candidate_comes_back_as_it_was(writer: Writer, run: RunRow, given_fields: dict[str, Any]) -> None:
    assert_comes_back(writer, replace(candidate(writer, run, position=1), **given_fields))


@law
@given(text=TEXTS, detail=st.dictionaries(TEXTS, JSON, max_size=4))
def test_a_fusion_comes_back_with_its_detail(writer: Writer, run: RunRow, text: str, detail: Any) -> None:
    assert_comes_back(writer, replace(fusion(writer, run), text=text, detail=detail))


@law
@given(
    given_fields=st.fixed_dictionaries(
        {"kind": TEXTS.filter(bool), "message": TEXTS, "text": TEXTS, "is_retryable": st.booleans()}
    )
)
def test_a_failure_comes_back_as_it_was(writer: Writer, run: RunRow, given_fields: dict[str, Any]) -> None:
    assert_comes_back(writer, replace(failure(writer, run, position=2), **given_fields))


@law
@given(
    given_fields=st.fixed_dictionaries(
        {
            "shown": st.lists(st.integers(1, 9)),
            "winner": st.sampled_from([None, 1, 2]),
            "score": st.none() | st.floats(allow_nan=False),
            "is_readable": st.booleans(),
            **USAGE,
        }
    ),
    reply=st.tuples(TEXTS, TEXTS, TEXTS) | st.just((None, None, None)),
)
def test_a_judgement_comes_back_with_or_without_a_reply(
    writer: Writer, run: RunRow, given_fields: dict[str, Any], reply: tuple[Any, Any, Any]
) -> None:
    text, thought, finish_reason = reply
    row = replace(judgement(writer, run), text=text, thought=thought, finish_reason=finish_reason, **given_fields)
    assert_comes_back(writer, row)


@pytest.mark.parametrize(
    "text", ["a\0b", "\0", "é" * 1_000_000, "👩‍👩‍👧 שלום 日本", "\r\n\u2028\ufeff", "'); DROP TABLE runs; --"]
)
def test_hostile_and_huge_texts_come_back(writer: Writer, run: RunRow, text: str) -> None:
    assert_comes_back(writer, replace(candidate(writer, run, position=1, text=text), thought=text, answer=text))


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("text", "half a pair \ud800"),
        ("answer", "\udfff"),
        ("detail", {"comparison": "\ud800"}),
        ("detail", {"score": float("nan")}),
        ("detail", {"score": float("inf")}),
        ("detail", {"order": {1, 2}}),
        ("cost_usd", float("nan")),
    ],
)
def test_a_value_that_sqlite_or_json_would_bend_is_refused_by_name(
    writer: Writer, run: RunRow, column: str, value: Any
) -> None:
    row = replace(candidate(writer, run, position=1), **{column: value})
    with pytest.raises(RowError, match=rf"outputs\.{column} "):
        writer.insert(row)
    assert writer.rows(OutputRow) == ()


def test_a_document_nested_without_end_is_refused(writer: Writer, run: RunRow) -> None:
    endless: list[Any] = []
    endless.append(endless)
    start = FusionStartRow(run_id=run.id, fusor="f", model="", shown=endless, created_at=run.started_at)
    with pytest.raises(RowError, match=r"fusion_starts\.shown cannot be stored"):
        writer.insert(start)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("id", "short"),
        ("run_id", "0" * 26),
        ("role", "judge"),
        ("position", None),
        ("position", 3),
        ("text", None),
        ("text", ["list"]),
        ("answer_start", 9),
        ("answer_end", None),
        ("input_tokens", -1),
        ("input_tokens", "many"),
        ("cost_usd", -0.1),
        ("detail", ["no object"]),
        ("detail", None),
        ("created_at", "yesterday"),
    ],
)
def test_a_row_that_breaks_a_rule_of_its_table_is_refused(writer: Writer, run: RunRow, column: str, value: Any) -> None:
    row = replace(candidate(writer, run, position=1), **{column: value})
    with pytest.raises(RowError, match=r"outputs refused a row: .* Nothing of the row was stored"):
        writer.insert(row)
    assert writer.rows(OutputRow) == ()


@pytest.mark.parametrize("key", ["\ud800", 2**63])
def test_asking_for_what_no_column_can_hold_is_refused(writer: Writer, key: str | int) -> None:
    with pytest.raises(RowError, match="No column can hold"):
        writer.rows(OutputRow, "WHERE id = ?", key)


def test_a_number_too_great_for_sqlite_is_refused(writer: Writer, run: RunRow) -> None:
    with pytest.raises(RowError, match="No column can hold"):
        writer.insert(replace(candidate(writer, run, position=1), input_tokens=2**63))


def test_a_refused_row_leaves_the_others_of_its_block(store: Store) -> None:
    with store.writing() as writer:
        run = start_run(writer)
        with pytest.raises(RowError):
            writer.insert(draw(run, 0))
        writer.insert(draw(run, 1))
    with store.reading() as reader:
        assert reader.row(FailureRow, "WHERE run_id = ?", run.id) is None
        assert reader.row(JudgementRow, "WHERE run_id = ?", run.id) is None
        assert reader.rows(type(draw(run, 1))) == (draw(run, 1),)
