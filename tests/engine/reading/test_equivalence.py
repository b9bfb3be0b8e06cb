"""What can be told about two answers at once is right, the same both ways round, and bounded in time."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.engine.reading.equivalence import equivalent

PIECES = "1|2|0.5|1/2|50%|x|y|=|+|, |(|)|[|]|\\{|\\}|\\frac{1}{2}|\\sqrt{2}|π|∞|^|Paris|the |B|<|±| cm|{|}".split("|")
answers = st.text(max_size=40) | st.lists(st.sampled_from(PIECES), max_size=8).map("".join)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("0.5", "1/2"), ("50%", "50"), ("50%", "0.5"), ("12.5%", "1/8"), ("1/3", "0.3333333"), ("5 cm", "5 km"),
        ("-0", "0"), (r"\frac{\sqrt{2}}{2}", r"\frac{1}{\sqrt2}"), (r"\sqrt{8}", r"2\sqrt{2}"), ("4320 + 8", "4328"),
        ("2^{10}", "1024"), ("10^9", "1000000000"), ("x = 5", "5"), ("y=2x+3", "3+2x"), ("f(3) = 5", "5"),
        ("AB = 10", "10"), ("y=2x+3", "y=3+2x"), ("(3;1/2)", "(3;0.5)"),
        ("x + x", "2x"), ("AB", "ab"), ("(1/2, 3)", "(0.5, 3)"), ("1, 2", "2, 1"), (r"\{1,2\}", "2 and 1"),
        ("x=3 or x=-2", "-2, 3"), ("(1,2)", "1,2"), ("[0, 1)", r"\left[0,1\right)"), (r"(-\infty, 3)", "(-∞,3)"),
        ("x ∈ [1,2]", "[1, 2]"), ("(x, y) = (1, 2)", "(1,2)"), ("(1,2), (3,4)", "(3,4),(1,2)"),
        ("The Eiffel Tower", "eiffel tower"), ("Paris, France", "paris france"), ("She has 18 apples left", "18"),
        ("b", "B"), (r"\begin{pmatrix}1\\2\end{pmatrix}", r"\begin{pmatrix} 1 \\ 2 \end{pmatrix}"),
    ],
)  # fmt: skip
def test_equal_answers_are_told(one: str, two: str) -> None:
    assert equivalent(one, two) is True


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("18", "19"), ("100000000", "100000001"), ("0.123456", "0.123457"), ("0.0000001", "0.0000002"), ("50%", "5"),
        ("50%", "0.5%"), ("23.43", "23.42857"), ("2i", "2"), ("3a", "3"), ("(1,2)", "(2,1)"), ("(1,2)", "[1,2]"),
        ("1, 2", "1"), ("1, 2, 3", "1, 2"), ("-∞", "∞"), ("∞", "5"), ("B", "C"), ("B", "5"), ("B", "paris"),
        ("paris", "london"), ("listen", "silent"), ("12:30", "12:45"), ("x=3, x=-2", "x=3, x=2"), ("10 am", "10 pm"),
        ("apollo 11", "11"), ("at least 18 of them", "18"), ("x+1", "x+2"), ("x<3", "3"), ("no solution", "∅"),
        ("1/3", "0.33"), ("", "5"), ("An answer that is far too long to be one of the answers", "5"),
    ],
)  # fmt: skip
def test_different_answers_are_told(one: str, two: str) -> None:
    assert equivalent(one, two) is False


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("x<3", "3>x"), ("x<3", r"(-\infty, 3)"), (r"2\pm\sqrt3", r"2+\sqrt3, 2-\sqrt3"), ("1/2x", "x/2"),
        ("1, 1/2x", "1, x/2"), ("y=2x", "y-2x=0"), ("10^{-12}", "10^{-13}"), ("5m", "5"),
        (r"\begin{pmatrix}1\\2\end{pmatrix}", "5"), ("2^{100}", "2^{100}-1"), (r"\log 100", "2"),
        (r"(1,2)", r"\{1,2\}"), ("2^{2004}", "2^{2005}"), (r"0.\overline{3}", "1/3"),
        (", ".join(map(str, range(13))), ", ".join(map(str, range(1, 14)))),
    ],
)  # fmt: skip
def test_what_cannot_be_told_is_left_to_a_checker(one: str, two: str) -> None:
    assert equivalent(one, two) is None


@given(answers, answers)
def test_the_relation_is_the_same_both_ways_round(one: str, two: str) -> None:
    assert equivalent(one, two) is equivalent(two, one)


@given(answers)
def test_every_answer_is_itself(answer: str) -> None:
    assert equivalent(answer, answer) is True


@pytest.mark.parametrize(
    "text",
    [
        "9^{9^{9^9}}", "99999999!", "9" * 20_000, "(" * 20_000, "+".join(["x_1"] * 2000), "1, " * 60 + "1",
        "\ud800" * 20_000, "\0" * 20_000, "{" * 100 + "1" + "}" * 100, "((((((1,2),3),4),5),6),7)", r"\frac{" * 40,
        "x = " * 50 + "5", "a" * 20_000,
    ],
)  # fmt: skip
def test_hostile_answers_are_compared_at_once(text: str) -> None:
    started = time.process_time()
    for other in ("5", "x+1", text + "1", text[::-1], "1, 2, 3"):
        equivalent(text, other)
    assert time.process_time() - started < 5
