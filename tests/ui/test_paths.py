"""The path of a run's vote as the page gets it."""

import json

from fusion_ui.analysis.run_path import run_path
from fusion_ui.ui.paths import path_card
from tests.analysis.test_run_path import ran
from tests.ui.attacks import ATTACKS


def test_every_step_carries_its_votes_its_candidate_and_its_colour() -> None:
    steps = path_card(run_path(ran(["45", "40", None, "40"])))["steps"]
    told = [(step["position"], step["candidate"], step["answer"], step["votes"], step["rank"]) for step in steps]  # type: ignore
    assert told == [(1, 1, "45", 1, 1), (2, 2, "40", 2, 0), (3, 3, None, 2, None), (4, 4, "40", 3, 0)]


def test_the_run_own_rule_comes_with_where_it_stops() -> None:
    card = path_card(run_path(ran(["40", "40", "40"])))
    assert (card["rule"], card["threshold"], card["minimum"], card["stopped_at"]) == ("bayes", 30.0, 3, 3)


def test_failed_draws_are_told_by_how_many_steps_went_before() -> None:
    card = path_card(run_path(ran(["failed", "40", "failed", "failed", "40"])))
    assert card["failed"] == [{"candidate": 1, "after": 0}, {"candidate": 3, "after": 1}, {"candidate": 4, "after": 1}]


def test_the_leaders_are_those_of_the_whole_vote_in_every_order() -> None:
    view = ran(["45", "40", "40", "45", None])
    assert {tuple(path_card(run_path(view, order=order))["leaders"]) for order in range(5)} == {("45", "40")}  # type: ignore


def test_an_answer_has_the_same_colour_in_every_order() -> None:
    view = ran(["45", "40", "40", "50"])
    for order in range(6):
        ranks = {step["answer"]: step["rank"] for step in path_card(run_path(view, order=order))["steps"]}  # type: ignore
        assert ranks == {"40": 0, "45": 1, "50": 2}


def test_a_path_is_json_without_nan_whatever_was_answered() -> None:
    card = path_card(run_path(ran([*ATTACKS, None, "failed", "\u202eevil"])))
    assert "\u202e" not in json.dumps(card, allow_nan=False, ensure_ascii=False)
    assert len(json.dumps(path_card(run_path(ran(["40"] * 100))), allow_nan=False)) > 0
