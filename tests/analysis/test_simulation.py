"""All paths at once against each path by itself, and the laws that hold on every single trial."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fusion_ui.analysis.answers import BLANK, AnswerSet
from fusion_ui.analysis.path import Drawn, path_of, stop_of
from fusion_ui.analysis.pools import Pooled, mixture_of, places_drawn, stream_of
from fusion_ui.analysis.rules import parse_rules
from fusion_ui.analysis.simulation import CELLS, Outcome, Subject, outcomes
from fusion_ui.engine.values import StopRule
from tests.analysis.support import answer_set

TRIALS, CAP = 7, 30
MIXED = parse_rules("bayes:30,fixed:4,bayes:2:1,asc:0.95,bayes:1e4,certificate:0.05,asc:0.7:1,certificate:0.4,fixed:1")
said = st.lists(st.sampled_from(["x", "y", "z", "w", ""]), min_size=1, max_size=8)
sets = st.builds(
    lambda pairs, gold: answer_set(*pairs, gold=[gold] * len(pairs), tokens=2.0),
    st.lists(st.tuples(said, said), min_size=1, max_size=3),
    st.sampled_from(["x", "never"]),
)


def subject_of(pooled: Pooled) -> Subject:
    question = pooled.question
    return Subject(
        name=question.name,
        pool=pooled.pool,
        answers=len(question.answers),
        gold=question.gold,
        modes=pooled.limit.modes,
    )


def tried(
    answers: AnswerSet, rules: tuple[StopRule, ...], *, trials: int = TRIALS, cells: int = CELLS
) -> list[Outcome]:
    subjects = [subject_of(pooled) for pooled in mixture_of(answers, (0.3, 0.7)).pooled]
    return list(outcomes(subjects, rules=rules, trials=trials, cap=CAP, seed=5, cells=cells))


def keys_drawn(pooled: Pooled) -> np.ndarray:
    chance = stream_of(5, pooled.question.name).random((TRIALS, CAP))
    return pooled.pool.keys[places_drawn(pooled.pool, chance)]


@settings(max_examples=40)
@given(sets)
def test_every_trial_stops_where_its_own_path_says(answers: AnswerSet) -> None:
    for pooled, outcome in zip(mixture_of(answers, (0.3, 0.7)).pooled, tried(answers, MIXED), strict=True):
        names = (*pooled.question.answers, None)
        for trial, keys in enumerate(keys_drawn(pooled).tolist()):
            path = path_of([Drawn(answer=names[key], member="a") for key in keys])
            stops = [stop_of(path, rule) for rule in MIXED]
            assert outcome.draws[:, trial].tolist() == [stop or CAP for stop in stops]
            assert outcome.capped[:, trial].tolist() == [stop is None for stop in stops]


@settings(max_examples=40)
@given(sets)
def test_every_trial_gets_what_its_own_votes_say(answers: AnswerSet) -> None:
    for pooled, outcome in zip(mixture_of(answers, (0.3, 0.7)).pooled, tried(answers, MIXED), strict=True):
        for trial, keys in enumerate(keys_drawn(pooled).tolist()):
            for rule, draws in enumerate(outcome.draws[:, trial].tolist()):
                votes = Counter(key for key in keys[:draws] if key != BLANK)
                leaders = [key for key, count in votes.items() if count == max(votes.values())]
                ties = max(len(leaders), 1)
                assert outcome.right[rule, trial] == leaders.count(pooled.question.gold) / ties
                assert outcome.agreeing[rule, trial] == len({*leaders} & {*pooled.limit.modes}) / ties
                assert outcome.tokens is not None
                assert outcome.tokens[rule, trial] == 2.0 * draws


@settings(max_examples=40)
@given(sets, st.sampled_from(["bayes", "asc", "certificate"]))
def test_a_harder_threshold_is_never_reached_earlier_on_any_trial(answers: AnswerSet, name: str) -> None:
    thresholds = {"bayes": (1, 3, 10, 30, 1e3, 1e9), "asc": (0.6, 0.9, 0.99), "certificate": (0.9, 0.4, 0.05)}[name]
    rules = tuple(StopRule(name=name, threshold=threshold, minimum=1) for threshold in thresholds)  # type: ignore[arg-type]
    for outcome in tried(answers, rules):
        assert (np.diff(outcome.draws, axis=0) >= 0).all()


@given(sets, st.integers(1, CAP))
def test_a_fixed_number_draws_exactly_that_many(answers: AnswerSet, draws: int) -> None:
    for outcome in tried(answers, (StopRule(name="fixed", threshold=draws),)):
        assert (outcome.draws == draws).all()
        assert not outcome.capped.any()


@pytest.mark.parametrize("cells", [1, 2 * CAP, 3 * TRIALS * CAP])
def test_blocks_of_questions_and_trials_leave_no_trace(cells: int) -> None:
    answers = answer_set(*[(["x", "y", "z"], ["x", "", "w"])] * 5, gold=["x"] * 5)
    for one, other in zip(tried(answers, MIXED), tried(answers, MIXED, cells=cells), strict=True):
        for name in ("draws", "tokens", "right", "agreeing", "capped"):
            np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


def test_rules_are_answered_in_the_order_given() -> None:
    answers = answer_set((["x"] * 5, ["x"] * 5))
    [outcome] = tried(answers, parse_rules("fixed:9,bayes:100,bayes:1000:1,bayes:10:1,fixed:2"))
    assert outcome.draws[:, 0].tolist() == [9, 5, 7, 2, 2]
