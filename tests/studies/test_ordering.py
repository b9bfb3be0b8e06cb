"""Orders are seeded, balanced for each rater and at each position, and not to be foreseen."""

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.studies.ordering import order_of
from fusion_ui.studies.protocol import Role
from tests.studies.support import unit

PAIR = unit()
ROLES: tuple[Role, ...] = ("fusion", "best", "vote", "single", "candidate", "candidate")


@given(
    seed=st.integers(),
    rater=st.text(),
    position=st.integers(0, 10_000),
    number=st.none() | st.integers(0, 1000),
    size=st.integers(1, 6),
)
def test_an_order_is_a_permutation_and_the_same_for_the_same_inputs(
    seed: int, rater: str, position: int, number: int | None, size: int
) -> None:
    asked = unit(roles=ROLES[:size])
    order = order_of(seed=seed, rater=rater, unit=asked, position=position, number=number)
    assert sorted(order) == list(range(size))
    assert order == order_of(seed=seed, rater=rater, unit=asked, position=position, number=number)


@pytest.mark.parametrize("rater", ["ada", "Ünal", "评审", ""])
@pytest.mark.parametrize("seed", [0, 1, -7])
def test_each_role_is_on_each_side_half_of_a_raters_thousand_trials(rater: str, seed: int) -> None:
    orders = [order_of(seed=seed, rater=rater, unit=PAIR, position=position) for position in range(1000)]
    assert orders.count((0, 1)) == 500


@pytest.mark.parametrize("trials", [10, 25, 50, 99])
def test_a_short_session_is_off_balance_by_one_trial_at_most(trials: int) -> None:
    for seed in range(40):
        orders = [order_of(seed=seed, rater="ada", unit=PAIR, position=position) for position in range(trials)]
        assert abs(orders.count((0, 1)) - trials / 2) <= 1


@pytest.mark.parametrize("position", range(0, 60, 7))
def test_each_role_is_on_each_side_for_half_of_a_thousand_raters_at_a_position(position: int) -> None:
    orders = [
        order_of(seed=4, rater=f"rater {number}", unit=PAIR, position=position, number=number) for number in range(1000)
    ]
    assert orders.count((0, 1)) == 500


def test_without_numbers_positions_are_balanced_within_chance() -> None:
    at_position = [
        sum(order_of(seed=5, rater=f"r{rater}", unit=PAIR, position=position) == (0, 1) for rater in range(1000))
        for position in range(20)
    ]
    assert all(abs(count - 500) < 4 * 15.8 for count in at_position)  # 4 standard deviations of 1 000 coins


def test_a_thousand_trials_of_twenty_raters_are_balanced_both_ways() -> None:
    left = {
        (number, position): order_of(seed=0, rater=f"r{number}", unit=PAIR, position=position, number=number)[0]
        for number in range(20)
        for position in range(50)
    }
    by_rater = [sum(left[number, position] for position in range(50)) / 50 for number in range(20)]
    by_position = [sum(left[number, position] for number in range(20)) / 20 for position in range(50)]
    assert all(0.47 <= share <= 0.53 for share in by_rater + by_position)


@pytest.mark.parametrize("size", [3, 4, 5, 6])
def test_each_of_several_contenders_is_as_often_at_each_place(size: int) -> None:
    asked = unit(roles=ROLES[:size])
    orders = [order_of(seed=0, rater="ada", unit=asked, position=position) for position in range(size * 100)]
    counts = Counter((place, contender) for order in orders for place, contender in enumerate(order))
    assert set(counts.values()) == {100}


@pytest.mark.parametrize("size", [2, 3, 6])
def test_as_many_neighbours_as_contenders_see_every_rotation(size: int) -> None:
    asked = unit(roles=ROLES[:size])
    orders = [
        order_of(seed=0, rater=f"r{number}", unit=asked, position=3, number=number) for number in range(size, 2 * size)
    ]
    assert all(sorted(column) == list(range(size)) for column in zip(*orders, strict=True))


def test_e05_the_next_side_cannot_be_told_from_the_last() -> None:
    orders = [order_of(seed=0, rater="ada", unit=PAIR, position=position) for position in range(1000)]
    same = sum(one == other for one, other in pairwise(orders)) / 999
    assert 0.3 < same < 0.5


def test_another_rater_seed_or_contrast_gives_other_orders() -> None:
    def session(seed: int, rater: str, roles: tuple[Role, ...]) -> list[tuple[int, ...]]:
        return [order_of(seed=seed, rater=rater, unit=unit(roles=roles), position=at) for at in range(40)]

    usual = session(0, "ada", ("fusion", "best"))
    assert usual != session(1, "ada", ("fusion", "best"))
    assert usual != session(0, "bob", ("fusion", "best"))
    assert usual != session(0, "ada", ("fusion", "vote"))
