"""Sums of a simulation, by question and by trial."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fusion_ui.analysis.simulation import Outcome

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Totals:
    """Means over the trials, each (questions, rules), and over the questions, each (rules, trials).

    `tokens` are None unless known for every question; `trial_accuracy` is over judged questions, (rules, 0) without.
    """

    is_judged: NDArray[np.bool_]
    draws: Floats
    tokens: Floats | None
    right: Floats
    agreeing: Floats
    capped: Floats
    trial_draws: Floats
    trial_accuracy: Floats


def summed(outcomes: Iterable[Outcome], *, is_judged: Sequence[bool]) -> Totals:
    """The totals of one outcome a question; added up question by question, so that blocks leave no trace in them."""
    trial_draws, trial_right = np.zeros((1, 1)), np.zeros((1, 1))
    means: list[list[Floats]] = []
    tokens: list[Floats] = []
    for outcome, judged in zip(outcomes, is_judged, strict=True):
        trial_draws = trial_draws + outcome.draws
        trial_right = trial_right + outcome.right * judged
        means.append(
            [values.mean(axis=1) for values in (outcome.draws, outcome.right, outcome.agreeing, outcome.capped)]
        )
        if outcome.tokens is not None:
            tokens.append(outcome.tokens.mean(axis=1))
    draws, right, agreeing, capped = np.stack(means, axis=1)
    judged_number = sum(is_judged)
    return Totals(
        is_judged=np.array(is_judged),
        draws=draws,
        tokens=np.stack(tokens) if len(tokens) == len(means) else None,
        right=right,
        agreeing=agreeing,
        capped=capped,
        trial_draws=trial_draws / len(means),
        trial_accuracy=trial_right / judged_number if judged_number else np.empty((len(draws[0]), 0)),
    )
