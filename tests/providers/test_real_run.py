"""A whole run against a real inference server: eight streams, one of them cancelled, judge and fusor included."""

from collections.abc import Callable
from contextlib import aclosing
from random import Random

import pytest

from fusion_ui.engine.ensemble import MemberSequence
from fusion_ui.engine.events import CandidateFinished
from fusion_ui.engine.pipeline import Controls, run
from fusion_ui.engine.values import Limits, Member, Prompt, Recipe, StopRule
from fusion_ui.engine.view import RunView, fold
from fusion_ui.providers.litellm import LiteLLMSampler
from fusion_ui.providers.reception import Deadlines
from tests.providers.real_server import TinyServer

pytestmark = [pytest.mark.anyio, pytest.mark.slow]


def seed_with_one_endless_draw(members: tuple[Member, ...]) -> int:
    """A seed for which exactly one of eight draws falls to the member that hardly ever ends."""

    def draws(seed: int) -> list[str]:
        sequence = MemberSequence(members, Random(Random(seed).getrandbits(64)))
        return [next(sequence).name for _ in range(8)]

    return next(seed for seed in range(100) if draws(seed).count("endless") == 1)


async def test_a_run_on_a_real_server_draws_judges_and_fuses(
    make_sampler: Callable[..., LiteLLMSampler], tiny_server: TinyServer
) -> None:
    tiny = Member(name="tiny", model=tiny_server.model, api_base=tiny_server.api_base, max_tokens=40, weight=7)
    endless = Member(name="endless", model=tiny_server.model, api_base=tiny_server.api_base, max_tokens=6000)
    recipe = Recipe(
        members=(tiny, endless),
        stop=StopRule(name="fixed", threshold=8),
        limits=Limits(cap=8, parallelism=8),
        selector="judge-scores",
        judge=tiny,
        fusor_kind="model",
        fusor=tiny,
    )
    controls, view, finished = Controls(), RunView(), 0
    prompt = Prompt(text="What is 6 times 7 ? The final answer is")
    rng = Random(seed_with_one_endless_draw(recipe.members))
    sampler = make_sampler(deadlines=Deadlines())
    async with aclosing(run(prompt, recipe, sampler, rng, controls=controls)) as events:
        async for event in events:
            view = fold(view, event)
            finished += isinstance(event, CandidateFinished)
            if finished == 7:
                controls.enough.set()
    assert view.stop is not None
    assert (view.stop.reason, len(view.candidates), len(view.stop.cancelled)) == ("user", 7, 1)
    assert all(candidate.completion.output_tokens for candidate in view.candidates)
    assert len(view.judgements) == 7
    assert all(judgement.completion for judgement in view.judgements)
    assert view.selection is not None
    assert view.fusion.fusion is not None
    assert view.fusion.fusion.order
    # A model of random weights marks nothing: asked once more, then shown raw with a warning.
    assert "did not mark its answer" in view.fusion.fusion.warning
