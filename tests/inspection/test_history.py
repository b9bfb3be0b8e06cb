"""The runs of a prompt beside each other: kin are always there, and recipes differ only in what differs."""

from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path

import pytest

from fusion_ui.engine.values import Limits, Member, Recipe, StopRule
from fusion_ui.inspection.cases import Author, Cases
from fusion_ui.inspection.correcting import Grouping
from fusion_ui.inspection.history import History, described, differences, history_of
from fusion_ui.replay import StoredRun
from storage.connection import Store, open_store
from tests.inspection.casework import ANNA, PROMPT, Ear, ran, recipe

pytestmark = pytest.mark.anyio
OFFLINE = recipe(1, judge=None, selector="vote", fusor=None, fusor_kind="extractive")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "history.db") as store:
        yield store


def told(store: Store, run: StoredRun) -> History:
    with store.reading() as reader:
        return history_of(reader, run.rows.run, run.recipe)


async def test_a_line_of_runs_is_told_from_where_one_stands(store: Store) -> None:
    first = await ran(store, Ear(), OFFLINE)
    second = await ran(store, Ear(), replace(OFFLINE, seed=8), parent_run_id=first.rows.run.id)
    third = await ran(store, Ear(), OFFLINE, parent_run_id=second.rows.run.id)
    other = await ran(store, Ear(), OFFLINE)
    await ran(store, Ear(), OFFLINE, prompt=replace(PROMPT, text="Another"))
    found = told(store, second)
    assert found.total == 4
    relations = {each.run.id: each.relation for each in found.runs}
    assert relations == {
        other.rows.run.id: None,
        third.rows.run.id: "descendant",
        second.rows.run.id: "this",
        first.rows.run.id: "ancestor",
    }
    assert [each.run.id for each in found.runs] == list(relations)  # the latest first
    assert [(each.what, each.here, each.there) for each in found.runs[3].differences] == [("seed", "8", "7")]


async def test_kin_are_told_however_many_runs_came_since(store: Store) -> None:
    first = await ran(store, Ear(), OFFLINE)
    for _ in range(3):
        await ran(store, Ear(), OFFLINE)
    last = await ran(store, Ear(), OFFLINE, parent_run_id=first.rows.run.id)
    with store.reading() as reader:
        found = history_of(reader, last.rows.run, last.recipe, at_most=2)
    assert (found.total, len(found.runs)) == (5, 3)
    assert found.runs[-1].run.id == first.rows.run.id


async def test_each_run_tells_who_leads_its_vote_as_corrected(store: Store) -> None:
    texts = ("Answer: 40", "Answer: 45", "Answer: 40")
    first = await ran(
        store, Ear(texts), replace(OFFLINE, stop=StopRule(name="fixed", threshold=3.0), limits=Limits(cap=3))
    )
    tied = await ran(
        store, Ear(texts), replace(OFFLINE, stop=StopRule(name="fixed", threshold=2.0), limits=Limits(cap=2))
    )
    silent = await ran(store, Ear(("I cannot say.",)), OFFLINE)
    assert [past.leader for past in told(store, first).runs] == [None, None, "40"]
    grouping = Grouping(aliases={"40": "45"}, answers={silent.rows.candidates[0].id: "7"})
    for run, number in ((tied, 1), (silent, 2)):
        only = replace(grouping, answers={}) if run is tied else grouping
        Cases(store).regroup(run.rows.run.id, only, Author(key=f"press-000{number}", rater="Ada"))
    assert [past.leader for past in told(store, first).runs] == ["7", "45", "40"]


CHANGES = {
    "members": (Member(name="x", model="y", extra={"top_p": 0.5}),),
    "system": "Be brief.",
    "stop": StopRule(name="asc", threshold=0.9),
    "limits": Limits(cap=9, parallelism=3),
    "selector": "vote",
    "judge": ANNA,
    "fusor_kind": "none",
    "fusor": replace(ANNA, temperature=1.0),
    "seed": 99,
}


@pytest.mark.parametrize("name", [field.name for field in fields(Recipe)])
def test_no_part_of_a_recipe_can_differ_unseen(name: str) -> None:
    other = replace(recipe(), **{name: CHANGES[name]})
    found = differences(recipe(), other)
    assert len(found) == 1
    assert found[0].here != found[0].there
    assert [each._replace(here=each.there, there=each.here) for each in found] == list(differences(other, recipe()))


@pytest.mark.parametrize("name", [field.name for field in fields(Limits)])
def test_no_limit_can_differ_unseen(name: str) -> None:
    limits = replace(Limits(), **{name: 77})
    assert len(differences(recipe(limits=Limits()), recipe(limits=limits))) == 1


@pytest.mark.parametrize("name", sorted({field.name for field in fields(Member)} - {"api_key_env"}))
def test_no_part_of_a_member_can_differ_unseen(name: str) -> None:
    value = {"api_base": "http://localhost:8000/v1", "extra": {"top_p": 0.5}, "name": "n", "model": "m"}.get(name, 9)
    assert len(differences(recipe(members=(ANNA,)), recipe(members=(replace(ANNA, **{name: value}),)))) == 1


def test_equal_recipes_do_not_differ() -> None:
    assert differences(recipe(), recipe()) == ()


def test_no_address_and_no_key_is_told() -> None:
    words = str(described(recipe()))
    assert "judge.example" in words
    assert "hush" not in words
    assert "BERT_KEY" not in words
