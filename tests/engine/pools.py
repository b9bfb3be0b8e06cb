"""Small pools and scripted members that the engine's tests share."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import aclosing
from random import Random

from fusion_ui.engine.events import Event, RunFinished
from fusion_ui.engine.pipeline import Controls, run
from fusion_ui.engine.sampling import Recorded, Request
from fusion_ui.engine.values import Candidate, Completion, Limits, Member, Prompt, Recipe, StopRule
from fusion_ui.engine.view import RunView, fold
from fusion_ui.providers.scripted import Script, ScriptedSampler

ANNA, BERT = Member(name="anna", model="scripted/anna"), Member(name="bert", model="scripted/bert")
PROMPT = Prompt(text="What is 6 x 7?", reference="42", language="en")


def candidate(position: int, text: str, answer: str | None = None, member: str = "anna") -> Candidate:
    return Candidate(position=position, member=member, completion=Completion(text=text), answer=answer)


def fixed(draws: int, **changes: object) -> Recipe:
    """A recipe for exactly this many draws from anna, picked by vote, fused without a model."""
    return Recipe(
        **{
            "members": (ANNA,),
            "stop": StopRule(name="fixed", threshold=draws),
            "limits": Limits(cap=draws, parallelism=max(draws, 1)),
            **changes,
        }  # type: ignore[arg-type]
    )


def saying(*texts: str) -> ScriptedSampler:
    """Candidates that say these texts by position (the last for good); judge and fusor are not expected."""
    return ScriptedSampler(lambda request: Script(text=texts[min(request.position, len(texts)) - 1]))


def playing(script: Callable[[Request], Script]) -> ScriptedSampler:
    return ScriptedSampler(script)


async def events_of(
    recipe: Recipe,
    sampler: ScriptedSampler,
    *,
    prompt: Prompt = PROMPT,
    seed: int = 1,
    recorded: Mapping[int, Recorded] | None = None,
    controls: Controls | None = None,
) -> list[Event]:
    """All events of one run."""
    async with aclosing(run(prompt, recipe, sampler, Random(seed), recorded=recorded, controls=controls)) as stream:
        return [event async for event in stream]


def view_of(events: list[Event]) -> RunView:
    view = RunView()
    for event in events:
        view = fold(view, event)
    return view


async def view_after(recipe: Recipe, sampler: ScriptedSampler, **how: object) -> RunView:
    events = await events_of(recipe, sampler, **how)  # type: ignore[arg-type]
    assert isinstance(events[-1], RunFinished)
    return view_of(events)


def tasks_now() -> set[asyncio.Task[object]]:
    """Every unfinished task of this loop; a run that is over leaves what was there before it."""
    return asyncio.all_tasks()
