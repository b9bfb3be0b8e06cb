"""Prompt sets in: JSON lines `{prompt, reference?, language?, tags?}`, or plain text, one prompt a line."""

from collections.abc import Iterable
from typing import Annotated

from pydantic import AliasChoices, BaseModel, ConfigDict, Field

from fusion_ui.engine.sampling import clean
from fusion_ui.engine.values import FusionError, Prompt
from fusion_ui.exchange.texts import LineError, Text, parsed_line

MOST_PROMPT_CHARACTERS = 200_000
_MOST_TOLD = 5


class PromptLinesError(FusionError):
    """A file of prompts that cannot be used as it is; the message names its lines."""


class _Line(BaseModel):
    model_config = ConfigDict(extra="ignore")
    prompt: Annotated[
        Text,
        Field(
            min_length=1,
            max_length=MOST_PROMPT_CHARACTERS,
            validation_alias=AliasChoices("prompt", "text", "question", "instruction"),
        ),
    ]
    reference: Annotated[Text | None, Field(validation_alias=AliasChoices("reference", "gold", "answer", "target"))] = (
        None
    )
    language: Text | None = None
    tags: tuple[Text, ...] = ()


def read_prompts(lines: Iterable[str], *, name: str) -> tuple[Prompt, ...]:
    """The prompts of a file called `name`; blank lines do not count.

    Raises PromptLinesError for the whole file if any line is wrong: nothing is to be paid before all is understood.
    """
    prompts: list[Prompt] = []
    wrong: list[str] = []
    for number, line in enumerate(lines, start=1):
        if text := clean(line).strip().strip("\ufeff").strip():
            try:
                prompts.append(_prompt(text))
            except LineError as error:
                wrong.append(f"line {number}: {error}")
    if wrong:
        more = f"\nand {len(wrong) - _MOST_TOLD:,} more" if len(wrong) > _MOST_TOLD else ""
        raise PromptLinesError(f"{name} has lines that cannot be used.\n" + "\n".join(wrong[:_MOST_TOLD]) + more)
    if not prompts:
        raise PromptLinesError(f'{name} has no prompt. Write one a line, as text or as {{"prompt": "…"}}.')
    return tuple(prompts)


def _prompt(text: str) -> Prompt:
    if not text.startswith(("{", "[")):
        if len(text) > MOST_PROMPT_CHARACTERS:
            raise LineError(f"has {len(text):,} characters; at most {MOST_PROMPT_CHARACTERS:,} are taken.")
        return Prompt(text=text)
    parsed = parsed_line(_Line, text)
    if not parsed.prompt.strip():
        raise LineError("the prompt is blank.")
    return Prompt(
        text=parsed.prompt.strip(), reference=parsed.reference, language=parsed.language, tags=tuple(parsed.tags)
    )
