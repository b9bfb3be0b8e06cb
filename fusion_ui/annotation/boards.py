"""A study as its owner sees it: who has come how far, what the verdicts say so far, and what asks for a look.

Figures of people and items are of all that was said; results leave out what is excluded.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

from fusion_ui.annotation.agreement import agreement_results
from fusion_ui.annotation.making import labels_of, share_of
from fusion_ui.annotation.reading import Exclusions, Standing, read_exclusions, standing_judgements
from fusion_ui.annotation.results import contrast_results
from fusion_ui.studies.protocol import Study, Unit
from fusion_ui.studies.quality import Judged, RaterQuality, Share, rater_quality
from storage.details import last_judged, trials_by_id
from storage.overviews import Activity, StudyInvitation, StudyOverview, invitations_of, rater_names
from storage.progress import StudyRater, study_raters
from storage.rows import Reader
from storage.studies import ExclusionRow, is_closed
from storage.trials import TrialRow

_SHORT = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """All that is read for a board, in one snapshot."""

    study: Study
    standing: tuple[Standing, ...]
    raters: tuple[StudyRater, ...]
    names: Mapping[str, str]
    last_by_rater: Mapping[str, str]
    exclusions: Exclusions
    excluded_trials: Mapping[str, TrialRow]
    invitations: tuple[StudyInvitation, ...]
    overview: StudyOverview
    activity: Activity
    is_closed: bool

    @property
    def counted(self) -> list[Judged]:
        """What results are made of."""
        return [each.judged for each in self.standing if not each.is_excluded]


def read_sight(reader: Reader, study: Study, *, seen: StudyOverview, activity: Activity) -> Sight:
    """What a board of this study needs."""
    left_out = read_exclusions(reader, study.id)
    return Sight(
        study=study,
        standing=standing_judgements(reader, study),
        raters=study_raters(reader, study.id),
        names=rater_names(reader),
        last_by_rater=last_judged(reader, study.id),
        exclusions=left_out,
        excluded_trials=trials_by_id(reader, [row.trial_id for row in left_out.history if row.trial_id]),
        invitations=invitations_of(reader, study.id),
        overview=seen,
        activity=activity,
        is_closed=is_closed(reader, study.id),
    )


def stamp_of(activity: Activity) -> str:
    """What tells whether a board would look the same."""
    return sha256(repr(activity).encode()).hexdigest()[:16]


def board_of(sight: Sight) -> dict[str, Any]:
    """The board, ready to be told as JSON."""
    study = sight.study
    return {
        "stamp": stamp_of(sight.activity),
        "id": study.id,
        "title": study.protocol.title,
        "version": study.version,
        "supersedes": study.supersedes,
        "superseded_by": sight.overview.superseded_by,
        "created_at": study.created_at,
        "is_closed": sight.is_closed,
        "is_frozen": sight.overview.frozen_at is not None,
        "frozen_at": sight.overview.frozen_at,
        "definition_sha256": sight.overview.definition_sha256,
        "protocol": asdict(study.protocol),
        "counts": _counts(sight),
        "raters": _raters(sight),
        "units": _units(sight),
        "agreement": agreement_results(sight.counted, study),
        "contrasts": contrast_results(sight.counted, study),
        "leaks": [leak for unit in study.units if unit.is_shown for leak in _leaks(unit, study)],
        "exclusions": [_exclusion(row, sight) for row in sight.exclusions.history],
        "invitations": [each._asdict() for each in sight.invitations],
    }


def _counts(sight: Sight) -> dict[str, int]:
    study, main = sight.study, [each for each in sight.standing if each.judged.kind == "main"]
    said = [each for each in main if not each.judged.is_skipped]
    done = sum(not each.is_excluded for each in said)
    return {
        "units": sight.overview.units,
        "done": done,
        "wanted": sight.overview.units * study.protocol.overlap,
        "training": sum(unit.is_shown and unit.phase == "training" for unit in study.units),
        "gold": sum(unit.is_shown and unit.phase == "main" and unit.gold is not None for unit in study.units),
        "identical": sum(not unit.is_shown for unit in study.units),
        "skips": len(main) - len(said),
        "open": len(sight.activity.open_by),
        "revisions": sight.activity.revisions,
        "excluded": len(said) - done,
    }


def _raters(sight: Sight) -> list[dict[str, Any]]:
    """Those who came, in that order, then those who are named and have not come yet."""
    study, everything = sight.study, [each.judged for each in sight.standing]
    quality = {each.rater: each for each in rater_quality([each for each in everything if _is_work(each)], study.units)}
    training = {
        each.rater: each for each in rater_quality([each for each in everything if not _is_work(each)], study.units)
    }
    late = Counter(each.rater_id for each in sight.standing if each.is_after_reveal)
    open_by = set(sight.activity.open_by)
    rows = []
    for rater in sight.raters:
        exclusion = sight.exclusions.by_rater.get(rater.rater_id)
        rows.append(
            _rater(study, quality.get(rater.rater_id), training.get(rater.rater_id))
            | {
                "name": rater.name,
                "is_open": rater.rater_id in open_by,
                "last_at": sight.last_by_rater.get(rater.rater_id),
                "after_reveal": late[rater.rater_id],
                "is_excluded": exclusion is not None,
                "excluded": decision(exclusion),
            }
        )
    came = {rater.name for rater in sight.raters}
    return rows + [_rater(study, None, None) | _absent(name) for name in study.protocol.raters if name not in came]


def _is_work(judged: Judged) -> bool:
    return judged.kind != "training"


def _rater(study: Study, work: RaterQuality | None, training: RaterQuality | None) -> dict[str, Any]:
    main = sum(unit.is_shown and unit.phase == "main" for unit in study.units)
    done = work.judged if work else 0
    trained = training.gold if training else Share(0, 0)
    gold, repeats = (work.gold, work.repeats) if work else (Share(0, 0), Share(0, 0))
    return {
        "done": done,
        "mine": max(done, share_of(main, study.protocol)),
        "median_seconds": work.median_seconds if work else None,
        "fast": {"n": work.too_fast if work else 0, "of": done},
        "repeats": {"agreed": repeats.hits, "of": repeats.of},
        "gold": {"right": gold.hits, "of": gold.of},
        "training": {"right": trained.hits, "of": trained.of},
        "skips": work.skipped if work else 0,
    }


def _absent(name: str) -> dict[str, Any]:
    return {
        "name": name,
        "is_open": False,
        "last_at": None,
        "after_reveal": 0,
        "is_excluded": False,
        "excluded": None,
    }


def _units(sight: Sight) -> list[dict[str, Any]]:
    said: defaultdict[int, list[Judged]] = defaultdict(list)
    for each in sight.counted:
        if each.kind != "repeat":
            said[each.unit].append(each)
    return [_unit(unit, said[unit.place], sight.study) for unit in sight.study.units]


def _unit(unit: Unit, said: Sequence[Judged], study: Study) -> dict[str, Any]:
    judged = [each for each in said if not each.is_skipped]
    verdicts = _verdicts(unit, judged)
    is_main = unit.is_shown and unit.phase == "main"
    return {
        "place": unit.place,
        "prompt": clipped(unit.prompt, _SHORT),
        "roles": unit.contrast,
        "phase": unit.phase,
        "gold": None if unit.gold is None else labels_of(unit)[unit.gold],
        "gold_place": unit.gold,
        "feedback": unit.feedback,
        "is_identical": not unit.is_shown,
        "done": len(judged),
        "wanted": study.protocol.overlap if is_main else len(judged),
        "skips": len(said) - len(judged),
        "verdicts": verdicts,
        "leaks": sum(len(contender.names) for contender in unit.contenders) if unit.is_shown else 0,
        "is_contested": sum(verdicts.values()) > 1 and 2 * max(verdicts.values()) <= sum(verdicts.values()),
    }


def _verdicts(unit: Unit, judged: Iterable[Judged]) -> dict[str, int]:
    label_by_output = dict(zip((each.output_id for each in unit.contenders), labels_of(unit), strict=True))
    return dict(Counter(label_by_output.get(each.winner, each.winner) for each in judged if each.winner is not None))


def _leaks(unit: Unit, study: Study) -> list[dict[str, Any]]:
    return [
        {
            "place": unit.place,
            "prompt": clipped(unit.prompt, _SHORT),
            "role": label,
            "member": contender.member,
            "phrases": contender.names,
            "is_masked": study.protocol.masks_names,
        }
        for label, contender in zip(labels_of(unit), unit.contenders, strict=True)
        if contender.names
    ]


def _exclusion(row: ExclusionRow, sight: Sight) -> dict[str, Any]:
    trial = sight.excluded_trials.get(row.trial_id or "")
    rater_id = row.rater_id or (trial.rater_id if trial else "")
    return {
        "id": str(row.seq),
        "rater": sight.names.get(rater_id),
        "trial_id": row.trial_id,
        "unit_place": trial.unit_place if trial else None,
        "is_excluded": row.is_excluded,
        "reason": row.reason,
        "by": row.decided_by,
        "created_at": row.created_at,
    }


def decision(row: ExclusionRow | None) -> dict[str, str] | None:
    """Why something is left out, who said so and when."""
    return {"reason": row.reason, "by": row.decided_by, "created_at": row.created_at} if row else None


def clipped(text: str, most: int) -> str:
    """The beginning of a text."""
    return text if len(text) <= most else text[: most - 1] + "…"
