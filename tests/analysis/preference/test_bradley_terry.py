"""Strengths behind wins: against other authors' programs, and the laws of the models."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.analysis.preference.bradley_terry import PRIOR, Fit, Tables, fit_bradley_terry, fit_davidson, surprise
from fusion_ui.analysis.preference.games import games_of
from tests.analysis.preference.votes import drawn, golden, llmfao, mqm

FITS = pytest.mark.parametrize("fit", [fit_bradley_terry, fit_davidson])
MQM = {"Lan-BridgeMT": (0.4880, 0.7480), "GPT4-5shot": (0.4485, 0.6873), "NLLB_MBR_BLEU": (-0.6232, -0.9560)}
GPT4_JUDGE = {"GPT 3.5 Turbo": (3.7284, 4.0175), "GPT 4": (1.9958, 2.1454), "Luminous Supreme": (-2.5662, -2.7277)}


def tables_of(comparisons) -> Tables:
    games = games_of(comparisons, range(len(comparisons.systems)))
    return games.tables(games.counts)


def table(wins: list[list[float]], ties: list[list[float]] | None = None) -> Tables:
    return Tables(np.array(wins, dtype=float), np.zeros_like(wins, dtype=float) if ties is None else np.array(ties))


def log_posterior(fit: Fit, tables: Tables, prior: float) -> float:
    """By the book, cell by cell."""
    b, nu = fit.scores, None if fit.log_ties is None else np.exp(fit.log_ties)
    total = -prior / 2 * (b @ b + (0 if fit.log_ties is None else fit.log_ties**2))
    for i, j in zip(*np.triu_indices(len(b), 1), strict=True):
        one, other = np.exp(b[i]), np.exp(b[j])
        even = 0.0 if nu is None else nu * np.sqrt(one * other)
        chances = np.array([one, other, even]) / (one + other + even)
        won, lost, tied = tables.wins[i, j], tables.wins[j, i], tables.ties[i, j]
        if nu is None:
            won, lost, tied = won + tied / 2, lost + tied / 2, 0.0
        total += won * np.log(chances[0]) + lost * np.log(chances[1]) + (tied * np.log(chances[2]) if tied else 0.0)
    return float(total)


@pytest.mark.parametrize(("fit", "algorithm"), [(fit_bradley_terry, "bradley_terry"), (fit_davidson, "newman")])
def test_the_crowd_s_scores_are_those_of_another_author(fit, algorithm: str, shared_data: Path) -> None:
    crowd = llmfao(shared_data)
    theirs = np.log(golden(shared_data, algorithm, crowd.systems))
    assert fit(tables_of(crowd), prior=0).scores == pytest.approx(theirs - theirs.mean(), abs=1e-5)


def test_davidson_s_tie_strengths_are_the_published_ones(shared_data: Path) -> None:
    found = [
        float(np.exp(fit_davidson(tables_of(each), prior=0).log_ties))
        for each in (llmfao(shared_data), llmfao(shared_data, "judge_gpt4"), mqm(shared_data))
    ]
    assert found == pytest.approx([1.4797, 0.0990, 1.0461], abs=1e-4)


def test_scores_of_translations_and_of_a_judge_are_the_published_ones(shared_data: Path) -> None:
    for votes, known in ((mqm(shared_data), MQM), (llmfao(shared_data, "judge_gpt4"), GPT4_JUDGE)):
        tables = tables_of(votes)
        for place, fit in enumerate((fit_bradley_terry, fit_davidson)):
            scores = dict(zip(votes.systems, fit(tables, prior=0).scores, strict=True))
            assert {name: scores[name] for name in known} == pytest.approx(
                {name: both[place] for name, both in known.items()}, abs=1e-3
            )


def test_the_weak_prior_hardly_moves_what_many_votes_say(shared_data: Path) -> None:
    tables = tables_of(llmfao(shared_data))
    moved = fit_bradley_terry(tables).scores - fit_bradley_terry(tables, prior=0).scores
    assert 0 < np.abs(moved).max() < 0.004


def test_three_wins_of_four_are_odds_of_three() -> None:
    one, other = fit_bradley_terry(table([[0, 3], [1, 0]]), prior=0).scores
    assert one - other == pytest.approx(np.log(3), abs=1e-12)


def test_davidson_gives_two_systems_the_shares_that_were_seen() -> None:
    fit = fit_davidson(table([[0, 6], [2, 0]], [[0, 4], [4, 0]]), prior=0)
    assert fit.scores[0] - fit.scores[1] == pytest.approx(np.log(3), abs=1e-10)
    assert np.exp(fit.log_ties) == pytest.approx(4 / np.sqrt(6 * 2), abs=1e-10)


@FITS
@given(st.integers(0, 500), st.integers(2, 5))
def test_no_scores_are_more_probable_than_those_found(fit, seed: int, systems: int) -> None:
    tables = tables_of(drawn(30, seed, systems=systems))
    found = fit(tables)
    best = log_posterior(found, tables, PRIOR)
    rng = np.random.default_rng(seed)
    for _ in range(5):
        log_ties = None if found.log_ties is None else found.log_ties + rng.normal(0, 0.05)
        near = Fit(found.scores + rng.normal(0, 0.05, systems), log_ties, found.curvature)
        assert log_posterior(near, tables, PRIOR) <= best


@FITS
@given(st.integers(0, 500), st.permutations(range(4)))
def test_relabelling_permutes_the_scores(fit, seed: int, order: list[int]) -> None:
    wins, ties = tables_of(drawn(40, seed))
    turned = fit(Tables(wins[np.ix_(order, order)], ties[np.ix_(order, order)]))
    assert turned.scores == pytest.approx(fit(Tables(wins, ties)).scores[order], abs=1e-8)


@FITS
@given(st.integers(0, 500))
def test_losses_for_wins_negate_the_scores(fit, seed: int) -> None:
    wins, ties = tables_of(drawn(40, seed))
    assert fit(Tables(wins.T, ties)).scores == pytest.approx(-fit(Tables(wins, ties)).scores, abs=1e-8)


@FITS
def test_doubling_every_vote_leaves_scores_without_prior(fit) -> None:
    wins, ties = tables_of(drawn(300, 7))
    once, twice = fit(Tables(wins, ties), prior=0), fit(Tables(2 * wins, 2 * ties), prior=0)
    assert twice.scores == pytest.approx(once.scores, abs=1e-9)


@FITS
def test_many_tables_at_once_give_what_each_gives_alone(fit) -> None:
    all_of_them = [tables_of(drawn(40, seed)) for seed in range(6)]
    wins, ties = (np.array(parts) for parts in zip(*all_of_them, strict=True))
    together = fit(Tables(wins, ties))
    for place, tables in enumerate(all_of_them):
        assert together.scores[place] == pytest.approx(fit(tables).scores, abs=1e-9)


@FITS
def test_where_it_starts_does_not_matter(fit) -> None:
    tables = tables_of(drawn(80, 3))
    start = np.array([3.0, -2, 5, -6, 1])[: 4 if fit is fit_bradley_terry else 5]
    assert fit(tables, start=start).scores == pytest.approx(fit(tables).scores, abs=1e-8)
    assert start[0] == 3.0


def test_a_system_that_won_everything_has_the_score_that_the_prior_allows() -> None:
    score = fit_bradley_terry(table([[0, 1000], [0, 0]])).scores[0]
    assert 1000 / (1 + np.exp(2 * score)) == pytest.approx(PRIOR * score, rel=1e-9)


@FITS
@pytest.mark.parametrize(
    ("wins", "ties"),
    [
        ([[0, 0], [0, 0]], [[0, 0], [0, 0]]),
        ([[0, 0], [0, 0]], [[0, 9], [9, 0]]),
        ([[0, 1e6], [0, 0]], [[0, 0], [0, 0]]),
    ],
)
def test_no_votes_only_ties_and_a_million_wins_stay_finite(fit, wins, ties) -> None:
    found = fit(table(wins, ties))
    assert all(np.isfinite(part).all() for part in found if part is not None)
    assert abs(found.scores.sum()) < 1e-9


@FITS
def test_without_a_prior_an_endless_score_is_merely_large(fit) -> None:
    scores = fit(table([[0, 9], [0, 0]]), prior=0).scores
    assert 5 < scores[0] < 1000


@FITS
def test_a_tolerance_that_cannot_be_met_ends_all_the_same(fit) -> None:
    tables = tables_of(drawn(40, 3))
    assert fit(tables, tolerance=0.0).scores == pytest.approx(fit(tables).scores, abs=1e-9)


@FITS
def test_a_fit_is_on_average_not_surprised(fit) -> None:
    games = games_of(drawn(200, 4), range(4))
    found = fit(games.tables(games.counts), prior=0)
    beyond = surprise(found, first=games.first, second=games.second, score=games.score, tie=games.tie)
    of_first = np.bincount(games.first, beyond.score * games.counts, minlength=4)
    assert of_first == pytest.approx(np.bincount(games.second, beyond.score * games.counts, minlength=4), abs=1e-8)
    assert beyond.tie is None or beyond.tie @ games.counts == pytest.approx(0, abs=1e-8)
