"""LLM Comparator's files: scores are told from the side of A, and the judge was asked in both orders."""

import json
from pathlib import Path
from typing import Any

import pytest

from fusion_ui.exchange.entries import RecordedFile
from fusion_ui.exchange.llm_comparator import Pair, examples, models_of, ratings_of
from fusion_ui.exchange.recorded_ratings import ImportRefusedError, RecordedRating
from fusion_ui.exchange.texts import LineError

PAIR = Pair("A", "B")


def read(*given: object, **fields: Any) -> list[RecordedRating]:
    example = {"input_text": "p", "output_text_a": "x", "output_text_b": "y", "individual_rater_scores": list(given)}
    return list(ratings_of(example | fields, PAIR, line=1))


def file(path: Path, content: Any) -> RecordedFile:
    path.write_text(json.dumps(content), encoding="utf-8")
    return RecordedFile(path=path, name="c.json")


@pytest.mark.parametrize(
    ("score", "outcome", "strength"),
    [(1.5, "first", 2), (1.0, "first", 1), (0.5, "first", 0), (0, "tie", 0), (-0.5, "second", 0), (-1.5, "second", 2)],
)
def test_a_score_says_who_won_and_how_clearly(score: float, outcome: str, strength: int) -> None:
    (rating,) = read({"score": score, "is_flipped": True, "rationale": "why"})
    assert (rating.outcome, rating.strength, rating.is_turned, rating.note) == (outcome, strength, True, "why")
    assert (rating.rater, rating.is_model) == ("", True)


def test_a_mean_within_half_a_step_prefers_neither() -> None:
    assert [read(score=score)[0].outcome for score in (0.25, 0.3, -0.2, -1)] == ["tie", "first", "tie", "second"]


def test_a_rater_that_is_named_is_a_person_unless_marked() -> None:
    ann, gpt = read({"score": 1, "rater": "ann"}, {"score": 1, "rater": "judge: gpt"})
    assert [(each.rater, each.is_model) for each in (ann, gpt)] == [("ann", False), ("gpt", True)]


@pytest.mark.parametrize("score", [None, "1", True, float("nan"), float("inf"), 10**400, [1]])
def test_a_score_that_is_no_number_is_refused(score: object) -> None:
    with pytest.raises(LineError, match="score"):
        read({"score": score})


def test_models_may_stand_behind_the_examples(tmp_path: Path) -> None:
    found = file(tmp_path / "f", {"examples": [{"input_text": "p"}], "models": [{"name": "one"}, {"name": "two"}]})
    assert models_of(found) == ("one", "two")
    assert [each.by_name for each in examples(found)] == [{"input_text": "p"}]


@pytest.mark.parametrize("models", [[], [{"name": "a"}], [{"name": "a"}, {"name": "a"}], "ab", [1, [2]], None])
def test_other_than_two_models_are_refused(tmp_path: Path, models: object) -> None:
    with pytest.raises(ImportRefusedError, match=r"c\.json"):
        models_of(file(tmp_path / "f", {"models": models, "examples": []}))
