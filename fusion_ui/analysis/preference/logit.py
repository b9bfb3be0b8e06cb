"""Logistic regression of wins, losses and ties as half, with standard errors that know what belongs together.

The systems of a pair make a design of +1 and -1 that is never written out: a million rows of twenty systems cost a few
counts. What may cost a system a vote besides its content (its side, its length) are a few columns beside it.
"""

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from fusion_ui.analysis.preference.clustering import Clusters, Spread, how_many
from fusion_ui.analysis.preference.comparisons import Floats

_STEPS = 50
_CLOSE = 1e-9
_BLOCK = 2**22  # numbers held at once for the sums of clusters
_STRIDE = 3.0  # Newton's step may overshoot where outcomes are rare
_STIFF = 1e-10  # relative to the largest eigenvalue: below it a direction has no information at all
Codes = NDArray[np.integer]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Design:
    """Rows of a regression: the first system's column is +1, the second's -1, `columns` (n, c) come after them.

    Without systems (0) it is a plain regression on the columns.
    """

    systems: int
    first: Codes
    second: Codes
    columns: Floats

    @property
    def size(self) -> int:
        """How many coefficients there are."""
        return self.systems + int(self.columns.shape[1])

    def times(self, coefficients: Floats) -> Floats:
        """(n,) the linear predictor."""
        product: Floats = self.columns @ coefficients[self.systems :]
        return product + (coefficients[self.first] - coefficients[self.second]) if self.systems else product

    def sums(self, weights: Floats) -> Floats:
        """(k,) the transposed design times these weights."""
        return np.concatenate([self._system_sums(weights), self.columns.T @ weights])

    def information(self, weights: Floats) -> Floats:
        """(k, k) the transposed design times the weighted design."""
        k = self.systems
        whole = np.zeros((self.size, self.size))
        if k:
            pairs = np.bincount(self.first * k + self.second, weights, minlength=k * k).reshape(k, k)
            whole[:k, :k] = np.diag(pairs.sum(axis=0) + pairs.sum(axis=1)) - pairs - pairs.T
        for place, column in enumerate(self.columns.T):
            whole[k + place, :k] = whole[:k, k + place] = self._system_sums(weights * column)
            whole[k + place, k:] = self.columns.T @ (weights * column)
        return whole

    def meat(self, weights: Floats, clusters: Codes, *, most: int = _BLOCK) -> Floats:
        """(k, k) the summed squares of the clusters' sums; clusters are numbered 0, 1, 2, … without gaps.

        In blocks of `most` numbers, as a million clusters of one row each would fill the memory with zeros.
        """
        number = int(clusters.max(initial=-1)) + 1
        if number * self.size <= most:
            sums = self._cluster_sums(weights, clusters, number)
            return sums.T @ sums
        step = max(1, most // self.size)
        order = np.argsort(clusters, kind="stable")
        ends = np.searchsorted(clusters[order], np.arange(0, number + step, step))
        total = np.zeros((self.size, self.size))
        for start, end in pairwise(ends):
            rows = order[start:end]
            local = clusters[rows] - clusters[rows[0]]
            sums = self.taken(rows)._cluster_sums(weights[rows], local, int(local[-1]) + 1)
            total += sums.T @ sums
        return total

    def taken(self, rows: NDArray[np.intp]) -> "Design":
        """These rows."""
        first, second = (each[rows] if self.systems else each for each in (self.first, self.second))
        return replace(self, first=first, second=second, columns=self.columns[rows])

    def _cluster_sums(self, weights: Floats, clusters: Codes, number: int) -> Floats:
        k = self.systems
        sums = np.empty((number, self.size))
        if k:
            first = np.bincount(clusters * k + self.first, weights, minlength=number * k)
            first -= np.bincount(clusters * k + self.second, weights, minlength=number * k)
            sums[:, :k] = first.reshape(number, k)
        for place, column in enumerate(self.columns.T):
            sums[:, k + place] = np.bincount(clusters, weights * column, minlength=number)
        return sums

    def _system_sums(self, weights: Floats) -> Floats:
        k = self.systems
        if not k:
            return np.zeros(0)
        sums = np.zeros(k)
        sums += np.bincount(self.first, weights, minlength=k)
        sums -= np.bincount(self.second, weights, minlength=k)
        return sums


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fit:
    """Coefficients with the inverse of their information; `residuals` (n,) are outcome less expectation.

    `is_defined` is False where the outcomes leave no maximum, as all wins do.
    """

    coefficients: Floats
    inverse: Floats
    residuals: Floats
    is_defined: bool
    steps: int


def pair_design(first: Codes, second: Codes, *, systems: int) -> Design:
    """The model of Bradley and Terry: a coefficient a system, and nothing else."""
    return Design(systems=systems, first=first, second=second, columns=np.zeros((len(first), 0)))


def plain_design(columns: Floats) -> Design:
    """A regression on these columns alone."""
    none = np.zeros(0, dtype=np.intp)
    return Design(systems=0, first=none, second=none, columns=columns)


def fit_logit(design: Design, outcomes: Floats, *, prior: Floats | float = 0.0) -> Fit:
    """The maximum of the likelihood by iteratively reweighted least squares; outcomes are 0, 0.5 or 1.

    `prior` is the precision of a normal prior at 0, one for all or one a coefficient. Differences of scores are all
    that shows, so the information may be singular along their mean: the pseudo-inverse keeps that at its start.
    """
    size = design.size
    precision = np.broadcast_to(np.asarray(prior, dtype=np.float64), (size,))
    coefficients = np.zeros(size)
    for step in range(1, _STEPS + 1):
        expected = expit(design.times(coefficients))
        information = design.information(expected * (1 - expected)) + np.diag(precision)
        inverse = np.asarray(np.linalg.pinv(information, rcond=_STIFF, hermitian=True), dtype=np.float64)
        move = inverse @ (design.sums(outcomes - expected) - precision * coefficients)
        coefficients = coefficients + move * min(1.0, _STRIDE / np.abs(move).max(initial=_STRIDE))
        if not (np.abs(coefficients) < 30).all():  # a chance of 1e-13: the outcomes are separated
            break
        if np.abs(move).max(initial=0.0) < _CLOSE:
            return _fit(design, outcomes, coefficients, inverse=inverse, steps=step)
    return _fit(design, outcomes, coefficients, inverse=inverse, steps=0)


def _fit(design: Design, outcomes: Floats, coefficients: Floats, *, inverse: Floats, steps: int) -> Fit:
    residuals = outcomes - expit(design.times(coefficients))
    return Fit(coefficients=coefficients, inverse=inverse, residuals=residuals, is_defined=bool(steps), steps=steps)


def clustered(fit: Fit, design: Design, clusters: Codes) -> Floats:
    """(k, k) covariance of the coefficients, rows of one cluster being of one piece.

    By Liang and Zeger (1986, Biometrika 73:13), with the factors for few clusters and few rows that statsmodels takes:
    G / (G - 1) (n - 1) / (n - k).
    """
    return _sandwich(fit, design.meat(fit.residuals, clusters), number=int(clusters.max(initial=-1)) + 1)


def spreads(fit: Fit, design: Design, clusters: Clusters, *, of: Floats) -> tuple[Spread, ...]:
    """The variances of these combinations (m, k) of the coefficients, by what is taken as independent."""
    votes = len(fit.residuals)
    prompts, raters, cells = (how_many(each.place) for each in clusters[2:])
    # Where every cell is a row of its own the counts say it all.
    alone = _sandwich(fit, design.information(fit.residuals**2), number=votes)
    by_cell = alone if cells == votes else clustered(fit, design, clusters.cells.place)
    covariances = alone, clustered(fit, design, clusters.prompts.place), clustered(fit, design, clusters.raters.place)
    parts = [np.einsum("mi,ij,mj->m", of, covariance, of) for covariance in (*covariances, by_cell)]
    return tuple(
        Spread(
            by_vote=float(vote),
            by_prompt=float(prompt),
            by_rater=float(rater),
            by_cell=float(cell),
            votes=votes,
            prompts=prompts,
            raters=raters,
        )
        for vote, prompt, rater, cell in zip(*parts, strict=True)
    )


def _sandwich(fit: Fit, meat: Floats, *, number: int) -> Floats:
    rows, size = len(fit.residuals), len(fit.coefficients)
    factor = number / max(number - 1, 1) * (rows - 1) / max(rows - size, 1)
    spread: Floats = fit.inverse @ meat @ fit.inverse * factor
    return spread
