"""Candidates in tables, of AlpacaEval and of lm-evaluation-harness."""

from typing import Any

import pytest

from fusion_ui.exchange.alpaca_eval import alpaca_candidate
from fusion_ui.exchange.lm_eval_samples import Samples, model_of
from fusion_ui.exchange.own_tables import candidate_of
from fusion_ui.exchange.texts import LineError

SAMPLE: dict[str, Any] = {
    "doc_id": 3,
    "doc": {"question": "1+1?"},
    "target": "2",
    "arguments": {"gen_args_0": {"arg_0": "Q: 1+1?", "arg_1": {"until": ["\n"]}}},
    "resps": [["two", "It is 2."]],
    "filtered_resps": ["2"],
    "filter": "strict-match",
    "exact_match": 1.0,
}


def samples(*lines: dict[str, Any], member: str = "m") -> list[tuple[str, ...]]:
    reader = Samples(member=member)
    found = [each for number, line in enumerate(lines, start=1) for each in reader.candidates(line, line=number)]
    return [(each.prompt, each.member, each.text, each.reference or "") for each in found]


def test_a_row_of_a_table_is_a_candidate() -> None:
    row = {"prompt": "p", "member": "m", "text": "t", "gold": "4", "language": "de", "tags": "a, b", "answer": "4"}
    found = candidate_of(row, line=2)
    assert found == (2, "p", "m", "t", "4", "de", ("a", "b"))


@pytest.mark.parametrize("row", [{"text": "t"}, {"prompt": " ", "text": "t"}, {"prompt": "p", "text": ["t"]}])
def test_a_row_without_a_prompt_or_with_no_text_is_refused(row: dict[str, Any]) -> None:
    with pytest.raises(LineError):
        candidate_of(row, line=1)


def test_tags_may_be_a_list_in_json() -> None:
    assert candidate_of({"prompt": "p", "text": "t", "tags": '["x", "y"]'}, line=1).tags == ("x", "y")
    with pytest.raises(LineError, match="tags"):
        candidate_of({"prompt": "p", "text": "t", "tags": "[" * 9}, line=1)


def test_an_entry_of_alpaca_eval_is_its_generators_candidate() -> None:
    entry = {"instruction": "Do it", "output": "done", "generator": "gpt4", "dataset": "helpful_base"}
    assert alpaca_candidate(entry, line=1, member="file") == (1, "Do it", "gpt4", "done", None, None, ("helpful_base",))
    assert alpaca_candidate({"instruction": "Do it", "output": ""}, line=1, member="file").member == "file"


def test_an_input_of_alpaca_belongs_to_the_prompt() -> None:
    entry = {"instruction": "Sum up", "input": "1 2", "output": "3"}
    assert alpaca_candidate(entry, line=1, member="f").prompt == "Sum up\n\n1 2"


def test_every_repeat_of_a_sample_is_a_candidate() -> None:
    assert samples(SAMPLE) == [("Q: 1+1?", "m", "two", "2"), ("Q: 1+1?", "m", "It is 2.", "2")]


def test_arguments_of_older_versions_are_read() -> None:
    assert samples(SAMPLE | {"arguments": [["Q: 1+1?", {"until": []}]]})[0][0] == "Q: 1+1?"


def test_the_same_replies_under_another_filter_are_not_read_again() -> None:
    assert len(samples(SAMPLE, SAMPLE | {"filter": "flexible-extract"}, SAMPLE | {"doc_id": 4})) == 4


def test_likelihoods_are_no_texts() -> None:
    with pytest.raises(LineError, match="likelihoods"):
        samples(SAMPLE | {"resps": [[[-2.0, False]], [[-0.1, True]]]})


@pytest.mark.parametrize("change", [{"resps": []}, {"resps": None}, {"arguments": {}}, {"arguments": [[{"a": 1}]]}])
def test_a_sample_without_prompt_or_reply_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(LineError):
        samples(SAMPLE | change)


@pytest.mark.parametrize(
    ("name", "model"),
    [
        ("out/google__gemma-2b/samples_gsm8k_2024.jsonl", "google/gemma-2b"),
        ("samples_gsm8k_2024.jsonl", "gsm8k_2024"),
        ("C:\\out\\a__b\\samples_x.jsonl", "a/b"),
        ("gemma.jsonl", "gemma"),
        ("", "recorded"),
    ],
)
def test_the_folder_or_the_name_of_a_file_names_its_model(name: str, model: str) -> None:
    assert model_of(name) == model
