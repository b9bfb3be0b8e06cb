"""What people do with the app, in small: runs, ratings and imports on a store, each acknowledged when it is stored."""

import asyncio
import json
from collections.abc import Callable
from contextlib import aclosing
from itertools import count
from pathlib import Path
from random import Random

from fusion_ui.engine.events import CandidateFinished, RunFinished
from fusion_ui.engine.pipeline import run
from fusion_ui.engine.sampling import Request
from fusion_ui.engine.values import Failure, Limits, Member, Prompt, Recipe, StopRule
from fusion_ui.exchange.answers import read_answers
from fusion_ui.exchange.stored_answers import store_answers
from fusion_ui.providers.scripted import Script, ScriptedSampler
from fusion_ui.ratings import Submission, save_rating, undo_rating
from fusion_ui.recording import begin_run, recorded
from fusion_ui.replay import stored_run
from storage.bundle_tables import everything
from storage.bundles import bundle_lines, put_bundle
from storage.connection import Store, open_store

Acknowledge = Callable[[str, str], None]
MEMBER = Member(name="anna", model="scripted/anna")
DRAWS = 4
WORKED = "test"  # the version that stands in runs made here


def recipe(seed: int) -> Recipe:
    return Recipe(
        members=(MEMBER,),
        stop=StopRule(name="fixed", threshold=DRAWS),
        limits=Limits(cap=DRAWS, parallelism=2),
        judge=MEMBER,
        selector="judge-pairs",
        seed=seed,
    )


def script(request: Request) -> Script:
    if request.purpose == "judge":
        return Script(text='{"reason": "shorter", "winner": "A"}')
    lost = Failure(stage="sampling", kind="rate", message="Slow down.") if request.seed % 11 == 0 else None
    return Script(text=f"I think so.\n\nAnswer: {40 + request.seed % 3}", cost_usd=0.001, failure=lost)


def do_run(store: Store, *, seed: int, acknowledge: Acknowledge) -> str:
    """The id of a run of four draws, judged and fused; each candidate is acknowledged, and the end."""
    prompt = Prompt(text=f"What is {seed} x 7?", reference=str(seed * 7))
    run_id = begin_run(store, prompt, recipe(seed), origin="scripted", app_version=WORKED)
    acknowledge("run", run_id)

    async def sample() -> None:
        events = run(prompt, recipe(seed), ScriptedSampler(script), Random(seed))
        async with aclosing(recorded(events, store, run_id)) as stream:
            async for event in stream:
                if isinstance(event, CandidateFinished):
                    acknowledge("candidate", f"{run_id} {event.candidate.position}")
                if isinstance(event, RunFinished):
                    acknowledge("outcome", run_id)

    asyncio.run(sample())
    return run_id


def do_rate(store: Store, run_id: str, *, rater: str, acknowledge: Acknowledge) -> None:
    """A rating, revised and taken back, each acknowledged."""
    stored, standing = stored_run(store, run_id), None
    for number, preferred in enumerate(("tie", "all_bad")):
        key = f"{rater} {run_id} {number}"
        standing = save_rating(
            store, stored, Submission(key=key, rater=rater, preferred=preferred, note="so", supersedes=standing)
        ).id
        acknowledge("rating", standing)
    acknowledge("rating", undo_rating(store, stored, key=f"{rater} {run_id} undo", rater=rater).id)


def do_import(store: Store, *, seed: int, acknowledge: Acknowledge) -> None:
    """A file of recorded answers, and a bundle of one foreign run, each stored whole."""
    lines = [
        {"model": member, "question": f"{seed}-{number}", "gold": "1", "answers": ["1", "2"]}
        for member in ("ann", "ben")
        for number in range(30)
    ]
    answers = read_answers(["\n".join(map(json.dumps, lines)).encode()], name=f"answers-{seed}.jsonl")
    with store.writing() as writer:
        recording = store_answers(writer, answers)
    acknowledge("recording", recording.id)


def do_take_in(store: Store, lines: list[str], *, acknowledge: Acknowledge) -> None:
    """A bundle, stored whole."""
    with store.writing() as writer:
        put = put_bundle(writer, lines)
    for run_id in put.new_runs:
        acknowledge("run", run_id)


def bundle(folder: Path, *, seed: int) -> list[str]:
    """A finished run with its rating, as another copy of the app hands it out."""
    with open_store(folder / f"foreign-{seed}.db") as foreign:
        finished_run(foreign, seed=seed)
        with foreign.reading() as reader:
            return list(bundle_lines(reader, everything(reader, has_lab=True)))


def finished_run(store: Store, *, seed: int) -> str:
    run_id = do_run(store, seed=seed, acknowledge=_nobody)
    do_rate(store, run_id, rater="Ada", acknowledge=_nobody)
    return run_id


def work(store: Store, *, seed: int, rounds: int | None, acknowledge: Acknowledge, bundles: list[list[str]]) -> None:
    """So many rounds of everything, or rounds without end."""
    for number in count() if rounds is None else range(rounds):
        round_seed = seed * 1000 + number
        run_id = do_run(store, seed=round_seed, acknowledge=acknowledge)
        do_rate(store, run_id, rater=f"rater {seed}", acknowledge=acknowledge)
        do_import(store, seed=round_seed, acknowledge=acknowledge)
        if number < len(bundles):
            do_take_in(store, bundles[number], acknowledge=acknowledge)


def _nobody(kind: str, key: str) -> None:
    """An acknowledgement that nobody waits for."""
