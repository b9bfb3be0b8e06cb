"""Pairs as columns, seen from either side."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.analysis.preference.comparisons import UNKNOWN, Comparisons, Outcome, comparisons_of


def sample(n: int, seed: int) -> Comparisons:
    rng = np.random.default_rng(seed)
    first = rng.integers(0, 4, n)
    return comparisons_of(
        systems="abcd",
        raters=("Ann", "Ben"),
        first=first,
        second=(first + rng.integers(1, 4, n)) % 4,
        outcome=rng.integers(0, 4, n),
        prompt=rng.integers(0, 5, n),
        rater=rng.integers(0, 2, n),
        left=rng.integers(-1, 2, n),
        lengths=rng.integers(1, 99, (n, 2)),
    )


@given(st.integers(0, 40), st.integers(0, 1000))
def test_the_two_sides_of_a_pair_share_its_rows(n: int, seed: int) -> None:
    pairs = sample(n, seed)
    one, other = pairs.between("a", "c"), pairs.between("c", "a")
    assert np.array_equal(one.score, 1 - other.score)
    assert np.array_equal(one.lengths, other.lengths[:, ::-1])
    known = one.left != UNKNOWN
    assert np.array_equal(one.left[known], 1 - other.left[known])
    assert set(one.first) <= {0}


def test_both_bad_stays_told_apart_from_a_tie() -> None:
    pairs = comparisons_of(
        systems="ab", raters=["Ann"], first=[0, 1], second=[1, 0], outcome=[1, 3], prompt=[0, 0], rater=[0, 0]
    ).between("a", "b")
    assert pairs.outcome.tolist() == [Outcome.TIE, Outcome.BOTH_BAD]
    assert pairs.score.tolist() == [0.5, 0.5]
