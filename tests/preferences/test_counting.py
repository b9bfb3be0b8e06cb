"""Each rule by which judgements may be left out, counted whether it is applied or not."""

from dataclasses import replace
from typing import Any

import pytest

from storage.connection import Store
from storage.ratings import rater_named
from storage.studies import exclude
from tests.annotation.judging import Room
from tests.annotation.support import stored, unit
from tests.preferences.support import always, asked, by_place, judged_study, rules


def told(store: Store, rule: str, **question: Any) -> tuple[tuple[int, int, bool], int]:
    """What the rule concerns, and how many judgements count."""
    found = asked(store, **question)
    return rules(found)[rule], found["counts"]["judgements"]


def revised(room: Room, study_id: str) -> None:
    """The fusion was better, and on second thoughts the pick."""
    sheet = room.sessions.next(study_id, "Ada").sheet
    assert sheet is not None
    first = room.says(sheet, "Ada", "fusion")
    room.says(sheet, "Ada", "best", supersedes=first)


def test_a_rule_concerns_the_same_whether_it_is_applied_or_not(store: Store, room: Room) -> None:
    study_id = stored(store, *(unit(place) for place in range(4)), overlap=2, fast_seconds=5.0)
    room.works(study_id, "Ada", by_place)
    room.works(study_id, "Bob", by_place, seconds=1.0)
    assert told(store, "too_fast") == ((4, 1, True), 4)
    assert told(store, "too_fast", leave_out=()) == ((4, 1, False), 8)


def test_a_single_judgement_is_left_out_and_taken_in_again_by_its_owner(store: Store, room: Room) -> None:
    study_id = stored(store, *(unit(place) for place in range(4)))
    trial_id = room.works(study_id, "Ada", by_place)[1].trial_id
    with store.writing() as writer:
        exclude(writer, study_id, trial_id=trial_id, reason="asleep")
    assert told(store, "excluded") == ((1, 1, True), 3)
    with store.writing() as writer:
        exclude(writer, study_id, trial_id=trial_id, reason="awake", is_excluded=False)
    assert told(store, "excluded") == ((0, 0, True), 4)


def test_who_is_left_out_of_one_study_counts_in_another(store: Store, room: Room) -> None:
    first = judged_study(store, room, units=4, raters="Ada Bob")
    judged_study(store, room, units=4, raters="Ada Bob")
    with store.writing() as writer:
        exclude(writer, first, rater_id=rater_named(writer, "Ada").id, reason="asleep")
    assert told(store, "excluded") == ((4, 1, True), 12)


@pytest.mark.parametrize(("missed", "left"), [(3, 0), (2, 8)])
def test_gold_fails_a_rater_below_six_in_ten(store: Store, room: Room, missed: int, left: int) -> None:
    golden = [unit(place, gold=1 if place < missed else 0) for place in range(5)]
    study_id = stored(store, *golden, *(unit(place) for place in range(5, 8)))
    room.works(study_id, "Ada", always("fusion"))
    assert told(store, "failed_gold") == ((8 - left, int(not left), True), left)


def test_four_known_items_fail_nobody(store: Store, room: Room) -> None:
    study_id = stored(store, *(unit(place, gold=1) for place in range(4)))
    room.works(study_id, "Ada", always("fusion"))
    assert told(store, "failed_gold") == ((0, 0, True), 4)


@pytest.mark.parametrize(("masks", "leaks"), [(False, 1), (True, 0)])
def test_a_name_in_an_answer_leaks_unless_names_are_hidden(store: Store, room: Room, masks: bool, leaks: int) -> None:
    plain = unit(1)
    texts = zip(plain.contenders, ("I am GPT-4", "no name"), strict=True)
    contenders = tuple(replace(each, text=text, names=("GPT-4",) if "GPT" in text else ()) for each, text in texts)
    named = replace(plain, contenders=contenders)
    study_id = stored(store, unit(0), named, masks_names=masks)
    room.works(study_id, "Ada", always("fusion"))
    assert told(store, "leaks") == ((leaks, leaks, True), 2 - leaks)


def test_a_judgement_after_the_reveal_is_not_blind(store: Store, room: Room) -> None:
    study_id = stored(store, unit(0), unit(1), reveals=True)
    revised(room, study_id)
    room.works(study_id, "Ada", by_place)
    assert told(store, "after_reveal") == ((1, 1, True), 1)


def test_training_and_repeats_compare_nothing(store: Store, room: Room) -> None:
    trained = unit(0, phase="training", gold=0)
    study_id = stored(store, trained, *(unit(place) for place in range(1, 11)), repeats=0.3)
    seen = room.works(study_id, "Ada", always("fusion"))
    found = asked(store)
    assert len(seen) > 11
    assert found["counts"]["judgements"] == 10
    assert found["raters"][0]["repeats"][:2] == [len(seen) - 11, len(seen) - 11]
    assert found["raters"][0]["gold"][:2] == [1, 1]


def test_a_skip_is_counted_with_its_contrast_and_is_no_judgement(store: Store, room: Room) -> None:
    study_id = stored(store, *(unit(place) for place in range(4)))
    room.works(study_id, "Ada", lambda unit: "skip" if unit.place == 1 else "fusion")
    found = asked(store)
    assert (found["counts"]["judgements"], found["counts"]["skips"]) == (3, 1)
    assert found["contrasts"][0]["skips"] == 1


def test_the_last_revision_stands(store: Store, room: Room) -> None:
    study_id = stored(store, unit(0))
    revised(room, study_id)
    (found,) = asked(store)["contrasts"]
    assert (found["wins"], found["losses"], found["judgements"]) == (0, 1, 1)


def test_judges_are_no_people(store: Store, room: Room) -> None:
    study_id = stored(store, *(unit(place) for place in range(6)), overlap=2)
    room.works(study_id, "Ada", by_place)
    room.works(study_id, "judge: gpt", always("fusion"))
    found = asked(store)
    assert found["counts"]["judgements"] == 6
    assert [each["rater"] for each in found["raters"]] == ["Ada"]
    (audit,) = found["judges"]
    assert (audit["judge"], audit["items"], audit["accuracy"][:2]) == ("judge: gpt", 6, [4, 6])
