"""The words of the engine as frozen values: what is asked, by which recipe, and what came of it.

No ids, no clock, no chance and no I/O live here; `tally` counting, evidence and text work have modules of their own.
Positions are 1-based and are the order in which draws were asked for.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from fusion_ui.engine.ledger import CopiedText, Ledger

RuleName = Literal["bayes", "asc", "certificate", "fixed"]
StopReason = Literal["evidence", "certificate", "budget", "cap", "exhausted", "user"]
SelectorName = Literal["judge-pairs", "judge-scores", "consensus", "vote"]
FusorKind = Literal["model", "extractive", "none"]
Stage = Literal["sampling", "judging", "selecting", "fusing"]
Ended = Literal["completed", "stopped", "failed", "interrupted"]
FailureKind = Literal[
    "key", "quota", "context", "policy", "model", "rate", "timeout", "network", "denied",
    "request", "empty", "malformed", "server", "budget", "cancelled", "interrupted", "unknown",
]  # fmt: skip


class FusionError(Exception):
    """The root of every error this project raises on purpose; its message says what, which one and what to do."""


class MissingError(FusionError):
    """Something was asked for that is not there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """A question put to the models; `reference` is its gold answer where one is known."""

    text: str
    reference: str | None = None
    language: str | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One model of the ensemble; `weight` is its share of the draws before normalisation.

    `api_key_env` names an environment variable; a key itself is never part of a member.
    """

    name: str
    model: str
    weight: float = 1.0
    api_base: str | None = None
    api_key_env: str | None = None
    temperature: float | None = 0.7
    max_tokens: int | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class StopRule:
    """When enough is sampled: `bayes` stops at a Bayes factor, `asc` at a Beta probability, `certificate` at an error
    level delta, `fixed` never looks. `minimum` votes are always taken (Best-of-infinity with B < 5 would stop at one).
    """

    name: RuleName = "bayes"
    threshold: float = 30.0
    minimum: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Per-run ceilings: draws, draws open at once, tokens (in and out), money and wall-clock seconds; None = none.

    `cap_unanswered` ends an adaptive run whose first draws hold no answer: more of them would settle nothing
    (5 is the N of FusioN, arXiv 2510.00931).
    """

    cap: int = 16
    cap_unanswered: int = 5
    parallelism: int = 8
    tokens: int | None = None
    cost_usd: float | None = None
    seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """All that decides how a run goes. No members means that only recorded candidates take part.

    `system` is sent to the members before the prompt; the judge and the fusor have words of their own.
    """

    members: tuple[Member, ...]
    system: str = ""
    stop: StopRule = StopRule()
    limits: Limits = Limits()
    selector: SelectorName = "vote"
    judge: Member | None = None
    fusor_kind: FusorKind = "extractive"
    fusor: Member | None = None
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """One text from a model. Unknown usage is None, never 0; `finish_reason` is `unconfirmed` when the stream ended
    without the model saying so.
    """

    text: str
    thought: str = ""
    finish_reason: str = "stop"
    input_tokens: int | None = None
    output_tokens: int | None = None
    cost_usd: float | None = None
    duration_ms: float | None = None
    first_token_ms: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Something technical that went wrong, in plain words; `text` is what had arrived before it did."""

    stage: Stage
    kind: FailureKind
    message: str
    text: str = ""
    is_retryable: bool = False
    duration_ms: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
    """The answer found in a text: its normalised key, the characters it was read from and how it was found."""

    answer: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A sampled or recorded completion with its position; `answer` is the key it votes with (None = none found).

    `answer` may be the key of an equivalent answer seen earlier; `start`/`end` say where in the text it was read.
    """

    position: int
    member: str
    completion: Completion
    answer: str | None = None
    answer_start: int | None = None
    answer_end: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """The votes for one answer: who cast them, and their number (`weight` equals it unless votes are weighted)."""

    answer: str
    positions: tuple[int, ...]
    weight: float

    @property
    def count(self) -> int:
        """Number of votes."""
        return len(self.positions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Votes by answer, most votes first (ties: the answer asked for first); `unanswered` had no answer in them."""

    counts: tuple[Count, ...] = ()
    unanswered: tuple[int, ...] = ()

    @property
    def votes(self) -> int:
        """Number of votes cast; draws without an answer are not votes."""
        return sum(count.count for count in self.counts)

    @property
    def draws(self) -> int:
        """Number of finished draws, with or without an answer."""
        return self.votes + len(self.unanswered)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """How settled the vote is: Pr[the leader is the pool's mode], never the chance of being right.

    `bayes_factor` and `probability` follow Best-of-infinity (arXiv 2509.21091, Algorithm 1); `level` is the number
    the run's own rule compares with its threshold (None where it has none to compare).
    """

    probability: float
    bayes_factor: float
    distinct: int
    draws: int
    level: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """One reply of the judge: a pair as shown (`winner` is a position, None = tie or unreadable), or one score."""

    shown: tuple[int, ...]
    winner: int | None = None
    score: float | None = None
    reason: str = ""
    is_readable: bool = True
    completion: Completion | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A selector's score of one candidate; None means that no verdict could be read, which is not zero."""

    position: int
    value: float | None
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which candidate Best-of-N picked, by which selector (the one that really decided) and with which scores."""

    position: int
    selector: SelectorName
    scores: tuple[Score, ...]
    reason: str = ""
    flips: int = 0
    is_tied: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Fusion:
    """The fusor's answer with the candidates it was shown, in the order it saw them, and where its text comes from."""

    fusor: str
    prompt_version: str
    completion: Completion
    text: str
    comparison: str = ""
    order: tuple[int, ...] = ()
    copied: tuple[CopiedText, ...] = ()
    ledger: Ledger = Ledger()
    answer: str | None = None
    contradicts_vote: bool = False
    warning: str = ""
