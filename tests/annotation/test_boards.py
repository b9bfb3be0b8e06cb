"""The board: counts that add up, quality of raters, results without what is excluded, and what lies behind them."""

import json
from time import process_time
from typing import Any

import pytest

from fusion_ui.annotation.results import FEWEST_UNITS, unit_share
from fusion_ui.annotation.saying import LETTERS, Said, Span
from fusion_ui.annotation.sessions import Circumstances
from fusion_ui.annotation.shelf import NoStudyError
from fusion_ui.annotation.studies import Studies
from fusion_ui.studies.protocol import Contender, Criterion, StudyError, Unit, definition_sha256
from fusion_ui.studies.taxonomy import load_taxonomy
from storage.connection import Store
from tests.annotation.judging import Room
from tests.annotation.support import stored, unit

HOSTILE = "=1+1 <img src=x onerror=alert(1)>"


def row(board: dict[str, Any], name: str) -> dict[str, Any]:
    return next(each for each in board["raters"] if each["name"] == name)


def test_a_new_study_has_named_raters_and_nothing_else(store: Store, studies: Studies) -> None:
    board = studies.board(stored(store, unit(0), unit(1), overlap=1, raters=("ann", "bob")))
    assert (board["is_frozen"], board["counts"]["done"], board["counts"]["wanted"]) == (False, 0, 2)
    study = studies.study(board["id"])
    assert board["definition_sha256"] == definition_sha256(study.protocol, study.units)
    assert [(each["name"], each["done"], each["mine"]) for each in board["raters"]] == [("ann", 0, 1), ("bob", 0, 1)]
    assert board["contrasts"][0]["state"] == "none"


def test_counts_add_up_over_raters_and_items(store: Store, studies: Studies, room: Room) -> None:
    study_id = stored(store, *(unit(at) for at in range(6)), overlap=2)
    room.works(study_id, "ann", lambda _: "fusion")
    room.works(study_id, "bob", lambda unit: "skip" if unit.place == 0 else "tie")
    board = studies.board(study_id)
    assert (board["counts"]["done"], board["counts"]["wanted"], board["counts"]["skips"]) == (11, 12, 1)
    assert sum(each["done"] for each in board["raters"]) == sum(each["done"] for each in board["units"]) == 11
    assert board["units"][0] | {"verdicts": {"fusion": 1}, "skips": 1, "is_contested": False} == board["units"][0]
    assert board["units"][1]["verdicts"] == {"fusion": 1, "tie": 1}
    assert board["units"][1]["is_contested"]
    assert row(board, "ann")["median_seconds"] == 20.0
    assert board["is_frozen"]


def test_a_board_is_told_again_only_when_something_changed(store: Store, studies: Studies, room: Room) -> None:
    study_id = stored(store, unit(0), unit(1))
    stamp = studies.board(study_id)["stamp"]
    assert studies.board(study_id, since=stamp) == {"stamp": stamp, "unchanged": True}
    room.works(study_id, "ann", lambda _: "tie", most=1)
    assert studies.board(study_id, since=stamp)["counts"]["done"] == 1


@pytest.mark.parametrize("change", ["close", "exclude", "open a trial", "revise"])
def test_every_change_gives_another_stamp(store: Store, studies: Studies, room: Room, change: str) -> None:
    study_id = stored(store, unit(0), unit(1))
    (sheet,) = room.works(study_id, "ann", lambda _: "tie", most=1)
    first = studies.judgements_by(study_id, "ann")
    stamp = studies.board(study_id)["stamp"]
    if change == "close":
        studies.set_closed(study_id, is_closed=True)
    elif change == "exclude":
        studies.exclude(study_id, rater="ann", reason="too fast")
    elif change == "open a trial":
        room.sessions.next(study_id, "ann")
    else:
        standing = room.sessions.sheet(sheet.trial_id, "ann").judgement
        assert standing is not None
        room.says(sheet, "ann", "fusion", supersedes=standing.row.id)
    assert studies.board(study_id)["stamp"] != stamp
    assert len(studies.judgements_by(study_id, "ann")) == len(first)


