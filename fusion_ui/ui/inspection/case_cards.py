"""One case as JSON: the board's own cards over the corrected answers, the candidates, and the groups they vote in.

Candidates' texts travel raw; their rendering is asked for by output, as they come into sight.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from fusion_ui.analysis.regrouping import FUSION
from fusion_ui.analysis.run_path import run_path
from fusion_ui.engine.values import Candidate, Score
from fusion_ui.engine.view import SlotView
from fusion_ui.engine.voting import leader, leaders
from fusion_ui.inspection.cases import Case
from fusion_ui.inspection.parties import gold_of
from fusion_ui.inspection.sources import Cell, source_record
from fusion_ui.ratings import SavedRating
from fusion_ui.ui import wording
from fusion_ui.ui.cards import Card, Json, RunFacts, best_card, fusion_card, rating_card, run_card
from fusion_ui.ui.inspection.case_raw import recipe_card, versions_card
from fusion_ui.ui.inspection.case_tabs import costs_card, history_card, judge_card, ledger_card
from fusion_ui.ui.markdown import shown
from fusion_ui.ui.votes import vote_card
from storage.runs import OutputRow


class _Marking(NamedTuple):
    """What is known of answers when candidates and groups are drawn."""

    case: Case
    rank_by_answer: Mapping[str, int]
    row_by_position: Mapping[int, OutputRow]
    right_by_answer: Mapping[str | None, bool]

    def right(self, answer: str | None) -> bool | None:
        """Whether an answer is the reference's; None where there is no reference to be read."""
        return self.right_by_answer.get(answer)


def case_card(case: Case, *, rating: SavedRating | None) -> Card:
    """Everything a case shows but the texts as HTML and the raw messages."""
    return {
        "run": _run_card(case, rating),
        "best": best_card(case.view) | {"output_id": _best_id(case)},
        "fusion": _fusion_card(case),
        "rating": rating_card(_facts(case, rating)),
        "candidates": _candidates(case),
        **votes_card(case),
        "judge": judge_card(case),
        "ledger": ledger_card(case),
        "costs": costs_card(case),
        "history": history_card(case),
        "recipe": recipe_card(case.run.recipe),
        "versions": versions_card(case.run),
    }


def votes_card(case: Case) -> Card:
    """What follows from counting answers: the vote, its groups, the fusion's answer, and how answers were corrected."""
    marking = _marking(case)
    return {
        "vote": _vote_card(case),
        "groups": [_group(marking, answer) for answer in marking.rank_by_answer],
        "unanswered": list(case.view.tally.unanswered),
        "fusion_answer": _fusion_answer(marking),
        "regrouping": _regrouping(case),
    }


def regrouped_card(case: Case) -> Card:
    """What a regrouping changes on the screen."""
    names = ("position", "answer", "answer_as_sampled", "rank", "leads", "right")
    return votes_card(case) | {
        "candidates": [{name: candidate[name] for name in names} for candidate in _candidates(case)],
        "fusion": _fusion_card(case),
    }


def sources_card(case: Case) -> Card:
    """What a correction of sources changes on the screen."""
    return {"ledger": ledger_card(case), "fusion": _fusion_card(case)}


def _marking(case: Case) -> _Marking:
    gold, fusion = gold_of(case.view), case.view.fusion.fusion
    answers = {*(candidate.answer for candidate in case.view.candidates), fusion.answer if fusion else None}
    return _Marking(
        case=case,
        rank_by_answer={count.answer: rank for rank, count in enumerate(case.view.tally.counts)},
        row_by_position={row.position or 0: row for row in case.run.rows.candidates},
        right_by_answer={} if gold is None else {each: case.regrouping.is_right(each, gold) for each in answers},
    )


def _facts(case: Case, rating: SavedRating | None) -> RunFacts:
    row, outcome = case.run.rows.run, case.run.rows.outcome
    return RunFacts(
        run_id=row.id,
        started_at=row.started_at,
        elapsed_ms=outcome.duration_ms if outcome else None,
        is_scripted=row.origin == "scripted",
        parent_run_id=row.parent_run_id,
        rating=rating,
    )


def _run_card(case: Case, rating: SavedRating | None) -> Card:
    row, prompt = case.run.rows.run, case.run.prompt
    facts = _facts(case, rating)
    return run_card(case.view, facts) | {
        "elapsed_ms": facts.elapsed_ms,
        "origin": row.origin,
        "ended": case.view.ended,
        "app_version": shown(row.app_version),
        "reference": shown(prompt.reference) if prompt.reference else None,
        "tags": [shown(tag) for tag in prompt.tags],
    }


def _best_id(case: Case) -> str | None:
    selection = case.run.rows.selection
    return selection.output_id if selection else None


def _fusion_card(case: Case) -> Card:
    """The board's card, with what people say of a sentence's sources in place of what the program found."""
    fusion, card = case.run.rows.fusion, fusion_card(case.view)
    record = source_record(case.view, case.corrections.sources)
    lines = card.get("lines")
    if record is not None and isinstance(lines, list):
        card["lines"] = [_chips(chips, line.cells) for chips, line in zip(lines, record.lines, strict=True)]
    return card | {"output_id": fusion.id if fusion else None}


def _chips(chips: list[dict[str, Json]], cells: tuple[Cell, ...]) -> Json:
    refused = {cell.position for cell in cells if cell.support and not cell.is_source}
    added = [cell.position for cell in cells if cell.is_source and not cell.support]
    by_people = [{"position": at, "kind": "person", "alike": "", "passage": None, "quote": ""} for at in added]
    return [*(chip for chip in chips if chip["position"] not in refused), *by_people]


