"""Lines of JSON and of CSV as named fields; a record that cannot be read carries what is wrong with it instead."""

import csv
import json
from collections.abc import Iterator
from typing import NamedTuple

from fusion_ui.analysis.answers import AnswersError
from fusion_ui.exchange.answer_lines import LONGEST_LINE, Line

_DELIMITERS = ",;\t"
_QUESTION, _ANSWER = ("question", "problem_num"), ("answer", "text")
_COLUMNS = {*_QUESTION, *_ANSWER, "member", "gold", "gold_answer", "tokens", "set", "prompt"}
_DECODER = json.JSONDecoder(strict=False)  # `json.loads` would make one a line
_TOO_LONG = f"is longer than {LONGEST_LINE // 1_000_000} MB"
_NOT_UTF8 = "is not UTF-8. Save the file as UTF-8"


class Fields(NamedTuple):
    """The fields of one record, by the number of its first line; none where `problem` says why it cannot be read."""

    line: int
    by_name: dict[str, object]
    problem: str = ""


def json_fields(lines: Iterator[Line]) -> Iterator[Fields]:
    """One record a line; blank lines do not count."""
    for line in lines:
        if line.is_cut:
            yield Fields(line.number, {}, _TOO_LONG)
        elif line.content.strip():
            yield _object(line)


def csv_fields(lines: Iterator[Line], *, name: str) -> Iterator[Fields]:
    """One record a row under the header; raises AnswersError where the header is none of ours."""
    source = _Decoded(lines)
    heading = next(source).strip()
    delimiter = max(_DELIMITERS, key=lambda mark: len(_COLUMNS & set(_header(heading, mark))))
    header = _header(heading, delimiter)
    if fault := _fault(heading, header):
        raise AnswersError(f"{name} {fault}")
    rows = csv.reader(source, delimiter=delimiter, strict=True)
    while True:
        number = source.number + 1
        try:
            row = next(rows, None)
        except csv.Error as error:
            lost = f"as far as line {source.number} " if source.number > number else ""
            yield Fields(number, {}, f"is no row of CSV {lost}({error}). A quote may be left open")
            continue
        if row is None:
            return
        if source.lost:
            yield Fields(source.lost, {}, _TOO_LONG)
            source.lost = 0
        if row:
            yield _row(row, header, number=number)


class _Decoded(Iterator[str]):
    """The lines as text for the CSV reader, which may take several for one row; `number` is the last one taken.

    What is not UTF-8 becomes lone surrogates, which UTF-8 never holds, so that the row they are in can be named.
    """

    def __init__(self, lines: Iterator[Line]) -> None:
        self._lines = lines
        self.number = 0
        self.lost = 0

    def __next__(self) -> str:
        line = next(self._lines)
        self.number = line.number
        if line.is_cut:
            self.lost = line.number
            return "\n"
        return line.content.decode("utf-8", "surrogateescape") + "\n"


def _object(line: Line) -> Fields:
    try:
        found = _DECODER.decode(line.content.decode("utf-8"))
    except UnicodeDecodeError:
        return Fields(line.number, {}, _NOT_UTF8)
    except json.JSONDecodeError as error:
        is_spread = line.content.strip() in (b"{", b"[")
        found = "goes on below" if is_spread else f"{error.msg} at column {error.colno}"
        return Fields(line.number, {}, f"is not JSON ({found}). Write one object a line")
    except ValueError:
        return Fields(line.number, {}, "holds a number of too many digits")
    except RecursionError:
        return Fields(line.number, {}, "is nested too deeply to be a recorded answer")
    if not isinstance(found, dict):
        return Fields(line.number, {}, "is no JSON object. Write one object a line")
    return Fields(line.number, found)


def _fault(heading: str, header: list[str]) -> str:
    """What keeps the first line of a file from being a header of ours."""
    if not _is_utf8(heading):
        return _NOT_UTF8
    if not set(_QUESTION) & set(header) or not set(_ANSWER) & set(header):
        return (
            f"begins with {heading[:60]!r}, which is neither JSON nor a header of CSV that names question and answer "
            "(or text)."
        )
    twice = sorted(column for column in _COLUMNS if header.count(column) > 1)
    return f"names the column {twice[0]} twice. Remove one." if twice else ""


def _is_utf8(text: str) -> bool:
    return text.isascii() or not any("\udc80" <= sign <= "\udcff" for sign in text)


def _header(heading: str, delimiter: str) -> list[str]:
    try:
        cells = next(csv.reader([heading], delimiter=delimiter), [])
    except csv.Error:
        return []
    return [cell.strip().casefold() for cell in cells]


def _row(row: list[str], header: list[str], *, number: int) -> Fields:
    if len(row) != len(header):
        return Fields(number, {}, f"has {len(row)} cells, the header has {len(header)}")
    if not _is_utf8("".join(row)):
        return Fields(number, {}, _NOT_UTF8)
    fields: dict[str, object] = {name: cell for name, cell in zip(header, row, strict=True) if cell.strip()}
    fields.setdefault("answer", None)  # an empty cell is a blank answer
    if "tokens" in fields:
        fields["tokens"] = _number(str(fields["tokens"]))
    return Fields(number, fields)


def _number(cell: str) -> object:
    """The number in a cell, else the cell as it is, for the field to refuse."""
    try:
        return int(cell) if cell.isdecimal() else float(cell)
    except ValueError:
        return cell
