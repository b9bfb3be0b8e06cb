"""Active time: what counts, what does not, and what a client may claim."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.studies.protocol import Protocol
from fusion_ui.studies.timing import active_seconds, is_too_fast


def test_ticks_add_up() -> None:
    assert active_seconds([1.0, 1.01, 0.99]) == pytest.approx(3.0)


def test_a_night_of_sleep_between_two_ticks_counts_as_two_seconds() -> None:
    assert active_seconds([1.0, 8 * 3600.0]) == pytest.approx(3.0)


def test_without_ticks_nobody_was_there() -> None:
    assert active_seconds([]) == 0.0


@pytest.mark.parametrize("tick", [-5.0, 0.0, math.nan, -math.inf])
def test_ticks_that_cannot_be_count_nothing(tick: float) -> None:
    assert active_seconds([1.0, tick]) == 1.0


def test_a_client_cannot_claim_more_time_than_has_passed() -> None:
    assert active_seconds([2.0] * 1000, open_s=7.5) == 7.5
    assert active_seconds([1.0], open_s=-1.0) == 0.0


@given(st.lists(st.floats()), st.floats(0, 1e6))
def test_active_time_is_a_number_between_nothing_and_the_time_open(ticks: list[float], open_s: float) -> None:
    assert 0.0 <= active_seconds(ticks, open_s=open_s) <= min(open_s, 2.0 * len(ticks))


def test_a_judgement_is_too_fast_below_the_studys_own_limit() -> None:
    assert is_too_fast(2.9, Protocol(title="t", fast_seconds=3.0))
    assert not is_too_fast(3.0, Protocol(title="t", fast_seconds=3.0))
    assert not is_too_fast(0.0, Protocol(title="t", fast_seconds=0.0))
