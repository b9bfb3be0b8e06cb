"""The vote on the board: bars, strip, meter and the reasons given."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.engine.values import Failure, Prompt, StopRule
from fusion_ui.ui.votes import vote_card
from tests.ui.boards import RECIPE, candidate, drawn, lost, view_of, whole_run

SPLIT = {"a": "40", "b": "45", "c": "40", "d": None}


def test_each_answer_has_its_voters_and_the_unanswered_stand_apart() -> None:
    card = vote_card(view_of(whole_run(SPLIT)))
    rows = [(row["answer"], row["count"], row["positions"], row["leads"]) for row in card["rows"]]  # type: ignore
    assert rows == [("40", 2, [1, 3], True), ("45", 1, [2], False)]
    assert card["unanswered"] == [4]


def test_stability_is_never_called_a_chance_of_being_right() -> None:
    card = vote_card(view_of(whole_run({"a": "40", "b": "40", "c": "40"})))
    assert card["stability"] == "Vote stability 97 %"
    assert "not whether the answer is right" in str(card["explained"])


def test_the_strip_shows_every_draw_in_order_and_where_it_stopped() -> None:
    late = candidate(5, "e", "40")
    failure = Failure(stage="sampling", kind="timeout", message="")
    events = whole_run(SPLIT)
    events = [*events[:-3], *lost(6, failure), *drawn(late)[:-1], *events[-3:]]
    strip = vote_card(view_of(events))["strip"]
    assert [(cell["position"], cell["state"], cell["rank"], cell["counted"], cell["stop"]) for cell in strip] == [  # type: ignore
        (1, "done", 0, True, False),
        (2, "done", 1, True, False),
        (3, "done", 0, True, False),
        (4, "done", None, True, True),
        (5, "done", 0, False, False),
        (6, "failed", None, False, False),
    ]


@pytest.mark.parametrize(
    ("rule", "name", "value", "needed"),
    [
        (StopRule(), "Evidence (Bayes factor)", "37", "stops at 30"),
        (StopRule(name="asc", threshold=0.95), "Leader ahead for good", "94 %", "stops at 95 %"),
        (StopRule(name="certificate", threshold=0.05), "Possible error", "24 %", "stops at 5 %"),
        (StopRule(name="fixed", threshold=5), "Draws", "3", "of 5, a fixed number"),
    ],
)
def test_the_meter_measures_what_the_rule_measures(rule: StopRule, name: str, value: str, needed: str) -> None:
    events = whole_run({"a": "40", "b": "40", "c": "40"}, recipe=replace(RECIPE, stop=rule))
    meter = vote_card(view_of(events))["meter"]
    assert isinstance(meter, dict)
    assert (meter["name"], meter["value"], meter["needed"]) == (name, value, needed)


@given(
    st.sampled_from(["bayes", "asc", "certificate", "fixed"]),
    st.sampled_from([0.0, 0.05, 0.5, 0.95, 1.0, 2.0, 30.0]),
    st.lists(st.sampled_from(["1", "2", None]), max_size=6),
)
def test_the_meter_is_filled_beyond_its_line_only_when_the_rule_is_content(
    name: str, threshold: float, answers: list[str | None]
) -> None:
    rule = StopRule(name=name, threshold=threshold)  # type: ignore[arg-type]
    texts = {f"text {at}": answer for at, answer in enumerate(answers)}
    meter = vote_card(view_of(whole_run(texts, recipe=replace(RECIPE, stop=rule))))["meter"]
    assert isinstance(meter, dict)
    assert 0.0 <= meter["filled"] <= 1.0  # type: ignore[operator]


@given(st.lists(st.sampled_from(["1", "2"]), min_size=1, max_size=9))
def test_evidence_reaches_the_line_exactly_when_it_passes(answers: list[str]) -> None:
    texts = {f"text {at}": answer for at, answer in enumerate(answers)}
    meter = vote_card(view_of(whole_run(texts)))["meter"]
    assert isinstance(meter, dict)
    assert meter["passed"] == (meter["filled"] >= meter["line"] - 1e-9)  # type: ignore[operator]


def test_without_answers_the_card_says_what_decided_instead() -> None:
    card = vote_card(view_of(whole_run({"a": None, "b": None}, reason="cap")))
    assert card["fallback"] == "No draw held an answer that can be counted."
    assert card["why"] == "Stopped after 2 draws: none held an answer to vote on, so more would settle nothing."
    assert card["stability"] == ""


def test_a_reference_is_shown_where_one_is_known() -> None:
    events = whole_run(SPLIT, prompt=Prompt(text="?", reference="40 km/h"))
    assert vote_card(view_of(events))["reference"] == "40 km/h"
    assert vote_card(view_of(whole_run(SPLIT)))["reference"] is None
