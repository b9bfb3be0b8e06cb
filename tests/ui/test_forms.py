"""The composer's fields: what is offered, and what a hostile client may put into them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.composition import composed
from fusion_ui.recipes import ChoiceError, Choices
from fusion_ui.services import Services
from fusion_ui.settings import load_settings
from fusion_ui.ui.forms import Entered, choices_of, entered_of, offered

GOOD = ("6 x 7?", ["Quick"], 8, "balanced", "vote", "extractive", "", "", "", "", "")
anything = (
    st.none() | st.integers() | st.floats() | st.text() | st.lists(st.text()) | st.dictionaries(st.text(), st.none())
)


def test_fields_become_choices() -> None:
    assert choices_of(entered_of(GOOD)) == Choices(
        members=("Quick",), n=8, preset="balanced", selector="vote", fusor="extractive"
    )


def test_emptied_number_fields_leave_the_choice_to_the_settings() -> None:
    choices = choices_of(entered_of([*GOOD[:2], None, *GOOD[3:9], " ", ""]))
    assert (choices.n, choices.seed, choices.budget_usd) == (None, None, None)


def test_a_seed_and_a_budget_are_read_as_they_are_typed() -> None:
    choices = choices_of(entered_of([*GOOD[:9], " 0", "0.5"]))
    assert (choices.seed, choices.budget_usd) == (0, 0.5)


@given(st.lists(anything, min_size=8, max_size=13))
def test_no_fields_whatsoever_break_the_form(values: list[object]) -> None:
    try:
        assert isinstance(entered_of(values), Entered)
    except ChoiceError as refused:
        told = str(refused)
        assert told.startswith("The form cannot be read")


def test_the_field_that_is_wrong_is_named() -> None:
    with pytest.raises(ChoiceError, match="n: Input should be a valid integer"):
        entered_of([*GOOD[:2], "many", *GOOD[3:]])
    with pytest.raises(ChoiceError, match="seed: Input should be greater than or equal to 0"):
        entered_of([*GOOD[:9], "-1", ""])


def test_weights_are_read_from_their_field() -> None:
    assert choices_of(entered_of([*GOOD[:8], "Quick 2", *GOOD[9:]])).weights == {"Quick": 2.0}


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    with composed(load_settings(db=tmp_path / "f.db")) as services:
        yield services


def test_weights_from_elsewhere_fill_the_field_and_tick_their_members(services: Services) -> None:
    filled = offered({"Quick": 0.123456789, "Careful": 0.0, "Plain": 0.4}, services)
    assert filled == ("Quick 0.123457, Plain 0.4", ["Quick", "Plain"], "")


def test_members_that_are_not_set_up_are_named_with_what_to_do(services: Services) -> None:
    filled = offered({"Quick": 0.5, "llama-70b": 0.3, "qwen": 0.2}, services)
    assert filled.weights == "Quick 0.5, llama-70b 0.3, qwen 0.2"
    assert "llama-70b and qwen, which are not set up here" in filled.notice
    assert "fusion_ui.toml" in filled.notice
    assert 'name = "qwen"' in filled.notice


def test_many_strange_names_make_a_short_notice(services: Services) -> None:
    filled = offered({f'{"x" * 200}"{at}': 1.0 for at in range(500)}, services)
    assert "492 more" in filled.notice
    assert len(filled.notice) < 1200


def test_where_nobody_is_set_up_the_usual_members_stay_ticked(services: Services) -> None:
    assert offered({"llama-70b": 1.0}, services).members == list(services.default_members)
