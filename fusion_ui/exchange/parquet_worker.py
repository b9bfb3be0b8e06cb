"""The child in which Parquet is read: rows out as lines of JSON, a row group at a time, under a limit of memory.

Run by path, never imported: the reader is compiled code that trusts what a file says of itself. A file may claim or
unpack to anything; here it can end nothing but this child.
"""

import contextlib
import json
import math
import resource
import sys
from typing import Any

import fastparquet

MOST_ROWS = 5_000_000
MOST_COLUMNS = 1_000
MOST_GROUP_BYTES = 1_000_000_000
MOST_SECONDS = 900  # of computing


def main(path: str, limit_bytes: int) -> None:
    """Write the rows of the file at `path`."""
    with contextlib.suppress(OSError, ValueError):  # macOS knows no such limit
        resource.setrlimit(resource.RLIMIT_AS, (limit_bytes, limit_bytes))
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    file = fastparquet.ParquetFile(path)
    rows = sum(group.num_rows for group in file.row_groups)
    most_bytes = max((group.total_byte_size for group in file.row_groups), default=0)
    if not 0 <= rows <= MOST_ROWS or len(file.columns) > MOST_COLUMNS or not 0 <= most_bytes <= MOST_GROUP_BYTES:
        sys.exit(
            f"it states {rows:,} rows in {len(file.columns):,} columns and row groups of up to {most_bytes:,} bytes; "
            f"at most {MOST_ROWS:,}, {MOST_COLUMNS:,} and {MOST_GROUP_BYTES:,} are taken"
        )
    for frame in file.iter_row_groups():
        names = [str(name) for name in frame.columns]
        for row in zip(*(frame[name].tolist() for name in frame.columns), strict=True):
            told = {name: plain for name, cell in zip(names, row, strict=True) if (plain := _plain(cell)) is not None}
            sys.stdout.write(json.dumps(told) + "\n")


def _plain(cell: Any) -> Any:
    """The cell as JSON has it; None where it holds nothing."""
    if isinstance(cell, float) and not math.isfinite(cell):
        return None
    if isinstance(cell, bytes):
        return cell.decode("utf-8", "replace")
    if cell is None or isinstance(cell, str | bool | int | float):
        return cell
    if isinstance(cell, list | tuple):
        return [_plain(each) for each in cell]
    if isinstance(cell, dict):
        return {str(name): _plain(each) for name, each in cell.items()}
    return None if str(cell) in ("NaT", "<NA>") else str(cell)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
