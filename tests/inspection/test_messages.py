"""The messages of a stored run are those that were sent, to the letter; where they cannot be, it is said."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from fusion_ui.engine.sampling import Recorded, Request
from fusion_ui.engine.values import Completion, Failure, Judgement, Limits, Recipe
from fusion_ui.inspection.messages import Sent, rebuilt
from fusion_ui.providers.scripted import Script
from fusion_ui.replay import StoredRun
from storage.connection import Store, open_store
from tests.inspection.casework import ANNA, TEXTS, Ear, ran, recipe

pytestmark = pytest.mark.anyio
LOST = Failure(stage="sampling", kind="timeout", message="Too slow.")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "messages.db") as store:
        yield store


def as_sent(request: Request) -> tuple[object, ...]:
    temperature = request.member.temperature if request.temperature is None else request.temperature
    return request.member, request.messages, request.seed, temperature


def as_rebuilt(sent: Sent) -> tuple[object, ...]:
    assert sent.is_exact
    return sent.member, sent.messages, sent.seed, sent.temperature


async def heard_and_rebuilt(store: Store, made: Recipe, ear: Ear) -> StoredRun:
    """The run, once everything that was heard has been found among what is rebuilt, and nothing else."""
    run = await ran(store, ear, made)
    found = rebuilt(run)
    drawn = {each.position: as_rebuilt(each.sent) for each in found.draws if each.sent}
    assert drawn == {request.position: as_sent(request) for request in ear.of("candidate")}
    judged = [as_rebuilt(each.sent) for each in found.judge]
    assert sorted(judged, key=repr) == sorted(map(as_sent, ear.of("judge")), key=repr)
    fused = [as_rebuilt(found.fusor)] if found.fusor else []
    assert fused == [as_sent(each) for each in ear.of("fusor")]
    return run


@pytest.mark.parametrize("seed", range(5))
async def test_everything_that_was_said_is_rebuilt_to_the_letter(store: Store, seed: int) -> None:
    run = await heard_and_rebuilt(store, recipe(6, seed=seed, limits=Limits(cap=6, parallelism=6)), Ear())
    assert len(rebuilt(run).judge) == 30


async def test_scores_are_asked_for_one_by_one(store: Store) -> None:
    run = await heard_and_rebuilt(store, recipe(4, selector="judge-scores"), Ear())
    assert [judged.shown for judged in rebuilt(run).judge] == [(each,) for each in (1, 2, 3, 4)]


async def test_a_pool_too_large_for_judge_and_fusor_is_rebuilt_too(store: Store) -> None:
    run = await heard_and_rebuilt(store, recipe(11, limits=Limits(cap=11, parallelism=11)), Ear())
    assert len(rebuilt(run).judge) == 56
    assert len(run.view.fusion.order) == 8


async def test_lost_draws_and_a_silent_system_change_nothing(store: Store) -> None:
    await heard_and_rebuilt(store, recipe(6, system=""), Ear(failing={2: LOST, 5: LOST}))


async def test_each_reply_stands_with_the_question_it_answers(store: Store) -> None:
    run = await ran(store, Ear())
    for judged in rebuilt(run).judge:
        content = judged.sent.messages[0].content
        first, second = (TEXTS[position - 1] for position in judged.shown)
        assert content.index(first) < content.rindex(second)
        assert run.view.judgements[judged.seq - 1].shown == judged.shown


async def test_a_recorded_candidate_was_asked_of_nobody(store: Store) -> None:
    kept = {at: Recorded(member="anna", model="m", completion=Completion(text=TEXTS[at - 1])) for at in (1, 2)}
    ear = Ear()
    run = await ran(store, ear, recipe(4), recorded=kept)
    found = rebuilt(run)
    assert [each.sent is None for each in found.draws] == [True, True, False, False]
    assert found.fusor is not None
    assert as_rebuilt(found.fusor) == as_sent(ear.of("fusor")[0])


async def test_a_run_of_recorded_candidates_only_is_rebuilt(store: Store) -> None:
    kept = {
        at: Recorded(member="anna", model="m", completion=Completion(text=text)) for at, text in enumerate(TEXTS, 1)
    }
    ear = Ear()
    run = await ran(store, ear, recipe(4, members=(), system=""), recorded=kept)
    assert [as_rebuilt(each.sent) for each in rebuilt(run).judge] == [
        as_sent(next(request for request in ear.of("judge") if request.seed == each.sent.seed))
        for each in rebuilt(run).judge
    ]


async def test_nobody_was_asked_where_no_model_fuses_or_judges(store: Store) -> None:
    found = rebuilt(await ran(store, Ear(), recipe(fusor_kind="extractive", fusor=None, judge=None, selector="vote")))
    assert (found.judge, found.fusor) == ((), None)


async def test_chance_that_was_another_is_told_and_its_seeds_are_not(store: Store) -> None:
    run = await ran(store, Ear())
    draws = tuple(replace(draw, seed=draw.seed + 1) for draw in run.rows.draws)
    found = rebuilt(replace(run, rows=replace(run.rows, draws=draws)))
    assert all("cannot be known" in judged.sent.doubts[0] and judged.sent.seed is None for judged in found.judge)


async def test_words_of_another_version_are_told(store: Store) -> None:
    run = await ran(store, Ear())
    fusion = run.view.fusion.fusion
    assert fusion is not None
    other = replace(run.view, fusion=replace(run.view.fusion, fusion=replace(fusion, prompt_version="fusor-00000000")))
    old = replace(run.rows.run, app_version="0.0.1")
    found = rebuilt(replace(run, view=other, rows=replace(run.rows, run=old)))
    assert found.fusor is not None
    assert "fusor-00000000" in found.fusor.doubts[0]
    assert "0.0.1" in found.judge[0].sent.doubts[0]


async def test_a_fusor_that_was_shown_another_order_is_told(store: Store) -> None:
    run = await ran(store, Ear())
    turned = replace(run.view, fusion=replace(run.view.fusion, order=tuple(reversed(run.view.fusion.order))))
    found = rebuilt(replace(run, view=turned)).fusor
    assert found is not None
    assert not found.is_exact


async def test_a_draw_names_the_settings_of_its_own_member(store: Store) -> None:
    run = await ran(store, Ear(), recipe(members=(replace(ANNA, temperature=1.5),)))
    assert {each.sent.temperature for each in rebuilt(run).draws if each.sent} == {1.5}


async def test_a_fusor_that_broke_was_asked_all_the_same(store: Store) -> None:
    broken = Failure(stage="fusing", kind="server", message="Down.")

    class Broken(Ear):
        def _script(self, request: Request) -> Script:
            script = super()._script(request)
            return replace(script, failure=broken) if request.purpose == "fusor" else script

    ear = Broken()
    found = rebuilt(await ran(store, ear)).fusor
    assert found is not None
    assert as_rebuilt(found) == as_sent(ear.of("fusor")[0])


async def test_a_verdict_on_what_was_never_shown_has_no_message(store: Store) -> None:
    run = await ran(store, Ear())
    strange = replace(run.view, judgements=(*run.view.judgements, Judgement(shown=(1, 9))))
    assert len(rebuilt(replace(run, view=strange)).judge) == len(run.view.judgements)
