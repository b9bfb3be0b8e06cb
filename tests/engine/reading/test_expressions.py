"""Expressions have the values that mathematics gives them, or none at all, and never take long."""

import math
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.engine.reading.expressions import values


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2+3*4", 14), ("-2^2", -4), ("2^3^2", 512), ("2**10", 1024), ("(1+2)(3+4)", 21), ("6/2*3", 9), ("5!", 120),
        (r"\frac{1+\sqrt{5}}{2}", (1 + math.sqrt(5)) / 2), (r"\sqrt[3]{-8}", -2), ("√16", 4), ("sqrt(16)", 4),
        (r"\binom{5}{2}", 10), (r"\log_2 8", 3), (r"\log_{10}(1000)", 3), (r"\ln(e^2)", 2), ("2π", 2 * math.pi),
        (r"\sin^2 x+\cos^2 x", 1), (r"\cos π", -1), (r"\sin π \cos π", 0), ("|3-5|", 2), ("e^{iπ}", -1), ("i^2", -1),
        ("3×4÷6", 2), ("2^{-1}", 0.5), ("x-x", 0), (r"\alpha_{1}/\alpha_{1}", 1), ("0.5·8", 4),
        (r"\sec(1)·\cos(1)", 1), (r"\csc(1)·\sin(1)", 1), (r"\cot(1)·\tan(1)", 1), (r"\tan(1)·\cos(1)-\sin(1)", 0),
        (r"\sinh(1)+\cosh(1)", math.e), (r"\tanh(1)·\cosh(1)-\sinh(1)", 0), (r"\exp(2)", math.e**2),
        (r"\arcsin(1)", math.pi / 2), (r"\arccos(0)", math.pi / 2), (r"\arctan(1)", math.pi / 4),
    ],
)  # fmt: skip
def test_an_expression_has_its_value_at_both_points(text: str, value: float) -> None:
    both = values(text)
    assert both is not None
    assert both.first == pytest.approx(value, abs=1e-12)
    assert both.second == pytest.approx(value, abs=1e-12)


@pytest.mark.parametrize(
    "text",
    [
        "", "1+", ")", "(", "{", "1 234", "1/2x", r"2\frac{1}{2}", "abc", "hello world", "x<3", r"\pm 2", "∞", "12_7",
        r"\log 5", r"\tan^{-1}(1)", "(-8)^{1/3}", r"\sqrt[4]{-1}", r"\frac{1}{0}", "0^{-1}", r"\ln(0)", "171!",
        "(-1)!", "1.5!", r"\binom{9999999}{4999999}", r"\frac", r"\unknown{3}", "3 ≠ 4", "a,b", "[1,2)", r"\sqrt 15",
        r"\sqrt[0]{2}", "1..2", "^2", "x_",
    ],
)  # fmt: skip
def test_what_is_not_certain_has_no_value(text: str) -> None:
    assert values(text) is None


@pytest.mark.parametrize(
    ("one", "two", "are_same"),
    [
        ("(x+1)^2", "x^2+2x+1", True), (r"\frac{x}{2}", "0.5x", True), ("ab", "ba", True),
        (r"\sin 2x", r"2\sin x\cos x", True), ("x+1", "x+2", False), ("x", "y", False), ("a_1", "a_2", False),
        (r"\sqrt{x^2}", "x", False),
    ],
)  # fmt: skip
def test_letters_stand_for_numbers_of_their_own(one: str, two: str, are_same: bool) -> None:
    first, second = values(one), values(two)
    assert first is not None
    assert second is not None
    assert (first == pytest.approx(second)) is are_same


@pytest.mark.parametrize(
    "text",
    [
        "9^{9^{9^9}}", "9^{9^{9^{9^9}}}", "99999999!", "((" * 5000, "(" * 200 + "1" + ")" * 200, "-" * 199 + "1",
        "2^" * 90 + "2", "√" * 199 + "2", r"\sqrt{" * 100 + "2" + "}" * 100, "+".join(["x"] * 2000), "|" * 200,
        "\ud800" * 100, "\0", "1" * 20_000,
    ],
)  # fmt: skip
def test_hostile_expressions_are_left_at_once(text: str) -> None:
    started = time.process_time()
    values(text)
    assert time.process_time() - started < 2


@given(st.integers(-999, 999), st.integers(1, 99), st.sampled_from("+-*/"))
def test_whole_numbers_are_reckoned_as_python_does(one: int, two: int, sign: str) -> None:
    both = values(f"({one}){sign}{two}")
    assert both is not None
    assert both.first == pytest.approx({"+": one + two, "-": one - two, "*": one * two, "/": one / two}[sign])


@given(st.text(alphabet=r"12x+-*/^(){}[]|!_\.πe √", max_size=30))
def test_no_text_raises(text: str) -> None:
    both = values(text)
    assert both is None or all(abs(value) < math.inf for value in both)
