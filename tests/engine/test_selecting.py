"""Best-of-N selectors on pools made by hand."""

from random import Random

from fusion_ui.engine.selecting import select_by_consensus, select_by_pairs, select_by_scores, select_by_vote
from fusion_ui.engine.values import Judgement
from fusion_ui.engine.voting import tally_of
from tests.engine.pools import candidate

SAME = "The train takes three hours because it covers 240 km at 80 km/h."
POOL = [
    candidate(1, "Bananas are yellow.", "9"),
    candidate(2, SAME, "3"),
    candidate(3, SAME + " So three hours.", "3"),
    candidate(4, "It takes 3 hours: 240 km divided by 80 km/h.", "3"),
]


def both_ways(first: int, second: int, winner: int | None) -> list[Judgement]:
    return [
        Judgement(shown=pair, winner=winner, reason=f"{winner} wins") for pair in ((first, second), (second, first))
    ]


def test_the_outlier_is_never_the_consensus() -> None:
    selection = select_by_consensus(POOL, Random(1))
    assert selection.position in (2, 3)
    assert min(selection.scores, key=lambda score: score.value or 0).position == 1


def test_the_vote_picks_within_the_leading_answer() -> None:
    selection = select_by_vote(POOL, tally_of(POOL), Random(1))
    assert selection.position in (2, 3, 4)
    assert [score.position for score in selection.scores] == [2, 3, 4]


def test_without_an_answer_the_vote_falls_back_and_says_so() -> None:
    silent = [candidate(position, SAME) for position in (1, 2, 3)]
    selection = select_by_vote(silent, tally_of(silent), Random(1))
    assert selection.selector == "consensus"
    assert "No candidate holds an answer" in selection.reason


def test_a_tied_vote_is_drawn_by_the_seed_and_told() -> None:
    tied = [candidate(1, "a", "1"), candidate(2, "b", "2")]
    picks = {select_by_vote(tied, tally_of(tied), Random(seed)).position for seed in range(20)}
    assert picks == {1, 2}
    assert select_by_vote(tied, tally_of(tied), Random(1)).is_tied
    assert len({select_by_vote(tied, tally_of(tied), Random(7)).position for _ in range(5)}) == 1


def test_a_flipped_pair_is_an_abstention_and_not_half_a_win() -> None:
    flipped = [Judgement(shown=(1, 2), winner=1), Judgement(shown=(2, 1), winner=2)]
    selection = select_by_pairs([*flipped, *both_ways(2, 3, 3)], Random(1))
    assert selection is not None
    assert selection.flips == 1
    assert {score.position: score.value for score in selection.scores} == {2: -1.0, 3: 1.0}


def test_a_pair_counts_only_with_both_orders() -> None:
    assert select_by_pairs([Judgement(shown=(1, 2), winner=1)], Random(1)) is None


def test_the_reason_belongs_to_the_pick() -> None:
    selection = select_by_pairs([*both_ways(1, 2, 2), *both_ways(2, 3, 2)], Random(1))
    assert selection is not None
    assert (selection.position, selection.reason) == (2, "2 wins")


def test_scores_that_cannot_be_read_are_not_zero() -> None:
    judgements = [Judgement(shown=(1,), score=0.0), Judgement(shown=(2,), score=None, is_readable=False)]
    selection = select_by_scores(judgements, Random(1))
    assert selection is not None
    assert [score.position for score in selection.scores] == [1]
    assert select_by_scores(judgements[1:], Random(1)) is None


def test_equal_scores_are_broken_by_the_seed() -> None:
    judgements = [Judgement(shown=(position,), score=7.0) for position in (1, 2, 3)]
    selections = [select_by_scores(judgements, Random(seed)) for seed in range(30)]
    assert {selection.position for selection in selections if selection} == {1, 2, 3}
    assert all(selection.is_tied for selection in selections if selection)
