"""What was said of the outputs of many runs, by people or by models, and what those outputs are: read in bulk."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import fmean
from typing import Literal, NamedTuple

from pydantic import TypeAdapter

from fusion_ui.analysis.flaw_rates import Seen
from fusion_ui.analysis.regrouping import Regrouping
from fusion_ui.engine.values import Candidate, Completion
from fusion_ui.engine.voting import leader, tally_of
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
_TEXTLESS = Completion(text="")


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

    def seen(self, taxonomy: Taxonomy) -> Seen:
        """What counts of it in a rate; people count alike, however many mistakes each of them marked."""
        weights: defaultdict[str, list[float | None]] = defaultdict(list)
        for mark in self.marks:
            weights[mark.rater].append(_weight(mark, taxonomy))
        known = [_total(own) for own in weights.values()]
        total = None if None in known else fmean(each for each in known if each is not None)
        return Seen(self.run_id, classes_of(self.marks, taxonomy), total)


def classes_of(marks: Iterable[MarkRow], taxonomy: Taxonomy) -> frozenset[str]:
    """The classes of flaws among these marks."""
    found = (taxonomy.flaw_class(mark.category) for mark in marks if mark.category is not None)
    return frozenset(name for name in found if name is not None)


def seen_outputs(reader: Reader, *, source: Source, run_ids: Collection[str] | None = None) -> tuple[SeenOutput, ...]:
    """The outputs of these runs, or of all, that somebody looked at."""
    marks: defaultdict[str, defaultdict[str, list[MarkRow]]] = defaultdict(lambda: defaultdict(list))
    chosen = None if run_ids is None else frozenset(run_ids)
    for mark in _people(reader) if source == "people" else model_marks(reader):
        if chosen is None or mark.run_id in chosen:
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
    if candidates:
        groups[candidates[0].id].append(Group("strategy", "single"))
    if (voted := _voted(candidates, body)) is not None:
        groups[voted].append(Group("strategy", "vote"))
    return groups


def _voted(outputs: Sequence[OutputFacts], body: Json) -> str | None:
    """The first output with the leading answer, under people's corrections; None in a tie."""
    grouping = _GROUPING.validate_python(body) if body is not None else Grouping()
    regrouping = Regrouping(aliases=grouping.aliases)
    candidates = {
        each.position or 0: (each.id, regrouping.meaning(_answer(each, grouping.answers))) for each in outputs
    }
    tally = tally_of(
        Candidate(position=position, member="", completion=_TEXTLESS, answer=answer)
        for position, (_, answer) in candidates.items()
    )
    return candidates[tally.counts[0].positions[0]][0] if leader(tally) is not None else None


def _answer(output: OutputFacts, answers: Mapping[str, str | None]) -> str | None:
    return answers.get(output.id, output.answer)


def _weight(mark: MarkRow, taxonomy: Taxonomy) -> float | None:
    """What a mark weighs: nothing where nothing is wrong, None where the severity is of another taxonomy."""
    if mark.category is None or not taxonomy.is_flaw(mark.category):
        return 0.0
    return next((each.weight for each in taxonomy.severities if each.name == mark.severity), None)


def _total(weights: Iterable[float | None]) -> float | None:
    known = list(weights)
    return None if None in known else sum(each for each in known if each is not None)
