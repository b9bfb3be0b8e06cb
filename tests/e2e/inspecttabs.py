"""A run in which everything happens, recorded by the real pipeline, for the browser tests of a case's tabs."""

import asyncio
import json
from contextlib import aclosing
from random import Random

from fusion_ui.engine.pipeline import run
from fusion_ui.engine.sampling import Request
from fusion_ui.engine.values import Limits, Member, Prompt, Recipe, StopRule
from fusion_ui.providers.scripted import Script, ScriptedSampler
from fusion_ui.recording import begin_run, recorded
from storage.connection import Store

ADA, BEN, JUDY = (Member(name=name, model=f"scripted/{name}") for name in ("ada", "ben", "judy"))
PROMPT = Prompt(text="How much is half of one? Say why.", reference="0.5", language="en", tags=("sums",))
MIXED = (
    "Start 😀😀 with **bold words** and `code here` so.\n\n"
    "- e\u0301te\u0301 is *summer* in French\n- 👩‍👩‍👧 family [link text](http://a.b/text)\n\n"
    "مرحبا **بالعالم** اليوم\n\nThen $x^2 + 1$ holds, a &amp; b.\n\nAnswer: 0.5"
)
TEXTS = (
    "Half of one is one divided by two. A cake cut in two equal parts shows it well.\n\nAnswer: 0.5",
    "Half of one is one divided by two, so it is a half. A cake cut in two equal parts shows it well.\n\nAnswer: half",
    MIXED,
    "Half of one is one divided by two. Halves are written with a slash.\n\nAnswer: a half",
    "One is odd, so it has no half at all.\n\nAnswer: 2 <img src=x onerror=window.pwned=1>",
    "I cannot say.",
)
FUSED = (
    "Half of one is one divided by two. A cake cut in two equal pieces shows it very well. "
    "The ancient Egyptians had a sign of its own for it.\n\nAnswer: 0.5"
)
PAIRS = Recipe(
    members=(ADA, BEN),
    stop=StopRule(name="bayes", threshold=30, minimum=3),
    limits=Limits(cap=len(TEXTS), parallelism=1),
    selector="judge-pairs",
    judge=JUDY,
    fusor_kind="model",
    fusor=JUDY,
    seed=5,
)


def script(request: Request) -> Script:
    """What each member says: the judge likes what it reads first every third time, and once cannot be read."""
    if request.purpose == "judge":
        if request.seed % 7 == 0:
            return Script(text="I would rather <b>not</b> say.")
        places = [request.messages[-1].content.find(text[:40]) for text in TEXTS]
        first, second = sorted((at for at in range(len(TEXTS)) if places[at] >= 0), key=lambda at: places[at])
        reason = "It says <i>why</i>, in a sentence that names the decisive difference between the two."
        winner = "A" if first < second or request.seed % 5 == 0 else "B"
        return Script(text=json.dumps({"reason": reason, "winner": winner}))
    if request.purpose == "flaws":
        found = [{"quote": "bold words", "category": "verbosity/padding", "severity": "minor", "note": "Says nothing."}]
        return Script(text=json.dumps({"flaws": found}), cost_usd=0.001)
    if request.purpose == "fusor":
        return Script(text=FUSED, cost_usd=0.002)
    return Script(text=TEXTS[min(request.position, len(TEXTS)) - 1], cost_usd=0.001)


def record(store: Store, recipe: Recipe = PAIRS) -> str:
    """The id of a run recorded in this store."""
    run_id = begin_run(store, PROMPT, recipe, origin="scripted", app_version="test")

    async def play() -> None:
        events = run(PROMPT, recipe, ScriptedSampler(script), Random(recipe.seed))
        async with aclosing(recorded(events, store, run_id)) as stream:
            async for _ in stream:
                pass

    asyncio.run(play())
    return run_id
