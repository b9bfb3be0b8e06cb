"""Cases for the browser tests of Inspect: the board's own cards over small runs, and what the endpoints add by hand."""

from collections.abc import Mapping, Sequence
from typing import Any

from fusion_ui.engine.events import Event, SamplingStopped
from fusion_ui.engine.values import Failure, Prompt
from fusion_ui.engine.view import RunView
from fusion_ui.studies.diffing import Diff, sentence_diff, word_diff
from fusion_ui.ui.anchors import anchored
from fusion_ui.ui.cards import best_card, candidate_card, fusion_card, run_card
from fusion_ui.ui.markdown import shown
from fusion_ui.ui.votes import vote_card
from tests.ui.boards import FACTS, lost, view_of, whole_run

Json = dict[str, Any]
MEMBERS = ("ada", "ben", "cleo")
REFUSED = Failure(kind="rate", stage="sampling", message="Slow down: 20 requests a minute.")
TEXTS = {
    "Six times seven is **42**.\n\nThe answer is 42.": "42",
    "Seven sevens are 49, less seven: 42.\n\nAnswer: 42": "42",
    "Six and seven are 13.\n\nAnswer: 13": "13",
    "سبعة في ستة = 42.\n\n六乘以七等于四十二。🙂": "42",
    "I cannot say.": None,
}
FUSED = "Six times seven is **42**. Seven sevens are 49, less seven: 42. Nobody doubts it."


def run_of(texts: Mapping[str, str | None], *, fused: str = FUSED, fails: bool = False, gold: str = "42") -> RunView:
    """A finished run over these texts, its last draw failed if asked for."""
    prompt = Prompt(text="What is six times seven?", reference=gold, language="en", tags=("sums",))
    events = whole_run(texts, fused_text=fused, prompt=prompt)
    at = next(place for place, event in enumerate(events) if isinstance(event, SamplingStopped))
    more: list[Event] = lost(len(texts) + 1, REFUSED) if fails else []
    return view_of([*events[:at], *more, *events[at:]])


def case(view: RunView, run_id: str = "RUN1", **changes: Any) -> Json:
    """What GET /api/inspect/runs/{id} tells of a run."""
    cards = [candidate_card(view, slot) for slot in view.slots]
    votes = vote_card(view)
    answers = {at: row["answer"] for row in votes["rows"] for at in row["positions"]}  # type: ignore[index,union-attr,call-overload]
    ranks = [row["answer"] for row in votes["rows"]]  # type: ignore[index,union-attr,call-overload]
    gold = view.prompt.reference if view.prompt else None
    candidates = [
        _candidate(
            card, text=shown(slot.text), run_id=run_id, answer=answers.get(slot.position), ranks=ranks, gold=gold
        )
        for card, slot in zip(cards, view.slots, strict=True)
    ]
    facts = {"elapsed_ms": 1234.0, "origin": "scripted", "ended": view.ended, "app_version": "1.0"}
    run = run_card(view, FACTS) | facts | {"id": run_id, "reference": gold, "tags": ["sums"]}
    told = {
        "run": run,
        "best": best_card(view) | {"output_id": f"{run_id}-1"},
        "fusion": fusion_card(view) | {"output_id": f"{run_id}-fusion"},
        "vote": votes | {"stopped_at": len(cards), "stopped_at_sampled": len(cards), "would_stop": ""},
        "rating": {"saved": None},
        "candidates": candidates,
        "groups": _groups(candidates, ranks),
        "unanswered": [each["position"] for each in candidates if each["state"] == "done" and each["answer"] is None],
        "fusion_answer": None,
        "regrouping": {"body": {"aliases": {}, "answers": {}}, "is_corrected": False, "log": []},
        "judge": JUDGE,
        "ledger": None,
        "costs": _costs(candidates),
        "history": {"total": 2, "runs": [_past(run_id, "this"), _past("RUN0", "ancestor")]},
        "recipe": {"selector": "vote"},
        "versions": {"app": "1.0", "app_now": "1.0"},
    }
    return told | changes


JUDGE: Json = {
    "asked": False,
    "selector": "vote",
    "mode": None,
    "member": None,
    "model": None,
    "words": "",
    "pairs": [],
}
JUDGE |= {"scores": [], "wins": [], "flips": 0, "unreadable": 0, "failures": [], "left_out": []}
CHOICES: Json = {
    "members": [{"name": name, "model": f"scripted/{name}", "scripted": True} for name in MEMBERS],
    "selectors": [["vote", "Vote"], ["consensus", "Consensus"]],
    "fusors": [["extractive", "Extractive"], ["none", "No fusion"]],
    "presets": [["balanced", "Balanced"], ["fixed", "Fixed N"]],
    "most": 100,
    "had": {"members": ["ada"], "n": 8, "stop": "bayes:30", "selector": "vote", "fusor": "extractive"},
}
RAW: Json = {
    "members": {
        "messages": [{"role": "system", "content": "End with the answer."}, {"role": "user", "content": "<b>six</b>?"}],
        "is_exact": True,
        "note": "",
        "requests": [{"position": 1, "member": "ada", "model": "scripted/ada", "seed": 11, "temperature": 0.7}],
    },
    "judge": [],
    "fusor": None,
    "versions": {"app": "1.0"},
    "recipe": {"selector": "vote"},
    "seed": 3,
    "keys": "Keys are never stored.",
}


