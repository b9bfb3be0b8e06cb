"""Which answers raters give for each true class, and how sure the class of each unit is (Dawid & Skene 1979).

Fitted by expectation-maximisation (Appl. Statist. 28:20). With few ratings a unit the likelihood is flat: cells of the
confusions are smoothed, and posteriors are to be shown, not hard labels.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from fusion_ui.analysis.preference.codes import Codes, Counts, Ranked, Whole, counted, ranked
from fusion_ui.analysis.preference.comparisons import Floats

_SETTLED = 1e-4  # a step that moves no posterior further than this is the last


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DawidSkene:
    """The fitted model: `posterior` is units by classes, `confusion` raters by true class by class said."""

    units: Whole
    raters: Whole
    classes: Whole
    posterior: Floats
    prior: Floats
    confusion: Floats
    log_likelihood: float
    steps: int
    has_settled: bool

    @property
    def expected(self) -> Floats:
        """For each rater the chance of saying the right class."""
        right: Floats = np.einsum("j,rjj->r", self.prior, self.confusion)
        return right


def dawid_skene(codes: Codes, *, smoothing: float = 1.0, steps: int = 100, settled: float = _SETTLED) -> DawidSkene:
    """The model that makes these codes likeliest, begun at vote shares; each confusion cell has `smoothing` added."""
    if not len(codes.codes):
        raise ValueError("There are no ratings to fit.")
    if steps < 1:
        raise ValueError("A fit takes one step or more.")
    counts, raters = counted(codes), ranked(codes.raters)
    posterior = counts.table / counts.table.sum(axis=1, keepdims=True)
    step, moved = 0, np.inf
    while step < steps and moved >= settled:
        prior = posterior.mean(axis=0)
        confusion = _confusion(posterior, counts, raters, smoothing=smoothing)
        before, (posterior, likelihood) = posterior, _posterior(prior, confusion, counts, raters)
        moved = float(np.abs(posterior - before).max())
        step += 1
    return DawidSkene(
        units=counts.units,
        raters=raters.keys,
        classes=counts.classes,
        posterior=posterior,
        prior=prior,
        confusion=confusion,
        log_likelihood=likelihood,
        steps=step,
        has_settled=bool(moved < settled),
    )


def _confusion(posterior: Floats, counts: Counts, raters: Ranked, *, smoothing: float) -> Floats:
    """(raters, true, said): how often each rater says each class where a class is true."""
    classes, number = posterior.shape[1], len(raters.keys)
    cells = raters.place * classes + counts.said
    said = [np.bincount(cells, posterior[counts.place, true], number * classes) for true in range(classes)]
    table = np.stack(said).reshape(classes, number, classes).transpose(1, 0, 2) + smoothing
    # A class that a rater never met, unsmoothed, has no row: any will do, as nothing depends on it.
    total = table.sum(axis=2, keepdims=True)
    shares: Floats = np.divide(table, total, out=np.full_like(table, 1 / classes), where=total > 0)
    return shares


class _Fitted(NamedTuple):
    posterior: Floats
    log_likelihood: float


def _posterior(prior: Floats, confusion: Floats, counts: Counts, raters: Ranked) -> _Fitted:
    """How likely each class is for each unit, given all that was said of it."""
    with np.errstate(divide="ignore"):
        log_prior, logs = np.log(prior), np.log(confusion)
    seen = [
        np.bincount(counts.place, logs[raters.place, true, counts.said], len(counts.units))
        for true in range(len(prior))
    ]
    joint = np.stack(seen, axis=1) + log_prior
    top = joint.max(axis=1, keepdims=True)
    shares = np.exp(joint - top)
    total = shares.sum(axis=1, keepdims=True)
    return _Fitted(shares / total, float((top + np.log(total)).sum()))
