"""Where a quote stands: word for word first, then as a reader saw it, in any script."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.engine.ledger import Span
from fusion_ui.engine.quoting import locate

TEXTS = (
    "The **carry** is forgotten, so $3 + 9 = 11$ and `x_1` is off.",
    "Le total\nest de « douze » — c’est faux.",
    "👩‍👩‍👧 zählt als drei, nicht als eins. 🎉",
    "cafe\u0301 au lait, 50\u00a0% de lait",
    "الجواب هو ٤٢ لأنّ المجموع صحيح.",
    "因此答案是 42，进位错了。",
    "किताब की कीमत ग़लत है।",
)


def found(quote: str, text: str) -> str | None:
    span = locate(quote, text)
    return text[span.start : span.end] if span else None


@pytest.mark.parametrize(
    ("quote", "passage"),
    [
        ("The carry is forgotten", "The **carry** is forgotten"),
        ("the carry is FORGOTTEN", "The **carry** is forgotten"),
        ("3 + 9 = 11", "3 + 9 = 11"),
        ("3+9=11", "3 + 9 = 11"),
        ("  so 3 + 9\n= 11 and x1 ", "so $3 + 9 = 11$ and `x_1"),
    ],
)
def test_a_quote_is_found_whatever_markup_and_blanks_it_lost(quote: str, passage: str) -> None:
    assert found(quote, TEXTS[0]) == passage


def test_typography_that_a_model_straightens_is_no_hindrance() -> None:
    assert found('est de "douze" - c\'est faux', TEXTS[1]) == "est de « douze » — c’est faux"


def test_a_quote_ends_with_the_marks_of_its_last_letter() -> None:
    assert found("cafe", TEXTS[3]) == "cafe\u0301"
    assert found("caf\u00e9", TEXTS[3]) == "cafe\u0301"


@pytest.mark.parametrize("quote", ["forgotten!", "the borrow", "", "   ", "~~", "x" * 200])
def test_what_is_not_in_the_text_is_not_found(quote: str) -> None:
    assert locate(quote, TEXTS[0]) is None


def test_a_passage_that_is_taken_leaves_the_next_like_it() -> None:
    first = locate("ab", "ab ab ab")
    assert first == Span(start=0, end=2)
    assert locate("ab", "ab ab ab", taken=[first]) == Span(start=3, end=5)
    assert locate("ab", "ab", taken=[first]) == first


@given(st.sampled_from(TEXTS), st.data())
def test_every_passage_of_a_text_is_found_as_it_stands(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    quote = text[start:end].strip()
    passage = found(quote, text)
    assert not quote or (passage is not None and passage.startswith(quote))
    assert not passage or all(unicodedata.combining(sign) for sign in passage[len(quote) :])


@given(st.text(max_size=30), st.text(max_size=60))
def test_a_span_lies_within_the_text(quote: str, text: str) -> None:
    span = locate(quote, text)
    assert span is None or 0 <= span.start < span.end <= len(text)
