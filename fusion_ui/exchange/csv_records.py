"""Rows of CSV as they come: decoded line by line, each told by its first line, what cannot be read told instead."""

import csv
from collections.abc import Callable, Iterator

from fusion_ui.exchange.answer_fields import NOT_UTF8, TOO_LONG, Fields
from fusion_ui.exchange.answer_lines import Line

DELIMITERS = ",;\t"


class Decoded(Iterator[str]):
    """The lines as text for the CSV reader, which may take several for one row; `number` is the last one taken, `lost`
    one that was too long.

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


def heading_cells(heading: str, delimiter: str) -> list[str]:
    """The columns of a heading, without regard to case; none where it is no CSV."""
    try:
        cells = next(csv.reader([heading], delimiter=delimiter), [])
    except csv.Error:
        return []
    return [cell.strip().casefold() for cell in cells]


def records(
    source: Decoded, header: list[str], *, delimiter: str, of: Callable[[list[str]], dict[str, object]]
) -> Iterator[Fields]:
    """A record a row below the header; `of` makes the fields of a row that has as many cells."""
    rows = csv.reader(source, delimiter=delimiter, strict=True)
    while True:
        number = source.number + 1
        try:
            row = next(rows, None)
        except csv.Error as error:
            lost = f" as far as line {source.number}" if source.number > number else ""
            yield Fields(number, {}, f"is no row of CSV{lost} ({error}). A quote may be left open")
            continue
        if row is None:
            return
        if source.lost:
            yield Fields(source.lost, {}, TOO_LONG)
            source.lost = 0
        elif len(row) not in (0, len(header)):
            yield Fields(number, {}, f"has {len(row)} cells, the header has {len(header)}")
        elif not all(map(is_utf8, row)):
            yield Fields(number, {}, NOT_UTF8)
        elif row:
            yield Fields(number, of(row))


def is_utf8(text: str) -> bool:
    """Whether a decoded text was UTF-8."""
    return text.isascii() or not any("\udc80" <= sign <= "\udcff" for sign in text)
