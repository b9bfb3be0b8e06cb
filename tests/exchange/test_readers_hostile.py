"""Whatever arrives under whatever name, a reader gives values or a plain refusal: never another exception."""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from fusion_ui.engine.values import FusionError
from fusion_ui.exchange.alpaca_eval import alpaca_candidate
from fusion_ui.exchange.battles import VoteReader
from fusion_ui.exchange.entries import RecordedFile, holder_of, records_of
from fusion_ui.exchange.llm_comparator import Pair, examples, models_of, ratings_of
from fusion_ui.exchange.lm_eval_samples import Samples
from fusion_ui.exchange.own_tables import candidate_of
from fusion_ui.exchange.sniffing import format_of, format_of_fields
from fusion_ui.exchange.texts import LineError

WORDS = """prompt member text tags candidates model_a model_b winner rater judge turn tstamp anony conversation_a
    question_id instruction output generator dataset doc_id resps arguments target filter input_text output_text_a
    individual_rater_scores score is_flipped examples models custom_fields role content language note""".split()
CELLS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["model_a", "tie", "a", "b"]),
    lambda each: st.lists(each, max_size=4) | st.dictionaries(st.sampled_from(WORDS), each, max_size=4),
    max_leaves=12,
)
FIELDS = st.dictionaries(st.sampled_from(WORDS), CELLS, max_size=12)
Read = Callable[[Mapping[str, Any]], object]
READERS: dict[str, Read] = {
    "candidates": lambda fields: candidate_of(fields, line=1),
    "alpaca_eval": lambda fields: alpaca_candidate(fields, line=1, member="m"),
    "lm_eval": lambda fields: list(Samples(member="m").candidates(fields, line=1)),
    "votes": lambda fields: VoteReader().rating(fields, line=1),
    "llm_comparator": lambda fields: list(ratings_of(fields, Pair("a", "b"), line=1)),
    "sniffing": format_of_fields,
}


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hostile") / "upload"


def read(path: Path, content: bytes) -> int:
    """How many records a file of this content has, good and bad, read in every way there is."""
    path.write_bytes(content)
    file = RecordedFile(path=path, name="x.any")
    found = 0
    for way in (lambda: records_of(file), lambda: examples(file), lambda: iter([models_of(file), format_of(file)])):
        with suppress(FusionError):
            found += sum(1 for _ in way())  # type: ignore[misc, operator, arg-type, var-annotated]
    return found


@pytest.mark.parametrize("name", READERS)
@given(fields=FIELDS)
@settings(max_examples=60)
def test_any_fields_are_read_or_refused_by_name(name: str, fields: dict[str, Any]) -> None:
    with suppress(LineError):
        READERS[name](fields)


@given(content=st.binary(max_size=300))
@example(content=b'[{"a": 1}, \xff')
@example(content=b'{"a": "\\ud800"}\n{"a": 1')
@example(content=b"\xef\xbb\xbf")
@example(content=b'a,b\n"')
@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_read_or_refused(scratch: Path, content: bytes) -> None:
    if not content.startswith(b"PAR1"):
        assert read(scratch, content) >= 0


@given(content=st.lists(FIELDS, max_size=4), cut=st.integers(0, 40), is_lines=st.booleans())
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_json_broken_off_anywhere_is_read_or_refused(
    scratch: Path, content: list[Any], cut: int, is_lines: bool
) -> None:
    text = "\n".join(map(json.dumps, content)) if is_lines else json.dumps(content)
    assert read(scratch, text.encode()[: max(1, len(text) - cut)]) >= 0


def parquet(path: Path, table: pd.DataFrame) -> RecordedFile:
    table.to_parquet(path, engine="fastparquet")
    return RecordedFile(path=path, name="x.parquet")


def test_parquet_is_read_row_by_row(tmp_path: Path) -> None:
    table = pd.DataFrame({"prompt": ["p", "q é"], "text": ["t", None], "n": [1, 2], "r": [0.5, np.nan]})
    file = parquet(tmp_path / "x", table)
    assert holder_of(file) == "parquet"
    assert [each.by_name for each in records_of(file)] == [
        {"prompt": "p", "text": "t", "n": 1, "r": 0.5},
        {"prompt": "q é", "n": 2},
    ]


@pytest.mark.parametrize("cut", [4, 30, 200])
def test_a_damaged_parquet_file_is_refused_and_harms_nobody(tmp_path: Path, cut: int) -> None:
    whole = parquet(tmp_path / "x", pd.DataFrame({"a": range(1000)})).path.read_bytes()
    (tmp_path / "y").write_bytes(whole[:cut] + bytes(100) + whole[cut + 100 :])
    found = []
    with suppress(FusionError):  # a page of zeros may also be lawful numbers
        found += records_of(RecordedFile(path=tmp_path / "y", name="x.parquet"))
    assert len(found) <= 1000


def test_parquet_of_more_rows_than_are_taken_is_refused_by_its_footer(tmp_path: Path) -> None:
    file = parquet(tmp_path / "x", pd.DataFrame({"a": np.zeros(5_000_001, dtype=np.int8)}))
    with pytest.raises(FusionError, match="states 5,000,001 rows"):
        next(records_of(file))
