"""Runs with a judge and a fusor through the true desk and store, and what was said to them on the way."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from fusion_ui.desk import Desk
from fusion_ui.engine.sampling import Recorded, Request
from fusion_ui.engine.values import Failure, Limits, Member, Prompt, Recipe, StopRule
from fusion_ui.providers.scripted import Script, ScriptedSampler
from fusion_ui.replay import Start, StoredRun, stored_run
from storage.connection import Store

ANNA = Member(name="anna", model="scripted/anna")
BERT = Member(name="bert", model="scripted/bert", weight=0.5, api_key_env="BERT_KEY")
JUDGE = Member(name="judge", model="scripted/judge", api_base="https://me:hush@judge.example/v1?key=hush")
FUSOR = Member(name="fusor", model="scripted/fusor", temperature=0.3)
PROMPT = Prompt(text="How fast is the train?", reference="40 km/h", language="en", tags=("maths",))
TEXTS = (
    "The train covers 80 km in two hours. So it is slow.\n\nAnswer: 40",
    "Eighty by two is forty.\n\nAnswer: 40",
    "The train covers 80 km in two hours. It is fast.\n\nAnswer: 45",
    "The train covers 80 km in two hours.\n\nAnswer: forty",
)
FUSED = "The train covers 80 km in two hours. A horse is slower.\n\nAnswer: 40"


class Ear(ScriptedSampler):
    """Plays candidates by position, a judge and a fusor, and keeps every request."""

    def __init__(
        self, texts: Sequence[str] = TEXTS, *, fused: str = FUSED, failing: Mapping[int, Failure] | None = None
    ) -> None:
        super().__init__(self._script, speed=0.0)
        self._texts, self._fused, self._failing = texts, fused, failing or {}
        self.heard: list[Request] = []

    def of(self, purpose: str) -> list[Request]:
        """What was asked for this purpose."""
        return [request for request in self.heard if request.purpose == purpose]

    def _script(self, request: Request) -> Script:
        self.heard.append(request)
        if request.purpose == "judge":
            return Script(text=verdict(request.messages[0].content), cost_usd=0.001)
        if request.purpose == "fusor":
            mark = re.search(r"<fused (\w+)>", request.messages[0].content)
            assert mark is not None
            said = f"<comparison>\nThey differ.\n</comparison>\n<fused {mark[1]}>\n{self._fused}\n</fused {mark[1]}>"
            return Script(text=said, cost_usd=0.01)
        if request.position in self._failing:
            return Script(text="The tr", failure=self._failing[request.position])
        return Script(text=self._texts[(request.position - 1) % len(self._texts)], cost_usd=0.002)


def verdict(content: str) -> str:
    """The answer that ends in 40 wins; of two such, whichever is shown first; what says "forty" confuses the judge."""
    answers = re.findall(r"<answer-[AB] \w+>\n(.*?)\n</answer-[AB]", content, re.DOTALL)
    if any("forty" in answer.rpartition("Answer:")[2] for answer in answers):
        return "I cannot tell."
    right = ["A", "B"][[answer.endswith("40") for answer in answers].index(True)]
    return json.dumps({"reason": f"{right} is right.", "winner": right})


def recipe(draws: int = 4, **changes: object) -> Recipe:
    """Four draws, judged in pairs, fused by a model."""
    made = Recipe(
        members=(ANNA, BERT),
        system="End with a line that begins with Answer:",
        stop=StopRule(name="fixed", threshold=draws),
        limits=Limits(cap=draws, parallelism=3),
        selector="judge-pairs",
        judge=JUDGE,
        fusor_kind="model",
        fusor=FUSOR,
        seed=7,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


async def ran(
    store: Store,
    sampler: ScriptedSampler,
    made: Recipe | None = None,
    *,
    prompt: Prompt = PROMPT,
    recorded: Mapping[int, Recorded] | None = None,
    parent_run_id: str | None = None,
) -> StoredRun:
    """The run as stored, once it is over."""
    desk = Desk(store, sampler, None)
    start = Start(prompt=prompt, recipe=made or recipe(), recorded=recorded or {}, parent_run_id=parent_run_id)
    run_id = await desk.begin(start)
    await desk.finished(run_id)
    return stored_run(store, run_id)
