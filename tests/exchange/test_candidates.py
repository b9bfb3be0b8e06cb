"""Recorded candidates: the JSONL lines, pasted texts, and everything that is not one."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.engine.values import FusionError, Prompt
from fusion_ui.exchange.candidates import CandidatesError, pasted_pool, read_pools

LINE = {"prompt": "6 x 7?", "reference": "42", "candidates": [{"member": "a", "text": "42"}, {"text": "41"}]}


def test_a_line_is_a_pool_by_position() -> None:
    (pool,) = read_pools(["\ufeff" + json.dumps(LINE) + "\r\n", "\n"], name="f.jsonl")
    assert (pool.prompt.text, pool.prompt.reference) == ("6 x 7?", "42")
    assert {position: (each.member, each.completion.text) for position, each in pool.recorded.items()} == {
        1: ("a", "42"),
        2: ("recorded", "41"),
    }


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{", "f.jsonl, line 2: is not JSON"),
        ("[]", "line 2"),
        ('{"prompt": "x", "candidates": []}', "line 2: candidates"),
        ('{"prompt": "", "candidates": [{"text": "a"}]}', "line 2: prompt"),
        ('{"prompt": "x", "candidates": [{"text": 3}]}', "line 2: candidates.0.text"),
        ('{"prompt": "x", "candidates": [{"member": "m"}]}', "line 2: candidates.0.text"),
        ("[" * 100_000, "line 2"),
    ],
)
def test_a_bad_line_is_named(line: str, words: str) -> None:
    pools = read_pools([json.dumps(LINE), line], name="f.jsonl")
    next(pools)
    with pytest.raises(CandidatesError, match=words):
        next(pools)


@given(st.text())
def test_no_line_breaks_the_reader(line: str) -> None:
    with suppress(FusionError):
        list(read_pools([line], name="f"))


def test_what_a_database_cannot_hold_is_cleaned() -> None:
    (pool,) = read_pools(['{"prompt": "x", "candidates": [{"text": "a\\ud800b\\u0000c \\ud83d\\ude00"}]}'], name="f")
    assert pool.recorded[1].completion.text == "a\ufffdbc 😀"


def test_pasted_texts_are_set_apart_by_dashes() -> None:
    pool = pasted_pool(Prompt(text="6 x 7?", reference="42"), "42\n\n----\n 41 \n---\n\n---\n40 - 1\n")
    assert [each.completion.text for each in pool.recorded.values()] == ["42", "41", "40 - 1"]
    assert pool.prompt.reference == "42"


def test_a_pasted_line_brings_its_own_prompt() -> None:
    pool = pasted_pool(Prompt(text="overruled"), f"\n {json.dumps(LINE)}\n")
    assert (pool.prompt.text, len(pool.recorded)) == ("6 x 7?", 2)
    with pytest.raises(CandidatesError, match="These are 2 prompts"):
        pasted_pool(Prompt(text="x"), f"{json.dumps(LINE)}\n{json.dumps(LINE)}")
    with pytest.raises(CandidatesError, match="the pasted text, line 1"):
        pasted_pool(Prompt(text="x"), '{"prompt": 7}')


def test_pasting_nothing_or_too_much_is_refused() -> None:
    with pytest.raises(CandidatesError, match="no candidate"):
        pasted_pool(Prompt(text="x"), "\n---\n")
    with pytest.raises(CandidatesError, match="101 candidates"):
        pasted_pool(Prompt(text="x"), "\n---\n".join(["a"] * 101))
