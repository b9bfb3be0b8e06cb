"""What a file to be brought in is, told by its content: the fields of its first record, never its name."""

from collections.abc import Mapping
from typing import Literal, get_args

from fusion_ui.exchange.answer_fields import Fields
from fusion_ui.exchange.battles import SIDES
from fusion_ui.exchange.entries import Holder, RecordedFile, holder_of, records_of
from fusion_ui.exchange.json_window import Window
from fusion_ui.exchange.recorded_ratings import ImportRefusedError

Format = Literal[
    "pools", "candidates", "answers", "alpaca_eval", "lm_eval", "votes", "battles", "llm_comparator", "bundle"
]
FORMATS: tuple[Format, ...] = get_args(Format)
_LOOKED_AT = 20  # records, should the first be broken
_ANSWERS = {"answer", "answers", "all_answers", "answer_counts"}
EXPECTED = (
    "Expected are prompts with candidates (prompt, member, text), votes (model_a, model_b, winner), recorded answers "
    "(question, member, answer), or files of AlpacaEval, lm-evaluation-harness, LLM Comparator and FastChat."
)


def format_of(file: RecordedFile) -> Format:
    """The format of this file. Raises ImportRefusedError where it is none that can be brought in."""
    holder = holder_of(file)
    if holder == "json" and _is_comparator(file):
        return "llm_comparator"
    records = records_of(file, holder)
    seen: list[Fields] = []
    for fields in records:
        seen.append(fields)
        if found := format_of_fields(fields.by_name, holder):
            return found
        if len(seen) >= _LOOKED_AT:
            break
    raise ImportRefusedError(f"{file.label} {_why(seen)}. {EXPECTED}")


def format_of_fields(fields: Mapping[str, object], holder: Holder = "jsonl") -> Format | None:
    """The format that a record of these fields is of, None if of none."""
    names = {name.casefold() for name in fields}
    if fields.get("fusion_ui") == "bundle" or names == {"table", "row"}:
        return "bundle"
    if {"examples", "models"} <= names:
        return "llm_comparator"
    if {"prompt", "candidates"} <= names:
        return "pools"
    if {"instruction", "output"} <= names:
        return "alpaca_eval"
    if "resps" in names and names & {"doc", "doc_id"}:
        return "lm_eval"
    if "winner" in names and any(pair <= names for pair in map(set, SIDES)):
        return "battles" if holder in ("json", "jsonl") and {"model_a", "model_b"} <= names else "votes"
    return _own_format(names)


def _own_format(names: set[str]) -> Format | None:
    if ("question" in names and names & (_ANSWERS | {"text"})) or "problem_num" in names:
        return "answers"
    return "candidates" if {"prompt", "text"} <= names else None


def _is_comparator(file: RecordedFile) -> bool:
    """Whether a document is an object with models; its examples may be too many to be read at once."""
    window = Window(file.chunks(), name=file.label)
    return window.peek() == "{" and any(key in ("models", "examples") for key, _ in window.members("examples"))


def _why(seen: list[Fields]) -> str:
    if not seen:
        return "has a header and no row"
    first = seen[0]
    if first.problem:
        return f"is of no format that can be brought in: line {first.line} {first.problem}"
    named = ", ".join(sorted(first.by_name)[:12])[:300]
    return f"is of no format that can be brought in: line {first.line} has the fields {named or '(none)'}"
