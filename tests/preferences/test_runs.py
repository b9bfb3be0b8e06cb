"""Preferences between outputs of the app's own runs: the Compare page, the runs' judges, and what answers take."""

from typing import Any

import pytest

from fusion_ui.annotation.sources import source_of
from fusion_ui.ratings import Submission, save_rating, undo_rating
from fusion_ui.replay import StoredRun
from fusion_ui.studies.items import units_of
from fusion_ui.studies.protocol import Protocol
from storage.connection import Store
from tests.annotation.judging import Room
from tests.annotation.support import stored
from tests.inspection.casework import Ear, ran, recipe
from tests.preferences.support import always, asked, judged_study, rules

pytestmark = pytest.mark.anyio


@pytest.fixture
async def run(store: Store) -> StoredRun:
    """Four candidates, judged in pairs: 40, 40, 45 and one that confuses the judge; a fusion by a model."""
    return await ran(store, Ear())


def rated(store: Store, run: StoredRun, preferred: str, *, rater: str = "Ada", **more: Any) -> None:
    save_rating(store, run, Submission(key=f"{rater} {preferred} {more}", rater=rater, preferred=preferred, **more))


def outcomes(store: Store, **question: Any) -> dict[tuple[str, str], tuple[int, int, int, int]]:
    """Wins, ties, losses and both bad of each contrast, open judgements among them."""
    return {
        (each["first"], each["second"]): tuple(each[name] for name in ("wins", "ties", "losses", "both_bad"))  # type: ignore[misc]
        for each in asked(store, open=True, **question)["contrasts"]
    }


def studied(store: Store, run: StoredRun, *contrast: str) -> str:
    """A study of this contrast of the run's outputs."""
    made = units_of([source_of(run)], Protocol(title="", contrasts=(contrast,)))  # type: ignore[arg-type]
    return stored(store, *made.units, contrasts=(contrast,), overlap=3)


async def test_ratings_with_names_in_sight_count_only_when_asked(store: Store, run: StoredRun) -> None:
    rated(store, run, "fusion")
    blind = asked(store)
    assert blind["counts"]["judgements"] == 0
    assert rules(blind)["compare"] == (1, 1, True)
    assert asked(store, open=True)["counts"]["judgements"] == 1
    assert [each["id"] for each in blind["choices"]["studies"]] == ["compare"]


async def test_a_preferred_output_wins_against_the_other_strategies(store: Store, run: StoredRun) -> None:
    rated(store, run, "fusion")
    assert outcomes(store) == {("fusion", "best"): (1, 0, 0, 0), ("fusion", "vote"): (1, 0, 0, 0)}


async def test_a_preferred_candidate_wins_against_all_strategies_that_read_otherwise(
    store: Store, run: StoredRun
) -> None:
    rated(store, run, "candidate:3")
    found = outcomes(store)
    assert found["fusion", "candidate"] == found["best", "candidate"] == (0, 0, 1, 0)
    assert ("fusion", "best") not in found


@pytest.mark.parametrize(("verdict", "outcome"), [("tie", (0, 1, 0, 0)), ("all_bad", (0, 0, 0, 1))])
async def test_a_tie_and_all_bad_hold_for_every_pair(
    store: Store, run: StoredRun, verdict: str, outcome: tuple[int, ...]
) -> None:
    rated(store, run, verdict)
    found = outcomes(store)
    assert found["fusion", "best"] == found["fusion", "vote"] == outcome


async def test_stars_compare_where_nothing_else_was_said(store: Store, run: StoredRun) -> None:
    rated(store, run, "", stars={"fusion": 5, "best": 2})
    assert outcomes(store) == {("fusion", "best"): (1, 0, 0, 0)}
    means = asked(store, open=True)["rubric"]["means"]
    assert {(each["system"], each["mean"]["value"]) for each in means} == {("fusion", 5.0), ("best", 2.0)}


async def test_a_rating_that_was_taken_back_says_nothing(store: Store, run: StoredRun) -> None:
    rated(store, run, "fusion")
    undo_rating(store, run, key="k", rater="Ada")
    assert outcomes(store) == {}


async def test_the_compare_page_can_be_asked_alone(store: Store, run: StoredRun, room: Room) -> None:
    judged_study(store, room)
    rated(store, run, "fusion")
    found = asked(store, studies=("compare",), open=True)
    assert [each["kind"] for each in found["sources"]] == ["compare"]
    assert found["counts"]["judgements"] == 1


async def test_tags_and_language_of_a_run_are_those_of_its_prompt(store: Store, run: StoredRun, room: Room) -> None:
    room.works(studied(store, run, "fusion", "best"), "Ada", always("fusion"))
    assert asked(store, tags=("maths",), language=("en",))["counts"]["judgements"] == 1
    assert asked(store, tags=("poems",))["counts"]["judgements"] == 0


async def test_the_judge_of_a_run_is_held_against_people_who_judged_the_same_outputs(
    store: Store, run: StoredRun, room: Room
) -> None:
    study_id = studied(store, run, "candidate", "candidate")
    for name in ("Ada", "Bob"):
        while sheet := room.sessions.next(study_id, name).sheet:
            right = [letter for letter, shown in zip("AB", sheet.shown, strict=True) if shown.text.endswith("40")]
            room.says(sheet, name, {"verdict": right[0] if len(right) == 1 else "tie"})
    (audit,) = asked(store)["judges"]
    assert audit["judge"] == "judge (in its runs)"
    assert (audit["items"], audit["unreadable"]) == (6, 6)
    assert audit["flips"][:2] == [1, 3]  # of two right answers it takes the one shown first
    assert audit["accuracy_decisive"][:2] == [2, 2]


async def test_a_strategy_takes_all_the_calls_behind_it(store: Store, run: StoredRun, room: Room) -> None:
    for rival in ("best", "vote", "single"):
        room.works(studied(store, run, "fusion", rival), "Ada", always("fusion"))
    cost = {each["system"]: each["cost_usd"] for each in asked(store)["worth"]}
    assert cost == {
        "fusion": pytest.approx(4 * 0.002 + 0.01),
        "best": pytest.approx(4 * 0.002 + 12 * 0.001),
        "vote": pytest.approx(4 * 0.002),
        "single": pytest.approx(0.002),
    }


async def test_what_was_imported_has_no_price(store: Store, room: Room) -> None:
    judged_study(store, room)
    assert [each["cost_usd"] for each in asked(store)["worth"]] == [None, None]
    assert "not known" in asked(store)["worth"][0]["words"]


async def test_a_run_without_a_judge_picks_for_the_price_of_its_candidates(store: Store, room: Room) -> None:
    made = recipe(selector="vote", judge=None, fusor_kind="extractive", fusor=None)
    run = await ran(store, Ear(), made)
    room.works(studied(store, run, "best", "candidate"), "Ada", always("best"))
    cost = {each["system"]: each["cost_usd"] for each in asked(store)["worth"]}
    assert cost == {"best": pytest.approx(4 * 0.002), "candidate": pytest.approx(0.002)}
