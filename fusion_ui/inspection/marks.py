"""What was said of the outputs of many runs, by people or by models, and what those outputs are: read in bulk."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from statistics import fmean
from typing import Literal, NamedTuple

from pydantic import TypeAdapter

from fusion_ui.analysis.flaw_rates import Seen
from fusion_ui.analysis.regrouping import Regrouping
from fusion_ui.inspection.correcting import Grouping
from fusion_ui.inspection.study_spans import place_of
from fusion_ui.studies.taxonomy import Taxonomy
from storage.corrections import groupings_of
from storage.flaw_marks import MarkRow, OutputFacts, model_marks, output_facts, run_marks
from storage.flaws import study_flaws
from storage.rows import Json, Reader

Source = Literal["people", "model"]
By = Literal["strategy", "member", "fusor"]
STRATEGIES = ("single", "best", "vote", "fusion")
_GROUPING = TypeAdapter(Grouping)


class Group(NamedTuple):
    """What an output can be counted under: a strategy, a member, or a version of the fusor's prompt."""

    by: By
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenOutput:
    """An output that somebody looked at, with what each of them said of it."""

    run_id: str
    id: str
    marks: tuple[MarkRow, ...]
    groups: tuple[Group, ...]

    def seen(self, reading: "Reading") -> Seen:
        """What counts of it in a rate; people count alike, however many mistakes each of them marked."""
        weights: defaultdict[str, list[float | None]] = defaultdict(list)
        for mark in self.marks:
            weights[mark.rater].append(reading.weight(mark))
        known = [None if None in own else sum(each for each in own if each is not None) for own in weights.values()]
        total = None if None in known else fmean(each for each in known if each is not None)
        return Seen(self.run_id, reading.classes(self.marks), total)


class Reading:
    """What marks mean in a taxonomy, looked up once for each category of very many marks."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self._flaw_class = cache(taxonomy.flaw_class)
        self._weight_by_severity = {each.name: each.weight for each in taxonomy.severities}

    def flaw_class(self, mark: MarkRow) -> str | None:
        """The class of what is wrong; None where nothing is."""
        return None if mark.category is None else self._flaw_class(mark.category)

    def classes(self, marks: Iterable[MarkRow]) -> frozenset[str]:
        """The classes of flaws among these marks."""
        return frozenset(name for mark in marks if (name := self.flaw_class(mark)) is not None)

    def weight(self, mark: MarkRow) -> float | None:
        """What a mark weighs: nothing where nothing is wrong, None where the severity is of another taxonomy."""
        return 0.0 if self.flaw_class(mark) is None else self._weight_by_severity.get(mark.severity)


def seen_outputs(reader: Reader, *, source: Source) -> tuple[SeenOutput, ...]:
    """The outputs of all runs that somebody looked at."""
    marks: defaultdict[str, defaultdict[str, list[MarkRow]]] = defaultdict(lambda: defaultdict(list))
    for mark in _people(reader) if source == "people" else model_marks(reader):
        marks[mark.run_id][mark.output_id].append(mark)
    groupings = groupings_of(reader, tuple(marks))
    outputs: list[SeenOutput] = []
    for run_id, facts in groupby(output_facts(reader, marks), key=lambda each: each.run_id):
        of_run = list(facts)
        groups = _groups(of_run, groupings.get(run_id))
        outputs += [
            SeenOutput(run_id=run_id, id=output_id, marks=tuple(said), groups=tuple(groups[output_id]))
            for output_id, said in marks[run_id].items()
        ]
    return tuple(outputs)


def _people(reader: Reader) -> Iterator[MarkRow]:
    yield from run_marks(reader)
    for flaw in study_flaws(reader):
        if not flaw.is_excluded:
            place = place_of(flaw)
            yield MarkRow(
                flaw.run_id, flaw.output_id, flaw.rater, flaw.category, flaw.severity, place.start, place.end, flaw.note
            )


def _groups(outputs: Sequence[OutputFacts], body: Json) -> dict[str, list[Group]]:
    """What each output of one run is counted under; one and the same may be single, best and vote at once."""
    groups: dict[str, list[Group]] = {each.id: [] for each in outputs}
    candidates = [each for each in outputs if each.role == "candidate"]
    for each in outputs:
        if each.role == "fusion":
            groups[each.id] += [Group("strategy", "fusion"), Group("fusor", each.prompt_version or "unknown")]
        else:
            groups[each.id].append(Group("member", each.member))
        if each.is_best:
            groups[each.id].append(Group("strategy", "best"))
    for first in candidates[:1]:
        groups[first.id].append(Group("strategy", "single"))
    if (voted := _voted(candidates, body)) is not None:
        groups[voted].append(Group("strategy", "vote"))
    return groups


def _voted(outputs: Sequence[OutputFacts], body: Json) -> str | None:
    """The first output with the leading answer, under people's corrections; None in a tie."""
    answers = _answers(outputs, body)
    (leader, votes), (_, next_votes) = [*Counter(filter(None, answers.values())).most_common(2), ("", 0), ("", 0)][:2]
    if votes == next_votes:
        return None
    return next(output_id for output_id, answer in answers.items() if answer == leader)


def _answers(outputs: Sequence[OutputFacts], body: Json) -> dict[str, str | None]:
    """What each output counts as, by position."""
    if body is None:
        return {each.id: each.answer for each in outputs}
    grouping = _GROUPING.validate_python(body)
    regrouping = Regrouping(aliases=grouping.aliases)
    return {each.id: regrouping.meaning(grouping.answers.get(each.id, each.answer)) for each in outputs}
