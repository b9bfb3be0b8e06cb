"""Strengths behind pairwise wins: Bradley-Terry with ties as half a win, and Davidson with a place for ties.

Both by Newton's method on tables of counts, any number of tables at once (the leading axes), so that a thousand
resamples cost little more than one. Davidson's scale is stretched by ties: never show one as the other.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fusion_ui.analysis.preference.comparisons import Floats

Places = NDArray[np.intp]
PRIOR = (
    0.1  # precision of N(0, 10) on each score: keeps all-won scores finite, moves 59 llmfao scores by 0.0036 at most
)
_MOST_STEPS = 100
_RIDGE = 1e-9  # of curvature where a likelihood without prior is flat; too small to shorten any other step
_LONGEST_STEP = 2.0  # of a full Newton step on the flat ends of the logistic, which would overshoot


class Tables(NamedTuple):
    """Counts (..., k, k): wins of row over column, and ties, the same from both sides."""

    wins: Floats
    ties: Floats


class Fit(NamedTuple):
    """Scores (..., k) in natural logs with mean 0; the log of the tie strength nu, None without; -Hessian there."""

    scores: Floats
    log_ties: Floats | None
    curvature: Floats


class Surprise(NamedTuple):
    """What a comparison gave beyond what was expected: of the score of its first, and (Davidson) of a tie."""

    score: Floats
    tie: Floats | None


class _Slope(NamedTuple):
    gradient: Floats
    curvature: Floats


def fit_bradley_terry(
    tables: Tables, *, prior: float = PRIOR, start: Floats | None = None, tolerance: float = 1e-10
) -> Fit:
    """The most probable scores where P(i beats j) = 1 / (1 + exp(b_j - b_i)) (Bradley & Terry 1952, Biometrika 39:324).

    A prior of 0 is plain maximum likelihood; without strong connection that has no end, and scores are merely large.
    """
    points = tables.wins + tables.ties / 2
    games = points + _turned(points)
    won = points.sum(axis=-1)

    def slope(scores: Floats) -> _Slope:
        expected = 1 / (1 + np.exp(scores[..., None, :] - scores[..., :, None]))
        spread = games * expected * (1 - expected)
        return _Slope(won - (games * expected).sum(axis=-1) - prior * scores, _laplacian(spread, prior))

    first = np.zeros(won.shape) if start is None else np.broadcast_to(start, won.shape)
    scores = _climbed(slope, first, tolerance=tolerance)
    return Fit(scores - scores.mean(axis=-1, keepdims=True), None, slope(scores).curvature)


def fit_davidson(tables: Tables, *, prior: float = PRIOR, start: Floats | None = None, tolerance: float = 1e-10) -> Fit:
    """The most probable scores and nu where a tie has weight nu sqrt(e^b_i e^b_j) (Davidson 1970, JASA 65:317).

    The prior holds for log nu as well, or nu would be without bound where nobody tied. `start`: scores, then log nu.
    """
    games = tables.wins + _turned(tables.wins) + tables.ties
    won = tables.wins.sum(axis=-1) + tables.ties.sum(axis=-1) / 2
    tied = tables.ties.sum(axis=(-2, -1)) / 2
    k = won.shape[-1]

    def slope(both: Floats) -> _Slope:
        scores, log_ties = both[..., :k], both[..., k]
        win, tie = _davidson(scores[..., :, None] - scores[..., None, :], log_ties[..., None, None])
        score = win + tie / 2
        gradient = np.concatenate(
            [
                won - (games * score).sum(axis=-1) - prior * scores,
                (tied - (games * tie).sum(axis=(-2, -1)) / 2 - prior * log_ties)[..., None],
            ],
            axis=-1,
        )
        curvature = np.empty((*both.shape, k + 1))
        curvature[..., :k, :k] = _laplacian(games * (win + tie / 4 - score**2), prior)
        curvature[..., :k, k] = curvature[..., k, :k] = (games * tie * (0.5 - score)).sum(axis=-1)
        curvature[..., k, k] = (games * tie * (1 - tie)).sum(axis=(-2, -1)) / 2 + max(prior, _RIDGE)
        return _Slope(gradient, curvature)

    first = np.zeros((*won.shape[:-1], k + 1))
    both = _climbed(slope, first if start is None else first + start, tolerance=tolerance)
    scores = both[..., :k]
    return Fit(scores - scores.mean(axis=-1, keepdims=True), both[..., k], slope(both).curvature)


def surprise(fit: Fit, *, first: Places, second: Places, score: Floats, tie: Floats) -> Surprise:
    """How far comparisons of these places went from what one fit expects of them."""
    ahead = fit.scores[first] - fit.scores[second]
    if fit.log_ties is None:
        return Surprise(score - 1 / (1 + np.exp(-ahead)), None)
    win, even = _davidson(ahead, fit.log_ties)
    return Surprise(score - win - even / 2, tie - even)


def _davidson(ahead: Floats, log_ties: Floats) -> tuple[Floats, Floats]:
    """The chances of a win and of a tie."""
    half = np.exp(ahead / 2)
    even = np.exp(log_ties)
    total = half + 1 / half + even
    return half / total, even / total


def _turned(table: Floats) -> Floats:
    return np.swapaxes(table, -1, -2)


def _laplacian(spread: Floats, prior: float) -> Floats:
    """-Hessian of the scores. Moving all alike changes nothing: that direction gets a curvature, and never a step."""
    k = spread.shape[-1]
    diagonal = spread.sum(axis=-1) + max(prior, _RIDGE)
    level = diagonal.mean(axis=-1)[..., None, None] / k
    table: Floats = np.eye(k) * diagonal[..., None] - spread + level
    return table


def _climbed(slope: Callable[[Floats], _Slope], start: Floats, *, tolerance: float) -> Floats:
    """Newton's way up a concave hill until no step is longer than the tolerance."""
    at = start.copy()
    for _ in range(_MOST_STEPS):
        gradient, curvature = slope(at)
        step = np.linalg.solve(curvature, gradient[..., None])[..., 0]
        length = np.abs(step).max(axis=-1, keepdims=True, initial=0.0)
        at += step * np.minimum(1.0, _LONGEST_STEP / np.maximum(length, 1e-300))
        if length.max(initial=0.0) < tolerance:
            break
    return at
