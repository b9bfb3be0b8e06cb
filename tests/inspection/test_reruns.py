"""What is started when a case is run again: what nobody chose stays, what was there is kept, nothing is paid twice."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import anyio
import pytest

from fusion_ui.engine.sampling import Recorded
from fusion_ui.engine.values import Completion, Failure, Limits, Member, Recipe, StopRule
from fusion_ui.inspection.reruns import RerunError, asked_of, changed_recipe, refusal_of, rerun_of, retry_of
from fusion_ui.recipes import Choices, recipe_of
from fusion_ui.replay import StoredRun
from fusion_ui.settings import load_settings
from storage.connection import Store, open_store
from tests.inspection.casework import ANNA, BERT, FUSOR, JUDGE, TEXTS, Ear, ran, recipe

LOST = Failure(stage="sampling", kind="timeout", message="Too slow.")
OLD = recipe(4, stop=StopRule(), limits=Limits(cap=12, parallelism=3, tokens=900, cost_usd=2.0, seconds=60.0))
FEW = replace(OLD.limits, cap=2)
CARL = Member(name="carl", model="m/carl")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with open_store(tmp_path_factory.mktemp("reruns") / "r.db") as store:
        yield store


@pytest.fixture(scope="module")
def run(store: Store) -> StoredRun:
    """Five draws, of which the second was lost."""
    return anyio.run(ran, store, Ear(failing={2: LOST}), recipe(5))


def changed(old: Recipe, tmp_path: Path, **chosen: object) -> Recipe:
    choices = Choices(**chosen)  # type: ignore[arg-type]
    settings = load_settings(db=tmp_path / "x.db")
    asked = replace(asked_of(choices, old), seed=5)
    made = recipe_of(asked, members=(ANNA, BERT, CARL, JUDGE, FUSOR), settings=settings)
    return changed_recipe(old, made, choices)


def test_what_nobody_chose_stays_but_for_the_seed(tmp_path: Path) -> None:
    assert changed(OLD, tmp_path) == replace(OLD, seed=5)


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ({"members": ("carl",)}, {"members": (CARL,)}),
        ({"weights": {"carl": 2.0}}, {"members": (replace(CARL, weight=1.0),)}),
        ({"n": 3}, {"limits": replace(OLD.limits, cap=3)}),
        ({"preset": "careful"}, {"stop": StopRule(name="bayes", threshold=100.0)}),
        ({"preset": "fixed"}, {"stop": StopRule(name="fixed", threshold=12.0)}),
        ({"preset": "fixed", "n": 2}, {"stop": StopRule(name="fixed", threshold=2.0), "limits": FEW}),
        ({"selector": "vote"}, {"selector": "vote"}),
        ({"selector": "judge-scores"}, {"selector": "judge-scores"}),
        ({"judge": "carl"}, {"judge": CARL}),
        ({"fusor": "carl"}, {"fusor": CARL}),
        ({"fusor": "extractive"}, {"fusor": None, "fusor_kind": "extractive"}),
        ({"fusor": "none"}, {"fusor": None, "fusor_kind": "none"}),
        ({"budget_usd": 9.0, "budget_seconds": 8.0}, {"limits": replace(OLD.limits, cost_usd=9.0, seconds=8.0)}),
    ],
)  # fmt: skip
def test_what_is_chosen_is_all_that_changes(
    tmp_path: Path, chosen: Mapping[str, object], expected: Mapping[str, object]
) -> None:
    assert changed(OLD, tmp_path, **chosen) == replace(OLD, seed=5, **expected)  # type: ignore[arg-type]


def test_more_draws_of_a_fixed_number_are_all_taken(tmp_path: Path) -> None:
    made = changed(recipe(4), tmp_path, n=9)
    assert (made.stop.threshold, made.limits.cap) == (9.0, 9)


def test_a_first_judge_may_come_with_a_judging_selector(tmp_path: Path) -> None:
    made = changed(replace(OLD, judge=None, selector="vote"), tmp_path, selector="judge-pairs", judge="carl")
    assert (made.judge, made.selector) == (CARL, "judge-pairs")


def test_a_rerun_asks_everybody_anew(run: StoredRun) -> None:
    start = rerun_of(run, OLD)
    assert (start.prompt, start.recipe, start.recorded, start.assigned) == (run.prompt, OLD, {}, {})
    assert start.parent_run_id == run.rows.run.id


def test_a_rerun_without_members_keeps_the_candidates(run: StoredRun) -> None:
    start = rerun_of(run, replace(OLD, members=()))
    assert sorted(start.recorded) == [1, 3, 4, 5]


def test_a_retry_keeps_what_finished_and_asks_the_same_member_for_the_rest(run: StoredRun) -> None:
    start = retry_of(run)
    assert sorted(start.recorded) == [1, 3, 4, 5]
    assert start.assigned == {2: run.rows.draws[1].member}
    assert start.recipe == replace(run.recipe, seed=run.recipe.seed + 1)


def test_a_refusal_keeps_the_others_in_their_order_and_asks_nobody(run: StoredRun) -> None:
    start = refusal_of(run, [3])
    assert [start.recorded[at].completion.text for at in (1, 2, 3)] == [TEXTS[0], TEXTS[3], TEXTS[0]]
    assert (start.recipe.members, start.recipe.stop.threshold, start.recipe.limits.cap) == ((), 3.0, 3)
    assert (start.recipe.judge, start.recipe.fusor) == (run.recipe.judge, run.recipe.fusor)


@pytest.mark.parametrize("without", [[2], [9], [0], [-1], [1, 99]])
def test_what_never_finished_cannot_be_left_out(run: StoredRun, without: list[int]) -> None:
    with pytest.raises(RerunError, match="no finished candidate"):
        refusal_of(run, without)


def test_somebody_must_be_left(run: StoredRun) -> None:
    with pytest.raises(RerunError, match="keep at least one"):
        refusal_of(run, [1, 3, 4, 5])


def test_a_refused_run_votes_picks_and_fuses_without_them(store: Store, run: StoredRun) -> None:
    start, ear = refusal_of(run, [1, 5]), Ear()

    async def again() -> StoredRun:
        return await ran(store, ear, start.recipe, recorded=start.recorded, parent_run_id=start.parent_run_id)

    anew = anyio.run(again)
    assert ear.of("candidate") == []
    assert [each.completion.text for each in anew.view.candidates] == [TEXTS[2], TEXTS[3]]
    assert anew.view.stop is not None
    assert anew.view.stop.reason == "cap"
    assert anew.view.fusion.fusion is not None
    assert sorted(anew.view.fusion.order) == [1, 2]
    assert anew.rows.run.parent_run_id == run.rows.run.id


def test_a_run_of_recorded_candidates_can_be_refused_too(store: Store) -> None:
    kept = {
        at: Recorded(member="anna", model="m", completion=Completion(text=text)) for at, text in enumerate(TEXTS, 1)
    }

    async def recorded() -> StoredRun:
        return await ran(store, Ear(), recipe(4, members=(), system=""), recorded=kept)

    start = refusal_of(anyio.run(recorded), [4])
    assert {at: each.completion.text for at, each in start.recorded.items()} == dict(enumerate(TEXTS[:3], 1))
