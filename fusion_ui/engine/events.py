"""The event stream of a run: the one spine that the screen, the disk and the command line read.

Laws (each a test): RunStarted comes first, RunFinished once and last; a position starts once and ends at most once;
no sampling event follows SamplingStopped; deltas are advance notice, the finished values are the truth.
Events hold no ids and no clock, so a stored run replays to the same view.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

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
    StopReason,
    Tally,
)

Channel = Literal["text", "thought", "note"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStarted:
    """The run begins: everything that decides it."""

    prompt: Prompt
    recipe: Recipe


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateStarted:
    """A draw is asked for; `seed` is what the model was handed."""

    position: int
    member: str
    model: str
    seed: int
    is_recorded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateDelta:
    """More of a candidate's text, of its thinking, or a note on what is being waited for."""

    position: int
    text: str
    channel: Channel = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateFinished:
    """A draw is complete and may vote."""

    candidate: Candidate


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateFailed:
    """A draw is lost; the others go on."""

    position: int
    failure: Failure


@dataclass(frozen=True, slots=True, kw_only=True)
class TallyChanged:
    """The vote over all draws up to the first one still open, in order of asking."""

    tally: Tally
    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplingStopped:
    """No further draw is asked for; `draws` finished, `cancelled` were still open."""

    reason: StopReason
    draws: int
    cancelled: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgementMade:
    """The judge replied once."""

    judgement: Judgement


@dataclass(frozen=True, slots=True, kw_only=True)
class BestSelected:
    """Best-of-N has picked."""

    selection: Selection


@dataclass(frozen=True, slots=True, kw_only=True)
class FusionStarted:
    """The fusor begins to write from the candidates in `order` (the order it sees them in)."""

    fusor: str
    model: str
    order: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FusionDelta:
    """More of the fused answer (`text`), of the comparison before it (`thought`), or a note."""

    text: str
    channel: Channel = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class FusionFinished:
    """The fused answer is complete."""

    fusion: Fusion


@dataclass(frozen=True, slots=True, kw_only=True)
class StageFailed:
    """Judging, selecting or fusing did not work out; what came before stands."""

    failure: Failure


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFinished:
    """The run is over."""

    ended: Ended


Event: TypeAlias = (
    RunStarted
    | CandidateStarted
    | CandidateDelta
    | CandidateFinished
    | CandidateFailed
    | TallyChanged
    | SamplingStopped
    | JudgementMade
    | BestSelected
    | FusionStarted
    | FusionDelta
    | FusionFinished
    | StageFailed
    | RunFinished
)