def _vote_card(case: Case) -> Card:
    """The vote as it is counted now; why the run stopped is told by what it saw then."""
    now, then = run_path(case.view).stopped_at, run_path(case.run.view).stopped_at
    can_change = case.view != case.run.view and case.run.recipe.stop.name != "fixed"
    return vote_card(case.view) | {
        "why": wording.why_stopped(case.run.view),
        "stopped_at": now,
        "stopped_at_sampled": then,
        "would_stop": _would_stop(now, len(case.view.candidates)) if can_change else "",
    }


def _would_stop(draws: int | None, finished: int) -> str:
    if draws is None:
        return f"With these answers the rule would not have been content after {wording.plural(finished, 'draw')}."
    return f"With these answers the rule would have stopped after {wording.plural(draws, 'draw')}."


def _candidates(case: Case) -> list[dict[str, Json]]:
    marking = _marking(case)
    return [_candidate(slot, marking) for slot in case.view.slots]


def _candidate(slot: SlotView, marking: _Marking) -> dict[str, Json]:
    done, row, view = slot.candidate, marking.row_by_position.get(slot.position), marking.case.view
    card: dict[str, Json] = {
        "position": slot.position,
        "output_id": row.id if row else None,
        "member": shown(slot.member),
        "model": shown(slot.model),
        "recorded": slot.is_recorded,
        "state": wording.slot_state(slot) if slot.state != "open" else "open",
        "best": view.selection is not None and view.selection.position == slot.position,
        "chars": len(slot.text),
        "score": _score(slot.position, marking.case),
        "failure": _failure(slot),
        "retry": slot.state == "failed" and not slot.is_recorded,
        "lang": view.prompt.language if view.prompt else None,
        "text": shown(slot.text),
        "thought": shown(slot.thought),
    }
    return card | _usage(done) | _answered(done, row, marking)


def _usage(done: Candidate | None) -> dict[str, Json]:
    used = done.completion if done else None
    return {
        "input_tokens": used.input_tokens if used else None,
        "output_tokens": used.output_tokens if used else None,
        "seconds": used.duration_ms / 1000 if used and used.duration_ms is not None else None,
        "cost_usd": used.cost_usd if used else None,
        "facts": _words(done) if done else [],
        "cut": wording.cut_off(used) if used else "",
    }


def _words(done: Candidate) -> Json:
    used = done.completion
    return [wording.tokens(used.output_tokens), wording.seconds(used.duration_ms), wording.money(used.cost_usd)]


def _answered(done: Candidate | None, row: OutputRow | None, marking: _Marking) -> dict[str, Json]:
    answer = done.answer if done else None
    ahead = leaders(marking.case.view.tally)
    has_span = row is not None and row.answer_start is not None
    return {
        "answer": _shown(answer),
        "answer_as_sampled": _shown(row.answer) if row else None,
        "answer_span": [row.answer_start, row.answer_end] if row and has_span else None,
        "rank": marking.rank_by_answer.get(answer) if answer is not None else None,
        "leads": "" if answer not in ahead else "Vote leader" if len(ahead) == 1 else "Tied for the lead",
        "right": marking.right(answer) if done else None,
    }


def _score(position: int, case: Case) -> Json:
    selection = case.view.selection
    found: Score | None = next((s for s in selection.scores if s.position == position), None) if selection else None
    if selection is None or found is None:
        return None
    return {"value": found.value, "words": wording.score_words(found, selection.selector)}


def _failure(slot: SlotView) -> Json:
    failure = slot.failure
    if failure is None:
        return None
    return {"kind": failure.kind, "cause": wording.CAUSES[failure.kind], "message": shown(failure.message)}


def _group(marking: _Marking, answer: str) -> Json:
    view = marking.case.view
    rank = marking.rank_by_answer[answer]
    count = view.tally.counts[rank]
    return {
        "answer": shown(answer),
        "rank": rank,
        "count": count.count,
        "leads": answer in leaders(view.tally),
        "right": marking.right(answer),
        "writings": [shown(writing) for writing in marking.case.regrouping.writings(answer)],
        "positions": list(count.positions),
        "members": [_voter(marking.row_by_position[position]) for position in count.positions],
    }


def _voter(row: OutputRow) -> Json:
    quote = row.text[row.answer_start : row.answer_end] if row.answer_start is not None else ""
    return {
        "position": row.position,
        "output_id": row.id,
        "answer_as_sampled": _shown(row.answer),
        "quote": shown(quote),
    }


def _fusion_answer(marking: _Marking) -> Json:
    row, fusion = marking.case.run.rows.fusion, marking.case.view.fusion.fusion
    if row is None or fusion is None:
        return None
    return {
        "output_id": row.id,
        "answer": _shown(fusion.answer),
        "answer_as_sampled": _shown(row.answer),
        "right": marking.right(fusion.answer),
        "contradicts_vote": fusion.contradicts_vote,
        "agrees": fusion.answer is not None and fusion.answer == leader(marking.case.view.tally),
        "is_corrected": FUSION in marking.case.regrouping.answers,
    }


def _regrouping(case: Case) -> Json:
    rows = case.corrections.regroupings
    body: Any = case.corrections.grouping or {"aliases": {}, "answers": {}}
    return {
        "body": body,
        "is_corrected": bool(body["aliases"] or body["answers"]),
        "seen": rows[-1].seq if rows else 0,
        "log": [
            {
                "seq": row.seq,
                "rater": shown(case.corrections.names[row.rater_id]),
                "note": shown(row.note),
                "body": row.body,
                "created_at": row.created_at,
            }
            for row in reversed(rows)
        ],
    }


def _shown(answer: str | None) -> str | None:
    return shown(answer) if answer is not None else None
