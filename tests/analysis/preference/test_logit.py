"""Logistic regression against published figures, against the ladder's own fit, and by its laws."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.analysis.preference.bradley_terry import fit_bradley_terry
from fusion_ui.analysis.preference.clustering import clusters_of, dense
from fusion_ui.analysis.preference.comparisons import Comparisons
from fusion_ui.analysis.preference.effects import decisive, log_length_ratio, side
from fusion_ui.analysis.preference.games import games_of
from fusion_ui.analysis.preference.logit import Design, clustered, fit_logit, pair_design, plain_design, spreads
from fusion_ui.analysis.preference.sandwich import score_spreads
from tests.analysis.preference.lengths import llmfao_with_lengths
from tests.analysis.preference.votes import drawn


def written_out(design: Design) -> np.ndarray:
    rows = np.arange(len(design.columns))
    systems = np.zeros((len(rows), design.systems))
    if design.systems:
        systems[rows, design.first] += 1
        systems[rows, design.second] -= 1
    return np.hstack([systems, design.columns])


def some_design(seed: int, *, n: int = 50, systems: int = 4, columns: int = 2) -> Design:
    rng = np.random.default_rng(seed)
    first = rng.integers(0, systems, n)
    second = (first + rng.integers(1, systems, n)) % systems
    return Design(systems=systems, first=first, second=second, columns=rng.normal(size=(n, columns)))


@pytest.mark.parametrize(("cluster", "errors"), [("rater", [0.05473, 0.02905]), ("unit", [0.03810, 0.01394])])
def test_the_crowd_s_regression_is_the_published_one(cluster: str, errors: list[float], shared_data: Path) -> None:
    votes = decisive(llmfao_with_lengths(shared_data))
    design = plain_design(np.column_stack([side(votes), log_length_ratio(votes)]))
    fit = fit_logit(design, votes.score)
    assert fit.coefficients == pytest.approx([0.13306, -0.02342], abs=1e-5)
    covariance = clustered(fit, design, dense(getattr(votes, cluster)))
    assert np.sqrt(np.diag(covariance)) == pytest.approx(errors, abs=1e-5)


@given(st.integers(0, 10_000))
def test_what_is_never_written_out_equals_what_is(seed: int) -> None:
    design, rng = some_design(seed), np.random.default_rng(seed)
    weights, clusters = rng.normal(size=50), dense(rng.integers(0, 9, 50))
    x = written_out(design)
    sums = np.array([weights[clusters == each] @ x[clusters == each] for each in range(clusters.max() + 1)])
    assert design.times(np.arange(6.0)) == pytest.approx(x @ np.arange(6.0))
    assert design.sums(weights) == pytest.approx(x.T @ weights)
    assert design.information(weights) == pytest.approx(x.T @ (x * weights[:, None]))
    assert design.meat(weights, clusters) == pytest.approx(sums.T @ sums)


@pytest.mark.parametrize("most", [1, 60, 10_000])
def test_clusters_taken_in_blocks_add_up_to_the_same(most: int) -> None:
    design, rng = some_design(1, n=400), np.random.default_rng(2)
    weights, clusters = rng.normal(size=400), dense(rng.integers(0, 90, 400))
    assert design.meat(weights, clusters, most=most) == pytest.approx(design.meat(weights, clusters))


@given(st.integers(0, 10_000))
def test_at_the_maximum_nothing_is_left_to_gain(seed: int) -> None:
    design = some_design(seed)
    outcomes = np.random.default_rng(seed).choice([0.0, 0.5, 1.0], 50)
    prior = np.array([0.1] * 4 + [0.01] * 2)
    fit = fit_logit(design, outcomes, prior=prior)
    assert fit.is_defined
    assert design.sums(fit.residuals) == pytest.approx(prior * fit.coefficients, abs=1e-7)


@pytest.fixture
def votes() -> Comparisons:
    return drawn(400, 3, systems=5, prompts=30, raters=9, prompt_sd=0.7, rater_sd=0.3)


def test_with_systems_alone_it_is_the_ladder_s_fit(votes: Comparisons) -> None:
    games = games_of(votes, range(5))
    ladder = fit_bradley_terry(games.tables(games.counts), prior=0.1)
    design = pair_design(votes.first, votes.second, systems=5)
    assert fit_logit(design, votes.score, prior=0.1).coefficients == pytest.approx(ladder.scores, abs=1e-8)


def test_its_clustered_variances_are_the_ladder_s_but_for_the_factor_of_few_rows(votes: Comparisons) -> None:
    games = games_of(votes, range(5))
    ladder = score_spreads(games, fit_bradley_terry(games.tables(games.counts), prior=0.1))
    design = pair_design(votes.first, votes.second, systems=5)
    fit = fit_logit(design, votes.score, prior=0.1)
    mine = spreads(fit, design, clusters_of(prompt=votes.prompt, rater=votes.rater), of=np.eye(5) - 0.2)
    factor = 399 / 395
    for one, other in zip(mine, ladder, strict=True):
        assert np.array(one[:4]) / factor == pytest.approx(np.array(other[:4]), rel=5e-3)


def test_separated_outcomes_have_no_maximum_and_say_so() -> None:
    design = plain_design(np.linspace(-1, 1, 20)[:, None])
    assert not fit_logit(design, (design.columns[:, 0] > 0).astype(float)).is_defined


def test_a_column_without_information_stays_at_nothing() -> None:
    design = plain_design(np.column_stack([np.ones(6), np.zeros(6)]))
    fit = fit_logit(design, np.array([1.0, 1, 1, 0, 0.5, 0.5]))
    assert fit.coefficients == pytest.approx([np.log(2), 0.0])
