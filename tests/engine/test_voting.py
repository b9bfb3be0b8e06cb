"""Tallies: order of asking, ties, draws without an answer."""

from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.engine.values import Candidate, Completion
from fusion_ui.engine.voting import leader, leaders, margin, tally_of

answer_lists = st.lists(st.none() | st.sampled_from(["a", "b", "c"]), max_size=12)


def pool(answers: list[str | None]) -> list[Candidate]:
    return [
        Candidate(position=position, member="m", completion=Completion(text=""), answer=answer)
        for position, answer in enumerate(answers, start=1)
    ]


@given(answer_lists, st.randoms())
def test_arrival_order_never_changes_a_tally(answers: list[str | None], shuffler: object) -> None:
    shuffled = pool(answers)
    shuffler.shuffle(shuffled)  # type: ignore[attr-defined]
    assert tally_of(shuffled) == tally_of(pool(answers))


@given(answer_lists)
def test_every_draw_is_counted_once(answers: list[str | None]) -> None:
    tally = tally_of(pool(answers))
    counted = [position for count in tally.counts for position in count.positions] + list(tally.unanswered)
    assert sorted(counted) == list(range(1, len(answers) + 1))
    assert tally.votes + len(tally.unanswered) == tally.draws == len(answers)


def test_a_tie_has_two_leaders_and_no_single_one() -> None:
    tally = tally_of(pool(["b", "a", "a", "b", None]))
    assert leaders(tally) == ("b", "a")
    assert leader(tally) is None
    assert margin(tally) == 0


def test_the_answer_with_most_votes_leads() -> None:
    tally = tally_of(pool(["a", "b", "b", "b"]))
    assert (leader(tally), margin(tally)) == ("b", 2)


def test_nobody_leads_an_empty_vote() -> None:
    assert leaders(tally_of([])) == ()
    assert leader(tally_of(pool([None]))) is None


def test_a_lone_answer_is_ahead_by_all_its_votes_and_nobody_by_any_before_the_first() -> None:
    assert margin(tally_of(pool(["a", "a", "a"]))) == 3
    assert margin(tally_of(pool([None]))) == 0
