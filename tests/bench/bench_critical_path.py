"""The time of a run against its critical path: the slowest needed candidate, then the longer of judge and fusor."""

import asyncio
import time
from contextlib import aclosing
from random import Random

from fusion_ui.engine.pipeline import run
from fusion_ui.engine.sampling import Request
from fusion_ui.engine.values import Limits, Member, Prompt, Recipe, StopRule
from fusion_ui.providers.scripted import Script, ScriptedSampler

MEMBER = Member(name="m", model="scripted/m")
RECIPE = Recipe(
    members=(MEMBER,),
    stop=StopRule(name="fixed", threshold=8),
    limits=Limits(cap=8, parallelism=8),
    selector="judge-pairs",
    judge=MEMBER,
    fusor_kind="model",
    fusor=MEMBER,
)
JUDGE_MS, FUSOR_MS = 600.0, 1_000.0


def candidate_ms(position: int) -> float:
    return 800.0 + 150.0 * ((position * 5) % 8)


def play(request: Request) -> Script:
    if request.purpose == "candidate":
        text = f"Candidate {request.position} thinks it is 42.\n\nAnswer: 42"
        return Script(text=text, first_token_ms=candidate_ms(request.position))
    if request.purpose == "judge":
        return Script(text='{"reason": "equal", "winner": "tie"}', first_token_ms=JUDGE_MS)
    mark = request.messages[0].content.split("carrying the code ")[1].split()[0]
    return Script(text=f"Same.\n<fused {mark}>\nIt is 42.\n\nAnswer: 42\n</fused {mark}>", first_token_ms=FUSOR_MS)


async def timed() -> float:
    began = time.perf_counter()
    async with aclosing(run(Prompt(text="6 x 7?"), RECIPE, ScriptedSampler(play), Random(1))) as events:
        async for _ in events:
            pass
    return time.perf_counter() - began


def main() -> None:
    ideal = (max(candidate_ms(position) for position in range(1, 9)) + max(JUDGE_MS, FUSOR_MS)) / 1000
    asyncio.run(timed())  # the first run pays for imports
    times = [asyncio.run(timed()) for _ in range(3)]
    print(f"critical path {ideal:.3f} s; runs {', '.join(f'{seconds:.3f}' for seconds in times)} s")
    print(f"ratio         {min(times) / ideal:.3f} (at most 1.05)")


if __name__ == "__main__":
    main()
