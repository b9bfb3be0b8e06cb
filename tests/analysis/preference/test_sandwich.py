"""How far scores are off: against published standard errors, and against leaving clusters out."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fusion_ui.analysis.preference.bradley_terry import fit_bradley_terry, fit_davidson, surprise
from fusion_ui.analysis.preference.games import games_of
from fusion_ui.analysis.preference.sandwich import information_variances, score_spreads
from tests.analysis.preference.votes import drawn, llmfao

FITS = pytest.mark.parametrize("fit", [fit_bradley_terry, fit_davidson])


def spreads_of(comparisons, fit=fit_bradley_terry):
    games = games_of(comparisons, range(len(comparisons.systems)))
    return score_spreads(games, fit(games.tables(games.counts), prior=0))


def mean_se(variances) -> float:
    return float(np.mean(np.sqrt(list(variances))))


def guarded(spread) -> float:
    """As the reference has it: not below the cells alone."""
    return max(spread.by_prompt + spread.by_rater - spread.by_cell, spread.by_cell)


def test_the_crowd_s_standard_errors_are_the_published_ones(shared_data: Path) -> None:
    found = spreads_of(llmfao(shared_data))
    assert mean_se(each.by_vote for each in found) == pytest.approx(0.1069, rel=0.01)
    assert mean_se(each.by_prompt for each in found) == pytest.approx(0.1827, rel=0.01)
    assert mean_se(each.by_rater for each in found) == pytest.approx(0.1223, rel=0.01)
    assert mean_se(map(guarded, found)) == pytest.approx(0.1907, rel=0.01)


def test_standard_errors_by_question_of_the_crowd_are_the_published_ones(shared_data: Path) -> None:
    crowd = llmfao(shared_data)
    found = spreads_of(replace(crowd, prompt=crowd.unit))
    assert mean_se(each.by_prompt for each in found) == pytest.approx(0.1304, rel=0.01)
    assert mean_se(map(guarded, found)) == pytest.approx(0.1446, rel=0.01)


@FITS
@pytest.mark.parametrize("by", ["prompt", "rater"])
def test_leaving_out_one_cluster_after_the_other_shows_the_same_spread(fit, by: str) -> None:
    votes = drawn(3000, 5, prompts=60, raters=60, prompt_sd=0.5, rater_sd=0.5)
    column = getattr(votes, by)
    left_out = []
    for cluster in np.unique(column):
        games = games_of(votes.taken(column != cluster), range(4))
        left_out.append(fit(games.tables(games.counts), prior=0).scores)
    jackknife = np.var(left_out, axis=0) * (len(left_out) - 1)
    found = [getattr(each, f"by_{by}") for each in spreads_of(votes, fit)]
    assert found == pytest.approx(jackknife, rel=0.06)


def test_what_one_rater_says_on_one_prompt_counts_as_one_however_often_it_is_said() -> None:
    votes = drawn(400, 3, prompts=20, raters=10)
    once, thrice = spreads_of(votes), spreads_of(votes.taken(np.tile(np.arange(400), 3)))
    for one, three in zip(once, thrice, strict=True):
        assert three[1:4] == pytest.approx(one[1:4], rel=1e-9)
        assert three.by_vote == pytest.approx(one.by_vote / 3, rel=0.01)


def test_clusters_too_many_for_one_table_add_up_all_the_same() -> None:
    votes = drawn(80_000, 2, systems=80, prompts=4_000, raters=150_000)
    games = games_of(votes, range(80))
    fit = fit_bradley_terry(games.tables(games.counts), prior=0)
    beyond = surprise(fit, first=games.first, second=games.second, score=games.score, tie=games.tie)
    sums = np.zeros((games.rater.max() + 1, 80))
    np.add.at(sums, (games.rater, games.first[games.kind]), beyond.score[games.kind])
    np.add.at(sums, (games.rater, games.second[games.kind]), -beyond.score[games.kind])
    inverse = np.linalg.pinv(fit.curvature - fit.curvature.mean())
    expected = ((sums @ inverse) ** 2).sum(axis=0) * len(sums) / (len(sums) - 1)
    assert sums.size > 2**22
    assert [each.by_rater for each in score_spreads(games, fit)] == pytest.approx(expected, rel=1e-6)


def test_where_votes_are_independent_the_model_knows_the_variance_itself() -> None:
    votes = drawn(40_000, 1, prompts=9_000, raters=9_000)
    rows = votes.outcome != 1
    games = games_of(votes.taken(rows & (votes.outcome != 3)), range(4))
    fit = fit_bradley_terry(games.tables(games.counts), prior=0)
    found = [each.by_vote for each in score_spreads(games, fit)]
    assert found == pytest.approx(information_variances(fit), rel=0.05)
