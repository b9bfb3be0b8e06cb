"""Battles and comparisons go out in the forms of other tools and come in again with the same counts."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.exchange.battle_files import BattleFormat, battle_of, write_battles
from fusion_ui.exchange.battles import VoteReader
from fusion_ui.exchange.comparator_files import write_comparator
from fusion_ui.exchange.entries import RecordedFile
from fusion_ui.exchange.llm_comparator import Pair, examples, models_of, ratings_of
from fusion_ui.exchange.recorded_ratings import RecordedRating

WON = RecordedRating(
    line=1, prompt="What is 6 x 7?", first="fusion", second="best", outcome="first", rater="Ada", question="run 1",
    first_text="42, all say.", second_text="=42", strength=2, said_at="2026-01-02T12:00:00.000Z", note="Shorter.",
    language="en", reference="42", tags=("maths",),
)  # fmt: skip
OUTCOMES = st.sampled_from(["first", "second", "tie", "all_bad"])


@given(OUTCOMES, st.booleans(), st.booleans(), st.booleans())
def test_a_battle_is_read_as_the_judgement_it_was(outcome: str, is_turned: bool, is_open: bool, is_model: bool) -> None:
    wrote = WON._replace(outcome=outcome, is_turned=is_turned, is_open=is_open, is_model=is_model)  # type: ignore[arg-type]
    read = VoteReader().rating(battle_of(wrote), line=1)
    if is_turned:  # as the one who stood left tells it
        opposite = {"first": "second", "second": "first"}.get(outcome, outcome)
        wrote = wrote._replace(
            first=wrote.second, second=wrote.first, first_text=wrote.second_text, second_text=wrote.first_text,
            outcome=opposite, is_turned=False,
        )  # type: ignore[arg-type]  # fmt: skip
    assert read._replace(said_at=None) == wrote._replace(strength=0, said_at=None)
    assert read.said_at is not None


def test_a_battle_has_the_fields_that_fastchat_publishes() -> None:
    battle = battle_of(WON)
    published = "question_id model_a model_b winner judge conversation_a conversation_b turn anony language tstamp"
    assert list(battle)[:11] == published.split()
    assert (battle["model_a"], battle["winner"], battle["turn"], battle["anony"]) == ("fusion", "model_a", 1, True)
    assert battle["tstamp"] == 1767355200.0
    assert [each["role"] for each in battle["conversation_b"]] == ["user", "assistant"]


@pytest.mark.parametrize("kind", ["json", "jsonl"])
@pytest.mark.parametrize("number", [0, 1, 3])
def test_both_forms_hold_every_battle(kind: BattleFormat, number: int, tmp_path: Path) -> None:
    assert write_battles(tmp_path / "b", [WON] * number, kind) == number
    text = (tmp_path / "b").read_text("utf-8")
    battles = json.loads(text) if kind == "json" else [json.loads(line) for line in text.splitlines()]
    assert len(battles) == number


def compared(file: Path) -> Iterator[RecordedRating]:
    recorded = RecordedFile(path=file, name=file.name)
    pair = models_of(recorded)
    for fields in examples(recorded):
        yield from ratings_of(fields.by_name, pair, line=1)


def test_a_comparison_comes_back_with_every_judgement(tmp_path: Path) -> None:
    ratings = [
        WON, WON._replace(outcome="second", strength=1, is_turned=True, rater="Bob"),
        WON._replace(outcome="tie", strength=0, rater="gpt", is_model=True),
        WON._replace(question="run 2", outcome="all_bad", strength=0),
    ]  # fmt: skip
    assert write_comparator(tmp_path / "c", ratings, models=("fusion", "best"), source="test") == 2
    read = list(compared(tmp_path / "c"))
    assert models_of(RecordedFile(path=tmp_path / "c", name="c")) == Pair("fusion", "best")
    # Neither a reference nor the digits of a second have a place there.
    plain = {"line": 1, "reference": None, "said_at": None}
    assert [each._replace(**plain) for each in read] == [each._replace(**plain) for each in ratings]  # type: ignore[arg-type]


def test_a_comparison_has_what_the_tool_requires(tmp_path: Path, shared_data: Path) -> None:
    write_comparator(tmp_path / "c", [WON], models=("fusion", "best"), source="test")
    ours = json.loads((tmp_path / "c").read_text("utf-8"))
    theirs = json.loads((shared_data / "open" / "llm_comparator_example_tiny.json").read_text("utf-8"))
    assert ours.keys() == theirs.keys()
    assert ours["metadata"].keys() == theirs["metadata"].keys()
    assert ours["examples"][0].keys() == theirs["examples"][0].keys()
    given, example = ours["examples"][0]["individual_rater_scores"][0], theirs["examples"][0]
    assert given.keys() >= example["individual_rater_scores"][0].keys()
    assert (given["score"], given["rating_label"]) == (1.5, "A is much better")


def test_no_comparison_is_a_file_all_the_same(tmp_path: Path) -> None:
    assert write_comparator(tmp_path / "c", [], models=("fusion", "best"), source="test") == 0
    assert json.loads((tmp_path / "c").read_text("utf-8"))["examples"] == []
