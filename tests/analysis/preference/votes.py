"""Comparisons for tests of preferences: written by hand, drawn from known strengths, or published."""

import csv
import math
from collections.abc import Sequence
from dataclasses import asdict, is_dataclass, replace
from itertools import combinations
from pathlib import Path

import numpy as np
from hypothesis import strategies as st

from fusion_ui.analysis.preference.comparisons import Comparisons, Outcome, comparisons_of

OUTCOMES = {"left": Outcome.FIRST, "tie": Outcome.TIE, "right": Outcome.SECOND}


def votes(*rows: tuple[str, str, Outcome, int, int]) -> Comparisons:
    """Rows of first, second, outcome, prompt, rater; the systems are a, b, c, d."""
    first, second, outcome, prompt, rater = zip(*rows, strict=True) if rows else ((),) * 5
    return comparisons_of(
        systems="abcd",
        raters=[f"rater {number}" for number in range(1 + max(rater, default=0))],
        first=["abcd".index(name) for name in first],
        second=["abcd".index(name) for name in second],
        outcome=outcome,
        prompt=prompt,
        rater=rater,
    )


def all_say(outcome: Outcome, *, prompts: int, raters: int) -> Comparisons:
    """Every rater says this of a and b on every prompt."""
    return votes(*(("a", "b", outcome, prompt, rater) for prompt in range(prompts) for rater in range(raters)))


def drawn(
    n: int,
    seed: int,
    *,
    systems: int = 4,
    prompts: int = 8,
    raters: int = 3,
    prompt_sd: float = 0.0,
    rater_sd: float = 0.0,
) -> Comparisons:
    """Votes of raters who prefer earlier systems, ties among them; prompts and raters may have tastes of their own."""
    rng = np.random.default_rng(seed)
    first = rng.integers(0, systems, n)
    second = (first + rng.integers(1, systems, n)) % systems
    prompt, rater = rng.integers(0, prompts, n), rng.integers(0, raters, n)
    by_prompt, by_rater = rng.normal(0, 1, (prompts, systems)), rng.normal(0, 1, (raters, systems))
    strength = -0.3 * np.arange(systems) + prompt_sd * by_prompt[prompt] + rater_sd * by_rater[rater]
    rows = np.arange(n)
    noise = rng.logistic(size=n) + strength[rows, first] - strength[rows, second]
    outcome = np.where(np.abs(noise) < 0.4, rng.choice([1, 3], n), np.where(noise > 0, 0, 2))
    return comparisons_of(
        systems=[f"system {number}" for number in range(systems)],
        raters=[f"rater {number}" for number in range(raters)],
        first=first,
        second=second,
        outcome=outcome,
        prompt=prompt,
        rater=rater,
    )


studies = st.builds(
    drawn,
    st.integers(0, 60),
    st.integers(0, 10_000),
    systems=st.integers(2, 5),
    prompts=st.integers(1, 9),
    raters=st.integers(1, 4),
)


def turned(comparisons: Comparisons) -> Comparisons:
    """The same votes with the other side of every pair written first."""
    opposite = np.array([2, 1, 0, 3], dtype=np.int32)
    return replace(
        comparisons,
        first=comparisons.second,
        second=comparisons.first,
        outcome=opposite[comparisons.outcome],
    )


def relabelled(comparisons: Comparisons, order: Sequence[int]) -> Comparisons:
    """The same votes where the systems are listed in another order."""
    place = np.argsort(order).astype(np.int32)
    return replace(
        comparisons,
        systems=tuple(comparisons.systems[each] for each in order),
        first=place[comparisons.first],
        second=place[comparisons.second],
    )


def is_plain(result: object) -> bool:
    """Whether no number in it is NaN or without bound."""
    if is_dataclass(result) and not isinstance(result, type):
        return is_plain(asdict(result))
    if isinstance(result, dict):
        return all(map(is_plain, result.values()))
    if isinstance(result, tuple | list):
        return all(map(is_plain, result))
    return not isinstance(result, float) or math.isfinite(result)


def llmfao(folder: Path, name: str = "crowd_votes") -> Comparisons:
    """The published votes of llmfao: the crowd's, or those of "judge_gpt4" and "judge_gpt3"."""
    with (folder / "open" / f"llmfao_{name}.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    systems = sorted({row[side] for row in rows for side in ("left", "right")})
    raters = sorted({row.get("worker", name) for row in rows})
    return comparisons_of(
        systems=systems,
        raters=raters,
        first=[systems.index(row["left"]) for row in rows],
        second=[systems.index(row["right"]) for row in rows],
        outcome=[OUTCOMES[row["winner"]] for row in rows],
        prompt=[int(row["prompt"]) for row in rows],
        rater=[raters.index(row.get("worker", name)) for row in rows],
        unit=[int(row["id"]) for row in rows],
    )


def golden(folder: Path, algorithm: str, systems: Sequence[str]) -> np.ndarray:
    """What another author's program gave for the crowd's votes."""
    with (folder / "open" / "llmfao_evalica_golden.csv").open(encoding="utf-8", newline="") as lines:
        score = {row["item"]: float(row["score"]) for row in csv.DictReader(lines) if row["algorithm"] == algorithm}
    return np.array([score[system] for system in systems])


def mqm(folder: Path) -> Comparisons:
    """Pairs of translations of one segment by one rater: fewer error points win."""
    with (folder / "open" / "mqm_zhen_ratings.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    systems, raters = (sorted({row[name] for row in rows}) for name in ("system", "rater"))
    seen: dict[tuple[int, int], list[tuple[float, int]]] = {}
    for row in rows:
        points = (float(row["mqm"]), systems.index(row["system"]))
        seen.setdefault((int(row["seg"]), raters.index(row["rater"])), []).append(points)
    pairs = [(*key, *one, *other) for key, points in seen.items() for one, other in combinations(points, 2)]
    prompt, rater, one, first, other, second = map(np.array, zip(*pairs, strict=True))
    return comparisons_of(
        systems=systems,
        raters=raters,
        first=first,
        second=second,
        outcome=(1 + np.sign(one - other)).astype(int),
        prompt=prompt,
        rater=rater,
        judgement=prompt * len(raters) + rater,
    )
