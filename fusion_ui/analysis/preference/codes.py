"""What raters said as codes of units: pairs in one fixed order, counts by unit, and the patterns that counts repeat.

A million ratings of three classes show only some dozens of patterns of counts: what follows is worked out on those.
"""

from typing import Any, Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from fusion_ui.analysis.preference.comparisons import Comparisons, Floats, Outcome

Level: TypeAlias = Literal["nominal", "ordinal", "interval"]
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


def codes_of(comparisons: Comparisons, *, level: Level = "nominal", contrast: tuple[str, str] | None = None) -> Codes:
    """The judgements of pairs as codes 0 first, 1 tie, 2 second, 3 both bad; ordered levels take both bad for a tie.

    Each pair is told in one order: that of the contrast, or else that of the systems. A unit of the codes is a unit
    with a pair, as a ranking says something of several pairs; its number is the same for all comparisons of the same
    systems. A rater's repeats are the caller's to leave out.
    """
    pairs = comparisons if contrast is None else comparisons.between(*contrast)
    codes = pairs.outcome if level == "nominal" else _ORDERED[pairs.outcome]
    if contrast is None:
        codes = np.where(pairs.first > pairs.second, _TURNED[codes], codes)
    width = len(pairs.systems)
    pair = np.minimum(pairs.first, pairs.second).astype(np.int64) * width + np.maximum(pairs.first, pairs.second)
    return Codes(codes, pairs.unit.astype(np.int64) * width**2 + pair, pairs.rater)


def codes_by_contrast(comparisons: Comparisons, *, level: Level = "nominal") -> dict[tuple[str, str], Codes]:
    """The codes of every pair that was compared, in the order of the systems, sorted out in one go."""
    codes, width = codes_of(comparisons, level=level), len(comparisons.systems)
    pair = np.minimum(comparisons.first, comparisons.second).astype(np.int64) * width
    pairs = ranked(pair + np.maximum(comparisons.first, comparisons.second))
    order = by_place(pairs.place)
    ends = np.cumsum(np.bincount(pairs.place, minlength=len(pairs.keys)))
    parts = zip(*(np.split(column[order], ends[:-1]) for column in codes), strict=True)
    return {
        (comparisons.systems[key // width], comparisons.systems[key % width]): Codes(*part)
        for key, part in zip(pairs.keys.tolist(), parts, strict=False)
    }


def by_place(place: Whole) -> Places:
    """The rows sorted by their place, those of one place in their order."""
    is_small = place.max(initial=0) < 2**16  # for which numpy sorts in one pass
    return np.argsort(place.astype(np.uint16) if is_small else place, kind="stable")


def without_repeats(codes: Codes) -> Codes:
    """The first code of each rater for each unit."""
    raters = ranked(codes.raters)
    keys = ranked(codes.units).place * max(1, len(raters.keys)) + raters.place
    _, first = np.unique(keys, return_index=True)
    kept = np.sort(first)
    return Codes(codes.codes[kept], codes.units[kept], codes.raters[kept])


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
    if base**width < 2**62:
        weights = base ** np.arange(width, dtype=np.int64)
    else:  # too wide to be written as one number: sums with random weights differ but for a chance of about 2^-60
        weights = np.random.default_rng(0).integers(-(2**62), 2**62, width)
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
