"""How often outputs have flaws: the share among those looked at, with an interval that knows which share a run.

The outputs of one run answer one prompt and go wrong together: counting them as independent would make the interval
too narrow.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fusion_ui.analysis.preference.estimates import share_of, t_quantile

LEVEL = 0.95
FLOOR = 10  # outputs below which a rate is called preliminary
Method = Literal["wilson", "ratio"]
Bounds = tuple[float | None, float | None]
_UNKNOWN = (None, None)


class Seen(NamedTuple):
    """An output that somebody looked at, in its run: its classes of flaws (none: without error).

    `weight` is the summed weight of its flaws, the mean over those who looked; None where a severity is not known.
    """

    run: str
    classes: frozenset[str]
    weight: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A share with its bounds; None where they are not defined, which `words` then explains."""

    flawed: int
    outputs: int
    runs: int
    rate: float | None
    low: float | None
    high: float | None
    method: Method | None
    is_preliminary: bool
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FlawRates:
    """The share of outputs with any flaw, and with each class, most frequent first; the mean weight of an output."""

    any: Rate
    by_class: tuple[tuple[str, Rate], ...]
    weight_mean: float | None


def flaw_rates(seen: Sequence[Seen]) -> FlawRates:
    """The rates over these outputs."""
    runs = [each.run for each in seen]
    classes = sorted({name for each in seen for name in each.classes})
    by_class = [(name, share(runs, [name in each.classes for each in seen])) for name in classes]
    weights = [each.weight for each in seen if each.weight is not None]
    return FlawRates(
        any=share(runs, [bool(each.classes) for each in seen]),
        by_class=tuple(sorted(by_class, key=lambda entry: -entry[1].flawed)),
        weight_mean=math.fsum(weights) / len(weights) if weights else None,
    )


def share(runs: Sequence[str], is_flawed: Sequence[bool]) -> Rate:
    """The share of what is flawed, `runs` naming the run of each output, with 95 % bounds.

    With one output a run: Wilson (1927). With several: the ratio estimator over runs (Cochran 1977, Sampling
    Techniques, ch. 6) with Student's t. Where all runs say the same the spread between them shows nothing: Wilson
    again, with each run counted once.
    """
    totals, flawed = _by_run(runs, is_flawed)
    outputs, hits, number = int(totals.sum()), int(flawed.sum()), len(totals)
    if not outputs:
        return _rate(0, outputs=0, runs=0, bounds=_UNKNOWN, method=None, words="Nobody looked at any yet.")
    if number == outputs:
        return _rate(hits, outputs=outputs, runs=number, bounds=_wilson(hits, number), method="wilson")
    if number == 1:
        words = "All from one run: nothing shows how far runs differ."
        return _rate(hits, outputs=outputs, runs=1, bounds=_UNKNOWN, method=None, words=words)
    if hits in (0, outputs):
        bounds = _wilson(number if hits else 0, number)
        return _rate(hits, outputs=outputs, runs=number, bounds=bounds, method="wilson")
    return _rate(hits, outputs=outputs, runs=number, bounds=_ratio_bounds(totals, flawed), method="ratio")


def _wilson(hits: int, number: int) -> Bounds:
    found = share_of(hits, number, level=LEVEL)
    return found.low, found.high


def _ratio_bounds(totals: NDArray[np.float64], flawed: NDArray[np.float64]) -> Bounds:
    number, rate = len(totals), float(flawed.sum() / totals.sum())
    residuals = flawed - rate * totals
    variance = number / (number - 1) * float(residuals @ residuals) / float(totals.sum()) ** 2
    reach = t_quantile(number - 1, level=LEVEL) * math.sqrt(variance)
    return max(0.0, rate - reach), min(1.0, rate + reach)


def _by_run(runs: Sequence[str], is_flawed: Sequence[bool]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    place_by_run: dict[str, int] = {}
    places = np.array([place_by_run.setdefault(run, len(place_by_run)) for run in runs], dtype=np.intp)
    hits = np.array(is_flawed, dtype=np.float64)
    number = len(place_by_run)
    totals = np.bincount(places, minlength=number).astype(np.float64)
    return totals, np.bincount(places, hits, minlength=number).astype(np.float64)


def _rate(flawed: int, *, outputs: int, runs: int, bounds: Bounds, method: Method | None, words: str = "") -> Rate:
    is_preliminary = outputs < FLOOR
    if is_preliminary and outputs:
        words = " ".join(filter(None, (words, f"Preliminary: fewer than {FLOOR} outputs.")))
    low, high = bounds
    return Rate(
        flawed=flawed,
        outputs=outputs,
        runs=runs,
        rate=flawed / outputs if outputs else None,
        low=low,
        high=high,
        method=method,
        is_preliminary=is_preliminary,
        words=words,
    )


class Together(NamedTuple):
    """Two classes that occur in the same outputs, and in how many they would by chance."""

    first: str
    second: str
    outputs: int
    expected: float


def together(seen: Iterable[frozenset[str]]) -> tuple[Together, ...]:
    """Which classes share outputs, the most surprising first; `expected` if the classes fell independently.

    Surprise is the standardised residual (observed - expected) / sqrt(expected) (Haberman 1973).
    """
    found = list(seen)
    classes = sorted({name for classes in found for name in classes})
    if not found or len(classes) < 2:
        return ()
    table = np.array([[name in output for name in classes] for output in found], dtype=np.float64)
    both, counts = table.T @ table, table.sum(axis=0)
    pairs = [
        Together(first, second, int(both[one, two]), float(counts[one] * counts[two] / len(found)))
        for one, first in enumerate(classes)
        for two, second in enumerate(classes)
        if one < two and both[one, two]
    ]
    return tuple(sorted(pairs, key=lambda pair: -(pair.outputs - pair.expected) / math.sqrt(pair.expected)))
