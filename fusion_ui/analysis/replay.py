"""What every stopping rule would have cost and got, replayed on recorded answers without asking anybody again.

A trial draws each question's answers anew, with replacement, from what was recorded; all rules see the same draws
(Best-of-infinity, arXiv 2509.21091, experiment sets 1 and 2). Ties among leaders count as the chance of the right one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from fusion_ui.analysis.answers import AnswersError, AnswerSet
from fusion_ui.analysis.pools import Pooled, checked_chance, mixture_of
from fusion_ui.analysis.rules import checked_rules, parse_rules
from fusion_ui.analysis.simulation import CELLS, Subject, outcomes
from fusion_ui.analysis.spread import t_interval
from fusion_ui.analysis.totals import Totals, summed
from fusion_ui.engine.values import RuleName, StopRule

__all__ = ["MOST_TRIALS", "QuestionReplay", "Replay", "ReplayRow", "parse_rules", "replay"]

MOST_TRIALS = 10_000
MOST_DRAWS_IN_ALL = 500_000_000  # some minutes of work


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayRow:
    """One rule over all questions and trials.

    `draws`, `tokens`, `mode_agreement` and `capped` (the share of trials that the cap ended unsettled) are means over
    all questions, `accuracy` over those with gold; None where nothing is known. Low and high bound 95 %: of the draws
    and the accuracy over trials, for these very questions, in which the simulation's own chance is all that varies;
    `questions_low` and `questions_high` over questions, for other questions like these. Both are t intervals of a
    mean and None for a single trial or question, from which no spread can be seen. An adaptive rule counts at least
    `minimum` votes; None for a fixed number of draws.
    """

    rule: RuleName
    threshold: float
    minimum: int | None
    draws: float
    draws_low: float | None
    draws_high: float | None
    tokens: float | None
    mode_agreement: float
    accuracy: float | None
    accuracy_low: float | None
    accuracy_high: float | None
    questions_low: float | None
    questions_high: float | None
    capped: float


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionReplay:
    """One question: what its vote tends to, and the mean of each rule over the trials.

    `mode` is the answer with the largest share; None in a tie, in which any of the tied counts as the mode, and where
    nobody votes. `lead` is its distance to the second, `gold_lead` that of gold to the best wrong answer.
    """

    name: str
    text: str
    gold: str | None
    mode: str | None
    lead: float
    gold_lead: float | None
    blank: float
    draws: tuple[float, ...]
    accuracy: tuple[float | None, ...]
    mode_agreement: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """A replay with its making; `limit_accuracy` is what the accuracy tends to with endless draws."""

    members: tuple[str, ...]
    weights: tuple[float, ...]
    questions: int
    judged: int
    trials: int
    cap: int
    seed: int
    limit_accuracy: float | None
    rows: tuple[ReplayRow, ...]
    by_question: tuple[QuestionReplay, ...]
    left_out: tuple[str, ...]


def replay(
    answer_set: AnswerSet,
    *,
    rules: Sequence[StopRule],
    weights: Sequence[float] | None = None,
    trials: int = 100,
    cap: int = 100,
    seed: int = 0,
    cells: int = CELLS,
) -> Replay:
    """What these rules would have cost and got, on the questions that all members answered.

    Weights are normalised, and the same for all members where none are given; a member without weight is never drawn
    from. The same inputs and seed give the same result, whatever `cells` says about how much is worked on at once.
    """
    checked_chance(cap=cap, seed=seed)
    rules = checked_rules(rules, cap=cap)
    mixture = mixture_of(answer_set, weights)
    _check_size(len(mixture.pooled), trials=trials, cap=cap)
    subjects = [_subject(one) for one in mixture.pooled]
    judged = [one for one in mixture.pooled if one.question.gold is not None]
    totals = summed(
        outcomes(subjects, rules=rules, trials=trials, cap=cap, seed=seed, cells=cells),
        is_judged=[subject.gold is not None for subject in subjects],
    )
    return Replay(
        members=answer_set.members,
        weights=tuple(mixture.weights.tolist()),
        questions=len(subjects),
        judged=len(judged),
        trials=trials,
        cap=cap,
        seed=seed,
        limit_accuracy=sum(one.limit.accuracy or 0.0 for one in judged) / len(judged) if judged else None,
        rows=tuple(_row(rule, place, totals) for place, rule in enumerate(rules)),
        by_question=tuple(_by_question(one, place, totals) for place, one in enumerate(mixture.pooled)),
        left_out=mixture.left_out,
    )


def _check_size(questions: int, *, trials: int, cap: int) -> None:
    if not 1 <= trials <= MOST_TRIALS:
        raise AnswersError(f"{trials} trials cannot be run. Choose from 1 to {MOST_TRIALS}.")
    if questions * trials * cap > MOST_DRAWS_IN_ALL:
        raise AnswersError(
            f"{questions} questions x {trials} trials x {cap} draws are too many for one replay. Choose fewer trials."
        )


def _subject(one: Pooled) -> Subject:
    question = one.question
    return Subject(
        name=question.name, pool=one.pool, answers=len(question.answers), gold=question.gold, modes=one.limit.modes
    )


def _row(rule: StopRule, place: int, totals: Totals) -> ReplayRow:
    draws = t_interval(totals.trial_draws[place])
    accuracy = t_interval(totals.trial_accuracy[place], within=(0.0, 1.0))
    elsewhere = t_interval(totals.right[totals.is_judged, place], within=(0.0, 1.0))
    return ReplayRow(
        rule=rule.name,
        threshold=rule.threshold,
        minimum=None if rule.name == "fixed" else rule.minimum,
        draws=float(totals.draws[:, place].mean()),
        draws_low=draws.low,
        draws_high=draws.high,
        tokens=None if totals.tokens is None else float(totals.tokens[:, place].mean()),
        mode_agreement=float(totals.agreeing[:, place].mean()),
        accuracy=accuracy.mean,
        accuracy_low=accuracy.low,
        accuracy_high=accuracy.high,
        questions_low=elsewhere.low,
        questions_high=elsewhere.high,
        capped=float(totals.capped[:, place].mean()),
    )


def _by_question(one: Pooled, place: int, totals: Totals) -> QuestionReplay:
    question, limit = one.question, one.limit
    right = totals.right[place].tolist()
    return QuestionReplay(
        name=question.name,
        text=question.text,
        gold=None if question.gold is None else question.answers[question.gold],
        mode=question.answers[limit.modes[0]] if len(limit.modes) == 1 else None,
        lead=limit.lead,
        gold_lead=limit.gold_lead,
        blank=limit.blank,
        draws=tuple(totals.draws[place].tolist()),
        accuracy=tuple(right) if question.gold is not None else (None,) * len(right),
        mode_agreement=tuple(totals.agreeing[place].tolist()),
    )
