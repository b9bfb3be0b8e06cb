"""What a page is sent at first: everything of few systems, and of many what is told in full."""

from itertools import combinations
from typing import Any

from fusion_ui.preferences.shortening import MOST_MET, shortened
from tests import preference_analyses as by_hand

MANY = tuple(f"model {number:02}" for number in range(40))
_SHORT = {"verdict": None, "plan": None}


def crowded() -> dict[str, Any]:
    """Forty systems, the last of them the strongest, whose first three contrasts are told in full."""
    pairs = list(combinations(MANY, 2))
    told = [by_hand.contrast(*pair, **({} if place < 3 else _SHORT)) for place, pair in enumerate(pairs)]
    return by_hand.analysis(MANY, contrasts=told, ladders=[by_hand.ladder("bradley_terry", MANY[::-1])])


def test_an_analysis_of_few_systems_is_sent_whole() -> None:
    analysis = by_hand.analysis(contrasts=[by_hand.contrast("fusion", "best", **_SHORT)])
    assert shortened(analysis) == analysis


def test_of_many_contrasts_those_that_are_told_in_full_are_sent() -> None:
    analysis = crowded()
    assert shortened(analysis)["contrasts"] == analysis["contrasts"][:3]
    assert len(analysis["contrasts"]) == 780


def test_of_many_systems_those_that_rank_first_are_met_in_that_order() -> None:
    analysis = crowded()
    matrix = shortened(analysis)["matrix"]
    assert matrix["systems"] == list(MANY[::-1][:MOST_MET])
    assert matrix["wins"][0][1] == analysis["matrix"]["wins"][39][38]


def test_systems_without_ranks_keep_their_order() -> None:
    matrix = shortened(by_hand.analysis(MANY, ladders=[]))["matrix"]
    assert matrix["systems"] == list(MANY[:MOST_MET])
