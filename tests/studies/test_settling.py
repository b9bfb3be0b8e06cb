"""A contrast is settled, even or open, and looking often makes no false alarms."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.studies.items import units_of
from fusion_ui.studies.protocol import Protocol, Unit
from fusion_ui.studies.quality import Judged
from fusion_ui.studies.settling import Standing, standings
from tests.studies.support import source, unit

PAIRS = Protocol(title="t")


def won(*winners: str | None, rater: str = "ada") -> list[Judged]:
    """One judgement a unit: "f" for fusion, "b" for best, else as it stands."""
    roles = {"f": "fusion", "b": "best"}
    return [
        Judged(rater=rater, unit=at, winner=f"{at}-{roles[winner]}" if winner in roles else winner)
        for at, winner in enumerate(winners)
    ]


def standing(first: int, second: int, ties: int = 0) -> Standing:
    winners = ["f"] * first + ["b"] * second + ["tie"] * ties
    (found,) = standings(won(*winners), units(len(winners) or 1), PAIRS)
    return found


def units(count: int) -> tuple[Unit, ...]:
    return tuple(unit(place) for place in range(count))


def test_nothing_is_settled_before_anyone_judged() -> None:
    (found,) = standings([], units(3), PAIRS)
    assert found == Standing(
        contrast=("fusion", "best"), first=0, second=0, undecided=3, lacking=3, state="open", more=None
    )


@pytest.mark.parametrize(
    ("first", "second", "state"),
    [(4, 0, "open"), (8, 0, "settled"), (0, 8, "settled"), (6, 4, "open"), (70, 30, "settled"), (300, 300, "even")],
)
def test_the_state_follows_the_units_won(first: int, second: int, state: str) -> None:
    assert standing(first, second).state == state


def test_an_open_contrast_says_how_much_more_would_settle_it_if_it_went_on_so() -> None:
    open_now = standing(12, 6)
    assert open_now.state == "open"
    assert open_now.more is not None
    more = -(-open_now.more // 3) * 3
    assert standing(12 + more * 2 // 3, 6 + more // 3).state == "settled"
    assert standing(8, 0).more == 0


def test_e11_ties_and_split_units_are_undecided_and_no_evidence() -> None:
    assert standing(4, 0, ties=20).state == "open"
    split = [*won("f"), *won("b", rater="bob")]
    (found,) = standings(split, units(1), PAIRS)
    assert (found.first, found.second, found.undecided) == (0, 0, 1)


def test_e10_more_raters_of_the_same_units_are_no_more_evidence() -> None:
    votes = [each for rater in ("ada", "bob", "eve") for each in won(*"ffff", rater=rater)]
    (found,) = standings(votes, units(4), PAIRS)
    assert (found.first, found.state) == (4, "open")


def test_lacking_counts_judgements_up_to_the_overlap_of_each_unit() -> None:
    thrice = Protocol(title="t", overlap=3)
    votes = [*won("f", "tie"), *won("b", rater="bob"), Judged(rater="eve", unit=0, is_skipped=True)]
    votes.append(Judged(rater="ada", unit=1, kind="repeat", winner="tie"))
    (found,) = standings(votes, units(2), thrice)
    assert found.lacking == 1 + 2


def test_units_with_an_earlier_ones_texts_count_by_its_judgements_and_lack_none() -> None:
    contrasts = Protocol(title="t", contrasts=(("fusion", "best"), ("fusion", "vote")))
    made = units_of([source("r", fusion="x", best="y", vote="y")], contrasts).units
    found = standings([Judged(rater="ada", unit=0, winner="r-best")], made, contrasts)
    assert [(each.second, each.lacking) for each in found] == [(1, 0), (1, 0)]


def test_contrasts_of_more_than_two_training_and_identical_units_have_no_standing() -> None:
    others = (
        unit(0, roles=("fusion", "best", "vote")),
        unit(1, phase="training"),
        unit(2, is_identical=True),
    )
    assert standings([], others, PAIRS) == ()


def test_a_fair_coin_looked_at_after_every_unit_settles_in_few_studies() -> None:
    """Ville: at most 5 % of studies without a difference are ever called settled, however often one looks."""
    false_alarms = 0
    for seed in range(80):
        chance = Random(seed)
        wins = [0, 0]
        for _ in range(40):
            wins[chance.random() < 0.5] += 1
            if standing(*wins).state == "settled":
                false_alarms += 1
                break
    assert false_alarms <= 4


@given(st.integers(0, 60), st.integers(0, 60))
def test_the_state_does_not_depend_on_which_of_the_two_is_named_first(first: int, second: int) -> None:
    one, other = standing(first, second), standing(second, first)
    assert (one.state, one.more) == (other.state, other.more)
