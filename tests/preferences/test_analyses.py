"""Analyses of stored studies: what is counted, and laws that hold however it came into the store."""

from itertools import permutations
from threading import Event

import pytest

from fusion_ui.preferences.composing import TOO_FEW
from fusion_ui.preferences.question import Question, QuestionError
from storage.connection import Store
from storage.ratings import rater_named
from storage.studies import exclude
from tests.annotation.judging import Room
from tests.annotation.support import stored, unit
from tests.preferences.support import analyses, asked, by_place, judged_study, one_contrast, without

PARTS = {
    "asked", "stamp", "sources", "choices", "counts", "left_out", "contrasts", "ladders", "ladder_note", "matrix",
    "agreement", "position", "length", "adjusted", "adjusted_note", "raters", "judges", "rubric", "worth", "next",
    "both_bad", "notes", "seconds",
}  # fmt: skip


def test_an_empty_store_has_an_answer_that_says_so(store: Store) -> None:
    found = asked(store)
    assert found.keys() == PARTS
    assert found["contrasts"] == found["ladders"] == found["raters"] == []
    assert found["counts"] == dict.fromkeys(found["counts"], 0)
    assert "Nothing was compared yet" in found["ladder_note"]


def test_wins_ties_and_losses_are_told_of_the_fusion_first(store: Store, room: Room) -> None:
    judged_study(store, room)
    found = one_contrast(store)
    assert (found["first"], found["second"]) == ("fusion", "best")
    assert [found[name] for name in ("wins", "ties", "losses", "both_bad")] == [12, 6, 6, 0]
    assert found["rate"]["value"] == 0.625
    assert [found[name] for name in ("units", "prompts", "raters", "judgements")] == [8, 8, 3, 24]


def test_by_member_a_fusion_is_told_from_what_its_fusor_samples(store: Store, room: Room) -> None:
    judged_study(store, room)
    found = one_contrast(store, by="member")
    assert (found["first"], found["second"]) == ("model-fusion (fusion)", "model-best")
    assert found["groups"]["member"] == []  # they are what is compared


def test_the_same_question_has_the_same_answer(store: Store, room: Room) -> None:
    judged_study(store, room)
    assert without(asked(store, seed=3)) == without(asked(store, seed=3))


@pytest.mark.parametrize("is_over", [False, True])
def test_what_is_read_ahead_or_left_unread_gives_the_same_answer(store: Store, room: Room, is_over: bool) -> None:
    question, over = Question(studies=(judged_study(store, room),)), Event()
    if is_over:
        over.set()
    ahead = analyses(store)
    ahead.read_ahead(over)
    assert without(ahead.analysis(question), "seconds") == without(analyses(store).analysis(question), "seconds")


def test_a_second_look_is_at_the_answer_that_is_kept_until_more_is_said(store: Store, room: Room) -> None:
    study_id = judged_study(store, room, raters="Ada Bob")
    kept, question = analyses(store), Question(studies=(study_id,))
    first = kept.analysis(question)
    assert kept.analysis(question) is first
    with store.writing() as writer:
        exclude(writer, study_id, rater_id=rater_named(writer, "Bob").id, reason="asleep")
    second = kept.analysis(question)
    assert second["stamp"] != first["stamp"]
    assert (first["counts"]["raters"], second["counts"]["raters"]) == (2, 1)


def test_what_is_read_on_is_what_is_read_at_once(store: Store, room: Room) -> None:
    study_id = stored(store, *(unit(place) for place in range(6)), overlap=2)
    kept = analyses(store)
    for name, most in (("Ada", 3), ("Bob", 6), ("Ada", 3)):
        room.works(study_id, name, by_place, most=most)
        assert without(kept.analysis(Question())) == without(asked(store))


def test_leaving_a_rater_out_equals_naming_all_the_others(store: Store, room: Room) -> None:
    study_id = judged_study(store, room)
    named = asked(store, raters=("Ada", "Cem"))
    with store.writing() as writer:
        exclude(writer, study_id, rater_id=rater_named(writer, "Bob").id, reason="asleep")
    parts = ("asked", "stamp", "left_out", "choices")
    assert without(asked(store), *parts) == without(named, *parts)


