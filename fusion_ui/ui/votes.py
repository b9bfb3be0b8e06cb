"""The vote as the board shows it: bars by answer, the strip of draws, and the evidence against its threshold."""

from collections.abc import Callable
from math import log

from fusion_ui.engine.stopping import is_reached
from fusion_ui.engine.values import Evidence, Recipe, RuleName, StopRule, Tally
from fusion_ui.engine.view import RunView, SlotView
from fusion_ui.engine.voting import leaders
from fusion_ui.ui import wording
from fusion_ui.ui.cards import Card, Json
from fusion_ui.ui.markdown import shown

_LINE_AT = 0.75  # where the threshold stands on the meter, so that passing it can be seen
_GAUGES: dict[RuleName, tuple[str, Callable[[float], str]]] = {
    "bayes": ("Evidence (Bayes factor)", wording.amount),
    "asc": ("Leader ahead for good", wording.percent),
    "certificate": ("Possible error", wording.percent),
}


def vote_card(view: RunView) -> Card:
    """Counts, voters, stability, evidence, draws and why it stopped."""
    tally, evidence, recipe = view.tally, view.evidence, view.recipe
    return {
        "state": "done" if view.stop or view.ended else "counting" if view.slots else "waiting",
        "rows": _rows(tally),
        "unanswered": list(tally.unanswered),
        "votes": tally.votes,
        "leaders": [shown(answer) for answer in leaders(tally)],
        "stability": f"Vote stability {wording.percent(evidence.probability)}" if evidence and tally.votes else "",
        "explained": wording.STABILITY,
        "meter": _meter(recipe, evidence, tally) if recipe else None,
        "strip": _strip(view),
        "draws": wording.draws_used(view),
        "why": wording.why_stopped(view),
        "fallback": _fallback(view),
        "reference": shown(view.prompt.reference) if view.prompt and view.prompt.reference else None,
    }


def _rows(tally: Tally) -> Json:
    ahead = leaders(tally)
    return [
        {
            "answer": shown(count.answer),
            "count": count.count,
            "share": count.count / tally.votes,
            "positions": list(count.positions),
            "leads": count.answer in ahead,
        }
        for count in tally.counts
    ]


def _meter(recipe: Recipe, evidence: Evidence | None, tally: Tally) -> Json:
    """How far the stop rule has got, and where the line is that it has to pass."""
    rule, level = recipe.stop, evidence.level if evidence else None
    if rule.name == "fixed":
        most = wording.most_draws(recipe)
        share = tally.draws / max(most, 1)
        return _gauge(
            "Draws", str(tally.draws), f"of {most}, a fixed number", filled=share, line=1.0, passed=share >= 1
        )
    name, words = _GAUGES[rule.name]
    value = words(level) if level is not None else "none yet"
    needed, filled = f"stops at {words(rule.threshold)}", _share(rule, level) * _LINE_AT
    return _gauge(name, value, needed, filled=filled, line=_LINE_AT, passed=is_reached(level, rule))


def _gauge(name: str, value: str, needed: str, *, filled: float, line: float, passed: bool) -> Json:
    filled = min(1.0, max(0.0, filled))
    return {"name": name, "value": value, "needed": needed, "filled": filled, "line": line, "passed": passed}


def _share(rule: StopRule, level: float | None) -> float:
    """How much of the way is done: by the logarithm, as evidence multiplies; by distance from chance for `asc`."""
    if level is None or level <= 0 or rule.threshold <= 0:
        return 0.0
    done, whole = (level - 0.5, rule.threshold - 0.5) if rule.name == "asc" else (log(level), log(rule.threshold))
    return done / whole if whole else 1.0


def _strip(view: RunView) -> Json:
    ranks = {answer: rank for rank, answer in enumerate(count.answer for count in view.tally.counts)}
    counted = {position for count in view.tally.counts for position in count.positions} | {*view.tally.unanswered}
    last = max(counted, default=0)
    return [
        _cell(slot, ranks, is_counted=slot.position in counted)
        | {"stop": view.stop is not None and slot.position == last}
        for slot in view.slots
    ]


def _cell(slot: SlotView, ranks: dict[str, int], *, is_counted: bool) -> dict[str, Json]:
    answer = slot.candidate.answer if slot.candidate else None
    state = wording.slot_state(slot)
    return {
        "position": slot.position,
        "state": state if state in ("done", "failed", "cancelled") else "open",
        "answer": shown(answer) if answer is not None else None,
        "rank": ranks.get(answer) if answer is not None else None,
        "counted": is_counted,
    }


def _fallback(view: RunView) -> str:
    if view.tally.votes or not view.tally.unanswered or not view.stop:
        return ""
    chosen = view.selection.selector if view.selection else None
    picked = ", so the pick fell back to consensus" if chosen == "consensus" else ""
    return f"No draw held an answer that can be counted{picked}."
