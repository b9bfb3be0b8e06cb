"""All systems on one ladder."""

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.analysis.preference.comparisons import Comparisons, Outcome
from fusion_ui.analysis.preference.ladder import LOWER, UPPER, Ladder, Rung, ladder, ladders
from tests.analysis.preference.votes import all_say, drawn, is_plain, llmfao, relabelled, studies, turned, votes

WIN, TIE, LOSS, BAD = Outcome.FIRST, Outcome.TIE, Outcome.SECOND, Outcome.BOTH_BAD
MODELS = pytest.mark.parametrize("model", ["bradley_terry", "davidson"])
CROWD = {"GPT 4": (0.9909, 1.7516), "command": (0.6342, 1.1129), "Dolly v2 (3B)": (-0.8885, -1.5552)}


def by_name(found: Ladder) -> dict[str, Rung]:
    return {rung.system: rung for rung in found.rungs}


def settled(comparisons: Comparisons) -> dict[str, float]:
    """What does not hang on chance, by system and name."""
    found = ladder(comparisons, model="bradley_terry", resamples=1)
    return {
        f"{rung.system} {name}": value
        for rung in found.rungs
        for name, value in {**asdict(rung.score), "games": rung.games, "rank": rung.rank}.items()
        if isinstance(value, float | int)
    }


def chain(*, raters: int = 3, prompts: int = 8) -> Comparisons:
    """a beats b, b beats c, but for one vote each."""
    pairs = [("a", "b"), ("b", "c")]
    return votes(
        *((*pair, WIN, prompt, rater) for pair in pairs for prompt in range(prompts) for rater in range(raters)),
        *((*pair, LOSS, 0, 0) for pair in pairs),
    )


def test_the_crowd_s_ladder_is_the_published_one_within_the_weak_prior(shared_data: Path) -> None:
    plain, davidson = ladders(llmfao(shared_data), resamples=50)
    for place, found in enumerate((plain, davidson)):
        rungs = by_name(found)
        scores = {name: rungs[name].score.value for name in CROWD}
        assert scores == pytest.approx({name: both[place] for name, both in CROWD.items()}, abs=2e-2)
    best = by_name(plain)["GPT 4"]
    assert (best.games, round(best.win_rate, 4), round(best.score.df, 1)) == (158, 0.7848, 17.1)
    assert best.elo == pytest.approx(1000 + 173.7178 * best.score.value)
    assert davidson.tie_strength == pytest.approx(1.4797, abs=5e-3)
    assert plain.tie_strength is None


@given(studies)
def test_no_number_is_undefined(comparisons: Comparisons) -> None:
    for found in ladders(comparisons, resamples=20):
        assert is_plain(found)
        json.dumps(asdict(found), allow_nan=False)
        assert all(rung.score.low < rung.score.value < rung.score.high for rung in found.rungs)


@given(studies)
def test_ranks_follow_the_lower_bounds_and_their_own_bounds_hold_them(comparisons: Comparisons) -> None:
    found = ladder(comparisons, model="bradley_terry", resamples=20)
    for component in range(len(found.components)):
        rungs = [rung for rung in found.rungs if rung.component == component]
        lows = [rung.score.low for rung in rungs]
        assert lows == pytest.approx(sorted(lows, reverse=True), abs=1e-8)
        assert all(1 <= rung.rank_low <= rung.rank <= rung.rank_high <= len(rungs) for rung in rungs)
        assert sum(rung.best for rung in rungs) == pytest.approx(1)
        assert sum(rung.score.value for rung in rungs) == pytest.approx(0, abs=1e-8)


@given(st.integers(0, 200), st.permutations(range(4)))
def test_relabelling_permutes_the_rungs(seed: int, order: Sequence[int]) -> None:
    comparisons = drawn(80, seed)
    assert settled(relabelled(comparisons, order)) == pytest.approx(settled(comparisons), abs=1e-7)


@given(studies)
def test_which_side_was_written_first_does_not_matter(comparisons: Comparisons) -> None:
    assert settled(turned(comparisons)) == pytest.approx(settled(comparisons), abs=1e-7)


def test_losing_what_was_won_negates_every_score() -> None:
    comparisons = drawn(300, 1, prompts=20)
    losing = replace(comparisons, outcome=turned(comparisons).outcome)
    for model in ("bradley_terry", "davidson"):
        one, other = (by_name(ladder(each, model=model, resamples=20)) for each in (comparisons, losing))
        for name, rung in one.items():
            bounds = (rung.score.value, rung.score.low, rung.score.high)
            assert bounds == pytest.approx((-other[name].score.value, -other[name].score.high, -other[name].score.low))


