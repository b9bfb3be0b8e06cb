"""A mean and how far it may be off: Student's t over independent values, kept within what is possible."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special

_LEVEL = 0.95


class Interval(NamedTuple):
    """A mean with its 95 % bounds; None where there is nothing to take it of, or no spread can be seen."""

    mean: float | None
    low: float | None
    high: float | None


class Bounded(NamedTuple):
    """A mean with its 95 % bounds, which are all that is possible where no spread can be seen."""

    mean: float
    low: float
    high: float


def t_interval(values: NDArray[np.float64], *, within: tuple[float, float] = (-math.inf, math.inf)) -> Interval:
    """Student's interval of the mean of independent values, cut to what the mean can be.

    Values that are all alike give an interval without width, which is too sure of itself where there are few.
    """
    if not len(values):
        return Interval(None, None, None)
    mean = float(values.mean())
    if len(values) == 1:
        return Interval(mean, None, None)
    quantile = float(special.stdtrit(len(values) - 1, (1 + _LEVEL) / 2))
    reach = quantile * float(values.std(ddof=1)) / math.sqrt(len(values))
    return Interval(mean, max(within[0], mean - reach), min(within[1], mean + reach))


def bounded_interval(values: NDArray[np.float64], *, within: tuple[float, float]) -> Bounded:
    """The same for what lies `within` bounds: they are the interval of a single value, and of none, whose mean is 0."""
    mean, low, high = t_interval(values, within=within)
    return Bounded(mean or 0.0, within[0] if low is None else low, within[1] if high is None else high)
