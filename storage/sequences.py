"""Rows that are numbered within their owner, 1, 2, …: the latest is what holds, the ones before are how it came."""

from typing import TypeVar

from storage.rows import Reader, Row, Writer

R = TypeVar("R", bound=Row)


def next_seq(writer: Writer, row_type: type[Row], *, of: str, key: str) -> int:
    """The number of the next row whose column `of` holds `key`."""
    sql = f"SELECT coalesce(max(seq), 0) + 1 FROM {row_type.table} WHERE {of} = ?"
    return int(writer.execute(sql, key).fetchone()[0])


def latest(reader: Reader, row_type: type[R], *, of: str, key: str) -> R | None:
    """The last such row, None if there is none."""
    return reader.row(row_type, f"WHERE {of} = ? ORDER BY seq DESC", key)
