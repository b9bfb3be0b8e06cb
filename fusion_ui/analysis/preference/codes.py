"""What raters said as codes of units: pairs in one fixed order, counts by unit, and the patterns that counts repeat.

A million ratings of three classes show only some dozens of patterns of counts: what follows is worked out on those.
"""

from typing import Any, Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from fusion_ui.analysis.preference.comparisons import Comparisons, Floats, Outcome

Level: TypeAlias = Literal["nominal", "ordinal", "interval"]
Order: TypeAlias = Literal["systems", "written"]
Whole: TypeAlias = NDArray[np.integer[Any]]
Places: TypeAlias = NDArray[np.intp]
_TURNED = np.array([Outcome.SECOND, Outcome.TIE, Outcome.FIRST, Outcome.BOTH_BAD])
_ORDERED = np.array([Outcome.FIRST, Outcome.TIE, Outcome.SECOND, Outcome.TIE])
_DENSE = 8  # a table of places may be this many times longer than the column it serves


class Codes(NamedTuple):
    """What was said (`codes`) of what (`units`) by whom (`raters`): columns of one length."""

    codes: Whole
    units: Whole
    raters: Whole


class Counts(NamedTuple):
    """How often each class was said of each unit: `table` is units by classes, `place` the row of each rating."""

    classes: Whole
    units: Whole
    table: Floats
    place: Places
    said: Places


class Patterns(NamedTuple):
    """The different rows of a table of counts, how many units show each, and the pattern of each unit."""

    rows: Floats
    units: Whole
    place: Places


class Ranked(NamedTuple):
    """The different keys in order, and the place of each key among them."""

    keys: Whole
    place: Places


def codes_of(
    comparisons: Comparisons,
    *,
    level: Level = "nominal",
    contrast: tuple[str, str] | None = None,
    order: Order = "systems",
) -> Codes:
    """The judgements of pairs as codes 0 first, 1 tie, 2 second, 3 both bad; ordered levels take both bad for a tie.

    Each pair of a unit is told in one order, on which agreement by chance depends a little: that of the contrast, or
    else that of the systems, or that in which the unit's first row was written (which must not depend on who won). A
    unit of the codes is a unit with a pair, as a ranking says something of several pairs; its number is the same for
    all comparisons of the same systems. A rater's repeats are the caller's to leave out.
    """
    pairs = comparisons if contrast is None else comparisons.between(*contrast)
    width, low = len(pairs.systems), np.minimum(pairs.first, pairs.second)
    units = (pairs.unit.astype(np.int64) * width + low) * width + np.maximum(pairs.first, pairs.second)
    codes = pairs.outcome if level == "nominal" else _ORDERED[pairs.outcome]
    if contrast is None:
        leading = low if order == "systems" else _first_written(pairs.first, units)
        codes = np.where(pairs.first == leading, codes, _TURNED[codes])
    return Codes(codes, units, pairs.rater)


def _first_written(column: Whole, units: Whole) -> Whole:
    """For each row what the first row of its unit has."""
    found = ranked(units)
    leading = np.empty(len(found.keys), dtype=column.dtype)
    leading[found.place[::-1]] = column[::-1]  # of several rows of a unit the one written last stays: the first
    return leading[found.place]


def ranked(keys: Whole) -> Ranked:
    """The different keys and where each stands among them; without sorting where they lie close together."""
    span = int(keys.max()) - int(keys.min()) + 1 if len(keys) else 0
    if span > _DENSE * len(keys) + 1:
        found, place = np.unique(keys, return_inverse=True)
        return Ranked(found, place)
    shifted = (keys - keys.min()).astype(np.intp) if len(keys) else np.zeros(0, dtype=np.intp)
    is_present = np.zeros(span, dtype=np.bool_)
    is_present[shifted] = True
    places = np.cumsum(is_present) - 1
    return Ranked(np.flatnonzero(is_present) + (keys.min() if len(keys) else 0), places[shifted])


def counted(codes: Codes) -> Counts:
    """The counts by unit and class, both in rising order of their numbers."""
    units, classes = ranked(codes.units), ranked(codes.codes)
    shape = len(units.keys), len(classes.keys)
    cells = np.bincount(units.place * shape[1] + classes.place, minlength=shape[0] * shape[1])
    return Counts(classes.keys, units.keys, cells.reshape(shape).astype(np.float64), units.place, classes.place)


def patterns(table: Floats) -> Patterns:
    """The patterns of a table of counts."""
    base, width = int(table.max(initial=0)) + 1, table.shape[1]
    weights = np.power(base, np.arange(width))
    if base**width >= 2**62:  # too wide for one number; random sums fall together with a chance of about 2^-60
        weights = np.random.default_rng(0).integers(-(2**62), 2**62, size=(width,))
    _, first, place, units = np.unique(
        table.astype(np.int64) @ weights, return_index=True, return_inverse=True, return_counts=True
    )
    return Patterns(table[first], units, place)


def credit(rows: Floats, *, own: int) -> Floats:
    """For each pattern and class: the credit for saying that class where `own` was said and the others said the rest.

    A class in the majority of the others has 1, shared between classes that tie. Patterns without `own`, or with
    nobody else, have 0.
    """
    others = rows.copy()
    others[:, own] -= 1
    top = others.max(axis=1, keepdims=True, initial=0)
    is_top = (others == top) & (rows[:, own] > 0)[:, None] & (top > 0)
    credits: Floats = is_top / np.maximum(1, is_top.sum(axis=1, keepdims=True))
    return credits
