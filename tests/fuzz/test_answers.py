"""Answers read out of any text: stable, inside the text, and nothing ever raised."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.engine.answers import equivalent, extract
from fusion_ui.engine.reading.keys import answer_key, read_key
from fusion_ui.engine.reading.statements import without_thinking
from fusion_ui.engine.sampling import clean
from tests.fuzz.spoiling import real_texts, spoilt

SEEDS = (
    "So x = 4.\n\nThe final answer is $\\boxed{\\frac{1}{2}}$.",
    "<think>It is 3.</think>**Answer:** (B) 1,234.5 km",
    "#### 18\n\nAnswer: {1, 2} or [0, \\infty)",
    "答案是 42。 Die Antwort lautet 1.234,5 €.",
    "Answer: 3x^2 + \\sqrt{2}",
    "A: I'm sorry, N/A",
)


def check_extract(text: str) -> None:
    found = extract(text)
    if found is None:
        return
    assert 0 <= found.start < found.end <= len(text)
    assert answer_key(found.answer) == found.answer
    assert clean(found.answer) == found.answer
    assert extract(text) == found


@given(spoilt(SEEDS))
def test_an_answer_stands_in_its_text_and_reads_as_itself(text: str) -> None:
    check_extract(text)


@given(data=st.data())
def test_published_candidates_made_odd_are_read_as_well(shared_data: Path, data: st.DataObject) -> None:
    check_extract(data.draw(spoilt(real_texts(shared_data))))


@given(spoilt(SEEDS, most=300), spoilt(SEEDS, most=300))
def test_whether_two_answers_are_one_does_not_hang_on_their_order(one: str, two: str) -> None:
    assert equivalent(one, two) == equivalent(two, one)
    assert equivalent(one, one) is True


@given(spoilt(SEEDS, most=300))
def test_a_key_is_its_own_key(text: str) -> None:
    key = read_key(text)
    if key is not None:
        assert read_key(key.text) == key


@given(spoilt(SEEDS))
def test_blanking_the_thinking_moves_nothing(text: str) -> None:
    assert len(without_thinking(text)) == len(text)
