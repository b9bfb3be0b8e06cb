"""What an address asks for, and what it cannot ask."""

import math
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.engine.values import FusionError
from fusion_ui.inspection.finding import FACETS, RANGES, FilterError, Range, Sought, sought_of


def test_an_empty_address_asks_for_everything_newest_first() -> None:
    assert sought_of([]) == Sought()


def test_a_name_given_twice_asks_for_any_of_its_values() -> None:
    pairs = [("member", "a"), ("stop", "cap"), ("member", "b"), ("member", "a"), ("run", "R"), ("pattern", "x/y")]
    found = sought_of(pairs)
    assert found.choices == {"stop": ("cap",), "member": ("a", "b")}
    assert (found.runs, found.patterns) == (("R",), ("x/y",))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("0.5..1", Range(0.5, 1)),
        ("..9", Range(-math.inf, 9)),
        ("3..", Range(3, math.inf)),
        ("7", Range(7, 7)),
        (".5..5e-1", Range(0.5, 0.5)),
        ("0.00217829999999999980000001..1", Range(0.0021783, 1)),
    ],
)
def test_a_range_may_be_open(text: str, wanted: Range) -> None:
    assert sought_of([("cost", text)]).ranges["cost"] == pytest.approx(wanted)


def test_a_range_of_days_holds_both_of_them() -> None:
    low, high = sought_of([("day", "2026-01-02..2026-01-03")]).ranges["day"]
    assert high - low + 1 == 2 * 24 * 3600 * 1000
    assert low == 1_767_312_000_000


@pytest.mark.parametrize(
    ("pairs", "words"),
    [
        ([("colour", "red")], "There is no filter 'colour'"),
        ([("stop", "sometimes")], "stop does not know 'sometimes'. It takes: evidence"),
        ([("sort", "best")], "no order 'best'. There are: newest"),
        ([("sort", "newest"), ("sort", "oldest")], "sort is given 2 times"),
        ([("cost", "cheap")], "range cost cannot be read: 'cheap'"),
        ([("cost", "2..1")], "cost ends before it begins"),
        ([("cost", "")], "range cost is empty"),
        ([("cost", "..")], "range cost is empty"),
        ([("cost", "nan")], "cannot be read"),
        ([("cost", "-1..2")], "cannot be read"),
        ([("cost", "1" * 400)], "cannot be read"),
        ([("day", "2026-02-30")], "range day cannot be read"),
        ([("day", "tomorrow")], "days as 2026-01-31"),
        ([("draws", "1..2..3")], "cannot be read"),
        ([("tag", "x" * 501)], "longer than 500"),
        ([("run", str(number)) for number in range(1001)], "1001 values"),
        ([("q", "x" * 10_000)], "10000 characters"),
    ],
)
def test_a_bad_filter_is_refused_by_name(pairs: list[tuple[str, str]], words: str) -> None:
    with pytest.raises(FusionError, match=words.replace(".", r"\.").replace("(", r"\(")):
        sought_of(pairs)


def test_what_is_another_s_is_left_to_it() -> None:
    assert sought_of([("page", "3")], besides={"page"}) == Sought()
    with pytest.raises(FilterError):
        sought_of([("page", "3")])


@given(
    st.lists(st.tuples(st.sampled_from([*FACETS, *RANGES, "q", "sort", "run", "zz"]), st.text(max_size=30)), max_size=6)
)
def test_any_address_is_read_or_refused_in_words(pairs: list[tuple[str, str]]) -> None:
    with suppress(FusionError):
        assert isinstance(sought_of(pairs), Sought)
