"""Tables as CSV (RFC 4180) that a spreadsheet opens without running any of it."""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from io import StringIO
from typing import Any

from fusion_ui.engine.sampling import clean

_NUMBER = re.compile(r"[-+]?[0-9]+([.,][0-9]+)?")
# The first signs that make a spreadsheet compute a cell (OWASP, "CSV Injection"), full-width forms included.
_COMPUTES = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def csv_text(rows: Iterable[Mapping[str, Any]], *, columns: Sequence[str]) -> str:
    """The table with these columns; what rows hold besides is left out, what they lack stays empty."""
    written = StringIO(newline="")
    # Texts are quoted and numbers are not, so that a semicolon in a text starts no cell where it separates cells.
    writer = csv.DictWriter(
        written, columns, extrasaction="ignore", quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n"
    )
    writer.writeheader()
    writer.writerows({name: harmless(cell) for name, cell in row.items()} for row in rows)
    return written.getvalue()


def harmless(cell: object) -> object:
    """The cell, with an apostrophe before a text that a spreadsheet would compute; a plain number stays what it is.

    A text that begins with an apostrophe gets one more, so that `as_written` gives every text back.
    """
    if not isinstance(cell, str):
        return cell
    text = cell if cell.isascii() and "\0" not in cell else clean(cell)  # nothing else needs cleaning
    is_computed = text.startswith(("\t", "\r", "\n")) or text.lstrip().startswith(_COMPUTES)
    is_marked = text.startswith("'") or (is_computed and not _NUMBER.fullmatch(text))
    return f"'{text}" if is_marked else text


def as_written(cell: str) -> str:
    """The text that became this cell of one of our tables."""
    return cell.removeprefix("'")
