"""Files and pasted texts with odd lines in them: read, or refused by line and in words, and never half."""

import gzip
import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from fusion_ui.engine.values import FusionError, Prompt
from fusion_ui.exchange.answers import AnswersError, read_answers
from fusion_ui.exchange.candidates import CandidatesError, pasted_pool, read_pools
from fusion_ui.exchange.entries import RecordedFile, records_of
from fusion_ui.exchange.prompt_lines import read_prompts
from fusion_ui.exchange.sniffing import format_of
from fusion_ui.exchange.texts import MOST_CHARACTERS
from storage.bundle_tables import everything
from storage.bundles import bundle_lines, put_bundle
from storage.connection import Store, open_store
from storage.errors import StorageError
from tests.fuzz.spoiling import refused, spoilt
from tests.storage.samples import fill_every_table

POOL = '{"prompt": "6 x 7?", "reference": "42", "tags": ["maths"], "candidates": [{"member": "m", "text": "42"}]}'
ANSWERS = (
    '{"question": "1", "member": "m", "gold": "18", "answers": [["18", 12.5], [null, 3]]}\n' * 2,
    '{"question": "1", "member": "m", "counts": {"18": 3, "19": 1}}\n',
    "question,member,answer,gold\n1,m,18,18\n1,m,,18\n",
    "question\tanswer\n1\t18\n",
)
PASTED = ("It is 42.\n---\nIt is 41.\n\n-----\n", POOL, "one text")
RECORDS = (
    '{"instruction": "q", "output": "a", "generator": "m"}\n',
    '[{"model_a": "x", "model_b": "y", "winner": "model_a", "judge": "j", "turn": 1}]',
    '{"metadata": {}, "models": [{"name": "a"}, {"name": "b"}], "examples": [{"input_text": "q", "score": 1.5}]}',
    "prompt,member,text\nq,m,a\n",
)
QUESTION = Prompt(text="q")


class BrokenOffError(Exception):
    """What a test raises to have nothing stored."""


@pytest.fixture(scope="module")
def upload(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("upload") / "file"


def encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


@given(spoilt(ANSWERS), st.integers(1, 64))
@example("question,answer\n1,\n", 3)
def test_a_file_of_answers_says_the_same_however_it_is_cut(text: str, size: int) -> None:
    content = encoded(text)
    pieces = [content[at : at + size] for at in range(0, len(content), size)]
    words = refused(lambda: read_answers([content], name="f.csv"), AnswersError)
    assert refused(lambda: read_answers(pieces, name="f.csv"), AnswersError) == words
    if not words:
        assert read_answers(pieces, name="f.csv") == read_answers([content], name="f.csv")


@given(spoilt([POOL, POOL + "\n" + POOL]))
@example('{"prompt": ' + "9" * 5_000 + "}")
@example('{"prompt": "q", "candidates": ' + "[" * 5_000)
def test_a_line_of_candidates_is_read_or_named(line: str) -> None:
    words = refused(lambda: list(read_pools(line.splitlines(), name="f.jsonl")), CandidatesError)
    assert not words or words.startswith("f.jsonl, line ")
    refused(lambda: list(read_prompts(line.splitlines(), name="f.jsonl")), FusionError)


@given(spoilt(PASTED))
def test_whatever_is_pasted_becomes_texts_that_can_be_stored(pasted: str) -> None:
    if refused(lambda: pasted_pool(QUESTION, pasted), CandidatesError):
        return
    texts = [each.completion.text for each in pasted_pool(QUESTION, pasted).recorded.values()]
    assert 0 < len(texts) <= 100
    assert all("\0" not in text and text.encode() for text in texts)


@given(text=spoilt(RECORDS), is_zipped=st.booleans())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_odd_upload_is_read_or_refused(upload: Path, text: str, is_zipped: bool) -> None:
    upload.write_bytes(gzip.compress(encoded(text), mtime=0) if is_zipped else encoded(text))
    file = RecordedFile(path=upload, name="file.jsonl")
    refused(lambda: format_of(file), FusionError)
    refused(lambda: sum(1 for _ in records_of(file)), FusionError)


def test_pasted_texts_are_set_apart_by_lines_of_dashes_alone() -> None:
    pool = pasted_pool(QUESTION, "a -- b\n \t----  \n\n\n--- c\n---\r\nd\n\n")
    assert [each.completion.text for each in pool.recorded.values()] == ["a -- b", "--- c", "d"]


def lines() -> Iterator[str]:
    yield POOL
    yield json.dumps({"prompt": "q", "candidates": [{"text": "x" * (MOST_CHARACTERS + 1)}]})


def test_what_comes_before_a_bad_line_is_read() -> None:
    pools = read_pools(lines(), name="f")
    assert next(pools).prompt.text == "6 x 7?"
    assert refused(lambda: next(pools), CandidatesError).startswith("f, line 2: candidates.0.text")


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    with open_store(fill_every_table(tmp_path_factory.mktemp("full"))) as store, store.reading() as reader:
        return list(bundle_lines(reader, everything(reader, has_lab=True)))


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with open_store(tmp_path_factory.mktemp("empty") / "s.db") as store:
        yield store


@given(data=st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_odd_bundle_is_stored_whole_or_refused(bundle: list[str], empty: Store, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(bundle) - 1))
    odd = [*bundle[:at], data.draw(spoilt([bundle[at]])).replace("\n", " "), *bundle[at + 1 :]]

    def put() -> None:
        with empty.writing() as writer:
            put_bundle(writer, odd)
            raise BrokenOffError  # so that the next one comes to an empty database again

    with suppress(BrokenOffError):
        refused(put, StorageError)
    with empty.reading() as reader:
        assert reader.execute("SELECT count(*) FROM runs").fetchone() == (0,)
