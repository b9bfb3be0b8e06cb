"""The options by which commands choose how a run goes, and the choices that they make."""

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from fusion_ui.recipes import Choices, parse_weights

MemberOption = Annotated[list[str] | None, typer.Option(help="A member to ask; may be given several times.")]
DrawsOption = Annotated[int | None, typer.Option(min=1, max=100, help="At most this many draws a prompt.")]
PresetOption = Annotated[
    str | None, typer.Option(help="When to stop: quick, balanced, careful, asc, certificate or fixed.")
]
SelectorOption = Annotated[str | None, typer.Option(help="vote, consensus, judge-pairs or judge-scores.")]
FusorOption = Annotated[str | None, typer.Option(help="A member's name, extractive or none.")]
JudgeOption = Annotated[str | None, typer.Option(help="The member that judges.")]
WeightsOption = Annotated[str | None, typer.Option(help="Weights of the members, such as gpt=0.7,llama=0.3.")]
SpeedOption = Annotated[float | None, typer.Option(min=0, help="0 makes scripted members instant.")]


def choices_of(*, member: Sequence[str] | None, weights: str | None, **others: Any) -> Choices:
    """The choices made by these options; `others` have their names there. Raises ChoiceError."""
    return Choices(members=tuple(member) if member else None, weights=parse_weights(weights or ""), **others)
