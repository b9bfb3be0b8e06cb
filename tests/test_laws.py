"""The laws of stored runs: those that the app stores keep them, and each is broken by what it forbids."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from fusion_ui.laws import broken_laws
from fusion_ui.replay import NoRunError
from storage.connection import open_store
from tests.faults.work import finished_run

GUARDS = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name GLOB 'guard_*_update'"


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    """A store with one run, whose rows may be changed."""
    with open_store(tmp_path / "l.db") as store:
        finished_run(store, seed=3)
    with closing(sqlite3.connect(store.path)) as connection:
        for (name,) in connection.execute(GUARDS).fetchall():
            connection.execute(f"DROP TRIGGER {name}")
    return store.path


def laws_after(path: Path, change: str) -> tuple[str, ...]:
    with closing(sqlite3.connect(path)) as connection, connection:
        assert connection.execute(change).rowcount == 1
    with open_store(path) as store, store.reading() as reader:
        return broken_laws(reader, reader.execute("SELECT id FROM runs").fetchone()[0])


def test_runs_of_any_seed_keep_the_laws(tmp_path: Path) -> None:
    with open_store(tmp_path / "l.db") as store:
        run_ids = [finished_run(store, seed=seed) for seed in range(8)]
        with store.reading() as reader:
            assert {broken_laws(reader, run_id) for run_id in run_ids} == {()}


def test_a_run_without_an_outcome_keeps_the_laws(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DROP TRIGGER guard_outcomes_delete")
    assert laws_after(path, "DELETE FROM outcomes") == ()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("UPDATE stops SET draws = 9", "sampling stopped with 9 candidates, and 4 are stored"),
        ("UPDATE stops SET cancelled = '[2]'", "the draws [] have no end, and [2] were cancelled"),
        (
            "UPDATE selections SET output_id = (SELECT id FROM outputs WHERE role = 'fusion')",
            "under another output's id",
        ),
        ("UPDATE fusion_starts SET shown = '[1, 77]'", "the fusor was shown (1, 77)"),
        ("UPDATE judgements SET shown = '[1, 77]' WHERE seq = 1", "the judge was shown (1, 77)"),
        ("UPDATE outputs SET answer_start = 0, answer_end = 9999 WHERE position = 1", "beyond the end of its text"),
        ("UPDATE outcomes SET output_tokens = 123456", "took other tokens or money"),
        ("UPDATE recipes SET body = '{}'", "it cannot be replayed (ValidationError"),
        ("UPDATE fusion_starts SET shown = '[\"a\"]'", "it cannot be replayed (ValidationError"),
    ],
)
def test_what_a_law_forbids_is_named(path: Path, change: str, words: str) -> None:
    (told,) = laws_after(path, change)
    assert words in told


def test_the_vote_is_counted_anew(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("""UPDATE selections SET body = json_set(body, '$.selector', 'vote', '$.position', 1),
            output_id = (SELECT id FROM outputs WHERE position = 1)""")
        connection.execute("UPDATE outputs SET answer = '42'")
        connection.execute("UPDATE outputs SET answer = '41' WHERE position = 1")
    assert laws_after(path, "UPDATE runs SET seed = 0") == ("candidate 1 was picked by vote, and the vote is for 42",)


def test_a_draw_ends_once(path: Path) -> None:
    failure = """INSERT INTO failures SELECT run_id, 9, 'sampling', (SELECT max(position) FROM outputs), 'rate', '', '',
        0, NULL, created_at FROM stops"""
    assert laws_after(path, failure) == ("a draw has both finished and failed",)


def test_a_run_that_is_not_there_breaks_no_law(path: Path) -> None:
    with open_store(path) as store, store.reading() as reader, pytest.raises(NoRunError):
        broken_laws(reader, "none")
