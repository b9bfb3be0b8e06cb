"""`python -m fusion_ui batch`: a file of prompts through one recipe, taken up where it was left."""

import asyncio
import json
import sys
import tomllib
from collections import Counter
from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import fields, replace
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import TypeAdapter, ValidationError

from fusion_ui.batch import Batch, Ended
from fusion_ui.cli.choosing import (
    DrawsOption,
    FusorOption,
    JudgeOption,
    MemberOption,
    PresetOption,
    SelectorOption,
    SpeedOption,
    WeightsOption,
    choices_of,
)
from fusion_ui.cli.speech import ConfigOption, DbOption, plain_refusals, quit_with, reading, tell
from fusion_ui.composition import composed
from fusion_ui.engine.values import Prompt, Recipe
from fusion_ui.exchange.prompt_lines import read_prompts
from fusion_ui.exchange.texts import first_problem
from fusion_ui.recipes import ChoiceError, Choices
from fusion_ui.report import report
from fusion_ui.services import Services
from fusion_ui.settings import Settings, load_settings

_CHOICES = TypeAdapter(Choices)
_RUN_ID = 26  # characters


def batch(
    file: Annotated[Path, typer.Argument(metavar="PROMPTS", help="JSON lines with a prompt each, or plain lines.")],
    recipe: Annotated[
        str | None,
        typer.Option(metavar="FILE|RUN", help="Choices as .toml or .json (members, n, preset, …), or a run's recipe."),
    ] = None,
    member: MemberOption = None,
    n: DrawsOption = None,
    preset: PresetOption = None,
    selector: SelectorOption = None,
    fusor: FusorOption = None,
    judge: JudgeOption = None,
    weights: WeightsOption = None,
    seed: Annotated[
        int | None, typer.Option(min=0, help="Another seed is another batch; the same takes it up. [default: 0]")
    ] = None,
    budget_usd: Annotated[
        float | None, typer.Option(min=0, help="For all prompts together, with what was paid for them before.")
    ] = None,
    parallel: Annotated[int, typer.Option(min=1, max=64, help="So many prompts at a time.")] = 4,
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first prompts of the file.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a prompt, as they end.")] = False,
    db: DbOption = None,
    config: ConfigOption = None,
    demo_speed: SpeedOption = None,
) -> None:
    """Sample, vote, pick and fuse for every prompt of a file.

    Begun again after a kill, a failure or a spent budget, it pays for nothing twice: what was finished is kept.
    """
    with reading(file):
        text = file.read_text(encoding="utf-8")
    with plain_refusals():
        prompts = read_prompts(text.splitlines(), name=str(file))[:limit]
        given = choices_of(
            member=member, n=n, preset=preset, selector=selector, fusor=fusor, judge=judge, weights=weights, seed=seed
        )
        settings = load_settings(config=config, db=db, demo_speed=demo_speed)
        states = asyncio.run(
            _run(settings, prompts, recipe, given, budget_usd=budget_usd, parallel=parallel, as_json=as_json)
        )
    raise typer.Exit(0 if states.keys() <= {"completed"} else 1)


async def _run(
    settings: Settings,
    prompts: tuple[Prompt, ...],
    recipe: str | None,
    given: Choices,
    *,
    budget_usd: float | None,
    parallel: int,
    as_json: bool,
) -> Counter[str]:
    """How many prompts ended how."""
    states: Counter[str] = Counter()
    with composed(settings) as services:
        try:
            wanted = await asyncio.to_thread(_recipe, services, recipe, given)
            work = await asyncio.to_thread(services.batch, prompts, wanted, budget_usd=budget_usd)
            tell(f"{len(work):,} prompts, {work.done:,} of them done before.")
            with typer.progressbar(length=len(work), label="prompts", file=sys.stderr) as bar:
                async with aclosing(work.run(parallel=parallel)) as over:
                    async for each in over:
                        states[each.ended or "interrupted"] += 1
                        bar.label = f"prompts, ${work.spent_usd:.4f}"
                        bar.update(1)
                        if as_json:
                            typer.echo(json.dumps(_told(services, each), ensure_ascii=False))
            _tell_end(work, states)
        finally:
            await services.close()
    return states


def _told(services: Services, each: Ended) -> dict[str, Any]:
    return {"line": each.place + 1, "how": each.how, **report(services.stored_run(each.run_id))}


def _tell_end(work: Batch, states: Counter[str]) -> None:
    ended = ", ".join(f"{count:,} {state}" for state, count in sorted(states.items()))
    tell(f"{ended or 'nothing begun'}; ${work.spent_usd:.4f} in all.")
    if lacking := len(work) - states["completed"]:
        why = "The budget is spent: raise it" if work.is_over_budget else "Run the same command again"
        tell(f"{lacking:,} prompts are not complete. {why} to go on; what is finished is kept.")


def _recipe(services: Services, recipe: str | None, given: Choices) -> Recipe:
    """The recipe of a file or a run, with what was given beside it."""
    is_run = recipe is not None and len(recipe) == _RUN_ID and not Path(recipe).exists()
    if recipe is not None and is_run:
        if any(getattr(given, field.name) is not None for field in fields(Choices) if field.name != "seed"):
            raise ChoiceError("A run's recipe is taken as it is: leave the other options out, or write a recipe file.")
        return replace(services.stored_run(recipe).recipe, seed=given.seed or 0)
    base = _choices_in(Path(recipe)) if recipe else Choices()
    said = {field.name: value for field in fields(Choices) if (value := getattr(given, field.name)) is not None}
    chosen = replace(base, **said)
    return services.recipe(replace(chosen, seed=chosen.seed or 0))


def _choices_in(file: Path) -> Choices:
    with reading(file):
        text = file.read_text(encoding="utf-8")
    try:
        found: Mapping[str, Any] = tomllib.loads(text) if file.suffix == ".toml" else json.loads(text)
        unknown = sorted(set(found) - {field.name for field in fields(Choices)})
        if unknown:
            quit_with(
                f"{file}: there is no choice {unknown[0]!r}. Known: {', '.join(f.name for f in fields(Choices))}."
            )
        return _CHOICES.validate_python(found)
    except ValidationError as error:
        quit_with(f"{file}: {first_problem(error, whole='the file')}")
    except (tomllib.TOMLDecodeError, json.JSONDecodeError, RecursionError, TypeError) as error:
        quit_with(f"{file} is no recipe: {error}")
