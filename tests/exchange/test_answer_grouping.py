"""Rows of any number of files as one set: grouped by meaning, put together by question and member."""

import random
from fractions import Fraction
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fusion_ui.analysis.answers import AnswersError, AnswerSet, Question, of_members, shares
from fusion_ui.engine.answers import answer_key, equivalent, extract
from fusion_ui.engine.reading.quantities import Number, number_text
from fusion_ui.exchange.answer_keys import gold_key, is_plain, written_key
from fusion_ui.exchange.answers import RecordedAnswer, answer_set_of, read_answers


def row(
    *answers: str | None, question: str = "1", set: str = "", member: str = "m", gold: str | None = None, text: str = ""
) -> RecordedAnswer:
    return RecordedAnswer(
        question=question,
        set=set,
        member=member,
        gold=gold,
        text=text,
        answers=answers,
    )


def only(answer_set: AnswerSet) -> Question:
    (question,) = answer_set.questions
    return question


def given_to(question: Question, place: int = 0) -> list[str | None]:
    """The answers one member gave, by the names of their groups, None for a blank."""
    drawn = question.draws[place]
    assert drawn is not None
    return [question.answers[key] if key >= 0 else None for key in drawn.keys]


def table(answer_set: AnswerSet) -> dict[tuple[str, str, str], float]:
    """Every share by question, member and answer."""
    return {
        (question.name, member, answer): share
        for question in answer_set.questions
        for member, shared in zip(answer_set.members, shares(question), strict=True)
        for answer, share in zip(question.answers, shared, strict=True)
    }


def test_answers_written_differently_are_one_gold_included() -> None:
    question = only(answer_set_of([row("1/2", "0.5", ".50", r"\frac{1}{2}", "3", gold="$0.5$")]))
    assert question.answers == ("0.5", "3")
    assert question.gold == 0
    assert given_to(question) == ["0.5"] * 4 + ["3"]


def test_members_are_grouped_together() -> None:
    question = only(answer_set_of([row("(B) Paris", member="m"), row("B", "b)", "C", member="n")]))
    assert question.answers == ("B", "C")
    assert (given_to(question, 0), given_to(question, 1)) == (["B"], ["B", "B", "C"])


def test_the_answer_given_most_often_names_its_group() -> None:
    answers = ["the answer is 4"] + ["Lima"] * 3 + ["the Lima"] * 2
    assert only(answer_set_of([row(*answers)])).answers == ("lima", "the answer is 4")


def test_gold_stands_among_the_answers_even_if_nobody_gave_it() -> None:
    question = only(answer_set_of([row("3", "4", gold="A: 5")]))
    assert (question.answers[0], question.gold) == ("5", 0)
    assert np.array_equal(shares(question), [[0, 0.5, 0.5]])


def test_a_percentage_goes_with_gold_and_makes_nothing_else_gold() -> None:
    question = only(answer_set_of([row("50%", "50", "50", "0.5", gold="0.5")]))
    assert given_to(question) == ["0.5", "50", "50", "0.5"]


@pytest.mark.parametrize("blank", [None, "N/A", "I cannot answer that.", "the bird sang " * 20])
def test_what_states_no_answer_is_a_blank_draw(blank: str | None) -> None:
    question = only(answer_set_of([row("7", blank)]))
    assert given_to(question) == ["7", None]
    assert np.array_equal(shares(question), [[0.5]])


def test_a_question_without_an_answer_or_gold_is_still_asked() -> None:
    question = only(answer_set_of([row(None, None)]))
    assert (question.answers, question.gold, given_to(question)) == ((), None, [None, None])


@pytest.mark.parametrize(
    "gold", [None, "", "   ", "see the notes of the lecture on the twelfth of May, which say it all"]
)
def test_a_question_whose_gold_states_nothing_has_none(gold: str | None) -> None:
    assert only(answer_set_of([row("7", gold=gold)])).gold is None


def test_one_member_with_gold_is_enough() -> None:
    question = only(answer_set_of([row("7", member="m"), row("8", member="n", gold="8")]))
    assert question.answers[question.gold or 0] == "8"


def test_a_question_whose_golds_differ_is_left_out_and_named() -> None:
    rows = [row("7", gold="7"), row("8", member="n", gold="8"), row("1", question="2", gold="1/2")]
    answer_set = answer_set_of([*rows, row("1", question="2", gold="0.5")])
    assert [question.name for question in answer_set.questions] == ["2"]
    assert answer_set.left_out == ("1: its gold answers differ (7, 8)",)
    with pytest.raises(AnswersError, match="1: its gold answers differ"):
        answer_set_of(rows[:2])


def test_nothing_recorded_is_refused() -> None:
    with pytest.raises(AnswersError, match="no answers are recorded"):
        answer_set_of([])


def test_a_question_is_told_by_its_set_and_members_who_were_not_asked_have_no_draws() -> None:
    answer_set = answer_set_of([row("7", set="a"), row("8", set="b", member="n"), row("9", member="m", text="Why?")])
    assert answer_set.members == ("m", "n")
    assert [(question.name, question.text) for question in answer_set.questions] == [
        ("a/1", ""),
        ("b/1", ""),
        ("1", "Why?"),
    ]
    assert [[drawn is not None for drawn in question.draws] for question in answer_set.questions] == [
        [True, False],
        [False, True],
        [True, False],
    ]


def test_several_files_of_one_member_are_one_after_the_other() -> None:
    assert given_to(only(answer_set_of([row("7", "8"), row("9"), row("7")]))) == ["7", "8", "9", "7"]


