"""Example cases of a study: the clearest win of each side, the most contested item, and one where all are bad."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from fusion_ui.annotation.making import labels_of
from fusion_ui.annotation.reading import Exclusions, Standing, read_exclusions, said_in, standing_judgements
from fusion_ui.preferences.report_people import People
from fusion_ui.preferences.report_words import role_words
from fusion_ui.studies.protocol import Study, Unit
from fusion_ui.studies.quality import ALL_BAD, TIE
from storage.details import JudgedTrial, judged_trials
from storage.judgements import UNCOUNTED
from storage.overviews import rater_names
from storage.rows import Reader

MOST_CASES = 8
_MOST_CONTRASTS = 3
MOST_TEXT = 6_000  # characters of a text; more of them would be no example
_MOST_SAYINGS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Counting:
    """Whose judgements the analysis counts, and by which of its rules it leaves others out."""

    raters: frozenset[str]
    left_out: frozenset[str]

    def takes(self, rater: str, flags: Mapping[str, bool]) -> bool:
        """Whether a judgement of this rater counts that these rules concern."""
        return rater in self.raters and not any(flags[rule] for rule in flags if rule in self.left_out)


class Clipped(NamedTuple):
    """A text as far as the report prints it, and how many characters it leaves out."""

    words: str
    left_out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An answer of a case, with how many preferred it."""

    role: str
    member: str
    text: Clipped
    wins: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """What one rater said."""

    rater: str
    verdict: str
    remarks: tuple[str, ...]
    note: str


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
    """A unit with how often each of its labels won."""

    unit: Unit
    wins: Counter[str]

    @property
    def total(self) -> int:
        return self.wins.total()


_Taste = Callable[[_Judged], tuple[float, ...] | None]


def examples(reader: Reader, study: Study, counting: Counting, people: People) -> tuple[Case, ...]:
    """The cases in which the study can be seen best, the same ones each time."""
    name_by_id, excluded = rater_names(reader), read_exclusions(reader, study.id)
    standing = [each for each in standing_judgements(reader, study) if _counts(each, counting, name_by_id)]
    cases = []
    for why, judged in _chosen(_shown(study, counting), standing):
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


def _chosen(units: Mapping[int, Unit], standing: Iterable[Standing]) -> list[tuple[str, _Judged]]:
    """At most so many, each of another unit, in the order in which they explain themselves."""
    chosen: dict[int, tuple[str, _Judged]] = {}
    judged = _by_unit(units, standing)
    for why, taste in _tastes(judged):
        weighed = [(weight, each) for each in judged if (weight := taste(each)) and each.unit.place not in chosen]
        if weighed and len(chosen) < MOST_CASES:
            _, best = max(weighed, key=lambda pair: (pair[0], -pair[1].unit.place))
            chosen[best.unit.place] = (why, best)
    return list(chosen.values())


def _by_unit(units: Mapping[int, Unit], standing: Iterable[Standing]) -> list[_Judged]:
    wins: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for each in standing:
        if each.judged.winner is not None and each.judged.unit in units:
            wins[each.judged.unit][_label(units[each.judged.unit], each.judged.winner)] += 1
    return [_Judged(units[place], wins[place]) for place in sorted(wins)]


def _label(unit: Unit, winner: str) -> str:
    labels = dict(zip((each.output_id for each in unit.contenders), labels_of(unit), strict=True))
    return labels.get(winner, winner)


def _tastes(judged: Sequence[_Judged]) -> Iterator[tuple[str, _Taste]]:
    """What to look for, the contrasts with the most items first."""
    contrasts = Counter(labels_of(each.unit) for each in judged)
    for labels, _ in contrasts.most_common(_MOST_CONTRASTS):
        for label in labels:
            against = " and ".join(role_words(other) for other in labels if other != label)
            yield f"Clearest win of {role_words(label)} over {against}", _clear(label, labels)
        yield f"Most contested: {' or '.join(map(role_words, labels))}", _contested(labels)
    yield "Both bad", lambda each: _share(each, ALL_BAD)


def _clear(label: str, labels: Sequence[str]) -> _Taste:
    def taste(each: _Judged) -> tuple[float, ...] | None:
        is_ahead = each.wins[label] > max(each.wins[other] for other in (*labels, ALL_BAD) if other != label)
        return _share(each, label) if labels_of(each.unit) == labels and is_ahead else None

    return taste


def _contested(labels: Sequence[str]) -> _Taste:
    """Those on which the two that won most won about as often, the more people said so the better."""

    def taste(each: _Judged) -> tuple[float, ...] | None:
        if labels_of(each.unit) != labels:
            return None
        most, second = sorted((each.wins[label] for label in labels), reverse=True)[:2]
        return (2 * second / each.total, each.total, -most) if second else None

    return taste


def _share(each: _Judged, label: str) -> tuple[float, ...] | None:
    return (each.wins[label] / each.total, each.total) if each.wins[label] else None


def _case(why: str, judged: _Judged, trials: Sequence[JudgedTrial], *, name: Callable[[str], str]) -> Case:
    unit = judged.unit
    shown = [
        Shown(role=role_words(label), member=each.member, text=clipped(each.text), wins=judged.wins[label])
        for label, each in zip(labels_of(unit), unit.contenders, strict=True)
    ]
    said = [_saying(each, unit, rater=name(each.trial.rater_id)) for each in reversed(trials)]
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


def _saying(each: JudgedTrial, unit: Unit, *, rater: str) -> Saying:
    said = said_in(each.judgement, unit)
    return Saying(rater=rater, verdict=_verdict(said), remarks=tuple(_remarks(said)), note=said["note"])


def _verdict(said: Mapping[str, Any]) -> str:
    if said["scores"]:
        return "; ".join(f"{role_words(label)}: {_scores(scores)}" for label, scores in said["scores"].items())
    if said["ranking"]:
        return ", then ".join(" and ".join(map(role_words, tied)) for tied in said["ranking"])
    if said["best"] or said["worst"]:
        ends = {"best": said["best"], "worst": said["worst"]}
        return ", ".join(f"{end} {role_words(label)}" for end, label in ends.items() if label)
    words = {TIE: "Tie", ALL_BAD: "Both bad"}.get(said["verdict"], role_words(said["verdict"]))
    return words + (", much better" if said["strength"] == 2 else "")


def _scores(scores: Mapping[str, Any]) -> str:
    return ", ".join(f"{criterion} {score}" for criterion, score in scores.items())


def _remarks(said: Mapping[str, Any]) -> Iterator[str]:
    for label, reasons in said["reasons"].items():
        if reasons:
            yield f"{role_words(label)}: {', '.join(reasons)}"
    if said["confidence"]:
        yield f"sure: {said['confidence']}"
    for flaw in said["flaws"]:
        quote = f" “{clipped(flaw['quote'], most=160).words}”" if flaw["quote"] else ""
        yield f"{role_words(flaw['role'])}: {flaw['severity']} {flaw['category']}{quote}"


def clipped(words: str, *, most: int = MOST_TEXT) -> Clipped:
    """The beginning of a text."""
    return Clipped(words[:most], max(0, len(words) - most))
