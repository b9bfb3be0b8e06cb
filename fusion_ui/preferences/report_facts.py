"""What a report says of a study beside its analysis: protocol, people, decisions, models, versions; from the store."""

import platform
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version

import fusion_ui
from fusion_ui.annotation.making import labels_of
from fusion_ui.annotation.reading import read_exclusions
from fusion_ui.preferences.report_markup import Child, named
from fusion_ui.preferences.report_people import People, people
from fusion_ui.preferences.report_words import Setting, role_words, settings
from fusion_ui.studies.protocol import Study, Unit, definition_sha256
from storage.details import trials_by_id
from storage.overviews import StudyOverview, overview, rater_names
from storage.progress import StudyRater, study_raters
from storage.rows import Reader
from storage.studies import StudyRows

_PACKAGES = ("numpy", "scipy", "matplotlib")
MOST_MEMBERS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A rater or a judgement that the owner left out, and why."""

    what: str
    reason: str
    decided_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyFacts:
    """A study as a report prints it; `people` says how raters are named."""

    id: str
    title: str
    version: int
    created_at: str
    frozen_at: str | None
    last_at: str | None
    closed_at: str | None
    definition_sha256: str
    instructions: str
    is_pairwise: bool
    settings: tuple[Setting, ...]
    items: tuple[Setting, ...]
    models: tuple[Setting, ...]
    raters: tuple[Setting, ...]
    decisions: tuple[Decision, ...]
    deviations: tuple[str, ...]
    versions: tuple[Setting, ...]
    people: People


def study_facts(reader: Reader, rows: StudyRows, study: Study, *, names: bool = False) -> StudyFacts:
    """The facts of this study, with its raters' names only if they are asked for."""
    joined = study_raters(reader, study.id)
    told = people([rater.name for rater in joined], by_name=names)
    seen = overview(reader, study.id)
    return StudyFacts(
        id=study.id,
        title=study.protocol.title,
        version=study.version,
        created_at=study.created_at,
        frozen_at=seen.frozen_at,
        last_at=seen.last_at,
        closed_at=rows.closed_at,
        definition_sha256=rows.study.definition_sha256,
        instructions=study.protocol.instructions,
        is_pairwise=study.protocol.task == "pairwise",
        settings=settings(study.protocol),
        items=_items(study),
        models=_models(study),
        raters=_raters(joined, seen, wanted=study.protocol.overlap * sum(map(_is_wanted, study.units))),
        decisions=_decisions(reader, study.id, told),
        deviations=_deviations(rows, study, superseded_by=seen.superseded_by),
        versions=_versions(),
        people=told,
    )


def _is_wanted(unit: Unit) -> bool:
    return unit.is_shown and unit.phase == "main"


def _items(study: Study) -> tuple[Setting, ...]:
    units = study.units
    languages = Counter(unit.language for unit in units if unit.language)
    told = {
        "Items that people judge": sum(map(_is_wanted, units)),
        "Items to train on": sum(unit.phase == "training" for unit in units),
        "Items whose right answer is known": sum(unit.gold is not None for unit in units),
        "Items never shown, for their answers are the same": sum(unit.is_identical for unit in units),
        "Items never shown, for an earlier one shows the same": sum(unit.same_as is not None for unit in units),
    }
    shown = [Setting(name, f"{count:,}") for name, count in told.items() if count]
    if languages:
        shown.append(Setting("Languages", ", ".join(f"{name} {count:,}" for name, count in languages.most_common())))
    return tuple(shown)


def _models(study: Study) -> tuple[Setting, ...]:
    """Who wrote what was shown under each label, the most frequent first."""
    writers: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for unit in study.units:
        for label, contender in zip(labels_of(unit), unit.contenders, strict=True):
            writers[label][contender.member or "not recorded"] += 1
    return tuple(Setting(role_words(label), _counted(members)) for label, members in writers.items())


def _counted(members: Counter[str]) -> Child:
    told: list[Child] = [[named(name), f" ({count:,})"] for name, count in members.most_common(MOST_MEMBERS)]
    more = len(members) - MOST_MEMBERS
    parts = [*told, f"{more:,} more"] if more > 0 else told
    return [[part, ", " if place < len(parts) else ""] for place, part in enumerate(parts, start=1)]


def _raters(joined: Sequence[StudyRater], seen: StudyOverview, *, wanted: int) -> tuple[Setting, ...]:
    return (
        Setting("People who came", f"{len(joined):,}"),
        Setting("People who judged", f"{seen.raters:,}"),
        Setting("People left out as a whole", f"{sum(rater.is_excluded for rater in joined):,}"),
        Setting("Judgements that the protocol wants", f"{wanted:,}"),
    )


def _decisions(reader: Reader, study_id: str, told: People) -> tuple[Decision, ...]:
    """What is left out at present, in the order in which it was decided."""
    left_out, names = read_exclusions(reader, study_id), rater_names(reader)
    trials = trials_by_id(reader, list(left_out.by_trial))
    rows = sorted([*left_out.by_rater.values(), *left_out.by_trial.values()], key=lambda row: row.seq)
    return tuple(
        Decision(
            what=f"All of {told.shown(names[row.rater_id])}"
            if row.rater_id is not None
            else f"Item {trials[row.trial_id or ''].unit_place + 1} by "
            f"{told.shown(names[trials[row.trial_id or ''].rater_id])}",
            reason=told.hidden(row.reason),
            decided_at=row.created_at,
        )
        for row in rows
    )


def _deviations(rows: StudyRows, study: Study, *, superseded_by: str | None) -> tuple[str, ...]:
    """Where what is stored is not what was frozen."""
    now = definition_sha256(study.protocol, study.units)
    told = []
    if now != rows.study.definition_sha256:
        told.append(f"The definition read today has the hash {now}, not the one it was stored under.")
    if superseded_by is not None:
        told.append(f"A later version of this study exists: {superseded_by}.")
    return tuple(told)


def _versions() -> tuple[Setting, ...]:
    packages = [Setting(name, version(name)) for name in _PACKAGES]
    return (Setting("Fusion UI", fusion_ui.__version__), Setting("Python", platform.python_version()), *packages)
