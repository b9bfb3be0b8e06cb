"""Equal answers have equal keys; a key is short, readable and its own key."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.engine.reading.keys import KeyKind, answer_key, is_declined, read_key
from fusion_ui.engine.reading.notation import latex, tidy


@pytest.mark.parametrize(
    ("writings", "key"),
    [
        (("1/2", "0.5", ".50", r"\frac12", r"\dfrac{1}{2}", r"\(\frac{2}{4}\)", "½", "x = 1/2", "\x0crac12"), "0.5"),
        (("18", "18.00", "$18", "18 dollars", "US$18.", "18 €", "18個", "１８", "१८", "۱۸", "+18", "(18)"), "18"),
        (("1234", "1,234", "1 234", r"1{,}234", r"1\,234", "1'234", "1,234 km"), "1234"),
        (("1.5", "1 1/2", r"1\frac{1}{2}", "1½", "1.5 cups", "3/2", r"-\frac{-3}{2}"), "1.5"),
        (("50%", r"50\%", "50 percent", "50.0 %", "%50", "50 Prozent", "50 प्रतिशत"), "50%"),
        (("90", r"90^\circ", "90°", r"90^{\circ}", "90 degrees", "90°C"), "90"),
        (("1500000", "1.5 million", "150万", "1.5 Millionen Euro", "1.5 × 10^6", "1.5e6", "15 lakh"), "1500000"),
        (("0", "-0", "0.00", "−0", "0%".rstrip("%")), "0"),
        (("1/3", "2/6", r"\frac{1}{3}"), "1/3"),
        (("B", "(B)", "b)", "B) Paris", "B. Paris", "Option B", r"\text{(B)}", r"\textbf{(B)}\ 12", "**B**"), "B"),
        (("paris", "Paris.", "“Paris”", "PARIS", r"\text{Paris}", "**Paris** !"), "paris"),
        (("A, C", "C and A", "A, C, A"), "A, C"),
        (("3, 4", "3 and 4", "3 or 4", "3,4", r"3 \text{ and } 4", "3 y 4", "3和4"), "3, 4"),
        (("25π", r"25\pi", r"25\pi \text{ cm}^2", "25 pi square units", "25π cm²"), "25π"),
        (("x^2+1", "x^2 + 1", "$x^{2}+1$", "x² + 1"), "x^2+1"),
    ],
)  # fmt: skip
def test_writings_of_one_answer_share_its_key(writings: tuple[str, ...], key: str) -> None:
    assert {writing: answer_key(writing) for writing in writings} == dict.fromkeys(writings, key)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("3/4", "0.75"),
        ("1/16", "0.0625"),
        ("1/32", "1/32"),
        ("3.14159", "3.14159"),
        ("-2.50", "-2.5"),
        ("1/7", "1/7"),
        ("0.3333333333", "0.3333333333"),
        ("12.5%", "12.5%"),
        ("x=5 or x=-2", "x = 5, x = -2"),
        (r"\left( 3,\, 4 \right)", "(3, 4)"),
        (r"-\infty", "-∞"),
        (r"x \in [0,1)", "x ∈ [0, 1)"),
    ],
)
def test_a_key_is_what_a_person_likes_to_read(text: str, key: str) -> None:
    assert answer_key(text) == key


@pytest.mark.parametrize(
    ("power", "words"),
    [
        (2, "hundred"), (3, "thousand tausend mille тысяч हज़ार ألف 千"), (4, "万 萬 만"), (5, "lakh lakhs लाख"),
        (6, "million Millionen millones миллион मिलियन مليون 百万"), (7, "crore crores करोड़"), (8, "亿 億 억"),
        (9, "billion Milliarden milliards миллиардов مليار"), (12, "trillion 兆 조"),
    ],
)  # fmt: skip
def test_a_word_of_scale_multiplies_in_its_language(power: int, words: str) -> None:
    assert {word: answer_key(f"3 {word}") for word in words.split()} == dict.fromkeys(words.split(), f"3{'0' * power}")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("18", "number"), ("50%", "number"), ("B", "choice"), ("E. coli", "words"), ("J. K. Rowling", "words"),
        ("12:30", "words"), ("10 am", "words"), ("2024-05-12", "words"), ("12/05/2024", "words"),
        ("5 or more", "words"), ("2 and a half", "words"), ("24 hours and 30 minutes", "words"), ("x", "expression"),
        ("2i", "expression"), ("3a", "expression"), ("5!", "expression"), ("1/0", "expression"),
        ("9" * 41, "expression"), ("{1}+{2}", "expression"), ("2(x+y)", "expression"),
        ("-1 - cos(z-x) - cos(y-z)", "expression"), ("7 choose k", "words"), ("8 for even n", "words"),
        ("3,5", "expression"), ("CO2", "expression"), ("no solution", "words"), ("5 cm or more", "words"),
        ("3 cm x", "expression"),
    ],
)  # fmt: skip
def test_what_only_looks_like_a_number_is_none(text: str, kind: KeyKind) -> None:
    key = read_key(text)
    assert key is not None
    assert key.kind == kind


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("3,5", "3.5"),
        ("1.234", "1234"),
        ("1.234,5", "1234.5"),
        ("0.125", "0.125"),
        ("1 234,5", "1234.5"),
        ("3.5", "3.5"),
    ],
)
def test_a_decimal_comma_is_read_where_the_language_writes_one(text: str, key: str) -> None:
    found = read_key(text, mark=",")
    assert found is not None
    assert found.text == key


@pytest.mark.parametrize("text", ["N/A", "___", "<the value>", "[your answer]", "I'm sorry, I can't.", "As follows"])
def test_a_placeholder_or_a_refusal_has_no_key(text: str) -> None:
    assert is_declined(text)
    assert answer_key(text) is None


@pytest.mark.parametrize(
    "text", ["word " * 9, "w" * 61, "北" * 17, "9" * 401, "{" * 30, "x+" * 150, "", " ", "?!", "\ud800"]
)
def test_what_is_no_short_answer_has_no_key(text: str) -> None:
    assert answer_key(text) is None


@given(st.text())
def test_the_key_of_a_key_is_itself(text: str) -> None:
    key = answer_key(text)
    assert key is None or answer_key(key) == key


@given(st.fractions(), st.sampled_from(["{}", "${}$", " {} dollars.", "x = {}", "**{}**"]))
def test_any_fraction_keeps_its_value_through_its_key(value: object, frame: str) -> None:
    assert answer_key(frame.format(value)) == answer_key(str(value))


@given(st.text(max_size=60))
def test_tidying_twice_changes_nothing(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)


@pytest.mark.parametrize(
    ("text", "command"),
    [("2π", r"2\pi "), ("√5", r"\sqrt{5}"), ("√(x+1)", r"\sqrt{x+1}"), ("3×4 ≤ ∞", r"3\times 4 \leq  \infty ")],
)
def test_signs_go_back_to_latex_for_programs_that_read_it(text: str, command: str) -> None:
    assert latex(text).split() == command.split()
