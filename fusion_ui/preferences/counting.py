"""Which judgements count: those of people that stand, that the filters leave and that no rule leaves out.

Training and repeats check raters and compare nothing; skips are counted apart. Each rule says what it concerns whether
it is applied or not.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from fusion_ui.analysis.preference.comparisons import Ints, Mask
from fusion_ui.analysis.preference.estimates import Share, share_of
from fusion_ui.preferences.layout import NONE
from fusion_ui.preferences.question import LENGTHS, RULES, Question, QuestionError, Rule
from fusion_ui.preferences.said import MAIN, REPEAT, SKIP, WITHDRAWN
from fusion_ui.preferences.whole import Units, Whole
from storage.preferences import AFTER_REVEAL, TOO_FAST

FEWEST_GOLD, LEAST_GOLD = 5, 0.6
WORDS: dict[Rule | str, str] = {
    "too_fast": "Faster than the study's limit",
    "after_reveal": "Said after it was shown who wrote what",
    "failed_gold": f"By raters with fewer than {LEAST_GOLD:.0%} of at least {FEWEST_GOLD} known items right",
    "excluded": "Left out by the study's owner",
    "leaks": "An answer names who wrote it",
    "open": "Names were visible",
}


class LeftOut(NamedTuple):
    """What one rule concerns among the judgements that the filters leave."""

    rule: str
    words: str
    judgements: int
    raters: int
    is_applied: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Counted:
    """Masks over the judgements: `kept` count, `skips` were skipped, `judges` are those of models (skips left out).

    Repeats are among those of models: that is how one asked in both orders is stored.
    `asked` are all of people that stand, before filters and rules. `unit_fits` is a mask over units.
    """

    asked: Mask
    kept: Mask
    skips: Mask
    judges: Mask
    unit_fits: Mask
    left_out: tuple[LeftOut, ...]


def counted(whole: Whole, question: Question) -> Counted:
    """What counts for this question. Raises QuestionError where it names raters that nobody knows."""
    said = whole.judgements
    stands = said.stands & (said.verdict != WITHDRAWN) & whole.units.is_main[said.unit]
    by_people = stands & (said.kind == MAIN) & ~whole.is_judge[said.rater]
    by_judges = stands & ((said.kind == MAIN) | (said.kind == REPEAT)) & whole.is_judge[said.rater]
    unit_fits = _fitting_units(whole.units, question)
    fits = unit_fits[said.unit] & _fitting_raters(whole, question)[said.rater]
    broken = _broken(whole)
    is_out = np.zeros(len(said), dtype=np.bool_)
    for rule, mask in broken.items():
        if _is_applied(rule, question):
            is_out |= mask
    is_skip = said.verdict == SKIP
    return Counted(
        asked=by_people & ~is_skip,
        kept=by_people & fits & ~is_out & ~is_skip,
        skips=by_people & fits & ~is_out & is_skip,
        judges=by_judges & unit_fits[said.unit] & ~said.is_out & ~is_skip,
        unit_fits=unit_fits,
        left_out=tuple(
            LeftOut(rule, WORDS[rule], int(mask.sum()), distinct(said.rater[mask]), _is_applied(rule, question))
            for rule, mask in ((rule, broken[rule] & by_people & fits & ~is_skip) for rule in broken)
        ),
    )


def gold_shares(whole: Whole, level: float = 0.95) -> dict[str, Share]:
    """How many known items each rater got right, in training and in between; repeats show nothing new."""
    said = whole.judgements
    is_known = said.stands & (said.gold != NONE) & (said.kind != REPEAT) & (said.verdict < SKIP)
    return _shares(whole, is_known, said.winner == said.gold, level)


def repeat_shares(whole: Whole, level: float = 0.95) -> dict[str, Share]:
    """How many units seen again each rater judged as before."""
    said = whole.judgements
    rows = np.flatnonzero(said.stands & (said.verdict < SKIP) & ((said.kind == MAIN) | (said.kind == REPEAT)))
    again = rows[said.kind[rows] == REPEAT]
    before = _same_before(whole, rows[said.kind[rows] == MAIN], again)
    found = before != NONE
    is_known, is_same = np.zeros(len(said), np.bool_), np.zeros(len(said), np.bool_)
    is_known[again[found]] = True
    one, other = before[found], again[found]
    is_same[other] = (said.winner[one] == said.winner[other]) & (
        (said.verdict[one] == said.verdict[other]) | (said.winner[one] != NONE)
    )
    return _shares(whole, is_known, is_same, level)


def _same_before(whole: Whole, first: Ints, again: Ints) -> Ints:
    """For each repeat the first judgement of the same rater and unit, NONE where there is none."""
    keys = whole.judgements.unit.astype(np.int64) * max(1, len(whole.raters)) + whole.judgements.rater
    first = first[np.isin(keys[first], keys[again])]
    ordered = first[np.argsort(keys[first])]
    if not len(ordered):
        return np.full(len(again), NONE)
    at = np.minimum(np.searchsorted(keys[ordered], keys[again]), len(ordered) - 1)
    return np.where(keys[ordered[at]] == keys[again], ordered[at], NONE)


def _shares(whole: Whole, is_known: Mask, is_right: Mask, level: float) -> dict[str, Share]:
    raters, number = whole.judgements.rater, len(whole.raters)
    of = np.bincount(raters[is_known], minlength=number)
    hits = np.bincount(raters[is_known & is_right], minlength=number)
    return {name: share_of(int(hits[at]), int(of[at]), level=level) for at, name in enumerate(whole.raters) if of[at]}


def _broken(whole: Whole) -> dict[str, Mask]:
    """The judgements that each rule concerns."""
    said = whole.judgements
    leaks = np.zeros(len(whole.units), dtype=np.bool_)
    leaks[whole.contenders.unit[whole.contenders.leaks]] = True
    masks: dict[Rule, Mask] = {
        "too_fast": (said.flags & TOO_FAST) != 0,
        "after_reveal": (said.flags & AFTER_REVEAL) != 0,
        "failed_gold": _failing(whole),
        "excluded": said.is_out,
        "leaks": leaks[said.unit],
    }
    return {rule: masks[rule] for rule in RULES} | {"open": said.is_open}


def _failing(whole: Whole) -> Mask:
    """All that a rater said in a source where they know too little."""
    said, number = whole.judgements, max(1, len(whole.raters))
    is_known = said.stands & (said.gold != NONE) & (said.kind != REPEAT) & (said.verdict < SKIP)
    keys = said.source.astype(np.int64) * number + said.rater
    size = number * max(1, len(whole.sources))
    of = np.bincount(keys[is_known], minlength=size)
    hits = np.bincount(keys[is_known & (said.winner == said.gold)], minlength=size)
    fails: Mask = ((of >= FEWEST_GOLD) & (hits < LEAST_GOLD * of))[keys]
    return fails


def _is_applied(rule: str, question: Question) -> bool:
    return not question.open if rule == "open" else rule in question.leave_out


def _fitting_units(units: Units, question: Question) -> Mask:
    fits = np.ones(len(units), dtype=np.bool_)
    if question.language:
        fits &= _any_of(units.language, question.language)
    if question.tags:
        wanted = set(question.tags)
        fits &= np.array([not wanted.isdisjoint(tags) for tags in units.tags], dtype=np.bool_)
    if question.lengths:
        fits &= np.isin(length_bins(units), [list(LENGTHS).index(label) for label in question.lengths])
    return fits


def length_bins(units: Units) -> Ints:
    """The place of each unit's prompt in LENGTHS."""
    edges = [start for start, _ in LENGTHS.values()]
    return (np.searchsorted(edges, units.prompt_length, side="right") - 1).astype(np.int32)


def _any_of(cells: Iterable[str], wanted: Sequence[str]) -> Mask:
    return np.array([cell in wanted for cell in cells], dtype=np.bool_)


def _fitting_raters(whole: Whole, question: Question) -> Mask:
    if strangers := set(question.raters) - set(whole.raters):
        raise QuestionError(f"Nobody called {min(strangers)[:40]!r} judged here. Leave the name out.")
    if not question.raters:
        return np.ones(len(whole.raters), dtype=np.bool_)
    return _any_of(whole.raters, question.raters)


def distinct(codes: Ints) -> int:
    """How many different codes there are."""
    return int((np.bincount(codes) > 0).sum()) if len(codes) else 0
