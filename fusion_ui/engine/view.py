"""What a run looks like so far: events folded into one value, the same live and replayed from the store."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple, assert_never

from fusion_ui.engine.events import (
    BestSelected,
    CandidateDelta,
    CandidateFailed,
    CandidateFinished,
    CandidateStarted,
    Event,
    FusionDelta,
    FusionFinished,
    FusionStarted,
    JudgementMade,
    RunFinished,
    RunStarted,
    SamplingStopped,
    StageFailed,
    TallyChanged,
)
from fusion_ui.engine.values import (
    Candidate,
    Ended,
    Evidence,
    Failure,
    Fusion,
    Judgement,
    Prompt,
    Recipe,
    Selection,
    Tally,
)

SlotState = Literal["open", "finished", "failed", "cancelled"]
FusionState = Literal["waiting", "writing", "finished", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotView:
    """One draw as it stands; `note` says what is being waited for while it is open."""

    position: int
    member: str
    model: str
    is_recorded: bool = False
    state: SlotState = "open"
    text: str = ""
    thought: str = ""
    note: str = ""
    candidate: Candidate | None = None
    failure: Failure | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FusionView:
    """The fused answer as it stands; `thought` is the comparison while it is being written."""

    state: FusionState = "waiting"
    fusor: str = ""
    model: str = ""
    order: tuple[int, ...] = ()
    text: str = ""
    thought: str = ""
    note: str = ""
    fusion: Fusion | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunView:
    """Everything a reader can know of a run. `path` holds the evidence after each counted draw, in order of asking."""

    prompt: Prompt | None = None
    recipe: Recipe | None = None
    slots: tuple[SlotView, ...] = ()
    tally: Tally = Tally()
    evidence: Evidence | None = None
    path: tuple[Evidence, ...] = ()
    stop: SamplingStopped | None = None
    judgements: tuple[Judgement, ...] = ()
    selection: Selection | None = None
    fusion: FusionView = FusionView()
    failures: tuple[Failure, ...] = ()
    ended: Ended | None = None

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """The finished candidates by position."""
        return tuple(slot.candidate for slot in self.slots if slot.candidate is not None)


class Spending(NamedTuple):
    """What calls took; None where no call told, and `has_unknown_cost` where some did not."""

    input_tokens: int | None
    output_tokens: int | None
    cost_usd: float | None
    has_unknown_cost: bool


def spending_of(view: RunView) -> Spending:
    """What this run's candidates, judge and fusor took together; recorded candidates were paid for elsewhere."""
    calls = [slot.candidate.completion for slot in view.slots if slot.candidate and not slot.is_recorded]
    calls += [judgement.completion for judgement in view.judgements if judgement.completion]
    calls += [view.fusion.fusion.completion] if view.fusion.fusion else []
    costs = [call.cost_usd for call in calls if call.cost_usd is not None]
    return Spending(
        input_tokens=_sum(call.input_tokens for call in calls),
        output_tokens=_sum(call.output_tokens for call in calls),
        cost_usd=sum(costs) if costs else None,
        has_unknown_cost=len(costs) < len(calls),
    )


def _sum(counts: Iterable[int | None]) -> int | None:
    known = [count for count in counts if count is not None]
    return sum(known) if known else None


def fold(view: RunView, event: Event) -> RunView:  # noqa: C901 - one case an event is one decision
    """The view after one more event. Total: an event for an unknown or closed position changes nothing."""
    match event:
        case RunStarted(prompt=prompt, recipe=recipe):
            return RunView(prompt=prompt, recipe=recipe)
        case CandidateStarted() | CandidateDelta() | CandidateFinished() | CandidateFailed():
            return replace(view, slots=_slots_after(view.slots, event))
        case TallyChanged(tally=tally, evidence=evidence):
            return replace(view, tally=tally, evidence=evidence, path=(*view.path, evidence))
        case SamplingStopped():
            return replace(view, stop=event, slots=_closed(view.slots))
        case JudgementMade(judgement=judgement):
            return replace(view, judgements=(*view.judgements, judgement))
        case BestSelected(selection=selection):
            return replace(view, selection=selection)
        case FusionStarted() | FusionDelta() | FusionFinished():
            return replace(view, fusion=_fusion_after(view.fusion, event))
        case StageFailed(failure=failure):
            return replace(view, failures=(*view.failures, failure), fusion=_fusion_without(view.fusion, failure))
        case RunFinished(ended=ended):
            return replace(view, ended=ended, slots=_closed(view.slots))
        case _:
            assert_never(event)


def _slots_after(
    slots: tuple[SlotView, ...], event: CandidateStarted | CandidateDelta | CandidateFinished | CandidateFailed
) -> tuple[SlotView, ...]:
    if isinstance(event, CandidateStarted):
        if any(slot.position == event.position for slot in slots):
            return slots
        opened = SlotView(
            position=event.position, member=event.member, model=event.model, is_recorded=event.is_recorded
        )
        return tuple(sorted((*slots, opened), key=lambda slot: slot.position))
    position = event.candidate.position if isinstance(event, CandidateFinished) else event.position
    return tuple(
        _slot_after(slot, event) if slot.position == position and slot.state == "open" else slot for slot in slots
    )


def _slot_after(slot: SlotView, event: CandidateDelta | CandidateFinished | CandidateFailed) -> SlotView:
    match event:
        case CandidateDelta(channel="text", text=text):
            return replace(slot, text=slot.text + text, note="")
        case CandidateDelta(channel="thought", text=text):
            return replace(slot, thought=slot.thought + text, note="")
        case CandidateDelta(text=text):
            return replace(slot, note=text)
        case CandidateFinished(candidate=candidate):
            done = candidate.completion
            return replace(slot, state="finished", candidate=candidate, text=done.text, thought=done.thought, note="")
        case CandidateFailed(failure=failure):
            return replace(slot, state="failed", failure=failure, text=failure.text, thought="", note="")
        case _:
            assert_never(event)


def _closed(slots: tuple[SlotView, ...]) -> tuple[SlotView, ...]:
    # What a cancelled draw had said so far is dropped: it is not stored, and a replay must look the same.
    return tuple(
        replace(slot, state="cancelled", text="", thought="", note="") if slot.state == "open" else slot
        for slot in slots
    )


def _fusion_without(fusion: FusionView, failure: Failure) -> FusionView:
    # Half a fusion is not shown as one, live or replayed; what there was of it stays in the failure.
    return replace(fusion, state="failed", text="", thought="", note="") if failure.stage == "fusing" else fusion


def _fusion_after(fusion: FusionView, event: FusionStarted | FusionDelta | FusionFinished) -> FusionView:
    match event:
        case FusionStarted(fusor=fusor, model=model, order=order):
            return FusionView(state="writing", fusor=fusor, model=model, order=order)
        case FusionDelta(channel="text", text=text):
            return replace(fusion, text=fusion.text + text, note="")
        case FusionDelta(channel="thought", text=text):
            return replace(fusion, thought=fusion.thought + text, note="")
        case FusionDelta(text=text):
            return replace(fusion, note=text)
        case FusionFinished(fusion=finished):
            return replace(
                fusion, state="finished", text=finished.text, thought=finished.comparison, note="", fusion=finished
            )
        case _:
            assert_never(event)
