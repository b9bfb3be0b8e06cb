"""A rater's side of a study: the next trial, what is said of it, taking back, and where one left off.

A rater gets answers by letter, in an order of their own; what is stored is by output. Trials of others do not exist.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any

from fusion_ui.annotation.saying import LETTERS, Said, judged_of, new_judgement, said_of
from fusion_ui.annotation.shelf import read_study
from fusion_ui.studies.assignment import Nothing, OwnTrial, Progress, TrialState, next_unit
from fusion_ui.studies.ordering import order_of
from fusion_ui.studies.protocol import Contender, Study, StudyError, Unit
from fusion_ui.studies.taxonomy import Taxonomy
from fusion_ui.studies.timing import is_too_fast
from storage import trials
from storage.attendance import active_seconds
from storage.connection import Store
from storage.judgements import Judgement, NewJudgement, save_judgement, standing_judgement
from storage.progress import progress, study_heads
from storage.ratings import RaterRow, known_rater, rater_named
from storage.rows import Reader, Writer, json_text
from storage.studies import is_closed

MOST_DRAFT_CHARACTERS = 100_000
_UNDO = "undo:"
_MOST_STUDIES = 64  # kept in memory, as every trial needs its study


class NoTrialError(StudyError):
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
class Next:
    """The trial to go on with, or why there is none."""

    sheet: Sheet | None
    standing: Standing
    finished: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """A judgement as acknowledged; `revealed` are the contenders in the order shown, where the study tells."""

    id: str
    saved_at: str
    revision: int
    revealed: tuple[Contender, ...] | None = None
    feedback: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """How a judgement came about; `supersedes` is the one that the rater saw standing."""

    key: str
    active_seconds: float | None = None
    shown: Mapping[str, Any]
    supersedes: str | None = None


class Sessions:
    """What raters may ask for; blocking, for use from worker threads. Names are people's: who they are is settled."""

    def __init__(self, store: Store, *, taxonomy: Taxonomy) -> None:
        self._store = store
        self._taxonomy = taxonomy
        self._study_by_id: dict[str, Study] = {}

    def studies(self, name: str) -> tuple[tuple[Study, Standing], ...]:
        """The studies that this person may work on, newest first, with how far they have come."""
        with self._store.reading() as reader:
            rater = known_rater(reader, name)
            open_ids = [head.id for head in study_heads(reader) if not head.is_closed]
            found = [self._study(reader, study_id) for study_id in open_ids]
            return tuple(
                (study, _standing(reader, study, rater))
                for study in found
                if not study.protocol.raters or name in study.protocol.raters
            )

    def next(self, study_id: str, name: str) -> Next:
        """The trial this person has open, else a new one, kept for them by a lease. Raises NoStudyError."""
        with self._store.writing() as writer:
            study = self._study(writer, study_id)
            rater = rater_named(writer, name)
            given = self._given(writer, study, rater)
            sheet = None if isinstance(given, str) else self._sheet(writer, study, given)
            finished = given if isinstance(given, str) else None
            return Next(sheet=sheet, standing=_standing(writer, study, rater), finished=finished)

    def sheet(self, trial_id: str, name: str) -> Sheet:
        """An own trial again, with what was said of it. Raises NoTrialError."""
        with self._store.reading() as reader:
            trial = _own(reader, trial_id, name)
            return self._sheet(reader, self._study(reader, trial.study_id), trial)

    def judge(self, trial_id: str, name: str, said: Said, how: Circumstances) -> Saved:
        """What was said, stored once however often the same press arrives.

        Raises NoTrialError, StudyError where it does not fit, and storage's ConflictError where another stands.
        """
        with self._store.writing() as writer:
            trial = _own(writer, trial_id, name)
            sheet = self._sheet(writer, self._study(writer, trial.study_id), trial)
            protocol = sheet.study.protocol
            judged = judged_of(said, sheet.shown, protocol, self._taxonomy)
            is_fast = how.active_seconds is not None and judged.verdict != "skip"
            stored = save_judgement(
                writer,
                new_judgement(
                    judged,
                    trial_id=trial_id,
                    rater_id=trial.rater_id,
                    active_seconds=how.active_seconds,
                    shown=dict(how.shown),
                    is_after_reveal=protocol.reveals and sheet.judgement is not None,
                    is_too_fast=is_fast and is_too_fast(how.active_seconds or 0.0, protocol),
                    supersedes=how.supersedes,
                    request_key=how.key,
                ),
            )
            return _saved(sheet, stored)

    def undo(self, trial_id: str, name: str, *, key: str) -> Saved:
        """The trial opened again, after what was said of it is taken back. Raises NoTrialError, StudyError."""
        with self._store.writing() as writer:
            trial = _own(writer, trial_id, name)
            standing = standing_judgement(writer, trial_id)
            if standing is None or (standing.row.verdict == "withdrawn" and standing.row.request_key != _UNDO + key):
                raise StudyError("There is nothing to take back here.")
            if standing.row.request_key != _UNDO + key:
                standing = save_judgement(
                    writer,
                    NewJudgement(
                        trial_id=trial_id,
                        rater_id=trial.rater_id,
                        verdict="withdrawn",
                        supersedes=standing.row.id,
                        request_key=_UNDO + key,
                    ),
                )
            return Saved(id=standing.row.id, saved_at=standing.row.created_at, revision=standing.row.revision)

    def keep_draft(self, trial_id: str, name: str, body: dict[str, Any]) -> str:
        """When the draft was kept. Raises NoTrialError; a draft is no judgement and is gone once there is one."""
        if len(json_text(body)) > MOST_DRAFT_CHARACTERS:
            raise StudyError("The draft is too large to be kept. Shorten the note.")
        with self._store.writing() as writer:
            trial = _own(writer, trial_id, name)
            return trials.save_draft(writer, trial_id, rater_id=trial.rater_id, body=body).saved_at

    def renew(self, trial_id: str, name: str) -> str:
        """Until when the trial is kept. Raises NoTrialError, and storage's TakenError if it was lost to others."""
        with self._store.writing() as writer:
            trial = _own(writer, trial_id, name)
            lease_s = self._study(writer, trial.study_id).protocol.lease_minutes * 60.0
            return trials.renew_lease(writer, trial, lease_s=lease_s).expires_at

    def history(self, study_id: str, name: str) -> tuple[trials.TrialState, ...]:
        """Every trial of this person in this study, in the order in which they were opened."""
        with self._store.reading() as reader:
            rater = known_rater(reader, name)
            return trials.trials_of(reader, study_id=study_id, rater_id=rater.id) if rater else ()

    def _study(self, reader: Reader, study_id: str) -> Study:
        """The study, which never changes once it is stored. Raises NoStudyError."""
        known = self._study_by_id.get(study_id)
        if known is None:
            known = read_study(reader, study_id)
            kept = self._study_by_id if len(self._study_by_id) < _MOST_STUDIES else {}
            self._study_by_id = kept | {study_id: known}  # replaced whole: other threads read it meanwhile
        return known

    def _given(self, writer: Writer, study: Study, rater: RaterRow) -> trials.TrialRow | Nothing:
        lease_s = study.protocol.lease_minutes * 60.0
        if standing := trials.resume_trial(writer, study_id=study.id, rater_id=rater.id, lease_s=lease_s):
            return standing
        own = trials.trials_of(writer, study_id=study.id, rater_id=rater.id)
        assigned = next_unit(
            study.units,
            study.protocol,
            rater=rater.name,
            own=[_own_trial(state) for state in own],
            progress=Progress(**progress(writer, study.id, now=writer.identity.now())._asdict()),
            is_closed=is_closed(writer, study.id),
        )
        if isinstance(assigned, str):
            return assigned
        unit = study.units[assigned.unit]
        return trials.open_trial(
            writer,
            study_id=study.id,
            unit_place=unit.place,
            rater_id=rater.id,
            position=len(own),
            shown_order=order_of(
                seed=study.protocol.seed,
                rater=rater.name,
                unit=unit,
                position=sum(_roles(study.units[state.trial.unit_place]) == _roles(unit) for state in own),
                number=trials.join_study(writer, study_id=study.id, rater_id=rater.id).seq - 1,
            ),
            lease_s=lease_s,
            kind=assigned.kind,
            repeat_of=assigned.repeat_of,
        )

    def _sheet(self, reader: Reader, study: Study, trial: trials.TrialRow) -> Sheet:
        unit = study.units[trial.unit_place]
        order: Any = trial.shown_order
        shown = tuple(unit.contenders[place] for place in order)
        draft: Any = trials.draft_of(reader, trial.id)
        judgement = standing_judgement(reader, trial.id)
        return Sheet(
            trial_id=trial.id,
            number=trial.position + 1,
            study=study,
            unit=unit,
            shown=shown,
            is_training=trial.kind == "training",
            draft=draft.body if draft else None,
            judgement=judgement,
            said=said_of(judgement, shown) if judgement and judgement.row.verdict != "withdrawn" else None,
        )


