"""What to have judged next: where it tells most, what it never looks at, and how it spreads."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.analysis.preference.bradley_terry import PRIOR
from fusion_ui.analysis.preference.comparisons import Comparisons, Outcome
from fusion_ui.analysis.preference.next_items import NextItem, Rateable, next_items, rateable_of
from tests.analysis.preference.votes import drawn, is_plain, studies, votes


def offered(*rows: tuple[int, str, str, int]) -> Rateable:
    """Rows of unit, first, second, judgements; the systems are a, b, c, d."""
    unit, first, second, judgements = zip(*rows, strict=True)
    return Rateable(
        unit=np.array(unit, dtype=np.int32),
        first=np.array(["abcd".index(name) for name in first], dtype=np.int32),
        second=np.array(["abcd".index(name) for name in second], dtype=np.int32),
        judgements=np.array(judgements, dtype=np.int32),
    )


def meetings(**times: int) -> Comparisons:
    """So many ties of each pair, named by its two letters."""
    rows = [(pair[0], pair[1], Outcome.TIE, place, 0) for pair, number in times.items() for place in range(number)]
    return votes(*rows)


EVERY_PAIR = offered(*((place, *pair, 0) for place, pair in enumerate(["ab", "ac", "ad", "bc", "bd", "cd"])))


def pair_of(item: NextItem) -> str:
    return item.first + item.second


def test_what_links_separate_systems_comes_first() -> None:
    first = next_items(meetings(ab=30, cd=30), EVERY_PAIR, most=1)[0]
    assert pair_of(first) in {"ac", "ad", "bc", "bd"}
    assert "No chain" in first.why


def test_the_pair_that_least_is_known_of_comes_before_those_judged_often() -> None:
    design = meetings(ab=40, ac=40, bc=40, ad=3)
    assert {"d"} <= set(pair_of(next_items(design, EVERY_PAIR, most=1)[0]))


def test_a_third_that_both_have_met_tells_them_apart_as_well() -> None:
    never_ab = meetings(ac=80, bc=80, cd=3)
    assert "d" in pair_of(next_items(never_ab, EVERY_PAIR, most=1)[0])


def test_who_is_ahead_decides_nothing() -> None:
    rows = [("a", "b", Outcome.FIRST, 0, 0), ("a", "b", Outcome.SECOND, 1, 0), ("b", "c", Outcome.TIE, 2, 0)]
    turned = [(one, other, Outcome(2 - outcome), *rest) for one, other, outcome, *rest in rows]
    assert next_items(votes(*rows), EVERY_PAIR) == next_items(votes(*turned), EVERY_PAIR)


def test_of_one_pair_the_least_shown_unit_comes_first() -> None:
    found = next_items(meetings(ab=5), offered((7, "a", "b", 3), (8, "a", "b", 0), (9, "a", "b", 1)))
    assert [each.unit for each in found] == [8, 9, 7]
    assert found[0].why.endswith("nobody has judged it.")


def test_a_list_spreads_over_the_pairs_and_names_no_unit_twice() -> None:
    units = offered(*((place, *"ab bc ca".split()[place % 3], 0) for place in range(30)))
    found = next_items(meetings(ab=1), units, most=9)
    assert len({each.unit for each in found}) == 9
    assert max(Counter(pair_of(each) for each in found).values()) == 4


@pytest.mark.parametrize("number", [1, 4, 30])
def test_a_gain_is_what_one_more_judgement_takes_off_the_variance(number: int) -> None:
    def variance(judgements: int) -> float:
        return 2 / (PRIOR + 2 * judgements / 4)  # of two even systems: twice the least of what is known of either

    first = next_items(meetings(ab=number), offered((0, "a", "b", 0)), most=1)[0]
    assert first.gain == pytest.approx(variance(number) - variance(number + 1))


def test_gains_shrink_as_the_list_goes_on_with_one_pair() -> None:
    units = offered(*((place, "a", "b", 0) for place in range(6)))
    gains = [each.gain for each in next_items(meetings(ab=4), units)]
    assert gains == sorted(gains, reverse=True)
    assert len(set(gains)) == 6


def test_a_unit_of_three_systems_is_judged_once_for_all_its_pairs() -> None:
    units = offered((1, "a", "b", 0), (1, "a", "c", 0), (1, "b", "c", 0), (2, "a", "b", 0))
    assert sorted(each.unit for each in next_items(meetings(ab=1), units)) == [1, 2]


def test_what_was_judged_is_known_by_unit_and_pair() -> None:
    units = rateable_of(
        votes(("b", "a", Outcome.TIE, 5, 0), ("a", "b", Outcome.TIE, 5, 1), ("a", "c", Outcome.TIE, 6, 0))
    )
    assert len(units) == 2
    assert units.unit.tolist() == [5, 6]
    assert units.judgements.tolist() == [2, 1]


def test_nothing_to_judge_gives_an_empty_list() -> None:
    assert next_items(meetings(ab=2), most=0) == ()
    assert next_items(votes()) == ()


@given(studies, st.integers(0, 8))
def test_whatever_was_judged_the_gains_are_numbers_above_nothing(comparisons: Comparisons, most: int) -> None:
    found = next_items(comparisons, most=most)
    assert len(found) <= most
    assert all(is_plain(each) and each.gain > 0 for each in found)


@pytest.mark.parametrize("seed", range(3))
def test_what_it_picks_leaves_less_unsure_than_picks_by_chance(seed: int) -> None:
    study = drawn(60, seed, systems=4)
    best = next_items(study, EVERY_PAIR, most=1)[0]
    others = [
        next_items(study, offered((0, *pair, 0)), most=1)[0].gain for pair in ["ab", "ac", "ad", "bc", "bd", "cd"]
    ]
    assert best.gain == pytest.approx(max(others))
