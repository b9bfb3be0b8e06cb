"""Tables as files: the same rows in each format, in groups, and with columns where there are no rows."""

import csv
import json
from pathlib import Path
from typing import Any

import fastparquet
import pytest

from fusion_ui.exchange.table_files import ROWS_A_GROUP, Format, columns_of, write_table

COLUMNS = columns_of("name count share is_new tags", whole="count", real="share", flag="is_new", parts="tags")
ROWS: list[dict[str, Any]] = [
    {"name": "=cmd|'/C calc'!A0", "count": 3, "share": 0.5, "is_new": True, "tags": ["a", "b"]},
    {"name": 'two\r\nlines; "quoted"', "count": None, "share": None, "is_new": None, "tags": None},
]


def test_columns_without_a_word_are_text_and_keep_their_order() -> None:
    assert list(COLUMNS.items())[:2] == [("name", "text"), ("count", "whole")]


def test_lines_hold_values_as_they_are(tmp_path: Path) -> None:
    assert write_table(tmp_path / "t", iter(ROWS), columns=COLUMNS, kind="jsonl") == 2
    assert [json.loads(line) for line in (tmp_path / "t").read_text("utf-8").splitlines()] == ROWS


def test_a_csv_is_harmless_and_says_its_encoding(tmp_path: Path) -> None:
    write_table(tmp_path / "t", iter(ROWS), columns=COLUMNS, kind="csv")
    assert (tmp_path / "t").read_bytes().startswith(b"\xef\xbb\xbf")
    with (tmp_path / "t").open(encoding="utf-8-sig", newline="") as text:
        first, second = csv.DictReader(text, strict=True)
    assert (first["name"], first["count"], json.loads(first["tags"])) == ("'" + ROWS[0]["name"], "3", ["a", "b"])
    assert (second["name"], second["count"]) == (ROWS[1]["name"], "")


def test_a_parquet_has_a_type_for_each_kind(tmp_path: Path) -> None:
    write_table(tmp_path / "t", iter(ROWS), columns=COLUMNS, kind="parquet")
    table = fastparquet.ParquetFile(str(tmp_path / "t")).to_pandas()
    assert table["name"].tolist() == [row["name"] for row in ROWS]
    assert (table["count"][0], table["share"][0], bool(table["is_new"][0])) == (3, 0.5, True)
    assert table[["count", "share", "is_new", "tags"]].loc[1].isna().all()


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet"])
def test_many_rows_are_written_in_groups_and_lose_none(kind: Format, tmp_path: Path) -> None:
    rows = ({"n": number} for number in range(2 * ROWS_A_GROUP + 1))
    assert write_table(tmp_path / "t", rows, columns=columns_of("n", whole="n"), kind=kind) == 2 * ROWS_A_GROUP + 1
    if kind == "parquet":
        table = fastparquet.ParquetFile(str(tmp_path / "t"))
        assert (len(table.row_groups), table.to_pandas()["n"].tolist()) == (3, list(range(2 * ROWS_A_GROUP + 1)))


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet"])
def test_a_table_without_rows_is_a_table(kind: Format, tmp_path: Path) -> None:
    assert write_table(tmp_path / "t", [], columns=COLUMNS, kind=kind) == 0
    if kind == "parquet":
        assert fastparquet.ParquetFile(str(tmp_path / "t")).columns == list(COLUMNS)
    if kind == "csv":
        assert (tmp_path / "t").read_bytes() == b'\xef\xbb\xbf"name","count","share","is_new","tags"\r\n'
