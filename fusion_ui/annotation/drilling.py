"""Behind the board: what was said of one item, or by one person, judgement by judgement."""

from typing import Any

from fusion_ui.annotation.boards import clipped, decision
from fusion_ui.annotation.making import labels_of
from fusion_ui.annotation.reading import Exclusions, read_exclusions, said_in, winner_of
from fusion_ui.studies.protocol import Study, StudyError, Unit
from storage.details import JudgedTrial, judged_trials
from storage.judgements import UNCOUNTED
from storage.overviews import rater_names
from storage.ratings import known_rater
from storage.rows import Reader

_PROMPT = 200
_QUOTE = 160


def judgements_by(reader: Reader, study: Study, name: str) -> list[dict[str, Any]]:
    """What this person said in the study, the latest first. Raises StudyError."""
    rater = known_rater(reader, name)
    if rater is None:
        raise StudyError(f"Nobody called {name[:60]!r} has judged here.")
    return _told(reader, study, judged_trials(reader, study.id, rater_id=rater.id))


def judgements_of(reader: Reader, study: Study, place: int) -> list[dict[str, Any]]:
    """What was said of the unit at this place, the latest first. Raises StudyError."""
    return _told(reader, study, judged_trials(reader, study.id, unit_place=unit_at(study, place).place))


def unit_at(study: Study, place: int) -> Unit:
    """The unit at this place. Raises StudyError."""
    if not 0 <= place < len(study.units):
        raise StudyError(f"There is no item {place + 1} in this study.")
    return study.units[place]


def unit_card(unit: Unit) -> dict[str, Any]:
    """A unit with everything that raters do not see."""
    return {
        "place": unit.place,
        "roles": unit.contrast,
        "prompt": unit.prompt,
        "reference": unit.reference,
        "gold": None if unit.gold is None else labels_of(unit)[unit.gold],
        "contenders": [
            {"role": label, "member": contender.member, "text": contender.text, "phrases": contender.names}
            for label, contender in zip(labels_of(unit), unit.contenders, strict=True)
        ],
    }


def _told(reader: Reader, study: Study, found: tuple[JudgedTrial, ...]) -> list[dict[str, Any]]:
    names, left_out = rater_names(reader), read_exclusions(reader, study.id)
    winner_by_trial = {each.trial.id: _winner(each) for each in found}
    return [_judgement(each, study, names, left_out, winner_by_trial) for each in found]


def _judgement(
    each: JudgedTrial,
    study: Study,
    names: dict[str, str],
    left_out: Exclusions,
    winner_by_trial: dict[str, str | None],
) -> dict[str, Any]:
    trial, row = each.trial, each.judgement.row
    unit = study.units[trial.unit_place]
    order: Any = trial.shown_order
    said = said_in(each.judgement, unit)
    exclusion = left_out.of(rater_id=trial.rater_id, trial_id=trial.id)
    return {
        "trial_id": trial.id,
        "unit_place": unit.place,
        "prompt": clipped(unit.prompt, _PROMPT),
        "roles": unit.contrast,
        "rater": names[trial.rater_id],
        "kind": trial.kind,
        **said,
        "flaws": [flaw | {"quote": clipped(flaw["quote"], _QUOTE)} for flaw in said["flaws"]],
        "shown": [labels_of(unit)[place] for place in order],
        "seconds": row.active_seconds,
        "is_too_fast": row.is_too_fast,
        "is_after_reveal": row.is_after_reveal,
        "is_right": _is_right(each, unit),
        "agrees": _agrees(each, winner_by_trial),
        "revision": row.revision,
        "saved_at": row.created_at,
        "is_excluded": exclusion is not None,
        "excluded": decision(exclusion),
    }


def _winner(each: JudgedTrial) -> str | None:
    row = each.judgement.row
    body: Any = row.body
    return winner_of(row.verdict, row.output_id, body)


def _is_right(each: JudgedTrial, unit: Unit) -> bool | None:
    if unit.gold is None or each.trial.kind == "repeat" or each.judgement.row.verdict in UNCOUNTED:
        return None
    return _winner(each) == unit.contenders[unit.gold].output_id


def _agrees(each: JudgedTrial, winner_by_trial: dict[str, str | None]) -> bool | None:
    """Whether a repeat says what the first trial said; None where one of them names no winner."""
    before, now = winner_by_trial.get(each.trial.repeat_of or ""), _winner(each)
    return None if before is None or now is None else before == now
