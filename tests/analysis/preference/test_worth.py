"""What a win costs, and what is said where no price exists."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.analysis.preference.worth import Spent, Worth, worth
from tests.analysis.preference.votes import is_plain

amounts = st.none() | st.floats(0, 10)


def rows(*spent: tuple[str, float | None, float | None, float | None]) -> dict[str, Worth]:
    """By system; each of system, share, cost, seconds."""
    return {
        each.system: each
        for each in worth([Spent(system=name, share=w, cost_usd=c, seconds=s) for name, w, c, s in spent])
    }


STUDY = rows(
    ("single", 0.4, 0.01, 2.0), ("best", 0.5, 0.05, 6.0), ("fusion", 0.6, 0.09, 9.5), ("vote", 0.35, 0.05, 4.0)
)


def test_an_extra_win_costs_what_is_paid_more_over_what_is_won_more() -> None:
    assert STUDY["fusion"].cost_per_extra_win == pytest.approx((0.09 - 0.01) / (0.6 - 0.4))
    assert "$0.4 for each extra win" in STUDY["fusion"].words
    assert "7.5 s slower" in STUDY["fusion"].words


@pytest.mark.parametrize(
    ("cost", "told"), [(2500.0, "$25,000.00"), (0.3, "$3.00"), (0.002, "$0.02"), (1e-7, "less than $0.0001")]
)
def test_a_price_is_told_as_money_is(cost: float, told: str) -> None:
    found = rows(("a", 0.5, 0.0, None), ("b", 0.6, cost, None))["b"]
    assert f": {told} for each extra win." in found.words


def test_who_costs_more_and_wins_less_has_no_price_but_a_verdict() -> None:
    assert STUDY["vote"].cost_per_extra_win is None
    assert STUDY["vote"].words == "Costs more than single and wins less."


def test_the_cheapest_is_what_the_others_are_set_against() -> None:
    assert STUDY["single"].cost_per_extra_win is None
    assert "cheapest" in STUDY["single"].words


def test_of_equally_cheap_ones_the_more_preferred_is_the_one_to_beat() -> None:
    found = rows(("a", 0.4, 0.0, None), ("b", 0.6, 0.0, None))
    assert found["a"].words == "Costs as much as b and wins less."
    assert "cheapest" in found["b"].words


@pytest.mark.parametrize(
    ("share", "cost", "lacking"), [(0.5, None, "cost"), (None, 0.1, "share of wins"), (0.5, float("nan"), "cost")]
)
def test_what_is_not_known_is_named(share: float | None, cost: float | None, lacking: str) -> None:
    found = rows(("a", 0.4, 0.01, 1.0), ("b", share, cost, 1.0))["b"]
    assert found.cost_per_extra_win is None
    assert found.words == f"Its {lacking} is not known."


def test_without_any_cost_nobody_is_cheapest() -> None:
    assert {each.words for each in rows(("a", 0.4, None, 1.0), ("b", 0.6, None, 1.0)).values()} == {
        "Its cost is not known."
    }
    assert worth([]) == ()


@given(st.lists(st.tuples(st.none() | st.floats(0, 1), amounts, amounts), max_size=5))
def test_a_price_is_never_below_nothing_and_never_undefined(spent: list[tuple[float | None, ...]]) -> None:
    found = rows(*((f"s{place}", *each) for place, each in enumerate(spent)))
    for each in found.values():
        assert is_plain(each)
        assert each.words
        assert each.cost_per_extra_win is None or each.cost_per_extra_win >= 0
