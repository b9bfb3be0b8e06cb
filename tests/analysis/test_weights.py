"""Weights: what they must never do, what is known of them, and the odd sets they are asked for."""

import json
import pickle
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.analysis.answers import AnswersError, AnswerSet
from fusion_ui.analysis.limit import gold_leads, judged_of
from fusion_ui.analysis.weights import Weighting, solve, solved_by
from tests.analysis.support import answer_set, counts_files

MEMBERS = 3
spoken = st.lists(st.sampled_from(["x", "y", "z", ""]), min_size=1, max_size=7)
questions = st.lists(st.lists(spoken, min_size=MEMBERS, max_size=MEMBERS), min_size=1, max_size=8)


def published(shared_data: Path, pattern: str) -> AnswerSet:
    return counts_files(*sorted((shared_data / "boinf").glob(pattern)))


def margin_of(known: AnswerSet, weights: np.ndarray) -> float:
    leads = gold_leads(judged_of(known), weights[None, :])[0]
    return float(min(leads[leads > 1e-9], default=0.0))


def split_vote() -> AnswerSet:
    """Each of two members is sure of one question and unsure of the other: both are solved only by a mixture."""
    return answer_set(["xxxx", "xyyy"], ["xyyy", "xxxx"], ["xxxx", "yxxx"], gold=["x", "x", "x"])


@given(questions, st.integers(0, 2**32))
def test_no_single_member_no_equal_weights_and_no_random_weights_solve_more(
    said: list[list[list[str]]], seed: int
) -> None:
    known = answer_set(*said, gold=["x"] * len(said))
    found = solve(known)
    others = [*np.eye(MEMBERS), np.ones(MEMBERS), *np.random.default_rng(seed).dirichlet(np.ones(MEMBERS), 50)]
    assert found.solved == len(solved_by(known, found.weights))
    assert found.solved >= max(len(solved_by(known, weights)) for weights in others)


@given(questions)
def test_no_weights_on_a_fine_grid_do_better_in_number_and_then_in_margin(said: list[list[list[str]]]) -> None:
    known = answer_set(*said, gold=["x"] * len(said))
    found = solve(known)
    grid = np.array([(a, b, 24 - a - b) for a in range(25) for b in range(25 - a)]) / 24
    leads = gold_leads(judged_of(known), grid)
    counts = (leads > 1e-9).sum(axis=1)
    margins = np.where(leads > 1e-9, leads, np.inf).min(axis=1)
    assert found.status in ("optimal", "nothing to solve")
    assert found.solved >= counts.max()
    if found.margin is not None:
        assert found.margin >= max(margins[counts == found.solved], default=0.0) - 1e-6


@given(questions)
def test_weights_are_a_mixture_and_the_same_bytes_each_time(said: list[list[list[str]]]) -> None:
    known = answer_set(*said, gold=["x"] * len(said))
    found = solve(known)
    assert sum(found.weights) == pytest.approx(1.0, abs=1e-12)
    assert min(found.weights) >= 0
    assert json.dumps(asdict(found)) == json.dumps(asdict(solve(known)))


@given(questions)
def test_the_margin_reported_is_the_smallest_lead_among_the_solved(said: list[list[list[str]]]) -> None:
    known = answer_set(*said, gold=["x"] * len(said))
    found = solve(known)
    assert found.margin is None if not found.solved else found.margin == margin_of(known, np.array(found.weights))


def test_a_mixture_solves_what_no_member_solves_alone() -> None:
    found = solve(answer_set(["xxyyy", "xxzzz", "xxvvv"], ["xxx", "xxx", "xxx"], gold=["x", "x"]))
    assert (found.solved, found.best_single.solved, found.uniform_solved) == (2, 1, 2)


def test_weights_are_found_where_equal_ones_fail() -> None:
    known = answer_set(["xxxyy", "yyyyy"], ["yyyyy", "xxxxx"], ["yyyxx", "xxxxy"], gold=["x", "x", "x"])
    found = solve(known)
    assert (found.solved, found.uniform_solved) == (2, 1)
    assert solved_by(known, found.weights) == found.solved_questions == ("q1", "q2")


def test_the_widest_margin_lies_where_two_leads_meet() -> None:
    # 4 of 4 against -2 of 4, and -2 of 4 against 4 of 4: in the middle both lead by a quarter
    found = solve(split_vote())
    assert found.weights == pytest.approx((0.5, 0.5))
    assert (found.solved, found.margin) == (3, pytest.approx(0.25))


def test_two_identical_members_share_their_weight() -> None:
    found = solve(answer_set(["xxxx", "xxxx", "xyyy"], ["xyyy", "xyyy", "xxxx"], gold=["x", "x"]))
    assert found.weights == pytest.approx((0.25, 0.25, 0.5))


def test_among_weights_with_the_same_margin_the_evenest_are_taken() -> None:
    assert solve(answer_set(["xxxx"] * 4, gold=["x"])).weights == pytest.approx((0.25,) * 4)


def test_a_single_member_gets_all_the_weight() -> None:
    found = solve(answer_set(["xxy"], ["yyx"], gold=["x", "x"]))
    assert (found.weights, found.solved, found.status) == ((1.0,), 1, "optimal")


