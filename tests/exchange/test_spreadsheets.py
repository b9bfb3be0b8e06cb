"""Cells that a spreadsheet does not run, and that come back as they were."""

import csv
import re
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.engine.sampling import clean
from fusion_ui.exchange.spreadsheets import as_written, csv_text, harmless

SHEETS = "=+-@＝＋－＠\t\r\n"


@given(st.text())
def test_every_text_comes_back_from_its_cell(text: str) -> None:
    written = csv_text([{"cell": text, "other": 1}], columns=["cell", "other"])
    (row,) = csv.DictReader(StringIO(written, newline=""), strict=True)
    assert as_written(row["cell"]) == clean(text)


@given(st.text(alphabet=SHEETS + " '\"1a"))
def test_no_cell_begins_with_what_a_spreadsheet_computes(text: str) -> None:
    cell = str(harmless(text))
    assert re.fullmatch(r"[-+][0-9]+", cell) or not cell.startswith(tuple(SHEETS))
    assert re.fullmatch(r"[-+][0-9]+", cell) or not cell.lstrip().startswith(tuple(SHEETS.strip()))


@pytest.mark.parametrize(("text", "cell"), [("'", "''"), ("'=1", "''=1"), ("=1", "'=1"), ("it's", "it's"), ("", "")])
def test_an_apostrophe_of_its_own_gets_one_more(text: str, cell: str) -> None:
    assert harmless(text) == cell
    assert as_written(cell) == text
