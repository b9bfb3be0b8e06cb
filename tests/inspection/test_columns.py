"""Columns follow the store: however they were caught up, they are what a fresh reading gives."""

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.inspection.columns import Columns, caught_up
from storage.cases import Label, put_case
from storage.connection import Store
from storage.rows import Writer
from tests.storage.case_samples import WORDING, case_of
from tests.storage.samples import sample_store, start_run

LABELS = tuple(Label(kind, value) for kind in ("member", "tag") for value in ("a", "b", "c"))


def current(store: Store, columns: Columns | None = None) -> Columns:
    with store.reading() as reader:
        return caught_up(columns or Columns(), reader)


def seen(columns: Columns) -> dict[str, tuple[object, ...]]:
    """What the columns say of each run, its labels in any order."""
    labels: dict[int, set[Label]] = {row: set() for row in range(len(columns))}
    for kind, entries in columns.entries.items():
        for row, label in zip(entries.rows.tolist(), entries.labels.tolist(), strict=True):
            assert columns.labels[label].kind == kind
            labels[row].add(columns.labels[label])
    ids = columns.run_ids(np.arange(len(columns), dtype=np.int32))
    return {run_id: (columns.figures["draws"][row].item(), labels[row]) for row, run_id in enumerate(ids)}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store with four runs, which goes on changing."""
    with sample_store(tmp_path_factory.mktemp("columns")) as store:
        with store.writing() as writer:
            for _ in range(4):
                start_run(writer)
        yield store


CHANGE = st.tuples(st.integers(0, 3), st.integers(0, 99), st.sets(st.sampled_from(LABELS)), st.booleans())


@given(st.lists(CHANGE, max_size=12))
def test_catching_up_in_steps_is_reading_afresh(
    shared: Store, changes: list[tuple[int, int, set[Label], bool]]
) -> None:
    columns = current(shared)
    for run, draws, labels, is_looked_at in changes:
        with shared.writing() as writer:
            (run_id,) = writer.execute("SELECT id FROM runs ORDER BY id LIMIT 1 OFFSET ?", run).fetchone()
            put(writer, run_id, draws=draws, labels=tuple(labels))
        columns = current(shared, columns) if is_looked_at else columns
    assert seen(current(shared, columns)) == seen(current(shared))


def put(writer: Writer, run_id: str, **given: object) -> None:
    put_case(writer, case_of(run_id, **given), wording=WORDING, notes=[])


def test_a_snapshot_stays_as_it_was(store: Store) -> None:
    with store.writing() as writer:
        run = start_run(writer)
        put(writer, run.id, draws=3)
    before = current(store)
    with store.writing() as writer:
        put(writer, run.id, draws=9)
        put(writer, start_run(writer).id)
    after = current(store, before)
    assert [column.figures["draws"].tolist() for column in (before, after)] == [[3], [9, 2]]
    assert (before.row_of(run.id), before.row_of("0" * 26), len(after)) == (0, None, 2)


def test_cases_of_a_later_snapshot_are_left_out_of_masks(store: Store) -> None:
    with store.writing() as writer:
        put(writer, start_run(writer).id)
    columns = current(store)
    assert columns.mask_of("1,2,99").tolist() == [True]
    assert columns.mask_of("").tolist() == [False]
