"""Known items: named by number, run or prompt, trained with first or checked by, and refused where they fit nothing."""

import json
from dataclasses import replace
from typing import Any

import pytest

from fusion_ui.annotation.known import known_in, uses_of
from fusion_ui.annotation.making import MOST_FEEDBACK, Known
from fusion_ui.studies.protocol import StudyError, Unit
from tests.annotation.support import unit

UNITS = [*(unit(place) for place in range(3)), unit(3, is_identical=True)]


def lines(*known: dict[str, Any]) -> str:
    return "\n\n".join(map(json.dumps, known))


def known(*told: dict[str, Any], units: list[Unit] = UNITS) -> dict[int, Known]:
    return known_in(lines(*told), units, name="gold.jsonl")


def test_an_item_is_known_by_its_number_or_its_prompt() -> None:
    told = [{"prompt": "Question 2?", "right": "best", "feedback": "Look."}, {"item": 1, "right": "fusion"}]
    assert known(*told) == {2: Known(1, "Look."), 0: Known(0)}


def test_a_run_stands_for_each_of_its_items_that_have_the_answer() -> None:
    contrasts = [unit(0), unit(1, texts=("f", "b", "v")), unit(2)]
    of_run = [replace(each, run_id="r1") for each in contrasts]
    assert known({"run": "r1", "right": "vote"}, units=of_run) == {1: Known(2)}
    assert list(known({"run": "r1", "right": "best"}, units=of_run)) == [0, 1, 2]


def test_the_first_known_items_train_and_the_others_check() -> None:
    told = known({"item": 3, "right": "best", "feedback": "Look."}, {"item": 1, "right": "fusion"})
    assert uses_of(told, UNITS, training=1) == ({2: Known(1, "Look.")}, {0: 0})
    assert uses_of(told, UNITS, training=0) == ({}, {2: 1, 0: 0})


def test_without_known_items_the_first_that_are_shown_train() -> None:
    assert uses_of({}, UNITS, training=2) == ({0: Known(None), 1: Known(None)}, {})


@pytest.mark.parametrize("told", [{}, {0: Known(0)}])
def test_more_training_than_items_is_refused(told: dict[int, Known]) -> None:
    with pytest.raises(StudyError, match="4 are wanted"):
        uses_of(told, UNITS, training=4)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"item": 4, "right": "best"}, "no item that is shown"),
        ({"item": 1, "right": "vote"}, "'vote'"),
        ({"run": "", "right": "best"}, "run"),
        ({"right": "best"}, "one of the three"),
        ({"item": 1, "prompt": "Question 0?", "right": "best"}, "one of the three"),
        ({"item": 1}, "right"),
        ({"item": 1, "right": "best", "gold": "x"}, "gold"),
        ({"item": 1, "right": "best", "feedback": "x" * (MOST_FEEDBACK + 1)}, "feedback"),
    ],
)
def test_a_line_that_fits_nothing_is_named(told: dict[str, Any], words: str) -> None:
    with pytest.raises(StudyError, match=rf"gold\.jsonl, line 3: .*{words}"):
        known({"item": 1, "right": "best"}, told)


def test_what_is_no_json_is_named_too() -> None:
    with pytest.raises(StudyError, match=r"gold\.jsonl, line 1: is not JSON"):
        known_in("{", UNITS, name="gold.jsonl")
