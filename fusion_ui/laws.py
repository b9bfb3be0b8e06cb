"""The laws that every stored run keeps, however its process ended: it replays, and its parts agree with each other."""

from collections.abc import Iterator

from fusion_ui.engine.view import spending_of
from fusion_ui.engine.voting import leaders
from fusion_ui.replay import NoRunError, StoredRun, read_run
from storage.rows import Reader
from storage.runs import OutcomeRow


def broken_laws(reader: Reader, run_id: str) -> tuple[str, ...]:
    """Which laws this run breaks, in words. Raises NoRunError."""
    try:
        run = read_run(reader, run_id)
    except NoRunError:
        raise
    except (ValueError, TypeError, KeyError) as error:
        told = " ".join(str(error).split())[:200]
        return (f"it cannot be replayed ({type(error).__name__}: {told})",)
    return tuple(words for law in (_of_vote, _of_sampling, _of_stages, _of_spans, _of_outcome) for words in law(run))


def _of_vote(run: StoredRun) -> Iterator[str]:
    picked, winners = run.view.selection, leaders(run.view.tally)
    answers = {candidate.position: candidate.answer for candidate in run.view.candidates}
    if picked is not None and picked.selector == "vote" and answers.get(picked.position) not in winners:
        yield f"candidate {picked.position} was picked by vote, and the vote is for {', '.join(winners) or 'none'}"


def _of_sampling(run: StoredRun) -> Iterator[str]:
    stop, slots = run.rows.stop, run.view.slots
    if len({row.position for row in run.rows.candidates} & {row.position for row in run.rows.failures}):
        yield "a draw has both finished and failed"
    if stop is None:
        return
    if stop.draws != len(run.view.candidates):
        yield f"sampling stopped with {stop.draws} candidates, and {len(run.view.candidates)} are stored"
    cancelled = [slot.position for slot in slots if slot.state == "cancelled"]
    if cancelled != sorted(run.view.stop.cancelled if run.view.stop else ()):
        yield f"the draws {cancelled} have no end, and {stop.cancelled} were cancelled"


def _of_stages(run: StoredRun) -> Iterator[str]:
    view, by_position = run.view, {row.position: row for row in run.rows.candidates}
    if view.selection is not None and run.rows.selection is not None:
        picked = by_position.get(view.selection.position)
        if picked is None or picked.id != run.rows.selection.output_id:
            yield f"candidate {view.selection.position} was picked under another output's id"
    if not set(view.fusion.order) <= by_position.keys():
        yield f"the fusor was shown {view.fusion.order}, which are not all candidates"
    for judgement in view.judgements:
        if not set(judgement.shown) <= by_position.keys() or judgement.winner not in {None, *judgement.shown}:
            yield f"the judge was shown {judgement.shown} and chose {judgement.winner}"


def _of_spans(run: StoredRun) -> Iterator[str]:
    for row in run.rows.outputs:
        if row.answer_end is not None and row.answer_end > len(row.text):
            yield f"the answer of {row.role} {row.position or ''} stands beyond the end of its text".replace("  ", " ")


def _of_outcome(run: StoredRun) -> Iterator[str]:
    outcome = run.rows.outcome
    if outcome is None:
        return
    if outcome.ended == "completed" and run.rows.stop is None:
        yield "it completed without an end of sampling"
    if outcome.ended != "interrupted" and not _agree(outcome, run):
        yield "its outcome says that it took other tokens or money than its calls did"


def _agree(outcome: OutcomeRow, run: StoredRun) -> bool:
    spent = spending_of(run.view)
    tokens = (outcome.input_tokens, outcome.output_tokens) == (spent.input_tokens, spent.output_tokens)
    return tokens and abs((outcome.cost_usd or 0.0) - (spent.cost_usd or 0.0)) <= 1e-9 * (1 + (spent.cost_usd or 0.0))
