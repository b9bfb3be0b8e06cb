"""Limits of an hour and a day: counted over the store, so they hold after a restart, and they end."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from fusion_ui.allowances import Allowances
from fusion_ui.queueing import OverloadError
from fusion_ui.settings import LimitSettings
from storage.askers import RunAskerRow
from storage.bundle_tables import everything
from storage.bundles import bundle_lines, put_bundle
from storage.connection import Store, open_store
from storage.identity import Identity
from storage.keys import installation_key, key_file, keyed_hash
from storage.runs import OutcomeRow
from tests.storage.samples import NOON, start_run


class Clock:
    def __init__(self) -> None:
        self.moment: datetime = NOON

    def __call__(self) -> datetime:
        return self.moment

    def passes(self, **time: float) -> None:
        self.moment += timedelta(**time)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    with open_store(tmp_path / "taken.db", identity=Identity(clock=clock)) as store:
        yield store


def takes(store: Store, limits: LimitSettings, who: str, *, cost_usd: float = 0.0) -> None:
    """A run of this person from beginning to end, by an app that has just been started."""
    allowances = Allowances(store, limits)
    with store.writing() as writer:
        run = start_run(writer)
        allowances.enter(writer, run.id, who)
        writer.insert(OutcomeRow(run_id=run.id, ended="completed", cost_usd=cost_usd, created_at=writer.identity.now()))


def test_who_began_too_many_in_an_hour_is_told_when_to_come_back(store: Store, clock: Clock) -> None:
    limits = LimitSettings(runs_per_hour=2)
    takes(store, limits, "ann")
    clock.passes(minutes=20)
    takes(store, limits, "ann")
    clock.passes(minutes=30)
    with pytest.raises(
        OverloadError, match=r"You began 2 comparisons within an hour.* Try again in 10 minutes"
    ) as told:
        takes(store, limits, "ann")
    assert (told.value.wait_s, told.value.is_personal) == (600, True)
    takes(store, limits, "bo")
    clock.passes(minutes=10)
    takes(store, limits, "ann")


def test_who_spent_too_much_in_a_day_may_begin_again_when_it_is_over(store: Store, clock: Clock) -> None:
    limits = LimitSettings(usd_per_day_per_person=0.5)
    takes(store, limits, "ann", cost_usd=0.6)
    with pytest.raises(OverloadError, match=r"Your comparisons of the last 24 hours have cost \$0\.50") as told:
        takes(store, limits, "ann")
    assert told.value.is_personal
    takes(store, limits, "bo")
    clock.passes(days=1, seconds=1)
    takes(store, limits, "ann")


def test_what_all_spent_together_ends_it_for_everybody(store: Store) -> None:
    limits = LimitSettings(usd_per_day=1.0)
    takes(store, limits, "ann", cost_usd=0.4)
    takes(store, limits, "bo", cost_usd=0.6)
    with pytest.raises(OverloadError, match=r"All comparisons of the last 24 hours") as told:
        takes(store, limits, "cy")
    assert not told.value.is_personal


def test_a_limit_of_money_may_be_left_out(store: Store) -> None:
    for _ in range(3):
        takes(store, LimitSettings(), "ann", cost_usd=1_000.0)
    assert Allowances(store, LimitSettings()).refusal("ann") is None


def test_a_refused_run_is_counted_for_nothing(store: Store, clock: Clock) -> None:
    limits = LimitSettings(runs_per_hour=1)
    takes(store, limits, "ann")
    for _ in range(3):
        clock.passes(minutes=19)
        with pytest.raises(OverloadError):
            takes(store, limits, "ann")
    clock.passes(minutes=3)
    takes(store, limits, "ann")


@pytest.mark.parametrize("who", ["", "name \ud800", "x" * 10_000, "'; DROP TABLE runs; --"])
def test_whoever_asks_can_be_counted(store: Store, who: str) -> None:
    takes(store, LimitSettings(runs_per_hour=1), who)
    with pytest.raises(OverloadError):
        takes(store, LimitSettings(runs_per_hour=1), who)


def test_runs_that_others_paid_for_and_brought_in_use_up_nobodys_limit(store: Store, tmp_path: Path) -> None:
    limits = LimitSettings(usd_per_day=1.0)
    with open_store(tmp_path / "theirs.db", identity=Identity(clock=lambda: NOON)) as theirs:
        takes(theirs, LimitSettings(), "eve", cost_usd=1_000.0)
        with theirs.reading() as reader:
            lines = list(bundle_lines(reader, everything(reader)))
    with store.writing() as writer:
        put_bundle(writer, lines)
    takes(store, limits, "ann", cost_usd=1.0)
    with pytest.raises(OverloadError, match="All comparisons"):
        takes(store, limits, "bo")


def test_nobody_waits_for_a_time_that_a_wrong_clock_told(store: Store, clock: Clock) -> None:
    limits = LimitSettings(runs_per_hour=1, usd_per_day=1.0, usd_per_day_per_person=1.0)
    clock.passes(days=400)
    takes(store, limits, "ann", cost_usd=5.0)
    clock.passes(days=-400)
    takes(store, limits, "ann", cost_usd=5.0)
    clock.passes(minutes=-30)
    with pytest.raises(OverloadError) as told:
        takes(store, LimitSettings(runs_per_hour=1), "ann")
    assert told.value.wait_s == 3_600


def test_who_asked_is_not_found_by_trying_addresses_on_the_file(store: Store, tmp_path: Path) -> None:
    takes(store, LimitSettings(runs_per_hour=5), "network 192.0.2.7")
    with store.reading() as reader:
        (row,) = reader.rows(RunAskerRow)
    guesses = (b"network 192.0.2.7", b"192.0.2.7")
    assert row.asker_sha256 not in {sha256(guess).hexdigest() for guess in guesses}
    assert row.asker_sha256 == keyed_hash(installation_key(store), "network 192.0.2.7")
    with open_store(tmp_path / "elsewhere" / "taken.db") as elsewhere:
        takes(elsewhere, LimitSettings(runs_per_hour=5), "network 192.0.2.7")
        with elsewhere.reading() as reader:
            assert reader.rows(RunAskerRow)[0].asker_sha256 != row.asker_sha256


def test_without_a_limit_of_persons_there_is_neither_a_key_nor_a_hash(store: Store) -> None:
    takes(store, LimitSettings(usd_per_day=1.0), "network 192.0.2.7")
    assert not key_file(store.path).exists()
    with store.reading() as reader:
        assert reader.rows(RunAskerRow) == ()
