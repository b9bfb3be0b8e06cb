"""Units from runs: what is compared, what is left out, and what is recorded without ever being shown."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.studies.items import ItemSource, is_identical, normalised, units_of
from fusion_ui.studies.protocol import Protocol, Role, StudyError, Task, definition_sha256
from tests.studies.support import contender, source

FUSION_BEST = Protocol(title="t")


def protocol(*contrasts: tuple[Role, ...], task: Task = "pairwise") -> Protocol:
    return Protocol(title="t", contrasts=contrasts, task=task)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("a b", "a  b"),
        ("a\r\nb", "a\nb \n"),
        ("a\n\n\n\nb", "a\n\nb"),
        ("café", "cafe\u0301"),
        ("\ufeffa", "a\u200b"),
        ("", " \n\t"),
    ],
)
def test_texts_that_read_the_same_are_identical(first: str, second: str) -> None:
    assert is_identical([first, second])


@pytest.mark.parametrize(
    ("first", "second"),
    [("a\nb", "a b"), ("x²", "x2"), ("- a\n  - b", "- a\n- b"), ("No", "no"), ("a\n\nb", "a\nb"), ("1.", "1")],
)
def test_texts_that_a_reader_can_tell_apart_are_not_identical(first: str, second: str) -> None:
    assert not is_identical([first, second])


def test_a_single_text_is_identical_to_nothing() -> None:
    assert not is_identical(["a"])
    assert not is_identical([])


@given(st.text())
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    assert normalised(normalised(text)) == normalised(text)


def test_each_run_and_contrast_gives_a_unit_in_the_order_of_the_contrast() -> None:
    runs = [source("r1", fusion="f", best="b", vote="v"), source("r2", fusion="f", best="b", vote="v")]
    made = units_of(runs, protocol(("fusion", "best"), ("vote", "fusion")))
    assert [unit.place for unit in made.units] == [0, 1, 2, 3]
    assert [contender.role for contender in made.units[1].contenders] == ["vote", "fusion"]
    assert [unit.run_id for unit in made.units] == ["r1", "r1", "r2", "r2"]


def test_a_run_without_a_role_is_left_out_and_says_why() -> None:
    made = units_of([source("r1", best="b")], FUSION_BEST)
    assert made.units == ()
    assert made.left_out[0].run_id == "r1"
    assert made.left_out[0].reason == "the run has no fusion"


def test_equal_answers_are_recorded_and_never_shown() -> None:
    (unit,) = units_of([source(fusion="Four.", best="Four. ")], FUSION_BEST).units
    assert unit.is_identical
    assert not unit.is_shown


def test_one_output_in_two_roles_is_recorded_and_never_shown() -> None:
    picked = contender("best", text="a", output_id="same")
    voted = contender("vote", text="a", output_id="same")
    (unit,) = units_of(
        [ItemSource(run_id="r", prompt="p", outputs={"best": picked, "vote": voted})], protocol(("best", "vote"))
    ).units
    assert unit.is_identical


def test_a_ranking_shows_equal_answers_once_and_records_that_they_are_equal() -> None:
    ranked = protocol(("fusion", "best", "vote"), task="ranking")
    shown, recorded = units_of([source(fusion="x", best="y", vote="y")], ranked).units
    assert [contender.role for contender in shown.contenders] == ["fusion", "best"]
    assert [contender.role for contender in recorded.contenders] == ["best", "vote"]
    assert recorded.is_identical
    assert not shown.is_identical


def test_the_same_texts_under_another_contrast_are_asked_about_once() -> None:
    made = units_of([source(fusion="x", best="y", vote="y")], protocol(("fusion", "best"), ("vote", "fusion")))
    assert [unit.same_as for unit in made.units] == [None, 0]
    assert not made.units[1].is_shown


def test_the_same_texts_for_another_prompt_are_asked_about_again() -> None:
    runs = [source("r1", prompt="p1", fusion="x", best="y"), source("r2", prompt="p2", fusion="x", best="y")]
    assert all(unit.is_shown for unit in units_of(runs, FUSION_BEST).units)


def test_e15_prompts_alike_in_their_first_hundred_characters_stay_two() -> None:
    runs = [source(name, prompt="p" * 100 + name, fusion="x", best="y") for name in ("r1", "r2")]
    assert all(unit.is_shown for unit in units_of(runs, FUSION_BEST).units)


def test_a_role_with_several_outputs_gives_a_unit_for_every_choice() -> None:
    candidates = tuple(contender("candidate", text=f"text {at}", output_id=f"c{at}") for at in range(4))
    pool = ItemSource(run_id="r", prompt="p", outputs={"candidate": candidates, "fusion": contender("fusion")})
    made = units_of([pool], protocol(("candidate", "candidate"), ("fusion", "candidate")))
    pairs = Counter(len(unit.contenders) for unit in made.units)
    assert pairs == {2: 6 + 4}
    assert len({frozenset(contender.output_id for contender in unit.contenders) for unit in made.units}) == 10


def test_a_rubric_on_candidates_asks_about_each() -> None:
    candidates = tuple(contender("candidate", text=f"text {at}", output_id=f"c{at}") for at in range(3))
    pool = ItemSource(run_id="r", prompt="p", outputs={"candidate": candidates})
    assert len(units_of([pool], protocol(("candidate",), task="rubric")).units) == 3


def test_e13_missing_candidates_are_named_and_never_padded_with_copies() -> None:
    pool = ItemSource(run_id="r", prompt="p", outputs={"candidate": (contender("candidate"),)})
    made = units_of([pool], protocol(("candidate", "candidate")))
    assert made.left_out[0].reason == "the run has 1 of 2 outputs for candidate"


def test_more_choices_than_anyone_means_are_refused() -> None:
    candidates = tuple(contender("candidate", text=f"text {at}", output_id=f"c{at}") for at in range(16))
    pool = ItemSource(run_id="r7", prompt="p", outputs={"candidate": candidates})
    with pytest.raises(StudyError, match="1820 ways from run r7"):
        units_of([pool], protocol(("candidate",) * 4, task="ranking"))


@pytest.mark.parametrize(
    ("contrasts", "task"),
    [
        ((), "pairwise"),
        (((),), "rubric"),
        ((("fusion",),), "pairwise"),
        ((("fusion", "best", "vote"),), "pairwise"),
        ((("fusion", "best"),), "best-worst"),
        ((("candidate",) * 7,), "ranking"),
    ],
)
def test_a_contrast_that_does_not_fit_the_task_is_refused(contrasts: tuple[tuple[Role, ...], ...], task: Task) -> None:
    with pytest.raises(StudyError):
        units_of([], protocol(*contrasts, task=task))


def test_gold_is_the_place_of_the_output_that_should_win() -> None:
    runs = [
        ItemSource(
            run_id="r",
            prompt="p",
            outputs={"fusion": contender("fusion"), "best": contender("best", output_id="right")},
            phase="training",
            gold="right",
            feedback="B names its source.",
        )
    ]
    (unit,) = units_of(runs, FUSION_BEST).units
    assert unit.gold == 1
    assert unit.phase == "training"
    assert unit.feedback == "B names its source."


def test_empty_answers_of_a_run_are_identical_and_one_empty_answer_is_shown() -> None:
    both, one = units_of([source("r1", fusion="", best=" "), source("r2", fusion="", best="b")], FUSION_BEST).units
    assert both.is_identical
    assert one.is_shown


def test_the_same_sources_give_the_same_definition() -> None:
    runs = [source("r1", fusion="x", best="y"), source("r2", fusion="x", best="z")]
    hashes = {definition_sha256(FUSION_BEST, units_of(runs, FUSION_BEST).units) for _ in range(2)}
    assert len(hashes) == 1
