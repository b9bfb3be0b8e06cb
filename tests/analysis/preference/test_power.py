"""Votes for the power of a sign test: known numbers, and the test's own definition."""

from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.analysis.preference.power import sign_test_power, votes_for_power


def test_votes_are_the_known_numbers() -> None:
    known = {0.55: 807, 0.6: 210, 0.65: 97, 0.7: 54, 0.75: 35, 0.8: 23}
    assert {share: votes_for_power(share) for share in known} == known
    assert votes_for_power(0.575) == 367


@given(st.integers(1, 60), st.floats(0.5, 1.0))
def test_the_power_is_the_chance_of_the_outcomes_that_a_sign_test_rejects(votes: int, share: float) -> None:
    chances = [comb(votes, wins) / 2**votes for wins in range(votes + 1)]
    rejected = [wins for wins in range(votes + 1) if 2 * sum(chances[: min(wins, votes - wins) + 1]) <= 0.05]
    expected = sum(comb(votes, wins) * share**wins * (1 - share) ** (votes - wins) for wins in rejected)
    assert sign_test_power(np.array([votes]), share)[0] == pytest.approx(expected, abs=1e-12)


@given(st.floats(0.51, 1.0))
def test_the_power_holds_from_there_on_but_for_a_third_of_a_point(share: float) -> None:
    votes = votes_for_power(share)
    assert votes is not None
    assert sign_test_power(np.arange(votes, votes + 10), share).min() >= 0.8
    assert sign_test_power(np.arange(votes, 2 * votes), share).min() >= 0.797


@given(st.floats(0.51, 1.0))
def test_losing_takes_as_many_votes_to_tell_as_winning(share: float) -> None:
    assert votes_for_power(1 - share) == pytest.approx(votes_for_power(share), abs=1)


@pytest.mark.parametrize("share", [0.5, 0.5001])
def test_equal_chances_are_never_told_from_equal_chances(share: float) -> None:
    assert votes_for_power(share) is None


def test_even_a_certain_win_needs_six_votes() -> None:
    assert votes_for_power(1.0) == votes_for_power(0.0) == 6