def _own(reader: Reader, trial_id: str, name: str) -> trials.TrialRow:
    rater = known_rater(reader, name)
    trial = trials.own_trial(reader, trial_id, rater_id=rater.id) if rater else None
    if trial is None:
        raise NoTrialError
    return trial


def _own_trial(state: trials.TrialState) -> OwnTrial:
    trial = state.trial
    is_open = state.verdict in (None, "withdrawn")
    ended: TrialState = "skipped" if state.verdict == "skip" else "judged"
    return OwnTrial(id=trial.id, unit=trial.unit_place, kind=trial.kind, state="open" if is_open else ended)


def _standing(reader: Reader, study: Study, rater: RaterRow | None) -> Standing:
    shown = [unit for unit in study.units if unit.is_shown]
    own = trials.trials_of(reader, study_id=study.id, rater_id=rater.id) if rater else ()
    seconds = active_seconds(reader, study_id=study.id, rater_id=rater.id) if rater else ()
    done = sum(state.verdict not in (None, "withdrawn") for state in own)
    people = max(len(study.protocol.raters), 1)
    share = -(-len(shown) * study.protocol.overlap // people) if study.protocol.raters else len(shown)
    return Standing(
        done=done,
        mine=max(min(share, len(shown)), done),
        total=len(shown),
        median_seconds=median(seconds) if seconds else None,
    )


def _saved(sheet: Sheet, stored: Judgement) -> Saved:
    row = stored.row
    is_told = sheet.study.protocol.reveals and row.verdict != "skip"
    return Saved(
        id=row.id,
        saved_at=row.created_at,
        revision=row.revision,
        revealed=sheet.shown if is_told else None,
        feedback=_feedback(sheet, stored) if sheet.is_training else None,
    )


def _feedback(sheet: Sheet, stored: Judgement) -> str:
    """What a training trial says afterwards: whether it was right, and why."""
    gold = sheet.unit.gold
    words = [sheet.unit.feedback] if sheet.unit.feedback else []
    if gold is not None:
        expected = sheet.unit.contenders[gold]
        is_right = (stored.row.output_id, stored.row.role) == (expected.output_id, expected.role)
        letter = LETTERS[sheet.shown.index(expected)]
        words.insert(0, "That is the expected judgement." if is_right else f"Expected was answer {letter}.")
    return " ".join(words)


def _roles(unit: Unit) -> tuple[str, ...]:
    return tuple(contender.role for contender in unit.contenders)
