"""Under the weights: exclusions that must be true, programs out of time, and the clean-up."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from fusion_ui.analysis.answers import AnswerSet, Draws, Question
from fusion_ui.analysis.exclusion import at_most, exclusive
from fusion_ui.analysis.leads import Leads, leads_of
from fusion_ui.analysis.limit import judged_of, solved
from fusion_ui.analysis.optimum import optimum
from fusion_ui.analysis.program import evenest, most_solved, widest, widest_for
from fusion_ui.analysis.weights import solve
from tests.analysis.support import answer_set

fractions = st.integers(-4, 4).map(lambda value: value / 4)
tables = st.integers(1, 8).flatmap(lambda rows: arrays(np.float64, (rows, 3), elements=fractions))


def leads(rows: object, owner: object = None) -> Leads:
    table = np.array(rows, dtype=np.float64)
    place = np.arange(len(table)) if owner is None else np.array(owner)
    return Leads(rows=table, owner=place, questions=int(place.max()) + 1 if len(place) else 0)


def contradictory(questions: int, seed: int) -> AnswerSet:
    """Members that are right on different questions, with close votes: as hard as such programs get."""
    rng = np.random.default_rng(seed)
    asked = []
    for place in range(questions):
        share = 0.5 * rng.dirichlet(np.full(6, 0.8)) + 0.5 * rng.dirichlet(np.full(6, 0.5), 7)
        draws = tuple(Draws(keys=rng.choice(6, 100, p=row)) for row in share)
        asked.append(Question(name=f"q{place}", answers=tuple("uvwxyz"), gold=int(rng.integers(6)), draws=draws))
    return AnswerSet(members=tuple("abcdefg"), questions=tuple(asked))


@given(tables, st.integers(0, 1_000))
def test_questions_called_exclusive_are_never_won_together(rows: np.ndarray, seed: int) -> None:
    known = leads(rows)
    won = known.smallest(np.random.default_rng(seed).dirichlet(np.ones(3), 200)) > 0
    together = (won[:, :, None] & won[:, None, :]).any(axis=0)
    assert not (together & exclusive(known, level=0.0)).any()
    assert won.sum(axis=1).max() <= at_most(known, level=0.0)


def test_opposite_leads_exclude_each_other_and_stronger_ones_do_not() -> None:
    assert exclusive(leads([(1, -1), (-1, 1)]), level=0.0).tolist() == [[False, True], [True, False]]
    assert not exclusive(leads([(1, -0.5), (-0.5, 1)]), level=0.0).any()
    assert exclusive(leads([(1, -0.5), (-0.5, 1)]), level=0.26).any()


def test_exclusions_among_very_many_rows_are_left_undecided() -> None:
    known = leads([(1, -1), (-1, 1)] * 1_100)
    assert not exclusive(known, level=0.0).any()
    assert at_most(known, level=0.0) == 2_200


def test_implied_rivals_are_dropped_and_the_leads_stay() -> None:
    known = AnswerSet(
        members=("a", "b"),
        questions=(Question(name="q", answers=("x", "y", "z"), gold=0, draws=(said(3, 2, 1), said(3, 2, 1))),),
    )
    found = leads_of(judged_of(known), members=2)
    assert found.rows.tolist() == [pytest.approx([1 / 6, 1 / 6])]


def said(*counts: int) -> Draws:
    return Draws(keys=np.repeat(np.arange(len(counts)), counts))


def test_no_leads_are_solved_by_equal_weights_and_proven() -> None:
    weights, bound, proven = optimum(leads(np.empty((0, 4))), time_limit_s=1.0)
    assert (weights.tolist(), bound, proven) == ([0.25] * 4, 0, True)


def test_the_first_program_finds_how_many_can_be_solved() -> None:
    outcome = most_solved(leads([(1, -1, -1), (-1, 1, -1), (-1, -1, 1), (1, -1, 1)]), time_limit_s=5.0)
    assert (outcome.proven, outcome.bound, int(outcome.chosen.sum())) == (True, pytest.approx(2), 2)


def test_the_second_program_finds_nothing_above_the_widest_margin() -> None:
    open_questions, sure = leads([(1, -0.5), (-0.5, 1)]), leads([(1, 1)])
    below = widest(open_questions, sure, at_least=1, margin=0.5, time_limit_s=5.0)
    at_top = widest(open_questions, sure, at_least=1, margin=1.0, time_limit_s=5.0)
    assert below.weights.max() == pytest.approx(1.0)
    assert (at_top.weights, at_top.proven) == (None, True)


def test_the_second_program_names_the_solved_by_their_places_among_all() -> None:
    hopeless_first = leads([(0.1, 0.1), (0.6, 0.5), (0.9, 0.6), (-1, 0.4)])
    found = widest(hopeless_first, leads([(1, 1)]), at_least=1, margin=0.45, time_limit_s=5.0)
    assert found.chosen.tolist() == [False, False, True, False]
    assert found.proven


def test_weights_for_given_questions_have_the_widest_margin() -> None:
    assert widest_for(leads([(1.0, -0.5), (-0.5, 0.25)])) == pytest.approx((1 / 3, 2 / 3))


def test_the_evenest_weights_keep_the_margin_and_are_none_where_it_cannot_be_kept() -> None:
    known = leads([(1, 0, 0)])
    assert evenest(known, margin=0.5) == pytest.approx((0.5, 0.25, 0.25))
    assert evenest(known, margin=0.2) == pytest.approx((1 / 3, 1 / 3, 1 / 3))
    assert evenest(known, margin=1.5) is None


def test_the_evenest_weights_are_given_up_after_too_many_steps() -> None:
    known = leads([(1, 0, -1), (-1, 1, 0), (0, -0.5, 1)])
    assert evenest(known, margin=0.0) is not None
    assert evenest(known, margin=0.05, most_steps=1) is None


def test_a_proof_cut_short_is_called_so_and_still_beats_two_thousand_guesses() -> None:
    known = contradictory(150, seed=4)
    found = solve(known, time_limit_s=0.3)
    guesses = solved(judged_of(known), np.random.default_rng(8).dirichlet(np.ones(7), 2_000)).sum(axis=1)
    assert found.status == "time limit"
    assert found.gap > 0
    assert found.solved >= max(guesses.max(), found.uniform_solved, found.best_single.solved)
    assert found.total * (1 - 1e-9) >= found.solved * (1 + found.gap) - 1e-9


def test_no_time_at_all_gives_the_best_guess() -> None:
    found = solve(contradictory(40, seed=5), time_limit_s=1e-9)
    assert found.status == "time limit"
    assert sum(found.weights) == pytest.approx(1.0)


def test_what_no_mixture_solves_is_proven_to_be_unsolved() -> None:
    # each rival has a member that beats it, and no weights beat both
    found = solve(answer_set(["xzzz", "xyyy"], gold=["x"]))
    assert (found.status, found.solved, found.gap) == ("nothing to solve", 0, 0)


def test_a_gap_is_told_in_parts_of_what_is_solved_even_where_that_is_one() -> None:
    known = answer_set(["xx", "xx"], ["xzzz", "xyyy"], gold=["x", "x"])
    found = solve(known, time_limit_s=1e-9)
    assert (found.status, found.solved, found.gap) == ("time limit", 1, 1.0)


def test_weights_that_do_not_end_in_nine_decimals_still_add_up_to_one() -> None:
    weights = optimum(leads([(1, 1, 1)]), time_limit_s=1.0).weights
    assert weights == pytest.approx((1 / 3, 1 / 3, 1 / 3), abs=1e-8)
    assert weights.sum() == pytest.approx(1.0, abs=1e-12)


def test_rounding_never_costs_a_question() -> None:
    thin = leads([(1e-9 + 2e-10, 1e-9 + 2e-10), (3e-9, -1.0)])
    found = optimum(thin, time_limit_s=5.0)
    assert (thin.smallest(found.weights[None, :])[0] > 1e-9).sum() == 2
