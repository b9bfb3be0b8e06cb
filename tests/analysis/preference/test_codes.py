"""Judgements as codes of units: one order for each pair, counts, their patterns, and credit for the majority."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.analysis.preference.codes import (
    codes_of,
    counted,
    credit,
    patterns,
    ranked,
)
from fusion_ui.analysis.preference.comparisons import Comparisons, Outcome
from tests.analysis.preference.votes import studies, turned, votes

keys = st.lists(st.integers(-40, 40) | st.integers(-(10**9), 10**9), max_size=30)
tables = st.lists(st.lists(st.integers(0, 5), min_size=3, max_size=3), min_size=1, max_size=12)


@given(studies)
def test_a_pair_is_coded_the_same_whichever_side_is_written_first(study: Comparisons) -> None:
    one, other = codes_of(study), codes_of(turned(study))
    assert all(map(np.array_equal, one, other))


def test_a_contrast_is_coded_from_the_side_of_its_first() -> None:
    study = votes(("a", "b", Outcome.FIRST, 0, 0), ("b", "a", Outcome.TIE, 1, 0), ("a", "c", Outcome.SECOND, 2, 0))
    assert codes_of(study, contrast=("b", "a")).codes.tolist() == [2, 1]
    assert codes_of(study, contrast=("a", "b")).codes.tolist() == [0, 1]


@given(studies)
def test_the_order_that_was_written_first_holds_for_the_whole_unit(study: Comparisons) -> None:
    written, by_system = codes_of(study, order="written"), codes_of(study)
    lead = {unit: row for row, unit in reversed(list(enumerate(written.units.tolist())))}
    is_turned = study.first[[lead[unit] for unit in written.units.tolist()]] > np.minimum(study.first, study.second)
    opposite = np.array([2, 1, 0, 3])
    assert np.array_equal(written.codes, np.where(is_turned, opposite[by_system.codes], by_system.codes))
    assert np.array_equal(written.units, by_system.units)


def test_ordered_levels_take_both_bad_for_a_tie_and_names_tell_it_apart() -> None:
    study = votes(*(("b", "a", outcome, 0, rater) for rater, outcome in enumerate(Outcome)))
    assert codes_of(study, level="ordinal").codes.tolist() == [2, 1, 0, 1]
    assert codes_of(study, level="nominal").codes.tolist() == [2, 1, 0, 3]


def test_each_pair_of_a_ranking_is_a_unit() -> None:
    pairs = [("a", "b"), ("a", "c"), ("c", "b")]
    study = votes(*((*pair, Outcome.FIRST, 0, rater) for pair in pairs for rater in (0, 1)))
    assert len(np.unique(codes_of(study).units)) == 3


@given(studies)
def test_a_unit_has_the_same_number_in_a_part_of_the_study(study: Comparisons) -> None:
    odd = np.arange(len(study)) % 2 == 1
    assert np.array_equal(codes_of(study.taken(odd)).units, codes_of(study).units[odd])


@given(keys)
def test_places_are_found_near_together_and_far_apart_alike(keys: list[int]) -> None:
    column = np.array(keys, dtype=np.int64)
    found, place = np.unique(column, return_inverse=True)
    ours = ranked(column)
    assert np.array_equal(ours.keys, found)
    assert np.array_equal(ours.place, place)


@given(studies)
def test_every_rating_is_counted_once_where_it_belongs(study: Comparisons) -> None:
    codes = codes_of(study)
    counts = counted(codes)
    assert counts.table.sum() == len(study)
    assert np.array_equal(counts.units[counts.place], codes.units)
    assert np.array_equal(counts.classes[counts.said], codes.codes)


@given(tables, st.booleans())
def test_patterns_put_together_again_are_the_table(rows: list[list[int]], is_wide: bool) -> None:
    table = np.tile(np.array(rows, dtype=np.float64), (2, 20 if is_wide else 1))
    found = patterns(table)
    assert np.array_equal(found.rows[found.place], table)
    assert found.units.tolist() == np.bincount(found.place).tolist()


@pytest.mark.parametrize(
    ("row", "own", "expected"),
    [
        ([3, 1, 0], 0, [1, 0, 0]),
        ([2, 1, 0], 0, [0.5, 0.5, 0]),
        ([1, 1, 1], 0, [0, 0.5, 0.5]),
        ([1, 0, 0], 0, [0, 0, 0]),
        ([0, 2, 1], 0, [0, 0, 0]),
    ],
    ids=["still ahead", "ties without it", "others tie", "nobody else", "not said"],
)
def test_credit_goes_to_the_majority_of_the_others(row: list[int], own: int, expected: list[float]) -> None:
    assert credit(np.array([row], dtype=np.float64), own=own).tolist() == [expected]


@given(tables, st.integers(0, 2))
def test_credit_is_shared_out_whole(rows: list[list[int]], own: int) -> None:
    table = np.array(rows, dtype=np.float64)
    whole = (table[:, own] > 0) & (table.sum(axis=1) > 1)
    assert credit(table, own=own).sum(axis=1) == pytest.approx(whole.astype(float))
