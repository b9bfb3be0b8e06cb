"""A clock that goes back, within a process and from one start to the next: what came later stays later."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from fusion_ui.attempts import TooManyAttemptsError
from fusion_ui.engine.values import FusionError
from fusion_ui.people import People
from fusion_ui.ratings import Submission, save_rating, standing_rating, undo_rating
from fusion_ui.replay import stored_run
from fusion_ui.settings import AuthSettings
from storage.connection import Store, open_store
from storage.identity import Identity
from storage.ratings import known_rater, rating_history
from tests.faults.soundness import assert_sound
from tests.faults.work import do_run, finished_run
from tests.storage.samples import NOON


def running_back(*, start: datetime = NOON, step: timedelta = timedelta(minutes=10)) -> Callable[[], datetime]:
    """A clock that is earlier each time it is looked at."""
    moments = iter(start - step * number for number in range(1_000_000))
    return lambda: next(moments)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "clock.db"


def started(path: Path, day: int) -> Store:
    """The app as started on this day of January."""
    return open_store(path, identity=Identity(clock=running_back(start=NOON.replace(day=day))))


def test_ids_grow_while_the_clock_goes_back() -> None:
    identity = Identity(clock=running_back())
    ids = [identity.new_id() for _ in range(1000)]
    assert ids == sorted(set(ids))


def test_a_run_under_a_clock_that_goes_back_is_whole_and_replays(path: Path) -> None:
    with started(path, 20) as store:
        run_id = finished_run(store, seed=1)
        run = stored_run(store, run_id)
    assert run.view.ended == "completed"
    assert run.rows.outcome is not None
    assert (run.rows.outcome.duration_ms or 0.0) >= 0.0
    assert_sound(path)


def test_nobody_is_kept_out_by_attempts_of_a_clock_that_was_ahead(path: Path) -> None:
    settings, password = AuthSettings(enabled=True), "tide pool lantern"
    with open_store(path, identity=Identity(clock=lambda: NOON.replace(year=2031))) as store:
        People(store, settings).add("Ann", role="owner", password=password)
        for _ in range(settings.attempts):
            with pytest.raises(FusionError):
                People(store, settings).log_in("Ann", "wrong", address="1.2.3.4")
        with pytest.raises(TooManyAttemptsError):
            People(store, settings).log_in("Ann", password, address="1.2.3.4")
    with open_store(path, identity=Identity(clock=lambda: NOON)) as store:
        People(store, settings).log_in("Ann", password, address="1.2.3.4")


def test_a_revision_made_before_the_rating_that_it_revises_still_stands(path: Path) -> None:
    with started(path, 20) as store:
        run_id = do_run(store, seed=1, acknowledge=lambda *_: None)
        first = save_rating(store, stored_run(store, run_id), Submission(key="1", preferred="tie"))
    with started(path, 10) as store:
        run = stored_run(store, run_id)
        second = save_rating(store, run, Submission(key="2", preferred="all_bad", supersedes=first.id))
        assert second.id < first.id
        assert second.saved_at < first.saved_at
        assert standing_rating(store, run, rater="me") == second
    with started(path, 5) as store:
        run = stored_run(store, run_id)
        undone = undo_rating(store, run, key="3", rater="me")
        assert (undone.preferred, undone.revision) == ("tie", 3)
        with store.reading() as reader:
            rater = known_rater(reader, "me")
            assert rater is not None
            history = rating_history(reader, run_id=run_id, rater_id=rater.id)
    assert [rating.row.id for rating in history] == [first.id, second.id, undone.id]
    assert_sound(path)
