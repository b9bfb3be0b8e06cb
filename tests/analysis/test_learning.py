"""The learning curve: judged on other questions than those solved on, and the same each time."""

import json
from dataclasses import asdict

import numpy as np
import pytest

from fusion_ui.analysis.answers import AnswersError
from fusion_ui.analysis.learning import learning_curve
from tests.analysis.support import answer_set


def test_one_question_is_enough_where_all_teach_the_same() -> None:
    known = answer_set(*([["xxxx", "yyyy", "yyyy"]] * 12), gold=["x"] * 12)
    found = learning_curve(known, sizes=[1, 6], trials=3)
    assert [(point.questions, point.accuracy, point.uniform, point.best_single) for point in found.points] == [
        (1, 1, 0, 1),
        (6, 1, 0, 1),
    ]


def test_questions_solved_on_are_not_judged_on() -> None:
    # alone each member solves one question and no other: what is learnt can never show on the rest
    said = [["xxxx" if member == place else "yyyy" for member in range(4)] for place in range(4)]
    found = learning_curve(answer_set(*said, gold=["x"] * 4), sizes=[1, 3], trials=5)
    assert [point.accuracy for point in found.points] == [0, 0]


def test_sizes_double_up_to_four_fifths() -> None:
    known = answer_set(*([["xx", "xy"]] * 40), gold=["x"] * 40)
    assert [point.questions for point in learning_curve(known, trials=1).points] == [4, 8, 16, 32]
    less = answer_set(*([["xx", "xy"]] * 30), gold=["x"] * 30)
    assert [point.questions for point in learning_curve(less, trials=1).points] == [4, 8, 16, 24]


@pytest.mark.parametrize("gold", [["x"], [None]], ids=["one question", "no question"])
def test_where_nothing_would_be_left_to_judge_there_is_no_point(gold: list[str | None]) -> None:
    found = learning_curve(answer_set(["xx", "xy"], gold=gold))
    assert found.points == ()


@pytest.mark.parametrize(
    ("sizes", "trials", "seed"), [([0], 1, 0), ([4], 1, 0), ([9], 1, 0), ([1], 0, 0), ([1], 1, -1)]
)
def test_settings_that_leave_nothing_are_refused(sizes: list[int], trials: int, seed: int) -> None:
    known = answer_set(*([["xx", "xy"]] * 4), gold=["x"] * 4)
    with pytest.raises(AnswersError, match=r"sizes from 1 to 3|seed"):
        learning_curve(known, sizes=sizes, trials=trials, seed=seed)


def test_the_same_seed_gives_the_same_bytes() -> None:
    rng = np.random.default_rng(2)
    said = [["".join(rng.choice(list("xxyz"), 4)) for _ in range(3)] for _ in range(20)]
    known = answer_set(*said, gold=["x"] * 20)
    first, again, other = (json.dumps(asdict(learning_curve(known, trials=4, seed=seed))) for seed in (1, 1, 2))
    assert first == again
    assert first != other
    assert all(point["low"] <= point["accuracy"] <= point["high"] for point in json.loads(first)["points"])
