"""Lines from outside: what they hold, and what is said of those that hold something else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from fusion_ui.exchange.texts import LineError, Text, parsed_line


class Named(BaseModel):
    name: Text
    parts: tuple[int, ...] = ()


def test_a_line_is_cleaned_as_it_is_read() -> None:
    assert parsed_line(Named, '\ufeff{"name": "a\\ud800\tb\\u0000"}') == Named(name="a\ufffd\tb")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{", "is not JSON (Expecting property name enclosed in double quotes at column 2)."),
        ("[" * 100_000, "is nested too deeply to be read."),
        ("7", "the line: Input should be a valid dictionary or instance of Named."),
        ('{"name": 7}', "name: Input should be a valid string."),
        ('{"name": "a", "parts": [1, "b"]}', "parts.1: Input should be a valid integer"),
    ],
)
def test_what_is_wrong_with_a_line_is_told_in_words(line: str, words: str) -> None:
    with pytest.raises(LineError) as refused:
        parsed_line(Named, line)
    assert str(refused.value).startswith(words)


@given(st.text())
def test_every_name_comes_back_as_something_that_can_be_stored(name: str) -> None:
    read = parsed_line(Named, Named.model_construct(name=name).model_dump_json(warnings=False))
    assert "\0" not in read.name
    read.name.encode()
