"""Held to the truth: intervals of simulated studies hold the true value as often as they say, planted faults are found.

The settings are those in which intervals were compared before the method was chosen. The quick tests see a part of what
the slow ones see; both have their seeds written out, so that they pass or fail for good.
"""

from itertools import combinations
from statistics import NormalDist

import numpy as np
import pytest

from fusion_ui.analysis.preference.adjusted import adjusted
from fusion_ui.analysis.preference.bradley_terry import fit_bradley_terry
from fusion_ui.analysis.preference.clustering import clusters_of, estimate_of
from fusion_ui.analysis.preference.comparisons import Comparisons
from fusion_ui.analysis.preference.contrasts import contrasts
from fusion_ui.analysis.preference.effects import length_effect, position_effect
from fusion_ui.analysis.preference.games import games_of
from fusion_ui.analysis.preference.ladder import ladder
from fusion_ui.analysis.preference.logit import fit_logit, pair_design, spreads
from fusion_ui.analysis.preference.rater_table import rater_table
from fusion_ui.analysis.preference.sequential import BOUND, Results, log_evidence, results_of, verdict
from tests.analysis.preference.simulation import Setting, World, study, true_rate, true_scores

WORLD = World()
TRUE_SCORES = true_scores(WORLD)
PAIRS = list(combinations(range(4), 2))
TRUE_RATES = {(WORLD.systems[i], WORLD.systems[j]): true_rate(WORLD, i, j) for i, j in PAIRS}
DIFFERENCES = np.array([np.eye(4)[i] - np.eye(4)[j] for i, j in PAIRS])

ORDINARY = Setting(prompts=60, raters=8)
MANY_PROMPTS = Setting(prompts=200, raters=8)
MANY_RATERS = Setting(prompts=60, raters=30)
SMALL = Setting(prompts=20, raters=5, per_prompt=2)
THREE_RATERS = Setting(prompts=60, raters=3, per_prompt=2)
SETTINGS = pytest.mark.parametrize(
    "setting",
    [ORDINARY, MANY_PROMPTS, MANY_RATERS, SMALL],
    ids=["ordinary", "many prompts", "many raters", "small"],
)

Held = list[bool]
TWENTY = np.log(BOUND)


def rates_held(votes: Comparisons) -> Held:
    """Which win rates of contrasts have the truth within their bounds."""
    found = contrasts(votes)
    return [each.rate.low <= TRUE_RATES[each.first, each.second] <= each.rate.high for each in found]


def scores_held(votes: Comparisons) -> Held:
    """Which Bradley-Terry scores of the ladder have the truth within their bounds."""
    rungs = ladder(votes, model="bradley_terry", resamples=1).rungs
    truth = dict(zip(WORLD.systems, TRUE_SCORES, strict=True))
    return [each.score.low <= truth[each.system] <= each.score.high for each in rungs]


def differences_held(votes: Comparisons, *, by_votes: bool = False) -> Held:
    """Which differences of Bradley-Terry scores do, two-way with t, or as if votes were independent."""
    design = pair_design(votes.first, votes.second, systems=4)
    fit = fit_logit(design, votes.score, prior=0.1)
    found = spreads(fit, design, clusters_of(prompt=votes.prompt, rater=votes.rater), of=DIFFERENCES)
    held = []
    for value, spread, true in zip(DIFFERENCES @ fit.coefficients, found, DIFFERENCES @ TRUE_SCORES, strict=True):
        estimate = estimate_of(float(value), spread, level=0.95)
        half = NormalDist().inv_cdf(0.975) * spread.by_vote**0.5 if by_votes else estimate.high - estimate.value
        held.append(abs(value - true) <= half)
    return held


def votes_alone_held(votes: Comparisons) -> Held:
    return differences_held(votes, by_votes=True)


def coverage(held, setting: Setting, *, studies: int) -> float:
    """How often the truth is held, over so many studies of the world."""
    return float(np.mean([held(study(WORLD, setting, seed=seed)) for seed in range(studies)]))


def test_the_true_rate_is_what_an_endless_study_finds() -> None:
    world = World(scores=(0.6, -0.6))
    (contrast,) = contrasts(study(world, Setting(prompts=8000, raters=800, per_prompt=1), seed=1))
    assert contrast.rate.value == pytest.approx(true_rate(world, 0, 1), abs=0.015)


def test_the_true_rate_without_effects_is_davidson_s() -> None:
    still = World(scores=(1.0, 0.0), prompt_sd=0.0, rater_sd=0.0, ties=0.5)
    win, tie, loss = np.exp(0.5), 0.5, np.exp(-0.5)
    assert true_rate(still, 0, 1) == pytest.approx((win + tie / 2) / (win + tie + loss))


def test_the_true_scores_are_what_an_endless_study_fits() -> None:
    votes = study(WORLD, Setting(prompts=5000, raters=500, per_prompt=1), seed=2)
    games = games_of(votes, range(4))
    assert fit_bradley_terry(games.tables(games.counts)).scores == pytest.approx(TRUE_SCORES, abs=0.04)


@pytest.mark.parametrize("held", [rates_held, scores_held, differences_held])
@pytest.mark.parametrize("setting", [ORDINARY, MANY_RATERS], ids=["ordinary", "many raters"])
def test_intervals_hold_the_truth_as_often_as_they_say(held, setting: Setting) -> None:
    assert 0.93 <= coverage(held, setting, studies=120) <= 0.985


def test_votes_taken_as_independent_claim_too_much() -> None:
    assert 0.72 <= coverage(votes_alone_held, ORDINARY, studies=120) <= 0.84


