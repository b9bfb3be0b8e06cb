"""The stopping rules against their known answers and the promise of `votes_needed`."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.engine.stopping import (
    PRESETS,
    error_bound,
    is_reached,
    is_settled,
    level,
    reason_when_settled,
    votes_needed,
)
from fusion_ui.engine.values import Candidate, Completion, StopRule, Tally
from fusion_ui.engine.voting import tally_of


def votes(*counts: int) -> Tally:
    answers = [chr(97 + which) for which, count in enumerate(counts) for _ in range(count)]
    return tally_of(
        Candidate(position=position, member="m", completion=Completion(text=answer), answer=answer)
        for position, answer in enumerate(answers, start=1)
    )


@pytest.mark.parametrize(("threshold", "draws"), [(10, 3), (30, 3), (100, 5), (300, 6), (1000, 7)])
def test_equal_answers_stop_bayes_at_the_known_draw(threshold: float, draws: int) -> None:
    rule = StopRule(name="bayes", threshold=threshold)  # B = 10 would stop at 2: the minimum of 3 is enforced
    assert not is_settled(votes(draws - 1), rule)
    assert is_settled(votes(draws), rule)


@pytest.mark.parametrize(("preset", "near", "far"), [("balanced", 29.9, 30), ("certificate", 0.06, 0.05)])
def test_evidence_must_rise_to_its_threshold_and_error_fall(preset: str, near: float, far: float) -> None:
    rule = PRESETS[preset]
    assert (is_reached(None, rule), is_reached(near, rule), is_reached(far, rule)) == (False, False, True)


def test_without_the_minimum_b10_stops_at_two() -> None:
    assert is_settled(votes(2), StopRule(name="bayes", threshold=10, minimum=1))


# W for n equal answers as published with the e-process rule.
@pytest.mark.parametrize(("n", "wealth"), list(enumerate([1.5, 2.4, 4.2, 7.7, 14.4, 27.5, 53, 103, 201, 393], start=1)))
def test_the_certificate_has_the_known_wealth(n: int, wealth: float) -> None:
    bound = level(votes(n), PRESETS["certificate"])
    assert bound is not None
    assert 1 / bound == pytest.approx(wealth, abs=0.5 if wealth >= 53 else 0.05)


def test_the_certificate_of_thousands_of_votes_is_a_number() -> None:
    bound = error_bound(np.array([5_000, 6]), np.array([3, 0]), np.array([2, 1]))
    assert bound[0] == pytest.approx(0.0)
    assert bound[1] == level(votes(6), PRESETS["certificate"])


def test_all_rivals_are_beaten_when_the_second_is() -> None:
    bounds = error_bound(np.full(5, 9), np.arange(5), np.full(5, 3))
    assert (np.diff(bounds) > 0).all()


def test_the_certificate_stops_six_equal_answers_at_five_percent() -> None:
    assert not is_settled(votes(5), PRESETS["certificate"])
    assert is_settled(votes(6), PRESETS["certificate"])


@pytest.mark.parametrize(("counts", "is_enough"), [((3,), False), ((4,), True), ((6, 1), True), ((5, 1), False)])
def test_asc_compares_the_two_most_frequent_answers(counts: tuple[int, ...], is_enough: bool) -> None:
    assert is_settled(votes(*counts), PRESETS["asc"]) is is_enough


@given(st.integers(1, 12), st.sampled_from(sorted(PRESETS)))
def test_a_tie_never_stops_early(each: int, preset: str) -> None:
    assert not is_settled(votes(each, each), PRESETS[preset])


def test_nothing_settles_before_a_vote() -> None:
    assert level(Tally(), PRESETS["balanced"]) is None
    assert not any(is_settled(Tally(unanswered=(1, 2, 3, 4)), rule) for rule in PRESETS.values())


def test_a_fixed_rule_counts_draws_with_and_without_an_answer() -> None:
    rule = StopRule(name="fixed", threshold=4)
    assert not is_settled(Tally(unanswered=(1, 2, 3)), rule)
    assert is_settled(Tally(unanswered=(1, 2, 3, 4)), rule)
    assert votes_needed(Tally(unanswered=(1,)), rule, at_most=8) == 3


@given(
    st.lists(st.integers(1, 6), min_size=1, max_size=4),
    st.sampled_from(sorted(PRESETS)),
    st.lists(st.integers(0, 5), min_size=1, max_size=10),
)
def test_no_answers_whatsoever_settle_a_vote_sooner_than_needed(
    counts: list[int], preset: str, coming: list[int]
) -> None:
    rule = PRESETS[preset]
    needed = votes_needed(votes(*sorted(counts, reverse=True)), rule, at_most=20)
    now = sorted(counts, reverse=True) + [0] * 6
    for so_far, answer in enumerate(coming[: max(0, needed - 1)], start=1):
        now[answer] += 1
        reached = votes(*sorted((n for n in now if n), reverse=True))
        assert so_far < needed
        assert not is_settled(reached, rule), (counts, coming[:so_far])


@pytest.mark.parametrize(
    ("name", "reason"), [("bayes", "evidence"), ("asc", "evidence"), ("certificate", "certificate"), ("fixed", "cap")]
)
def test_each_rule_gives_its_reason(name: str, reason: str) -> None:
    assert reason_when_settled(StopRule(name=name, threshold=1)) == reason  # type: ignore[arg-type]
