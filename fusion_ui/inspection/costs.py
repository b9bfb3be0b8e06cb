"""What a run took, slot by slot, and what stopping early saved. Unknown is never zero.

What was saved is an estimate: draws that were not taken, at the mean price of those that were.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from fusion_ui.engine.values import Completion, Recipe
from fusion_ui.engine.view import RunView, SlotView, Spending, spending_of

N = TypeVar("N", int, float)


class Cost(NamedTuple):
    """What some calls took together; `unpriced` of them told no price."""

    calls: int
    input_tokens: int | None
    output_tokens: int | None
    cost_usd: float | None
    duration_ms: float | None
    unpriced: int


class SlotCost(NamedTuple):
    """What one draw took; None where it was recorded, and paid elsewhere, or where nothing is known of it."""

    slot: SlotView
    cost: Cost | None


class Saved(NamedTuple):
    """Draws that the recipe allowed and nobody had to take, and what they would have cost at the mean price."""

    draws: int
    mean_cost_usd: float | None

    @property
    def cost_usd(self) -> float | None:
        """The estimate; None where no draw told its price."""
        return None if self.mean_cost_usd is None else self.draws * self.mean_cost_usd


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """All of it."""

    slots: tuple[SlotCost, ...]
    judge: Cost | None
    fusor: Cost | None
    total: Spending
    saved: Saved | None


def costs_of(view: RunView) -> Costs:
    """What each part of the run took; judge and fusor are None where no model was asked."""
    judged = [judgement.completion for judgement in view.judgements if judgement.completion]
    fusion = view.fusion.fusion if view.recipe and view.recipe.fusor_kind == "model" else None
    return Costs(
        slots=tuple(SlotCost(slot, _slot_cost(slot)) for slot in view.slots),
        judge=cost_of(judged) if judged else None,
        fusor=cost_of([fusion.completion]) if fusion else None,
        total=spending_of(view),
        saved=_saved(view),
    )


def cost_of(calls: Iterable[Completion]) -> Cost:
    """What these calls took together, as far as they told."""
    made = list(calls)
    priced = [call.cost_usd for call in made if call.cost_usd is not None]
    return Cost(
        calls=len(made),
        input_tokens=_sum([call.input_tokens for call in made]),
        output_tokens=_sum([call.output_tokens for call in made]),
        cost_usd=sum(priced) if priced else None,
        duration_ms=_sum([call.duration_ms for call in made]),
        unpriced=len(made) - len(priced),
    )


def most_draws(recipe: Recipe) -> int:
    """How many draws a run may take at most."""
    cap, rule = recipe.limits.cap, recipe.stop
    return min(cap, int(rule.threshold)) if rule.name == "fixed" else cap


def _slot_cost(slot: SlotView) -> Cost | None:
    if slot.candidate is None or slot.is_recorded:
        return None
    return cost_of([slot.candidate.completion])


def _saved(view: RunView) -> Saved | None:
    """Nothing is saved by running out of candidates or of money."""
    if view.recipe is None or view.stop is None or view.stop.reason in ("exhausted", "budget"):
        return None
    draws = most_draws(view.recipe) - len(view.slots)
    paid = cost_of(slot.candidate.completion for slot in view.slots if slot.candidate and not slot.is_recorded)
    priced = paid.calls - paid.unpriced
    mean = paid.cost_usd / priced if paid.cost_usd is not None else None
    return Saved(draws, mean) if draws > 0 else None


def _sum(numbers: Iterable[N | None]) -> N | None:
    known = [number for number in numbers if number is not None]
    return sum(known) if known else None
