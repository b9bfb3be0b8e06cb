"""When two sentences say the same, and when they only look alike."""

import pytest

from fusion_ui.engine.texts.similarity import (
    Passage,
    agrees,
    candidate_passages,
    hinted_at_by,
    likeness,
    passages,
    rivals,
)
from tests.engine.sayings import ASIDES, MOON, answering, quoted


def passage(text: str) -> Passage:
    (only,) = passages(text)
    return only


def alike(one: str, other: str) -> float:
    return float(likeness([passage(one)], [passage(other)])[0, 0])


def agree(source: str, claim: str) -> bool:
    return agrees(passage(source), claim=passage(claim))


def test_passages_are_the_sentences_with_words_in_them() -> None:
    text = "# Title\n\n---\n\n1. One.  \n2. Two."
    assert [quoted(text, some.span) for some in passages(text)] == ["# Title", "1. One.", "2. Two."]


def test_likeness_ignores_markup_case_and_the_order_of_half_the_measure() -> None:
    assert alike("1. **The** cat sat.", "- the cat sat") == 1.0
    assert 0.7 < alike("on Monday she left Rome", "she left Rome on Monday") < 1.0


@pytest.mark.parametrize("script", MOON)
def test_different_sentences_are_unlike_in_any_script(script: str) -> None:
    own, foreign = [passage(text) for text in MOON[script]], [passage(text) for text in ASIDES[script]]
    assert likeness(own, foreign).max() < 0.5


@pytest.mark.parametrize(
    ("source", "claim"),
    [
        ("They add up to 1734.", "They add up to 1683."),
        ("They add up.", "They add up to 1683."),
        ("Alice has 5 and Bob has 3.", "Alice has 3 and Bob has 5."),
        ("x is -3", "x is 3"),
        ("There are four cats.", "There are two cats."),
        ("有四个苹果。", "有三个苹果。"),
        ("This is not safe.", "This is safe."),
        ("これは安全ではない。", "これは安全です。"),
        ("这不安全。", "这很安全。"),
        ("هذا ليس آمنًا.", "هذا آمن."),
        ("It is true that the treaty was signed in London.", "It is true that the treaty was signed in Paris."),
    ],
)
def test_another_number_negation_or_name_is_no_agreement(source: str, claim: str) -> None:
    assert not agree(source, claim)


@pytest.mark.parametrize(
    ("source", "claim"),
    [
        ("All of it costs 1,683 euros today.", "It costs 1683 euros."),
        ("5 x 3 = 15", "3 x 5 = 15"),
        ("Three cats.", "3 cats."),
        ("Я был в Москве вчера.", "Вчера моя Москва ждала."),
        ("Die Katze sitzt auf dem Sofa.", "Die Katze sitzt auf der Couch."),
    ],
)
def test_more_detail_another_notation_and_endings_are_agreement(source: str, claim: str) -> None:
    assert agree(source, claim)


def test_a_sentence_that_casts_a_vote_backs_only_the_same_vote() -> None:
    red, blue = answering("So the colour is: red", "So the colour is: blue")
    (says_red,), (says_blue,) = candidate_passages(red), candidate_passages(blue)
    assert not agrees(says_blue, claim=says_red)
    assert not agrees(says_blue, claim=passage("So the colour is: red"))
    assert not agrees(passage("So the colour is: red"), claim=says_blue)
    assert agrees(says_red, claim=passage("So the colour is: red"))


def test_rivals_are_alike_but_for_what_must_agree() -> None:
    claim = passage("The bridge was built in 1748.")
    others = [
        passage(text) for text in ("The bridge was built in 1784.", "The bridge was built in 1748 there.", "It fell.")
    ]
    assert rivals([claim], others) == ((0,),)
    assert rivals([claim], []) == ((),)


def test_a_hint_is_a_rewording_a_part_or_the_same_facts() -> None:
    claims = [passage("The director of this firm is Lisa Brown.")]
    assert hinted_at_by([passage("Firm V, led by Lisa Brown, earned most.")], claims) == (True,)
    assert hinted_at_by([passage("It earned most.")], claims) == (False,)
    assert hinted_at_by([], claims) == (False,)
