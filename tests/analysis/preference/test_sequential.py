"""A verdict that may be looked at at any time: what it pays, what it bounds, and how seldom it is wrong."""

from math import comb, exp, lgamma, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.analysis.preference.comparisons import Comparisons, comparisons_of
from fusion_ui.analysis.preference.sequential import (
    BOUND,
    Results,
    confidence_sequence,
    log_evidence,
    results_of,
    verdict,
)

counts = st.integers(0, 60)


def decided(wins: int, losses: int, ties: int = 0, *, raters: int = 1) -> Comparisons:
    """A prompt each, all raters saying the same of it."""
    outcome = np.repeat([0] * wins + [2] * losses + [1] * ties, raters)
    n = len(outcome)
    return comparisons_of(
        systems=("fusion", "best"),
        raters=[f"rater {place}" for place in range(raters)],
        first=[0] * n,
        second=[1] * n,
        outcome=outcome,
        prompt=np.repeat(np.arange(n // raters), raters),
        rater=np.tile(np.arange(raters), n // raters),
    )


@given(counts, counts)
def test_on_wins_and_losses_it_is_the_evidence_that_settles_a_study(wins: int, losses: int) -> None:
    uniform = lgamma(wins + 1) + lgamma(losses + 1) - lgamma(wins + losses + 2) + (wins + losses) * log(2)
    results = results_of(decided(wins, losses))
    assert log_evidence(results, 0.5) == pytest.approx(uniform, abs=1e-6)


@pytest.mark.parametrize("rate", [0.2, 0.5, 0.9])
def test_nobody_gains_by_betting_against_the_truth(rate: float) -> None:
    results = (Results(np.array([0.0, 1.0]), np.array([12.0 - wins, wins])) for wins in range(13))
    chances = (comb(12, wins) * rate**wins * (1 - rate) ** (12 - wins) for wins in range(13))
    paid = sum(chance * exp(log_evidence(each, rate)) for chance, each in zip(chances, results, strict=True))
    assert paid == pytest.approx(1.0, abs=1e-12)


@given(counts, counts, st.integers(0, 30))
def test_the_bounds_hold_the_rate_and_are_mirrored_from_the_other_side(wins: int, losses: int, ties: int) -> None:
    pairs = decided(wins, losses, ties)
    one, other = verdict(pairs, first="fusion", second="best"), verdict(pairs, first="best", second="fusion")
    assert one.low <= (0.5 if one.rate is None else one.rate) <= one.high
    assert (one.low, one.high) == pytest.approx((1 - other.high, 1 - other.low), abs=1e-6)
    assert (one.state, one.leader) == (other.state, other.leader)


@given(counts, counts, st.integers(0, 30))
def test_it_is_settled_exactly_where_the_bounds_exclude_equal_chances(wins: int, losses: int, ties: int) -> None:
    found = verdict(decided(wins, losses, ties), first="fusion", second="best")
    assert (found.state == "settled") == (not found.low <= 0.5 <= found.high) == (found.evidence >= BOUND)


def test_the_bounds_are_where_the_evidence_turns_twenty() -> None:
    results = results_of(decided(30, 12, 9))
    for edge in confidence_sequence(results):
        assert exp(log_evidence(results, edge)) == pytest.approx(BOUND, rel=1e-4)


@pytest.mark.parametrize(
    ("wins", "losses", "state", "leader"),
    [(9, 1, "open", None), (16, 3, "settled", "fusion"), (3, 16, "settled", "best"), (300, 300, "even", None)],
)
def test_a_lead_settles_and_a_long_draw_is_even(wins: int, losses: int, state: str, leader: str | None) -> None:
    found = verdict(decided(wins, losses), first="fusion", second="best")
    assert (found.state, found.leader) == (state, leader)
    assert leader is None or leader in found.words


def test_ties_alone_never_settle_and_soon_are_even() -> None:
    assert verdict(decided(0, 0, 5), first="fusion", second="best").state == "open"
    assert verdict(decided(0, 0, 200), first="fusion", second="best").state == "even"


def test_raters_of_one_prompt_are_no_more_evidence_than_one() -> None:
    alone, many = (verdict(decided(9, 2, raters=raters), first="fusion", second="best") for raters in (1, 7))
    assert many.evidence == pytest.approx(alone.evidence)
    assert many.prompts == alone.prompts == 11


def test_raters_who_disagree_among_themselves_leave_it_open() -> None:
    prompts, raters = 60, 4
    stubborn = np.tile([0, 0, 0, 2], prompts)  # three always say fusion, one always best
    n = prompts * raters
    pairs = comparisons_of(
        systems=("fusion", "best"),
        raters="abcd",
        first=[0] * n,
        second=[1] * n,
        outcome=stubborn,
        prompt=np.repeat(np.arange(prompts), raters),
        rater=np.tile(np.arange(raters), prompts),
    )
    assert verdict(pairs, first="fusion", second="best").state == "open"


def test_without_a_judgement_anything_is_possible() -> None:
    found = verdict(decided(0, 0), first="fusion", second="best")
    assert (found.state, found.rate, found.low, found.high, found.evidence) == ("open", None, 0.0, 1.0, 1.0)


def test_overwhelming_evidence_stays_a_number() -> None:
    assert verdict(decided(20_000, 10), first="fusion", second="best").evidence == pytest.approx(1e12)
