"""Which trial a rater gets: the open one, else a new one, chosen by the pure rule.

It is chosen before the turn to write, which everybody waits for, and opened in it unless somebody was faster: then it
is chosen anew.
"""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass

from fusion_ui.annotation.headway import Headway
from fusion_ui.studies.assignment import Assignment, Nothing, OwnTrial, TrialState, next_unit
from fusion_ui.studies.ordering import order_of
from fusion_ui.studies.protocol import Study
from storage import trials
from storage.connection import Store
from storage.ratings import known_rater, plain_name, rater_named
from storage.rows import Writer
from storage.studies import is_closed

_TRIES = 40  # one is lost only to another rater who got a trial meanwhile, and so many may ask at once


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """What a rater would get if nobody were faster; `held` are on the screen already."""

    own: tuple[trials.GivenTrial, ...]
    held: Collection[str]
    chosen: Assignment | Nothing

    @property
    def may_resume(self) -> bool:
        return any(trial.is_open and trial.id not in self.held for trial in self.own)


class Giver:
    """Gives out trials; blocking, for use from worker threads."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._headway = Headway(store)

    def given(self, study: Study, name: str, *, held: Collection[str] = ()) -> trials.TrialRow | Nothing:
        """The trial this person goes on with, or why there is none; `held` are on their screen already.

        Raises storage's TakenError where others were faster again and again.
        """
        for _ in range(_TRIES - 1):
            with suppress(trials.TakenError, trials.ClosedError):
                return self._tried(study, name, held)
        return self._tried(study, name, held)

    def _tried(self, study: Study, name: str, held: Collection[str]) -> trials.TrialRow | Nothing:
        plan = self._planned(study, name, held)
        if isinstance(plan.chosen, str) and not plan.may_resume:
            return plan.chosen
        with self._store.writing() as writer:
            return _opened(writer, study, name, plan)

    def _planned(self, study: Study, name: str, held: Collection[str]) -> _Plan:
        with self._store.reading() as reader:
            rater = known_rater(reader, name)
            own = trials.given_trials(reader, study_id=study.id, rater_id=rater.id) if rater else ()
            has_closed = is_closed(reader, study.id)
        chosen = next_unit(
            study.units,
            study.protocol,
            rater=plain_name(name),
            own=[_own_trial(trial, held) for trial in own],
            progress=self._headway.of(study.id),
            is_closed=has_closed,
        )
        return _Plan(own=own, held=held, chosen=chosen)


def _opened(writer: Writer, study: Study, name: str, plan: _Plan) -> trials.TrialRow | Nothing:
    rater, chosen, lease_s = rater_named(writer, name), plan.chosen, study.protocol.lease_minutes * 60.0
    if isinstance(chosen, str) or chosen.resumes:
        standing = trials.resume_trial(writer, study_id=study.id, rater_id=rater.id, lease_s=lease_s, beside=plan.held)
        if standing is not None:
            return standing
    if isinstance(chosen, str):
        return chosen
    if chosen.resumes or trials.trials_given(writer, study_id=study.id, rater_id=rater.id) != len(plan.own):
        raise trials.TakenError("You went on in another tab meanwhile. Go on with the next item.")
    unit = study.units[chosen.unit]
    return trials.open_trial(
        writer,
        study_id=study.id,
        unit_place=unit.place,
        rater_id=rater.id,
        position=len(plan.own),
        shown_order=order_of(
            seed=study.protocol.seed,
            rater=rater.name,
            unit=unit,
            position=sum(study.units[trial.unit_place].contrast == unit.contrast for trial in plan.own),
            number=trials.join_study(writer, study_id=study.id, rater_id=rater.id).seq - 1,
        ),
        lease_s=lease_s,
        kind=chosen.kind,
        repeat_of=chosen.repeat_of,
        beside=plan.held,
    )


def _own_trial(trial: trials.GivenTrial, held: Collection[str]) -> OwnTrial:
    """A trial as the rule sees it; one that is on the screen is seen and nothing more."""
    ended: TrialState = "skipped" if trial.is_open or trial.verdict == "skip" else "judged"
    is_open = trial.is_open and trial.id not in held
    return OwnTrial(id=trial.id, unit=trial.unit_place, kind=trial.kind, state="open" if is_open else ended)
