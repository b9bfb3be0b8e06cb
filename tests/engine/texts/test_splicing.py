"""Putting a text together again without breaking its Markdown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.engine.texts.splicing import Addition, Markdown, is_balanced

CAUSES = "There are several causes:\n\n1. Heat.\n2. Cold.\n3. Wind.\n\nThat is all."


def without(text: str, *starts: str) -> str:
    """The text after asking to cut the units that begin with these words."""
    markdown = Markdown(text)
    cuts = [at for at, body in enumerate(markdown.bodies) if body.strip().startswith(starts)]
    return markdown.spliced(cuts=markdown.safe_cuts(cuts), replaced={}, added=())


def added(text: str, sentence: str, *, beside: int, is_before: bool = False) -> str:
    addition = Addition(text=sentence, beside=beside, is_before=is_before)
    return Markdown(text).spliced(cuts=(), replaced={}, added=[addition])


@pytest.mark.parametrize(
    ("text", "cut", "left"),
    [
        ("One. Two. Three.", "Two.", "One. Three."),
        ("One. Two.\n\nThree.", "Two.", "One.\n\nThree."),
        ("One.\n\nTwo.\n\nThree.", "Two.", "One.\n\nThree."),
        ("One. Two.", "One.", "Two."),
        ("一。二。三。", "二。", "一。三。"),
        (CAUSES, "2.", "There are several causes:\n\n1. Heat.\n2. Wind.\n\nThat is all."),
        (CAUSES, "3.", "There are several causes:\n\n1. Heat.\n2. Cold.\n\nThat is all."),
        ("- one\n- two\n- three\nEnd.", "- two", "- one\n- three\nEnd."),
        ("5. one\n6. two\n7. three", "5.", "5. two\n6. three"),
        ("1. one\n1. two\n1. three", "1. two", "1. one\n1. three"),
        ("# A\n\nOne.\n\n# B\n\nTwo.", "One.", "# B\n\nTwo."),
        ("# A\n\n## B\n\nOne.\n\n## C\n\nTwo.", "One.", "# A\n\n## C\n\nTwo."),
        ("1. One. Extra.\n2. Two.", "Extra.", "1. One.\n2. Two."),
    ],
)
def test_a_cut_leaves_a_text_that_reads_as_written(text: str, cut: str, left: str) -> None:
    assert without(text, cut) == left


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("These are the causes:\n\n- Heat.\n- Cold.", "These"),
        ("It prints this.\n```\n1\n```\nDone.", "It prints"),
        ("The area is\n\\[\nx\n\\]\nwhere x is a side.", "where"),
        ("See here.\n| a |\n|---|\n| b |", "See"),
        (CAUSES, ("1.", "2.")),
        (CAUSES, ("1.", "2.", "3.")),
        ("Three causes stand out.\n\n1. Heat.\n2. Cold.\n3. Wind.", "2."),
        ("三つの原因があります。\n\n1. 熱です。\n2. 風です。\n3. 水です。", "2."),
        ("- One. Kept.\n- Two.\n- Three.", "- One."),
        ("- One.\n  - deep\n  - deeper\n- Two.\n- Three.", "- deep"),
        ('He said: "Wait. Come in." Then he left.', "Come"),
        ("（第一句。第二句。）第三句。", "（第一句"),
    ],
)
def test_what_others_hang_on_is_not_cut(text: str, cut: str | tuple[str, ...]) -> None:
    assert without(text, *([cut] if isinstance(cut, str) else cut)) == text


def test_a_list_goes_with_its_introduction_or_not_at_all() -> None:
    assert without(CAUSES, "There", "1.", "2.", "3.") == "That is all."


@pytest.mark.parametrize(
    ("text", "beside", "sentence", "joined"),
    [
        ("One. Two.", 0, "New.", "One. New. Two."),
        ("One.\n\nTwo.", 0, "New.", "One.\n\nNew.\n\nTwo."),
        ("One. Two.\n\nThree.", 1, "New.", "One. Two. New.\n\nThree."),
        ("one\ntwo", 0, "new", "one\nnew\ntwo"),
        ("One.\nTwo.\n\nThree.\nFour.", 3, "New.", "One.\nTwo.\n\nThree.\nFour.\nNew."),
        ("一。二。", 0, "新。", "一。新。二。"),
        ("一。\n二。\n\n三。", 2, "新。", "一。\n二。\n\n三。新。"),
        ("Only one.", 0, "New.", "Only one. New."),
        ("只有一句。", 0, "新句。", "只有一句。新句。"),
        ("1. one\n2. two", 0, "new", "1. one\n2. new\n3. two"),
        ("- one. More.\n- two\n\nEnd.", 1, "new", "- one. More.\n- new\n- two\n\nEnd."),
    ],
)
def test_an_addition_takes_the_form_of_its_neighbour(text: str, beside: int, sentence: str, joined: str) -> None:
    assert added(text, sentence, beside=beside) == joined


def test_a_list_that_is_not_touched_keeps_its_figures() -> None:
    assert added("01. one\n02. two\n\nEnd.", "New.", beside=2) == "01. one\n02. two\n\nEnd.\n\nNew."


def test_an_addition_may_come_before_its_neighbour() -> None:
    assert added("One. Two.", "New.", beside=0, is_before=True) == "New. One. Two."
    assert added("1. one\n2. two", "new", beside=0, is_before=True) == "1. new\n2. one\n3. two"


def test_a_replacement_keeps_the_marker_and_the_spaces_around_it() -> None:
    markdown = Markdown("Look:\n\n  2. Old one.\n  3. Next.")
    assert markdown.spliced(cuts=(), replaced={1: "New one."}, added=()) == "Look:\n\n  2. New one.\n  3. Next."


def test_balance_counts_quotes_brackets_and_emphasis() -> None:
    assert is_balanced('He (Bob) said "yes" to 「これ」.')
    assert not any(
        map(is_balanced, ('He said "yes.', "(one", "two）", "**bold", "「はい。", "$x", "so $$", "\\begin{a}"))
    )


@given(st.text(st.sampled_from("aB1. \n-*#|`$:「」一。"), max_size=80), st.sets(st.integers(0, 12)))
def test_what_is_left_of_any_text_is_made_of_its_units_in_order(text: str, wanted: set[int]) -> None:
    markdown = Markdown(text)
    cuts = markdown.safe_cuts(wanted)
    left = markdown.spliced(cuts=cuts, replaced={}, added=())
    at = 0
    for place, body in enumerate(markdown.bodies):
        words = body.strip().lstrip("0123456789")
        if place not in cuts:
            at = left.index(words, at) + len(words)
    assert cuts <= set(range(len(markdown.units)))


@given(st.text(st.sampled_from("aB1. \n-*#|`$:「」一。"), max_size=80))
def test_a_text_left_alone_is_the_text(text: str) -> None:
    markdown = Markdown(text)
    assert markdown.safe_cuts(()) == frozenset()
    assert markdown.spliced(cuts=(), replaced={}, added=()) == text.strip()
