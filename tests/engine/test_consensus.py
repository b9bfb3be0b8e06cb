"""Closeness of each candidate to all others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.engine.consensus import consensus_scores
from tests.engine.sayings import ASIDES, MOON, candidates


def values(*texts: str) -> list[float]:
    return [score.value or 0.0 for score in consensus_scores(candidates(*texts))]


@pytest.mark.parametrize("script", MOON)
def test_the_odd_one_out_scores_least_in_any_script(script: str) -> None:
    scores = values(
        "".join(MOON[script]), "".join(MOON[script][:4]), "".join(MOON[script][1:]), "".join(ASIDES[script])
    )
    assert scores.index(min(scores)) == 3
    assert scores[3] < 0.3 < 0.5 < scores[0]


def test_the_one_with_what_the_others_share_scores_most() -> None:
    one, two, three = "The sky is blue. ", "The grass is green. ", "The sun is hot. "
    scores = values(one + two, one + two + three, two + three)
    assert scores.index(max(scores)) == 1


def test_order_spaces_and_repetition_hardly_count() -> None:
    scores = values("One apple. Two pears.", "Two  pears.\nOne apple.", "One apple. Two pears. " * 9, "Some plums?")
    assert min(scores[:3]) > 2 * scores[3]


def test_case_does_not_count() -> None:
    assert values("THE SKY", "the sky") == pytest.approx([1.0, 1.0])


def test_a_lone_candidate_has_nobody_against_it() -> None:
    assert values("anything") == [1.0]
    assert consensus_scores(()) == ()


def test_a_blank_text_is_close_to_nothing() -> None:
    assert values("", " \n", "text") == [0.0, 0.0, 0.0]


def test_equal_texts_score_one_however_short() -> None:
    assert values("4", "4") == pytest.approx([1.0, 1.0])


@given(st.lists(st.text(max_size=40), min_size=1, max_size=5))
def test_scores_are_shares_and_follow_their_candidates(texts: list[str]) -> None:
    pool = candidates(*texts)
    scores = consensus_scores(pool)
    assert [score.position for score in scores] == [candidate.position for candidate in pool]
    assert all(score.value is not None and 0 <= score.value <= 1 for score in scores)
    reverse = {score.position: score.value for score in consensus_scores(pool[::-1])}
    assert reverse == pytest.approx({score.position: score.value for score in scores})
