"""The stated behaviours of a replay: blanks, no gold, one member, all wrong, ties, one trial, other questions."""

import json
from dataclasses import asdict, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fusion_ui.analysis.answers import AnswersError, AnswerSet
from fusion_ui.analysis.replay import MOST_TRIALS, Replay, parse_rules, replay
from tests.analysis.support import answer_set

RULES = "bayes:30,asc:0.95,fixed:10,certificate:0.05"
MIXED = answer_set(
    (["x", "x", "y", ""], ["x", "z"]),
    (["x", "y", "y"], ["y", "", "w"]),
    (["x"], ["x", "y"]),
    gold=["x", "y", None],
    tokens=2.0,
)


def replayed(answers: AnswerSet, rules: str = RULES, *, trials: int = 50, **chosen: object) -> Replay:
    return replay(answers, rules=parse_rules(rules), trials=trials, **chosen)  # type: ignore[arg-type]


def as_bytes(result: Replay) -> bytes:
    return json.dumps(asdict(result), allow_nan=False).encode()


def test_the_same_seed_gives_the_same_bytes_in_blocks_of_any_size() -> None:
    expected = as_bytes(replayed(MIXED, trials=9, weights=(1, 2), seed=3))
    for cells in (1, 999, 10**5):
        assert as_bytes(replayed(MIXED, trials=9, weights=(1, 2), seed=3, cells=cells)) == expected
    assert as_bytes(replayed(MIXED, trials=9, weights=(1, 2), seed=4)) != expected


def test_a_question_is_replayed_the_same_whatever_stands_beside_it() -> None:
    alone = replace(MIXED, questions=MIXED.questions[1:2])
    assert replayed(alone).by_question == replayed(MIXED).by_question[1:2]


def test_a_member_without_weight_might_as_well_be_left_out() -> None:
    alone = AnswerSet(members=("a",), questions=tuple(replace(one, draws=one.draws[:1]) for one in MIXED.questions))
    mixed = replayed(MIXED, weights=(5, 0))
    assert mixed.weights == (1.0, 0.0)
    assert (mixed.rows, mixed.by_question) == (replayed(alone).rows, replayed(alone).by_question)


def test_members_who_always_agree_stop_at_the_known_draw() -> None:
    result = replayed(answer_set([["x"] * 4], gold=["x"], tokens=7.0))
    bayes = result.rows[0]
    assert (bayes.draws, bayes.draws_low, bayes.draws_high) == (3.0, 3.0, 3.0)
    assert (bayes.tokens, bayes.mode_agreement, bayes.capped) == (21.0, 1.0, 0.0)
    assert (bayes.accuracy, bayes.accuracy_low, bayes.accuracy_high) == (1.0, 1.0, 1.0)
    assert [row.draws for row in result.rows] == [3.0, 4.0, 10.0, 6.0]
    assert result.limit_accuracy == 1.0


def test_blanks_cost_their_draws_and_never_vote() -> None:
    result = replayed(answer_set([["", ""]], gold=["x"]), cap=20)
    assert [(row.draws, row.capped) for row in result.rows] == [(20.0, 1.0), (20.0, 1.0), (10.0, 0.0), (20.0, 1.0)]
    assert {(row.mode_agreement, row.accuracy) for row in result.rows} == {(0.0, 0.0)}
    [question] = result.by_question
    assert (question.mode, question.lead, question.blank) == (None, 0.0, 1.0)
    assert result.limit_accuracy == 0.0


def test_half_blank_needs_twice_the_draws() -> None:
    [row] = replayed(answer_set([["x", ""]], gold=["x"]), "bayes:30", trials=2_000).rows
    assert row.draws == pytest.approx(6.0, abs=0.2)  # three votes, each two draws in the mean


def test_questions_without_gold_count_for_all_but_accuracy() -> None:
    result = replayed(MIXED)
    assert (result.questions, result.judged) == (3, 2)
    assert result.by_question[2].accuracy == (None,) * 4
    assert result.by_question[2].gold_lead is None
    assert result.rows[0].draws == pytest.approx(sum(one.draws[0] for one in result.by_question) / 3)
    assert result.rows[0].accuracy == pytest.approx(sum(one.accuracy[0] or 0 for one in result.by_question[:2]) / 2)


def test_without_any_gold_there_is_no_accuracy() -> None:
    result = replayed(answer_set([["x"]], [["y"]]))
    assert (result.judged, result.limit_accuracy) == (0, None)
    row = result.rows[0]
    assert (row.accuracy, row.accuracy_low, row.questions_high, row.mode_agreement) == (None, None, None, 1.0)


