"""A million judged pairs of 20 systems: contrasts and two ladders of 1 000 resamples, against resampling vote by vote.

The reference is the pigeonhole bootstrap as it is written down: for each resample every vote weighs its prompt's draws
times its rater's, the weights are added up by kind of game, and each table is fitted by itself. It is timed on a few
resamples and scaled, for all of them take long. On a busy machine set OPENBLAS_NUM_THREADS=1: threads of matrix
products otherwise wait for each other.
"""

import time
import tracemalloc
from collections.abc import Callable

import numpy as np

from fusion_ui.analysis.preference.bradley_terry import fit_bradley_terry, fit_davidson
from fusion_ui.analysis.preference.comparisons import Comparisons, comparisons_of
from fusion_ui.analysis.preference.contrasts import contrasts
from fusion_ui.analysis.preference.games import Games, games_of
from fusion_ui.analysis.preference.ladder import ladders

ROWS, SYSTEMS, PROMPTS, RATERS = 1_000_000, 20, 5_000, 300
RESAMPLES = 1_000
TRIED = 20  # resamples of the reference
REPEATS = 5  # of ours; the fastest counts, for the machine may be busy


def study(rows: int, *, systems: int, prompts: int, raters: int) -> Comparisons:
    rng = np.random.default_rng(6)
    first = rng.integers(0, systems, rows)
    return comparisons_of(
        systems=[f"system {number}" for number in range(systems)],
        raters=[f"rater {number}" for number in range(raters)],
        first=first,
        second=(first + rng.integers(1, systems, rows)) % systems,
        outcome=rng.choice(4, rows, p=[0.45, 0.15, 0.35, 0.05]),
        prompt=rng.integers(0, prompts, rows),
        rater=rng.integers(0, raters, rows),
    )


def one_by_one(games: Games, resamples: int) -> None:
    rng = np.random.default_rng(6)
    prompts, raters = int(games.prompt.max()) + 1, int(games.rater.max()) + 1
    for _ in range(resamples):
        prompt = np.bincount(rng.integers(0, prompts, prompts), minlength=prompts)
        rater = np.bincount(rng.integers(0, raters, raters), minlength=raters)
        weights = (prompt[games.prompt] * rater[games.rater]).astype(np.float64)
        tables = games.tables(np.bincount(games.kind, weights, minlength=len(games.counts)))
        fit_bradley_terry(tables)
        fit_davidson(tables)


def fastest(work: Callable[[], object], repeats: int = REPEATS) -> float:
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return min(times)


def most_memory(work: Callable[[], object]) -> float:
    """Megabytes beyond what was held before."""
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6


def main() -> None:
    votes = study(ROWS, systems=SYSTEMS, prompts=PROMPTS, raters=RATERS)
    games = games_of(votes, range(SYSTEMS))
    slow = fastest(lambda: one_by_one(games, TRIED), 1) / TRIED * RESAMPLES
    pairs = fastest(lambda: contrasts(votes))
    both = fastest(lambda: ladders(votes, resamples=RESAMPLES))
    memory = most_memory(lambda: (contrasts(votes), ladders(votes)))
    few = study(300, systems=2, prompts=60, raters=8)
    print(f"{ROWS} rows, {SYSTEMS} systems, {PROMPTS} prompts, {RATERS} raters")
    print(f"{SYSTEMS * (SYSTEMS - 1) // 2} contrasts                  {pairs:8.3f} s")
    print(f"both ladders, {RESAMPLES} resamples   {both:8.3f} s")
    print(f"together                       {pairs + both:8.3f} s (at most 1.5)")
    print(f"resampled vote by vote         {slow:8.3f} s, {slow / both:.1f} times the ladders (at least 4)")
    print(f"memory of both                 {memory:8.0f} MB (at most 600)")
    print(f"a contrast of 300 votes        {fastest(lambda: contrasts(few), 50) * 1e3:8.3f} ms (at most 3)")


if __name__ == "__main__":
    main()
