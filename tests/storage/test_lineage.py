"""Where runs come from: ancestors, descendants, and the runs of one prompt, however many there are."""

import pytest

from storage.connection import Store
from storage.lineage import ancestors, descendants, run_count_of, runs_of_prompt, siblings
from storage.rows import Writer
from storage.runs import RunRow
from tests.storage.samples import start_run, whole_run


def family(writer: Writer) -> list[RunRow]:
    """A run, two that began from it, and one that began from the second of these."""
    first = start_run(writer)
    second, third = (start_run(writer, parent_run_id=first.id) for _ in range(2))
    return [first, second, third, start_run(writer, parent_run_id=third.id)]


def test_a_run_knows_where_it_comes_from_and_what_came_from_it(store: Store) -> None:
    with store.writing() as writer:
        first, second, third, last = family(writer)
        start_run(writer)
        assert ancestors(writer, last.id, limit=9) == (third.id, first.id)
        assert set(descendants(writer, first.id, limit=9)) == {second.id, third.id, last.id}
        assert (ancestors(writer, first.id, limit=9), descendants(writer, last.id, limit=9)) == ((), ())


@pytest.mark.parametrize("limit", [1, 2])
def test_a_long_line_is_cut(store: Store, limit: int) -> None:
    with store.writing() as writer:
        run = start_run(writer)
        line = [run]
        for _ in range(5):
            line.append(start_run(writer, parent_run_id=line[-1].id))
        assert len(ancestors(writer, line[-1].id, limit=limit)) == limit
        assert len(descendants(writer, run.id, limit=limit)) == limit


def test_the_latest_runs_of_a_prompt_come_first(store: Store) -> None:
    with store.writing() as writer:
        runs = [start_run(writer) for _ in range(4)]
        start_run(writer, text="Another question")
        assert runs_of_prompt(writer, runs[0].prompt_id, limit=2) == (runs[3].id, runs[2].id)
        assert run_count_of(writer, runs[0].prompt_id) == 4


def test_siblings_tell_their_recipes_and_what_they_took(store: Store) -> None:
    with store.writing() as writer:
        run, _ = whole_run(writer, candidates=3)
        open_run = start_run(writer, parent_run_id=run.id)
        found = siblings(writer, [run.id, open_run.id, "nowhere"])
    assert [(each.id, each.ended, each.draws, each.parent_run_id) for each in found] == [
        (open_run.id, None, 0, run.id),
        (run.id, "completed", 3, None),
    ]
    assert found[1].recipe == {"members": [{"name": "m", "weight": 1.0}], "seed": 7}


def test_kin_are_found_by_index(store: Store) -> None:
    with store.reading() as reader:
        plan = reader.execute("EXPLAIN QUERY PLAN SELECT id FROM runs WHERE parent_run_id = ?", "x").fetchall()
    assert "runs_by_parent" in str(plan)
