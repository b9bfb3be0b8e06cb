"""Votes and battles: sides, winners and raters as files name them, and what cannot be one."""

import json
from typing import Any

import pytest

from fusion_ui.exchange.battles import VoteReader
from fusion_ui.exchange.recorded_ratings import RecordedRating
from fusion_ui.exchange.texts import LineError

PAIR = {"model_a": "alpha", "model_b": "beta", "winner": "model_a"}


def rating_of(fields: dict[str, Any], *, line: int) -> RecordedRating:
    return VoteReader().rating(fields, line=line)


def read(**fields: Any) -> RecordedRating:
    return rating_of(PAIR | fields, line=7)


def talk(*words: str) -> list[dict[str, str]]:
    return [{"role": ("user", "assistant")[place % 2], "content": word} for place, word in enumerate(words)]


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ("model_a", "first"), ("B", "second"), ("left", "first"), ("tie", "tie"), ("tie (bothbad)", "all_bad"),
        ("both_bad", "all_bad"), ("2", "second"), ("beta", "second"), (" Tie ", "tie"),
    ],
)  # fmt: skip
def test_a_winner_is_read_in_any_usual_spelling(said: str, outcome: str) -> None:
    assert read(winner=said).outcome == outcome


def test_a_winner_named_like_a_member_is_that_member() -> None:
    assert rating_of({"model_a": "2", "model_b": "1", "winner": "1"}, line=1).outcome == "second"


@pytest.mark.parametrize("said", [None, "", "nobody", {"a": 1}, ["model_a"]])
def test_a_winner_that_is_none_of_the_two_is_refused(said: object) -> None:
    with pytest.raises(LineError, match="winner"):
        read(winner=said)


def test_a_pair_of_one_member_is_refused() -> None:
    with pytest.raises(LineError, match="with itself"):
        read(model_b="alpha")


@pytest.mark.parametrize("names", [("model_x", "model_y"), ("system_a", "system_b"), ("model_1", "model_2")])
def test_sides_go_by_several_names(names: tuple[str, str]) -> None:
    rating = rating_of({names[0]: "one", names[1]: "two", "winner": "right", "worker": "w"}, line=1)
    assert (rating.first, rating.second, rating.outcome, rating.rater) == ("one", "two", "second", "w")


def test_a_conversation_gives_prompt_and_texts_as_far_as_it_was_judged() -> None:
    sides = {"conversation_a": talk("q", "a", "more?", "a2"), "conversation_b": talk("q", "b", "more?", "b2")}
    first, whole = read(**sides, turn=1), read(**sides)
    assert (first.prompt, first.first_text, first.second_text) == ("q", "a", "b")
    assert whole.first_text == "a\n\n---\n\na2"


def test_a_message_in_parts_is_its_words() -> None:
    parts = [{"type": "text", "text": "see"}, {"type": "image", "image": "x"}]
    assert read(conversation_a=[{"role": "user", "content": parts}]).prompt == "see"


def test_a_judge_named_with_its_wording_is_a_model() -> None:
    rating = read(judge=["gpt-4", "pair-v2"])
    assert (rating.rater, rating.is_model) == ("gpt-4", True)
    assert not read(judge="expert_3").is_model


def test_our_own_mark_of_a_judge_is_read_back() -> None:
    rating = read(rater="judge: gpt-4")
    assert (rating.rater, rating.is_model) == ("gpt-4", True)


def test_names_that_were_visible_are_told() -> None:
    assert read(anony=False).is_open
    assert not read(anony=True).is_open
    assert not read().is_open


def test_the_time_is_read_in_utc() -> None:
    assert read(tstamp=1682351591.1322).said_at == "2023-04-24T15:53:11.132Z"
    assert read(tstamp="2023-04-24T17:53:11+02:00").said_at == "2023-04-24T15:53:11.000Z"


@pytest.mark.parametrize("said", [float("nan"), float("inf"), -1, 10**30, "soon", "0001-01-01T00:00:00+14:00", {}])
def test_a_time_that_is_none_is_left_out(said: object) -> None:
    assert read(tstamp=said).said_at is None


def test_without_a_prompt_the_question_or_the_line_names_it() -> None:
    assert read(question_id=81, turn=2).prompt == "Question 81, turn 2"
    assert read().prompt == "Vote on line 7"


def test_lone_surrogates_and_nul_are_made_storable() -> None:
    rating = read(**json.loads('{"prompt": "a\\ud800b\\u0000c"}'))
    assert rating.prompt == "a�bc"


@pytest.mark.parametrize("field", ["prompt", "note", "model_a", "language"])
def test_a_text_beyond_its_ceiling_is_refused_by_name(field: str) -> None:
    with pytest.raises(LineError, match=field):
        read(**{field: "x" * 400_001})


def test_a_field_of_another_kind_is_refused_by_name() -> None:
    with pytest.raises(LineError, match="conversation_a"):
        read(conversation_a=["hello"])
    with pytest.raises(LineError, match="rater"):
        read(rater={"name": "x"})
