"""A table of text as named fields, a record a row: commas, semicolons or tabs, quotes over several lines, any header.

The names of columns are read without regard to case. Cells may have as many characters as Python's csv allows.
"""

from collections.abc import Iterator

from fusion_ui.exchange.answer_fields import Fields
from fusion_ui.exchange.answer_lines import Line
from fusion_ui.exchange.csv_records import DELIMITERS, Decoded, heading_cells, records
from fusion_ui.exchange.recorded_ratings import ImportRefusedError


def header_of(heading: str) -> tuple[str, list[str]]:
    """The delimiter of a heading, and its columns."""
    delimiter = max(DELIMITERS, key=lambda mark: len(heading_cells(heading, mark)))
    return delimiter, heading_cells(heading, delimiter)


def table_fields(lines: Iterator[Line], *, name: str) -> Iterator[Fields]:
    """One record a row under the header; an empty cell is no field. Raises ImportRefusedError for a useless header."""
    source = Decoded(lines)
    delimiter, header = header_of(next(source, "").strip("\r\n"))
    if twice := sorted(column for column in set(header) if header.count(column) > 1):
        raise ImportRefusedError(f"{name} names the column {twice[0][:60]!r} twice. Remove one.")

    def fields_of(row: list[str]) -> dict[str, object]:
        return {name: cell for name, cell in zip(header, row, strict=True) if cell}

    yield from records(source, header, delimiter=delimiter, of=fields_of)