def test_whoever_is_at_a_trial_is_shown_as_such(store: Store, studies: Studies, room: Room) -> None:
    study_id = stored(store, unit(0), unit(1))
    room.sessions.next(study_id, "ann")
    board = studies.board(study_id)
    assert (row(board, "ann")["is_open"], board["counts"]["open"]) == (True, 1)


def test_known_answers_and_repeats_are_told_apart(store: Store, studies: Studies, room: Room) -> None:
    units = [unit(at, gold=0 if at in (0, 3) else None, phase="training" if at == 0 else "main") for at in range(21)]
    study_id = stored(store, *units, repeats=0.1)
    room.works(study_id, "ann", lambda unit: "best" if unit.place == 0 else "fusion")
    told = row(studies.board(study_id), "ann")
    assert told["training"] == {"right": 0, "of": 1}
    assert told["gold"] == {"right": 1, "of": 1}
    assert told["repeats"] == {"agreed": 2, "of": 2}
    assert (told["done"], told["mine"]) == (20, 20)


def test_a_judgement_faster_than_reading_is_flagged(store: Store, studies: Studies, room: Room) -> None:
    study_id = stored(store, unit(0), unit(1))
    room.works(study_id, "ann", lambda _: "tie", seconds=1.0, most=1)
    room.works(study_id, "ann", lambda _: "tie", seconds=9.0)
    assert row(studies.board(study_id), "ann")["fast"] == {"n": 1, "of": 2}


def test_what_is_excluded_counts_in_no_result_and_can_come_back(store: Store, studies: Studies, room: Room) -> None:
    study_id = stored(store, *(unit(at) for at in range(6)), overlap=2)
    room.works(study_id, "ann", lambda _: "fusion")
    room.works(study_id, "bob", lambda _: "best")
    studies.exclude(study_id, rater="bob", reason=" failed  the checks ", by="owner")
    board = studies.board(study_id)
    assert (board["contrasts"][0]["counts"], board["counts"]["excluded"]) == ({"fusion": 6}, 6)
    assert (board["counts"]["done"], row(board, "bob")["done"]) == (6, 6)
    excluded = row(board, "bob")["excluded"]
    assert (excluded["reason"], excluded["by"]) == ("failed the checks", "owner")
    studies.exclude(study_id, rater="bob", reason="a mistake", is_excluded=False)
    board = studies.board(study_id)
    assert board["contrasts"][0]["counts"] == {"fusion": 6, "best": 6}
    assert [each["is_excluded"] for each in board["exclusions"]] == [False, True]


def test_one_trial_can_be_left_out(store: Store, studies: Studies, room: Room) -> None:
    study_id = stored(store, *(unit(at) for at in range(3)))
    sheets = room.works(study_id, "ann", lambda _: "fusion")
    studies.exclude(study_id, trial_id=sheets[0].trial_id, reason="sneezed")
    board = studies.board(study_id)
    assert board["counts"]["excluded"] == 1
    (told,) = board["exclusions"]
    assert (told["rater"], told["unit_place"]) == ("ann", sheets[0].unit.place)
    assert [each["is_excluded"] for each in studies.judgements_by(study_id, "ann")] == [False, False, True]


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": " ", "rater": "ann"},
        {"reason": "x" * 1001, "rater": "ann"},
        {"reason": "x"},
        {"reason": "x", "rater": "ann", "trial_id": "t"},
        {"reason": "x", "rater": "nobody"},
        {"reason": "x", "trial_id": "nothing"},
    ],
)
def test_an_exclusion_needs_a_reason_and_one_target(
    store: Store, studies: Studies, room: Room, wrong: dict[str, Any]
) -> None:
    study_id = stored(store, unit(0))
    room.works(study_id, "ann", lambda _: "tie")
    with pytest.raises(StudyError):
        studies.exclude(study_id, **wrong)
    assert studies.board(study_id)["exclusions"] == []


def test_a_trial_of_another_study_cannot_be_left_out_here(store: Store, studies: Studies, room: Room) -> None:
    other = stored(store, unit(0))
    (sheet,) = room.works(other, "ann", lambda _: "tie")
    with pytest.raises(StudyError, match="no such trial"):
        studies.exclude(stored(store, unit(1)), trial_id=sheet.trial_id, reason="x")


