"""Running counts of many paths against counting each path by itself."""

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.analysis.answers import BLANK
from fusion_ui.analysis.running_votes import Votes, cast, chance_to_lead, no_votes, only, signature_steps

ANSWERS = 4
paths = st.integers(1, 15).flatmap(
    lambda draws: st.lists(
        st.lists(st.integers(BLANK, ANSWERS - 1), min_size=draws, max_size=draws), min_size=1, max_size=6
    )
)


def after(drawn: list[list[int]]) -> Votes:
    votes, steps = no_votes(len(drawn), answers=ANSWERS), signature_steps(20)
    for keys in np.array(drawn).T:
        votes = cast(votes, keys, steps=steps)
    return votes


@given(paths)
def test_what_runs_along_is_what_counting_anew_gives(drawn: list[list[int]]) -> None:
    votes = after(drawn)
    for place, keys in enumerate(drawn):
        ranked = sorted(Counter(key for key in keys if key != BLANK).values(), reverse=True)
        first, second = [*ranked, 0, 0][:2]
        assert (votes.first[place], votes.second[place]) == (first, second)
        assert (votes.distinct[place], votes.total[place]) == (len(ranked), sum(ranked))
        assert votes.tied[place] == ranked.count(first)


@given(paths)
def test_signatures_are_equal_exactly_where_sorted_counts_are(drawn: list[list[int]]) -> None:
    sorted_counts = [sorted(Counter(key for key in keys if key != BLANK).values()) for keys in drawn]
    signatures = after(drawn).signature.tolist()
    for one, other in zip(range(len(drawn)), range(1, len(drawn)), strict=False):
        assert (signatures[one] == signatures[other]) == (sorted_counts[one] == sorted_counts[other])


@given(paths)
def test_the_chances_to_lead_add_up_to_one_once_there_is_a_vote(drawn: list[list[int]]) -> None:
    votes = after(drawn)
    chances = sum(chance_to_lead(votes, np.full((1, len(drawn)), key)) for key in range(ANSWERS))
    np.testing.assert_allclose(chances, (votes.total > 0).astype(float))


def test_nobody_never_leads_not_even_before_the_first_vote() -> None:
    nobody = np.array([[ANSWERS]])
    assert chance_to_lead(after([[BLANK, BLANK]]), nobody).tolist() == [0.0]
    assert chance_to_lead(after([[0, BLANK]]), nobody).tolist() == [0.0]


def test_paths_that_are_done_are_dropped_and_the_others_keep_their_counts() -> None:
    votes = only(after([[0, 0], [1, 2]]), np.array([False, True]))
    votes = cast(votes, np.array([2]), steps=signature_steps(20))
    assert votes.path.tolist() == [1]
    assert (votes.first.tolist(), votes.second.tolist()) == ([2], [1])
