"""Bundles (`storage.bundles`) as files: their lines as they are, or a table of two columns, `table` and `row`.

In a table the first line, which says what follows, stands under the name "bundle".
"""

import csv
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from fusion_ui.engine.values import FusionError
from fusion_ui.exchange.spreadsheets import as_written
from fusion_ui.exchange.table_files import Format, columns_of, write_table

HEAD = "bundle"
COLUMNS = columns_of("table row")
_LINE = re.compile(r'\{"table":"(\w+)","row":(.*)\}', re.DOTALL)
_MOST_CELL = 64_000_000


class BundleFileError(FusionError):
    """A file that holds no bundle; the message says why."""


def write_bundle(file: Path, lines: Iterable[str], kind: Format) -> int:
    """How many rows were written besides the first line."""
    if kind == "jsonl":
        return _write_lines(file, lines)
    return write_table(file, map(_tabled, lines), columns=COLUMNS, kind=kind) - 1


def read_bundle(file: Path, kind: Format) -> Iterator[str]:
    """The lines of the bundle in this file, one at a time. Raises BundleFileError."""
    if kind == "jsonl":
        yield from _lines(file)
        return
    for table, row in _csv_rows(file) if kind == "csv" else _parquet_rows(file):
        yield row if table == HEAD else f'{{"table":"{table}","row":{row}}}'


def _write_lines(file: Path, lines: Iterable[str]) -> int:
    count = -1
    with file.open("w", encoding="utf-8", newline="") as written:
        for line in lines:
            written.write(line + "\n")
            count += 1
    return count


def _tabled(line: str) -> dict[str, str]:
    found = _LINE.fullmatch(line)
    return {"table": found[1], "row": found[2]} if found else {"table": HEAD, "row": line}


def _lines(file: Path) -> Iterator[str]:
    try:
        with file.open(encoding="utf-8-sig", newline="\n") as lines:
            for line in lines:
                yield line.rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise BundleFileError("The bundle is not UTF-8 text. Bring in the file as it was exported.") from error


def _csv_rows(file: Path) -> Iterator[tuple[str, str]]:
    # Cells of more than 128 kB are refused otherwise, and outputs may be longer. The limit is one for the process.
    csv.field_size_limit(max(csv.field_size_limit(), _MOST_CELL))
    try:
        with file.open(encoding="utf-8-sig", newline="") as text:
            reader = csv.DictReader(text, strict=True)
            if reader.fieldnames != list(COLUMNS):
                raise BundleFileError('A bundle as a table has the columns "table" and "row".')
            for cells in reader:
                yield as_written(cells["table"] or ""), as_written(cells["row"] or "")
    except UnicodeDecodeError as error:
        raise BundleFileError("The bundle is not UTF-8 text. Bring in the file as it was exported.") from error
    except csv.Error as error:
        raise BundleFileError(f"The bundle is not a CSV table: {error}.") from error


def _parquet_rows(file: Path) -> Iterator[tuple[str, str]]:
    import fastparquet

    table = fastparquet.ParquetFile(str(file))
    if table.columns != list(COLUMNS):
        raise BundleFileError('A bundle as a table has the columns "table" and "row".')
    for group in table.iter_row_groups():
        yield from zip(group["table"].astype(str), group["row"].astype(str), strict=True)
