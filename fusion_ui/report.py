"""A stored run as one JSON object: what the command line prints and other tools rely on."""

from dataclasses import asdict
from typing import Any

from fusion_ui.engine.values import Fusion
from fusion_ui.engine.view import RunView, SlotView
from fusion_ui.replay import StoredRun


def report(run: StoredRun) -> dict[str, Any]:
    """The run for machines. Its keys are a contract; new ones may be added."""
    view = run.view
    return {
        "run_id": run.rows.run.id,
        "prompt": view.prompt.text if view.prompt else "",
        "reference": view.prompt.reference if view.prompt else None,
        "seed": run.rows.run.seed,
        "candidates": [_candidate(slot) for slot in view.slots],
        "tally": [
            {"answer": count.answer, "count": count.count, "weight": count.weight, "positions": list(count.positions)}
            for count in view.tally.counts
        ],
        "unanswered": list(view.tally.unanswered),
        "evidence": asdict(view.evidence) if view.evidence else None,
        "stop": _stop(view),
        "selection": asdict(view.selection) if view.selection else None,
        "fusion": _fusion(view.fusion.fusion) if view.fusion.fusion else None,
        "failures": [asdict(failure) for failure in view.failures],
        "ended": view.ended,
    }


def _candidate(slot: SlotView) -> dict[str, Any]:
    done = slot.candidate
    completion = done.completion if done else None
    return {
        "position": slot.position,
        "member": slot.member,
        "model": slot.model,
        "state": slot.state,
        "text": slot.text,
        "answer": done.answer if done else None,
        "failure": asdict(slot.failure) if slot.failure else None,
        "finish_reason": completion.finish_reason if completion else None,
        "duration_ms": completion.duration_ms if completion else None,
        "input_tokens": completion.input_tokens if completion else None,
        "output_tokens": completion.output_tokens if completion else None,
        "cost_usd": completion.cost_usd if completion else None,
    }


def _stop(view: RunView) -> dict[str, Any] | None:
    if view.stop is None or view.recipe is None:
        return None
    rule = view.recipe.stop
    return {"reason": view.stop.reason, "rule": rule.name, "threshold": rule.threshold, "draws": view.stop.draws}


def _fusion(fusion: Fusion) -> dict[str, Any]:
    told = asdict(fusion)
    usage = told.pop("completion")
    return told | {key: usage[key] for key in ("duration_ms", "input_tokens", "output_tokens", "cost_usd")}
