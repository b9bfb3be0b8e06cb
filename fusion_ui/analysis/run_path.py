"""The vote of a finished run, told again draw by draw: in the order of asking, or with the same draws shuffled."""

from dataclasses import dataclass
from random import Random

from fusion_ui.analysis.path import Drawn, Step, path_of, stop_of
from fusion_ui.engine.values import StopRule
from fusion_ui.engine.view import RunView, SlotView

MOST_ORDERS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPath:
    """How the evidence of a run grew in one order of its draws.

    `draws` are those that ended, the failed ones among them; `steps` are the others, as a failure neither votes nor
    counts. `stopped_at` is the step at which the run's own rule is content in this order, None where it never is.
    """

    order: int
    rule: StopRule
    draws: tuple[SlotView, ...]
    steps: tuple[Step, ...]
    stopped_at: int | None


def run_path(view: RunView, *, order: int = 0) -> RunPath:
    """The path in this order: 0 is as asked, any other number is a shuffle of the same draws, the same each time."""
    draws = [slot for slot in view.slots if slot.state in ("finished", "failed")]
    recipe = view.recipe
    if order:
        Random(f"{recipe.seed if recipe else 0} {order}").shuffle(draws)
    steps = path_of(
        [
            Drawn(answer=done.answer, member=done.member, tokens=done.completion.output_tokens)
            for slot in draws
            if (done := slot.candidate) is not None
        ]
    )
    rule = recipe.stop if recipe else StopRule()
    return RunPath(order=order, rule=rule, draws=tuple(draws), steps=steps, stopped_at=stop_of(steps, rule))
