"""Active time: what counts, what does not, and what a client may claim."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.studies.protocol import Protocol
from fusion_ui.studies.timing import active_seconds, is_too_fast


def test_what_can_be_is_believed() -> None:
    assert active_seconds(12.5, ticks=13, open_s=60.0) == 12.5


def test_a_night_of_sleep_between_two_ticks_counts_as_two_seconds() -> None:
    assert active_seconds(8 * 3600.0, ticks=2) == 4.0


@pytest.mark.parametrize("told", [-5.0, 0.0, math.nan, -math.inf])
def test_seconds_that_cannot_be_count_nothing(told: float) -> None:
    assert active_seconds(told, ticks=9) == 0.0


def test_a_client_cannot_claim_more_time_than_has_passed() -> None:
    assert active_seconds(2000.0, open_s=7.5) == 7.5
    assert active_seconds(1.0, open_s=-1.0) == 0.0


@given(st.floats(), st.none() | st.integers(), st.floats(0, 1e6))
def test_active_time_is_a_number_between_nothing_and_the_time_open(
    told: float, ticks: int | None, open_s: float
) -> None:
    assert 0.0 <= active_seconds(told, ticks=ticks, open_s=open_s) <= open_s


def test_a_judgement_is_too_fast_below_the_studys_own_limit() -> None:
    assert is_too_fast(2.9, Protocol(title="t", fast_seconds=3.0))
    assert not is_too_fast(3.0, Protocol(title="t", fast_seconds=3.0))
    assert not is_too_fast(0.0, Protocol(title="t", fast_seconds=0.0))
