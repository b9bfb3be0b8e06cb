"""A case to the letter as JSON: messages sent, what is known of replies, seeds, versions and the recipe. No keys."""

from dataclasses import asdict
from typing import Any

from fusion_ui import __version__
from fusion_ui.engine.prompts import wording
from fusion_ui.engine.values import Completion, Member, Recipe
from fusion_ui.engine.view import SlotView
from fusion_ui.inspection.messages import Drawn, Judged, Sent, rebuilt
from fusion_ui.inspection.showing import shown_address, shown_extra
from fusion_ui.recording import RECIPE
from fusion_ui.replay import StoredRun
from fusion_ui.ui.cards import Card, Json
from fusion_ui.ui.markdown import shown

_NO_KEY = "Keys are never stored, so that none can be shown."


def raw_card(run: StoredRun) -> Card:
    """Everything that was said to models and how; the texts they gave are on the candidates' cards."""
    sent, prompt = rebuilt(run), run.prompt
    slot_by_position = {slot.position: slot for slot in run.view.slots}
    asked = next((drawn.sent for drawn in sent.draws if drawn.sent), None)
    return {
        "prompt": {
            "text": shown(prompt.text),
            "reference": shown(prompt.reference) if prompt.reference else None,
            "language": prompt.language,
            "tags": list(prompt.tags),
        },
        "members": _sent(asked)
        | {"requests": [_request(drawn, slot_by_position[drawn.position]) for drawn in sent.draws]},
        "judge": [_judged(judged, run) for judged in sent.judge],
        "fusor": _fused(sent.fusor, run),
        "recipe": recipe_card(run.recipe),
        "versions": versions_card(run),
        "seed": run.rows.run.seed,
        "keys": _NO_KEY,
    }


def recipe_card(recipe: Recipe) -> Card:
    """The recipe without what might hold a secret: addresses lose their logins, unknown settings are left out."""
    told: dict[str, Any] = RECIPE.dump_python(recipe, mode="json")
    return told | {
        "members": [_member(member) for member in recipe.members],
        "judge": _member(recipe.judge) if recipe.judge else None,
        "fusor": _member(recipe.fusor) if recipe.fusor else None,
    }


def versions_card(run: StoredRun) -> Card:
    """By which program and which prompt files the run was made, and which they are today."""
    fusion = run.view.fusion.fusion
    return {
        "app": shown(run.rows.run.app_version),
        "app_now": __version__,
        "fusor_prompt": shown(fusion.prompt_version) if fusion else None,
        "fusor_prompt_now": wording("fusor").version,
        "judge_prompts_now": [wording("judge_pair").version, wording("judge_score").version],
        "prompt_id": run.rows.prompt.id,
        "recipe_id": run.rows.recipe.id,
    }


def _sent(sent: Sent | None) -> Card:
    if sent is None:
        return {"messages": [], "is_exact": True, "note": "No model was asked for a candidate."}
    return {
        "messages": [{"role": message.role, "content": shown(message.content)} for message in sent.messages],
        "is_exact": sent.is_exact,
        "note": " ".join(sent.doubts),
    }


def _how(sent: Sent) -> Card:
    member = sent.member
    return {
        "member": shown(member.name),
        "model": shown(member.model),
        "seed": sent.seed,
        "temperature": sent.temperature,
        "max_tokens": member.max_tokens,
        "extra": shown_extra(member),
    }


def _request(drawn: Drawn, slot: SlotView) -> Card:
    completion = slot.candidate.completion if slot.candidate else None
    how: Card = {"member": shown(slot.member), "model": shown(slot.model), "seed": None} if drawn.sent is None else {}
    return {
        "position": drawn.position,
        "recorded": slot.is_recorded,
        **(_how(drawn.sent) if drawn.sent else how),
        "response": _response(completion) if completion else None,
        "failure": shown(slot.failure.message) if slot.failure else None,
    }


def _judged(judged: Judged, run: StoredRun) -> Card:
    reply = run.view.judgements[judged.seq - 1].completion
    return {
        "seq": judged.seq,
        "shown": list(judged.shown),
        **_how(judged.sent),
        **_sent(judged.sent),
        "reply": shown(reply.text) if reply else None,
        "response": _response(reply) if reply else None,
    }


def _fused(sent: Sent | None, run: StoredRun) -> Card | None:
    fusion = run.view.fusion.fusion
    if sent is None:
        return None
    return {
        "order": list(run.view.fusion.order),
        **_how(sent),
        **_sent(sent),
        "comparison": shown(fusion.comparison) if fusion else None,
        "reply": shown(fusion.text) if fusion else None,
        "response": _response(fusion.completion) if fusion else None,
    }


def _response(completion: Completion) -> Json:
    told = asdict(completion)
    return {name: told[name] for name in told if name not in ("text", "thought")} | {"chars": len(completion.text)}


def _member(member: Member) -> Json:
    return {
        "name": shown(member.name),
        "model": shown(member.model),
        "weight": member.weight,
        "temperature": member.temperature,
        "max_tokens": member.max_tokens,
        "api_base": shown_address(member),
        "extra": shown_extra(member),
    }
