"""A study's ratings as rows: one a rating, every revision, with all that says what it was about and how it came.

Verdicts and everything said are by output, under the labels of roles; `sides` tell what stood where. Columns are a
contract; new ones may be added.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from fusion_ui.annotation.making import labels_of
from fusion_ui.annotation.reading import Exclusions, read_exclusions, said_in
from fusion_ui.annotation.saying import lettered
from fusion_ui.studies.protocol import Study, Unit
from storage.details import models_of, study_trials
from storage.judgements import Judgement, TrialRatingRow, judgements
from storage.overviews import overview, rater_names
from storage.rows import Reader
from storage.trials import TrialRow

COLUMNS = """study_id title version definition_sha256 rating_id trial_id revision is_standing supersedes saved_at
    opened_at rater kind repeat_of number item run_id prompt language reference gold
    order sides roles outputs members models hashes verdict output_id winner_side strength
    ranking best worst criteria reasons spans confidence note skip_reason
    seconds is_too_fast is_after_reveal is_excluded exclusion_reason flags aids app_version viewport
    needs_lookup""".split()


class _Read(NamedTuple):
    """What rows need besides the ratings themselves."""

    study: Study
    sha256: str
    trials: Mapping[str, TrialRow]
    names: Mapping[str, str]
    models: Mapping[str, str]
    left_out: Exclusions


def rating_rows(reader: Reader, study: Study) -> Iterator[dict[str, Any]]:
    """Every rating as one row, in the order in which their trials were opened."""
    read = _Read(
        study=study,
        sha256=overview(reader, study.id).definition_sha256,
        trials=study_trials(reader, study.id),
        names=rater_names(reader),
        models=models_of(reader, study.id),
        left_out=read_exclusions(reader, study.id),
    )
    for history in judgements(reader, study.id).values():
        for judgement in history:
            yield _row(judgement, read, is_standing=judgement is history[-1])


def _row(judgement: Judgement, read: _Read, *, is_standing: bool) -> dict[str, Any]:
    row, trial = judgement.row, read.trials[judgement.row.trial_id]
    unit = read.study.units[trial.unit_place]
    told = _definition(read) | _unit(unit, read) | _shown(unit, trial, row) | _said(judgement, unit) | _how(row, read)
    told |= {
        "rating_id": row.id,
        "trial_id": trial.id,
        "revision": row.revision,
        "is_standing": is_standing,
        "supersedes": row.supersedes,
        "saved_at": row.created_at,
        "opened_at": trial.opened_at,
        "rater": read.names[trial.rater_id],
        "kind": trial.kind,
        "repeat_of": trial.repeat_of,
        "number": trial.position + 1,
    }
    return {name: told[name] for name in COLUMNS}


def _definition(read: _Read) -> dict[str, Any]:
    study = read.study
    return {
        "study_id": study.id,
        "title": study.protocol.title,
        "version": study.version,
        "definition_sha256": read.sha256,
    }


def _unit(unit: Unit, read: _Read) -> dict[str, Any]:
    labelled = dict(zip(labels_of(unit), unit.contenders, strict=True))
    return {
        "item": unit.place,
        "run_id": unit.run_id or None,
        "prompt": unit.prompt,
        "language": unit.language,
        "reference": unit.reference,
        "gold": None if unit.gold is None else labels_of(unit)[unit.gold],
        "roles": list(unit.contrast),
        "outputs": {label: each.output_id for label, each in labelled.items()},
        "members": {label: each.member for label, each in labelled.items()},
        "models": {label: read.models.get(each.output_id) for label, each in labelled.items()},
        "hashes": {label: each.text_sha256 for label, each in labelled.items()},
    }


def _shown(unit: Unit, trial: TrialRow, row: TrialRatingRow) -> dict[str, Any]:
    order: Any = trial.shown_order
    shown: Any = row.shown
    labels = labels_of(unit)
    winners = [
        letter
        for letter, place in lettered(order).items()
        if (unit.contenders[place].output_id, unit.contenders[place].role) == (row.output_id, row.role)
    ]
    return {
        "order": order,
        "sides": lettered(labels[place] for place in order),
        "winner_side": winners[0] if winners else None,
        "app_version": shown.get("app_version"),
        "viewport": shown.get("viewport"),
    }


def _said(judgement: Judgement, unit: Unit) -> dict[str, Any]:
    body: Any = judgement.row.body
    said = said_in(judgement, unit)
    return said | {
        "output_id": judgement.row.output_id,
        "criteria": said["scores"],
        "spans": said["flaws"],
        "aids": body.get("aids", []),
    }


def _how(row: TrialRatingRow, read: _Read) -> dict[str, Any]:
    exclusion = read.left_out.of(rater_id=row.rater_id, trial_id=row.trial_id)
    flags = {
        "too fast": row.is_too_fast,
        "after reveal": row.is_after_reveal,
        "excluded": exclusion is not None,
    }
    return {
        "seconds": row.active_seconds,
        "is_too_fast": row.is_too_fast,
        "is_after_reveal": row.is_after_reveal,
        "is_excluded": exclusion is not None,
        "exclusion_reason": exclusion.reason if exclusion else None,
        "flags": [flag for flag, is_set in flags.items() if is_set],
    }
