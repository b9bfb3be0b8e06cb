"""Comparisons reduced to the kinds of games that there are."""

import numpy as np
from hypothesis import given

from fusion_ui.analysis.preference.comparisons import Comparisons, Outcome
from fusion_ui.analysis.preference.games import games_of, met
from fusion_ui.analysis.preference.win_rates import matrix_of
from tests.analysis.preference.votes import studies, votes


@given(studies)
def test_the_tables_of_games_are_the_matrix_of_everyone_against_everyone(comparisons: Comparisons) -> None:
    games = games_of(comparisons, range(len(comparisons.systems)))
    tables, matrix = games.tables(games.counts), matrix_of(comparisons)
    assert tables.wins.tolist() == [list(map(float, row)) for row in matrix.wins]
    assert tables.ties.tolist() == [list(map(float, row)) for row in matrix.ties]


@given(studies)
def test_rows_come_by_prompt_and_rater_and_lose_nothing(comparisons: Comparisons) -> None:
    games = games_of(comparisons, range(len(comparisons.systems)))
    assert games.counts.sum() == len(games.kind) == len(comparisons)
    assert sorted(games.prompt.tolist()) == games.prompt.tolist()
    together = set(zip(games.prompt.tolist(), games.rater.tolist(), games.cell.tolist(), strict=True))
    assert [cell for *_, cell in sorted(together)] == list(range(len(together)))


def test_each_system_knows_how_much_it_took_part_in() -> None:
    games = games_of(
        votes(("a", "b", Outcome.TIE, 7, 0), ("b", "a", Outcome.FIRST, 7, 1), ("c", "b", Outcome.FIRST, 9, 1)),
        [0, 1, 2],
    )
    sizes = games.sizes
    assert sizes.games.tolist() == [2, 3, 1]
    assert sizes.prompts.tolist() == [1, 2, 1]
    assert sizes.raters.tolist() == [2, 2, 1]
    assert sizes.judgements.tolist() == [2, 3, 1]


def test_games_with_others_or_with_oneself_are_left_out() -> None:
    comparisons = votes(
        ("a", "a", Outcome.FIRST, 0, 0), ("b", "c", Outcome.SECOND, 0, 0), ("d", "c", Outcome.FIRST, 0, 0)
    )
    games = games_of(comparisons, [2, 3])
    assert games.tables(games.counts).wins.tolist() == [[0, 0], [1, 0]]
    assert np.argwhere(met(comparisons)).tolist() == [[1, 2], [3, 2]]