@pytest.mark.parametrize("order", [*permutations(["Ada", "Bob", "Cem"])][1:])
def test_the_order_in_which_people_came_does_not_matter(store: Store, room: Room, order: tuple[str, ...]) -> None:
    first, second = (judged_study(store, room, raters=" ".join(names)) for names in (("Ada", "Bob", "Cem"), order))
    one, other = (asked(store, studies=(study_id,)) for study_id in (first, second))
    for part in ("counts", "agreement", "matrix", "ladders", "both_bad"):
        assert one[part] == other[part]
    for mine, theirs in zip(one["contrasts"], other["contrasts"], strict=True):
        assert mine["rate"]["low"] == pytest.approx(theirs["rate"]["low"], abs=1e-9)
        assert mine["verdict"] == theirs["verdict"]


def test_the_same_prompt_in_two_studies_is_one_prompt(store: Store, room: Room) -> None:
    judged_study(store, room)
    judged_study(store, room)
    counts = asked(store)["counts"]
    assert (counts["units"], counts["prompts"], counts["judgements"], counts["raters"]) == (16, 8, 48, 3)


def test_a_handful_of_votes_gives_no_scores_at_equal_length(store: Store, room: Room) -> None:
    judged_study(store, room, units=4)
    found = asked(store)
    assert (found["adjusted"], found["adjusted_note"]) == ([], TOO_FEW)


def test_raters_are_told_with_the_studies_in_which_they_judged(store: Store, room: Room) -> None:
    first, second = judged_study(store, room, raters="Ada Bob"), judged_study(store, room, raters="Bob Cem", units=4)
    places = {row["rater"]: [tuple(each.values()) for each in row["judged_in"]] for row in asked(store)["raters"]}
    assert places == {"Ada": [(first, 8)], "Bob": [(first, 8), (second, 4)], "Cem": [(second, 4)]}


def test_blind_and_open_are_mixed_only_when_asked(store: Store, room: Room) -> None:
    judged_study(store, room)
    judged_study(store, room, is_blind=False)
    assert asked(store)["counts"]["judgements"] == 24
    mixed = asked(store, open=True)
    assert mixed["counts"]["judgements"] == 48
    assert "counted together" in mixed["notes"][0]


def test_an_answer_that_is_asked_next_is_the_one_seldom_judged(store: Store, room: Room) -> None:
    study_id = stored(store, *(unit(place) for place in range(4)), overlap=2)
    room.works(study_id, "Ada", by_place, most=3)
    first = asked(store)["next"][0]
    assert (first["study_id"], first["judgements"]) == (study_id, 0)
    assert first["prompt"] == f"Question {first['unit']}?"


def test_choices_are_counted_before_filters(store: Store, room: Room) -> None:
    study_id = stored(store, *(unit(place, language="de" if place % 2 else "en") for place in range(6)))
    room.works(study_id, "Ada", by_place)
    found = asked(store, language=("de",))
    assert found["counts"]["judgements"] == 3
    assert found["choices"]["languages"] == [["de", 3], ["en", 3]]
    assert found["choices"]["raters"] == [["Ada", 6]]
    assert found["choices"]["lengths"][0] == ["under 100", 6]


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ({"studies": ("x" * 26,)}, "no study"),
        ({"raters": ("Nobody",)}, "Nobody called"),
        ({"by": "colour"}, "no by 'colour'"),
        ({"leave_out": ("leap",)}, "no rule 'leap'"),
        ({"lengths": ("long",)}, "no length 'long'"),
        ({"level": float("nan")}, "level"),
        ({"width": 0.9}, "width"),
        ({"seed": -1}, "seed"),
    ],
)
def test_a_question_that_cannot_be_answered_says_why(store: Store, question: dict[str, object], words: str) -> None:
    with pytest.raises(QuestionError, match=words):
        asked(store, **question)
