"""Rows as frozen values, one type a table, and the two ways to reach them: a `Reader` and a `Writer`.

Both work only inside the transaction of the store that gave them. What a table means is for the subject modules.
"""

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, ClassVar, NamedTuple, TypeAlias, TypeVar

from sqlite_utils import Database

from storage.errors import RowError, StorageError
from storage.identity import Identity

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
Cell: TypeAlias = str | int | float | None

# What JSON and UTF-8 raise for values that they cannot say: NaN, lone surrogates, foreign types, endless nesting.
UNSTORABLE = (TypeError, ValueError, RecursionError)


class Codec(NamedTuple):
    """How a value becomes a cell and a cell a value."""

    encode: Callable[[Any], Cell]
    decode: Callable[[Any], Any]


class Column(NamedTuple):
    """One column of a row type."""

    name: str
    codec: Codec | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of `table`; its fields are the columns."""

    table: ClassVar[str]


R = TypeVar("R", bound=Row)


def json_text(body: Json) -> str:
    """The document as JSON, the same text for equal content; what JSON cannot say (NaN, infinity) is a ValueError."""
    return json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True)


DOCUMENT: Mapping[str, Codec] = {"codec": Codec(json_text, json.loads)}
"""`field(metadata=DOCUMENT)` is a column of JSON text."""
FLAG: Mapping[str, Codec] = {"codec": Codec(int, bool)}
"""`field(metadata=FLAG)` is a column of 0 and 1 for no and yes."""


def columns(row_type: type[Row]) -> tuple[Column, ...]:
    """The columns of a row type, in the order of its fields."""
    return tuple(Column(each.name, each.metadata.get("codec")) for each in fields(row_type))


def _names(wanted: tuple[Column, ...]) -> str:
    return ", ".join(column.name for column in wanted)


def _cell(row: Row, column: Column) -> Cell:
    value = getattr(row, column.name)
    try:
        cell: Cell = value if column.codec is None or value is None else column.codec.encode(value)
        if isinstance(cell, str):
            cell.encode()
    except UNSTORABLE as error:
        raise RowError(
            f"{row.table}.{column.name} cannot be stored: {error}. Clean the value and try again."
        ) from error
    if isinstance(cell, float) and cell != cell:
        raise RowError(
            f"{row.table}.{column.name} is not a number; SQLite would store it as unknown. Send None instead."
        )
    return cell


def _value(column: Column, cell: Cell) -> Any:
    return cell if column.codec is None or cell is None else column.codec.decode(cell)


class Reader:
    """Asks for rows; everything asked of one reader is one snapshot."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def rows(self, row_type: type[R], tail: str = "", *parameters: Cell) -> tuple[R, ...]:
        """The rows of a table that `tail` (WHERE …, ORDER BY …) leaves."""
        wanted = columns(row_type)
        found = self.execute(f"SELECT {_names(wanted)} FROM {row_type.table} {tail}", *parameters)
        return tuple(
            row_type(**{column.name: _value(column, cell) for column, cell in zip(wanted, cells, strict=True)})
            for cells in found
        )

    def row(self, row_type: type[R], tail: str, *parameters: Cell) -> R | None:
        """The first such row, if there is one."""
        found = self.rows(row_type, f"{tail} LIMIT 1", *parameters)
        return found[0] if found else None

    def execute(self, sql: str, *parameters: Cell) -> sqlite3.Cursor:
        """The cursor of one statement."""
        self._check_open()
        try:
            return self._database.execute(sql, parameters)
        except (UnicodeEncodeError, OverflowError) as error:
            raise _unstorable(error) from error

    def execute_many(self, sql: str, rows: Iterable[Sequence[Cell]]) -> None:
        """Runs one statement for each of these rows of parameters."""
        self._check_open()
        try:
            self._database.conn.executemany(sql, rows)
        except (UnicodeEncodeError, OverflowError) as error:
            raise _unstorable(error) from error

    def _check_open(self) -> None:
        if not self._database.conn.in_transaction:
            raise StorageError("The transaction is over. Use a reader or writer only inside its `with` block.")


def _unstorable(error: Exception) -> RowError:
    return RowError(f"No column can hold a value that was given: {error}. Check the value.")


class Writer(Reader):
    """Inserts rows; all of one writer's rows are stored together or not at all. Ids and times come from `identity`."""

    def __init__(self, database: Database, identity: Identity) -> None:
        super().__init__(database)
        self.identity = identity

    def insert(self, row: Row) -> None:
        """Stores one new row."""
        filled = columns(type(row))
        cells = [_cell(row, column) for column in filled]
        places = ", ".join("?" * len(filled))
        try:
            self.execute(f"INSERT INTO {row.table} ({_names(filled)}) VALUES ({places})", *cells)
        except (sqlite3.IntegrityError, sqlite3.DataError, sqlite3.ProgrammingError) as error:
            raise RowError(f"{row.table} refused a row: {error}. Nothing of the row was stored.") from error
