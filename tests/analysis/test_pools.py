"""Weights, drawing from a mixture, and what its vote tends to."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.analysis.answers import AnswersError
from fusion_ui.analysis.limit import solved_by
from fusion_ui.analysis.pools import Limit, limit_of, mixture_of, normalised, places_drawn, pool_of, stream_of
from tests.analysis.support import answer_set, question

HALVES = np.array([0.5, 0.5])


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        ((1.0,), "1 weights are given for 2 members"),
        ((), "0 weights"),
        ((0.0, 0.0), "not all zero"),
        ((-1.0, 2.0), "not negative"),
        ((float("nan"), 1.0), "finite"),
        ((float("inf"), 1.0), "finite"),
        ((1e308, 1e308), "finite"),
    ],
)
def test_weights_that_make_no_mixture_are_refused(weights: tuple[float, ...], words: str) -> None:
    with pytest.raises(AnswersError, match=words), np.errstate(over="ignore"):
        normalised(weights, 2)


def test_weights_are_shares_of_one_whatever_they_add_up_to() -> None:
    assert normalised((2, 6), 2).tolist() == [0.25, 0.75]
    assert normalised(None, 4).tolist() == [0.25] * 4


@given(st.floats(0.01, 0.99), st.integers(1, 9), st.integers(1, 9))
def test_chance_spread_evenly_draws_members_by_weight_and_their_draws_evenly(weight: float, one: int, two: int) -> None:
    pool = pool_of(question("q", [["x"] * one, ["y"] * two]), np.array([weight, 1 - weight]))
    assert pool is not None
    drawn = np.bincount(places_drawn(pool, (np.arange(9_000) + 0.5) / 9_000), minlength=one + two) / 9_000
    np.testing.assert_allclose(drawn, [weight / one] * one + [(1 - weight) / two] * two, atol=3e-4)


@given(st.floats(0, 1, exclude_max=True))
def test_every_chance_draws_something(chance: float) -> None:
    pool = pool_of(question("q", [["x"] * 3, ["y"] * 7, ["z"]]), np.array([0.1, 0.7, 0.2]))
    assert pool is not None
    assert 0 <= places_drawn(pool, np.array([chance, np.nextafter(1.0, 0.0)]))[0] <= 10


def test_the_last_chance_of_a_member_draws_its_last_answer_whatever_rounding_says() -> None:
    weights = np.random.default_rng(3).dirichlet(np.ones(3), 500)
    for each in weights:
        pool = pool_of(question("q", [["x"] * 3, ["y"] * 7, ["z"] * 11]), each)
        assert pool is not None
        assert places_drawn(pool, np.nextafter(pool.edges, 0.0)).tolist() == [2, 9, 20]


def test_a_member_without_weight_is_never_drawn() -> None:
    pool = pool_of(question("q", [["x"], ["y"]]), np.array([0.0, 1.0]))
    assert pool is not None
    assert pool.members.tolist() == [1]


def test_a_pool_knows_tokens_only_if_all_its_draws_have_them() -> None:
    known, unknown = question("q", [["x"], ["y"]], tokens=3), question("q", [["x"], ["y"]], tokens=None)
    partly = question("q", [["x"], ["y"]], tokens=float("nan"))
    tokens = [pool.tokens for one in (known, unknown, partly) if (pool := pool_of(one, HALVES))]
    assert tokens[0] is not None
    assert tokens[1:] == [None, None]


@pytest.mark.parametrize(
    ("said", "gold", "expected"),
    [
        (["x", "x", "y", ""], "x", Limit(modes=(0,), lead=0.25, gold_lead=0.25, accuracy=1.0, blank=0.25)),
        (["x", "x", "y", ""], "never", Limit(modes=(0,), lead=0.25, gold_lead=-0.5, accuracy=0.0, blank=0.25)),
        (["x", "y"], "x", Limit(modes=(0, 1), lead=0.0, gold_lead=0.0, accuracy=0.5, blank=0.0)),
        (["x", "x"], None, Limit(modes=(0,), lead=1.0, gold_lead=None, accuracy=None, blank=0.0)),
        (["", ""], "x", Limit(modes=(), lead=0.0, gold_lead=0.0, accuracy=0.0, blank=1.0)),
        (["", ""], None, Limit(modes=(), lead=0.0, gold_lead=None, accuracy=None, blank=1.0)),
    ],
)
def test_what_a_vote_tends_to(said: list[str], gold: str | None, expected: Limit) -> None:
    limit = limit_of(question("q", [said], gold=gold), np.array([1.0]))
    assert limit == expected


def test_thirds_that_differ_by_rounding_are_a_tie() -> None:
    limit = limit_of(question("q", [["x", "y", "z"], ["y", "z", "x"]], gold="x"), np.array([0.1, 0.9]))
    assert limit.modes == (0, 1, 2)
    assert limit.accuracy == 1 / 3


@given(
    st.lists(st.lists(st.sampled_from(["x", "y", ""]), min_size=1, max_size=6), min_size=2, max_size=2),
    st.floats(0.01, 0.99),
)
def test_a_question_is_solved_exactly_where_the_independent_count_says_so(said: list[list[str]], weight: float) -> None:
    answers = answer_set(said, gold=["x"])
    [pooled] = mixture_of(answers, (weight, 1 - weight)).pooled
    assert (pooled.limit.accuracy == 1.0) == (solved_by(answers, (weight, 1 - weight)) == ("q0",))


def test_questions_not_answered_by_all_are_named() -> None:
    mixture = mixture_of(answer_set([["x"], ["x"]], [["x"], None], [["x"], []], [None, ["x"]]), (0.0, 1.0))
    assert [pooled.question.name for pooled in mixture.pooled] == ["q0"]
    assert mixture.left_out == (
        "q1: not answered by all members",
        "q3: not answered by all members",
        "q2: no answers recorded",
    )


def test_a_mixture_of_nothing_recorded_is_refused() -> None:
    with pytest.raises(AnswersError, match="could be drawn from"):
        mixture_of(answer_set([[]]), None)


def test_chance_belongs_to_seed_and_question_whatever_its_name() -> None:
    first = [stream_of(seed, name).random() for seed, name in ((0, "a"), (0, "b"), (1, "a"), (10**30, "\ud800"))]
    assert len(set(first)) == 4
    assert stream_of(0, "a").random() == first[0]
