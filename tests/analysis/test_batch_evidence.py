"""Many count vectors at once against the engine's one at a time, and the bound that spares integrals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.analysis.batch_evidence import BayesFactors, bayes_factors, odds_ceiling, pair_table
from fusion_ui.engine.evidence import posterior_of
from fusion_ui.engine.stopping import beta_majority

vectors = st.lists(st.integers(1, 40), min_size=1, max_size=8)


def padded(rows: list[list[int]]) -> np.ndarray:
    table = np.zeros((len(rows), 10), dtype=np.int16)
    for row, counts in zip(table, rows, strict=True):
        row[1 : len(counts) + 1] = counts
    return table


@given(st.lists(vectors, min_size=1, max_size=6))
def test_many_vectors_have_the_bayes_factors_of_each(rows: list[list[int]]) -> None:
    expected = [posterior_of(counts).bayes_factor for counts in rows]
    np.testing.assert_allclose(bayes_factors(padded(rows)), expected, rtol=1e-12)


@given(vectors)
def test_no_bayes_factor_exceeds_its_ceiling(counts: list[int]) -> None:
    first, second = sorted([*counts, 0], reverse=True)[:2]
    ceiling = len(counts) * odds_ceiling(np.array([first]), np.array([second]))[0]
    assert posterior_of(counts).bayes_factor <= ceiling


def test_a_vector_is_integrated_once_however_often_it_comes() -> None:
    known, asked = BayesFactors(), []

    def counts(places: np.ndarray) -> np.ndarray:
        asked.append(len(places))
        return padded([[3, 1]] * len(places))

    first = known.of(np.array([7, 7, 7], dtype=np.uint64), counts)
    again = known.of(np.array([7, 7], dtype=np.uint64), counts)
    assert asked == [1]
    assert [*first, *again] == pytest.approx([posterior_of([3, 1]).bayes_factor] * 5)


def test_without_room_to_remember_the_answers_are_the_same() -> None:
    forgetful = BayesFactors(room=0)
    for _ in range(2):
        [factor] = forgetful.of(np.array([7], dtype=np.uint64), lambda places: padded([[3, 1]] * len(places)))
        assert factor == pytest.approx(posterior_of([3, 1]).bayes_factor)


def test_nothing_asked_is_nothing_answered() -> None:
    assert len(BayesFactors().of(np.array([], dtype=np.uint64), lambda places: padded([[1]] * len(places)))) == 0


def test_a_pair_table_holds_the_score_of_every_pair_in_order() -> None:
    table = pair_table(beta_majority, 5)
    assert table[4, 2] == beta_majority(np.array([4]), np.array([2]))[0]
    assert np.isnan(table[2, 4])
    assert np.isnan(table[0, 0])
