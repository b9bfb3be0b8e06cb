"""`python -m fusion_ui import FILE…`: what others recorded, brought in; first told, then stored."""

import asyncio
import json
from pathlib import Path
from typing import Annotated

import typer

from fusion_ui.cli.speech import ConfigOption, DbOption, opened, plain_refusals, tell
from fusion_ui.exchange.entries import RecordedFile
from fusion_ui.exchange.sniffing import FORMATS
from fusion_ui.imports.importer import AUTO, Import
from fusion_ui.imports.understood import Brought, Understood, told
from fusion_ui.services import Services

_RUNS_A_LINE = 20


def bring_in(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="JSON, JSONL, CSV or Parquet.")],
    format_: Annotated[
        str, typer.Option("--format", help=f"{AUTO} (told by the content), or {', '.join(FORMATS)}.")
    ] = AUTO,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what the files hold, and store nothing.")] = False,
    title: Annotated[str, typer.Option(help="What the study of imported judgements is called.")] = "",
    judge: Annotated[
        str, typer.Option(help="The rater who is a model: named so in the file, or behind lines that name nobody.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as one JSON object.")] = False,
    db: DbOption = None,
    config: ConfigOption = None,
) -> None:
    """Bring in candidates, votes, recorded answers, or what another copy of this app exported."""
    wanted = Import(
        files=tuple(RecordedFile(path=file, name=str(file)) for file in dict.fromkeys(files)),
        format=format_,
        title=title,
        judge=judge,
    )
    with plain_refusals():  # before there is a database
        for file in wanted.files:
            file.head()
    with opened(db, config) as services:
        if dry_run:
            understood = services.imports.understand(wanted)
            _say(understood)
            typer.echo(json.dumps(told(understood), ensure_ascii=False) if as_json else understood.words)
        else:
            brought = asyncio.run(_brought(services, wanted))
            _say(brought.understood)
            typer.echo(json.dumps(told(brought), ensure_ascii=False) if as_json else _in_words(brought))


async def _brought(services: Services, wanted: Import) -> Brought:
    try:
        return await services.imports.bring(wanted, on_run=_progress)
    finally:
        await services.close()


def _progress(number: int) -> None:
    if number % _RUNS_A_LINE == 0:
        tell(f"{number:,} runs stored")


def _say(understood: Understood) -> None:
    """Names the bad lines on stderr."""
    for problem in understood.problems:
        tell(f"{problem.file}, line {problem.line}: {problem.message}")
    if understood.problem_count > len(understood.problems):
        tell(f"{understood.problem_count - len(understood.problems):,} more lines like these")


def _in_words(brought: Brought) -> str:
    made = [*(f"Study {study_id}" for study_id in brought.studies), *(f"Run {run_id}" for run_id in brought.runs)]
    return "\n".join([brought.understood.words, brought.words, *made])
