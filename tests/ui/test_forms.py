"""The composer's fields: what is offered, and what a hostile client may put into them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.recipes import ChoiceError, Choices
from fusion_ui.ui.forms import Entered, choices_of, entered_of

GOOD = ("6 x 7?", ["Quick"], 8, "balanced", "vote", "extractive", "", "", None, None)
anything = (
    st.none() | st.integers() | st.floats() | st.text() | st.lists(st.text()) | st.dictionaries(st.text(), st.none())
)


def test_fields_become_choices() -> None:
    assert choices_of(entered_of(GOOD)) == Choices(
        members=("Quick",), n=8, preset="balanced", selector="vote", fusor="extractive"
    )


def test_emptied_number_fields_leave_the_choice_to_the_settings() -> None:
    entered = entered_of([*GOOD[:2], None, *GOOD[3:8], None, None])
    assert (choices_of(entered).n, choices_of(entered).seed) == (None, None)


@given(st.lists(anything, min_size=8, max_size=12))
def test_no_fields_whatsoever_break_the_form(values: list[object]) -> None:
    try:
        assert isinstance(entered_of(values), Entered)
    except ChoiceError as refused:
        told = str(refused)
        assert told.startswith("The form cannot be read")


def test_the_field_that_is_wrong_is_named() -> None:
    with pytest.raises(ChoiceError, match="n: Input should be a valid integer"):
        entered_of([*GOOD[:2], "many", *GOOD[3:]])
