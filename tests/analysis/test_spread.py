"""How far a mean can be trusted, by numbers from tables of Student's t."""

import math

import numpy as np
import pytest

from fusion_ui.analysis.spread import bounded_interval, t_interval


def test_an_interval_of_the_mean_is_students() -> None:
    mean, low, high = t_interval(np.array([1.0, 2.0, 3.0, 4.0]))
    assert (mean, low, high) == pytest.approx((2.5, 2.5 - 2.05426, 2.5 + 2.05426), abs=1e-5)


def test_a_bounded_interval_is_the_same_where_the_bounds_are_far() -> None:
    # mean 2 and standard error 1 of three values; t(0.975, 2) = 4.3027 from any table
    values = np.array([2 - 3**0.5, 2.0, 2 + 3**0.5])
    assert bounded_interval(values, within=(-9, 9)) == pytest.approx((2.0, 2 - 4.302653, 2 + 4.302653), abs=1e-6)
    assert bounded_interval(values, within=(-9, 9)) == t_interval(values)


def test_an_interval_ends_where_the_mean_cannot_be() -> None:
    values = np.array([0.0, 0.0, 1.0])
    assert t_interval(values, within=(0.0, 1.0)) == bounded_interval(values, within=(0.0, 1.0))
    assert t_interval(values, within=(0.0, 1.0)) == (pytest.approx(1 / 3), 0.0, 1.0)


def test_one_value_says_nothing_about_its_spread() -> None:
    assert t_interval(np.array([0.4]), within=(0, 1)) == (0.4, None, None)
    assert bounded_interval(np.array([0.4]), within=(0, 1)) == (0.4, 0, 1)


def test_of_nothing_there_is_no_mean() -> None:
    assert t_interval(np.empty(0)) == (None, None, None)
    assert bounded_interval(np.empty(0), within=(-1, math.inf)) == (0.0, -1, math.inf)
