"""Ids and times: sortable, never falling back, and in UTC."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from storage.identity import Identity
from tests.storage.samples import NOON


@given(st.lists(st.integers(min_value=-5000, max_value=5000), min_size=2, max_size=20))
def test_ids_grow_whatever_the_clock_does(jumps_ms: list[int]) -> None:
    times = iter([NOON + timedelta(milliseconds=jump) for jump in jumps_ms])
    identity = Identity(clock=lambda: next(times), chance=bytes)
    ids = [identity.new_id() for _ in jumps_ms]
    assert ids == sorted(set(ids))


def test_an_id_begins_with_its_time_as_the_ulid_specification_writes_it() -> None:
    # github.com/ulid/spec, "Usage": ulid(1469918176385) is 01ARYZ6S41 and then chance
    moment = datetime(2016, 7, 30, 22, 36, 16, 385000, tzinfo=UTC)
    assert Identity(clock=lambda: moment, chance=bytes).new_id() == "01ARYZ6S41" + "0" * 16


def test_a_time_is_utc_text_with_z_wherever_the_clock_stands() -> None:
    tokyo = NOON.astimezone(timezone(timedelta(hours=9)))
    assert Identity(clock=lambda: tokyo).now() == "2026-01-02T12:00:00.000Z"


def test_the_real_clock_and_chance_give_different_ids() -> None:
    assert Identity().new_id() != Identity().new_id()
