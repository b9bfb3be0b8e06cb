"""One path, draw by draw, against the engine's own rules and the replay's first trial."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.analysis.answers import AnswersError
from fusion_ui.analysis.path import Drawn, path_of, sampled_path, stop_of
from fusion_ui.analysis.replay import replay
from fusion_ui.analysis.rules import parse_rules
from fusion_ui.engine.stopping import is_settled, level
from fusion_ui.engine.values import Candidate, Completion, StopRule, Tally
from fusion_ui.engine.voting import leader, tally_of
from tests.analysis.support import answer_set

RULES = parse_rules("bayes:30,bayes:4:1,asc:0.95,asc:0.7:1,certificate:0.05,certificate:0.5:1,fixed:4")
answers = st.lists(st.sampled_from(["x", "y", "z", None]), max_size=25)
POOL = answer_set((["x", "x", "y", ""], ["x", "z"]), (["x", "y", "y"], ["y", "", "w"]), gold=["x", "y"], tokens=2.0)


def drawn(*said: str | None) -> list[Drawn]:
    return [Drawn(answer=answer, member="a", tokens=3.0) for answer in said]


def tally(said: list[str | None]) -> Tally:
    return tally_of(
        Candidate(position=position, member="a", completion=Completion(text=answer or ""), answer=answer)
        for position, answer in enumerate(said, start=1)
    )


@given(answers)
def test_each_step_says_what_the_engine_would_have_said(said: list[str | None]) -> None:
    for step in path_of(drawn(*said)):
        votes = tally(said[: step.position])
        assert step.leader == leader(votes)
        assert step.bayes_factor == (level(votes, StopRule(name="bayes")) or 0.0)
        assert step.asc == level(votes, StopRule(name="asc"))
        assert step.certificate == level(votes, StopRule(name="certificate"))


@given(answers, st.sampled_from(RULES))
def test_a_rule_stops_at_the_first_draw_that_settles_it_for_the_engine(said: list[str | None], rule: StopRule) -> None:
    settled = [draws for draws in range(1, len(said) + 1) if is_settled(tally(said[:draws]), rule)]
    assert stop_of(path_of(drawn(*said)), rule) == (settled[0] if settled else None)


def test_the_known_evidence_stands_beside_each_draw() -> None:
    path = path_of(drawn("x", "x", "y", "x"))
    assert [round(step.probability, 4) for step in path] == [0.8123, 0.9341, 0.7183, 0.8580]
    assert [round(step.bayes_factor, 2) for step in path] == [4.33, 14.17, 5.10, 12.09]


def test_a_blank_is_a_draw_without_a_vote() -> None:
    path = path_of(drawn(None, "", "x"))
    assert [(step.position, step.answer, step.leader, step.tokens) for step in path] == [
        (1, None, None, 3.0),
        (2, None, None, 3.0),
        (3, "x", "x", 3.0),
    ]
    assert (path[1].probability, path[1].bayes_factor, path[1].asc, path[1].certificate) == (0.0, 0.0, None, None)
    assert stop_of(path, StopRule(name="fixed", threshold=2)) == 2
    assert stop_of(path, StopRule(name="bayes", threshold=4, minimum=1)) == 3


def test_nobody_leads_in_a_tie() -> None:
    assert [step.leader for step in path_of(drawn("x", "y", "y"))] == ["x", None, "y"]


def test_no_draws_are_no_steps_and_settle_nothing() -> None:
    assert path_of([]) == ()
    assert [stop_of((), rule) for rule in RULES] == [None] * len(RULES)


@pytest.mark.parametrize("weights", [None, (0.2, 0.8), (1, 0)])
def test_a_sampled_path_is_the_first_trial_of_the_replay(weights: tuple[float, ...] | None) -> None:
    result = replay(POOL, rules=RULES, weights=weights, trials=1, cap=40, seed=11)
    for question in result.by_question:
        path = sampled_path(POOL, question=question.name, weights=weights, cap=40, seed=11)
        assert tuple(stop_of(path, rule) or 40.0 for rule in RULES) == question.draws


def test_a_sampled_path_names_members_and_their_tokens() -> None:
    path = sampled_path(POOL, question="q0", weights=(1, 0), cap=12)
    assert {step.member for step in path} == {"a"}
    assert {step.answer for step in path} <= {"x", "y", None}
    assert {step.tokens for step in path} == {2.0}
    assert {step.tokens for step in sampled_path(answer_set([["x"]], tokens=None), question="q0")} == {None}


def test_a_longer_path_begins_like_a_shorter_one() -> None:
    assert sampled_path(POOL, question="q1", cap=30, seed=2)[:7] == sampled_path(POOL, question="q1", cap=7, seed=2)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"question": "q9"}, 'no question "q9"'),
        ({"question": "q0", "cap": 0}, "cap of 0"),
        ({"question": "q0", "seed": -1}, "seed -1"),
        ({"question": "q0", "weights": (1,)}, "1 weights"),
    ],
)
def test_a_path_that_cannot_be_drawn_is_refused_in_plain_words(settings: dict[str, object], words: str) -> None:
    with pytest.raises(AnswersError, match=words):
        sampled_path(POOL, **settings)  # type: ignore[arg-type]
