"""Experiment 1 of Best-of-infinity, replayed at once and by a plain loop that samples each posterior.

One member on AIME2025, 100 trials, 13 Bayes factors and 7 fixed numbers of draws, at most 100 draws. The loop draws
one answer at a time and 1 000 Dirichlet samples a decision, with the prior of the paper's code (each count + 1, unseen
answers 1.3). It runs a few of the trials and its time is scaled to all. `--large` also replays 500 questions.
"""

import resource
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from fusion_ui.analysis.answers import BLANK, AnswerSet, Draws, Question
from fusion_ui.analysis.replay import Replay, parse_rules, replay
from fusion_ui.analysis.rules import rule_text
from fusion_ui.engine import evidence
from fusion_ui.engine.values import StopRule
from tests.analysis.support import counts_files

COUNTS = Path(__file__).resolve().parents[3] / "shared/data/boinf/analysis_aime2025_gpt-oss-20b.jsonl"
FACTORS = (2, 5, 7, 10, 30, 100, 300, 1000, 3000, 1e4, 1e7, 1e10, 1e15)
FIXED = (1, 3, 5, 7, 10, 30, 100)
RULES = ",".join([*(f"bayes:{factor}:1" for factor in FACTORS), *(f"fixed:{draws}" for draws in FIXED)])
TRIALS, CAP = 100, 100
LOOP_TRIALS = 3
SAMPLES = 1_000
UNSEEN = "unknown"


@dataclass(slots=True)
class Looped:
    """What the plain loop saw under one rule, a number for each trial and question."""

    draws: list[int] = field(default_factory=list)
    right: list[bool] = field(default_factory=list)
    decisions: int = 0


def main() -> None:
    answer_set, rules = counts_files(COUNTS), parse_rules(RULES)
    for cached in (evidence._doubt, evidence._grid, evidence._log_below):
        cached.cache_clear()
    began = time.perf_counter()
    replayed = replay(answer_set, rules=rules, trials=TRIALS, cap=CAP, seed=1)
    seconds = time.perf_counter() - began
    began = time.perf_counter()
    looped = [loop(answer_set, rule, trials=LOOP_TRIALS, seed=1) for rule in rules]
    loop_seconds = (time.perf_counter() - began) * TRIALS / LOOP_TRIALS
    show(replayed, rules, looped)
    decisions = sum(one.decisions for one in looped) * TRIALS / LOOP_TRIALS
    print(f"replay, all {TRIALS} trials, caches empty     {seconds:8.2f} s")
    print(
        f"plain loop, {LOOP_TRIALS} trials scaled to {TRIALS}      {loop_seconds:8.2f} s for {decisions:,.0f} decisions"
    )
    print(f"ratio                                   {loop_seconds / seconds:8.0f} (at least 100)")
    if "--large" in sys.argv:
        show_large()


def loop(answer_set: AnswerSet, rule: StopRule, *, trials: int, seed: int) -> Looped:
    """The experiment as a plain loop: one setting, one trial, one question, one draw at a time."""
    rng = np.random.default_rng(seed)
    seen = Looped()
    for _ in range(trials):
        for question in answer_set.questions:
            counts: Counter[str] = Counter()
            for draws in range(1, CAP + 1):
                add_one(counts, question, rng)
                if rule.name == "fixed":
                    if draws == rule.threshold:
                        break
                    continue
                seen.decisions += 1
                if sampled_bayes_factor(list(counts.values()), rng) >= rule.threshold:
                    break
            seen.draws.append(draws)
            seen.right.append(question.gold is not None and leader(counts) == question.answers[question.gold])
    return seen


def add_one(counts: Counter[str], question: Question, rng: np.random.Generator) -> None:
    [draws] = question.draws
    assert draws is not None
    key = draws.keys[rng.integers(len(draws.keys))]
    if key != BLANK:
        counts[question.answers[key]] += 1
    counts[UNSEEN] = 0.3  # type: ignore[assignment]


def sampled_bayes_factor(counts: Sequence[float], rng: np.random.Generator) -> float:
    """s P / (1 - P) from samples; where all of them agree, 1 - P is a bound of Hoeffding's kind."""
    if len(counts) < 2:
        return float("inf")
    samples = rng.dirichlet(np.array(counts) + 1.0, SAMPLES)
    share = float((samples.argmax(axis=1) == np.argmax(counts)).mean())
    doubt = 1.0 - share
    if doubt == 0:
        first, second = sorted(counts, reverse=True)[:2]
        doubt = float(np.exp(-first * max((first - second) / sum(counts), 1e-4) ** 2 / 2))
    return len(counts) * share / doubt


def leader(counts: Counter[str]) -> str:
    return counts.most_common(1)[0][0]


def show(replayed: Replay, rules: Sequence[StopRule], looped: Sequence[Looped]) -> None:
    print(f"{'rule':>16}  draws: replay   loop   accuracy: replay  loop")
    for rule, row, one in zip(rules, replayed.rows, looped, strict=True):
        print(
            f"{rule_text(rule):>16} {row.draws:14.2f} {np.mean(one.draws):6.2f} {row.accuracy or 0:17.3f} "
            f"{np.mean(one.right):5.3f}"
        )


def show_large() -> None:
    """500 questions, 7 members, 1 000 trials, up to 100 draws."""
    rng = np.random.default_rng(2)
    questions = []
    for place in range(500):
        shares = rng.dirichlet([0.3] * int(rng.integers(2, 60)))
        draws = tuple(Draws(keys=rng.choice(len(shares), size=100, p=shares)) for _ in range(7))
        answers = tuple(str(answer) for answer in range(len(shares)))
        questions.append(Question(name=str(place), answers=answers, gold=0, draws=draws))
    began = time.perf_counter()
    replay(AnswerSet(members=tuple("abcdefg"), questions=tuple(questions)), rules=parse_rules(RULES), trials=1_000)
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"500 questions x 1 000 trials, 20 rules   {seconds:8.2f} s, peak {peak:.0f} MB (below 1 000)")


if __name__ == "__main__":
    main()
