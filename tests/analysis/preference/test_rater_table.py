"""The rater table: by hand, against a slower way, and with raters whose ways are known."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given

from fusion_ui.analysis.preference.agreement import agreement
from fusion_ui.analysis.preference.codes import codes_of
from fusion_ui.analysis.preference.comparisons import Comparisons, Outcome, comparisons_of
from fusion_ui.analysis.preference.estimates import share_of
from fusion_ui.analysis.preference.rater_table import MOST_FITTED, fitting_note, rater_table
from tests.analysis.preference.votes import is_plain, llmfao, studies, votes

FIRST, TIE, SECOND, BOTH_BAD = Outcome


def study(*, raters: int, units: int, seed: int, skill: float = 0.6, guessing: tuple[int, ...] = ()) -> Comparisons:
    """All judge all pairs: as often as their skill says the truth, else by chance, as those guessing always do."""
    rng = np.random.default_rng(seed)
    truth = np.repeat(rng.choice(3, units, p=[0.45, 0.2, 0.35]), raters)
    rater = np.tile(np.arange(raters), units)
    knows = (rng.random(len(truth)) < skill) & ~np.isin(rater, guessing)
    return comparisons_of(
        systems="ab",
        raters=[f"rater {number}" for number in range(raters)],
        first=np.zeros(len(truth)),
        second=np.ones(len(truth)),
        outcome=np.where(knows, truth, rng.integers(0, 3, len(truth))),
        prompt=np.repeat(np.arange(units), raters),
        rater=rater,
        left=rng.integers(0, 2, len(truth)),
        seconds=rng.lognormal(3.4, 0.5, len(truth)),
    )


def by_hand() -> Comparisons:
    """Ann judges four pairs, Ben and Cyd the first two of them, Dan none."""
    return comparisons_of(
        systems="ab",
        raters=["Ann", "Ben", "Cyd", "Dan"],
        first=[0, 0, 1, 0, 0, 0, 0, 0],
        second=[1, 1, 0, 1, 1, 1, 1, 1],
        outcome=[FIRST, FIRST, FIRST, TIE, FIRST, SECOND, FIRST, BOTH_BAD],
        prompt=[0, 1, 2, 3, 0, 1, 0, 1],
        rater=[0, 0, 0, 0, 1, 1, 2, 2],
        left=[1, 1, 1, 1, 0, 0, -1, 0],
        lengths=[[9, 5], [5, 9], [7, 7], [9, 5], [9, 5], [5, 9], [9, np.nan], [5, 9]],
        seconds=[10, 20, 60, np.nan, 4, 6, np.nan, np.nan],
    )


def test_a_row_tells_pace_agreement_and_leanings() -> None:
    ann, ben, cyd = rater_table(by_hand())
    assert (ann.rater, ann.judgements, ann.median_seconds, ann.ties, ann.both_bad) == ("Ann", 4, 20.0, 0.25, 0.0)
    assert (ann.others, ann.left, ann.longer, ann.longest_run) == (
        share_of(1, 2),
        share_of(3, 3),
        share_of(1, 2),
        3,
    )
    assert (ben.median_seconds, ben.left, ben.longest_run) == (5.0, share_of(1, 2), 1)
    assert (ben.others, ben.longer) == (share_of(1.5 - 0.5, 2), share_of(2, 2))
    assert (cyd.median_seconds, cyd.both_bad, cyd.left.share, cyd.longer.share) == (None, 0.5, None, None)


def test_what_is_known_of_repeats_and_gold_is_handed_through() -> None:
    ann, ben, _ = rater_table(by_hand(), repeats={"Ann": share_of(3, 4)}, gold={"Ben": share_of(0, 9)})
    assert (ann.repeats, ann.gold) == (share_of(3, 4), share_of(0, 0))
    assert (ben.gold, ben.flags) == (share_of(0, 9), ("misses gold",))


@given(studies)
def test_agreement_with_the_others_is_that_of_leaving_each_vote_out(study: Comparisons) -> None:
    codes = codes_of(study)
    hits, of = Counter[int](), Counter[int]()
    for row, (code, unit, rater) in enumerate(zip(*codes, strict=True)):
        others = Counter(each for at, each in enumerate(codes.codes) if at != row and codes.units[at] == unit)
        if others:
            top = [each for each, number in others.items() if number == max(others.values())]
            hits[int(rater)] += (code in top) / len(top)
            of[int(rater)] += 1
    rows = rater_table(study)
    at = [study.raters.index(row.rater) for row in rows]
    assert [row.others.of for row in rows] == [of[each] for each in at]
    assert [row.others.hits for row in rows] == pytest.approx([hits[each] for each in at])
    assert is_plain(rows)


@given(studies)
def test_raters_together_reach_the_ceiling(study: Comparisons) -> None:
    ceiling = agreement(*codes_of(study), level="nominal", resamples=2).ceiling
    rows = rater_table(study)
    assert sum(row.others.hits for row in rows) == pytest.approx(ceiling.hits)
    assert sum(row.others.of for row in rows) == ceiling.of


def test_answers_dealt_out_at_random_reach_what_is_called_chance() -> None:
    always = study(raters=5, units=400, seed=1)
    same = np.where(always.rater == 0, FIRST, always.outcome)
    row = rater_table(comparisons_of(**columns(always), outcome=same))[0]
    assert row.by_chance == pytest.approx(row.others.share)


def columns(comparisons: Comparisons) -> dict[str, object]:
    names = "systems raters first second prompt rater left seconds".split()
    return {name: getattr(comparisons, name) for name in names}


def test_a_rater_who_guesses_among_careful_ones_is_found_and_they_are_not() -> None:
    found, false = 0, 0
    for seed in range(30):
        rows = rater_table(study(raters=20, units=100, seed=seed, guessing=(7,)))
        found += "like chance" in rows[7].flags
        false += sum(bool(row.flags) for row in rows if row.rater != "rater 7")
    assert found >= 29  # a guesser can be lucky
    assert false <= 1


def test_a_rater_who_guesses_is_found_where_each_judges_a_sixth_and_people_agree_as_they_do() -> None:
    # Of the crowd's agreement (alpha 0.3); about 130 judgements each.
    for seed in range(10):
        whole = study(raters=30, units=800, seed=seed, skill=0.55, guessing=(3, 21))
        turns = np.random.default_rng(seed).permuted(np.tile(np.arange(30) < 5, (800, 1)), axis=1)
        rows = rater_table(whole.taken(turns.ravel()))
        assert [row.rater for row in rows if row.flags] == ["rater 3", "rater 21"]


@pytest.mark.parametrize("raters", [2, 8])
def test_where_all_guess_nobody_stands_out(raters: int) -> None:
    guessed = study(raters=raters, units=200, seed=2, guessing=tuple(range(raters)))
    assert not any(row.flags for row in rater_table(guessed))


def test_nobody_is_like_chance_beside_raters_who_always_say_the_same() -> None:
    varied = study(raters=4, units=40, seed=3)
    same = np.where(varied.rater == 0, varied.outcome, FIRST)
    rows = rater_table(comparisons_of(**columns(varied), outcome=same))
    assert rows[0].others.share == pytest.approx(rows[0].by_chance)
    assert not any(row.flags for row in rows)


def test_who_always_presses_one_key_is_found() -> None:
    careful = study(raters=8, units=60, seed=3)
    pressing = np.where(careful.rater == 2, np.where(careful.left == 1, FIRST, SECOND), careful.outcome)
    flags = [row.flags for row in rater_table(comparisons_of(**columns(careful), outcome=pressing))]
    assert flags.pop(2) == ("like chance", "one side", "same side 60 times")
    assert not any(flags)


def test_who_always_presses_tie_is_found() -> None:
    careful = study(raters=8, units=100, seed=3)
    tied = np.where(careful.rater == 2, TIE, careful.outcome)
    assert rater_table(comparisons_of(**columns(careful), outcome=tied))[2].flags == ("like chance",)


def test_who_hurries_is_found_and_who_is_brisk_is_not() -> None:
    careful = study(raters=6, units=30, seed=4)
    paces = np.select([careful.rater == 1, careful.rater == 2], [0.1, 0.6], 1.0) * careful.seconds
    known = columns(careful) | {"seconds": paces, "outcome": careful.outcome}
    assert [row.rater for row in rater_table(comparisons_of(**known)) if "fast" in row.flags] == ["rater 1"]


def test_a_ranking_is_one_judgement_of_three_pairs() -> None:
    pairs = [("a", "b", FIRST), ("a", "c", TIE), ("b", "c", FIRST)] * 2
    rows = votes(*((one, other, outcome, 0, 0) for one, other, outcome in pairs))
    names = "systems raters first second outcome prompt rater".split()
    ranked = comparisons_of(
        **{name: getattr(rows, name) for name in names},
        judgement=[4, 4, 4, 2, 2, 2],
        left=[1, 1, 0, 1, 0, 0],
        seconds=[3, 3, 3, 9, 9, 9],
    )
    (row,) = rater_table(ranked)
    assert (row.judgements, row.median_seconds, row.left, row.ties) == (2, 6.0, share_of(2, 2), 1 / 3)


def test_the_pairs_of_a_ranking_agree_with_the_others_as_one_judgement() -> None:
    said = {0: [FIRST, FIRST, FIRST], 1: [FIRST, FIRST, SECOND], 2: [FIRST, SECOND, SECOND]}
    pairs = [("a", "b"), ("a", "c"), ("b", "c")]
    rows = votes(
        *((*pair, outcome, 0, rater) for rater in said for pair, outcome in zip(pairs, said[rater], strict=True))
    )
    ranked = replace(rows, judgement=rows.rater)
    table = rater_table(ranked)
    assert [row.others.of for row in table] == [1, 1, 1]
    assert [row.others.hits for row in table] == pytest.approx(
        [(1 + 0.5 + 0) / 3, (1 + 0.5 + 0.5) / 3, (1 + 0 + 0.5) / 3]
    )


def test_a_run_ends_with_a_tie_an_unknown_side_or_the_next_rater() -> None:
    rows = comparisons_of(
        systems="ab",
        raters=["Ann", "Ben"],
        first=[0] * 9,
        second=[1] * 9,
        outcome=[FIRST, FIRST, TIE, FIRST, FIRST, FIRST, FIRST, FIRST, FIRST],
        prompt=range(9),
        rater=[0, 0, 0, 0, 0, 0, 1, 1, 1],
        left=[1, 1, 1, 1, -1, 1, 1, 1, 1],
    )
    assert [row.longest_run for row in rater_table(rows)] == [2, 3]


def test_the_chance_of_being_right_needs_three_raters_on_the_same_units() -> None:
    assert [row.expected for row in rater_table(study(raters=2, units=50, seed=1))] == [None, None]
    apart = votes(*(("a", "b", FIRST, rater, rater) for rater in range(4)))
    assert [row.expected for row in rater_table(apart)] == [None] * 4


def test_the_chance_of_being_right_is_found_from_a_sample_of_many_pairs() -> None:
    many = study(raters=30, units=MOST_FITTED // 20, seed=1, skill=0.7, guessing=(4,))
    rows = rater_table(many)
    careful = np.mean([row.expected for row in rows if row.rater != "rater 4"])
    assert careful == pytest.approx(0.8, abs=0.02)
    assert rows[4].expected == pytest.approx(1 / 3, abs=0.02)
    assert "about 100000 of 150000 pairs" in fitting_note(len(many))
    assert fitting_note(MOST_FITTED) == ""


def test_the_crowd_s_raters_are_as_published(shared_data: Path) -> None:
    rows = rater_table(llmfao(shared_data))
    shares = [row.others.share for row in rows if row.others.of >= 30]
    assert (min(shares), max(shares)) == pytest.approx((0.31, 0.76), abs=0.005)
    assert sum(row.others.hits for row in rows) / sum(row.others.of for row in rows) == pytest.approx(0.5788, abs=5e-5)
    assert 3 <= sum(bool(row.flags) for row in rows) <= 12


def test_nobody_judged_and_there_are_no_rows() -> None:
    assert rater_table(votes()) == ()
