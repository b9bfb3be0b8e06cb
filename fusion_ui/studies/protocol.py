"""A study as it is defined: what is compared, what is asked, of how many people, and what they may see and do.

The first rating freezes protocol and units: `definition_sha256` is what a report prints and an export names.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Literal

from fusion_ui.engine.values import FusionError

Role = Literal["single", "best", "fusion", "vote", "candidate"]
Contrast = tuple[Role, ...]
Task = Literal["pairwise", "ranking", "best-worst", "rubric"]
Phase = Literal["training", "main"]


class StudyError(FusionError):
    """A study that cannot be made or asked as wanted; the message says what, which and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One question of the rubric; `anchors` say what each value means, the lowest first: their number is the scale."""

    key: str
    label: str
    anchors: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Protocol:
    """What a study asks. `contrasts` are the roles of each unit: pairs, or all that are ranked or rated together.

    `overlap` people judge each unit; no `raters` means that anybody may. `repeats` is the share of units that a rater
    sees again; `lease_minutes` is how long a trial is kept for a rater who does not come back.
    """

    title: str
    task: Task = "pairwise"
    contrasts: tuple[Contrast, ...] = (("fusion", "best"),)
    criteria: tuple[Criterion, ...] = ()
    instructions: str = ""
    overlap: int = 1
    raters: tuple[str, ...] = ()
    is_blind: bool = True
    reveals: bool = False
    repeats: float = 0.05
    takes_reasons: bool = True
    reasons: tuple[str, ...] = ("correct", "complete", "clear", "concise", "well written", "follows the instruction")
    takes_confidence: bool = True
    takes_notes: bool = True
    takes_spans: bool = True
    skip_reasons: tuple[str, ...] = ("unclear", "outside my expertise", "broken output", "offensive", "other")
    masks_names: bool = False
    shows_reference: bool = False
    lease_minutes: int = 30
    fast_seconds: float = 3.0
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """An output as a study shows it. `text` is what raters see (names masked if the protocol says so)."""

    output_id: str
    role: Role
    text: str
    member: str = ""
    names: tuple[str, ...] = ()  # self-naming phrases found in the output's own text

    @property
    def text_sha256(self) -> str:
        """What tells whether a rater saw these very words."""
        return sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One thing to be judged: a prompt with the contenders of one contrast, in the order of the contrast.

    `gold` is the contender (by place) that should win, known for training and for checks; `is_identical` units are
    recorded and never shown. Nor is a unit shown whose texts an earlier one shows: `same_as` is the place of that one,
    and its judgements hold for both.
    """

    place: int
    run_id: str
    prompt: str
    contenders: tuple[Contender, ...]
    reference: str | None = None
    language: str | None = None
    phase: Phase = "main"
    gold: int | None = None
    feedback: str = ""  # said after a training trial
    is_identical: bool = False
    same_as: int | None = None

    @property
    def contrast(self) -> Contrast:
        """The roles that it sets against each other."""
        return tuple(contender.role for contender in self.contenders)

    @property
    def is_shown(self) -> bool:
        """Whether raters are asked about it."""
        return not self.is_identical and self.same_as is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """A study as stored."""

    id: str
    protocol: Protocol
    units: tuple[Unit, ...]
    created_at: str
    version: int = 1
    supersedes: str | None = None


def definition_sha256(protocol: Protocol, units: Sequence[Unit]) -> str:
    """The hash of everything that decides what raters are asked."""
    content = {"protocol": asdict(protocol), "units": [asdict(unit) for unit in units]}
    return sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
