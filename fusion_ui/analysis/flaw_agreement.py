"""How far raters agree on flaws: whether an output has any, of which class, and where they stand.

Only those count who looked at an output: who marked something in it, or said that it is without error. Of an output
that one person looked at nothing can be said.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

import numpy as np

from fusion_ui.analysis.preference.agreement import Agreement, agreement


class Look(NamedTuple):
    """What a rater said of an output (`unit`): a class of flaw, None that there is none; no start: of the whole."""

    unit: str
    rater: str
    category: str | None
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanAgreement:
    """Mean pairwise F1 over the marked characters; None where no two people marked passages of one output."""

    outputs: int
    pairs: int
    f1: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FlawAgreement:
    """Agreement over the outputs that several people looked at; `by_class` has the classes that anybody saw there."""

    raters: int
    outputs: int
    any: Agreement
    by_class: Mapping[str, Agreement]
    spans: SpanAgreement


class _View(NamedTuple):
    """One rater's view of one output."""

    classes: frozenset[str]
    spans: tuple[tuple[int, int], ...]
    is_whole: bool


def flaw_agreement(looks: Iterable[Look]) -> FlawAgreement:
    """The agreement of those who looked at the same outputs."""
    shared = [views for views in _views(looks).values() if len(views) > 1]
    classes = sorted({name for views in shared for view in views.values() for name in view.classes})
    return FlawAgreement(
        raters=len({rater for views in shared for rater in views}),
        outputs=len(shared),
        any=_agreement(shared, classes),
        by_class={name: _agreement(shared, [name]) for name in classes},
        spans=_span_agreement(shared),
    )


def _agreement(shared: Sequence[Mapping[str, _View]], classes: Collection[str]) -> Agreement:
    """On whether an output has a flaw of one of these classes."""
    place_by_rater: dict[str, int] = {}
    cells = [
        (not view.classes.isdisjoint(classes), unit, place_by_rater.setdefault(rater, len(place_by_rater)))
        for unit, views in enumerate(shared)
        for rater, view in views.items()
    ]
    return agreement(*np.array(cells, dtype=np.int64).reshape(-1, 3).T, level="nominal")


def overlap_f1(first: Iterable[tuple[int, int]], second: Iterable[tuple[int, int]]) -> float:
    """F1 of the characters that two people marked; equal marks give 1, marks apart 0.

    The F-measure needs no count of what nobody marked, which has no bound in a text (Hripcsak & Rothschild 2005,
    doi:10.1197/jamia.M1733). Raises ZeroDivisionError where neither marked anything.
    """
    one, other = _merged(first), _merged(second)
    shared = sum(max(0, min(a[1], b[1]) - max(a[0], b[0])) for a in one for b in other)
    return 2 * shared / (_length(one) + _length(other))


def _views(looks: Iterable[Look]) -> dict[str, dict[str, _View]]:
    said: defaultdict[str, defaultdict[str, list[Look]]] = defaultdict(lambda: defaultdict(list))
    for look in looks:
        said[look.unit][look.rater].append(look)
    return {unit: {rater: _view(own) for rater, own in by_rater.items()} for unit, by_rater in said.items()}


def _view(own: Iterable[Look]) -> _View:
    flaws = [look for look in own if look.category is not None]
    return _View(
        classes=frozenset(look.category for look in flaws if look.category is not None),
        spans=tuple((look.start, look.end) for look in flaws if look.start is not None and look.end is not None),
        is_whole=any(look.start is None for look in flaws),
    )


def _span_agreement(shared: Iterable[Mapping[str, _View]]) -> SpanAgreement:
    """Over pairs of which one at least marked a passage, and neither the output as a whole, which is no place."""
    scores: list[float] = []
    outputs = 0
    for views in shared:
        placed = [view for view in views.values() if not view.is_whole]
        pairs = [(one, other) for one, other in combinations(placed, 2) if one.spans or other.spans]
        scores += [overlap_f1(one.spans, other.spans) for one, other in pairs]
        outputs += bool(pairs)
    return SpanAgreement(outputs=outputs, pairs=len(scores), f1=sum(scores) / len(scores) if scores else None)


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans as stretches that lie apart."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _length(spans: Iterable[tuple[int, int]]) -> int:
    return sum(end - start for start, end in spans)
