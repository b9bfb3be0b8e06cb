"""Shares with their interval: published bounds, an independent library's, and the ends."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from fusion_ui.analysis.preference.estimates import share_of


@pytest.mark.parametrize(
    ("hits", "number", "low", "high"),
    [(8, 10, 0.4902, 0.9433), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (81, 263, 0.2553, 0.3662)],
)
def test_wilson_gives_the_published_bounds(hits: int, number: int, low: float, high: float) -> None:
    """The last is the example of Newcombe 1998 (Statistics in Medicine 17:857), table I."""
    found = share_of(hits, number)
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 200), st.sampled_from((0.5, 0.9, 0.95, 0.999)), st.data())
def test_wilson_is_what_scipy_has(number: int, level: float, data: st.DataObject) -> None:
    hits = data.draw(st.integers(0, number))
    found = share_of(hits, number, level=level)
    theirs = stats.binomtest(hits, number).proportion_ci(confidence_level=level, method="wilson")
    assert (found.low, found.high) == pytest.approx((theirs.low, theirs.high), abs=1e-12)


@given(st.integers(1, 10_000))
def test_bounds_at_the_ends_are_exact(number: int) -> None:
    assert share_of(0, number).low == 0.0
    assert share_of(number, number).high == 1.0


def test_nothing_of_nothing_has_no_share() -> None:
    assert share_of(0, 0) == (0, 0, None, None, None)
