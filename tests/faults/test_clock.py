"""A clock that goes back, within a process and from one start to the next: what came later stays later."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from fusion_ui.annotation.headway import Headway
from fusion_ui.attempts import TooManyAttemptsError
from fusion_ui.engine.values import FusionError
from fusion_ui.people import People
from fusion_ui.ratings import Submission, save_rating, standing_rating, undo_rating
from fusion_ui.replay import stored_run
from fusion_ui.settings import AuthSettings
from storage.connection import Store, open_store
from storage.identity import Identity
from storage.progress import progress
from storage.ratings import known_rater, rating_history
from storage.trials import TakenError, is_leased
from tests.faults.soundness import assert_sound
from tests.faults.work import do_run, finished_run
from tests.storage.samples import NOON
from tests.storage.study_samples import opened, study_of


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


@pytest.mark.parametrize("ahead_s", [30.0, 90.0, 400 * 86_400.0])
def test_an_item_is_kept_by_no_lease_of_a_time_that_has_not_come(path: Path, ahead_s: float) -> None:
    """A clock is set right by seconds now and then: that must not take away what somebody is working at."""
    is_kept = ahead_s < 60.0
    with (
        open_store(path, identity=Identity(clock=lambda: NOON + timedelta(seconds=ahead_s))) as store,
        store.writing() as writer,
    ):
        study = study_of(writer, units=1)
        trial = opened(writer, study, rater="Ada")
    with open_store(path, identity=Identity(clock=lambda: NOON)) as store, store.writing() as writer:
        assert is_leased(writer, trial.id) is is_kept
        leased = progress(writer, study.id, now=writer.identity.now()).leased
        assert leased == ({0: {"Ada"}} if is_kept else {})
        if is_kept:
            with pytest.raises(TakenError):
                opened(writer, study, rater="Bo")
        else:
            assert opened(writer, study, rater="Bo").id != trial.id


def test_what_is_kept_in_memory_of_a_study_forgets_a_time_that_has_not_come(path: Path) -> None:
    moments = [NOON.replace(year=2031)]
    with open_store(path, identity=Identity(clock=lambda: moments[-1])) as store:
        with store.writing() as writer:
            study = study_of(writer, units=1)
            opened(writer, study, rater="Ada")
        headway = Headway(store)
        assert headway.of(study.id).leased == {0: {"Ada"}}
        moments.append(NOON)
        assert headway.of(study.id).leased == {}
