"""Side and length: published figures, both sides of a pair, and what cannot be told."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given

from fusion_ui.analysis.preference.comparisons import Comparisons, comparisons_of
from fusion_ui.analysis.preference.effects import length_effect, position_effect
from tests.analysis.preference.lengths import llmfao_with_lengths
from tests.analysis.preference.simulation import Setting, World, study
from tests.analysis.preference.votes import is_plain, studies, turned

BIASED = study(World(left=0.4, length=0.8), Setting(prompts=80, raters=10), seed=5)


def sides_turned(comparisons: Comparisons) -> Comparisons:
    """The same votes with the other side written first, as everything about the two sides is."""
    opposite = turned(comparisons)
    return replace(opposite, left=1 - comparisons.left, lengths=comparisons.lengths[:, ::-1])


def test_the_crowd_s_choice_of_the_left_is_the_published_one(shared_data: Path) -> None:
    effect = position_effect(llmfao_with_lengths(shared_data))
    assert (effect.left.hits, effect.left.of) == (2911, 5460)
    assert (effect.left.low, effect.left.high) == pytest.approx((0.51990, 0.54636), abs=1e-5)
    assert effect.p == pytest.approx(1.02e-6, rel=5e-3)


def test_prompts_and_raters_make_the_crowd_s_leaning_less_sure_than_its_votes(shared_data: Path) -> None:
    effect = position_effect(llmfao_with_lengths(shared_data))
    assert effect.clustered is not None
    assert effect.clustered.low < 0.5 < effect.left.low


def test_the_crowd_s_liking_of_length_is_the_published_one(shared_data: Path) -> None:
    effect = length_effect(llmfao_with_lengths(shared_data))
    assert effect.longer.share == pytest.approx(0.4099, abs=1e-4)
    assert effect.unclipped == pytest.approx(-0.02342, abs=1e-5)


def numbers_in(effect: object) -> list[float]:
    return [float(number) for number in re.findall(r"[=(]([-\d.e]+)", repr(effect))]


def test_it_makes_no_difference_which_of_the_two_is_written_first() -> None:
    for effect in (position_effect, length_effect):
        turned, plain = numbers_in(effect(sides_turned(BIASED))), numbers_in(effect(BIASED))
        assert len(plain) > 10
        assert turned == pytest.approx(plain)


def test_few_empty_texts_carry_the_slope_only_without_the_clip() -> None:
    lengths = BIASED.lengths.copy()
    lengths[::150, 0] = 0
    effect = length_effect(replace(BIASED, lengths=lengths))
    before = length_effect(BIASED)
    assert effect.clipped > before.clipped
    assert abs(effect.slope.value - before.slope.value) < abs(effect.unclipped - before.slope.value) / 3


def test_texts_of_one_length_are_neither_longer_nor_shorter() -> None:
    effect = length_effect(replace(BIASED, lengths=np.full_like(BIASED.lengths, 80.0)))
    assert (effect.longer.of, effect.slope) == (0, None)
    assert "different lengths" in effect.note


def test_without_sides_or_lengths_each_says_what_is_lacking() -> None:
    nothing = replace(BIASED, left=np.full(len(BIASED), -1, dtype=np.int32), lengths=np.full((len(BIASED), 2), np.nan))
    position, length = position_effect(nothing), length_effect(nothing)
    assert (position.left.of, position.clustered, position.p) == (0, None, None)
    assert position.note
    assert (length.slope, length.unclipped, length.longer.share) == (None, None, None)
    assert length.note


def test_a_system_that_always_stands_left_is_not_taken_for_a_side() -> None:
    fixed = position_effect(replace(BIASED, left=np.ones(len(BIASED), dtype=np.int32)))
    assert "unevenly for a and b and 5 more pairs" in fixed.note
    assert position_effect(BIASED).note == ""


def test_length_that_foretells_every_vote_has_no_slope_but_a_reason() -> None:
    longer_wins = comparisons_of(
        systems="ab",
        raters="r",
        first=[0] * 8,
        second=[1] * 8,
        outcome=[0, 2] * 4,
        prompt=range(8),
        rater=[0] * 8,
        lengths=[[9, 3], [3, 9]] * 4,
    )
    effect = length_effect(longer_wins)
    assert (effect.slope, effect.longer.share) == (None, 1.0)
    assert "foretell" in effect.note


@given(studies)
def test_whatever_was_judged_no_number_is_undefined_without_saying_so(comparisons: Comparisons) -> None:
    known = replace(
        comparisons,
        left=comparisons.prompt % 2,
        lengths=np.stack([comparisons.prompt, comparisons.rater], axis=1).astype(float),
    )
    for each in (comparisons, known):
        assert is_plain(position_effect(each))
        assert is_plain(length_effect(each))
