"""Which trial a rater gets: the open one, else a new one, chosen by the pure rule and opened in one transaction."""

from collections.abc import Collection, Sequence

from fusion_ui.annotation.sheets import own_trial
from fusion_ui.studies.assignment import Nothing, OwnTrial, Progress, TrialState, next_unit
from fusion_ui.studies.ordering import order_of
from fusion_ui.studies.protocol import Study, Unit
from storage import trials
from storage.progress import progress, study_raters
from storage.ratings import RaterRow
from storage.rows import Writer
from storage.studies import is_closed


def given(
    writer: Writer, study: Study, rater: RaterRow, *, own: Sequence[trials.TrialState], held: Collection[str] = ()
) -> trials.TrialRow | Nothing:
    """The trial this rater goes on with after their `own`, or why there is none; `held` are on the screen already."""
    lease_s = study.protocol.lease_minutes * 60.0
    standing = trials.resume_trial(writer, study_id=study.id, rater_id=rater.id, lease_s=lease_s, beside=held)
    if standing is not None:
        return standing
    assigned = next_unit(
        study.units,
        study.protocol,
        rater=rater.name,
        own=[_own_trial(state, held) for state in own],
        progress=_progress(writer, study.id),
        is_closed=is_closed(writer, study.id),
    )
    if isinstance(assigned, str):
        return assigned
    if assigned.resumes:
        return own_trial(writer, assigned.resumes, rater.name)
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
        beside=held,
    )


def _own_trial(state: trials.TrialState, held: Collection[str]) -> OwnTrial:
    """A trial as the rule sees it; one that is on the screen is seen and nothing more."""
    trial = state.trial
    ended: TrialState = "skipped" if state.is_open or state.verdict == "skip" else "judged"
    is_open = state.is_open and trial.id not in held
    return OwnTrial(id=trial.id, unit=trial.unit_place, kind=trial.kind, state="open" if is_open else ended)


def _progress(writer: Writer, study_id: str) -> Progress:
    """Who has or holds what, by name as the protocol names people."""
    name_by_id = {rater.rater_id: rater.name for rater in study_raters(writer, study_id)}
    found = progress(writer, study_id, now=writer.identity.now())
    return Progress(
        **{
            kind: {place: frozenset(name_by_id[each] for each in ids) for place, ids in by_place.items()}
            for kind, by_place in found._asdict().items()
        }
    )


def _roles(unit: Unit) -> tuple[str, ...]:
    return tuple(contender.role for contender in unit.contenders)
