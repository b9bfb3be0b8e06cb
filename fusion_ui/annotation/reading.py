"""Stored judgements in the words of boards and exports: who won, and outputs by the labels of their unit."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from fusion_ui.annotation.making import labels_of
from fusion_ui.studies import quality
from fusion_ui.studies.protocol import Study, Unit
from storage.details import judged_trials
from storage.judgements import Judgement
from storage.progress import judged
from storage.rows import Reader
from storage.studies import ExclusionRow, exclusions


class Standing(NamedTuple):
    """A judgement that stands, and whether it counts; `rater_id` is its rater's."""

    judged: quality.Judged
    rater_id: str
    is_excluded: bool
    is_after_reveal: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusions:
    """What is left out at present, with the decision; `history` is every decision, the latest first."""

    by_rater: Mapping[str, ExclusionRow]
    by_trial: Mapping[str, ExclusionRow]
    history: tuple[ExclusionRow, ...]

    def of(self, *, rater_id: str, trial_id: str) -> ExclusionRow | None:
        """Why this judgement does not count, None if it does."""
        return self.by_trial.get(trial_id) or self.by_rater.get(rater_id)


def standing_judgements(reader: Reader, study: Study) -> tuple[Standing, ...]:
    """Every judgement of the study that stands and was not withdrawn, with the output that came first in it."""
    body_by_trial: dict[str, Any] = {}
    if study.protocol.task != "pairwise":
        body_by_trial = {each.trial.id: each.judgement.row.body for each in judged_trials(reader, study.id)}
    return tuple(
        Standing(
            judged=quality.Judged(
                rater=row.rater_id,
                unit=row.unit_place,
                kind=row.kind,  # type: ignore[arg-type]
                winner=winner_of(row.verdict, row.output_id, body_by_trial.get(row.trial_id, {})),
                seconds=row.active_seconds,
                is_skipped=row.verdict == "skip",
                is_too_fast=bool(row.is_too_fast),
            ),
            rater_id=row.rater_id,
            is_excluded=bool(row.is_excluded),
            is_after_reveal=bool(row.is_after_reveal),
        )
        for row in judged(reader, study.id)
    )


def winner_of(verdict: str, output_id: str | None, body: Mapping[str, Any]) -> str | None:
    """The output that came first, "tie" where several did, "all_bad", or None where nothing was compared."""
    if verdict in (quality.TIE, quality.ALL_BAD):
        return verdict
    firsts = quality.first_outputs(verdict, output_id, body)
    return None if not firsts else firsts[0] if len(firsts) == 1 else quality.TIE


def read_exclusions(reader: Reader, study_id: str) -> Exclusions:
    """The study's exclusions."""
    history = exclusions(reader, study_id)
    by_rater = {row.rater_id: row for row in history if row.rater_id is not None}
    by_trial = {row.trial_id: row for row in history if row.trial_id is not None}
    return Exclusions(
        by_rater={rater: row for rater, row in by_rater.items() if row.is_excluded},
        by_trial={trial: row for trial, row in by_trial.items() if row.is_excluded},
        history=tuple(reversed(history)),
    )


def label_by_contender(unit: Unit) -> dict[tuple[str, str], str]:
    """The label of each contender, by its output's id and its role."""
    keys = ((contender.output_id, contender.role) for contender in unit.contenders)
    return dict(zip(keys, labels_of(unit), strict=True))


def said_in(judgement: Judgement, unit: Unit) -> dict[str, Any]:
    """What was said, by labels. What was not said is None or empty."""
    row = judgement.row
    body: Any = row.body
    labels = label_by_contender(unit)
    text_by_label = dict(zip(labels_of(unit), (contender.text for contender in unit.contenders), strict=True))

    def label(stored: Mapping[str, str] | None) -> str | None:
        return labels[stored["output_id"], stored["role"]] if stored else None

    is_output = row.output_id is not None and row.role is not None
    return {
        "verdict": labels[row.output_id or "", row.role or ""] if is_output else row.verdict,
        "strength": row.strength,
        "ranking": [[label(each) for each in tied] for tied in body["ranking"]] if body.get("ranking") else None,
        "best": label(body.get("best")),
        "worst": label(body.get("worst")),
        "scores": {label(each): each["scores"] for each in body["scores"]} if body.get("scores") else None,
        "reasons": {label(each): each["reasons"] for each in body.get("reasons", ())},
        "confidence": body.get("confidence"),
        "needs_lookup": body.get("needs_lookup", False),
        "note": body.get("note", ""),
        "skip_reason": body.get("skip_reason"),
        "flaws": [
            {
                "role": labels[flaw.output_id, flaw.role],
                "start": flaw.span_start,
                "end": flaw.span_end,
                "quote": text_by_label[labels[flaw.output_id, flaw.role]][flaw.span_start : flaw.span_end]
                if flaw.span_start is not None
                else "",
                "category": flaw.category,
                "severity": flaw.severity,
                "note": flaw.note,
                "taxonomy": f"{flaw.taxonomy_id} {flaw.taxonomy_version}",
            }
            for flaw in judgement.flaws
        ],
    }
