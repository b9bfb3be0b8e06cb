"""`python -m fusion_ui compare`: one prompt, or a file of recorded candidates, compared and stored."""

import asyncio
import json
from collections import Counter, deque
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer

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
from fusion_ui.engine.view import RunView
from fusion_ui.exchange.candidates import RecordedPool, read_pools
from fusion_ui.recipes import Choices
from fusion_ui.report import report
from fusion_ui.services import Services
from fusion_ui.settings import Settings, load_settings
from storage.errors import StorageError

_AT_ONCE = 4  # recorded pools under way at a time: while one waits for the disk another thinks


def compare(
    prompt: Annotated[str | None, typer.Argument(help="The question; left out with --candidates.")] = None,
    candidates: Annotated[Path | None, typer.Option(help="JSONL of recorded candidates, one prompt a line.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Take only the first lines of --candidates.")] = None,
    member: MemberOption = None,
    n: DrawsOption = None,
    preset: PresetOption = None,
    selector: SelectorOption = None,
    fusor: FusorOption = None,
    judge: JudgeOption = None,
    reference: Annotated[str | None, typer.Option(help="The gold answer, if known.")] = None,
    weights: WeightsOption = None,
    seed: Annotated[int | None, typer.Option(min=0, help="The same seed gives the same run.")] = None,
    budget_usd: Annotated[float | None, typer.Option(min=0)] = None,
    budget_seconds: Annotated[float | None, typer.Option(min=0)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a prompt.")] = False,
    db: DbOption = None,
    config: ConfigOption = None,
    demo_speed: SpeedOption = None,
) -> None:
    """Sample N answers, vote, pick, fuse, and store it all."""
    if (prompt is None) == (candidates is None):
        quit_with("Give either a prompt or --candidates FILE.jsonl.")
    with plain_refusals():
        choices = choices_of(
            member=member, n=n, preset=preset, selector=selector, fusor=fusor, judge=judge, weights=weights, seed=seed,
            budget_usd=budget_usd, budget_seconds=budget_seconds,
        )  # fmt: skip
        settings = load_settings(config=config, db=db, demo_speed=demo_speed)
        has_failed = asyncio.run(
            _compare(settings, choices, prompt, reference=reference, file=candidates, limit=limit, as_json=as_json)
        )
    raise typer.Exit(1 if has_failed else 0)


async def _compare(
    settings: Settings,
    choices: Choices,
    prompt: str | None,
    *,
    reference: str | None,
    file: Path | None,
    limit: int | None,
    as_json: bool,
) -> bool:
    """Whether a run failed altogether."""
    with composed(settings) as services:
        try:
            if prompt is not None:
                run_id = await services.compare(services.prompt(prompt, reference), services.recipe(choices))
                await _follow(services, run_id)
                return _print(services, run_id, as_json=as_json)
            has_failed = False
            pools = islice(read_pools(_lines(file or Path()), name=str(file)), limit)
            async with aclosing(_finished(services, pools, choices)) as run_ids:
                async for run_id in run_ids:
                    has_failed |= _print(services, run_id, as_json=as_json)
            return has_failed
        finally:
            await services.close()


async def _finished(services: Services, pools: Iterator[RecordedPool], choices: Choices) -> AsyncGenerator[str, None]:
    """The runs over these pools, in their order, a few of them under way at a time."""
    under_way: deque[str] = deque()
    number = 0
    for pool in pools:
        under_way.append(await services.compare_recorded(pool, choices))
        if len(under_way) >= _AT_ONCE:
            await services.desk.finished(under_way[0])
            number += 1
            if number % 20 == 0:
                tell(f"{number} prompts compared")
            yield under_way.popleft()
    for run_id in under_way:
        await services.desk.finished(run_id)
        number += 1
        yield run_id
    tell(f"{number} prompts compared")


async def _follow(services: Services, run_id: str) -> None:
    """One line on stderr for everything that happens to the run."""
    told = ""
    async with aclosing(services.desk.watch(run_id)) as sights:
        async for sight in sights:
            line = _progress(sight.view)
            if line != told:
                tell(line)
                told = line


def _progress(view: RunView) -> str:
    states = Counter(slot.state for slot in view.slots)
    parts = [f"{states['finished']} of {len(view.slots)} draws finished"]
    parts += [f"{states['failed']} failed"] if states["failed"] else []
    if view.evidence is not None and view.tally.counts:
        lead = view.tally.counts[0]
        parts.append(f"{lead.answer} leads with {lead.count}, vote stability {view.evidence.probability:.0%}")
    parts += [f"stopped: {view.stop.reason}"] if view.stop else []
    parts += [f"picked candidate {view.selection.position}"] if view.selection else []
    parts += ["fused"] if view.fusion.fusion else []
    parts += [view.ended] if view.ended else []
    return ", ".join(parts)


def _print(services: Services, run_id: str, *, as_json: bool) -> bool:
    """Print the run; whether it failed."""
    run = services.run(run_id)
    if run is None:
        raise StorageError(f"The run {run_id} is not in the database any more.")
    told = report(run)
    typer.echo(json.dumps(told, ensure_ascii=False) if as_json else _in_words(told))
    return run.view.ended in ("failed", "interrupted")


def _in_words(told: dict[str, Any]) -> str:
    lines = [f"Run {told['run_id']}: {told['ended']}"]
    lines += [f"  {count['answer']}: {count['count']} votes" for count in told["tally"]]
    lines += [
        f"Candidate {each['position']} ({each['member']}): {each['failure']['message']}"
        for each in told["candidates"]
        if each["failure"]
    ]
    lines += [f"{failure['stage']}: {failure['message']}" for failure in told["failures"]]
    if told["selection"]:
        picked = next(each for each in told["candidates"] if each["position"] == told["selection"]["position"])
        lines += ["", f"Best-of-N pick: candidate {picked['position']} ({picked['member']})", picked["text"]]
    if told["fusion"]:
        lines += ["", f"Fused answer ({told['fusion']['fusor']})", told["fusion"]["text"]]
    return "\n".join(lines)


def _lines(file: Path) -> Iterator[str]:
    with reading(file), file.open(encoding="utf-8") as lines:
        yield from lines
