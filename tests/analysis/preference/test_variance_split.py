"""The three parts of a variance, and the shortest way to a wanted width."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.analysis.preference.clustering import Spread
from fusion_ui.analysis.preference.variance_split import Size, Split, best_way, split_of, ways_to

parts = st.floats(0, 1)
SIZE = Size(100, 20, 400)


def spread(prompt: float, rater: float, cell: float) -> Spread:
    return Spread(by_vote=cell, by_prompt=prompt, by_rater=rater, by_cell=cell, votes=400, prompts=100, raters=20)


def way(split: Split, size: Size = SIZE, *, width: float = 0.05):
    return best_way(split, size, width=width, level=0.95)


@given(parts, parts, parts)
def test_the_parts_add_up_to_the_two_way_variance(prompt: float, rater: float, cell: float) -> None:
    found = spread(prompt, rater, cell)
    assert sum(split_of(found).parts(SIZE)) == pytest.approx(found.two_way)


@given(parts, parts, parts, st.floats(0.01, 0.4))
def test_the_way_reaches_the_width_and_one_judgement_less_does_not(
    prompt: float, rater: float, vote: float, width: float
) -> None:
    split = Split(prompt=prompt, rater=rater, vote=vote)
    for each in ways_to(split, SIZE, width=width, level=0.95):
        if each.more is None or split.half_width(SIZE, level=0.95) <= width:
            continue
        before, after = (1 + (each.more - less) / 400 for less in (1, 0))
        grown = [Size(100, 20, 400 * by) for by in (before, after)]
        if each.add == "prompts":
            grown = [Size(100 * by, 20, 400 * by) for by in (before, after)]
        if each.add == "raters":
            grown = [Size(100, 20 * by, 400 * by) for by in (before, after)]
        widths = [split.half_width(size, level=0.95) for size in grown]
        assert widths[1] <= width < widths[0]


def test_where_raters_differ_most_prompts_never_are_enough() -> None:
    found = way(Split(prompt=0.01, rater=0.05, vote=0.2))
    assert (found.kind, found.add) == ("raters", "raters")


def test_where_neither_alone_is_enough_both_are_and_what_matters_most_is_said() -> None:
    found = way(Split(prompt=0.3, rater=0.04, vote=0.2), width=0.03)
    assert (found.kind, found.add) == ("both", "prompts")
    assert found.more is not None


def test_a_width_out_of_reach_is_not_promised() -> None:
    assert way(Split(prompt=1.0, rater=1.0, vote=1.0), width=1e-5).more is None


def test_of_ways_nearly_as_short_the_one_that_needs_nothing_new_is_taken() -> None:
    assert way(Split(prompt=0.0, rater=0.0, vote=0.2), width=0.04).kind == "votes"


def test_the_same_raters_cannot_judge_the_same_prompts_without_end() -> None:
    complete = Size(10, 20, 200)
    kinds = {
        each.add: each.more for each in ways_to(Split(prompt=0, rater=0, vote=1), complete, width=0.05, level=0.95)
    }
    assert kinds["votes"] is None
    assert kinds["raters"] is not None


@pytest.mark.parametrize(
    ("size", "ways"),
    [
        (Size(100, 20, 100), ["prompts"]),
        (Size(20, 100, 100), ["raters"]),
        (Size(100, 100, 100), []),
        (Size(20, 20, 100), ["votes", "prompts", "raters"]),
    ],
)
def test_what_was_judged_once_has_to_grow_with_the_judgements(size: Size, ways: list[str]) -> None:
    found = ways_to(Split(prompt=0, rater=0, vote=1), size, width=0.05, level=0.95)
    assert [each.add for each in found] == ways
