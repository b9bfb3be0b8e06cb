"""Files of any format as streams of what they hold: pools, candidates or judgements; a bad line as its problem."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeVar

from fusion_ui.exchange.alpaca_eval import alpaca_candidate
from fusion_ui.exchange.answer_fields import Fields
from fusion_ui.exchange.battles import VoteReader
from fusion_ui.exchange.candidates import CandidatesError, RecordedPool, read_pools
from fusion_ui.exchange.entries import RecordedFile, holder_of, records_of
from fusion_ui.exchange.llm_comparator import examples, models_of, ratings_of
from fusion_ui.exchange.lm_eval_samples import Samples, model_of
from fusion_ui.exchange.own_tables import candidate_of
from fusion_ui.exchange.recorded import Problem
from fusion_ui.exchange.recorded_ratings import RecordedCandidate, RecordedRating
from fusion_ui.exchange.sniffing import Format
from fusion_ui.exchange.texts import LineError

T = TypeVar("T")
_Read = Callable[[Mapping[str, object], int], Iterable[T]]


def candidates_in(file: RecordedFile, format: Format) -> Iterator[RecordedCandidate | Problem]:
    """The candidates of a table, of AlpacaEval or of lm-evaluation-harness."""
    samples = Samples(member=model_of(file.name))

    def read(fields: Mapping[str, object], line: int) -> Iterable[RecordedCandidate]:
        if format == "lm_eval":
            return samples.candidates(fields, line=line)
        if format == "alpaca_eval":
            return (alpaca_candidate(fields, line=line, member=file.stem),)
        return (candidate_of(fields, line=line),)

    return _read_all(file, records_of(file), read)


def ratings_in(file: RecordedFile, format: Format) -> Iterator[RecordedRating | Problem]:
    """The judgements of votes, battles or LLM Comparator."""
    if format == "llm_comparator":
        pair = models_of(file)
        return _read_all(file, examples(file), lambda fields, line: ratings_of(fields, pair, line=line))
    votes = VoteReader()
    return _read_all(file, records_of(file), lambda fields, line: (votes.rating(fields, line=line),))


def pools_in(file: RecordedFile) -> Iterator[RecordedPool | Problem]:
    """The pools of records that hold a prompt with its candidates."""
    if holder_of(file) == "jsonl":
        lines = ((line.number, line.content, line.is_cut) for line in file.lines() if line.content.strip())
        for number, content, is_cut in lines:
            yield Problem(file.label, number, "is too long") if is_cut else _pool(content, file.label, number)
        return
    for fields in records_of(file):
        if fields.problem:
            yield Problem(file.label, fields.line, fields.problem)
        else:
            yield _pool(_line(fields.by_name), file.label, fields.line)


def _line(fields: Mapping[str, object]) -> bytes:
    """The same record as a line of JSON; in a table its candidates are JSON in one cell."""
    cell = fields.get("candidates")
    others = {name: value for name, value in fields.items() if name != "candidates"}
    candidates = cell if isinstance(cell, str) else json.dumps(cell)
    return f'{json.dumps(others)[:-1]}{", " if others else ""}"candidates": {candidates}}}'.encode()


def _pool(content: bytes, name: str, number: int) -> RecordedPool | Problem:
    try:
        return next(read_pools([content.decode("utf-8")], name=""))
    except UnicodeDecodeError:
        return Problem(name, number, "is not UTF-8. Save the file as UTF-8")
    except CandidatesError as error:
        return Problem(name, number, str(error).partition(": ")[2].removesuffix("."))


def _read_all(file: RecordedFile, records: Iterator[Fields], read: _Read[T]) -> Iterator[T | Problem]:
    """Everything read of these records; of a record that has a fault, nothing."""
    for fields in records:
        if fields.problem:
            yield Problem(file.label, fields.line, fields.problem)
            continue
        try:
            found = read(fields.by_name, fields.line)
            found = found if isinstance(found, tuple) else tuple(found)
        except LineError as error:
            yield Problem(file.label, fields.line, str(error))
            continue
        yield from found
