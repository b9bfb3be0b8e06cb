"""Prompts and recipes: stored once under their content."""

from typing import Any

import pytest

from storage.catalogue import PromptRow, RecipeRow, put_prompt, put_recipe
from storage.connection import Store
from storage.errors import RowError


def test_the_same_prompt_is_stored_once(store: Store) -> None:
    with store.writing() as writer:
        keys = {put_prompt(writer, text="Why?", tags=["a"]) for _ in range(3)}
        prompts = writer.rows(PromptRow)
    assert [prompt.id for prompt in prompts] == list(keys)
    assert (prompts[0].text, prompts[0].reference, prompts[0].language, prompts[0].tags) == ("Why?", None, None, ["a"])


@pytest.mark.parametrize(
    "other",
    [{"text": "x" * 100 + "b"}, {"reference": "1"}, {"reference": ""}, {"language": "de"}, {"tags": ["t"]}],
)
def test_prompts_that_differ_anywhere_are_two(store: Store, other: dict[str, Any]) -> None:
    prompt = {"text": "x" * 100 + "a"}
    with store.writing() as writer:
        assert put_prompt(writer, **prompt) != put_prompt(writer, **{**prompt, **other})
        assert len(writer.rows(PromptRow)) == 2


def test_a_recipe_is_the_same_whatever_the_order_of_its_keys(store: Store) -> None:
    with store.writing() as writer:
        assert put_recipe(writer, {"seed": 1, "members": []}) == put_recipe(writer, {"members": [], "seed": 1})
        assert [recipe.body for recipe in writer.rows(RecipeRow)] == [{"seed": 1, "members": []}]


def test_a_recipe_with_another_value_is_another(store: Store) -> None:
    with store.writing() as writer:
        assert put_recipe(writer, {"seed": 1}) != put_recipe(writer, {"seed": 2})


@pytest.mark.parametrize("text", ["", "half \ud800"])
def test_a_prompt_that_cannot_be_kept_is_refused(store: Store, text: str) -> None:
    with store.writing() as writer:
        with pytest.raises(RowError):
            put_prompt(writer, text=text)
        assert writer.rows(PromptRow) == ()