def test_agreement_and_shares_are_told_by_contrast(store: Store, studies: Studies, room: Room) -> None:
    study_id = stored(store, *(unit(at) for at in range(8)), overlap=2)
    room.works(study_id, "ann", lambda _: "fusion")
    room.works(study_id, "bob", lambda unit: "fusion" if unit.place < 6 else "best")
    board = studies.board(study_id)
    (agreement,) = board["agreement"]
    assert (agreement["raw"], agreement["units"]) == (0.75, 8)
    assert agreement["low"] <= agreement["alpha"] <= agreement["high"]
    (contrast,) = board["contrasts"]
    assert contrast["share"] == pytest.approx(14 / 16)
    assert contrast["low"] < contrast["share"] < contrast["high"]
    assert (contrast["units"], contrast["judgements"]) == (8, 16)


def test_a_clear_contrast_is_settled_and_a_close_one_asks_for_more(store: Store, studies: Studies, room: Room) -> None:
    clear, close = (stored(store, *(unit(at) for at in range(20))) for _ in range(2))
    room.works(clear, "ann", lambda _: "fusion")
    room.works(close, "ann", lambda unit: "fusion" if unit.place < 13 else "best")
    assert studies.board(clear)["contrasts"][0]["state"] == "settled"
    asked = studies.board(close)["contrasts"][0]
    assert asked["state"] == "open"
    assert asked["more"] > 0
    assert "more items" in asked["note"]


def test_no_share_is_told_of_a_handful() -> None:
    assert unit_share([[1.0]] * (FEWEST_UNITS - 1)) is None
    told = unit_share([[1.0]] * FEWEST_UNITS)
    assert told is not None
    # Wilson's interval for 5 of 5 at 95 %: 5 / (5 + 1.96²) = 0.5655.
    assert (told.share, told.low, told.high) == (1.0, pytest.approx(0.5655, abs=1e-4), 1.0)


def test_a_ranking_counts_who_came_first(store: Store, studies: Studies, room: Room) -> None:
    roles = ("fusion", "best", "vote")
    study_id = stored(store, *(unit(at, texts=roles) for at in range(3)), task="ranking", contrasts=(roles,))
    thoughts = [(("vote",), ("fusion", "best")), (("fusion", "best"), ("vote",)), (("fusion",), ("best",), ("vote",))]
    room.works(study_id, "ann", lambda unit: {"verdict": "ranking", "ranking": thoughts[unit.place]})
    (contrast,) = studies.board(study_id)["contrasts"]
    assert contrast["counts"] == {"vote": 1, "tie": 1, "fusion": 1}
    told = {each["unit_place"]: each["ranking"] for each in studies.judgements_by(study_id, "ann")}
    assert told[0][0] == ["vote"]
    assert sorted(told[0][1]) == ["best", "fusion"]


def test_a_rubric_counts_the_higher_mean(store: Store, studies: Studies, room: Room) -> None:
    criteria = tuple(Criterion(key=key, label=key, anchors=("no", "so-so", "yes")) for key in ("a", "b"))
    study_id = stored(store, unit(0), task="rubric", criteria=criteria)
    scores = {"fusion": {"a": 3, "b": 1}, "best": {"a": 2, "b": 3}}
    room.works(study_id, "ann", lambda _: {"verdict": "scores", "scores": scores})
    assert studies.board(study_id)["contrasts"][0]["counts"] == {"best": 1}
    assert studies.judgements_by(study_id, "ann")[0]["scores"] == scores


def test_what_was_said_is_told_by_role_with_what_was_seen(store: Store, studies: Studies, room: Room) -> None:
    study_id = stored(store, unit(0, gold=1))
    sheet = room.sessions.next(study_id, "ann").sheet
    assert sheet is not None
    room.says(sheet, "ann", {"verdict": "best", "reasons": {"best": ("clear",)}, "note": HOSTILE, "strength": 2})
    card, (told,) = studies.judgements_of(study_id, 0)
    assert (told["verdict"], told["strength"], told["reasons"], told["note"]) == (
        "best",
        2,
        {"best": ["clear"]},
        HOSTILE,
    )
    assert told["shown"] == [contender.role for contender in sheet.shown]
    assert (told["is_right"], told["agrees"], told["revision"]) == (True, None, 1)
    assert (card["gold"], [each["role"] for each in card["contenders"]]) == ("best", ["fusion", "best"])