def test_a_chain_of_comparisons_ranks_its_ends() -> None:
    found = ladder(chain(), model="bradley_terry", resamples=200)
    assert [rung.system for rung in found.rungs] == ["a", "b", "c"]
    assert found.components == (("a", "b", "c"),)
    assert found.is_strongly_connected
    assert found.rungs[0].best > 0.9


def test_groups_that_never_met_are_told_apart_and_never_ranked_together() -> None:
    found = ladder(votes(("a", "b", WIN, 0, 0), ("c", "d", LOSS, 0, 0)), model="davidson", resamples=20)
    assert found.components == (("a", "b"), ("c", "d"))
    assert [(rung.system, rung.component, rung.rank) for rung in found.rungs] == [
        ("a", 0, 1),
        ("b", 0, 2),
        ("d", 1, 1),
        ("c", 1, 2),
    ]
    assert not found.is_strongly_connected
    assert found.tie_strength is None
    assert "2 groups of systems were never compared" in found.note


@MODELS
def test_who_won_everything_gets_a_bound_and_not_a_narrow_interval(model) -> None:
    found = ladder(all_say(WIN, prompts=20, raters=4), model=model, resamples=50)
    first, last = found.rungs
    assert first.score.low < 1 < first.score.value < first.score.high
    assert (LOWER in first.score.note, UPPER in last.score.note) == (True, True)
    assert not found.is_strongly_connected
    assert "weak prior" in found.note


@MODELS
@pytest.mark.parametrize("outcome", [TIE, BAD])
def test_nothing_but_ties_puts_all_level_and_leaves_doubt(model, outcome: Outcome) -> None:
    found = ladder(all_say(outcome, prompts=6, raters=4), model=model, resamples=50)
    assert [(rung.rank, rung.score.value, rung.win_rate, rung.best) for rung in found.rungs] == [(1, 0, 0.5, 0.5)] * 2
    assert all(rung.score.high - rung.score.low > 0.4 for rung in found.rungs)


def test_nothing_compared_makes_an_empty_ladder_that_says_so() -> None:
    nobody = replace(votes(), systems=(), raters=())
    for nothing in (votes(), votes(("a", "a", WIN, 0, 0)), nobody):
        found = ladder(nothing, model="bradley_terry")
        assert (found.rungs, found.components, found.is_strongly_connected) == ((), (), False)
        assert "No two systems" in found.note


def test_one_vote_describes_itself_only_and_is_preliminary() -> None:
    found = ladder(votes(("a", "b", WIN, 0, 0)), model="bradley_terry", resamples=20)
    assert all(rung.score.basis == "these votes only" and rung.is_preliminary for rung in found.rungs)
    assert "describe these votes only" in found.note


def test_one_rater_on_many_prompts_is_named_as_the_limit() -> None:
    found = ladder(chain(raters=1), model="bradley_terry", resamples=20)
    assert {rung.score.basis for rung in found.rungs} == {"prompts"}
    assert "this one rater only" in found.note


def test_a_system_with_few_votes_of_its_own_has_fewer_degrees_of_freedom() -> None:
    study = votes(
        *(("a", "b", Outcome(n % 3), n % 12, n % 5) for n in range(60)), ("c", "a", WIN, 0, 0), ("b", "c", WIN, 1, 0)
    )
    rungs = by_name(ladder(study, model="bradley_terry", resamples=20))
    assert (round(rungs["a"].score.df, 1), rungs["a"].is_preliminary) == (9.5, False)
    assert (rungs["c"].score.basis, rungs["c"].is_preliminary) == ("these votes only", True)


def test_both_ladders_rest_on_the_same_resamples_as_each_alone() -> None:
    study = drawn(200, 5, prompts=20)
    assert ladders(study, resamples=30, seed=4) == tuple(
        ladder(study, model=model, resamples=30, seed=4) for model in ("bradley_terry", "davidson")
    )


def test_davidson_is_never_shown_as_bradley_terry() -> None:
    plain, davidson = ladders(drawn(400, 5, prompts=20), resamples=30)
    assert (plain.model, davidson.model) == ("bradley_terry", "davidson")
    assert "not that of Bradley-Terry" in davidson.note
    assert abs(davidson.rungs[0].score.value) > abs(plain.rungs[0].score.value)


def test_a_million_votes_say_that_they_were_drawn_in_bundles() -> None:
    study = drawn(30_000, 5, systems=6, prompts=3000, raters=200)
    assert "random bundles" in ladder(study, model="bradley_terry", resamples=5).note
    assert "random bundles" not in ladder(study.taken(np.arange(900)), model="bradley_terry", resamples=5).note