@pytest.mark.slow
@pytest.mark.parametrize("held", [rates_held, scores_held, differences_held])
@SETTINGS
def test_over_500_studies_intervals_hold_the_truth_in_93_to_98_of_a_hundred(held, setting: Setting) -> None:
    assert 0.93 <= coverage(held, setting, studies=500) <= 0.98


@pytest.mark.slow
@pytest.mark.parametrize("held", [rates_held, scores_held, differences_held])
def test_over_500_studies_by_three_raters_intervals_err_on_the_side_of_caution(held) -> None:
    assert coverage(held, THREE_RATERS, studies=500) >= 0.95


@pytest.mark.slow
@pytest.mark.parametrize(
    ("setting", "low", "high"),
    [(ORDINARY, 0.75, 0.82), (MANY_PROMPTS, 0.58, 0.66), (MANY_RATERS, 0.81, 0.87), (SMALL, 0.82, 0.88)],
)
def test_over_500_studies_votes_alone_hold_it_far_less_often(setting: Setting, low: float, high: float) -> None:
    assert low <= coverage(votes_alone_held, setting, studies=500) <= high


@pytest.mark.parametrize("left", [0.5, -0.5])
def test_a_planted_preference_for_a_side_is_found(left: float) -> None:
    found = [position_effect(study(World(left=left), ORDINARY, seed=seed)).clustered for seed in range(20)]
    assert sum((each.low > 0.5) if left > 0 else (each.high < 0.5) for each in found) >= 19


@pytest.mark.parametrize("length", [0.8, -0.8])
def test_a_planted_preference_for_length_is_found(length: float) -> None:
    votes = [study(World(length=length), ORDINARY, seed=seed) for seed in range(20)]
    for found in ([length_effect(each).slope for each in votes], [adjusted(each).length for each in votes]):
        assert sum((each.low > 0) if length > 0 else (each.high < 0) for each in found) >= 18


def test_without_a_planted_one_no_effect_is_found_more_often_than_it_should() -> None:
    votes = [study(WORLD, ORDINARY, seed=seed) for seed in range(60)]
    sides = [position_effect(each).clustered for each in votes]
    slopes = [length_effect(each).slope for each in votes]
    assert sum(not each.low <= 0.5 <= each.high for each in sides) <= 7
    assert sum(not each.low <= 0 <= each.high for each in slopes) <= 7


def test_the_rater_who_guesses_is_told_from_those_who_look() -> None:
    world = World(scores=(1.5, 0.5, -0.5, -1.5), ties=0.4, prompt_sd=1.0)
    setting = Setting(prompts=120, raters=8, per_prompt=4, guessing=(5,))
    tables = [rater_table(study(world, setting, seed=seed)) for seed in range(10)]
    assert {min(rows, key=lambda row: row.others.share).rater for rows in tables} == {"rater 5"}
    flagged = [row.rater for rows in tables for row in rows if "like chance" in row.flags]
    assert set(flagged) == {"rater 5"}
    assert len(flagged) >= 8


def test_where_nobody_guesses_nobody_is_said_to() -> None:
    world = World(scores=(1.5, 0.5, -0.5, -1.5), ties=0.4, prompt_sd=1.0)
    tables = (rater_table(study(world, Setting(prompts=120, raters=8, per_prompt=4), seed=seed)) for seed in range(10))
    assert not [row for rows in tables for row in rows if "like chance" in row.flags]


def is_ever_excluded(votes: Comparisons, truth: float) -> bool:
    """Whether one who looks after every judgement ever sees the evidence exclude the truth.

    Evidence is at most that of the prompts by themselves, which can be kept up to date: only where that does is it
    worth the full look.
    """
    sums, counts = np.zeros(votes.prompt.max() + 1), np.zeros(votes.prompt.max() + 1)
    for number, (prompt, score) in enumerate(zip(votes.prompt, votes.score, strict=True), 1):
        sums[prompt] += score
        counts[prompt] += 1
        means, often = np.unique(np.round(sums[counts > 0] / counts[counts > 0], 3), return_counts=True)
        by_itself = log_evidence(Results(means, often.astype(float)), truth)
        if by_itself >= TWENTY and log_evidence(results_of(votes.taken(np.arange(number))), truth) >= TWENTY:
            return True
    return False


def false_settles(world: World, setting: Setting, *, studies: int) -> float:
    """How often the true rate is excluded at some look."""
    truth = true_rate(world, 0, 1)
    return float(np.mean([is_ever_excluded(study(world, setting, seed=seed), truth) for seed in range(studies)]))


def test_looking_after_every_judgement_seldom_settles_what_is_level() -> None:
    assert false_settles(World(scores=(0.0, 0.0)), Setting(prompts=30, raters=8, per_prompt=2), studies=300) < 0.05


@pytest.mark.slow
@pytest.mark.parametrize(
    "world",
    [
        World(scores=(0.0, 0.0)),
        World(scores=(0.5, -0.5)),
        World(scores=(0.0, 0.0), rater_sd=0.0),
        World(scores=(0.0, 0.0), rater_sd=0.0, prompt_sd=1.5),
    ],
    ids=["level", "one ahead", "raters alike", "prompts far apart"],
)
def test_over_500_studies_the_truth_is_excluded_at_some_look_in_less_than_5_of_a_hundred(world: World) -> None:
    assert false_settles(world, Setting(prompts=100, raters=8), studies=500) < 0.05


def test_what_is_clearly_better_is_settled_and_the_right_one_leads() -> None:
    world = World(scores=(0.8, -0.8))
    found = [verdict(study(world, ORDINARY, seed=seed), first="a", second="b") for seed in range(20)]
    assert [each.leader for each in found].count("a") >= 19
    assert all(each.low <= true_rate(world, 0, 1) <= each.high for each in found)
