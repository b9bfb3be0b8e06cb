"""What the rating screen shows, as JSON: letters and texts, and nothing that tells who wrote them.

No role, member, output id, score, cost or time of an answer ever goes in here before a study reveals it.
"""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from fusion_ui.annotation.saying import Said, lettered
from fusion_ui.annotation.sessions import Next, Saved, Sessions
from fusion_ui.annotation.sheets import Past, Sheet, Standing
from fusion_ui.studies.diffing import Diff
from fusion_ui.studies.protocol import Contender, Protocol, Study
from fusion_ui.studies.taxonomy import Taxonomy
from fusion_ui.ui.anchors import anchored
from fusion_ui.ui.markdown import render

_SHORT = 120


def next_card(given: Next, sessions: Sessions) -> dict[str, Any]:
    """The next trial, how far one is, and why there is none where there is none."""
    return {
        "trial": sheet_card(given.sheet, sessions.taxonomy_of(given.sheet)) if given.sheet else None,
        "progress": asdict(given.standing),
        "finished": given.finished,
    }


def sheet_card(sheet: Sheet, taxonomy: Taxonomy) -> dict[str, Any]:
    """One trial. A repeat or a check looks like any other; only training says what it is."""
    protocol = sheet.study.protocol
    return {
        "id": sheet.trial_id,
        "number": sheet.number,
        "kind": "training" if sheet.is_training else None,
        "task": protocol.task,
        "prompt": sheet.unit.prompt,
        "prompt_html": render(sheet.unit.prompt),
        "reference": render(sheet.unit.reference) if protocol.shows_reference and sheet.unit.reference else None,
        "language": sheet.unit.language,
        "answers": [
            {"letter": letter, "text": contender.text, "html": anchored(contender.text)}
            for letter, contender in lettered(sheet.shown).items()
        ],
        "criteria": [asdict(criterion) for criterion in protocol.criteria],
        "asks": _asks(protocol),
        "instructions_html": render(protocol.instructions) if protocol.instructions else "",
        "taxonomy": asdict(taxonomy) if protocol.takes_spans else None,
        "draft": sheet.draft,
        "judgement": _judgement_card(sheet),
    }


def studies_card(found: Sequence[tuple[Study, Standing]]) -> list[dict[str, Any]]:
    """The studies that a rater may choose."""
    return [
        {
            "id": study.id,
            "title": study.protocol.title,
            "done": standing.done,
            "mine": standing.mine,
            "total": standing.total,
        }
        for study, standing in found
    ]


def saved_card(saved: Saved) -> dict[str, Any]:
    """A judgement as acknowledged; whose the answers are only where the study tells."""
    return {
        "id": saved.id,
        "saved_at": saved.saved_at,
        "revision": saved.revision,
        "reveal": {"answers": _revealed(saved.revealed)} if saved.revealed else None,
        "feedback": saved.feedback,
    }


def history_card(past: Sequence[Past]) -> list[dict[str, Any]]:
    """What a rater has decided so far, by letter; no verdict where a trial is open."""
    return [
        {
            "trial_id": each.trial_id,
            "number": each.number,
            "saved_at": each.saved_at,
            "prompt": each.prompt[:_SHORT],
            **(_said_card(each.said) if each.said else {"verdict": None}),
        }
        for each in past
    ]


def diff_card(diff: Diff) -> dict[str, Any]:
    """Two answers side by side, cut into what both have and what only one has."""
    return {
        name: [{"text": piece.text, "kind": "same" if piece.is_shared else "only"} for piece in pieces]
        for name, pieces in (("first", diff.first), ("second", diff.second))
    }


def _asks(protocol: Protocol) -> dict[str, Any]:
    return {
        "reasons": list(protocol.reasons) if protocol.takes_reasons else [],
        "confidence": protocol.takes_confidence,
        "notes": protocol.takes_notes,
        "spans": protocol.takes_spans,
        "skip_reasons": list(protocol.skip_reasons),
    }


def _judgement_card(sheet: Sheet) -> dict[str, Any] | None:
    if sheet.judgement is None:
        return None
    row = sheet.judgement.row
    said = _said_card(sheet.said) if sheet.said else None
    return {"id": row.id, "revision": row.revision, "saved_at": row.created_at, "said": said}


def _said_card(said: Said) -> dict[str, Any]:
    return asdict(said) | {"spans": [span._asdict() for span in said.spans]}


def _revealed(shown: Sequence[Contender]) -> list[dict[str, str]]:
    return [
        {"letter": letter, "role": contender.role, "member": contender.member}
        for letter, contender in lettered(shown).items()
    ]
