"""Trials as their raters see them: the unit, its contenders in the order shown, and what is said or drafted so far."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from fusion_ui.annotation.making import share_of
from fusion_ui.annotation.saying import Said, said_of
from fusion_ui.engine.values import MissingError
from fusion_ui.studies.protocol import Contender, Study, StudyError, Unit
from storage import trials
from storage.judgements import Judgement, standing_judgement
from storage.progress import active_seconds
from storage.ratings import RaterRow, known_rater
from storage.rows import Reader


class NoTrialError(StudyError, MissingError):
    """A trial that is not there, or another person's."""

    def __init__(self) -> None:
        super().__init__("There is no such trial of yours. Go on with the next one.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A trial as its rater sees it: `shown` is in the order of its letters, the first is answer A."""

    trial_id: str
    number: int
    study: Study
    unit: Unit
    shown: tuple[Contender, ...]
    is_training: bool
    draft: Mapping[str, Any] | None
    judgement: Judgement | None
    said: Said | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far a rater has come: trials ended, trials that may be theirs in all, and the units of the study."""

    done: int
    mine: int
    total: int
    median_seconds: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """A trial that was given before, with what stands of it; nothing is said of one that is open."""

    trial_id: str
    number: int
    prompt: str
    saved_at: str | None
    said: Said | None


def own_trial(reader: Reader, trial_id: str, name: str) -> trials.TrialRow:
    """The trial of this id if it is this person's. Raises NoTrialError."""
    rater = known_rater(reader, name)
    trial = trials.own_trial(reader, trial_id, rater_id=rater.id) if rater else None
    if trial is None:
        raise NoTrialError
    return trial


def sheet_of(reader: Reader, study: Study, trial: trials.TrialRow) -> Sheet:
    """The trial as its rater sees it."""
    shown = _shown(study, trial)
    draft: Any = trials.draft_of(reader, trial.id)
    judgement = standing_judgement(reader, trial.id)
    return Sheet(
        trial_id=trial.id,
        number=trial.position + 1,
        study=study,
        unit=study.units[trial.unit_place],
        shown=shown,
        is_training=trial.kind == "training",
        draft=draft.body if draft else None,
        judgement=judgement,
        said=_said(judgement, shown),
    )


def past_of(reader: Reader, study: Study, state: trials.TrialState) -> Past:
    """The trial as a history lists it."""
    judgement = None if state.is_open else standing_judgement(reader, state.trial.id)
    return Past(
        trial_id=state.trial.id,
        number=state.trial.position + 1,
        prompt=state.prompt,
        saved_at=state.saved_at,
        said=_said(judgement, _shown(study, state.trial)),
    )


def standing_of(reader: Reader, study: Study, rater: RaterRow | None) -> Standing:
    """How far this person has come in the study; whoever is not known has done nothing."""
    shown = sum(unit.is_shown for unit in study.units)
    seconds = active_seconds(reader, study_id=study.id, rater_id=rater.id) if rater else ()
    own = trials.given_trials(reader, study_id=study.id, rater_id=rater.id) if rater else ()
    done = sum(not trial.is_open for trial in own)
    return Standing(
        done=done,
        mine=max(share_of(shown, study.protocol), done),
        total=shown,
        median_seconds=median(seconds) if seconds else None,
    )


def _shown(study: Study, trial: trials.TrialRow) -> tuple[Contender, ...]:
    order: Any = trial.shown_order
    return tuple(study.units[trial.unit_place].contenders[place] for place in order)


def _said(judgement: Judgement | None, shown: Sequence[Contender]) -> Said | None:
    return said_of(judgement, shown) if judgement and judgement.row.verdict != "withdrawn" else None
