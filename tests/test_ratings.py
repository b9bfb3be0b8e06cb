"""Ratings: stored by output, idempotent, undoable, revised without losing history."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import anyio
import pytest

from fusion_ui.engine.pipeline import run
from fusion_ui.ratings import RatingError, Submission, save_rating, standing_rating, undo_rating
from fusion_ui.recording import begin_run, recorded
from fusion_ui.replay import StoredRun, load_run
from storage.connection import Store, open_store
from storage.ratings import StaleRatingError, rater_named, rating_history
from tests.engine.pools import PROMPT, fixed, saying


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "ratings.db") as store:
        yield store


@pytest.fixture
def rated(store: Store) -> StoredRun:
    """A finished run of three candidates, to be rated."""

    async def finish() -> str:
        run_id = begin_run(store, PROMPT, fixed(3), origin="scripted", app_version="test")
        sampler = saying("It is 42.\n\nAnswer: 42", "It is 42.\n\nAnswer: 42", "Answer: 41")
        async for _ in recorded(run(PROMPT, fixed(3), sampler, Random(1)), store, run_id):
            pass
        return run_id

    stored = load_run(store, anyio.run(finish))
    assert stored is not None
    return stored


def history(store: Store, run: StoredRun, rater: str = "me") -> list[str]:
    with store.writing() as writer:
        rows = rating_history(writer, run_id=run.rows.run.id, rater_id=rater_named(writer, rater).id)
    return [rating.row.verdict for rating in rows]


def test_a_rating_points_at_the_output_it_was_shown_as(store: Store, rated: StoredRun) -> None:
    saved = save_rating(
        store, rated, Submission(key="k1", preferred="fusion", stars={"candidate:1": 4, "best": 5}, note="clear")
    )
    assert (saved.preferred, saved.stars, saved.note, saved.revision) == (
        "fusion", {"candidate:1": 4, "best": 5}, "clear", 1,
    )  # fmt: skip
    assert standing_rating(store, rated, rater="me") == saved


def test_a_double_press_stores_once(store: Store, rated: StoredRun) -> None:
    press = Submission(key="k1", preferred="tie")
    assert save_rating(store, rated, press) == save_rating(store, rated, press)
    assert history(store, rated) == ["tie"]


def test_a_revision_keeps_what_it_revises(store: Store, rated: StoredRun) -> None:
    first = save_rating(store, rated, Submission(key="k1", preferred="best"))
    second = save_rating(store, rated, Submission(key="k2", preferred="all_bad", supersedes=first.id))
    assert (second.preferred, second.revision) == ("all_bad", 2)
    assert history(store, rated) == ["output", "all_bad"]


def test_undo_goes_back_one_save_and_at_last_withdraws(store: Store, rated: StoredRun) -> None:
    first = save_rating(store, rated, Submission(key="k1", preferred="best", stars={"fusion": 2}))
    save_rating(store, rated, Submission(key="k2", preferred="tie", supersedes=first.id))
    back = undo_rating(store, rated, key="u1", rater="me")
    assert (back.preferred, back.stars, back.revision) == ("best", {"fusion": 2}, 3)
    assert undo_rating(store, rated, key="u1", rater="me") == back
    gone = undo_rating(store, rated, key="u2", rater="me")
    assert gone.is_withdrawn
    with pytest.raises(RatingError, match="no rating of this run to take back"):
        undo_rating(store, rated, key="u3", rater="me")


def test_a_second_tab_cannot_fork_the_history(store: Store, rated: StoredRun) -> None:
    save_rating(store, rated, Submission(key="k1", preferred="best"))
    with pytest.raises(StaleRatingError):
        save_rating(store, rated, Submission(key="k2", preferred="tie"))
    assert history(store, rated) == ["output"]


def test_two_people_rate_apart(store: Store, rated: StoredRun) -> None:
    save_rating(store, rated, Submission(key="k1", rater="Ada", preferred="best"))
    save_rating(store, rated, Submission(key="k2", rater="Bo", preferred="vote"))
    ada = standing_rating(store, rated, rater="Ada")
    assert ada is not None
    assert ada.preferred == "best"
    assert standing_rating(store, rated, rater="Cy") is None


@pytest.mark.parametrize(
    ("submission", "words"),
    [
        (Submission(key="k", preferred="candidate:9"), "no output 'candidate:9'"),
        (Submission(key="k", stars={"best": 6}), "give 1 to 5"),
        (Submission(key="k", stars={"<script>": 3}), "no output"),
        (Submission(key="k"), "nothing to save"),
        (Submission(key="k", preferred="tie", note="x" * 20_001), "at most 20000"),
    ],
)
def test_what_cannot_be_a_rating_is_refused(store: Store, rated: StoredRun, submission: Submission, words: str) -> None:
    with pytest.raises(RatingError, match=words):
        save_rating(store, rated, submission)
    assert history(store, rated) == []
