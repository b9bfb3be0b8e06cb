"""How far scores are off: the curvature of the fit on both sides of what clusters of votes added beyond expectation.

V = H^-1 (sum over clusters of s s') H^-1 times G / (G - 1) (Liang & Zeger 1986, Biometrika 73:13).
"""

from typing import NamedTuple

import numpy as np

from fusion_ui.analysis.preference.bradley_terry import Fit, Places, Surprise, surprise
from fusion_ui.analysis.preference.clustering import Spread, corrected, how_many, spread_of, summed
from fusion_ui.analysis.preference.comparisons import Floats
from fusion_ui.analysis.preference.games import Games

_MOST_AT_ONCE = 2**22  # numbers in one table of cluster sums: 32 MB. Smaller tables make BLAS threads wait more often


class _Terms(NamedTuple):
    """What each row adds: its surprise to the first, the same less to the second, a tie's to the tie strength."""

    first: Places
    second: Places
    beyond: Surprise
    width: int

    def taken(self, rows: slice | Places) -> "_Terms":
        score, tie = self.beyond
        return _Terms(
            self.first[rows], self.second[rows], Surprise(score[rows], tie if tie is None else tie[rows]), self.width
        )

    def sums(self, place: Places, groups: int) -> Floats:
        """(groups, width) the sums of each group."""
        base, size = place * self.width, groups * self.width
        score, tie = self.beyond
        sums = summed(score, into=base + self.first, groups=size)
        sums -= summed(score, into=base + self.second, groups=size)
        if tie is not None:
            sums += summed(tie, into=base + self.width - 1, groups=size)
        return sums.reshape(groups, self.width)


def score_spreads(games: Games, fit: Fit) -> tuple[Spread, ...]:
    """The spread of each score about its mean of 0, over votes, prompts and raters; counts are those of the system."""
    beyond = surprise(fit, first=games.first, second=games.second, score=games.score, tie=games.tie)
    kinds = _Terms(games.first, games.second, beyond, fit.curvature.shape[-1])
    rows = kinds.taken(games.kind)
    bread = np.linalg.inv(fit.curvature)[: len(games.systems)]
    apart = kinds.sums(np.arange(len(games.counts)), len(games.counts))
    meats = [(apart.T * games.counts) @ apart, *(_meat(each, rows) for each in (games.prompt, games.rater, games.cell))]
    groups = [len(games.kind), *(how_many(each) for each in (games.prompt, games.rater, games.cell))]
    parts = [
        corrected(np.einsum("ij,jl,il->i", bread, meat, bread), np.asarray(number))
        for meat, number in zip(meats, groups, strict=True)
    ]
    counts = (games.sizes.games, games.sizes.prompts, games.sizes.raters)
    return tuple(
        spread_of(variances, numbers)
        for variances, numbers in zip(np.transpose(parts), np.transpose(counts), strict=True)
    )


def information_variances(fit: Fit) -> Floats:
    """What the model alone says of each score's variance about the mean: the inverse of the curvature."""
    k = fit.scores.shape[-1]
    covariance = np.linalg.inv(fit.curvature)[:k, :k]
    variances: Floats = np.diag(covariance) - 2 * covariance.mean(axis=0)
    variances += covariance.mean()
    return variances


def _meat(place: Places, rows: _Terms) -> Floats:
    """The sum over groups of what each adds, times itself; groups are taken some at a time to spare memory."""
    groups, step = how_many(place), max(1, _MOST_AT_ONCE // rows.width)
    if groups > step and (place[1:] < place[:-1]).any():
        order = np.argsort(place)
        place, rows = place[order], rows.taken(order)
    total = np.zeros((rows.width, rows.width))
    for low in range(0, groups, step):
        high = min(groups, low + step)
        within = slice(*np.searchsorted(place, [low, high])) if groups > step else slice(None)
        sums = rows.taken(within).sums(place[within] - low, high - low)
        total += sums.T @ sums
    return total
