"""However a reply is cut into pieces, the same clean text and thoughts come out."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.engine.sampling import clean
from fusion_ui.providers.transcript import Transcript


def heard(*pieces: str, most_chars: int = 400_000) -> Transcript:
    transcript = Transcript(most_chars=most_chars)
    for piece in pieces:
        transcript.hear(piece, "text")
    transcript.close()
    return transcript


def both(transcript: Transcript) -> tuple[str, str]:
    return transcript.thought, transcript.text


@pytest.mark.parametrize(
    ("whole", "thought", "text"),
    [
        ("<think>hm</think>\n\nYes.", "hm", "Yes."),
        ("\n <think>hm</think>Yes.", "hm", "Yes."),
        ("<think>a</think> <think>b</think> Yes.", "ab", "Yes."),
        ("Yes. <think>no thought</think>", "", "Yes. <think>no thought</think>"),
        ("<think>never closed", "never closed", ""),
        ("<think>half </thi", "half </thi", ""),
        ("<thi", "", "<thi"),
        ("<thinner> ice", "", "<thinner> ice"),
        ("a </think> b", "", "a </think> b"),
        ("  leading blanks stay", "", "  leading blanks stay"),
        (" " * 150 + "<think>x</think>", "", " " * 150 + "<think>x</think>"),
        ("<think>x</think>" + " " * 150 + "y", "x", "y"),
        ("<think></think>", "", ""),
        ("", "", ""),
    ],
)
def test_thoughts_before_the_answer_are_told_from_it_at_any_cut(whole: str, thought: str, text: str) -> None:
    assert both(heard(whole)) == (thought, text)
    assert both(heard(*whole)) == (thought, text)


TAGGED = st.lists(
    st.sampled_from(["<think>", "</think>", "<", "th", "ink>", "</", " ", "\n", "a", "😀", "\ud83d", "\ude00", "\0"])
)


@given(parts=TAGGED, cuts=st.sets(st.integers(0, 60)))
def test_the_cuts_make_no_difference(parts: list[str], cuts: set[int]) -> None:
    whole = "".join(parts)
    edges = [0, *sorted(cut for cut in cuts if cut < len(whole)), len(whole)]
    pieces = [whole[start:end] for start, end in pairwise(edges)]
    assert both(heard(*pieces)) == both(heard(whole))


@given(parts=TAGGED)
def test_the_deltas_add_up_to_the_text_and_the_thought(parts: list[str]) -> None:
    transcript, deltas = Transcript(), []
    for part in parts:
        transcript.hear(part, "text")
        deltas += transcript.take()
    transcript.close()
    deltas += transcript.take()
    assert "".join(delta.text for delta in deltas if delta.channel == "text") == transcript.text
    assert "".join(delta.text for delta in deltas if delta.channel == "thought") == transcript.thought


@given(parts=TAGGED)
def test_whatever_comes_can_be_stored(parts: list[str]) -> None:
    transcript = heard(*parts)
    (transcript.text + transcript.thought).encode()
    assert "\0" not in transcript.text


def test_an_emoji_cut_in_two_is_joined() -> None:
    assert heard("Hi \ud83d", "\ude00!").text == "Hi 😀!"


def test_a_lone_half_is_replaced_at_the_end() -> None:
    assert heard("Hi \ud83d").text == "Hi \ufffd"


def test_halves_of_two_channels_are_not_mixed() -> None:
    transcript = Transcript()
    for piece, channel in (("\ud83d", "text"), ("\ud83d", "thought"), ("\ude00", "text"), ("\ude01", "thought")):
        transcript.hear(piece, "thought" if channel == "thought" else "text")
    assert both(transcript) == ("😁", "😀")


def test_joined_neighbours_arrive_as_one_delta() -> None:
    transcript = Transcript()
    for piece in ("a", "b", "c"):
        transcript.hear(piece, "text")
    assert [delta.text for delta in transcript.take()] == ["abc"]
    assert transcript.take() == []


def test_the_cap_ends_a_reply_to_the_character() -> None:
    transcript = heard("abc", "def", "ghi", most_chars=5)
    assert (transcript.text, transcript.is_full) == ("abcde", True)


def test_text_below_the_cap_is_not_full() -> None:
    assert not heard("abcd", most_chars=5).is_full


def test_nothing_said_is_empty_even_while_a_tag_is_awaited() -> None:
    transcript = Transcript()
    transcript.hear("<thi", "text")
    assert transcript.is_empty


def test_ordinary_text_of_all_planes_is_left_as_it_is() -> None:
    text = "العربية 日本語 😀 e\u0301 \u200d\ufeff"
    assert clean(text) == text
