"""A rater's side of a study: the next trial, what is said of it, taking back, and where one left off.

A rater gets answers by letter, in an order of their own; what is stored is by output. Trials of others do not exist.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fusion_ui.annotation.giving import Giver
from fusion_ui.annotation.saying import LETTERS, Said, judged_of, new_judgement
from fusion_ui.annotation.sheets import Past, Sheet, Standing, own_trial, past_of, sheet_of, standing_of
from fusion_ui.annotation.shelf import Shelf
from fusion_ui.studies import timing
from fusion_ui.studies.protocol import Contender, Protocol, Study, StudyError
from fusion_ui.studies.taxonomy import Taxonomy
from storage import trials
from storage.connection import Store
from storage.judgements import Judgement, NewJudgement, Verdict, save_judgement, standing_judgement
from storage.progress import study_heads
from storage.ratings import known_rater
from storage.rows import Reader, json_text

MOST_DRAFT_CHARACTERS = 100_000
_UNDO = "undo:"


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
    """How a judgement came about, as the page tells it; `supersedes` is the one that the rater saw standing."""

    key: str
    active_seconds: float | None = None
    ticks: int | None = None
    shown: Mapping[str, Any]
    supersedes: str | None = None


class Sessions:
    """What raters may ask for; blocking, for use from worker threads. Names are people's: who they are is settled."""

    def __init__(self, store: Store, *, taxonomy: Taxonomy) -> None:
        self._store = store
        self._taxonomy = taxonomy
        self._shelf = Shelf(store)
        self._giver = Giver(store)

    def studies(self, name: str) -> tuple[tuple[Study, Standing], ...]:
        """The studies that this person may work on, newest first, with how far they have come."""
        with self._store.reading() as reader:
            rater = known_rater(reader, name)
            open_ids = [head.id for head in study_heads(reader) if not head.is_closed]
            found = [self._shelf.study(study_id, reader=reader) for study_id in open_ids]
            return tuple(
                (study, standing_of(reader, study, rater))
                for study in found
                if not study.protocol.raters or name in study.protocol.raters
            )

    def next(self, study_id: str, name: str, *, held: Collection[str] = ()) -> Next:
        """The trial this person has open, else a new one, kept for them by a lease. Raises NoStudyError.

        `held` are trials on the person's screen: the one after them is asked for ahead.
        """
        study = self._shelf.study(study_id)
        trial = self._giver.given(study, name, held=held)
        with self._store.reading() as reader:
            return Next(
                sheet=None if isinstance(trial, str) else sheet_of(reader, study, trial),
                standing=standing_of(reader, study, known_rater(reader, name)),
                finished=trial if isinstance(trial, str) else None,
            )

    def sheet(self, trial_id: str, name: str) -> Sheet:
        """An own trial again, with what was said of it. Raises NoTrialError."""
        with self._store.reading() as reader:
            trial = own_trial(reader, trial_id, name)
            return sheet_of(reader, self._shelf.study(trial.study_id, reader=reader), trial)

    def judge(self, trial_id: str, name: str, said: Said, how: Circumstances) -> Saved:
        """What was said, stored once however often the same press arrives.

        Raises NoTrialError, StudyError where it does not fit, and storage's ConflictError where another stands.
        """
        with self._store.reading() as reader:
            trial = own_trial(reader, trial_id, name)
            sheet = sheet_of(reader, self._shelf.study(trial.study_id, reader=reader), trial)
        protocol = sheet.study.protocol
        judged = judged_of(said, sheet.shown, protocol, self.taxonomy_of(sheet))
        seconds = _plausible(how, trial, now=self._store.identity.now())
        judgement = new_judgement(
            judged,
            trial_id=trial_id,
            rater_id=trial.rater_id,
            active_seconds=seconds,
            shown=dict(how.shown),
            is_after_reveal=protocol.reveals and sheet.judgement is not None,
            is_too_fast=_is_hasty(seconds, judged.verdict, protocol),
            supersedes=how.supersedes,
            request_key=how.key,
        )
        with self._store.writing() as writer:
            return _saved(sheet, save_judgement(writer, judgement))

    def undo(self, trial_id: str, name: str, *, key: str) -> Saved:
        """The trial opened again, after what was said of it is taken back. Raises NoTrialError, StudyError."""
        with self._store.writing() as writer:
            trial = own_trial(writer, trial_id, name)
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
                trials.renew_lease(writer, trial, lease_s=self._lease_s(writer, trial))
            return Saved(id=standing.row.id, saved_at=standing.row.created_at, revision=standing.row.revision)

    def taxonomy_of(self, sheet: Sheet) -> Taxonomy:
        """The flaws that may be marked in this trial: to blind raters, none that would tell what is compared."""
        return self._taxonomy.blind() if sheet.study.protocol.is_blind else self._taxonomy

    def keep_draft(self, trial_id: str, name: str, body: dict[str, Any]) -> str:
        """When the draft was kept. Raises NoTrialError; a draft is no judgement and is gone once there is one."""
        if len(json_text(body)) > MOST_DRAFT_CHARACTERS:
            raise StudyError("The draft is too large to be kept. Shorten the note.")
        with self._store.writing() as writer:
            trial = own_trial(writer, trial_id, name)
            return trials.save_draft(writer, trial_id, rater_id=trial.rater_id, body=body).saved_at

    def renew(self, trial_id: str, name: str) -> str:
        """Until when the trial is kept. Raises NoTrialError, and storage's TakenError if it was lost to others."""
        with self._store.writing() as writer:
            trial = own_trial(writer, trial_id, name)
            return trials.renew_lease(writer, trial, lease_s=self._lease_s(writer, trial)).expires_at

    def history(self, study_id: str, name: str) -> tuple[Past, ...]:
        """Every trial of this person in this study, in the order in which they were opened."""
        with self._store.reading() as reader:
            study = self._shelf.study(study_id, reader=reader)
            rater = known_rater(reader, name)
            own = trials.trials_of(reader, study_id=study.id, rater_id=rater.id) if rater else ()
            return tuple(past_of(reader, study, state) for state in own)

    def _lease_s(self, reader: Reader, trial: trials.TrialRow) -> float:
        return self._shelf.study(trial.study_id, reader=reader).protocol.lease_minutes * 60.0


def _plausible(how: Circumstances, trial: trials.TrialRow, *, now: str) -> float | None:
    if how.active_seconds is None:
        return None
    opened = datetime.fromisoformat(now) - datetime.fromisoformat(trial.opened_at)
    return timing.active_seconds(how.active_seconds, ticks=how.ticks, open_s=opened.total_seconds())


def _is_hasty(seconds: float | None, verdict: Verdict, protocol: Protocol) -> bool:
    return seconds is not None and verdict != "skip" and timing.is_too_fast(seconds, protocol)


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
