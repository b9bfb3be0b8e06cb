"""What a run has spent on candidates, judge and fusor together, and whether it may spend more."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from fusion_ui.engine.values import Completion, Failure, Limits, Stage


class Purse:
    """Counts tokens and money against the limits; unknown prices count as nothing, unknown tokens too."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._tokens = 0
        self._cost_usd = 0.0
        self._calls = 0
        self._open: set[object] = set()

    def spend(self, completion: Completion) -> None:
        """Book a completed call."""
        self._calls += 1
        self._tokens += (completion.input_tokens or 0) + (completion.output_tokens or 0)
        self._cost_usd += completion.cost_usd or 0.0

    @contextmanager
    def open_call(self) -> Iterator[None]:
        """Reserve the mean price so far for a call while it is under way."""
        release = self.reserve()
        try:
            yield
        finally:
            release()

    def reserve(self) -> Callable[[], None]:
        """Reserve the mean price so far for one call, until what this gives back is called, once or more often."""
        call = object()
        self._open.add(call)
        return lambda: self._open.discard(call)

    def affords_another(self) -> bool:
        """Whether one more call of the mean size so far fits beside the open ones."""
        return not self.is_over(len(self._open) + 1)

    def is_over(self, calls_more: int = 0) -> bool:
        """Whether a limit is passed once `calls_more` calls of the mean size so far have been paid."""
        scale = 1 + calls_more / self._calls if self._calls else 1.0
        tokens, cost_usd = self._limits.tokens, self._limits.cost_usd
        return (tokens is not None and self._tokens * scale > tokens) or (
            cost_usd is not None and self._cost_usd * scale > cost_usd
        )

    def refusal(self, stage: Stage) -> Failure:
        """Why a stage is left out, in plain words."""
        spent = f"{self._tokens} tokens and ${self._cost_usd:.4f}"
        return Failure(
            stage=stage,
            kind="budget",
            message=f"Left out: the run's budget is used up ({spent}). Raise the limit and compare again.",
        )
