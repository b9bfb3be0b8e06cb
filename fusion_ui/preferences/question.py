"""What is asked of the analysis: which studies, which of their judgements, and how sure it shall be."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, get_args

from fusion_ui.engine.values import FusionError

By = Literal["role", "member"]
Rule = Literal["too_fast", "after_reveal", "failed_gold", "excluded", "leaks"]
RULES: tuple[Rule, ...] = get_args(Rule)
LENGTHS = {"under 100": (0, 100), "100 to 499": (100, 500), "500 to 1,999": (500, 2000), "2,000 and more": (2000, None)}
"""Lengths of prompts in characters by their labels: from, up to but without."""
COMPARE = "compare"
"""The source that is no study: what people said on the Compare page."""
_MOST_NAMED = 1_000


class QuestionError(FusionError):
    """A question that cannot be answered as it is; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """No `studies` are all there are; no languages, tags, lengths or raters are all of them, too.

    `leave_out` names the rules by which judgements do not count; `open` mixes judgements by people who saw names with
    blind ones. `width` is the half-width of a win rate's interval that a plan shall reach.
    """

    studies: tuple[str, ...] = ()
    open: bool = False
    by: By = "role"
    language: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    lengths: tuple[str, ...] = ()
    raters: tuple[str, ...] = ()
    leave_out: tuple[Rule, ...] = RULES
    seed: int = 0
    level: float = 0.95
    width: float = 0.05

    def told(self) -> dict[str, Any]:
        """The question as JSON has it."""
        return {name: list(cell) if isinstance(cell, tuple) else cell for name, cell in asdict(self).items()}


def checked(question: Question) -> Question:
    """The question with its choices in one order and none twice. Raises QuestionError."""
    _check_known("by", [question.by], get_args(By))
    _check_known("rule", question.leave_out, RULES)
    _check_known("length", question.lengths, LENGTHS)
    if not 0.5 <= question.level <= 0.999:
        raise QuestionError(f"The level {question.level:g} does not lie between 0.5 and 0.999: 0.95 is usual.")
    if not 0.001 <= question.width <= 0.4:
        raise QuestionError(f"The width {question.width:g} does not lie between 0.001 and 0.4: 0.05 is ±5 points.")
    if not 0 <= question.seed < 2**63:
        raise QuestionError(f"The seed {question.seed} does not lie between 0 and {2**63 - 1}: 0 is usual.")
    return replace(
        question,
        studies=_once("studies", question.studies),
        language=_once("languages", question.language),
        tags=_once("tags", question.tags),
        raters=_once("raters", question.raters),
        lengths=tuple(label for label in LENGTHS if label in question.lengths),
        leave_out=tuple(rule for rule in RULES if rule in question.leave_out),
    )


def _check_known(name: str, given: Sequence[str], known: Collection[str]) -> None:
    if strangers := [each for each in given if each not in known]:
        raise QuestionError(f"There is no {name} {strangers[0][:40]!r}; there are: {'; '.join(known)}.")


def _once(name: str, given: Sequence[str]) -> tuple[str, ...]:
    if len(given) > _MOST_NAMED:
        raise QuestionError(f"At most {_MOST_NAMED:,} {name} can be named; these are {len(given):,}.")
    return tuple(sorted(set(given)))
