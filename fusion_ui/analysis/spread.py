"""A mean and how far it may be off: Student's t over independent units, kept within what is possible."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special

_LEVEL = 0.95


class Interval(NamedTuple):
    """A mean with its 95 % interval."""

    mean: float
    low: float
    high: float


def t_interval(values: NDArray[np.float64], *, least: float, most: float) -> Interval:
    """The mean of values that lie between `least` and `most`; a single value says nothing about its spread.

    Values that are all alike give an interval without width, which is too sure of itself where there are few.
    """
    mean = float(np.mean(values)) if len(values) else 0.0
    if len(values) < 2:
        return Interval(mean, least, most)
    quantile = float(special.stdtrit(len(values) - 1, (1 + _LEVEL) / 2))
    reach = quantile * float(np.std(values, ddof=1)) / len(values) ** 0.5
    return Interval(mean, max(least, mean - reach), min(most, mean + reach))
