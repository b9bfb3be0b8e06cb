"""How often one is preferred: rates with clustered intervals, and the table of everyone against everyone.

Ties and both bad count as half a win, and are shown beside the wins; nothing here knows a model of strengths.
"""

from dataclasses import dataclass

import numpy as np

from fusion_ui.analysis.preference.clustering import clusters_of, estimate_of, means_of
from fusion_ui.analysis.preference.comparisons import Comparisons, Floats, Ints, Outcome
from fusion_ui.analysis.preference.estimates import Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """Row against column: wins, ties (both bad among them), losses of the row; a rate is None where nobody compared."""

    systems: tuple[str, ...]
    wins: tuple[tuple[int, ...], ...]
    ties: tuple[tuple[int, ...], ...]
    losses: tuple[tuple[int, ...], ...]
    rates: tuple[tuple[float | None, ...], ...]


def mean_estimate(
    values: Floats, *, prompt: Ints, rater: Ints, level: float = 0.95, limits: tuple[float, float] | None = None
) -> Estimate | None:
    """The mean with its interval over prompts and raters; None without values. `limits` are what a value can reach."""
    (mean,) = means_of(np.asarray(values, dtype=np.float64), clusters_of(prompt=prompt, rater=rater))
    return estimate_of(mean.value, mean.spread, level=level, limits=limits) if mean else None


def win_rate(comparisons: Comparisons, *, level: float = 0.95) -> Estimate | None:
    """How often the first is preferred, over all rows, ties as half; None without rows."""
    return mean_estimate(
        comparisons.score, prompt=comparisons.prompt, rater=comparisons.rater, level=level, limits=(0.0, 1.0)
    )


def both_bad_rate(comparisons: Comparisons, *, level: float = 0.95) -> Estimate | None:
    """How often a rater found both bad; None without rows."""
    bad = (comparisons.outcome == Outcome.BOTH_BAD).astype(np.float64)
    return mean_estimate(bad, prompt=comparisons.prompt, rater=comparisons.rater, level=level, limits=(0.0, 1.0))


def matrix_of(comparisons: Comparisons) -> Matrix:
    """Who won how often against whom; a system's comparison with itself is left out."""
    k = len(comparisons.systems)
    codes = (comparisons.first.astype(np.intp) * k + comparisons.second) * len(Outcome) + comparisons.outcome
    counts = np.bincount(codes, minlength=k * k * len(Outcome)).reshape(k, k, len(Outcome))
    counts[np.arange(k), np.arange(k)] = 0
    wins = counts[:, :, Outcome.FIRST] + counts[:, :, Outcome.SECOND].T
    even = counts[:, :, Outcome.TIE] + counts[:, :, Outcome.BOTH_BAD]
    ties = even + even.T
    games = wins + wins.T + ties
    return Matrix(
        systems=comparisons.systems,
        wins=_rows(wins),
        ties=_rows(ties),
        losses=_rows(wins.T),
        rates=tuple(
            tuple(float((wins[i, j] + ties[i, j] / 2) / games[i, j]) if games[i, j] else None for j in range(k))
            for i in range(k)
        ),
    )


def _rows(counts: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(map(int, row)) for row in counts)
