"""Cross-validation: what is held out decides, and the verdict says no more than the numbers do."""

import json
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fusion_ui.analysis.answers import AnswersError, AnswerSet
from fusion_ui.analysis.validation import Difference, Validation, cross_validate, verdict
from fusion_ui.analysis.weights import solve
from tests.analysis.support import answer_set, counts_files

spoken = st.lists(st.sampled_from(["x", "y", "z", ""]), min_size=1, max_size=5)


def specialists(questions: int) -> AnswerSet:
    """Each member is right on its own half, by more than the other is wrong: a mixture solves all, nobody else does."""
    halves = [["xxxx", "xyyy"] if place % 2 else ["xyyy", "xxxx"] for place in range(questions)]
    return answer_set(*halves, gold=["x"] * questions)


def one_good_of_three(questions: int) -> AnswerSet:
    """Two members agree on a wrong answer every time; only the weights can know."""
    return answer_set(*([["xxxx", "yyyy", "yyyy"]] * questions), gold=["x"] * questions)


def judged_as(*, over_uniform: tuple[float, float], over_single: tuple[float, float]) -> Validation:
    base = cross_validate(specialists(8))
    return replace(
        base,
        over_uniform=Difference(more=1.0, low=over_uniform[0], high=over_uniform[1]),
        over_single=Difference(more=1.0, low=over_single[0], high=over_single[1]),
    )


def test_what_can_be_learnt_is_found_on_the_questions_held_out() -> None:
    found = cross_validate(one_good_of_three(10))
    assert (found.cross_validated, found.uniform, found.best_single, found.total) == (10, 0, 10, 10)


def test_a_mixture_beats_the_single_member_chosen_on_the_training_folds() -> None:
    found = cross_validate(specialists(20))
    assert found.cross_validated == 20 > found.best_single
    assert found.over_single.low > 0


def test_noise_is_not_learnt() -> None:
    rng = np.random.default_rng(5)
    said = [["".join(rng.choice(list("xyz"), 31)) for _ in range(3)] for _ in range(40)]
    known = answer_set(*said, gold=["x"] * 40)
    found = cross_validate(known)
    assert found.cross_validated < solve(known).solved
    assert found.over_uniform.low <= 0


@settings(max_examples=30)
@given(
    st.lists(st.lists(spoken, min_size=2, max_size=2), min_size=1, max_size=7), st.integers(2, 9), st.integers(0, 99)
)
def test_held_out_counts_lie_between_nothing_and_everything(said: list[list[list[str]]], folds: int, seed: int) -> None:
    known = answer_set(*said, gold=["x"] * len(said))
    found = cross_validate(known, folds=folds, repeats=2, seed=seed)
    assert 0 <= found.low <= found.cross_validated <= found.high <= found.total == len(said)
    assert found.uniform == solve(known).uniform_solved
    assert found.over_uniform.more == pytest.approx(found.cross_validated - found.uniform)
    assert found.over_single.more == pytest.approx(found.cross_validated - found.best_single)


def test_the_same_seed_folds_alike_and_another_does_not() -> None:
    rng = np.random.default_rng(1)
    said = [["".join(rng.choice(list("xxy"), 4)) for _ in range(3)] for _ in range(24)]
    known = answer_set(*said, gold=["x"] * 24)
    first, again, other = (json.dumps(asdict(cross_validate(known, seed=seed))) for seed in (3, 3, 4))
    assert first == again
    assert first != other


def test_more_folds_than_questions_leave_one_out() -> None:
    assert cross_validate(specialists(6), folds=50).folds == 6


def test_one_question_is_judged_by_weights_that_saw_none() -> None:
    found = cross_validate(answer_set(["xxxx", "xyyy"], gold=["x"]))
    assert (found.folds, found.total, found.cross_validated, found.low, found.high) == (1, 1, 1, 0, 1)


def test_no_judged_question_gives_zeros() -> None:
    found = cross_validate(answer_set(["xx", "xx"], gold=[None]))
    assert (found.total, found.cross_validated, found.low, found.high, found.unproven) == (0, 0, 0, 0, 0)


@pytest.mark.parametrize(("folds", "repeats", "seed"), [(1, 1, 0), (0, 1, 0), (5, 0, 0), (5, 1, -1)])
def test_settings_that_mean_nothing_are_refused(folds: int, repeats: int, seed: int) -> None:
    with pytest.raises(AnswersError, match=r"fold|seed"):
        cross_validate(specialists(4), folds=folds, repeats=repeats, seed=seed)


def test_the_verdict_is_that_weights_pay_where_both_are_clearly_beaten() -> None:
    words = verdict(solve(specialists(8)), judged_as(over_uniform=(0.5, 2), over_single=(0.1, 3)))
    assert words.startswith("Weights pay: on questions held out they solve 8.0 of 8 (95 % interval")


@pytest.mark.parametrize(
    ("over_uniform", "over_single", "words"),
    [
        ((-1, 2), (0.1, 3), "Weights are not shown to pay, they do not clearly beat equal weights:"),
        ((0, 0), (0, 0), "not clearly beat equal weights or the best single member:"),
        ((1, 2), (-3, -1), "Weights do not pay, they are clearly worse than the best single member:"),
    ],
)
def test_the_verdict_names_what_is_not_beaten(
    over_uniform: tuple[float, float], over_single: tuple[float, float], words: str
) -> None:
    assert words in verdict(solve(specialists(8)), judged_as(over_uniform=over_uniform, over_single=over_single))


def test_the_verdict_says_where_there_is_nothing_to_weigh() -> None:
    wrong, alone = answer_set(["yy", "zz"], gold=["x"]), answer_set(["xx"], ["yy"], gold=["x", "x"])
    assert "no weights solve any of the 1 questions" in verdict(solve(wrong), cross_validate(wrong))
    assert "a is the only member and solves 1 of 2" in verdict(solve(alone), cross_validate(alone))


def test_on_the_published_aime_counts_weights_are_not_shown_to_pay(shared_data: Path) -> None:
    known = counts_files(*sorted((shared_data / "boinf").glob("*aime2025*")))
    found = cross_validate(known)
    assert found.unproven == 0
    assert found.cross_validated == pytest.approx(26.25, abs=1)
    assert verdict(solve(known), found).startswith("Weights are not shown to pay")
