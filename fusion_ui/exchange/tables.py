"""A table of text as named fields, a record a row: commas, semicolons or tabs, quotes over several lines, any header.

The names of columns are read without regard to case. Cells may have as many characters as Python's csv allows.
"""

import csv
from collections.abc import Iterator

from fusion_ui.exchange.answer_fields import Fields
from fusion_ui.exchange.answer_lines import LONGEST_LINE, Line
from fusion_ui.exchange.recorded_ratings import ImportRefusedError

_DELIMITERS = ",;\t"
_TOO_LONG = f"is longer than {LONGEST_LINE // 1_000_000} MB"
_NOT_UTF8 = "is not UTF-8. Save the file as UTF-8"


def header_of(heading: str) -> tuple[str, list[str]]:
    """The delimiter of a heading, and its columns."""
    delimiter = max(_DELIMITERS, key=lambda mark: len(_cells(heading, mark)))
    return delimiter, [cell.strip().casefold() for cell in _cells(heading, delimiter)]


def table_fields(lines: Iterator[Line], *, name: str) -> Iterator[Fields]:
    """One record a row under the header; an empty cell is no field. Raises ImportRefusedError for a useless header."""
    source = _Decoded(lines)
    delimiter, header = header_of(next(source, "").strip("\r\n"))
    if twice := sorted(column for column in set(header) if header.count(column) > 1):
        raise ImportRefusedError(f"{name} names the column {twice[0][:60]!r} twice. Remove one.")
    rows = csv.reader(source, delimiter=delimiter, strict=True)
    while True:
        number = source.number + 1
        try:
            row = next(rows, None)
        except csv.Error as error:
            lost = _as_far_as(source, number)
            yield Fields(number, {}, f"is no row of CSV{lost} ({error}). A quote may be left open")
            continue
        if row is None:
            return
        if source.lost:
            yield Fields(source.lost, {}, _TOO_LONG)
            source.lost = 0
        elif row:
            yield _record(row, header, number=number)


class _Decoded(Iterator[str]):
    """The lines as text; `number` is the last one taken, `lost` one that was too long.

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


def _as_far_as(source: _Decoded, number: int) -> str:
    return f" as far as line {source.number}" if source.number > number else ""


def _cells(heading: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([heading], delimiter=delimiter), [])
    except csv.Error:
        return []


def _record(row: list[str], header: list[str], *, number: int) -> Fields:
    if len(row) != len(header):
        return Fields(number, {}, f"has {len(row)} cells, the header has {len(header)}")
    fields: dict[str, object] = {name: cell for name, cell in zip(header, row, strict=True) if cell}
    if any("\udc80" <= sign <= "\udcff" for cell in row if not cell.isascii() for sign in cell):
        return Fields(number, {}, _NOT_UTF8)
    return Fields(number, fields)