def replies(*cases: Json, neighbours: Mapping[str, Json] | None = None) -> Json:
    """What the server answers about these cases."""
    told: Json = {"/cases": {"total": 0, "matching": 0, "page": 1, "pages": 1, "cases": [], "facets": {}}}
    for each in cases:
        run_id = each["run"]["id"]
        texts = {one["output_id"]: one["text"] for one in each["candidates"] if one["text"]}
        texts[each["fusion"].get("output_id")] = each["fusion"].get("text", "")
        at = f"/runs/{run_id}"
        told |= {at: each, f"{at}/choices": CHOICES, f"{at}/raw": RAW, f"{at}/diff": _differ(texts)}
        told[f"{at}/parties"] = _parties(run_id)
        told |= {f"{at}/outputs/{name}/html": {"html": anchored(text)} for name, text in texts.items()}
        nobody = {"previous": None, "next": None, "place": 1, "matching": 1}
        told[f"/cases/{run_id}/neighbours"] = (neighbours or {}).get(run_id, nobody)
    return told


def _candidate(
    card: Json, *, text: str, run_id: str, answer: str | None, ranks: Sequence[str], gold: str | None
) -> Json:
    position, is_done = card["position"], card["state"] == "done"
    score = {"value": 1.0 / position, "words": f"score {1 / position:.2f}"} if is_done else None
    return card | {
        "member": MEMBERS[(position - 1) % len(MEMBERS)],
        "output_id": f"{run_id}-{position}" if is_done else None,
        "text": text if is_done else None,
        "chars": len(text) if is_done else 0,
        "output_tokens": 20 if is_done else None,
        "seconds": 0.9 if is_done else None,
        "cost_usd": 0.001 if is_done else None,
        "answer": answer,
        "answer_as_sampled": answer,
        "answer_span": None,
        "rank": ranks.index(answer) if answer else None,
        "right": answer == gold if answer else None,
        "score": score,
        "cut": "",
        "html": None,
    }


def _groups(candidates: Sequence[Json], ranks: Sequence[str]) -> list[Json]:
    found = [
        (rank, answer, [each for each in candidates if each["answer"] == answer]) for rank, answer in enumerate(ranks)
    ]
    return [
        {
            "answer": answer,
            "rank": rank,
            "count": len(saying),
            "leads": rank == 0,
            "right": answer == "42",
            "writings": [answer],
            "positions": [each["position"] for each in saying],
            "members": [
                {
                    "position": each["position"],
                    "output_id": each["output_id"],
                    "answer_as_sampled": answer,
                    "quote": answer,
                }
                for each in saying
            ],
        }
        for rank, answer, saying in found
    ]


def _costs(candidates: Sequence[Json]) -> Json:
    kept = ("position", "member", "model", "state", "output_tokens", "cost_usd", "seconds")
    slots = [
        {name: each[name] for name in kept} | {"recorded": False, "input_tokens": 10, "words": ""}
        for each in candidates
    ]
    spent = {
        "calls": 2,
        "input_tokens": 900,
        "output_tokens": 80,
        "cost_usd": 0.004,
        "seconds": 2.5,
        "words": "$0.0040",
    }
    total = {
        "input_tokens": 950,
        "output_tokens": 180,
        "cost_usd": 0.009,
        "has_unknown_cost": True,
        "words": "at least $0.0090",
    }
    saved = {
        "draws": 26,
        "mean_cost_usd": 0.001,
        "cost_usd": 0.026,
        "words": "Stopping early saved 26 draws, about $0.026.",
    }
    return {"slots": slots, "judge": spent, "fusor": None, "total": total, "saved": saved}


def _past(run_id: str, relation: str) -> Json:
    past = {
        "run_id": run_id,
        "started_at": "2026-01-01T12:00:00Z",
        "origin": "sampled",
        "ended": "completed",
        "parent": None,
    }
    differences = [] if relation == "this" else [{"what": "selector", "here": "vote", "there": "judge-pairs"}]
    return past | {"relation": relation, "draws": 5, "cost_usd": 0.01, "leader": "42", "differences": differences}


def _parties(run_id: str) -> Json:
    def party(position: int | None, answer: str | None, output: str | None = None) -> Json:
        return {"position": position, "answer": answer, "output_id": output}

    said = {
        "people": party(None, "42", f"{run_id}-fusion"),
        "judge": party(3, "13", f"{run_id}-3"),
        "vote": party(None, "42"),
        "fusion": party(None, "42", f"{run_id}-fusion"),
        "gold": party(None, "41"),
    }
    return {"parties": said, "disagree": ["people-judge", "vote-gold"], "opinions": 3}


def _differ(texts: Mapping[str, str]) -> Any:
    def differ(query: Sequence[tuple[str, str]]) -> Json:
        asked = dict(query)
        compare = sentence_diff if asked["level"] == "sentence" else word_diff
        diff: Diff = compare(texts[asked["first"]], texts[asked["second"]])
        pairs = {"first": diff.first, "second": diff.second}
        return {side: [[piece.text, piece.is_shared] for piece in pieces] for side, pieces in pairs.items()}

    return differ
