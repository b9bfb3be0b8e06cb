"""Tables of any length as files: JSON lines, CSV, or Parquet in groups of rows, written as the rows come.

Columns have a kind each; what has parts is JSON in one cell of a table, and itself in JSON lines.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Literal

from fusion_ui.exchange.spreadsheets import csv_text

Format = Literal["jsonl", "csv", "parquet"]
Kind = Literal["text", "whole", "real", "flag", "parts"]
Columns = Mapping[str, Kind]
Row = Mapping[str, Any]
ROWS_A_GROUP = 2_000
"""As many as are in memory at once: with a prompt and some answers in each, tens of megabytes."""
_DTYPES: Mapping[Kind, str] = {
    "text": "string", "whole": "Int64", "real": "float64", "flag": "boolean", "parts": "string"
}  # fmt: skip


def columns_of(order: str, *, whole: str = "", real: str = "", flag: str = "", parts: str = "") -> Columns:
    """The columns in this order, as words; what is not said to be of another kind is text."""
    kinds: dict[str, Kind] = dict.fromkeys(order.split(), "text")
    others: tuple[tuple[Kind, str], ...] = (("whole", whole), ("real", real), ("flag", flag), ("parts", parts))
    for kind, names in others:
        kinds.update(dict.fromkeys(names.split(), kind))
    return kinds


def write_table(file: Path, rows: Iterable[Row], *, columns: Columns, kind: Format) -> int:
    """How many rows were written. Rows have every column."""
    if kind == "jsonl":
        return write_lines(file, ({name: row[name] for name in columns} for row in rows))
    count = 0

    def counted() -> Iterator[Row]:
        nonlocal count
        for row in rows:
            count += 1
            yield row

    (_write_csv if kind == "csv" else _write_parquet)(file, counted(), columns)
    return count


def write_lines(file: Path, objects: Iterable[Mapping[str, Any]]) -> int:
    """How many objects were written, one a line."""
    count = 0
    with file.open("w", encoding="utf-8", newline="") as written:
        for each in objects:
            written.write(json.dumps(each, ensure_ascii=False) + "\n")
            count += 1
    return count


def _write_csv(file: Path, rows: Iterable[Row], columns: Columns) -> None:
    names = list(columns)
    with file.open("w", encoding="utf-8", newline="") as written:
        # A spreadsheet reads a file as UTF-8 only if it begins with this mark.
        written.write("\ufeff" + csv_text([], columns=names))
        for group in _groups(rows, columns):
            written.write(csv_text(group, columns=names).partition("\r\n")[2])


def _write_parquet(file: Path, rows: Iterable[Row], columns: Columns) -> None:
    # Pandas and the writer take a second to load, and most people never ask for this format.
    import fastparquet
    import pandas

    dtypes = {name: _DTYPES[kind] for name, kind in columns.items()}
    is_begun = False
    for group in _groups(rows, columns, least=1):
        table = pandas.DataFrame(group, columns=list(columns)).astype(dtypes)
        fastparquet.write(str(file), table, compression="SNAPPY", append=is_begun)
        is_begun = True


def _groups(rows: Iterable[Row], columns: Columns, *, least: int = 0) -> Iterator[Sequence[Row]]:
    """The rows as cells, some at a time; at `least` so many groups, as a file without rows has columns all the same."""
    cells = ({name: _cell(row[name], kind) for name, kind in columns.items()} for row in rows)
    while (group := list(islice(cells, ROWS_A_GROUP))) or least > 0:
        yield group
        least -= 1
        if not group:
            return


def _cell(value: Any, kind: Kind) -> Any:
    return json.dumps(value, ensure_ascii=False) if kind == "parts" and value is not None else value
