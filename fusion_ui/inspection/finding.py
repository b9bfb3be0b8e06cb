"""What a list of cases is asked for, in the words of an address: filters, ranges, words to search, and an order."""

import math
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, NamedTuple, get_args

from fusion_ui.engine.values import Ended, FusionError, StopReason
from fusion_ui.inspection.facts import FLAGS, NONE
from fusion_ui.inspection.parties import LOSSES, PAIRS
from fusion_ui.inspection.words import Term, terms_of
from storage.runs import Origin

Sort = Literal["newest", "oldest", "disagreement", "unstable", "expensive", "longest", "flaws"]
SORTS: tuple[Sort, ...] = get_args(Sort)
CLOSED: Mapping[str, tuple[str, ...]] = {
    "disagree": PAIRS,
    "is": FLAGS,
    "loss": LOSSES,
    "stop": (*get_args(StopReason), NONE),
    "ended": get_args(Ended),
    "origin": get_args(Origin),
}
OPEN = ("member", "language", "tag", "study", "flaw", "severity", "failure")
FACETS = (*CLOSED, *OPEN)
RANGES = {
    "stability": "stability", "length": "length", "prompt_length": "prompt_length", "failures": "failures",
    "cost": "cost_usd", "draws": "draws", "day": "started_ms",
}  # fmt: skip
"""The filters that take a range, with the figure that it is of."""
_LISTS = ("run", "pattern")
_MOST_CHOICES = 1000
_LONGEST_CHOICE = 500
_NUMBER = re.compile(r"(?:\d{1,15}(?:\.\d{1,30})?|\.\d{1,30})(?:e-?\d{1,2})?")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class FilterError(FusionError):
    """A filter that says nothing; the message names it."""


class Range(NamedTuple):
    """From `low` to `high`, both within; infinite where it is open."""

    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """Which cases, in which order: any of the choices of a name, and all of the names, ranges and terms."""

    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ranges: Mapping[str, Range] = field(default_factory=dict)
    terms: tuple[Term, ...] = ()
    runs: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    sort: Sort = "newest"


def sought_of(pairs: Iterable[tuple[str, str]], *, besides: Collection[str] = ()) -> Sought:
    """What the names and values of an address ask for; those `besides` are another's. Raises FilterError."""
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        if name not in besides:
            given.setdefault(name, []).append(value)
    known = (*FACETS, *RANGES, *_LISTS, "q", "sort")
    if unknown := [name for name in given if name not in known]:
        raise FilterError(f"There is no filter {unknown[0][:40]!r}. There are: {', '.join(known)}.")
    return Sought(
        choices={name: _choices(name, given[name]) for name in FACETS if name in given},
        ranges={name: _range(name, _only(name, given[name])) for name in RANGES if name in given},
        terms=terms_of(_only("q", given.get("q", [""]))),
        runs=_choices("run", given.get("run", [])),
        patterns=_choices("pattern", given.get("pattern", [])),
        sort=_sort(_only("sort", given.get("sort", ["newest"]))),
    )


def _only(name: str, values: Sequence[str]) -> str:
    if len(values) > 1:
        raise FilterError(f"The filter {name} is given {len(values)} times; it takes one value.")
    return values[0]


def _choices(name: str, values: Sequence[str]) -> tuple[str, ...]:
    if len(values) > _MOST_CHOICES:
        raise FilterError(f"The filter {name} has {len(values)} values; at most {_MOST_CHOICES} are taken.")
    for value in values:
        if name in CLOSED and value not in CLOSED[name]:
            raise FilterError(f"The filter {name} does not know {value[:40]!r}. It takes: {', '.join(CLOSED[name])}.")
        if len(value) > _LONGEST_CHOICE:
            raise FilterError(f"A value of the filter {name} is longer than {_LONGEST_CHOICE} characters.")
    return tuple(dict.fromkeys(values))


def _sort(name: str) -> Sort:
    found = next((sort for sort in SORTS if sort == name), None)
    if found is None:
        raise FilterError(f"There is no order {name[:40]!r}. There are: {', '.join(SORTS)}.")
    return found


def _range(name: str, text: str) -> Range:
    low, dots, high = text.strip().partition("..")
    ends = (low, high if dots else low)
    if not any(ends):
        raise FilterError(f"The range {name} is empty. Write it as a..b, a.., ..b or one value.")
    read = _day_range(*ends) if name == "day" else _number_range(*ends)
    if read is None:
        form = "days as 2026-01-31" if name == "day" else "numbers as 0.5"
        raise FilterError(f"The range {name} cannot be read: {text[:40]!r}. Write it as a..b, a.., ..b, with {form}.")
    if read.low > read.high:
        raise FilterError(f"The range {name} ends before it begins: {text[:40]!r}.")
    return read


def _number_range(low: str, high: str) -> Range | None:
    if any(end and not _NUMBER.fullmatch(end) for end in (low, high)):
        return None
    return Range(float(low) if low else -math.inf, float(high) if high else math.inf)


def _day_range(low: str, high: str) -> Range | None:
    """In milliseconds since 1970, UTC."""
    if any(end and not _DAY.fullmatch(end) for end in (low, high)):
        return None
    try:
        first = _ms(date.fromisoformat(low)) if low else -math.inf
        last = _ms(date.fromisoformat(high)) + _DAY_MS - 1 if high else math.inf
    except ValueError:
        return None
    return Range(first, last)


_DAY_MS = timedelta(days=1) / timedelta(milliseconds=1)


def _ms(day: date) -> float:
    return datetime.combine(day, time(), UTC).timestamp() * 1000