def test_a_marked_passage_is_quoted_and_a_whole_answer_is_not(store: Store, studies: Studies, room: Room) -> None:
    taxonomy = load_taxonomy()
    kinds = (taxonomy.classes[0].name, taxonomy.severities[0].name)
    study_id = stored(store, unit(0))
    sheet = room.sessions.next(study_id, "ann").sheet
    assert sheet is not None
    letter = LETTERS[[each.role for each in sheet.shown].index("fusion")]
    spans = (Span(letter, *kinds, start=4, end=9, note=HOSTILE), Span(letter, *kinds))
    room.clock.passes(9)
    said = Said(verdict="tie", spans=spans)
    room.sessions.judge(sheet.trial_id, "ann", said, Circumstances(key="k" * 9, shown={}))
    (told,) = studies.judgements_by(study_id, "ann")
    assert [(each["role"], each["quote"]) for each in told["flaws"]] == [("fusion", "fused"), ("fusion", "")]


def test_phrases_that_name_an_author_are_on_the_board(store: Store, studies: Studies) -> None:
    contenders = (
        Contender(output_id="a", role="fusion", text="As X, yes", member=HOSTILE, names=("X",)),
        Contender(output_id="b", role="best", text="no"),
    )
    board = studies.board(stored(store, Unit(place=0, run_id="", prompt=HOSTILE, contenders=contenders)))
    (leak,) = board["leaks"]
    assert (leak["member"], leak["phrases"], leak["is_masked"], board["units"][0]["leaks"]) == (
        HOSTILE,
        ("X",),
        False,
        1,
    )


def test_two_candidates_of_a_unit_are_told_apart(store: Store, studies: Studies, room: Room) -> None:
    contenders = tuple(Contender(output_id=text, role="candidate", text=text) for text in ("one", "two"))
    pair = Unit(place=0, run_id="", prompt="q", contenders=contenders)
    study_id = stored(store, pair, contrasts=(("candidate", "candidate"),))
    sheet = room.sessions.next(study_id, "ann").sheet
    assert sheet is not None
    room.says(sheet, "ann", {"verdict": "AB"[[each.text for each in sheet.shown].index("two")]})
    assert studies.board(study_id)["units"][0]["verdicts"] == {"candidate 2": 1}


def test_strangers_are_refused(store: Store, studies: Studies) -> None:
    study_id = stored(store, unit(0))
    with pytest.raises(NoStudyError):
        studies.board("nowhere")
    with pytest.raises(StudyError, match="Nobody called"):
        studies.judgements_by(study_id, HOSTILE)
    with pytest.raises(StudyError, match="no item 8"):
        studies.judgements_of(study_id, 7)


def test_the_list_tells_how_far_each_study_is(store: Store, studies: Studies, room: Room) -> None:
    first = stored(store, unit(0), unit(1, is_identical=True), unit(2, same_as=0))
    room.works(first, "ann", lambda _: "tie")
    studies.set_closed(first, is_closed=True, by="owner")
    second = stored(store, unit(0), supersedes=first)
    later, earlier = studies.studies()
    assert (later.head.id, later.head.version, later.overview.frozen_at) == (second, 2, None)
    assert (earlier.head.done, earlier.head.wanted, earlier.overview.units, earlier.overview.raters) == (1, 1, 1, 1)
    assert (earlier.head.is_closed, earlier.overview.superseded_by) == (True, second)
    studies.set_closed(first, is_closed=False)
    assert studies.board(first)["is_closed"] is False


def test_a_board_of_a_thousand_items_is_fast(store: Store, studies: Studies, room: Room) -> None:
    study_id = stored(store, *(unit(at) for at in range(1000)), overlap=3)
    room.works(study_id, "ann", lambda _: "fusion", most=20)
    studies.study(study_id)
    started = process_time()
    board = studies.board(study_id)
    assert process_time() - started < 10
    assert len(json.dumps(board)) > 100_000