def test_all_wrong_is_never_right_and_no_trouble() -> None:
    result = replayed(answer_set([["x", "y"]], [["x"]], gold=["never", "never"]))
    assert {row.accuracy for row in result.rows} == {0.0}
    assert result.limit_accuracy == 0.0
    assert [one.gold_lead for one in result.by_question] == [-0.5, -1.0]


def test_a_tie_counts_as_the_chance_of_drawing_the_right_one() -> None:
    [row] = replayed(answer_set([["x", "y"]], gold=["x"]), "fixed:2", trials=4_000).rows
    assert row.accuracy == pytest.approx(0.5, abs=0.02)  # xx is right, yy is not, xy and yx are half
    assert row.accuracy_low is not None
    assert row.accuracy - row.accuracy_low == pytest.approx(1.96 * (0.125 / 4_000) ** 0.5, rel=0.1)  # drawing: 0.25


def test_in_a_pool_that_is_tied_any_of_the_tied_is_its_mode() -> None:
    result = replayed(answer_set([["x", "y"]], gold=["x"]))
    assert (result.by_question[0].mode, result.by_question[0].lead) == (None, 0.0)
    assert {row.mode_agreement for row in result.rows} == {1.0}
    assert result.limit_accuracy == 0.5


def test_one_trial_or_one_question_shows_no_spread() -> None:
    once = replayed(MIXED, trials=1).rows[0]
    assert (once.draws_low, once.accuracy_low, once.accuracy_high) == (None, None, None)
    assert once.questions_low is not None
    [alone] = replayed(answer_set([["x", "y"]], gold=["x"]), "fixed:3").rows
    assert (alone.questions_low, alone.questions_high) == (None, None)
    assert alone.accuracy_low is not None


def test_tokens_are_those_of_the_draws_and_unknown_if_one_question_has_none() -> None:
    assert all(row.tokens == pytest.approx(2 * row.draws) for row in replayed(MIXED).rows)
    partly = replace(MIXED, questions=(*MIXED.questions, *answer_set((["x"], ["x"]), tokens=None).questions))
    assert {row.tokens for row in replayed(partly).rows} == {None}


def test_a_row_says_its_rule_in_full() -> None:
    rows = replayed(MIXED, "bayes:10:1,asc:0.9,fixed:2").rows
    assert [(row.rule, row.threshold, row.minimum) for row in rows] == [
        ("bayes", 10.0, 1),
        ("asc", 0.9, 3),
        ("fixed", 2.0, None),
    ]


@settings(max_examples=30)
@given(st.lists(st.lists(st.sampled_from(["x", "y", ""]), min_size=1, max_size=5), min_size=2, max_size=4))
def test_bounds_hold_their_means_and_stay_within_what_can_be(said: list[list[str]]) -> None:
    answers = answer_set(*[[one] for one in said], gold=["x"] * len(said))
    for row in replayed(answers, "bayes:30,fixed:1", trials=4, cap=12).rows:
        for low, high in ((row.accuracy_low, row.accuracy_high), (row.questions_low, row.questions_high)):
            assert low is not None
            assert high is not None
            assert row.accuracy is not None
            assert 0 <= low <= row.accuracy + 1e-12
            assert row.accuracy - 1e-12 <= high <= 1


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        ({"trials": 0}, "0 trials"),
        ({"trials": MOST_TRIALS + 1}, "10001 trials"),
        ({"cap": 0}, "cap of 0"),
        ({"cap": 1_001}, "cap of 1001"),
        ({"seed": -1}, "seed -1"),
        ({"cap": 9}, '"fixed:10" cannot be used'),
        ({"weights": (1, 2, 3)}, "3 weights are given for 2 members"),
    ],
)
def test_settings_out_of_range_are_refused_in_plain_words(chosen: dict[str, object], words: str) -> None:
    with pytest.raises(AnswersError, match=words):
        replay(MIXED, rules=parse_rules(RULES), **chosen)  # type: ignore[arg-type]


def test_more_work_than_anybody_waits_for_is_refused_at_once() -> None:
    many = answer_set(*[[["x"]]] * 51)
    with pytest.raises(AnswersError, match="51 questions x 10000 trials x 1000 draws are too many"):
        replayed(many, trials=10_000, cap=1_000)


def test_an_empty_answer_set_is_refused() -> None:
    with pytest.raises(AnswersError, match="nobody"):
        replayed(AnswerSet(members=(), questions=()))


def test_no_rules_at_all_are_refused() -> None:
    with pytest.raises(AnswersError, match="No stopping rule"):
        replay(MIXED, rules=())
