"""What raises a flag, and how rarely luck does."""

from dataclasses import replace

import numpy as np
import pytest

from fusion_ui.analysis.preference.estimates import share_of
from fusion_ui.analysis.preference.rater_flags import Seen, Usual, flags_of

CAREFUL = Seen(
    rater="Ann",
    judgements=100,
    median_seconds=30.0,
    others=share_of(60, 100),
    by_chance=0.35,
    repeats=share_of(8, 10),
    gold=share_of(9, 10),
    left=share_of(30, 60),
    longest_run=6,
)
USUAL = Usual(raters=50, seconds=30.0, beyond_chance=0.4)


@pytest.mark.parametrize(
    ("change", "flag"),
    [
        ({"others": share_of(34, 100)}, "like chance"),
        ({"others": share_of(10, 100)}, "like chance"),
        ({"left": share_of(55, 60)}, "one side"),
        ({"left": share_of(5, 60)}, "one side"),
        ({"median_seconds": 9.0}, "fast"),
        ({"median_seconds": 9.0, "judgements": 10}, "fast"),
        ({"longest_run": 30}, "same side 30 times"),
        ({"gold": share_of(2, 10)}, "misses gold"),
        ({"repeats": share_of(2, 20)}, "contradicts itself"),
    ],
)
def test_a_careful_rater_has_no_flag_and_one_that_stands_out_has_its_own(change: dict[str, object], flag: str) -> None:
    assert flags_of(CAREFUL, USUAL) == ()
    assert flags_of(replace(CAREFUL, **change), USUAL) == (flag,)


@pytest.mark.parametrize(
    "change",
    [
        {"others": share_of(0, 0), "by_chance": None},
        {"others": share_of(1, 5)},
        {"left": share_of(0, 0)},
        {"left": share_of(5, 5)},
        {"left": share_of(6200, 10_000)},
        {"median_seconds": None},
        {"median_seconds": 5.0, "judgements": 9},
        {"median_seconds": 11.0},
        {"gold": share_of(0, 1)},
        {"longest_run": 9, "judgements": 9},
    ],
)
def test_too_little_evidence_raises_no_flag(change: dict[str, object]) -> None:
    assert flags_of(replace(CAREFUL, **change), USUAL) == ()


def test_nobody_is_like_chance_where_all_are() -> None:
    assert flags_of(replace(CAREFUL, others=share_of(35, 100)), replace(USUAL, beyond_chance=0.0)) == ()


def test_nobody_is_fast_where_nothing_is_usual() -> None:
    assert flags_of(replace(CAREFUL, median_seconds=1.0), replace(USUAL, seconds=None)) == ()


def test_more_raters_ask_for_more_evidence() -> None:
    seen = replace(CAREFUL, others=share_of(45, 100))
    assert flags_of(seen, replace(USUAL, raters=3)) == ("like chance",)
    assert flags_of(seen, replace(USUAL, raters=500)) == ()


def test_luck_hardly_ever_flags_one_of_fifty_careful_raters() -> None:
    rng = np.random.default_rng(7)
    expected = 0.35 + 0.4 * 0.65
    flagged = sum(
        bool(
            flags_of(
                replace(CAREFUL, others=share_of(hits, 60), left=share_of(left, 60), gold=share_of(gold, 12)), USUAL
            )
        )
        for hits, left, gold in zip(
            rng.binomial(60, expected, 5000), rng.binomial(60, 0.5, 5000), rng.binomial(12, 0.8, 5000), strict=True
        )
    )
    assert flagged <= 10  # in 100 studies
