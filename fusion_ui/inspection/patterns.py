"""What comes again over many runs: how often whose outputs have flaws, which flaws go together, and where the right
answer is lost. People's flaws and models' are two sources, and never one number.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, get_args

from fusion_ui.analysis.flaw_agreement import FlawAgreement, Look, flaw_agreement
from fusion_ui.analysis.flaw_rates import LEVEL, FlawRates, Seen, Together, flaw_rates, together
from fusion_ui.analysis.note_clusters import NoteClusters, note_clusters
from fusion_ui.analysis.preference.estimates import Share, share_of
from fusion_ui.engine.values import FusionError
from fusion_ui.inspection.marks import STRATEGIES, By, Group, Reading, SeenOutput, Source, seen_outputs
from fusion_ui.studies.taxonomy import Taxonomy
from storage.connection import Store
from storage.flaw_marks import MarkRow, marks_state

_MOST_KEPT = 50_000  # outputs kept between two questions; more are read each time
LOSSES = ("nobody", "outvoted", "misjudged", "broken", "repaired", "kept")


class PatternError(FusionError):
    """An address that names no pattern."""


class _Known(NamedTuple):
    """What was read, and the state of the store that it is of."""

    state: tuple[int, ...]
    outputs: tuple[SeenOutput, ...]


class ClassCount(NamedTuple):
    """How often a class, or a class with a subtype, was marked, in how many outputs and runs."""

    category: str
    marks: int
    outputs: int
    runs: int
    severities: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The patterns of one source in chosen runs; `funnel` counts the `known` runs, with votes and a reference answer.

    `notes` are the notes that `clusters` points at by place.
    """

    source: Source
    cases: int
    known: int
    funnel: Mapping[str, Share]
    seen_cases: int
    seen_outputs: int
    raters: int
    marks: int
    rates: Mapping[By, tuple[tuple[str, FlawRates], ...]]
    classes: tuple[ClassCount, ...]
    together: tuple[Together, ...]
    notes: tuple[MarkRow, ...]
    clusters: NoteClusters
    agreement: FlawAgreement


class Patterns:
    """What may be asked about patterns; blocking."""

    def __init__(self, store: Store, *, taxonomy: Taxonomy) -> None:
        self.taxonomy = taxonomy
        self._store = store
        self._known: dict[Source, _Known] = {}

    def found(
        self, run_ids: Collection[str], *, source: Source = "people", losses: Mapping[str, int], known: int
    ) -> Found:
        """The patterns in these runs; what became of the right answer in the `known` ones (`losses`) the index says."""
        chosen = frozenset(run_ids)
        outputs = [output for output in self._seen(source) if output.run_id in chosen]
        marks = [mark for output in outputs for mark in output.marks]
        reading = Reading(self.taxonomy)
        flaws = [mark for mark in marks if reading.flaw_class(mark) is not None]
        notes = tuple(mark for mark in flaws if mark.note.strip())
        seen = {output.id: output.seen(reading) for output in outputs}
        return Found(
            source=source,
            cases=len(chosen),
            known=known,
            funnel={name: share_of(losses.get(name, 0), known, level=LEVEL) for name in LOSSES},
            seen_cases=len({output.run_id for output in outputs}),
            seen_outputs=len(outputs),
            raters=len({mark.rater for mark in marks}),
            marks=len(flaws),
            rates=_rates(outputs, seen),
            classes=_class_counts(flaws),
            together=together(each.classes for each in seen.values()),
            notes=notes,
            clusters=note_clusters([mark.note for mark in notes]),
            agreement=flaw_agreement(_look(mark, reading) for mark in marks),
        )

    def cases_of(self, pattern: str) -> frozenset[str]:
        """The runs behind a number of the patterns, by its name in the address. Raises PatternError.

        "strategy/fusion" are those with a flaw in a fused answer, "seen/strategy/fusion" those where somebody looked at
        one, "strategy/fusion/class/answer" those with this class in it; "class/answer" those with it in any output, and
        "together/answer+reasoning" those with both in one output. What models say begins with "model/".
        """
        own = pattern.removeprefix("model/")
        wanted = _wanted(own)
        outputs = self._seen("people" if own == pattern else "model")
        reading = Reading(self.taxonomy)
        return frozenset(output.run_id for output in outputs if wanted.fits(output, _names(output, reading)))

    def _seen(self, source: Source) -> tuple[SeenOutput, ...]:
        """The outputs that somebody looked at, read again only where something was stored since."""
        with self._store.reading() as reader:
            state, known = marks_state(reader), self._known.get(source)
            if known is None or known.state != state:
                known = _Known(state, seen_outputs(reader, source=source))
                kept = {source: known} if len(known.outputs) <= _MOST_KEPT else {}
                self._known = {**self._known, **kept}  # replaced whole: other threads read it meanwhile
        return known.outputs


