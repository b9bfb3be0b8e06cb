"""Two texts in pieces: nothing is lost, no sign is cut, and what is shared is truly shared."""

import gzip
import json
import time
import unicodedata
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.studies.diffing import Diff, Piece, sentence_diff, word_diff

texts = st.text() | st.text(alphabet="ab \n的é\u0301👩\u200d💻🇩🇪אم。.")


def joined(pieces: tuple[Piece, ...]) -> str:
    return "".join(piece.text for piece in pieces)


def shown(pieces: tuple[Piece, ...]) -> str:
    """The text with what is its own in brackets."""
    return "".join(piece.text if piece.is_shared else f"[{piece.text}]" for piece in pieces)


def shared(pieces: tuple[Piece, ...]) -> str:
    return "".join("".join(piece.text.split()) for piece in pieces if piece.is_shared)


@given(texts, texts)
def test_the_pieces_joined_are_the_texts(first: str, second: str) -> None:
    for diff in (word_diff(first, second), sentence_diff(first, second)):
        assert (joined(diff.first), joined(diff.second)) == (first, second)


@given(texts, texts)
def test_pieces_are_shared_and_own_by_turns_and_never_empty(first: str, second: str) -> None:
    for diff in (word_diff(first, second), sentence_diff(first, second)):
        for pieces in (diff.first, diff.second):
            assert all(piece.text for piece in pieces)
            assert all(one.is_shared != other.is_shared for one, other in pairwise(pieces))


@given(texts, texts)
def test_what_the_words_share_is_the_same_on_both_sides(first: str, second: str) -> None:
    diff = word_diff(first, second)
    assert unicodedata.normalize("NFC", shared(diff.first)) == unicodedata.normalize("NFC", shared(diff.second))


@given(texts)
def test_a_text_shares_all_with_itself(text: str) -> None:
    for diff in (word_diff(text, text), sentence_diff(text, text)):
        assert all(piece.is_shared for piece in diff.first + diff.second)


@given(texts, texts)
def test_the_order_of_two_texts_only_swaps_the_sides_of_what_sentences_share(first: str, second: str) -> None:
    one, other = sentence_diff(first, second), sentence_diff(second, first)
    assert (one.first, one.second) == (other.second, other.first)


def test_a_changed_word_is_marked_and_no_more() -> None:
    diff = word_diff("The capital of Australia is Canberra.", "The capital of Australia is Sydney.")
    assert shown(diff.first) == "The capital of Australia is [Canberra.]"
    assert shown(diff.second) == "The capital of Australia is [Sydney.]"


def test_a_single_word_in_common_by_chance_is_not_called_shared() -> None:
    diff = word_diff("Cats sleep on the sofa all day", "Meanwhile prices in the city fell")
    assert shown(diff.first) == "[Cats sleep on the sofa all day]"


def test_a_first_word_in_common_is_shared() -> None:
    assert shown(word_diff("Yes.", "Yes, sure it is.").first) == "Yes[.]"


def test_chinese_is_compared_by_characters() -> None:
    diff = word_diff("澳大利亚的首都是堪培拉。", "澳大利亚的首都是悉尼。")
    assert shown(diff.first) == "澳大利亚的首都是[堪培拉。]"
    assert shown(diff.second) == "澳大利亚的首都是[悉尼。]"


def test_thai_vowel_signs_stay_on_their_letters() -> None:
    diff = word_diff("เมืองหลวงคือกรุงเทพ", "เมืองหลวงคือเชียงใหม่")
    assert not any(unicodedata.category(piece.text[0]).startswith("M") for piece in diff.first + diff.second)


def test_right_to_left_text_keeps_its_logical_order() -> None:
    diff = word_diff("عاصمة أستراليا هي كانبرا", "عاصمة أستراليا هي سيدني")
    assert shown(diff.first) == "عاصمة أستراليا هي [كانبرا]"


def test_hindi_words_are_not_cut_at_their_vowel_signs() -> None:
    diff = word_diff("भारत की राजधानी दिल्ली है", "भारत की राजधानी मुंबई है")
    assert shown(diff.first) == "भारत की राजधानी [दिल्ली] है"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("👩‍👩‍👧", "👩‍👩‍👦"),
        ("👍🏽", "👍🏿"),
        ("🇩🇪", "🇩🇰"),
        ("❤️", "❤"),
        ("1️⃣", "2️⃣"),
        ("🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🏴󠁧󠁢󠁳󠁣󠁴󠁿"),
        ("e\u0301", "e\u0300"),
    ],
)
def test_signs_that_look_like_one_are_never_cut(one: str, other: str) -> None:
    diff = word_diff(f"It is good {one} today", f"It is good {other} today")
    assert shown(diff.first) == f"It is good [{one}] today"
    assert shown(diff.second) == f"It is good [{other}] today"


def test_two_ways_to_compose_a_letter_are_the_same_letter() -> None:
    diff = word_diff("un café noir", "un cafe\u0301 noir")
    assert shown(diff.first) == "un café noir"


def test_other_line_breaks_are_no_difference() -> None:
    diff = word_diff("one two\r\nthree four", "one two\nthree   four")
    assert all(piece.is_shared for piece in diff.first + diff.second)


def test_an_empty_text_shares_nothing() -> None:
    assert word_diff("", "some words here") == Diff(first=(), second=(Piece(text="some words here", is_shared=False),))


def test_a_moved_sentence_is_shared_by_sentences() -> None:
    diff = sentence_diff("It rains. It is cold. Stay in.", "It is cold. It rains.")
    assert shown(diff.first) == "It rains. It is cold. [Stay in.]"
    assert all(piece.is_shared for piece in diff.second)


def test_a_sentence_said_twice_is_shared_as_often_as_the_other_text_says_it() -> None:
    assert shown(sentence_diff("No. No. No.", "No. No.").first) == "No. No. [No.]"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("word " * 4_000, "other word " * 1_800),
        ("的 " * 10_000, "的了" * 10_000),
        ("ab" * 10_000, "ba" * 10_000),
        ("e\u0301 " * 6_600, "e\u0300 " * 6_600),
        ("a.b" * 6_600, "b.a" * 6_600),
    ],
)
def test_twenty_thousand_characters_are_compared_in_bounded_time(first: str, second: str) -> None:
    begun = time.process_time()
    word_diff(first, second)
    assert time.process_time() - begun < 3  # seconds; it took 0.3 at most, and by whole tables it would take minutes


def test_texts_beyond_all_screens_are_compared_by_sentences() -> None:
    first, second = "一二三四五。" * 12_000 + "尾。", "一二三四五。" * 12_000 + "末。"
    diff = word_diff(first, second)
    assert diff == sentence_diff(first, second)
    assert diff.first[-1] == Piece(text="尾。", is_shared=False)


def test_real_answers_in_five_languages_come_back_whole(shared_data: Path) -> None:
    path = shared_data / "open" / "mtbench_5langs_5models.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        prompts = [json.loads(line)["candidates"] for line in lines]
    pairs = [(some[0]["text"], some[1]["text"]) for some in prompts if len(some) > 1]
    for first, second in pairs[::6]:
        diff = word_diff(first, second)
        assert (joined(diff.first), joined(diff.second)) == (first, second)
