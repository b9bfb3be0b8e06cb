"""What a rater said, in a report's words."""

from dataclasses import replace
from typing import Any

import pytest

from fusion_ui.preferences.report_sayings import clipped, names_of, saying
from tests.annotation.support import unit

CALLED = {"fusion": "Fused answer", "best": "Best-of-N pick"}


def said(**parts: Any) -> dict[str, Any]:
    nothing = dict.fromkeys(["strength", "ranking", "best", "worst", "scores", "confidence"])
    return nothing | {"verdict": "tie", "reasons": {}, "flaws": [], "note": ""} | parts


def test_a_marked_mistake_is_told_with_what_it_quotes_and_whose_it_is() -> None:
    whole = {"role": "fusion", "severity": "minor", "category": "V", "quote": ""}
    part = {"role": "best", "severity": "major", "category": "C", "quote": "x" * 500}
    assert saying(said(flaws=[whole, part]), CALLED, rater="Rater 1").remarks == (
        "Fused answer: minor V",
        f"Best-of-N pick: major C “{'x' * 160}”",
    )


def test_reasons_that_were_not_given_are_not_told() -> None:
    reasons = {"fusion": ["clear", "concise"], "best": []}
    assert saying(said(reasons=reasons), CALLED, rater="r").remarks == ("Fused answer: clear, concise",)


@pytest.mark.parametrize(("verdict", "words"), [("tie", "Tie"), ("all_bad", "Both bad"), ("best", "Best-of-N pick")])
def test_a_verdict_is_told_in_words(verdict: str, words: str) -> None:
    assert saying(said(verdict=verdict), CALLED, rater="r").verdict == words


def test_members_are_called_by_their_names_where_they_are_told_apart_by_them() -> None:
    item = unit(0)
    assert names_of(item, "role") == ("Fused answer", "Best-of-N pick")
    assert names_of(item, "member") == ("model-fusion", "model-best")
    same = replace(item, contenders=tuple(replace(each, member="m") for each in item.contenders))
    assert names_of(same, "member") == ("Fused answer", "Best-of-N pick")


def test_a_text_is_cut_at_its_end_and_says_by_how_much() -> None:
    assert clipped("abc", most=2) == ("ab", 1)
    assert clipped("ab", most=2) == ("ab", 0)
