"""Best-of-N: which candidate each selector picks, and why. Pure; how a judge is asked lives in `judging`.

Every function needs at least one candidate. Ties are broken by the chance handed in, and are reported as ties.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from random import Random

from fusion_ui.engine.consensus import consensus_scores
from fusion_ui.engine.values import Candidate, Judgement, Score, Selection, SelectorName, Tally
from fusion_ui.engine.voting import leaders


def select_by_consensus(candidates: Sequence[Candidate], rng: Random, *, because: str = "") -> Selection:
    """The candidate closest to all others."""
    reason = "Closest to all the other candidates in wording and content."
    return _selection(consensus_scores(candidates), rng, selector="consensus", reason=f"{because} {reason}".strip())


def select_by_vote(candidates: Sequence[Candidate], tally: Tally, rng: Random, *, because: str = "") -> Selection:
    """The best of the winning answer: of the candidates that gave it, the one closest to the others that did.

    Without a single vote the selector that decides is `consensus`.
    """
    winners = leaders(tally)
    if not winners:
        nothing = "No candidate holds an answer to vote on."
        return select_by_consensus(candidates, rng, because=f"{because} {nothing}".strip())
    answer = rng.choice(winners)
    voters = [candidate for candidate in candidates if candidate.answer == answer]
    scores = consensus_scores(voters)
    position = rng.choice(_at_the_top(scores))
    tied = len(winners) > 1
    reason = (
        f"Gives the leading answer, {answer}" if not tied else f"Drawn between {len(winners)} tied answers: {answer}"
    )
    return Selection(
        position=position,
        selector="vote",
        scores=scores,
        reason=f"{because} {reason}; closest to the others that do.".strip() if len(voters) > 1 else f"{reason}.",
        is_tied=tied,
    )


def select_by_scores(judgements: Iterable[Judgement], rng: Random) -> Selection | None:
    """The candidate with the highest single score; None when no score could be read."""
    read = {judgement.shown[0]: judgement for judgement in judgements if judgement.score is not None}
    if not read:
        return None
    scores = tuple(Score(position=position, value=read[position].score) for position in sorted(read))
    chosen = _selection(scores, rng, selector="judge-scores", reason="")
    return replace(chosen, reason=read[chosen.position].reason)


def select_by_pairs(judgements: Iterable[Judgement], rng: Random) -> Selection | None:
    """The candidate with most pairs won minus lost; None when no pair was decided.

    A pair counts when both orders of showing it agree; a verdict that flips with the order is an abstention.
    """
    by_pair: dict[tuple[int, int], list[Judgement]] = {}
    for judgement in judgements:
        if judgement.is_readable and len(judgement.shown) == 2:
            low, high = sorted(judgement.shown)
            by_pair.setdefault((low, high), []).append(judgement)
    complete = {pair: both for pair, both in by_pair.items() if len(both) == 2}
    agreed = {pair: both for pair, both in complete.items() if both[0].winner == both[1].winner}
    won = [both[0] for both in agreed.values() if both[0].winner is not None]
    if not agreed:
        return None
    positions = sorted({position for pair in agreed for position in pair})
    scores = tuple(_net_wins(position, won) for position in positions)
    chosen = _selection(scores, rng, selector="judge-pairs", reason="", flips=len(complete) - len(agreed))
    return replace(chosen, reason=next((each.reason for each in won if each.winner == chosen.position), ""))


def _net_wins(position: int, won: Sequence[Judgement]) -> Score:
    wins = sum(judgement.winner == position for judgement in won)
    losses = sum(position in judgement.shown for judgement in won) - wins
    return Score(position=position, value=float(wins - losses), detail=f"won {wins}, lost {losses}")


def _selection(
    scores: tuple[Score, ...], rng: Random, *, selector: SelectorName, reason: str, flips: int = 0
) -> Selection:
    best = _at_the_top(scores)
    return Selection(
        position=rng.choice(best), selector=selector, scores=scores, reason=reason, flips=flips, is_tied=len(best) > 1
    )


def _at_the_top(scores: Sequence[Score]) -> list[int]:
    known = [score.value for score in scores if score.value is not None]
    top = max(known, default=None)
    return [score.position for score in scores if score.value == top]
