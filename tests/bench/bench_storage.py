"""What the store costs over bare sqlite3: one 16-candidate run written as it is recorded, one transaction a fact.

All write the same rows to files with the same schema and pragmas, in turns. `python -m tests.bench.bench_storage`.
"""

import sqlite3
import statistics
import sys
import tempfile
import time
from pathlib import Path

from storage.connection import Store
from storage.rows import Row, columns
from storage.runs import run_rows
from tests.storage.samples import candidate, draw, sample_store, start_run

CANDIDATES = 16
ROUNDS = 30
TEXT = "A sentence of an answer that a model gave. " * 40


def facts(store: Store) -> tuple[str, list[Row]]:
    """The id of a fresh run with its rows to come: its draws, then its candidates."""
    with store.writing() as writer:
        run = start_run(writer)
        positions = range(1, CANDIDATES + 1)
        drawn: list[Row] = [draw(run, position) for position in positions]
        return run.id, drawn + [candidate(writer, run, position=position, text=TEXT) for position in positions]


def store_ms(store: Store, rows: list[Row]) -> float:
    """Milliseconds that the store takes to write the rows."""
    begin = time.perf_counter()
    for row in rows:
        with store.writing() as writer:
            writer.insert(row)
    return (time.perf_counter() - begin) * 1000


def bare_ms(connection: sqlite3.Connection, rows: list[Row]) -> float:
    """Milliseconds that sqlite3 takes for the same rows, with statements and cells made beforehand."""
    statements = []
    for row in rows:
        names = [column.name for column in columns(type(row))]
        cells = [getattr(row, name) for name in names]
        sql = f"INSERT INTO {row.table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
        statements.append((sql, ["{}" if cell == {} else cell for cell in cells]))
    begin = time.perf_counter()
    for sql, cells in statements:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(sql, cells)
        connection.execute("COMMIT")
    return (time.perf_counter() - begin) * 1000


def read_ms(store: Store, run_id: str) -> float:
    """Milliseconds that it takes to read the run back whole."""
    begin = time.perf_counter()
    with store.reading() as reader:
        run_rows(reader, run_id)
    return (time.perf_counter() - begin) * 1000


def bare(path: Path) -> sqlite3.Connection:
    """A bare connection with the pragmas of a store."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def unguarded(path: Path) -> sqlite3.Connection:
    """The same without the guards."""
    connection = bare(path)
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    return connection


def main() -> None:
    """Print the medians in milliseconds a run, and their ratios."""
    taken: dict[str, list[float]] = {"store": [], "bare": [], "unguarded": [], "read": []}
    with tempfile.TemporaryDirectory() as name:
        stores = [sample_store(Path(name) / each) for each in ("store", "bare", "unguarded")]
        bare_file, unguarded_file = bare(stores[1].path), unguarded(stores[2].path)
        for _ in range(ROUNDS):
            (run_id, own), (_, bare_rows), (_, unguarded_rows) = [facts(store) for store in stores]
            taken["store"].append(store_ms(stores[0], own))
            taken["bare"].append(bare_ms(bare_file, bare_rows))
            taken["unguarded"].append(bare_ms(unguarded_file, unguarded_rows))
            taken["read"].append(read_ms(stores[0], run_id))
        for each in (*stores, bare_file, unguarded_file):
            each.close()
    medians = {name: statistics.median(times) for name, times in taken.items()}
    sys.stdout.write(f"{ {name: round(median, 2) for name, median in medians.items()} } ms\n")
    sys.stdout.write(f"store / sqlite3 with guards: {medians['store'] / medians['bare']:.2f}\n")
    sys.stdout.write(f"store / sqlite3 without guards: {medians['store'] / medians['unguarded']:.2f}\n")


if __name__ == "__main__":
    main()
