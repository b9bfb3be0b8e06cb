"""The sentences of a report: who was preferred, or that nobody is shown to be, always with the interval."""

import re
from typing import Any

import pytest

from fusion_ui.preferences.report_markup import fragment
from fusion_ui.preferences.report_summary import summary
from tests import preference_analyses as by_hand


def sentence(**contrast: Any) -> str:
    told = by_hand.analysis(contrasts=[by_hand.contrast("fusion", "best", **contrast)])
    return re.sub(r"<[^>]+>", "", fragment(summary(told))).replace("\xa0", " ")


def test_who_won_more_is_named_first_with_the_interval() -> None:
    assert sentence(value=0.62).startswith(
        "Fused answer was preferred to Best-of-N pick in 62.0 % of comparisons (95 % interval 54.0 % to 70.0 %;"
    )


def test_below_one_half_it_is_the_other_that_was_preferred() -> None:
    assert sentence(value=0.38).startswith(
        "Best-of-N pick was preferred to Fused answer in 62.0 % of comparisons (95 % interval 54.0 % to 70.0 %;"
    )


@pytest.mark.parametrize("value", [0.44, 0.5, 0.57])
def test_an_interval_with_one_half_in_it_prefers_neither(value: float) -> None:
    told = sentence(value=value)
    assert told.startswith("Neither Fused answer nor Best-of-N pick is shown to be preferred: Fused answer was in ")
    assert f"{100 * value:.1f} % of comparisons (95 % interval" in told


def test_votes_without_an_interval_are_told_as_they_are() -> None:
    told = sentence(rate=by_hand.estimate(0.3) | {"low": None, "high": None, "note": "One rater."})
    assert "Best-of-N pick was preferred to Fused answer in 70.0 % of comparisons (no interval: One rater.)" in told


def test_an_even_split_without_an_interval_prefers_neither() -> None:
    assert "Neither" in sentence(rate=by_hand.estimate(0.5) | {"low": None, "high": None})


def test_what_is_settled_for_prompts_and_open_for_people_says_both() -> None:
    assert sentence(value=0.55).endswith("among other people it may be otherwise.")
    assert "among other people" not in sentence(value=0.62)


def test_an_undefined_rate_says_why() -> None:
    assert "undefined. Judged by one person" in sentence(rate=by_hand.estimate(None))
