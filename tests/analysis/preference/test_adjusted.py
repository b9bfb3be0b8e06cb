"""Scores at equal length and side: published figures, and what the columns may and may not take away."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given

from fusion_ui.analysis.preference.adjusted import adjusted, adjusted_rate
from fusion_ui.analysis.preference.comparisons import Comparisons
from fusion_ui.analysis.preference.ladder import ladder
from tests.analysis.preference.lengths import llmfao_with_lengths
from tests.analysis.preference.simulation import Setting, World, study, true_rate
from tests.analysis.preference.votes import drawn, is_plain, studies

FIRST_FIVE = {
    "GPT 4": 0.9726,
    "Platypus-2 Instruct (70B)": 0.6630,
    "command": 0.5964,
    "ReMM SLERP L2 13B": 0.5671,
    "Claude v1": 0.5401,
}


def with_sides(comparisons: Comparisons, seed: int = 0) -> Comparisons:
    rng, n = np.random.default_rng(seed), len(comparisons)
    return replace(
        comparisons, left=rng.integers(0, 2, n).astype(np.int32), lengths=rng.integers(10, 900, (n, 2)).astype(float)
    )


def test_the_crowd_s_adjusted_scores_are_the_published_ones(shared_data: Path) -> None:
    found = adjusted(llmfao_with_lengths(shared_data), prior=1e-9, clip=np.inf)
    assert {rung.system: rung.score.value for rung in found.rungs[:5]} == pytest.approx(FIRST_FIVE, abs=1e-4)
    assert found.position.value == pytest.approx(0.08982, abs=1e-5)
    assert found.length.value == pytest.approx(0.03205, abs=1e-5)


def test_the_plain_score_is_the_ladder_s() -> None:
    votes = with_sides(drawn(500, 1, systems=5, prompts=30, raters=6))
    known = {rung.system: rung.score.value for rung in ladder(votes, model="bradley_terry", resamples=1).rungs}
    assert {rung.system: rung.plain for rung in adjusted(votes).rungs} == pytest.approx(known, abs=1e-7)


def test_lengths_and_sides_dealt_at_random_change_scores_little() -> None:
    votes = with_sides(drawn(2000, 2, systems=4, prompts=60, raters=8))
    for rung in adjusted(votes).rungs:
        assert rung.score.value == pytest.approx(rung.plain, abs=0.02)


def test_a_lead_that_is_only_length_is_gone_at_equal_length() -> None:
    world = World(scores=(0.0, 0.0), length=1.0, prompt_sd=0.2, rater_sd=0.1)
    votes = study(world, Setting(prompts=400, raters=20), seed=3)
    often_longer = votes.taken(votes.lengths[:, 0] > 0.8 * votes.lengths[:, 1])
    first, _ = sorted(adjusted(often_longer).rungs, key=lambda rung: rung.system)
    assert first.plain > 0.1
    assert first.score.low < 0 < first.score.high


def test_a_system_that_always_stands_left_keeps_its_score() -> None:
    votes = study(World(), Setting(prompts=60, raters=8), seed=4)
    found = adjusted(replace(votes, left=(votes.first < votes.second).astype(np.int32)))
    assert found.position is not None
    alone = votes.between("a", "d")
    rate = adjusted_rate(replace(alone, left=np.ones(len(alone), dtype=np.int32)), first="a", second="d")
    assert rate is not None
    assert rate.value == pytest.approx(alone.score.mean(), abs=0.03)
    assert "side" in rate.note


def test_the_adjusted_rate_of_an_unbiased_study_is_its_rate() -> None:
    world = World()
    votes = study(world, Setting(prompts=400, raters=30), seed=6)
    rate = adjusted_rate(votes, first="a", second="d")
    assert rate is not None
    assert rate.low < true_rate(world, 0, 3) < rate.high
    mirrored = adjusted_rate(votes, first="d", second="a")
    assert mirrored is not None
    assert (mirrored.low, mirrored.high) == pytest.approx((1 - rate.high, 1 - rate.low), abs=1e-9)


def test_rows_without_lengths_are_left_out_and_counted() -> None:
    votes = with_sides(drawn(100, 3))
    lengths = votes.lengths.copy()
    lengths[:40, 1] = np.nan
    assert "40 comparisons without lengths" in adjusted(replace(votes, lengths=lengths)).note
    nothing = adjusted(replace(votes, lengths=np.full_like(lengths, np.nan)))
    assert (nothing.rungs, nothing.position, nothing.length) == ((), None, None)
    assert nothing.note


def test_scores_that_no_chain_of_comparisons_links_have_their_own_middles() -> None:
    votes = with_sides(drawn(300, 5, systems=4))
    apart = votes.taken((votes.first // 2) == (votes.second // 2))
    scores = {rung.system: rung.score.value for rung in adjusted(apart).rungs}
    assert scores["system 0"] + scores["system 1"] == pytest.approx(0, abs=1e-9)
    assert scores["system 2"] + scores["system 3"] == pytest.approx(0, abs=1e-9)


@given(studies)
def test_whatever_was_judged_no_number_is_undefined_without_saying_so(comparisons: Comparisons) -> None:
    assert is_plain(adjusted(with_sides(comparisons)))
    rate = adjusted_rate(with_sides(comparisons), first="system 0", second="system 1")
    assert rate is None or is_plain(rate)
