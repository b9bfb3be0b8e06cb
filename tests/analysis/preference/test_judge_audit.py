"""Judges against people: published values, and small cases by hand."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given

from fusion_ui.analysis.preference.comparisons import Comparisons, Outcome, comparisons_of
from fusion_ui.analysis.preference.estimates import share_of
from fusion_ui.analysis.preference.judge_audit import JudgeAudit, cohen, judge_audits
from tests.analysis.preference.votes import is_plain, llmfao, studies, votes

FIRST, TIE, SECOND, BOTH_BAD = Outcome


def said(*rows: tuple[int, Outcome], left: list[int] | None = None, judge: int = 0) -> Comparisons:
    """What was said of a against b in each of these units, by one rater or judge."""
    return comparisons_of(
        systems="ab",
        raters=["judge: m", "judge: n"],
        first=[0] * len(rows),
        second=[1] * len(rows),
        outcome=[outcome for _, outcome in rows],
        prompt=[unit for unit, _ in rows],
        rater=[judge] * len(rows),
        left=left,
    )


def audit(people: Comparisons, judges: Comparisons, unreadable: list[bool] | None = None) -> JudgeAudit:
    (found,) = judge_audits(people, judges, unreadable=None if unreadable is None else np.array(unreadable))
    return found


def as_left_and_right(comparisons: Comparisons) -> Comparisons:
    """The same votes between what stood left and what stood right."""
    n = len(comparisons)
    return replace(
        comparisons,
        systems=("left", "right"),
        first=np.zeros(n, dtype=np.int32),
        second=np.ones(n, dtype=np.int32),
        left=np.ones(n, dtype=np.int32),
    )


@pytest.mark.parametrize(
    ("judge", "decisive", "expected", "first"),
    [
        ("judge_gpt4", 1043, (0.4462, 0.2181, 0.7459, 0.4930, 0.4148), (943, 2073)),
        ("judge_gpt3", 971, (0.3774, 0.1015, 0.6313, 0.2514, 0.3757), (1352, 1945)),
    ],
)
def test_published_judges_agree_with_the_crowd_as_published(
    judge: str, decisive: int, expected: tuple[float, ...], first: tuple[int, int], shared_data: Path
) -> None:
    found = audit(*(as_left_and_right(llmfao(shared_data, name)) for name in ("crowd_votes", judge)))
    values = (
        found.accuracy.share,
        found.kappa.value,
        found.accuracy_decisive.share,
        found.kappa_decisive.value,
        found.votes.share,
    )
    assert values == pytest.approx(expected, abs=5e-5)
    assert (found.items, found.unique, found.accuracy_decisive.of) == (2139, 1831, decisive)
    assert (found.first_place, found.ceiling.of) == (share_of(*first), 8916)
    assert found.ceiling.share == pytest.approx(0.5788, abs=5e-5)
    assert found.kappa.low < found.kappa.value < found.kappa.high


def test_kappa_is_that_of_a_table_by_hand() -> None:
    assert cohen(np.array([[20, 5], [10, 15]])) == pytest.approx(0.4)
    assert cohen(np.array([[20, 5, 0], [10, 15, 0]])) == pytest.approx(0.4)
    assert np.isnan(cohen(np.array([[9, 0], [0, 0]])))


def test_items_without_one_majority_have_votes_but_no_accuracy() -> None:
    people = said((0, FIRST), (0, FIRST), (0, TIE), (1, FIRST), (1, SECOND), (2, TIE))
    found = audit(people, said((0, FIRST), (1, FIRST), (2, SECOND), (9, FIRST)))
    assert (found.items, found.unique, found.accuracy, found.votes) == (3, 2, share_of(1, 2), share_of(3, 6))
    assert found.confusion == ((1, 0, 0, 0), (0, 0, 1, 0), (0, 0, 0, 0))


def test_both_bad_is_a_tie_on_either_side() -> None:
    found = audit(said((0, BOTH_BAD), (1, TIE)), said((0, TIE), (1, BOTH_BAD)))
    assert found.confusion[1] == (0, 2, 0, 0)


def test_a_reply_that_cannot_be_read_is_no_tie_and_agrees_with_nobody() -> None:
    people = said((0, TIE), (1, FIRST), (2, SECOND))
    found = audit(people, said((0, TIE), (1, FIRST), (2, TIE)), [True, False, True])
    assert found.confusion == ((1, 0, 0, 0), (0, 0, 0, 1), (0, 0, 0, 1))
    assert (found.unreadable, found.accuracy, found.votes) == (2, share_of(1, 3), share_of(1, 3))
    assert found.accuracy_decisive == share_of(1, 1)
    assert found.classes[3] == "unreadable"


def test_the_judge_s_answer_over_both_orders_is_the_side_that_wins_more_often() -> None:
    people = said(*((unit, FIRST) for unit in range(4)))
    asked = [(0, FIRST), (0, FIRST), (1, FIRST), (1, TIE), (2, FIRST), (2, SECOND), (3, FIRST), (3, SECOND)]
    found = audit(people, said(*asked, left=[1, 0] * 4), [False] * 7 + [True])
    assert found.confusion[0] == (3, 1, 0, 0)
    assert found.flips == share_of(2, 3)
    assert "Flips" not in found.note


def test_who_picks_the_first_shown_does_so_from_either_side() -> None:
    asked = [(0, FIRST), (0, SECOND), (1, FIRST), (1, SECOND), (2, TIE), (2, FIRST)]
    found = audit(said((0, FIRST)), said(*asked, left=[1, 0, 1, 0, 1, -1]))
    assert found.first_place == share_of(4, 4)
    assert found.flips == share_of(2, 2)


def test_a_pair_written_the_other_way_round_is_the_same_pair() -> None:
    turned = replace(
        said((0, SECOND), (1, FIRST), left=[1, 1]),
        first=np.ones(2, dtype=np.int32),
        second=np.zeros(2, dtype=np.int32),
    )
    found = audit(said((0, FIRST), (1, SECOND)), turned)
    assert found.accuracy == share_of(2, 2)
    assert found.first_place == share_of(1, 2)


def test_each_judge_has_an_audit_of_its_own() -> None:
    one, other = said((0, FIRST)), said((0, SECOND), judge=1)
    names = "first second outcome prompt rater".split()
    both = comparisons_of(
        systems="ab",
        raters=one.raters,
        **{name: np.concatenate([getattr(one, name), getattr(other, name)]) for name in names},
    )
    found = judge_audits(said((0, FIRST)), both)
    assert [(each.judge, each.accuracy.hits) for each in found] == [("judge: m", 1), ("judge: n", 0)]


@given(studies)
def test_a_judge_who_says_what_one_person_said_agrees_wholly(study: Comparisons) -> None:
    one = study.taken(np.unique([study.prompt, study.first * 9 + study.second], axis=1, return_index=True)[1])
    straight = one.taken(one.first < one.second)
    for found in judge_audits(straight, replace(straight, rater=np.zeros(len(straight), dtype=np.int32))):
        assert found.accuracy.share == found.votes.share == 1
        assert found.kappa is None or found.kappa.value == pytest.approx(1)
        assert is_plain(found)


def test_what_is_not_defined_says_why() -> None:
    torn = audit(said((0, FIRST), (0, SECOND)), said((0, FIRST)))
    same = audit(said((0, FIRST), (1, FIRST)), said((0, FIRST), (1, FIRST)))
    alone = audit(said(), said((0, FIRST)))
    assert (torn.kappa, same.kappa, alone.kappa) == (None, None, None)
    assert "most people gave" in torn.note
    assert "one and the same answer" in same.note
    assert (alone.items, alone.accuracy.share, alone.ceiling.share) == (0, None, None)


def test_judges_of_other_systems_are_refused_and_no_judge_is_no_audit() -> None:
    with pytest.raises(ValueError, match="same systems"):
        judge_audits(said((0, FIRST)), votes(("a", "b", FIRST, 0, 0)))
    assert judge_audits(said((0, FIRST)), said()) == ()
