"""From judgements to units and votes: laws of what is the same, whoever was named first."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.exchange.numbers import Numbers
from fusion_ui.exchange.recorded_ratings import RecordedOutcome, RecordedRating
from fusion_ui.exchange.texts import LineError
from fusion_ui.imports.planning import PlannedUnit, PlannedVote, Planner, Spot, unit_number

RATING = RecordedRating(1, "p", "a", "b", "first", rater="ann")
_MIRRORED: dict[str, RecordedOutcome] = {"first": "second", "second": "first"}
ratings = st.builds(
    RecordedRating,
    st.integers(1, 9),
    st.sampled_from("pq"),
    st.just("a"),
    st.sampled_from("bc"),
    st.sampled_from(get_args(RecordedOutcome)),
    rater=st.sampled_from(["", "ann", "bob"]),
    is_turned=st.booleans(),
    is_model=st.booleans(),
)


def mirrored(rating: RecordedRating) -> RecordedRating:
    """The same judgement, told from the other side."""
    return rating._replace(
        first=rating.second,
        second=rating.first,
        first_text=rating.second_text,
        second_text=rating.first_text,
        outcome=_MIRRORED.get(rating.outcome, rating.outcome),
        is_turned=not rating.is_turned,
    )


def planned(*said: RecordedRating, **rest: str) -> tuple[list[PlannedUnit], list[PlannedVote]]:
    planner = Planner(**rest)  # type: ignore[arg-type]
    units: list[PlannedUnit] = []
    votes: list[PlannedVote] = []
    for rating in said:
        try:
            for each in planner.plan(rating):
                units += [each] if isinstance(each, PlannedUnit) else []
                votes += [each] if isinstance(each, PlannedVote) else []
        except LineError:
            continue
    return units, votes


def left(unit: PlannedUnit, vote: PlannedVote) -> str:
    """The member that stood left."""
    return unit.unit.contenders[vote.vote.order[0]].member


@given(ratings)
def test_a_judgement_told_from_the_other_side_is_the_same(rating: RecordedRating) -> None:
    (((one,), (said,)), ((other,), (again,))) = planned(rating), planned(mirrored(rating))
    assert [each.member for each in one.unit.contenders] == [rating.first, rating.second]
    assert other.unit.contenders == list(reversed(one.unit.contenders))
    assert other.unit.body == one.unit.body
    assert left(one, said) == left(other, again)
    assert said.vote._replace(order=(0, 1)) == again.vote._replace(order=(0, 1))


@given(ratings)
def test_a_unit_told_from_either_side_is_told_as_it_was_first(rating: RecordedRating) -> None:
    ((unit,), (said, again)) = planned(rating, mirrored(rating)._replace(rater="cy"))
    assert left(unit, said) == left(unit, again)


@given(st.integers(0, 2**16 - 1), st.integers(0, 2**22 - 1), st.booleans())
def test_a_spot_is_read_back_from_its_code(source: int, place: int, is_turned: bool) -> None:
    spot = Spot(source, place, is_turned)
    assert Spot.of(spot.code) == spot


@given(st.lists(ratings, max_size=30))
def test_units_are_numbered_in_order_and_told_before_their_votes(said: list[RecordedRating]) -> None:
    units, votes = planned(*said)
    assert [each.unit.place for each in units] == list(range(len(units)))
    assert {each.vote.place for each in votes} <= set(range(len(units)))


@given(st.lists(ratings, max_size=40))
def test_nobody_judges_a_unit_more_than_twice(said: list[RecordedRating]) -> None:
    _, votes = planned(*said)
    assert len({(each.vote.place, each.vote.rater, each.vote.kind) for each in votes}) == len(votes)


@given(st.lists(ratings, max_size=30))
def test_a_judge_is_asked_again_only_after_the_first_time(said: list[RecordedRating]) -> None:
    seen = set()
    for each in planned(*said)[1]:
        who = (each.vote.place, each.vote.rater)
        assert (who in seen) == (each.vote.kind == "repeat")
        seen.add(who)


def test_the_same_judgement_again_is_refused_and_another_is_a_repeat() -> None:
    planner = Planner()
    list(planner.plan(RATING))
    with pytest.raises(LineError, match="says again"):
        list(planner.plan(RATING))
    (again,) = planner.plan(RATING._replace(outcome="tie"))
    assert isinstance(again, PlannedVote)
    assert again.vote.kind == "repeat"


def test_a_known_unit_is_not_planned_again() -> None:
    ((unit,), _) = planned(RATING)
    key = bytes.fromhex(str(unit.unit.body["key"]))
    known = Numbers()
    known.put_new(unit_number(key), Spot(3, 7, True).code)
    (vote,) = Planner(known=known).plan(RATING)
    assert isinstance(vote, PlannedVote)
    assert (vote.source, vote.vote.place, vote.vote.order) == (3, 7, (1, 0))


def test_other_texts_make_another_unit() -> None:
    units, _ = planned(RATING, RATING._replace(first_text="x"))
    assert len(units) == 2


def test_a_rater_whose_name_is_too_long_is_refused() -> None:
    with pytest.raises(LineError, match="name"):
        list(Planner().plan(RATING._replace(rater="x" * 195, is_model=True)))
