"""A JSON document is read element by element in little memory, and refused where it is none."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.exchange.json_window import LONGEST_ELEMENT, Window
from fusion_ui.exchange.recorded_ratings import ImportRefusedError

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda each: st.lists(each) | st.dictionaries(st.text(), each),
)


def window(*chunks: bytes) -> Window:
    return Window(chunks, name="x.json")


def whole(read: Window) -> None:
    for _ in read.elements():
        pass
    read.end()


def cut(content: bytes, size: int) -> list[bytes]:
    return [content[start : start + size] for start in range(0, len(content), size)]


@given(
    st.lists(st.dictionaries(st.text(max_size=3), JSON, max_size=3), max_size=5),
    st.integers(1, 7),
    st.sampled_from([None, 1]),
)
def test_elements_are_those_of_the_list_however_it_is_cut(found: list[Any], size: int, indent: int | None) -> None:
    content = json.dumps(found, ensure_ascii=False, indent=indent).encode("utf-8", "surrogatepass")
    read = window(*cut(content, size))
    assert [fields.by_name for fields in read.elements()] == found
    read.end()


@given(JSON, st.integers(1, 7))
def test_a_value_is_read_whole_however_it_is_cut(value: Any, size: int) -> None:
    assert window(*cut(json.dumps(value).encode() + b" ", size)).value() == value


def test_every_element_is_named_by_the_line_it_begins_on() -> None:
    found = window(b'\n[\n {"a":\n 1},\n\n {"b": 2}, 3]').elements()
    assert [(fields.line, fields.problem) for fields in found] == [(3, ""), (6, ""), (6, "is no JSON object")]


def test_a_long_list_in_an_object_is_streamed_beside_the_other_members() -> None:
    read = window(b'{"models": [1, 2], "examples": [{"a": 1}, {"a": 2}], "end": null}')
    found = list(read.members("examples"))
    assert [key for key, _ in found] == ["models", "examples", "examples", "end"]
    assert [found[1][1].by_name, found[2][1].by_name] == [{"a": 1}, {"a": 2}]


@pytest.mark.parametrize(
    "content",
    [b'[{"a": 1}', b'[{"a": 1} {"a": 2}]', b'[{"a": ', b"[,]", b'[{"a": 1},]', b'[{"a"}]', b'[{"a": 1}] x', b"[tru"],
)
def test_a_broken_document_is_refused_with_its_line(content: bytes) -> None:
    with pytest.raises(ImportRefusedError, match=r"x\.json, line 2"):
        whole(window(b"\n" + content))


def test_what_is_not_utf8_is_refused() -> None:
    with pytest.raises(ImportRefusedError, match="not UTF-8"):
        list(window(b'[{"a": "\xe9"}]').elements())


def test_a_byte_order_mark_is_no_part_of_the_document() -> None:
    assert [each.by_name for each in window(b'\xef\xbb\xbf[{"a": 1}]').elements()] == [{"a": 1}]


def test_endless_nesting_is_refused() -> None:
    with pytest.raises(ImportRefusedError, match="nested too deeply"):
        list(window(b"[" + b'{"a":' * 100_000).elements())


def test_a_number_of_too_many_digits_is_refused() -> None:
    with pytest.raises(ImportRefusedError, match="too many digits"):
        list(window(b'[{"a": ' + b"9" * 10_000 + b"}]").elements())


def test_an_endless_element_is_refused_at_its_ceiling() -> None:
    taken = 0

    def endless() -> Iterator[bytes]:
        nonlocal taken
        yield b'[{"a": "'
        while True:
            taken += 1 << 20
            yield b"x" * (1 << 20)

    with pytest.raises(ImportRefusedError, match="longer than"):
        list(Window(endless(), name="x").elements())
    assert taken < 4 * LONGEST_ELEMENT


def test_many_elements_are_never_held_at_once() -> None:
    element = b'{"a": "' + b"x" * 1000 + b'"},'
    chunks = (element * 1000 for _ in range(30))
    read = Window((chunk for part in ([b"["], chunks, [b"{}]"]) for chunk in part), name="x")
    assert sum(1 for _ in read.elements()) == 30_001
    assert len(read._text) < 3_000_000
