"""The one seam to models: a `Sampler` turns a `Request` into a stream that ends in a completion or a failure.

Candidates, judge and fusor all come through here. How a vendor is reached lives in `fusion_ui.providers`.
"""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from fusion_ui.engine.events import Channel
from fusion_ui.engine.values import Completion, Failure, Member

Role = Literal["system", "user", "assistant"]
Purpose = Literal["candidate", "judge", "fusor", "flaws", "check"]


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A completion that is there already: pasted, imported, or kept from an earlier run. It is replayed, not paid."""

    member: str
    model: str
    completion: Completion


Reply: TypeAlias = Delta | Completion | Failure


class Sampler(Protocol):
    """Any number of `Delta`s, then exactly one `Completion` or `Failure`; raises nothing but cancellation.

    Closing the generator early closes the connection behind it. The text deltas of a completed reply add up
    to its text.
    """

    def sample(self, request: Request) -> AsyncGenerator[Reply, None]:
        """Stream the reply to one request."""
        ...


def clean(text: str) -> str:
    """The text with surrogate halves joined, lone ones replaced and NUL dropped, so that it can be sent and stored."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "")


async def reply_of(
    sampler: Sampler, request: Request, on_delta: Callable[[Delta], None] = lambda _delta: None
) -> Completion | Failure:
    """The end of the reply to one request; deltas go to `on_delta` on the way.

    This is the border to foreign code: whatever a sampler raises becomes a failure, so one draw never sinks a run.
    """
    try:
        async with aclosing(sampler.sample(request)) as replies:
            async for reply in replies:
                if not isinstance(reply, Delta):
                    return reply
                on_delta(reply)
    except Exception as error:  # noqa: BLE001 - the sampling border, see above
        return Failure(stage="sampling", kind="unknown", message=f"The sampler broke: {type(error).__name__}.")
    return Failure(stage="sampling", kind="empty", message="The model's reply ended without a result.")
