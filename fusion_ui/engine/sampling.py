"""The one seam to models: a `Sampler` turns a `Request` into a stream that ends in a completion or a failure.

Candidates, judge and fusor all come through here. How a vendor is reached lives in `fusion_ui.providers`.
"""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from fusion_ui.engine.events import Channel
from fusion_ui.engine.values import Completion, Failure, Member

Role = Literal["system", "user", "assistant"]
Purpose = Literal["candidate", "judge", "fusor", "check"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One turn of the conversation sent to a model."""

    role: Role
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is asked of one member. `prompt_text` is the bare prompt; `messages` is what the model reads.

    `position` names the draw for candidates. `is_streamed` False allows a sampler to fetch the reply whole (judges).
    """

    member: Member
    messages: tuple[Message, ...]
    purpose: Purpose = "candidate"
    prompt_text: str = ""
    position: int = 0
    seed: int = 0
    temperature: float | None = None
    max_tokens: int | None = None
    is_streamed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Delta:
    """A piece of a reply as it arrives, its thinking, or a note in plain words on what is being waited for."""

    text: str
    channel: Channel = "text"


Reply: TypeAlias = Delta | Completion | Failure


class Sampler(Protocol):
    """Any number of `Delta`s, then exactly one `Completion` or `Failure`; raises nothing but cancellation.

    Closing the generator early closes the connection behind it. The text deltas of a completed reply add up
    to its text.
    """

    def sample(self, request: Request) -> AsyncGenerator[Reply, None]:
        """Stream the reply to one request."""
        ...
