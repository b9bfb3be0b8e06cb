"""The tabs of a case as JSON: what the judge said, where sentences come from, what all took, and the prompt's runs."""

from fusion_ui.engine.values import Completion, SelectorName
from fusion_ui.inspection.cases import Case
from fusion_ui.inspection.costs import Cost, Saved, SlotCost, costs_of
from fusion_ui.inspection.history import PastRun
from fusion_ui.inspection.judging_record import JudgingRecord, Pair, Reply, Standing, judging_record
from fusion_ui.inspection.sources import Cell, Line, Lost, source_record
from fusion_ui.ui import wording
from fusion_ui.ui.cards import Card, Json
from fusion_ui.ui.markdown import shown

_LONGEST_QUOTE = 400


def judge_card(case: Case) -> Card:
    """Every reply of the judge, in pairs or one by one; nothing but the selector where no judge was asked for."""
    view, recipe, record = case.view, case.run.recipe, judging_record(case.view)
    asked: SelectorName = recipe.selector
    failures = [failure for failure in view.failures if failure.stage == "judging"]
    return {
        "asked": asked.startswith("judge"),
        "selector": wording.SELECTORS[asked],
        "decided": wording.SELECTORS[view.selection.selector] if view.selection else "",
        "mode": record.mode,
        "member": shown(recipe.judge.name) if recipe.judge else None,
        "model": shown(recipe.judge.model) if recipe.judge else None,
        "words": _judged_words(record),
        "pairs": [_pair(pair) for pair in record.pairs],
        "scores": [_reply(reply) for reply in record.scores],
        "wins": [_standing(standing, case) for standing in record.standings],
        "flips": record.flips,
        "unreadable": sum(not reply.judgement.is_readable for reply in record.replies),
        "failures": [{"cause": wording.CAUSES[each.kind], "message": shown(each.message)} for each in failures],
        "left_out": list(record.left_out),
    }


def ledger_card(case: Case) -> Card | None:
    """Each sentence of the fused text with its sources, as traced and as corrected; None where nothing was fused."""
    record, fusion = source_record(case.view, case.corrections.sources), case.run.rows.fusion
    if record is None or fusion is None:
        return None
    texts = {slot.position: slot.text for slot in case.view.slots}
    names = case.corrections.names
    return {
        "output_id": fusion.id,
        "order": list(record.order),
        "lines": [_line(line, texts=texts, names=names) for line in record.lines],
        "new": [number for number, line in enumerate(record.lines) if line.is_new],
        "dropped": [_lost(lost) for lost in record.lost],
        "copied": [{"position": part.position, "share": part.share} for part in record.copied],
        "log": [
            {
                "seq": row.seq,
                "rater": shown(names[row.rater_id]),
                "start": row.span_start,
                "end": row.span_end,
                "position": row.position,
                "is_source": row.is_source,
                "created_at": row.created_at,
            }
            for row in reversed(case.corrections.sources)
        ],
    }


def costs_card(case: Case) -> Card:
    """What each draw, the judge, the fusor and all of it took, and what stopping early saved."""
    costs = costs_of(case.view)
    total = costs.total
    return {
        "slots": [_slot(each) for each in costs.slots],
        "judge": _cost(costs.judge) if costs.judge else None,
        "fusor": _cost(costs.fusor) if costs.fusor else None,
        "total": total._asdict() | {"words": f"{wording.total_tokens(total)}, {wording.total_cost(total)}"},
        "saved": _saved(costs.saved) if costs.saved else None,
    }


def history_card(case: Case) -> Card:
    """The runs of this prompt, latest first, each with what its recipe has of its own."""
    return {"total": case.history.total, "runs": [_past(past) for past in case.history.runs]}


def _judged_words(record: JudgingRecord) -> str:
    if not record.replies:
        return "No verdict came." if record.mode else "No judge was asked for."
    counted = wording.plural(len(record.pairs), "pair") if record.pairs else wording.plural(len(record.scores), "score")
    replies = wording.plural(len(record.replies), "reply").replace("replys", "replies")
    unreadable = sum(not reply.judgement.is_readable for reply in record.replies)
    parts = [f"{counted} from {replies}"]
    parts += [f"{record.flips} flipped with the order shown"] if record.flips else []
    parts += [f"{unreadable} could not be read"] if unreadable else []
    return f"{', '.join(parts)}."


def _pair(pair: Pair) -> Json:
    return {
        "low": pair.low,
        "high": pair.high,
        "verdict": pair.verdict,
        "winner": pair.winner,
        "replies": [_reply(reply) for reply in pair.replies],
    }


