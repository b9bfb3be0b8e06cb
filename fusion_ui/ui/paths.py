"""The path of a run's vote as JSON: what every rule knew after each draw, for the page to hold a threshold against."""

from collections.abc import Iterable
from dataclasses import asdict

from fusion_ui.analysis.path import Step
from fusion_ui.analysis.run_path import RunPath
from fusion_ui.engine.values import Candidate
from fusion_ui.engine.voting import leaders, tally_of
from fusion_ui.ui.cards import Card, Json
from fusion_ui.ui.markdown import shown


def path_card(path: RunPath) -> Card:
    """The steps in this order with the votes so far, the failed draws between them, and who leads in the end.

    Ranks are those of the whole vote, so that an answer has the same colour on every card.
    """
    done = [slot.candidate for slot in path.draws if slot.candidate is not None]
    tally = tally_of(done)
    ranks = {count.answer: rank for rank, count in enumerate(tally.counts)}
    return {
        "rule": path.rule.name,
        "threshold": path.rule.threshold,
        "minimum": path.rule.minimum,
        "order": path.order,
        "stopped_at": path.stopped_at,
        "leaders": [shown(answer) for answer in leaders(tally)],
        "steps": list(_steps(path.steps, done, ranks)),
        "failed": _failed(path),
    }


def _steps(steps: Iterable[Step], done: Iterable[Candidate], ranks: dict[str, int]) -> Iterable[Json]:
    votes = 0
    for step, candidate in zip(steps, done, strict=True):
        votes += candidate.answer is not None
        yield asdict(step) | {
            "answer": _shown(step.answer),
            "leader": _shown(step.leader),
            "member": shown(step.member),
            "candidate": candidate.position,
            "rank": ranks.get(candidate.answer) if candidate.answer is not None else None,
            "votes": votes,
        }


def _failed(path: RunPath) -> Json:
    """Each failed draw with the number of steps before it."""
    steps, failed = 0, []
    for slot in path.draws:
        if slot.candidate is not None:
            steps += 1
        else:
            failed.append({"candidate": slot.position, "after": steps})
    return failed


def _shown(answer: str | None) -> str | None:
    return shown(answer) if answer is not None else None
