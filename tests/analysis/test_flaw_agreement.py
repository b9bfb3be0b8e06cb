"""Agreement on flaws: who looked counts, classes and passages are compared, and None is said where nothing can be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.analysis.flaw_agreement import Look, flaw_agreement, overlap_f1

SPANS = st.lists(
    st.tuples(st.integers(0, 50), st.integers(1, 20)).map(lambda pair: (pair[0], pair[0] + pair[1])),
    min_size=1,
    max_size=5,
)


def looks(*said: str) -> list[Look]:
    """Looks written as "output rater class" or "output rater class start end"; class "-" is no error."""
    found = []
    for each in said:
        unit, rater, category, *place = each.split()
        start, end = (int(place[0]), int(place[1])) if place else (None, None)
        found.append(Look(unit, rater, None if category == "-" else category, start, end))
    return found


def test_people_who_always_agree_have_an_alpha_of_one() -> None:
    found = flaw_agreement(looks("x ada a", "x bo a", "y ada -", "y bo -"))
    assert (found.raters, found.outputs) == (2, 2)
    assert (found.any.raw, found.any.alpha.value) == (1, 1)
    assert found.by_class["a"].alpha.value == 1


def test_whether_there_is_a_flaw_and_of_which_class_are_two_questions() -> None:
    found = flaw_agreement(looks("x ada a", "x bo b", "y ada -", "y bo -"))
    assert found.any.alpha.value == 1
    assert {name: each.raw for name, each in found.by_class.items()} == {"a": 0.5, "b": 0.5}


def test_alpha_is_krippendorffs() -> None:
    """Four outputs, two raters, one disagreement: observed 2/8, expected 30/56 → 1 - 0.25 / 0.5357."""
    said = looks("w ada a", "w bo a", "x ada a", "x bo -", "y ada -", "y bo -", "z ada -", "z bo -")
    assert flaw_agreement(said).any.alpha.value == pytest.approx(1 - 0.25 * 56 / 30)


def test_outputs_are_what_the_interval_generalises_over() -> None:
    said = [f"{unit} ada {'-a'[unit % 2]}" for unit in range(40)]
    said += [f"{unit} bo {'-a'[unit % 2 or unit % 5 == 0]}" for unit in range(40)]
    alpha = flaw_agreement(looks(*said)).any.alpha
    assert alpha.n == 40
    assert alpha.low < alpha.value < alpha.high


def test_an_output_that_one_person_looked_at_says_nothing() -> None:
    found = flaw_agreement(looks("x ada a", "x ada b", "y bo -"))
    assert (found.raters, found.outputs, found.any.units, found.spans.f1) == (0, 0, 0, None)


def test_alpha_is_none_where_everybody_always_says_the_same() -> None:
    assert flaw_agreement(looks("x ada a", "x bo a")).any.alpha is None


def test_passages_are_compared_by_their_characters() -> None:
    found = flaw_agreement(looks("x ada a 0 10", "x bo a 5 15"))
    assert (found.spans.pairs, found.spans.f1) == (1, 0.5)


def test_who_marked_nothing_where_another_did_disagrees_wholly() -> None:
    assert flaw_agreement(looks("x ada a 0 10", "x bo -")).spans.f1 == 0


def test_a_flaw_of_the_whole_output_is_no_place_to_compare() -> None:
    spans = flaw_agreement(looks("x ada a 0 10", "x bo a", "y ada -", "y bo -")).spans
    assert (spans.pairs, spans.outputs, spans.f1) == (0, 0, None)


def test_every_pair_of_people_counts_alike() -> None:
    found = flaw_agreement(looks("x ada a 0 10", "x bo a 0 10", "x cy a 20 30"))
    assert (found.spans.pairs, found.spans.f1) == (3, pytest.approx(1 / 3))


@given(SPANS, SPANS)
def test_overlap_is_symmetric_and_a_share(first: list[tuple[int, int]], second: list[tuple[int, int]]) -> None:
    assert 0 <= overlap_f1(first, second) == overlap_f1(second, first) <= 1


@given(SPANS)
def test_marks_overlap_wholly_with_themselves_however_they_are_cut(spans: list[tuple[int, int]]) -> None:
    cut = [piece for start, end in spans for piece in ((at, at + 1) for at in range(start, end))]
    assert overlap_f1(spans, cut) == overlap_f1(spans, spans) == 1


@given(SPANS, SPANS)
def test_overlap_is_that_of_the_marked_characters(first: list[tuple[int, int]], second: list[tuple[int, int]]) -> None:
    one, other = ({at for start, end in spans for at in range(start, end)} for spans in (first, second))
    assert overlap_f1(first, second) == pytest.approx(2 * len(one & other) / (len(one) + len(other)))