def _reply(reply: Reply) -> Json:
    judgement = reply.judgement
    return {
        "seq": reply.seq,
        "shown": list(judgement.shown),
        "winner": judgement.winner,
        "score": judgement.score,
        "is_readable": judgement.is_readable,
        "reason": shown(judgement.reason),
        **_said(judgement.completion),
    }


def _said(completion: Completion | None) -> dict[str, Json]:
    """A reply to the letter, and what it took; all None where the call failed."""
    return {
        "reply": shown(completion.text) if completion else None,
        "thought": shown(completion.thought) if completion else "",
        "tokens": completion.output_tokens if completion else None,
        "seconds": _seconds(completion.duration_ms) if completion else None,
        "cost_usd": completion.cost_usd if completion else None,
    }


def _standing(standing: Standing, case: Case) -> Json:
    selection = case.view.selection
    scores = selection.scores if selection and selection.selector == "judge-pairs" else ()
    score = next((score.value for score in scores if score.position == standing.position), None)
    return {
        "position": standing.position,
        "won": standing.won,
        "lost": standing.lost,
        "tied": standing.tied,
        "flipped": standing.flipped,
        "undecided": standing.undecided,
        "score": score,
    }


def _line(line: Line, *, texts: dict[int, str], names: dict[str, str]) -> Json:
    return {
        "start": line.span.start,
        "end": line.span.end,
        "text": shown(line.text),
        "is_new": line.is_new,
        "cells": {str(cell.position): _cell(cell, texts.get(cell.position, ""), names) for cell in line.cells},
    }


def _cell(cell: Cell, text: str, names: dict[str, str]) -> Json:
    support, correction = cell.support, cell.correction
    return {
        "is_source": cell.is_source,
        "kind": support.kind if support else None,
        "similarity": support.similarity if support else None,
        "start": support.span.start if support else None,
        "end": support.span.end if support else None,
        "quote": shown(text[support.span.start : support.span.end])[:_LONGEST_QUOTE] if support else "",
        "correction": {
            "is_source": correction.is_source,
            "rater": shown(names[correction.rater_id]),
            "at": correction.created_at,
        }
        if correction
        else None,
    }


def _lost(lost: Lost) -> Json:
    positions, span = lost.dropped.positions, lost.span
    at = {"position": positions[0], "start": span.start, "end": span.end} if span else None
    return {"text": shown(lost.dropped.text), "positions": list(positions), "at": at}


def _slot(each: SlotCost) -> Json:
    slot = each.slot
    told = _cost(each.cost) if each.cost else _NOTHING
    waited = slot.failure.duration_ms if slot.failure else None
    words = told["words"] if each.cost else "paid elsewhere" if slot.is_recorded else "price unknown"
    return told | {
        "position": slot.position,
        "member": shown(slot.member),
        "model": shown(slot.model),
        "state": wording.slot_state(slot) if slot.state != "open" else "open",
        "recorded": slot.is_recorded,
        "seconds": told["seconds"] if each.cost else _seconds(waited),
        "words": words,
    }


_NOTHING: Card = {"calls": 0, "input_tokens": None, "output_tokens": None, "cost_usd": None, "seconds": None}


def _cost(cost: Cost) -> Card:
    known = wording.money(cost.cost_usd)
    return {
        "calls": cost.calls,
        "input_tokens": cost.input_tokens,
        "output_tokens": cost.output_tokens,
        "cost_usd": cost.cost_usd,
        "seconds": _seconds(cost.duration_ms),
        "words": f"at least {known}" if cost.unpriced and cost.cost_usd is not None else known,
    }


def _saved(saved: Saved) -> Json:
    draws = wording.plural(saved.draws, "draw")
    price = f"about {wording.money(saved.cost_usd)} at the mean price of the others" if saved.cost_usd else ""
    spared = f"{draws} not taken" + (f", {price}" if price else "")
    return {
        "draws": saved.draws,
        "mean_cost_usd": saved.mean_cost_usd,
        "cost_usd": saved.cost_usd,
        "words": f"{spared} (an estimate)." if price else f"{spared}.",
    }


def _past(past: PastRun) -> Json:
    run = past.run
    return {
        "run_id": run.id,
        "started_at": run.started_at,
        "origin": run.origin,
        "ended": run.ended,
        "parent": run.parent_run_id,
        "relation": past.relation,
        "draws": run.draws,
        "leader": shown(past.leader) if past.leader is not None else None,
        "cost_usd": run.cost_usd,
        "differences": [{part: shown(words) for part, words in each._asdict().items()} for each in past.differences],
    }


def _seconds(duration_ms: float | None) -> float | None:
    return None if duration_ms is None else duration_ms / 1000
