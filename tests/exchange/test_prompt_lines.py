"""Prompt sets: lines of JSON or of plain text; a file with a wrong line is refused whole, before anything is paid."""

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fusion_ui.engine.values import Prompt
from fusion_ui.exchange.prompt_lines import PromptLinesError, read_prompts


def test_lines_of_json_bring_reference_language_and_tags() -> None:
    line = json.dumps({"prompt": "2 + 2?", "reference": "4", "language": "en", "tags": ["sum"], "id": 7})
    assert read_prompts([line], name="p.jsonl") == (Prompt(text="2 + 2?", reference="4", language="en", tags=("sum",)),)


@pytest.mark.parametrize("name", ["text", "question", "instruction"])
def test_other_names_of_a_prompt_are_known(name: str) -> None:
    assert read_prompts([json.dumps({name: "Why?", "gold": "so"})], name="p") == (Prompt(text="Why?", reference="so"),)


def test_plain_lines_are_prompts_and_blank_ones_do_not_count() -> None:
    lines = ["\ufeffWhy?\r\n", "\n", "  Wie?  \n"]
    assert [prompt.text for prompt in read_prompts(lines, name="p.txt")] == ["Why?", "Wie?"]


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([], "has no prompt"),
        (["\n", " \n"], "has no prompt"),
        (["Why?", '{"prompt": '], "line 2: is not JSON"),
        (['{"prompt": "  "}'], "line 1: the prompt is blank"),
        (['{"reference": "4"}'], "line 1: prompt: Field required"),
        (['{"prompt": 7}'], "line 1: prompt"),
        (["x" * 200_001], "at most 200,000"),
        (["["] * 9, "and 4 more"),
        (["[" * 100_000], "line 1"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_by_its_lines(lines: list[str], words: str) -> None:
    with pytest.raises(PromptLinesError, match=words):
        read_prompts(lines, name="p.jsonl")


@given(st.lists(st.text()))
@example(["\x0c"])
@example(["\0"])
def test_whatever_the_lines_hold_nothing_but_a_plain_refusal_comes_out(lines: list[str]) -> None:
    try:
        prompts = read_prompts(lines, name="p")
    except PromptLinesError:
        return
    assert all(prompt.text.strip() for prompt in prompts)
