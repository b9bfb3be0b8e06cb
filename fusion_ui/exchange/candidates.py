"""Recorded candidates: JSONL lines `{prompt, reference?, candidates: [{member, text}]}`, or texts a person pasted."""

import re
from collections.abc import Iterable, Iterator
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from fusion_ui.engine.sampling import Recorded, clean
from fusion_ui.engine.values import Completion, FusionError, Prompt
from fusion_ui.exchange.texts import MOST_CHARACTERS, LineError, Text, parsed_line

MOST_CANDIDATES = 100
_SEPARATOR = re.compile(r"^[^\S\n]*-{3,}[^\S\n]*$", re.MULTILINE)


class CandidatesError(FusionError):
    """Recorded candidates that cannot be read; the message names the line and what is wrong with it."""


class _Candidate(BaseModel):
    model_config = ConfigDict(extra="ignore")
    member: Annotated[Text, Field(min_length=1, max_length=200)] = "recorded"
    text: Annotated[Text, Field(max_length=MOST_CHARACTERS)]


class _Line(BaseModel):
    model_config = ConfigDict(extra="ignore")
    prompt: Annotated[Text, Field(min_length=1, max_length=MOST_CHARACTERS)]
    reference: Text | None = None
    language: Text | None = None
    tags: tuple[Text, ...] = ()
    candidates: Annotated[list[_Candidate], Field(min_length=1, max_length=MOST_CANDIDATES)]


class RecordedPool(BaseModel):
    """One prompt with the candidates recorded for it, by position."""

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)
    prompt: Prompt
    recorded: dict[int, Recorded]


def read_pools(lines: Iterable[str], *, name: str) -> Iterator[RecordedPool]:
    """The pools of a JSONL file called `name`, one a line; blank lines do not count. Raises CandidatesError."""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _pool(line, f"{name}, line {number}")


def pasted_pool(prompt: Prompt, pasted: str) -> RecordedPool:
    """What a person pasted: texts set apart by lines of three or more dashes, or one JSONL line with its own prompt."""
    if pasted.lstrip().startswith('{"'):
        pools = list(read_pools(pasted.splitlines(), name="the pasted text"))
        if len(pools) > 1:
            raise CandidatesError(
                f"These are {len(pools)} prompts. Paste one line, or run the file on the command line."
            )
        return pools[0]
    texts = [text.strip() for text in _SEPARATOR.split(clean(pasted)) if text.strip()]
    if not texts:
        raise CandidatesError("There is no candidate: paste at least one text, and set them apart by lines of ---.")
    if len(texts) > MOST_CANDIDATES:
        raise CandidatesError(f"These are {len(texts)} candidates; at most {MOST_CANDIDATES} fit into one comparison.")
    return RecordedPool(prompt=prompt, recorded=_recorded(("pasted", text) for text in texts))


def _pool(line: str, place: str) -> RecordedPool:
    try:
        parsed = parsed_line(_Line, line)
    except LineError as error:
        raise CandidatesError(f"{place}: {error}") from None
    prompt = Prompt(text=parsed.prompt, reference=parsed.reference, language=parsed.language, tags=parsed.tags)
    return RecordedPool(prompt=prompt, recorded=_recorded((each.member, each.text) for each in parsed.candidates))


def _recorded(texts: Iterable[tuple[str, str]]) -> dict[int, Recorded]:
    return {
        position: Recorded(member=member, model="recorded", completion=Completion(text=text))
        for position, (member, text) in enumerate(texts, start=1)
    }
