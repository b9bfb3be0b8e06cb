"""What the board shows of a run, as JSON: one dictionary a card, words already chosen, model text already safe.

Keys that end in `html` may go into innerHTML; every other string is for text nodes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from fusion_ui.engine.ledger import LedgerLine, Span
from fusion_ui.engine.values import Candidate, Completion, Failure, Fusion, Recipe, Score, Stage
from fusion_ui.engine.view import RunView, SlotView, spending_of
from fusion_ui.engine.voting import leader, leaders
from fusion_ui.ratings import SavedRating
from fusion_ui.ui import wording
from fusion_ui.ui.markdown import LIMIT, render, shown
from fusion_ui.ui.sources import render_with_sources

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"
Card: TypeAlias = dict[str, Json]
_LONGEST_QUOTE = 400
_LEAST_SHARE = 0.005


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFacts:
    """What is known of a run beside its events: its address, clock, rating, and place in the line while it waits.

    `started_at` is UTC text with Z.
    """

    run_id: str
    started_at: str
    elapsed_ms: float | None
    is_scripted: bool = False
    is_live: bool = False
    place: int | None = None
    parent_run_id: str | None = None
    rating: SavedRating | None = None


def run_card(view: RunView, facts: RunFacts) -> Card:
    """The head of the board: what was asked, how far it is, what it cost. `elapsed_ms` is added by the feed."""
    spending, members = spending_of(view), view.recipe.members if view.recipe else ()
    return {
        "id": facts.run_id,
        "state": view.ended or "live",
        "status": _waiting(facts.place) if facts.place else wording.milestone(view),
        "prompt": shown(view.prompt.text) if view.prompt else "",
        "lang": _language(view),
        "progress": wording.draws_used(view),
        "cost": wording.total_cost(spending) if view.candidates else "",
        "cost_of": _extra_costs(view),
        "tokens": wording.total_tokens(spending) if view.candidates else "",
        "started_at": facts.started_at,
        "scripted": facts.is_scripted,
        "parent": facts.parent_run_id,
        "weights": [{"member": name, "share": share} for name, share in wording.shares_of(members)],
        "causes": _causes(view) if view.ended and not view.candidates else "",
        "interrupted": _interrupted(view) if view.ended == "interrupted" else "",
    }


def candidate_card(view: RunView, slot: SlotView) -> Card:
    """One draw: who said it, how it stands, and its text once that is final."""
    done = slot.candidate
    card: Card = {
        "position": slot.position,
        "member": shown(slot.member),
        "model": shown(slot.model),
        "recorded": slot.is_recorded,
        "state": wording.slot_state(slot),
        "note": shown(slot.note),
        "lang": _language(view),
        "best": view.selection is not None and view.selection.position == slot.position,
        "leads": _lead(view, done),
        "score": _score(view, slot.position),
        "answer": None,
        "facts": [],
        "thought": shown(slot.thought)[:LIMIT] if slot.state == "finished" else "",
        "failure": _trouble(slot.failure) if slot.failure else None,
        "retry": slot.state == "failed" and not slot.is_recorded,
    }
    if slot.state == "open":
        return card
    card |= {"html": _final_html(view, slot), "text": shown(slot.text)[:LIMIT]}
    if done:
        card |= {"answer": shown(done.answer) if done.answer is not None else None, "facts": _facts(done.completion)}
        card["cut"] = wording.cut_off(done.completion)
    return card


def best_card(view: RunView) -> Card:
    """The Best-of-N pick, why it was picked, and what to doubt about it; until then, what is being waited for."""
    selection, recipe = view.selection, view.recipe
    verdicts = wording.plural(len(view.judgements), "verdict") if view.judgements else ""
    if selection is None or recipe is None:
        failure = _failed(view, "selecting")
        state = "failed" if failure or view.ended else "waiting"
        asked = wording.SELECTORS[recipe.selector] if recipe else ""
        return {"state": state, "selector": asked, "verdicts": verdicts, "failure": failure}
    picked = next((slot for slot in view.slots if slot.position == selection.position), None)
    answer = picked.candidate.answer if picked and picked.candidate else None
    unreadable = sum(not judgement.is_readable for judgement in view.judgements)
    return {
        "state": "done",
        "position": selection.position,
        "member": shown(picked.member) if picked else "",
        "selector": wording.SELECTORS[selection.selector],
        "verdicts": verdicts,
        "score": _score(view, selection.position),
        "reason": shown(selection.reason),
        "doubts": [*filter(None, [wording.fell_back(selection, recipe)]), *wording.doubts(selection, unreadable)],
        "failure": _failed(view, "judging"),
        "answer": shown(answer) if answer is not None else None,
        "lang": _language(view),
        "html": render(picked.text) if picked else "",
        "text": shown(picked.text)[:LIMIT] if picked else "",
    }


def fusion_card(view: RunView) -> Card:
    """The fused answer with its sources; while it is written, who writes it and from what."""
    writing, recipe = view.fusion, view.recipe
    kind = recipe.fusor_kind if recipe else "model"
    state = "none" if kind == "none" else writing.state
    if state in ("waiting", "writing") and view.ended is not None:
        state = "failed"
    card: Card = {
        "state": state,
        "label": wording.EXTRACTIVE if kind == "extractive" else _fusor(view, recipe),
        "order": list(writing.order),
        "note": shown(writing.note),
        "lang": _language(view),
        "failure": _failed(view, "fusing"),
    }
    return card | _fused(view, writing.fusion) if writing.fusion else card


def rating_card(facts: RunFacts) -> Card:
    """What the rater last saved; `saved` is None before that."""
    return {"saved": facts.rating._asdict() if facts.rating else None}


def passages(fusion: Fusion | None, position: int) -> tuple[Span, ...]:
    """The stretches of a candidate that the fused answer rests on, in order; their places here are their numbers."""
    lines = fusion.ledger.lines if fusion else ()
    spans = {support.span for line in lines for support in line.support if support.position == position}
    return tuple(sorted(spans, key=lambda span: (span.start, span.end)))


def _fused(view: RunView, fusion: Fusion) -> Card:
    voted = leader(view.tally)
    warnings = [shown(fusion.warning)] if fusion.warning else []
    if fusion.contradicts_vote:
        said = f"says {shown(fusion.answer)}" if fusion.answer is not None else "gives another answer"
        warnings.append(f"Contradicts the vote: the fused answer {said}, the vote's leader is {shown(voted or '')}.")
    if cut := wording.cut_off(fusion.completion):
        warnings.append(f"This text was {cut}." if cut.startswith("cut") else f"This text {cut}.")
    texts = {slot.position: slot.text for slot in view.slots}
    numbers = {position: passages(fusion, position) for position in texts}
    spans = tuple(line.span for line in fusion.ledger.lines)
    return {
        "html": render_with_sources(fusion.text, spans, has_marks=True),
        "text": shown(fusion.text)[:LIMIT],
        "agrees": voted is not None and fusion.answer == voted,
        "answer": shown(fusion.answer) if fusion.answer is not None else None,
        "warnings": warnings,
        "version": shown(fusion.prompt_version),
        "facts": _facts(fusion.completion) if view.recipe and view.recipe.fusor_kind == "model" else [],
        "comparison_html": render(fusion.comparison) if fusion.comparison.strip() else "",
        "lines": [_sources(line, texts=texts, numbers=numbers) for line in fusion.ledger.lines],
        "dropped": [{"text": shown(lost.text), "positions": list(lost.positions)} for lost in fusion.ledger.dropped],
        "copied": [
            {"position": part.position, "words": wording.rounded(part.share)}
            for part in sorted(fusion.copied, key=lambda part: -part.share)
            if part.share >= _LEAST_SHARE
        ],
    }


def _sources(line: LedgerLine, *, texts: Mapping[int, str], numbers: Mapping[int, tuple[Span, ...]]) -> Json:
    """A sentence's sources, the most alike first: the board colours the sentence after it."""
    return [
        {
            "position": support.position,
            "kind": support.kind,
            "alike": wording.rounded(support.similarity),
            "passage": numbers[support.position].index(support.span),
            "quote": shown(texts[support.position][support.span.start : support.span.end]).strip()[:_LONGEST_QUOTE],
        }
        for support in sorted(line.support, key=lambda support: (-support.similarity, support.position))
        if support.position in texts
    ]


