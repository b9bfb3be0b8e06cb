"""Rules as they are written: what is read, what is refused, and in which words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.analysis.answers import AnswersError
from fusion_ui.analysis.rules import MOST_RULES, checked_rules, parse_rules, rule_text
from fusion_ui.engine.values import StopRule


def test_rules_are_read_in_their_order() -> None:
    assert parse_rules("bayes:30, ASC:0.95 ,certificate:0.05,fixed:10,") == (
        StopRule(name="bayes", threshold=30.0),
        StopRule(name="asc", threshold=0.95),
        StopRule(name="certificate", threshold=0.05),
        StopRule(name="fixed", threshold=10.0),
    )


def test_a_third_part_is_the_minimum_of_votes() -> None:
    assert [rule.minimum for rule in parse_rules("bayes:10,bayes:10:1")] == [3, 1]


def test_a_bayes_factor_of_a_thousand_million_million_is_a_threshold() -> None:
    assert parse_rules("bayes:1e15")[0].threshold == 1e15


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "No stopping rule"),
        (" , ,", "No stopping rule"),
        ("magic:3", '"magic:3" is not a stopping rule'),
        ("bayes", '"bayes" is not a stopping rule'),
        ("30", '"30" is not a stopping rule'),
        (":", '":" is not a stopping rule'),
        ("bayes:30:3:3", "is not a stopping rule"),
        ("fixed:10:1", "is not a stopping rule"),
        ("bayes:", "no threshold that can be read"),
        ("bayes:ten", "no threshold that can be read"),
        ("bayes:10:1.5", "no threshold that can be read"),
        ("bayes:10:" + "9" * 5_000, "no threshold that can be read"),
        ("bayes:-1", "finite number above 0"),
        ("bayes:0", "finite number above 0"),
        ("bayes:nan", "finite number above 0"),
        ("bayes:inf", "finite number above 0"),
        ("fixed:1e999", "finite number above 0"),
        ("bayes:10:0", "at least 1 vote"),
        ("bayes:10:-3", "at least 1 vote"),
        ("asc:1", "must be below 1"),
        ("certificate:1.5", "must be below 1"),
        ("fixed:2.5", "must be whole"),
        ("bayes:30,asc:0.9,bayes:30.0", '"bayes:30" is given twice'),
    ],
)
def test_what_cannot_be_used_is_said_in_plain_words(text: str, words: str) -> None:
    with pytest.raises(AnswersError, match=words):
        parse_rules(text)


def test_a_hostile_text_is_quoted_in_short() -> None:
    with pytest.raises(AnswersError) as refused:
        parse_rules("<script>" * 10_000)
    assert len(str(refused.value)) < 200


def test_a_grid_of_a_hundred_rules_is_read_and_one_more_is_refused() -> None:
    grid = ",".join(f"bayes:{factor}" for factor in range(1, MOST_RULES + 1))
    assert len(parse_rules(grid)) == MOST_RULES
    with pytest.raises(AnswersError, match="101 rules are too many"):
        parse_rules(grid + ",fixed:1")


def test_more_draws_than_the_cap_are_refused() -> None:
    checked_rules(parse_rules("fixed:100"), cap=100)
    with pytest.raises(AnswersError, match='"fixed:101" cannot be used: it asks for more draws than the cap of 100'):
        checked_rules(parse_rules("fixed:101"), cap=100)


@given(
    st.builds(
        StopRule,
        name=st.sampled_from(["bayes", "asc", "certificate"]),
        threshold=st.integers(1, 999_999).map(lambda millionths: millionths / 1e6),
        minimum=st.integers(1, 9),
    )
)
def test_a_rule_is_read_as_it_was_written(rule: StopRule) -> None:
    assert parse_rules(rule_text(rule)) == (rule,)
