"""Rates of flaws: known intervals, and what must hold of any."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.analysis.flaw_rates import Seen, flaw_rates, share, together
from fusion_ui.analysis.preference.estimates import share_of
from fusion_ui.analysis.spread import t_interval

OUTPUTS = st.lists(st.tuples(st.sampled_from("abcdefgh"), st.booleans()), min_size=1, max_size=60)


def runs(*sizes: int) -> list[str]:
    """So many outputs of a first run, of a second, …"""
    return [f"run {number}" for number, size in enumerate(sizes) for _ in range(size)]


def seen(run: str, *classes: str, weight: float | None = 0.0) -> Seen:
    return Seen(run, frozenset(classes), weight)


def test_one_output_a_run_takes_wilson() -> None:
    rate = share(runs(*[1] * 10), [True] * 8 + [False] * 2)
    assert (rate.rate, rate.method, rate.runs) == (0.8, "wilson", 10)
    assert (rate.low, rate.high) == share_of(8, 10)[3:]


def test_several_outputs_a_run_take_the_ratio_estimator() -> None:
    """Ten runs of two; residuals -1 and 1 in two of them: 0.5 ± 2.262157 · sqrt(10/9 · 2) / 20."""
    flawed = [False, False, *[True, False] * 8, True, True]
    rate = share(runs(*[2] * 10), flawed)
    assert (rate.rate, rate.method) == (0.5, "ratio")
    assert (rate.low, rate.high) == pytest.approx((0.331388, 0.668612), abs=1e-6)


@given(st.lists(st.integers(0, 4), min_size=2, max_size=30))
def test_with_runs_of_one_size_the_ratio_is_the_mean_of_the_runs_with_students_t(hits: list[int]) -> None:
    rate = share(runs(*[4] * len(hits)), [place < count for count in hits for place in range(4)])
    expected = t_interval(np.array(hits) / 4, within=(0.0, 1.0))
    assert rate.rate == pytest.approx(expected.mean)
    assert rate.method == "wilson" or (rate.low, rate.high) == pytest.approx((expected.low, expected.high))


def test_outputs_that_go_wrong_together_are_less_sure_than_independent_ones() -> None:
    flawed = [True] * 20 + [False] * 20
    together, alone = share(runs(*[4] * 10), flawed), share(runs(*[1] * 40), flawed)
    assert (together.high or 0) - (together.low or 0) > (alone.high or 0) - (alone.low or 0)


def test_runs_that_all_say_the_same_count_once_each() -> None:
    rate = share(runs(*[4] * 10), [True] * 40)
    assert (rate.rate, rate.low, rate.high) == (1.0, *share_of(10, 10)[3:])


@pytest.mark.parametrize(("sizes", "words"), [((), "Nobody looked"), ((3,), "All from one run")])
def test_what_has_no_bounds_says_why(sizes: tuple[int, ...], words: str) -> None:
    rate = share(runs(*sizes), [True] * sum(sizes))
    assert (rate.low, rate.high, rate.method) == (None, None, None)
    assert words in rate.words


def test_a_rate_of_few_outputs_is_preliminary() -> None:
    assert share(runs(*[1] * 9), [True] * 9).is_preliminary
    assert "Preliminary" in share(runs(*[1] * 9), [True] * 9).words
    assert not share(runs(*[1] * 10), [True] * 10).is_preliminary


@given(OUTPUTS)
def test_a_rate_lies_between_its_bounds_and_they_within_what_is_possible(outputs: list[tuple[str, bool]]) -> None:
    rate = share(*map(list, zip(*outputs, strict=True)))  # type: ignore[arg-type]
    assert rate.rate is not None
    assert rate.low is None or 0 <= rate.low <= rate.rate + 1e-12
    assert rate.high is None or rate.rate - 1e-12 <= rate.high <= 1


@given(OUTPUTS)
def test_the_order_of_outputs_does_not_matter(outputs: list[tuple[str, bool]]) -> None:
    names, flawed = [run for run, _ in outputs], [is_flawed for _, is_flawed in outputs]
    one = share(names, flawed)
    other = share(names[::-1], flawed[::-1])
    assert (one.rate, one.method, one.words) == (other.rate, other.method, other.words)
    assert one.low == pytest.approx(other.low)


def test_rates_by_class_come_most_frequent_first() -> None:
    rates = flaw_rates([seen("a", "answer", "reasoning"), seen("b", "reasoning"), seen("c")])
    assert [(name, rate.flawed) for name, rate in rates.by_class] == [("reasoning", 2), ("answer", 1)]
    assert (rates.any.flawed, rates.any.outputs) == (2, 3)


def test_the_mean_weight_leaves_out_what_has_none() -> None:
    assert flaw_rates([seen("a", weight=5.0), seen("b", weight=0.0), seen("c", weight=None)]).weight_mean == 2.5
    assert flaw_rates([]).weight_mean is None


def test_classes_that_go_together_are_told_with_what_chance_would_give() -> None:
    outputs = [frozenset(each.split()) for each in ("a b", "a b", "a", "b", "", "", "", "c a")]
    assert set(together(outputs)) == {("a", "b", 2, 1.5), ("a", "c", 1, 0.5)}


def test_the_most_surprising_pair_comes_first() -> None:
    outputs = [frozenset(each.split()) for each in ("x y", "x y", *["a b"] * 6, "a", "b", "a", "b")]
    assert [pair[:2] for pair in together(outputs)] == [("x", "y"), ("a", "b")]


@given(st.lists(st.frozensets(st.sampled_from("abcd")), max_size=30))
def test_pairs_are_counted_as_they_occur(outputs: list[frozenset[str]]) -> None:
    for pair in together(outputs):
        assert pair.first < pair.second
        assert pair.outputs == sum({pair.first, pair.second} <= output for output in outputs) > 0
