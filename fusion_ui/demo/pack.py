"""The demo pack: prompts written for this project, each with the texts that three scripted members may say to it.

Which text a draw gets is decided here; whatever comes after sampling (tally, pick, fusion) is left to the true
pipeline. The texts are in `prompts/`, one TOML file an example, in the order in which they are offered.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from math import inf
from random import Random
from typing import Any

from fusion_ui.demo.reviewing import review
from fusion_ui.engine.sampling import Request
from fusion_ui.engine.values import Failure, FusionError, Member, Prompt

# The golden ratio to the power of -4. Its multiples by 2 to 5, the distances at which a member's turn comes round
# again, all lie at least 0.27 from a whole number: texts of a smaller share do not repeat within five draws.
_STEP = 0.145898
_TEMPO_SPREAD = 0.15

_UNKNOWN_PROMPT = (
    "The scripted demo members only know the example prompts, word for word. "
    "Choose an example, or add a real model to fusion_ui.toml to ask anything."
)
_NO_JUDGE = (
    "Scripted demo members cannot judge or fuse: nothing after sampling is scripted. "
    "Choose the selector 'vote' or 'consensus' and the extractive fusor, or add a real model to fusion_ui.toml."
)


class PackError(FusionError):
    """A file of the demo pack cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scripted:
    """What a member says to one draw, or how it fails; `weight` is the text's share of its member's draws."""

    text: str = ""
    thought: str = ""
    note: str = ""
    weight: float = 1.0
    first_token_ms: float = 0.0
    tokens_per_second: float | None = None
    failure: Failure | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A prompt of the pack: a short title, one sentence on what to watch for, and the pool of each scripted model."""

    id: str
    title: str
    note: str
    prompt: Prompt
    pools: Mapping[str, tuple[Scripted, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPack:
    """The scripted members and the examples they know."""

    members: tuple[Member, ...]
    examples: tuple[Example, ...]

    def example_of(self, prompt_text: str) -> Example | None:
        """The example with this prompt, whatever its white space; None for any other prompt."""
        words = prompt_text.split()
        return next((example for example in self.examples if example.prompt.text.split() == words), None)

    def choose(self, request: Request) -> Scripted:
        """What the member says to this request: always the same for the same seed, position, member and prompt.

        Each text has exactly its share by weight. The draws of one run, whose seeds count up with their positions,
        spread over a member's texts instead of repeating one of them.
        """
        if request.purpose == "check":
            return Scripted(text=f"{request.member.name} is ready. It is scripted and knows the example prompts only.")
        if request.purpose not in ("candidate", "flaws"):
            return _unable(_NO_JUDGE)
        example = self.example_of(request.prompt_text)
        if example and request.purpose == "flaws":
            return Scripted(text=review(example.prompt, request))
        pool = example.pools.get(request.member.model) if example else None
        return _drawn(pool, request) if pool else _unable(_UNKNOWN_PROMPT)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Voice:
    member: Member
    first_token_ms: float
    tokens_per_second: float


_VOICES = {
    "quick": _Voice(member=Member(name="Quick", model="scripted/quick"), first_token_ms=300, tokens_per_second=80),
    "careful": _Voice(
        member=Member(name="Careful", model="scripted/careful"), first_token_ms=700, tokens_per_second=90
    ),
    "plain": _Voice(member=Member(name="Plain", model="scripted/plain"), first_token_ms=500, tokens_per_second=65),
}


def load_pack() -> DemoPack:
    """The pack as it comes with the program."""
    folder = files("fusion_ui.demo").joinpath("prompts")
    sources = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
    return DemoPack(
        members=tuple(voice.member for voice in _VOICES.values()),
        examples=tuple(parse_example(file.read_text(encoding="utf-8"), source=file.name) for file in sources),
    )


def parse_example(text: str, *, source: str) -> Example:
    """The example written in one TOML file; `source` names it in errors."""
    try:
        return _example(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise PackError(
            f"The demo prompt {source} cannot be read ({error!r}). Compare it with its neighbours."
        ) from error


def _example(table: dict[str, Any]) -> Example:
    pools: dict[str, tuple[Scripted, ...]] = {}
    for entry in table["reply"]:
        voice = _VOICES[entry.pop("by")]
        reply = _scripted(entry, voice=voice, pace=table.get("pace", 1.0))
        pools[voice.member.model] = (*pools.get(voice.member.model, ()), reply)
    return Example(
        id=table["id"],
        title=table["title"],
        note=table["note"],
        prompt=Prompt(
            text=table["text"].strip(),
            reference=table.get("reference"),
            language=table["language"],
            tags=tuple(table["tags"]),
        ),
        pools=pools,
    )


def _scripted(entry: dict[str, Any], *, voice: _Voice, pace: float) -> Scripted:
    """`pace` slows a script without spaces down, whose six-letter tokens hold far more than a model's do."""
    failure = entry.pop("failure", None)
    reply = Scripted(
        first_token_ms=entry.pop("first_token_ms", voice.first_token_ms),
        tokens_per_second=voice.tokens_per_second * pace,
        failure=Failure(stage="sampling", **failure) if failure else None,
        text=entry.pop("text").strip(),
        **entry,
    )
    if not 0 < reply.weight < inf:
        raise ValueError(f"weight {reply.weight} is not a positive number")
    return reply


def _drawn(pool: tuple[Scripted, ...], request: Request) -> Scripted:
    """A weighted systematic draw: one random start for a run and a step for each position."""
    start = Random(f"{request.seed - request.position} {request.member.name!r} {request.prompt_text!r}").random()
    mark = (start + _STEP * request.position) % 1 * sum(reply.weight for reply in pool)
    chosen = pool[-1]
    for reply in pool:
        mark -= reply.weight
        if mark < 0:
            chosen = reply
            break
    spread = Random(f"{request.seed} {request.member.name!r}").uniform(1 - _TEMPO_SPREAD, 1 + _TEMPO_SPREAD)
    return replace(chosen, tokens_per_second=(chosen.tokens_per_second or 0) * spread)


def _unable(message: str) -> Scripted:
    return Scripted(failure=Failure(stage="sampling", kind="request", message=message))
