"""Rankings, scores, doubles and sides, as they come out of the store."""

from dataclasses import replace
from typing import Any

from fusion_ui.studies.protocol import Criterion
from storage.connection import Store
from tests.annotation.judging import Room
from tests.annotation.support import stored, unit
from tests.preferences.support import always, asked, one_contrast

THREE = ("one", "two", "three")


def wins(store: Store, **question: Any) -> dict[tuple[str, str], tuple[int, int, int]]:
    """Wins, ties and losses of each contrast."""
    found = asked(store, **question)["contrasts"]
    return {
        (each["first"], each["second"]): (each["wins"], each["ties"] + each["both_bad"], each["losses"])
        for each in found
    }


def test_a_ranking_is_all_its_pairs_and_one_judgement(store: Store, room: Room) -> None:
    study_id = stored(store, unit(0, texts=THREE), task="ranking", contrasts=(("fusion", "best", "vote"),))
    room.works(study_id, "Ada", always({"verdict": "ranking", "ranking": (("best",), ("fusion", "vote"))}))
    assert wins(store) == {("fusion", "best"): (0, 0, 1), ("fusion", "vote"): (0, 1, 0), ("best", "vote"): (1, 0, 0)}
    counts = asked(store)["counts"]
    assert (counts["judgements"], counts["comparisons"]) == (1, 3)


def test_best_and_worst_say_nothing_of_those_between(store: Store, room: Room) -> None:
    four = (*THREE, "four")
    study_id = stored(store, unit(0, texts=four), task="best-worst", contrasts=(("fusion", "best", "vote", "single"),))
    room.works(study_id, "Ada", always({"verdict": "ranking", "best": "vote", "worst": "fusion"}))
    assert wins(store) == {
        ("fusion", "best"): (0, 0, 1),
        ("fusion", "vote"): (0, 0, 1),
        ("fusion", "single"): (0, 0, 1),
        ("best", "vote"): (0, 0, 1),
        ("vote", "single"): (1, 0, 0),
    }


def test_rubric_scores_are_means_and_pairs(store: Store, room: Room) -> None:
    criteria = tuple(Criterion(key=key, label=key, anchors=tuple("12345")) for key in ("clear", "right"))
    study_id = stored(store, unit(0), unit(1), task="rubric", criteria=criteria)
    scores = {"fusion": {"clear": 5, "right": 4}, "best": {"clear": 2, "right": 4}}
    room.works(study_id, "Ada", always({"verdict": "scores", "scores": scores}))
    found = asked(store)
    assert wins(store) == {("fusion", "best"): (2, 0, 0)}
    means = {(each["system"], each["criterion"]): each for each in found["rubric"]["means"]}
    assert means["fusion", "clear"]["mean"]["value"] == 5.0
    assert means["best", "clear"]["distribution"] == [0, 2, 0, 0, 0]
    assert means["best", "clear"]["scale"] == [1, 5]
    assert {each["criterion"]: each["difference"]["value"] for each in found["rubric"]["differences"]} == {
        "clear": 3.0, "right": 0.0,
    }  # fmt: skip


def test_all_bad_in_a_ranking_is_both_bad_for_every_pair(store: Store, room: Room) -> None:
    study_id = stored(store, unit(0, texts=THREE), task="ranking", contrasts=(("fusion", "best", "vote"),))
    room.works(study_id, "Ada", always("all_bad"))
    assert wins(store) == dict.fromkeys(wins(store), (0, 1, 0))
    found = asked(store)
    assert found["both_bad"]["value"] == 1.0
    assert (found["both_bad"]["n"], found["counts"]["both_bad"]) == (1, 1)


def test_a_unit_that_shows_the_same_shares_its_judgements(store: Store, room: Room) -> None:
    first = unit(0)
    fused, picked = first.contenders
    voted = replace(picked, output_id="twin", role="vote", text=picked.text.replace(" ", "  "))
    again = replace(first, place=1, contenders=(replace(fused, output_id="twin fused"), voted), same_as=0)
    study_id = stored(store, first, again, contrasts=(("fusion", "best"), ("fusion", "vote")))
    room.works(study_id, "Ada", always("best"))
    assert wins(store) == {("fusion", "best"): (0, 0, 1), ("fusion", "vote"): (0, 0, 1)}
    found = asked(store)
    assert (found["counts"]["judgements"], found["counts"]["comparisons"]) == (1, 2)
    assert found["raters"][0]["judgements"] == 1


def test_identical_units_count_as_nothing_and_are_told(store: Store, room: Room) -> None:
    study_id = stored(store, unit(0), unit(1, is_identical=True))
    room.works(study_id, "Ada", always("fusion"))
    found = asked(store)
    assert found["contrasts"][0]["judgements"] == 1
    assert "1 unit" in found["notes"][0]


def test_the_side_is_the_one_that_was_shown(store: Store, room: Room) -> None:
    study_id = stored(store, *(unit(place) for place in range(12)))
    seen = room.works(study_id, "Ada", always("fusion"))
    on_the_left = sum(sheet.shown[0].role == "fusion" for sheet in seen)
    assert 0 < on_the_left < 12
    assert asked(store)["position"]["left"][:2] == [on_the_left, 12]


def test_lengths_are_those_of_the_texts_as_shown(store: Store, room: Room) -> None:
    study_id = stored(store, *(unit(place, texts=("short", "much longer than that")) for place in range(8)))
    room.works(study_id, "Ada", lambda unit: "best" if unit.place else "fusion")
    assert asked(store)["length"]["longer"][:2] == [7, 8]


def test_a_system_is_not_compared_with_itself(store: Store, room: Room) -> None:
    same = unit(0)
    twins = tuple(replace(each, role="candidate", member=each.role) for each in same.contenders)
    study_id = stored(store, replace(same, contenders=twins), contrasts=(("candidate", "candidate"),))
    sheet = room.sessions.next(study_id, "Ada").sheet
    assert sheet is not None
    room.says(sheet, "Ada", "tie")
    assert asked(store)["contrasts"] == []
    assert "against itself" in " ".join(asked(store)["notes"])
    assert one_contrast(store, by="member")["ties"] == 1
