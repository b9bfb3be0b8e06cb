"""Who belongs together, the two-way variance, and what interval it allows."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t

from fusion_ui.analysis.preference.clustering import (
    Spread,
    basis_of,
    by_prompt,
    clusters_of,
    dense,
    distinct,
    estimate_of,
    means_of,
)
from fusion_ui.analysis.preference.estimates import share_of

codes = st.lists(st.sampled_from([-7, -1, 0, 1, 2, 3, 5, 2_000_000_000]), max_size=40).map(
    lambda numbers: np.array(numbers, dtype=np.int32)
)
variance = st.floats(0, 10)


def rows(n: int, seed: int) -> tuple[np.ndarray, ...]:
    """Values, prompts, raters and strata of n votes."""
    rng = np.random.default_rng(seed)
    return rng.normal(0, 1, n), rng.integers(0, 7, n), rng.integers(0, 4, n), rng.integers(0, 3, n)


def by_hand(values, keys, weights) -> float:
    """The clustered variance of a weighted mean, one cluster after the other."""
    middle = (weights * values).sum() / weights.sum()
    sums: dict[object, float] = {}
    for key, value, weight in zip(keys, values, weights, strict=True):
        sums[key] = sums.get(key, 0.0) + weight * (value - middle) / weights.sum()
    return sum(each**2 for each in sums.values()) * len(sums) / (len(sums) - 1) if len(sums) > 1 else 0.0


def spread(**given_parts: float) -> Spread:
    parts = {"by_vote": 0.01, "by_prompt": 0.04, "by_rater": 0.03, "by_cell": 0.02}
    counts = {"votes": 100, "prompts": 30, "raters": 9}
    return Spread(**{**parts, **counts, **given_parts})


@given(codes)
def test_dense_codes_keep_order_and_leave_no_gap(numbers: np.ndarray) -> None:
    assert dense(numbers).tolist() == np.unique(numbers, return_inverse=True)[1].tolist()


@given(codes, st.integers(0, 99))
def test_different_codes_are_counted_within_each_stratum(numbers: np.ndarray, seed: int) -> None:
    stratum = np.random.default_rng(seed).integers(0, 3, len(numbers))
    expected = [len(set(numbers[stratum == each].tolist())) for each in range(4)]
    assert distinct(numbers, stratum=stratum, strata=4).tolist() == expected


@given(st.integers(1, 40), st.integers(0, 1000))
def test_each_stratum_has_the_mean_and_the_variances_found_by_hand(n: int, seed: int) -> None:
    values, prompt, rater, stratum = rows(n, seed)
    clusters = clusters_of(prompt=prompt, rater=rater, stratum=stratum, strata=4)
    weights = by_prompt(clusters)
    for each, mean in enumerate(means_of(values, clusters, weights=weights)):
        own = stratum == each
        if mean is None:
            assert not own.any()
            continue
        p, r, v, w = prompt[own], rater[own], values[own], weights[own]
        keys = (range(len(v)), p.tolist(), r.tolist(), list(zip(p.tolist(), r.tolist(), strict=True)))
        assert mean.spread[:4] == pytest.approx([by_hand(v, key, w) for key in keys], abs=1e-12)
        assert mean.spread[4:] == (len(v), len(set(p)), len(set(r)))


def test_weights_by_prompt_make_a_mean_of_means() -> None:
    clusters = clusters_of(prompt=np.array([0, 0, 0, 1]), rater=np.zeros(4, dtype=int))
    (mean,) = means_of(np.array([1.0, 1, 1, 0]), clusters, weights=by_prompt(clusters))
    assert mean is not None
    assert mean.value == pytest.approx(0.5)


@given(variance, variance, variance)
def test_the_two_way_variance_is_never_below_its_largest_part(prompt: float, rater: float, cell: float) -> None:
    both = spread(by_prompt=prompt, by_rater=rater, by_cell=cell).two_way
    assert both >= max(prompt, rater, cell, prompt + rater - cell)
    assert both in (prompt, rater, cell, prompt + rater - cell)


def test_the_basis_says_over_what_an_interval_generalises() -> None:
    assert basis_of(prompts=5, raters=2) == "prompts and raters"
    assert basis_of(prompts=5, raters=1) == "prompts"
    assert basis_of(prompts=4, raters=9) == basis_of(prompts=1, raters=1) == "these votes only"


def test_many_prompts_and_raters_give_student_s_interval_on_the_two_way_variance() -> None:
    found = estimate_of(0.2, spread(), level=0.95)
    assert (found.se, found.n, found.note) == (pytest.approx(0.05**0.5), 100, "")
    freedom = 0.05**2 / (0.04**2 / 29 + 0.03**2 / 8 + 0.02**2 / 99)  # Satterthwaite (1946), by hand
    assert found.df == pytest.approx(freedom)
    assert t.ppf(0.975, freedom) * 0.05**0.5 == pytest.approx(found.high - 0.2)


@pytest.mark.parametrize(("prompts", "raters", "freedom"), [(30, 3, 2), (30, 2, 1), (5, 3, 2)])
def test_too_few_raters_leave_no_more_degrees_of_freedom_than_they_have(
    prompts: int, raters: int, freedom: int
) -> None:
    assert spread(prompts=prompts, raters=raters).degrees_of_freedom == freedom


@given(st.lists(st.floats(0, 1), min_size=3, max_size=3), st.integers(5, 99), st.integers(2, 99))
def test_degrees_of_freedom_are_never_fewer_than_the_fewer_of_prompts_and_raters_have(
    parts: list[float], prompts: int, raters: int
) -> None:
    prompt, rater, cell = parts
    found = spread(by_prompt=prompt, by_rater=rater, by_cell=cell, prompts=prompts, raters=raters)
    assert found.degrees_of_freedom >= min(prompts, raters) - 1


def test_one_rater_gives_an_interval_over_prompts_that_speaks_of_this_rater_only() -> None:
    found = estimate_of(0.2, spread(raters=1), level=0.9)
    assert (found.basis, found.df, found.se) == ("prompts", 29, pytest.approx(0.2))
    assert found.high - 0.2 == pytest.approx(1.699127 * 0.2, rel=1e-6)
    assert "this rater only" in found.note


def test_few_prompts_give_the_interval_of_the_votes_and_say_so() -> None:
    found = estimate_of(0.2, spread(prompts=4), level=0.95)
    assert (found.basis, found.df, found.se) == ("these votes only", None, pytest.approx(0.1))
    assert found.high - 0.2 == pytest.approx(0.1959964, abs=1e-7)
    assert "these votes only" in found.note


def test_few_prompts_give_a_share_the_interval_of_wilson() -> None:
    found = estimate_of(0.7, spread(prompts=4, votes=10), level=0.95, limits=(0.0, 1.0))
    assert (found.low, found.high) == pytest.approx((0.396778, 0.892209), abs=1e-6)
    wide = estimate_of(0.4, spread(prompts=4, votes=10), level=0.95, limits=(-1.0, 1.0))
    assert (wide.low, wide.high) == pytest.approx((2 * 0.396778 - 1, 2 * 0.892209 - 1), abs=2e-6)


def test_votes_that_all_say_the_same_do_not_make_certain() -> None:
    same = spread(by_vote=0, by_prompt=0, by_rater=0, by_cell=0)
    found = estimate_of(1.0, same, level=0.95, limits=(0.0, 1.0))
    assert (found.low, found.high) == pytest.approx(share_of(9, 9)[3:])
    assert found.se is None
    assert "Wilson" in found.note


def test_an_interval_stays_within_what_a_value_can_reach() -> None:
    found = estimate_of(0.9, spread(), level=0.95, limits=(0.0, 1.0))
    assert 0.3 < found.low < 0.9
    assert found.high == 1.0


@pytest.mark.parametrize("level", [0, 1, -0.5, 95, float("nan")])
def test_a_level_that_is_no_share_is_refused(level: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        estimate_of(0.5, spread(), level=level)
