"""Flaws as the Inspect page shows them: what people marked in a run, and apart from it what models suggest.

A category of another taxonomy is shown by its name, with no letter and no weight.
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from fusion_ui.analysis.flaw_agreement import FlawAgreement, SpanAgreement
from fusion_ui.analysis.preference.agreement import Agreement
from fusion_ui.inspection.flaws import Flaw, Flaws, Kept, Panel
from fusion_ui.inspection.suggesting import Asked
from fusion_ui.studies.taxonomy import Taxonomy

_QUOTE_CHARACTERS = 200


def flaws_card(flaws: Flaws, panel: Panel, *, name: str, kept: Kept | None = None) -> dict[str, Any]:
    """Everything said of a run, as this person sees it; `kept` is what was just stored."""
    saved = {} if kept is None else {"saved": kept._asdict()}
    return saved | {
        "taxonomy": asdict(flaws.taxonomy),
        "mine": name,
        "can_undo": panel.can_undo,
        "flaws": [_flaw_card(each, panel.texts, flaws.taxonomy, name=name) for each in panel.flaws],
        "suggestions": [
            card for each in panel.asked if each.is_latest for card in _suggestions(each, panel.texts, flaws.taxonomy)
        ],
        "askings": [_asking_card(each) for each in panel.asked],
        "judges": [member.name for member in flaws.judges],
        "agreement": agreement_card(panel.agreement) if panel.agreement.outputs else None,
    }


def agreement_card(agreement: FlawAgreement) -> dict[str, Any]:
    """How far raters agree, with a sentence for each number that is missing."""
    return {
        "raters": agreement.raters,
        "outputs": agreement.outputs,
        "any": agreed(agreement.any),
        "spans": _spans_card(agreement.spans),
    }


def agreed(agreement: Agreement) -> dict[str, Any]:
    """An agreement with what it means in words."""
    return {
        "units": agreement.units,
        "raw": agreement.raw,
        "alpha": agreement.alpha.value if agreement.alpha else None,
        "words": _words(agreement),
    }


def category_card(category: str, taxonomy: Taxonomy) -> dict[str, Any]:
    """A category with its letter and in words."""
    found = taxonomy.class_of(category)
    if found is None:
        return {"category": category, "key": "", "label": category, "is_flaw": True}
    _, _, subtype = category.partition("/")
    label = f"{found.label} · {subtype}" if subtype else found.label
    return {"category": category, "key": found.key, "label": label, "is_flaw": found.is_flaw}


def _flaw_card(flaw: Flaw, texts: Mapping[str, str], taxonomy: Taxonomy, *, name: str) -> dict[str, Any]:
    return {
        "id": flaw.id,
        "output_id": flaw.output_id,
        "rater": flaw.rater,
        "is_mine": flaw.rater == name,
        **_place(flaw.start, flaw.end, texts.get(flaw.output_id, "")),
        **category_card(flaw.category, taxonomy),
        "severity": flaw.severity,
        "weight": _weight(flaw.severity, taxonomy),
        "note": flaw.note,
        "suggestion_id": flaw.suggestion_id,
        "created_at": flaw.created_at,
        "from": "study" if flaw.study else "run",
        "study": flaw.study._asdict() if flaw.study else None,
        "is_excluded": flaw.is_excluded,
    }


def _suggestions(asked: Asked, texts: Mapping[str, str], taxonomy: Taxonomy) -> list[dict[str, Any]]:
    row = asked.row
    return [
        {
            "id": suggested.id,
            "asking_id": row.id,
            "output_id": row.output_id,
            "member": row.member,
            **_place(suggested.span_start, suggested.span_end, texts.get(row.output_id, "")),
            **category_card(suggested.category, taxonomy),
            "severity": suggested.severity,
            "weight": _weight(suggested.severity, taxonomy),
            "note": suggested.note,
            "taken_by": list(taken_by),
        }
        for suggested, taken_by in asked.suggestions
    ]


def _asking_card(asked: Asked) -> dict[str, Any]:
    row = asked.row
    names = ("id", "output_id", "member", "model", "prompt_version", "seed", "input_tokens", "output_tokens")
    failure = row.failure if isinstance(row.failure, dict) else None
    return {
        **{name: getattr(row, name) for name in (*names, "cost_usd", "duration_ms", "created_at")},
        "failure": {name: failure[name] for name in ("kind", "message", "is_retryable")} if failure else None,
        "suggestions": len(asked.suggestions),
        "is_latest": asked.is_latest,
    }


def _place(start: int | None, end: int | None, text: str) -> dict[str, Any]:
    quote = "" if start is None or end is None else text[start:end][:_QUOTE_CHARACTERS]
    return {"start": start, "end": end, "quote": quote}


def _weight(severity: str, taxonomy: Taxonomy) -> float | None:
    return next((each.weight for each in taxonomy.severities if each.name == severity), None)


def _words(agreement: Agreement) -> str:
    if not agreement.units:
        return "No output was looked at by two people yet."
    share = f"{agreement.raw:.0%} of pairs say the same"
    alpha = agreement.alpha
    if alpha is None:
        return f"{share}; everybody always says the same, so alpha is not defined."
    bounds = alpha.note if alpha.low is None else f"95% interval {alpha.low:.2f} to {alpha.high:.2f}."
    return f"{share}; alpha {alpha.value:.2f}, where 1 is perfect and 0 is chance. {bounds}"


def _spans_card(spans: SpanAgreement) -> dict[str, Any]:
    if spans.f1 is None:
        words = "No two people marked passages of one output yet."
    else:
        words = f"Marked passages overlap by {spans.f1:.0%} (mean F1 of characters)."
    return asdict(spans) | {"words": words}
