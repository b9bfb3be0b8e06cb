"""What of a sentence's wording counts."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.engine.texts.phrasing import find_whole, is_named, key, names, negations, numbers, tokens


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  2. **Paris** is `big`!", "paris is big"),
        ("> ## The *End*", "the end"),
        ("Ｆｕｌｌ　ｗｉｄｔｈ １２。", "full width 12"),
        ("$x^2 \\times 3$", "x^2 * 3"),
        ("x² × 3", "x^2 * 3"),
        ("2*3 and 2 * 3", "2*3 and 2 * 3"),
        ("١٦٨٣ كتابًا", "1683 كتابا"),
    ],
)
def test_a_key_leaves_out_markup_case_and_outer_marks(text: str, expected: str) -> None:
    assert key(text) == expected


def test_a_sentence_that_is_only_a_number_is_no_list_marker() -> None:
    assert key("42.") == "42"


def test_writing_without_spaces_gives_pairs_of_characters() -> None:
    assert tokens("月が2個") == ("月が", "2", "個")
    assert tokens("the moon_x = 2,5") == ("the", "moon", "x", "=", "2,5")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,683 and 1 683 and 1'683", [1683, 1683, 1683]),
        ("1.234,56 and 3,5", [Fraction("1234.56"), Fraction("3.5")]),
        ("0.5 is 1/2, and 3/0 is not", [Fraction(1, 2), Fraction(1, 2), 3]),
        ("x - 3 is -2, covid-19, apples - 4", [-3, -2, 19, 4]),
        ("three cats, drei Katzen, трёх котов, ثلاثة", [3, 3, 3, 3]),
        ("two, three, four, five, six, seven, eight, nine, ten", [*range(2, 11)]),
        ("zwei, drei, vier, fünf, sechs, sieben, acht, neun, zehn", [*range(2, 11)]),
        ("dos, tres, cuatro, cinco, seis, siete, ocho, nueve, diez", [*range(2, 11)]),
        ("三个苹果 and 四人", [3, 4]),
        ("often weighted on stone", []),
        ("3 * 16.5 = 49.5", [3, Fraction("16.5"), Fraction("49.5")]),
        ("16.5 x 3 = 49.5", [3, Fraction("16.5"), Fraction("49.5")]),
    ],
)
def test_numbers_are_values_however_they_are_written(text: str, expected: list[Fraction]) -> None:
    assert list(numbers(key(text))) == expected


@pytest.mark.parametrize(
    "text",
    [
        "It isn't so.",
        "Das ist nicht so.",
        "Ce n'est pas vrai.",
        "Он не дома.",
        "これは違いません。",
        "这不对。",
        "ليس كذلك",
    ],
)
def test_a_negation_is_seen_in_each_language(text: str) -> None:
    assert negations(key(text)) == 1


def test_words_that_only_look_like_negations_do_not_count() -> None:
    assert negations(key("A notable knot. 不仅如此，非常好。")) == 0


def test_names_are_capitalised_words_inside_a_sentence() -> None:
    assert names("The tower and I stand in Paris.") == {"paris"}


def test_a_name_is_known_by_its_stem() -> None:
    assert is_named("москва", ("в", "москве"))
    assert not is_named("rom", ("romania",))


def test_a_part_is_found_only_as_whole_words() -> None:
    assert find_whole("1942 and 42", "42") == 9
    assert find_whole("because", "b") == -1
    assert find_whole("答案是三个", "三个") == 3


@given(st.text())
def test_the_tokens_of_any_text_stand_in_its_key(text: str) -> None:
    assert all(token in key(text) for token in tokens(key(text)))


def test_numbers_of_absurd_length_are_cut_and_not_computed() -> None:
    assert all(number < 10**31 for number in numbers("9" * 100_000))
