"""Prompts and raters drawn anew together, and the ranks that follow."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.analysis.preference.bradley_terry import fit_bradley_terry
from fusion_ui.analysis.preference.comparisons import Comparisons, Outcome
from fusion_ui.analysis.preference.games import Games, games_of
from fusion_ui.analysis.preference.resampling import bundled, resampled, standing
from fusion_ui.analysis.preference.sandwich import score_spreads
from tests.analysis.preference.votes import all_say, drawn


def games(comparisons: Comparisons) -> Games:
    return games_of(comparisons, range(len(comparisons.systems)))


def one_by_one(study: Games, resamples: int, seed: int) -> np.ndarray:
    """The pigeonhole bootstrap as it is written down: vote after vote weighs its prompt's draws times its rater's."""
    rng = np.random.default_rng(seed)
    prompts, raters = study.prompt.max() + 1, study.rater.max() + 1
    counts = np.zeros((resamples, len(study.counts)))
    for row in counts:
        prompt = np.bincount(rng.integers(0, prompts, prompts), minlength=prompts)
        rater = np.bincount(rng.integers(0, raters, raters), minlength=raters)
        np.add.at(row, study.kind, prompt[study.prompt] * rater[study.rater])
    return counts


def score_sds(study: Games, counts: np.ndarray) -> np.ndarray:
    return fit_bradley_terry(study.tables(counts)).scores.std(axis=0)


def test_draws_spread_as_the_definition_does() -> None:
    study = games(drawn(600, 1, prompts=30, raters=12, prompt_sd=0.5, rater_sd=0.5))
    fast, slow = resampled(study, resamples=3000, seed=1).counts, one_by_one(study, 3000, 2)
    assert fast.mean(axis=0) == pytest.approx(study.counts, rel=0.06)
    assert fast.std(axis=0) == pytest.approx(slow.std(axis=0), rel=0.08)
    assert score_sds(study, fast) == pytest.approx(score_sds(study, slow), rel=0.06)


def test_draws_are_no_narrower_than_the_sandwich() -> None:
    study = games(drawn(3000, 2, prompts=60, raters=20, prompt_sd=0.5, rater_sd=0.5))
    fit = fit_bradley_terry(study.tables(study.counts))
    sandwich = np.sqrt([each.two_way for each in score_spreads(study, fit)])
    ratio = score_sds(study, resampled(study, resamples=1000, seed=3).counts) / sandwich
    assert (ratio > 0.95).all()
    assert (ratio < 1.5).all()


def test_bundles_of_prompts_and_raters_spread_like_prompts_and_raters() -> None:
    study = games(drawn(20_000, 4, prompts=900, raters=300, prompt_sd=0.7, rater_sd=0.3))
    exact = resampled(study, resamples=1000, seed=5, most_numbers=2**30)
    coarse = resampled(study, resamples=1000, seed=5, most_numbers=64 * 64 * len(study.counts))
    assert (coarse.bundles.prompts, coarse.bundles.raters) == (64, 64)
    assert not coarse.bundles.is_exact
    # 64 bundles know a variance to 18 %, a deviation to 9 %; four deviations are averaged.
    ratios = score_sds(study, coarse.counts) / score_sds(study, exact.counts)
    assert ratios.mean() == pytest.approx(1, abs=0.12)


@given(st.integers(1, 300), st.integers(0, 99), st.integers(1, 60), st.integers(1, 60), st.integers(1, 4000))
def test_bundles_are_affordable_even_and_whole(n: int, seed: int, prompts: int, raters: int, most: int) -> None:
    study = games(drawn(n, seed, prompts=prompts, raters=raters))
    bundles = bundled(study, np.random.default_rng(seed), most_numbers=most)
    for of, into, place in (
        (study.prompt, bundles.prompt, bundles.prompts),
        (study.rater, bundles.rater, bundles.raters),
    ):
        assert len(set(zip(of.tolist(), into.tolist(), strict=True))) == len(set(of.tolist()))
        assert set(into.tolist()) == set(range(place))
        sizes = np.bincount(into[np.unique(of, return_index=True)[1]])
        assert sizes.max() - sizes.min() <= 1
    affordable = max(1, most // len(study.counts))
    assert bundles.is_exact or bundles.prompts * bundles.raters <= affordable


def test_the_same_seed_draws_the_same_and_another_does_not() -> None:
    study = games(drawn(200, 1))
    draws = [resampled(study, resamples=50, seed=seed).counts for seed in (7, 7, 8)]
    assert np.array_equal(draws[0], draws[1])
    assert not np.array_equal(draws[0], draws[2])


def test_one_rater_is_drawn_every_time() -> None:
    study = games(all_say(Outcome.FIRST, prompts=30, raters=1))
    assert (resampled(study, resamples=40, seed=1).counts == 30).all()


def test_few_prompts_leave_single_votes_to_draw() -> None:
    study = games(drawn(100, 2, systems=2, prompts=4, raters=9))
    counts = resampled(study, resamples=4000, seed=1).counts
    assert (counts.sum(axis=1) == 100).all()
    share = study.counts / 100
    assert counts.var(axis=0) == pytest.approx(100 * share * (1 - share), rel=0.1)


def test_no_resamples_are_refused() -> None:
    with pytest.raises(ValueError, match="at least"):
        resampled(games(drawn(20, 1)), resamples=0, seed=1)


def test_ranks_are_those_between_which_most_resamples_lie() -> None:
    scores = np.repeat([[3.0, 2, 1], [3, 1, 2], [1, 2, 3]], [90, 9, 1], axis=0)
    found = standing(scores, level=0.9)
    assert (found.low.tolist(), found.high.tolist()) == ([1, 2, 2], [1, 3, 3])
    assert found.best == pytest.approx([0.99, 0, 0.01])


def test_who_is_level_shares_the_better_rank_and_being_best() -> None:
    found = standing(np.array([[1.0, 1.0 + 1e-13, 0.0]] * 9), level=0.95)
    assert (found.low.tolist(), found.high.tolist()) == ([1, 1, 3], [1, 1, 3])
    assert found.best.tolist() == [0.5, 0.5, 0.0]