def test_tokens_are_kept_where_every_draw_has_them() -> None:
    counted = RecordedAnswer(question="1", member="m", answers=("7", None), tokens=(5, 6.5))
    partly = RecordedAnswer(question="1", member="n", answers=("7", "7"), tokens=(5, None))
    first, second = only(answer_set_of([counted, partly])).draws
    assert first is not None
    assert first.tokens is not None
    assert first.tokens.tolist() == [5, 6.5]
    assert second is not None
    assert second.tokens is None


def test_the_published_counts_keep_their_shares_and_their_number_of_draws(shared_data: Path) -> None:
    paths = sorted((shared_data / "boinf").glob("analysis_aime2025_*.jsonl"))
    files = [read_answers([path.read_bytes()], name=path.name) for path in paths]
    answer_set = answer_set_of(row for file in files for row in file.rows)
    assert (len(answer_set.members), len(answer_set.questions), answer_set.left_out) == (11, 30, ())
    drawn = [draws for question in answer_set.questions for draws in question.draws if draws is not None]
    assert sum(len(draws.keys) for draws in drawn) == sum(len(row.answers) for file in files for row in file.rows)
    assert len(of_members(answer_set, ["gpt-oss-20b"]).questions) == 30


def test_among_hundreds_of_different_answers_every_one_is_still_compared_with_gold() -> None:
    cities = [f"{chr(97 + number // 26)}{chr(97 + number % 26)}ville" for number in range(650)]
    question = only(answer_set_of([row(*cities, "it is 18", gold="18")]))
    assert question.answers == ("18", *cities)
    assert given_to(question) == [*cities, "18"]


ANSWERS = st.sampled_from(
    [
        "18",
        "18.0",
        "$18",
        "1/2",
        "0.5",
        ".5",
        r"\frac12",
        "0.3333",
        "1/3",
        "B",
        "(B)",
        "x+1",
        "1 + x",
        "Paris",
        "the Paris",
        *("N/A", "", "-3", "2,500", "2500", r"\sqrt{2}", "1.41421", "(1, 2)", "(1,2)"),
    ]
)
ROWS = st.lists(
    st.builds(
        lambda question, member, answers, gold: row(*answers, question=question, member=member, gold=gold),
        st.sampled_from("ab"),
        st.sampled_from("mn"),
        st.lists(ANSWERS.map(lambda text: text or None), min_size=1, max_size=6),
        st.sampled_from([None, "18", "0.5"]),
    ),
    min_size=1,
    max_size=6,
)


def grouped(rows: list[RecordedAnswer]) -> AnswerSet | None:
    try:
        return answer_set_of(rows)
    except AnswersError:
        return None


@settings(max_examples=150)
@given(ROWS, st.randoms())
def test_the_order_of_files_changes_no_share_and_no_name(rows: list[RecordedAnswer], chance: random.Random) -> None:
    shuffled = rows.copy()
    chance.shuffle(shuffled)
    first, second = grouped(rows), grouped(shuffled)
    assert (first is None) == (second is None)
    if first and second:
        assert table(first) == table(second)
        assert sorted(first.left_out) == sorted(second.left_out)
        assert {question.name: question.answers for question in first.questions} == {
            question.name: question.answers for question in second.questions
        }


@settings(max_examples=100)
@given(st.lists(ANSWERS.filter(bool), min_size=2, max_size=12))
def test_two_answers_share_a_group_exactly_when_they_are_equivalent(answers: list[str]) -> None:
    named = given_to(only(answer_set_of([row(*answers)])))
    for (one, first), (two, second) in product(zip(answers, named, strict=True), repeat=2):
        if first is not None and second is not None:
            assert (first == second) == bool(equivalent(one, two))


@settings(max_examples=100)
@given(ROWS)
def test_counts_add_up(rows: list[RecordedAnswer]) -> None:
    answer_set = grouped(rows)
    for question in answer_set.questions if answer_set else ():
        for member, drawn in zip(answer_set.members, question.draws, strict=True):
            given = [
                each for row in rows if (row.question, row.member) == (question.name, member) for each in row.answers
            ]
            assert (0 if drawn is None else len(drawn.keys)) == len(given)
            blanks = sum(each is None or answer_key(each) is None for each in given)
            assert (0 if drawn is None else int((drawn.keys < 0).sum())) == blanks


@given(st.integers(-(10**16), 10**16).map(str) | st.sampled_from([chr(65 + place) for place in range(26)]))
def test_integers_and_letters_have_the_key_that_reading_them_gives(text: str) -> None:
    stated = extract(text)
    assert written_key(text) == answer_key(text) == text
    assert gold_key(text) == (stated.answer if stated else None) == text


NUMBERS = st.fractions(-1000, 1000, max_denominator=99) | st.decimals(-1000, 1000, places=4).map(Fraction)


@given(NUMBERS, NUMBERS)
def test_plain_keys_that_differ_are_never_equivalent(one: Fraction, two: Fraction) -> None:
    first, second = number_text(Number(one)), number_text(Number(two))
    assert is_plain(first)
    assert is_plain(second)
    assert bool(equivalent(first, second)) == (first == second)


@given(NUMBERS, st.integers(-10, 10))
def test_plain_keys_that_lie_as_close_as_can_be_are_never_equivalent(one: Fraction, steps: int) -> None:
    near = Fraction(round(one * 10_000) + steps, 10_000)
    first, second = number_text(Number(one)), number_text(Number(near))
    assert bool(equivalent(first, second)) == (first == second)
