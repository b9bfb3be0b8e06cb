"""Rates of preference, and everyone against everyone."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.analysis.preference.comparisons import Comparisons, Outcome
from fusion_ui.analysis.preference.win_rates import both_bad_rate, matrix_of, mean_estimate, win_rate
from tests.analysis.preference.votes import all_say, drawn, golden, is_plain, llmfao, relabelled, studies, turned, votes


def test_the_crowd_s_average_win_rates_are_those_of_another_author(shared_data: Path) -> None:
    crowd = llmfao(shared_data)
    rates = np.array(matrix_of(crowd).rates, dtype=float)
    theirs = golden(shared_data, "average_win_rate", crowd.systems)
    assert np.nanmean(rates, axis=1) == pytest.approx(theirs, abs=1e-9)


def test_a_row_wins_what_its_column_loses() -> None:
    matrix = matrix_of(
        votes(("a", "b", Outcome.FIRST, 0, 0), ("b", "a", Outcome.BOTH_BAD, 0, 0), ("b", "a", Outcome.FIRST, 1, 0))
    )
    assert (matrix.wins[0][1], matrix.ties[0][1], matrix.losses[0][1], matrix.rates[0][1]) == (1, 1, 1, 0.5)
    assert matrix.rates[0][0] is None
    assert matrix.rates[2][3] is None


@given(studies)
def test_the_matrix_reads_the_same_from_both_sides(comparisons: Comparisons) -> None:
    matrix = matrix_of(comparisons)
    assert np.array_equal(matrix.wins, np.transpose(matrix.losses))
    assert np.array_equal(matrix.ties, np.transpose(matrix.ties))
    assert matrix == matrix_of(turned(comparisons))
    assert np.sum(matrix.wins) + np.sum(matrix.ties) / 2 == len(comparisons)


@given(st.integers(0, 99), st.permutations(range(4)))
def test_relabelling_permutes_the_matrix(seed: int, order: list[int]) -> None:
    comparisons = drawn(40, seed)
    straight, changed = matrix_of(comparisons), matrix_of(relabelled(comparisons, order))
    assert np.array_equal(changed.wins, np.array(straight.wins)[np.ix_(order, order)])


@given(studies)
def test_rates_from_the_other_side_are_the_rest_of_one(comparisons: Comparisons) -> None:
    one, other = win_rate(comparisons), win_rate(turned(comparisons))
    assert is_plain([one, other])
    if one is None or other is None:
        assert not len(comparisons)
        return
    assert (one.value, one.low, one.high) == pytest.approx((1 - other.value, 1 - other.high, 1 - other.low), abs=1e-9)
    assert 0 <= one.low <= one.value <= one.high <= 1


def test_nothing_has_no_rate() -> None:
    assert win_rate(votes()) is None
    assert both_bad_rate(votes()) is None
    assert matrix_of(replace(votes(), systems=(), raters=())).rates == ()


def test_both_bad_is_a_signal_of_its_own() -> None:
    rate = both_bad_rate(all_say(Outcome.BOTH_BAD, prompts=6, raters=3))
    assert rate is not None
    assert (rate.value, rate.high) == (1.0, 1.0)
    assert rate.low is not None
    assert 0.3 < rate.low < 0.5
    assert both_bad_rate(all_say(Outcome.TIE, prompts=6, raters=3)).value == 0.0


def test_a_mean_of_any_values_has_an_interval_over_prompts_and_raters() -> None:
    values, prompt, rater = np.array([1.0, 5, 2, 4, 3, 3]), np.arange(6), np.array([0, 1, 0, 1, 0, 1])
    mean = mean_estimate(values, prompt=prompt, rater=rater)
    assert mean is not None
    assert (mean.value, mean.df, mean.basis) == (3.0, 1, "prompts and raters")
    assert mean.se == pytest.approx(1.0)  # raters off by -3 and 3 in all: 2 (9 + 9) / 6^2; prompts and cells cancel