def _final_html(view: RunView, slot: SlotView) -> str:
    spans = passages(view.fusion.fusion, slot.position)
    return render_with_sources(slot.text, spans, has_marks=False) if spans else render(slot.text)


def _extra_costs(view: RunView) -> Json:
    """What of the total went to the judge and the fusor, where models were asked."""
    judged = [judgement.completion for judgement in view.judgements if judgement.completion]
    is_model = view.recipe is not None and view.recipe.fusor_kind == "model"
    fused = [view.fusion.fusion.completion] if view.fusion.fusion and is_model else []
    return [f"{name} {wording.cost_of(calls)}" for name, calls in (("judge", judged), ("fusor", fused)) if calls]


def _facts(completion: Completion) -> Json:
    return [
        wording.tokens(completion.output_tokens),
        wording.seconds(completion.duration_ms),
        wording.money(completion.cost_usd),
    ]


def _lead(view: RunView, candidate: Candidate | None) -> str:
    if candidate is None or candidate.answer is None or candidate.answer not in leaders(view.tally):
        return ""
    return "Vote leader" if leader(view.tally) is not None else "Tied for the lead"


def _score(view: RunView, position: int) -> str:
    selection = view.selection
    if selection is None:
        return ""
    found: Score | None = next((score for score in selection.scores if score.position == position), None)
    return wording.score_words(found, selection.selector) if found else ""


def _failed(view: RunView, stage: Stage) -> Json:
    failure = next((failure for failure in reversed(view.failures) if failure.stage == stage), None)
    return _trouble(failure) if failure else None


def _trouble(failure: Failure) -> Json:
    return {"cause": wording.CAUSES[failure.kind], "message": shown(failure.message)}


def _fusor(view: RunView, recipe: Recipe | None) -> str:
    member = recipe.fusor if recipe else None
    name, model = (view.fusion.fusor, view.fusion.model) if view.fusion.fusor else ("", "")
    if not name and member:
        name, model = member.name, member.model
    return shown(f"{name} ({model})" if model and model != name else name)


def _language(view: RunView) -> str | None:
    return shown(view.prompt.language) if view.prompt and view.prompt.language else None


def _interrupted(view: RunView) -> str:
    if view.slots:
        return "This run was interrupted; everything finished until then is kept."
    return "This run was interrupted before its turn came: no model was asked. Ask again."


def _waiting(place: int) -> str:
    ending = "th" if place % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    return f"Waiting: {place}{ending} in line."


def _causes(view: RunView) -> str:
    """Why no draw came to anything, or why none was asked for, most of it in one line."""
    counted: dict[str, int] = {}
    for slot in view.slots:
        if slot.failure:
            cause = wording.CAUSES[slot.failure.kind]
            counted[cause] = counted.get(cause, 0) + 1
    refused = [shown(failure.message) for failure in view.failures if failure.stage == "sampling"]
    return "; ".join([*refused, *(f"{cause} ({wording.plural(count, 'draw')})" for cause, count in counted.items())])
