"""Formats are told by content, never by name."""

import json
from pathlib import Path
from typing import Any

import pytest

from fusion_ui.exchange.entries import RecordedFile
from fusion_ui.exchange.recorded_ratings import ImportRefusedError
from fusion_ui.exchange.sniffing import format_of

BATTLE = {"model_a": "a", "model_b": "b", "winner": "tie"}
COMPARATOR = {"metadata": {}, "models": [{"name": "a"}, {"name": "b"}], "examples": [{"input_text": "x"}]}


def told(tmp_path: Path, content: str) -> str:
    path = tmp_path / "upload"
    path.write_text(content, encoding="utf-8")
    return format_of(RecordedFile(path=path, name="x.txt"))


@pytest.mark.parametrize(
    ("fields", "format_"),
    [
        ({"prompt": "p", "candidates": []}, "pools"),
        ({"prompt": "p", "member": "m", "text": "t", "answer": "1"}, "candidates"),
        ({"question": "q", "member": "m", "text": "t"}, "answers"),
        ({"problem_num": 1, "all_answers": []}, "answers"),
        ({"instruction": "i", "output": "o"}, "alpaca_eval"),
        ({"doc_id": 1, "resps": []}, "lm_eval"),
        (BATTLE, "battles"),
        ({"model_x": "a", "model_y": "b", "winner": "left"}, "votes"),
        ({"fusion_ui": "bundle", "version": 1}, "bundle"),
        (COMPARATOR, "llm_comparator"),
    ],
)
@pytest.mark.parametrize("is_list", [False, True])
def test_a_record_tells_its_format(tmp_path: Path, fields: dict[str, Any], format_: str, is_list: bool) -> None:
    if format_ == "llm_comparator":
        assert told(tmp_path, json.dumps(fields, indent=1 if is_list else None)) == format_
    else:
        assert told(tmp_path, json.dumps([fields] if is_list else fields)) == format_


def test_a_header_tells_the_format_of_a_table(tmp_path: Path) -> None:
    assert told(tmp_path, "id,prompt,model_x,model_y,worker,winner\n0,8,97,98,58,tie\n") == "votes"
    assert told(tmp_path, "Prompt;Member;Text\np;m;t\n") == "candidates"


def test_a_broken_first_line_does_not_hide_the_format(tmp_path: Path) -> None:
    assert told(tmp_path, '{"oops"}\n' + json.dumps(BATTLE)) == "battles"


def test_what_is_of_no_format_names_the_fields_it_has(tmp_path: Path) -> None:
    with pytest.raises(ImportRefusedError, match="colour, shape"):
        told(tmp_path, '{"shape": 1, "colour": 2}')


def test_a_first_line_of_megabytes_is_a_line_all_the_same(tmp_path: Path) -> None:
    pool = {"prompt": "x" * 3_000_000, "candidates": [{"text": "t"}]}
    assert told(tmp_path, json.dumps(pool) + "\n" + json.dumps(pool)) == "pools"
