"""Ratings: stored once, revised without a fork, and pointing at what they judge."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.connection import Store
from storage.errors import RowError
from storage.ratings import (
    Rating,
    RatingRow,
    Score,
    StaleRatingError,
    current_rating,
    insert_rating,
    known_rater,
    rater_named,
    rating_history,
)
from storage.rows import Writer
from storage.runs import OutputRow, RunRow
from tests.storage.samples import rating, sample_store, whole_run


@pytest.fixture
def run(store: Store) -> tuple[RunRow, tuple[OutputRow, ...]]:
    with store.writing() as writer:
        return whole_run(writer)


Run = tuple[RunRow, tuple[OutputRow, ...]]


def test_a_rating_comes_back_with_its_scores(store: Store, run: Run) -> None:
    row, (first, second, fused) = run
    scores = [
        Score(fused.id, "fusion", "stars", 5),
        Score(first.id, "best", "stars", 3),
        Score(second.id, "vote", "stars", 1),
    ]
    with store.writing() as writer:
        given_row = rating(writer, row, output=second, note="ölig\0")
        stored = insert_rating(writer, given_row, scores)
        assert stored.row == given_row
        assert set(stored.scores) == set(scores)
        assert current_rating(writer, run_id=row.id, rater_id=given_row.rater_id) == stored


def test_an_unrated_run_has_no_rating(store: Store, run: Run) -> None:
    with store.writing() as writer:
        ada = rater_named(writer, "Ada").id
        assert current_rating(writer, run_id=run[0].id, rater_id=ada) is None
        assert rating_history(writer, run_id=run[0].id, rater_id=ada) == ()


def test_a_double_press_from_two_threads_is_stored_once(store: Store, run: Run) -> None:
    together = Barrier(2)

    def press(_: int) -> Rating:
        together.wait()
        with store.writing() as writer:
            return insert_rating(writer, rating(writer, run[0]), [Score(run[1][0].id, "candidate", "stars", 4)])

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(press, range(2))
    assert first == second
    with store.reading() as reader:
        assert len(reader.rows(RatingRow)) == 1


def test_of_two_tabs_that_rate_at_once_the_second_learns_what_stands(store: Store, run: Run) -> None:
    together = Barrier(2)

    def press(key: str) -> Rating | StaleRatingError:
        together.wait()
        try:
            with store.writing() as writer:
                return insert_rating(writer, rating(writer, run[0], key=key))
        except StaleRatingError as conflict:
            return conflict

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(press, ["tab-1", "tab-2"]))
    (stored,) = [result for result in results if isinstance(result, Rating)]
    (conflict,) = [result for result in results if isinstance(result, StaleRatingError)]
    assert conflict.current == stored
    assert "look at the rating that stands now" in str(conflict)


def test_a_press_that_arrives_again_after_a_revision_is_still_acknowledged(store: Store, run: Run) -> None:
    with store.writing() as writer:
        pressed = rating(writer, run[0], key="1")
        first = insert_rating(writer, pressed)
        insert_rating(writer, rating(writer, run[0], key="2", supersedes=first.row.id))
        assert insert_rating(writer, pressed) == first


@pytest.mark.parametrize("change", [{"note": "other"}, {"verdict": "all_bad"}, {"names_visible": False}])
def test_a_key_used_for_another_rating_is_not_acknowledged(store: Store, run: Run, change: dict[str, Any]) -> None:
    with store.writing() as writer:
        pressed = rating(writer, run[0])
        insert_rating(writer, pressed)
        with pytest.raises(RowError, match="belongs to another rating"):
            insert_rating(writer, replace(pressed, **change))


def test_a_key_used_with_other_scores_is_not_acknowledged(store: Store, run: Run) -> None:
    with store.writing() as writer:
        pressed = rating(writer, run[0])
        insert_rating(writer, pressed, [Score(run[1][0].id, "candidate", "stars", 4)])
        with pytest.raises(RowError, match="belongs to another rating"):
            insert_rating(writer, pressed, [Score(run[1][0].id, "candidate", "stars", 5)])


def test_a_revision_of_what_is_not_there_says_so(store: Store, run: Run) -> None:
    with store.writing() as writer:
        with pytest.raises(StaleRatingError, match="is not one of this person") as conflict:
            insert_rating(writer, rating(writer, run[0], supersedes="0" * 26))
        assert conflict.value.current is None
        assert writer.rows(RatingRow) == ()


def test_nobody_revises_the_rating_of_another(store: Store, run: Run) -> None:
    with store.writing() as writer:
        ada = insert_rating(writer, rating(writer, run[0], key="a"))
        with pytest.raises(StaleRatingError):
            insert_rating(writer, rating(writer, run[0], key="b", rater="Ben", supersedes=ada.row.id))


def test_the_tables_themselves_allow_no_fork_and_no_second_beginning(store: Store, run: Run) -> None:
    with store.writing() as writer:
        first = insert_rating(writer, rating(writer, run[0], key="1")).row
        insert_rating(writer, rating(writer, run[0], key="2", supersedes=first.id))
        with pytest.raises(RowError, match="key already"):
            writer.insert(rating(writer, run[0], key="3", supersedes=first.id))
        with pytest.raises(RowError, match="UNIQUE"):
            writer.insert(rating(writer, run[0], key="4"))


@pytest.mark.parametrize(
    "change",
    [
        {"verdict": "output"},
        {"verdict": "left"},
        {"role": "best"},
        {"verdict": "withdrawn"},
        {"request_key": ""},
        {"run_id": "0" * 26},
        {"note": "\ud800"},
    ],
)
def test_a_rating_that_makes_no_sense_is_refused(store: Store, run: Run, change: dict[str, Any]) -> None:
    with store.writing() as writer:
        with pytest.raises(RowError):
            insert_rating(writer, replace(rating(writer, run[0]), **change))
        assert writer.rows(RatingRow) == ()


@pytest.mark.parametrize("stars", [0, 6, float("nan")])
def test_stars_go_from_one_to_five_and_a_bad_one_stores_nothing(store: Store, run: Run, stars: float) -> None:
    with suppress(RowError), store.writing() as writer:
        insert_rating(writer, rating(writer, run[0]), [Score(run[1][0].id, "candidate", "stars", stars)])
    with store.reading() as reader:
        assert reader.rows(RatingRow) == ()


def test_a_rating_points_only_at_outputs_of_its_run(store: Store, run: Run) -> None:
    with store.writing() as writer:
        _, others = whole_run(writer)
        with pytest.raises(RowError, match="FOREIGN KEY"):
            insert_rating(writer, rating(writer, run[0], output=others[0]))
    with pytest.raises(RowError, match="FOREIGN KEY"), store.writing() as writer:
        insert_rating(writer, rating(writer, run[0]), [Score(others[0].id, "candidate", "stars", 3)])


def test_names_that_look_the_same_are_one_rater(store: Store) -> None:
    with store.writing() as writer:
        spellings = ["Zoë  Ada", " Zoe\u0308 Ada\t"]
        assert len({rater_named(writer, name).id for name in spellings}) == 1
        assert rater_named(writer, "zoë ada").id != rater_named(writer, spellings[0]).id
        assert known_rater(writer, spellings[1]) == rater_named(writer, spellings[0])
        assert known_rater(writer, "Ben") is None


@pytest.mark.parametrize("name", ["", " \t", "x" * 201, "\ud800"])
def test_a_name_that_cannot_be_is_refused(store: Store, name: str) -> None:
    with store.writing() as writer, pytest.raises(RowError):
        rater_named(writer, name)


PRESSES = st.lists(
    st.tuples(st.sampled_from(["Ada", "Ben"]), st.sampled_from(["fresh", "stale", "again"])), max_size=12
)


@settings(max_examples=25)
@given(presses=PRESSES)
def test_whatever_people_press_each_history_is_one_chain(
    tmp_path_factory: pytest.TempPathFactory, presses: list[tuple[str, str]]
) -> None:
    folder: Path = tmp_path_factory.mktemp("presses")
    with sample_store(folder) as store, store.writing() as writer:
        run, _ = whole_run(writer)
        expected: dict[str, list[RatingRow]] = {"Ada": [], "Ben": []}
        for number, (name, kind) in enumerate(presses):
            _press(writer, run, expected[name], name=name, key=f"{number}", kind=kind)
        for name, rows in expected.items():
            rater = rater_named(writer, name).id
            history = rating_history(writer, run_id=run.id, rater_id=rater)
            assert [each.row for each in history] == rows
            assert current_rating(writer, run_id=run.id, rater_id=rater) == (history[-1] if history else None)


def _press(writer: Writer, run: RunRow, rows: list[RatingRow], *, name: str, key: str, kind: str) -> None:
    standing = rows[-1].id if rows else None
    if kind == "again" and rows:
        assert insert_rating(writer, rows[0]).row == rows[0]
    elif kind == "stale" and rows:
        with pytest.raises(StaleRatingError):
            insert_rating(writer, rating(writer, run, rater=name, key=key, supersedes=rows[-1].supersedes))
    else:
        rows.append(rating(writer, run, rater=name, key=key, supersedes=standing))
        insert_rating(writer, rows[-1])
