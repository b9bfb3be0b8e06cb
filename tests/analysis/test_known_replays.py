"""Known results of Best-of-infinity (arXiv 2509.21091), GPT-OSS-20B, cap 100, recomputed on its published counts.

The known rows come from an earlier edition of the counts, on which all of AIME25 came out within 0.006 of agreement,
0.003 of accuracy and 0.4 draws (4 000 trials). What the tolerances allow is the distance between the editions, which is
largest on GPQA; the simulation's own error is below 0.002 at 1 000 trials. B = 10 counts from the first vote on.
"""

from pathlib import Path

import pytest

from fusion_ui.analysis.replay import Replay, ReplayRow, parse_rules, replay
from tests.analysis.support import counts_files

RULES = "fixed:10,fixed:30,fixed:100,bayes:10:1,bayes:30,bayes:100,asc:0.95"
AIME = {
    "fixed:10": (10, 0.907, 0.876),
    "fixed:30": (30, 0.945, 0.898),
    "fixed:100": (100, 0.969, 0.899),
    "bayes:10:1": (4.7, 0.928, 0.881),
    "bayes:30": (9.3, 0.954, 0.898),
    "bayes:100": (15.7, 0.965, 0.901),
    "asc:0.95": (16.4, 0.966, None),
}
GPQA = {
    "fixed:10": (10, 0.914, 0.707),
    "fixed:30": (30, 0.949, 0.715),
    "fixed:100": (100, 0.972, 0.719),
    "bayes:10:1": (3.9, 0.902, 0.696),
    "bayes:30": (10.5, 0.956, 0.715),
    "bayes:100": (19.4, 0.972, 0.718),
}


@pytest.fixture(scope="module")
def aime(shared_data: Path) -> Replay:
    return published(shared_data, "aime2025", trials=1_000)


@pytest.fixture(scope="module")
def gpqa(shared_data: Path) -> Replay:
    return published(shared_data, "gpqa_diamond", trials=200)


def published(shared_data: Path, name: str, *, trials: int) -> Replay:
    answers = counts_files(shared_data / f"boinf/analysis_{name}_gpt-oss-20b.jsonl")
    return replay(answers, rules=parse_rules(RULES), trials=trials, cap=100, seed=0)


def row(result: Replay, rule: str) -> ReplayRow:
    return result.rows[RULES.split(",").index(rule)]


@pytest.mark.parametrize("rule", AIME)
def test_aime25_comes_out_as_known(aime: Replay, rule: str) -> None:
    draws, agreement, accuracy = AIME[rule]
    assert row(aime, rule).draws == pytest.approx(draws, rel=0.06)
    assert row(aime, rule).mode_agreement == pytest.approx(agreement, abs=0.008)
    assert accuracy is None or row(aime, rule).accuracy == pytest.approx(accuracy, abs=0.016)


@pytest.mark.parametrize("rule", GPQA)
def test_gpqa_comes_out_as_known(gpqa: Replay, rule: str) -> None:
    draws, agreement, accuracy = GPQA[rule]
    assert row(gpqa, rule).draws == pytest.approx(draws, rel=0.16)
    assert row(gpqa, rule).mode_agreement == pytest.approx(agreement, abs=0.018)
    assert row(gpqa, rule).accuracy == pytest.approx(accuracy, abs=0.012)


def test_a_minimum_of_three_votes_cannot_give_the_known_draws_of_b10(shared_data: Path) -> None:
    answers = counts_files(shared_data / "boinf/analysis_aime2025_gpt-oss-20b.jsonl")
    paper, ours = replay(answers, rules=parse_rules("bayes:10:1,bayes:10"), trials=100).rows
    assert paper.draws == pytest.approx(4.7, rel=0.06)
    assert ours.draws > 5.5


def test_accuracy_rises_to_the_limit_and_agreement_with_it(aime: Replay) -> None:
    fixed = [row(aime, rule) for rule in ("fixed:10", "fixed:30", "fixed:100")]
    assert aime.limit_accuracy == 27 / 30
    assert sorted(one.accuracy or 0 for one in fixed) == [one.accuracy for one in fixed]
    assert sorted(one.mode_agreement for one in fixed) == [one.mode_agreement for one in fixed]
    assert (fixed[-1].accuracy or 0) < aime.limit_accuracy


def test_stopping_early_costs_a_fraction_of_the_draws_that_fixing_them_does(aime: Replay) -> None:
    adaptive, fixed = row(aime, "bayes:100"), row(aime, "fixed:100")
    assert adaptive.draws < fixed.draws / 6
    assert adaptive.accuracy == pytest.approx(fixed.accuracy, abs=0.003)
    assert (adaptive.tokens or 0) < (fixed.tokens or 0) / 3
