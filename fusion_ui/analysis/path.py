"""One path of draws, draw by draw: what every stopping rule could see, and where it would have stopped.

The path is drawn from recorded answers, or is that of a stored run.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from fusion_ui.analysis.answers import BLANK, AnswersError, AnswerSet
from fusion_ui.analysis.pools import checked_chance, mixture_of, places_drawn, stream_of
from fusion_ui.engine.evidence import posterior_of
from fusion_ui.engine.stopping import beta_majority, error_bound, is_reached
from fusion_ui.engine.values import StopRule


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """One draw as it came; None for a blank, and for tokens nobody recorded."""

    answer: str | None
    member: str
    tokens: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A draw and what is known after it, `tokens` being its own. `leader` is None in a tie and before the first vote,
    when there is no evidence either: the probability and the Bayes factor are 0, `asc` and `certificate` None.
    """

    position: int
    answer: str | None
    member: str
    leader: str | None
    probability: float
    bayes_factor: float
    asc: float | None
    certificate: float | None
    tokens: float | None


def path_of(drawn: Sequence[Drawn]) -> tuple[Step, ...]:
    """What was known after each of these draws, in the order of asking."""
    states = list(_states(drawn))
    first, second, distinct = np.array([_largest(counts) for counts in states], dtype=np.int64).reshape(-1, 3).T
    majorities, bounds = beta_majority(first, second).tolist(), error_bound(first, second, distinct).tolist()
    steps = []
    for place, (one, counts) in enumerate(zip(drawn, states, strict=True)):
        posterior = posterior_of(list(counts.values()))
        steps.append(
            Step(
                position=place + 1,
                answer=one.answer or None,
                member=one.member,
                leader=counts.most_common(1)[0][0] if first[place] > second[place] else None,
                probability=posterior.probability,
                bayes_factor=posterior.bayes_factor,
                asc=majorities[place] if counts else None,
                certificate=bounds[place] if counts else None,
                tokens=one.tokens,
            )
        )
    return tuple(steps)


def sampled_path(
    answer_set: AnswerSet, *, question: str, weights: Sequence[float] | None = None, cap: int = 100, seed: int = 0
) -> tuple[Step, ...]:
    """The path of this question in the first trial of a replay with the same weights and seed."""
    checked_chance(cap=cap, seed=seed)
    named = tuple(known for known in answer_set.questions if known.name == question)
    if not named:
        raise AnswersError(f'There is no question "{question[:80]}" among these. Choose one that is listed.')
    [pooled] = mixture_of(replace(answer_set, questions=named), weights).pooled
    pool, answers = pooled.pool, pooled.question.answers
    places = places_drawn(pool, stream_of(seed, question).random(cap))
    tokens = [None] * cap if pool.tokens is None else pool.tokens[places].tolist()
    return path_of(
        [
            Drawn(answer=None if key == BLANK else answers[key], member=answer_set.members[member], tokens=cost)
            for key, member, cost in zip(pool.keys[places], pool.members[places], tokens, strict=True)
        ]
    )


def stop_of(path: Sequence[Step], rule: StopRule) -> int | None:
    """The draw at which the rule would have stopped; None where the path ends before."""
    votes = 0
    for step in path:
        votes += step.answer is not None
        if _is_settled(step, rule, votes=votes):
            return step.position
    return None


def _is_settled(step: Step, rule: StopRule, *, votes: int) -> bool:
    if rule.name == "fixed":
        return step.position >= rule.threshold
    level = {"bayes": step.bayes_factor, "asc": step.asc, "certificate": step.certificate}[rule.name]
    return votes >= max(rule.minimum, 1) and is_reached(level, rule)


def _states(drawn: Iterable[Drawn]) -> Iterable[Counter[str]]:
    counts: Counter[str] = Counter()
    for one in drawn:
        if one.answer:
            counts[one.answer] += 1
        yield counts.copy()


def _largest(counts: Counter[str]) -> tuple[int, int, int]:
    """The two largest counts and how many answers there are."""
    first, second, *_ = [*(count for _, count in counts.most_common(2)), 0, 0]
    return first, second, len(counts)
