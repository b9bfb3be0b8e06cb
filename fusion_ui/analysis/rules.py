"""Stopping rules as a researcher writes them, "bayes:30,asc:0.95,fixed:10", and what may be asked of them.

A third part is the least number of votes: "bayes:10" takes StopRule's own (3), "bayes:10:1" stops after one vote
where the Bayes factor allows it, as the paper does.
"""

import math
from collections.abc import Sequence
from typing import get_args

from fusion_ui.analysis.answers import AnswersError
from fusion_ui.engine.values import RuleName, StopRule

MOST_RULES = 100
_NAMES: tuple[RuleName, ...] = get_args(RuleName)
_FORM = "Write rules as bayes:30, asc:0.95, certificate:0.05 or fixed:10, separated by commas."


def parse_rules(text: str) -> tuple[StopRule, ...]:
    """The rules in this list, in its order; AnswersError says which one cannot be used, and why."""
    return checked_rules([_parse(part.strip()) for part in text.split(",") if part.strip()])


def rule_text(rule: StopRule) -> str:
    """The rule as `parse_rules` reads it, without a minimum that need not be said."""
    parts = [rule.name, f"{rule.threshold:.15g}".replace("e+", "e")]
    if rule.name != "fixed" and rule.minimum != StopRule().minimum:
        parts.append(str(rule.minimum))
    return ":".join(parts)


def checked_rules(rules: Sequence[StopRule], *, cap: int | None = None) -> tuple[StopRule, ...]:
    """These rules; AnswersError for none, too many, one given twice, a threshold out of range or beyond the cap."""
    if not rules:
        raise AnswersError(f"No stopping rule is given. {_FORM}")
    if len(rules) > MOST_RULES:
        raise AnswersError(f"{len(rules)} rules are too many for one replay. Give at most {MOST_RULES}.")
    texts = [rule_text(rule) for rule in rules]
    for place, (rule, text) in enumerate(zip(rules, texts, strict=True)):
        if flaw := _flaw(rule, cap):
            raise AnswersError(f'The rule "{text}" cannot be used: {flaw}.')
        if text in texts[:place]:
            raise AnswersError(f'The rule "{text}" is given twice. Leave one out.')
    return tuple(rules)


def _parse(text: str) -> StopRule:
    name, *numbers = (part.strip() for part in text.split(":"))
    known = next((rule for rule in _NAMES if rule == name.lower()), None)
    if known is None or not 1 <= len(numbers) <= (1 if known == "fixed" else 2):
        raise AnswersError(f'"{text[:40]}" is not a stopping rule. {_FORM}')
    try:
        threshold = float(numbers[0])
        minimum = int(numbers[1]) if numbers[1:] else StopRule().minimum
    except ValueError:
        raise AnswersError(f'"{text[:40]}" has no threshold that can be read as a number. {_FORM}') from None
    return StopRule(name=known, threshold=threshold, minimum=minimum)


def _flaw(rule: StopRule, cap: int | None) -> str | None:
    if not math.isfinite(rule.threshold) or rule.threshold <= 0:
        return "its threshold must be a finite number above 0"
    if rule.name in ("asc", "certificate") and rule.threshold >= 1:
        return "its threshold is a probability and must be below 1"
    if rule.name == "fixed" and rule.threshold != int(rule.threshold):
        return "a number of draws must be whole"
    if rule.name == "fixed" and cap is not None and rule.threshold > cap:
        return f"it asks for more draws than the cap of {cap}"
    return None if rule.minimum >= 1 else "its minimum must be at least 1 vote"