@pytest.mark.parametrize("said", [["yy", "zz"], ["", ""], [[], []]], ids=["wrong", "blank", "never drawn"])
def test_where_nobody_is_ever_right_there_is_nothing_to_solve(said: list[str]) -> None:
    found = solve(answer_set(said, said, gold=["x", "x"]))
    assert (found.status, found.solved, found.total, found.margin, found.gap) == ("nothing to solve", 0, 2, None, 0)
    assert found.weights == (0.5, 0.5)


def test_gold_that_nobody_gave_is_judged_and_not_solved() -> None:
    found = solve(answer_set(["yyz", "zzz"], ["xx", "xx"], gold=["x", "x"]))
    assert (found.solved_questions, found.total) == (("q1",), 2)


def test_questions_without_gold_are_not_judged() -> None:
    found = solve(answer_set(["xx", "xx"], ["yy", "zz"], gold=["x", None]))
    assert (found.solved, found.total) == (1, 1)


def test_no_question_with_gold_is_nothing_to_solve() -> None:
    found = solve(answer_set(["xx", "xx"], gold=[None]))
    assert (found.status, found.total, found.weights) == ("nothing to solve", 0, (0.5, 0.5))


def test_a_question_that_a_member_was_not_asked_is_left_out_and_named() -> None:
    found = solve(answer_set(["xx", "xx"], ["xx", None], gold=["x", "x"]))
    assert (found.total, found.left_out) == (1, ("q1: not answered by all members",))


def test_members_with_no_question_in_common_are_an_error_in_plain_words() -> None:
    with pytest.raises(AnswersError, match="No question was answered by all of a, b"):
        solve(answer_set(["xx", None], [None, "xx"], gold=["x", "x"]))


def test_a_tie_with_a_wrong_answer_is_not_solved() -> None:
    found = solve(answer_set(["xy", "xy"], gold=["x"]))
    assert (found.solved, found.status) == (0, "nothing to solve")


def test_questions_that_only_tie_when_taken_together_are_not_both_counted() -> None:
    # a solves the first and b the second, each by as much as the other loses it
    found = solve(answer_set(["xxx", "yyy"], ["yyy", "xxx"], gold=["x", "x"]))
    assert (found.solved, found.gap, found.margin) == (1, 0, pytest.approx(1.0))


def test_blank_answers_take_from_the_lead_and_do_not_vote() -> None:
    found = solve(answer_set(["x", "x"], gold=["x"]))
    blanked = solve(answer_set([["x", "", "", ""], ["x", "", "", ""]], gold=["x"]))
    assert (found.margin, blanked.margin) == (pytest.approx(1.0), pytest.approx(0.25))


def test_a_lead_far_below_what_the_solver_can_see_is_still_counted() -> None:
    many = 200_000
    known = answer_set(["x" * (many + 1) + "y" * many, "y"], gold=["x"])
    assert solve(known).solved_questions == ("q0",)


def test_a_time_limit_of_nothing_is_refused() -> None:
    for limit in (0, -1, float("nan")):
        with pytest.raises(AnswersError, match="time limit"):
            solve(split_vote(), time_limit_s=limit)


@pytest.mark.parametrize("weights", [(1,), (0, 0), (1, -1), (1, float("nan")), (1, float("inf")), ()])
def test_weights_that_are_none_are_refused(weights: tuple[float, ...]) -> None:
    with pytest.raises(AnswersError, match="Give 2 weights"):
        solved_by(split_vote(), weights)


def test_weights_need_not_sum_to_one() -> None:
    assert solved_by(split_vote(), (1e300, 1e300)) == solved_by(split_vote(), (0.5, 0.5))


def test_a_weighting_travels_between_runs_of_python() -> None:
    found = solve(split_vote())
    assert pickle.loads(pickle.dumps(found)) == found


def test_the_order_of_members_moves_their_weights_and_nothing_else() -> None:
    known = answer_set(["xxxx", "xyyy"], ["xyyyy", "xxxxy"], gold=["x", "x"])
    turned = replace(
        known,
        members=known.members[::-1],
        questions=tuple(replace(question, draws=question.draws[::-1]) for question in known.questions),
    )
    here, there = solve(known), solve(turned)
    assert here.weights == pytest.approx(there.weights[::-1], abs=1e-8)
    assert here.margin == pytest.approx(there.margin, abs=1e-8)


@pytest.mark.parametrize(
    ("pattern", "solved", "total", "uniform", "best"),
    [
        ("*aime2024*", 28, 30, 28, 28),
        ("*aime2025*", 27, 30, 26, 27),
        ("*gpqa*", 153, 198, 145, 145),
    ],
)
def test_published_counts_are_weighed_as_an_independent_solver_weighed_them(
    shared_data: Path, pattern: str, solved: int, total: int, uniform: int, best: int
) -> None:
    known = published(shared_data, pattern)
    found = solve(known)
    assert (found.solved, found.total, found.uniform_solved, found.best_single.solved) == (solved, total, uniform, best)
    assert (found.status, found.gap) == ("optimal", 0)
    assert_not_beaten(known, found)


def assert_not_beaten(known: AnswerSet, found: Weighting) -> None:
    vectors = np.random.default_rng(11).dirichlet(np.ones(len(known.members)), 2_000)
    leads = gold_leads(judged_of(known), vectors)
    assert found.solved == len(solved_by(known, found.weights)) >= (leads > 1e-9).sum(axis=1).max()
