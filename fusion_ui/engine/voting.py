"""Who voted for what: candidates counted by answer key, in the order in which draws were asked for."""

from collections.abc import Iterable

from fusion_ui.engine.values import Candidate, Count, Tally


def tally_of(candidates: Iterable[Candidate]) -> Tally:
    """The votes of these candidates; equal counts stand in the order in which their answers were asked for."""
    positions_by_answer: dict[str, list[int]] = {}
    unanswered: list[int] = []
    for candidate in sorted(candidates, key=lambda candidate: candidate.position):
        if candidate.answer is None:
            unanswered.append(candidate.position)
        else:
            positions_by_answer.setdefault(candidate.answer, []).append(candidate.position)
    ranked = sorted(positions_by_answer.items(), key=lambda entry: -len(entry[1]))
    return Tally(
        counts=tuple(
            Count(answer=answer, positions=tuple(positions), weight=float(len(positions)))
            for answer, positions in ranked
        ),
        unanswered=tuple(unanswered),
    )


def leaders(tally: Tally) -> tuple[str, ...]:
    """The answers with the most votes: none before the first vote, several in a tie."""
    return tuple(count.answer for count in tally.counts if count.count == tally.counts[0].count)


def leader(tally: Tally) -> str | None:
    """The one answer with the most votes; None before the first vote and in a tie."""
    answers = leaders(tally)
    return answers[0] if len(answers) == 1 else None


def margin(tally: Tally) -> int:
    """How many votes the first answer is ahead of the second."""
    first, second = [*(count.count for count in tally.counts), 0, 0][:2]
    return first - second
