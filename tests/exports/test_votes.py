"""Battles and comparisons from what is stored: read by our own importers with the counts that were stored."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from fusion_ui.exchange.battles import VoteReader
from fusion_ui.exports.exports import Exports, Order
from fusion_ui.exports.scopes import ExportError
from fusion_ui.replay import StoredRun
from storage.connection import Store
from tests.annotation.judging import Room
from tests.annotation.support import stored, unit
from tests.exports.support import TAXONOMY, lines, rated, study_of_run

THOUGHTS = {"ann": "fusion", "bob": "best", "cem": "tie", "dai": "all_bad", "judge: gpt": "fusion"}


def judged(store: Store, room: Room, *, units: int = 3) -> str:
    study_id = stored(store, *map(unit, range(units)), overlap=len(THOUGHTS))
    for name, thought in THOUGHTS.items():
        room.works(study_id, name, lambda _, thought=thought: thought)  # type: ignore[misc]
    return study_id


def compared(store: Store, folder: Path, **order: Any) -> Any:
    Exports(store, taxonomy=TAXONOMY).write(Order(what="comparator", **order), folder / "c.json")
    return json.loads((folder / "c.json").read_text("utf-8"))


def test_battles_come_in_again_with_the_same_counts(store: Store, room: Room, tmp_path: Path) -> None:
    judged(store, room)
    reader = VoteReader()
    read = [reader.rating(battle, line=1) for battle in lines(store, tmp_path, "battles")]
    winners = Counter(
        {"first": each.first, "second": each.second}.get(each.outcome, each.outcome)
        for each in read
        if not each.is_model
    )
    assert winners == {"fusion": 3, "best": 3, "tie": 3, "all_bad": 3}
    assert Counter(each.rater for each in read if each.is_model) == {"gpt": 3}
    assert not any(each.is_open for each in read)


def test_a_battle_tells_who_stood_left(store: Store, room: Room, tmp_path: Path) -> None:
    study_id = stored(store, *map(unit, range(8)))
    sheets = room.works(study_id, "ann", lambda _: "fusion")
    left = Counter(sheet.shown[0].role for sheet in sheets)
    assert Counter(each["model_a"] for each in lines(store, tmp_path, "battles")) == left
    assert len(left) == 2


def test_systems_are_named_by_who_wrote_if_that_is_wanted(store: Store, room: Room, tmp_path: Path) -> None:
    judged(store, room, units=1)
    names = {
        name for each in lines(store, tmp_path, "battles", by="member") for name in (each["model_a"], each["model_b"])
    }
    assert names == {"model-fusion (fusion)", "model-best"}


def test_a_page_rating_is_an_open_battle(store: Store, run: StoredRun, tmp_path: Path) -> None:
    rated(store, run, "fusion")
    battles = lines(store, tmp_path, "battles")
    assert {each["anony"] for each in battles} == {False}
    assert {(each["judge"], each["language"]) for each in battles} == {("Ada", "en")}


def test_what_was_too_fast_is_no_battle(store: Store, room: Room, tmp_path: Path) -> None:
    room.works(stored(store, unit(0)), "ann", lambda _: "fusion", seconds=0.5)
    assert lines(store, tmp_path, "battles") == []


def test_a_comparison_has_an_example_an_item_and_a_score_a_judgement(store: Store, room: Room, tmp_path: Path) -> None:
    judged(store, room)
    told = compared(store, tmp_path, pair="fusion:best")
    assert [each["name"] for each in told["models"]] == ["fusion", "best"]
    assert len(told["examples"]) == 3
    for example in told["examples"]:
        assert Counter(each["score"] > 0 for each in example["individual_rater_scores"]) == {True: 2, False: 3}
        assert example["output_text_a"].startswith("the fused answer")


def test_a_comparison_can_be_told_from_the_other_side(store: Store, room: Room, tmp_path: Path) -> None:
    judged(store, room)
    here, there = (compared(store, tmp_path, pair=pair)["examples"] for pair in ("fusion:best", "best:fusion"))
    assert [each["score"] for each in here] == [-each["score"] for each in there]
    assert [each["output_text_a"] for each in here] == [each["output_text_b"] for each in there]
    flips = [[given["is_flipped"] for given in each["individual_rater_scores"]] for each in here]
    assert flips == [[not given["is_flipped"] for given in each["individual_rater_scores"]] for each in there]


def test_the_only_two_systems_need_no_naming(store: Store, room: Room, tmp_path: Path) -> None:
    judged(store, room)
    assert {each["name"] for each in compared(store, tmp_path)["models"]} == {"fusion", "best"}


def test_of_several_pairs_one_must_be_chosen(store: Store, room: Room, tmp_path: Path) -> None:
    study_id = stored(store, unit(0, texts=("f", "b", "v")), task="ranking", contrasts=(("fusion", "best", "vote"),))
    room.works(study_id, "ann", lambda _: {"verdict": "ranking", "ranking": (("best",), ("fusion",), ("vote",))})
    with pytest.raises(ExportError, match=r"Choose a pair of those compared: .*best:fusion \(1\)"):
        compared(store, tmp_path)
    assert len(compared(store, tmp_path, pair="vote:best")["examples"]) == 1


def test_nothing_compared_is_told(store: Store, run: StoredRun, tmp_path: Path) -> None:
    study_of_run(store, run)
    with pytest.raises(ExportError, match="Nobody has compared"):
        compared(store, tmp_path, pair="fusion:best")
