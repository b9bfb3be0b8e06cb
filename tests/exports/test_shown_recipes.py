"""Recipes are handed out without logins and keys, and as they are where there are none."""

import pytest

from fusion_ui.exports.shown_recipes import shown_recipe
from storage.rows import Json


@pytest.mark.parametrize(
    ("stored", "told"),
    [
        ("https://me:hush@a.example/v1?key=hush#hush", "https://a.example/v1"),
        ("https://a.example:8443/v1?key=hush", "https://a.example:8443/v1"),
        ("http://127.0.0.1:11434", "http://127.0.0.1:11434"),
        ("https://A.example/v1/", "https://A.example/v1/"),
        ("http://[hush", "an address that cannot be read"),
        (None, None),
    ],
)
def test_an_address_goes_without_login_query_and_fragment(stored: str | None, told: str | None) -> None:
    member: Json = {"name": "m", "api_base": stored}
    body: Json = {"members": [member, member], "judge": member, "fusor": None, "seed": 7}
    shown: Json = {"name": "m", "api_base": told}
    assert shown_recipe(body) == {"members": [shown, shown], "judge": shown, "fusor": None, "seed": 7}


def test_settings_that_nobody_knows_stay_here() -> None:
    body: Json = {"members": [{"extra": {"top_p": 0.9, "api_key": "hush"}}]}
    assert shown_recipe(body) == {"members": [{"extra": {"top_p": 0.9}}]}


@pytest.mark.parametrize("body", [{}, [], None, {"members": "none"}, {"members": [1]}])
def test_what_is_no_recipe_of_ours_is_left_as_it_is(body: Json) -> None:
    assert shown_recipe(body) == body
