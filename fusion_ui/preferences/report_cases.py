"""Example cases of a study: the clearest win of each side, the most contested item, and one where all are bad."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from fusion_ui.annotation.making import labels_of
from fusion_ui.annotation.reading import Exclusions, Standing, read_exclusions, said_in, standing_judgements
from fusion_ui.preferences.question import By
from fusion_ui.preferences.report_people import People
from fusion_ui.preferences.report_sayings import Clipped, Saying, clipped, names_of, saying
from fusion_ui.studies.protocol import Study, Unit
from fusion_ui.studies.quality import ALL_BAD, TIE
from storage.details import JudgedTrial, judged_trials
from storage.judgements import UNCOUNTED
from storage.overviews import rater_names
from storage.rows import Reader

MOST_CASES = 8
_MOST_CONTRASTS = 3
_MOST_SAYINGS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Counting:
    """Whose judgements the analysis counts, by which rules it leaves others out, and what systems are told by."""

    by: By
    raters: frozenset[str]
    left_out: frozenset[str]

    def takes(self, rater: str, flags: Mapping[str, bool]) -> bool:
        """Whether a judgement of this rater counts that these rules concern."""
        return rater in self.raters and not any(flags[rule] for rule in flags if rule in self.left_out)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An answer of a case, with how many preferred it."""

    name: str
    member: str
    text: Clipped
    wins: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One item of the study and what was said of it; `why` says what it is an example of."""

    why: str
    number: int
    prompt: Clipped
    reference: Clipped | None
    answers: tuple[Shown, ...]
    ties: int
    both_bad: int
    sayings: tuple[Saying, ...]
    unsaid: int


class _Judged(NamedTuple):
    """A unit with what its contenders are called, and how often each (by its place) won, or none did."""

    unit: Unit
    names: tuple[str, ...]
    wins: Counter[int | str]

    @property
    def group(self) -> tuple[str, ...]:
        """Whom it compares, whatever stood first."""
        return tuple(sorted(self.names))

    @property
    def total(self) -> int:
        return self.wins.total()

    def won(self, name: str) -> int:
        """How often this one won."""
        return self.wins[self.names.index(name)]


_Taste = Callable[[_Judged], tuple[float, ...] | None]


def examples(reader: Reader, study: Study, counting: Counting, people: People) -> tuple[Case, ...]:
    """The cases in which the study can be seen best, the same ones each time."""
    name_by_id, excluded = rater_names(reader), read_exclusions(reader, study.id)
    standing = [each for each in standing_judgements(reader, study) if _counts(each, counting, name_by_id)]
    cases = []
    for why, judged in _chosen(_by_unit(_shown(study, counting), standing, counting.by)):
        trials = [
            each
            for each in judged_trials(reader, study.id, unit_place=judged.unit.place)
            if _stands(each, counting, name_by_id, excluded)
        ]
        cases.append(_case(why, judged, trials, name=lambda rater_id: people.shown(name_by_id[rater_id])))
    return tuple(cases)


def _shown(study: Study, counting: Counting) -> dict[int, Unit]:
    """The units that count, by place; a text that told blind raters its writer takes its unit out."""
    is_telling = study.protocol.is_blind and not study.protocol.masks_names and "leaks" in counting.left_out
    return {
        unit.place: unit
        for unit in study.units
        if unit.phase == "main" and not (is_telling and any(each.names for each in unit.contenders))
    }


def _counts(each: Standing, counting: Counting, name_by_id: Mapping[str, str]) -> bool:
    flags = {"too_fast": each.judged.is_too_fast, "after_reveal": each.is_after_reveal, "excluded": each.is_excluded}
    is_said = each.judged.kind == "main" and each.judged.winner is not None
    return is_said and counting.takes(name_by_id[each.rater_id], flags)


def _stands(each: JudgedTrial, counting: Counting, name_by_id: Mapping[str, str], excluded: Exclusions) -> bool:
    row = each.judgement.row
    is_out = excluded.of(rater_id=row.rater_id, trial_id=row.trial_id) is not None
    flags = {"too_fast": row.is_too_fast, "after_reveal": row.is_after_reveal, "excluded": is_out}
    is_said = row.kind == "main" and row.verdict not in UNCOUNTED
    return is_said and counting.takes(name_by_id[row.rater_id], flags)


def _chosen(judged: Sequence[_Judged]) -> list[tuple[str, _Judged]]:
    """At most so many, each of another unit, in the order in which they explain themselves."""
    chosen: dict[int, tuple[str, _Judged]] = {}
    for why, taste in _tastes(judged):
        weighed = [(weight, each) for each in judged if (weight := taste(each)) and each.unit.place not in chosen]
        if weighed and len(chosen) < MOST_CASES:
            _, best = max(weighed, key=lambda pair: (pair[0], -pair[1].unit.place))
            chosen[best.unit.place] = (why, best)
    return list(chosen.values())


def _by_unit(units: Mapping[int, Unit], standing: Iterable[Standing], by: By) -> list[_Judged]:
    wins: defaultdict[int, Counter[int | str]] = defaultdict(Counter)
    for each in standing:
        if each.judged.winner is not None and each.judged.unit in units:
            wins[each.judged.unit][_outcome(units[each.judged.unit], each.judged.winner)] += 1
    return [_Judged(units[place], names_of(units[place], by), wins[place]) for place in sorted(wins)]


def _outcome(unit: Unit, winner: str) -> int | str:
    places = (place for place, each in enumerate(unit.contenders) if each.output_id == winner)
    return next(places, winner)


def _tastes(judged: Sequence[_Judged]) -> Iterator[tuple[str, _Taste]]:
    """What to look for, the contrasts with the most items first."""
    for group, _ in Counter(each.group for each in judged).most_common(_MOST_CONTRASTS):
        # In the order in which the study has them.
        names = next(each.names for each in judged if each.group == group)
        for name in names:
            against = " and ".join(other for other in names if other != name)
            yield f"Clearest win of {name} over {against}", _clear(name, group)
        yield f"Most contested: {' or '.join(names)}", _contested(group)
    yield "Both bad", lambda each: _share(each, each.wins[ALL_BAD])


def _clear(name: str, group: tuple[str, ...]) -> _Taste:
    def taste(each: _Judged) -> tuple[float, ...] | None:
        if each.group != group:
            return None
        rivals = [each.wins[ALL_BAD], *(each.won(other) for other in group if other != name)]
        return _share(each, each.won(name)) if each.won(name) > max(rivals) else None

    return taste


def _contested(group: tuple[str, ...]) -> _Taste:
    """Those on which the two that won most won about as often, the more people said so the better."""

    def taste(each: _Judged) -> tuple[float, ...] | None:
        if each.group != group:
            return None
        most, second = sorted(map(each.won, group), reverse=True)[:2]
        return (2 * second / each.total, each.total, -most) if second else None

    return taste


def _share(each: _Judged, hits: int) -> tuple[float, ...] | None:
    return (hits / each.total, each.total) if hits else None


def _case(why: str, judged: _Judged, trials: Sequence[JudgedTrial], *, name: Callable[[str], str]) -> Case:
    unit = judged.unit
    called = dict(zip(labels_of(unit), judged.names, strict=True))
    shown = [
        Shown(name=own, member=each.member, text=clipped(each.text), wins=judged.wins[place])
        for place, (own, each) in enumerate(zip(judged.names, unit.contenders, strict=True))
    ]
    said = [saying(said_in(each.judgement, unit), called, rater=name(each.trial.rater_id)) for each in reversed(trials)]
    return Case(
        why=why,
        number=unit.place + 1,
        prompt=clipped(unit.prompt),
        reference=clipped(unit.reference) if unit.reference else None,
        answers=tuple(shown),
        ties=judged.wins[TIE],
        both_bad=judged.wins[ALL_BAD],
        sayings=tuple(said[:_MOST_SAYINGS]),
        unsaid=max(0, len(said) - _MOST_SAYINGS),
    )