class _Wanted(NamedTuple):
    """What an output must be to fit a pattern."""

    group: Group | None
    classes: frozenset[str]
    has_flaw: bool

    def fits(self, output: SeenOutput, names: frozenset[str]) -> bool:
        """Whether the output is such a one, with flaws of these names marked in it."""
        is_of_group = self.group is None or self.group in output.groups
        return is_of_group and self.classes <= names and (bool(names) or not self.has_flaw)


def _wanted(pattern: str) -> _Wanted:
    kind, _, rest = pattern.partition("/")
    is_seen = kind == "seen"
    if is_seen:
        kind, _, rest = rest.partition("/")
    if kind == "class" and rest and not is_seen:
        return _Wanted(None, frozenset({rest}), True)
    if kind == "together" and rest.count("+") and not is_seen:
        return _Wanted(None, frozenset(rest.split("+")), True)
    by = next((each for each in get_args(By) if each == kind), None)
    name, _, category = rest.rpartition("/class/") if "/class/" in rest else (rest, "", "")
    if by is None or not name:
        raise PatternError(f"There is no pattern {pattern[:80]!r}. Open Patterns, and choose a number there.")
    return _Wanted(Group(by, name), frozenset({category} if category else ()), not is_seen)


def _names(output: SeenOutput, reading: Reading) -> frozenset[str]:
    """The classes that were marked in an output, and those with their subtypes."""
    finer = {mark.category for mark in output.marks if mark.category and reading.flaw_class(mark) is not None}
    return reading.classes(output.marks) | finer


def _look(mark: MarkRow, reading: Reading) -> Look:
    return Look(mark.output_id, mark.rater, reading.flaw_class(mark), mark.start, mark.end)


def _rates(outputs: Sequence[SeenOutput], seen: Mapping[str, Seen]) -> dict[By, tuple[tuple[str, FlawRates], ...]]:
    members: defaultdict[Group, list[Seen]] = defaultdict(list)
    for output in outputs:
        for group in output.groups:
            members[group].append(seen[output.id])
    order = {name: place for place, name in enumerate(STRATEGIES)}
    groups = sorted(members, key=lambda group: (order.get(group.name, 0) if group.by == "strategy" else 0, group.name))
    return {
        by: tuple((group.name, flaw_rates(members[group])) for group in groups if group.by == by) for by in get_args(By)
    }


def _class_counts(flaws: Sequence[MarkRow]) -> tuple[ClassCount, ...]:
    """Each class and each class with its subtype, the most frequent first."""
    by_category: defaultdict[str, list[MarkRow]] = defaultdict(list)
    for mark in flaws:
        category = mark.category or ""
        for name in dict.fromkeys((category.partition("/")[0], category)):
            by_category[name].append(mark)
    counts = (
        ClassCount(
            category=category,
            marks=len(marks),
            outputs=len({mark.output_id for mark in marks}),
            runs=len({mark.run_id for mark in marks}),
            severities=dict(Counter(mark.severity for mark in marks)),
        )
        for category, marks in by_category.items()
    )
    return tuple(sorted(counts, key=lambda count: (-count.marks, count.category)))
