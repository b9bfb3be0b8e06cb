"""The options by which commands choose how a run goes."""

from typing import Annotated

import typer

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
