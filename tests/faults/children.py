"""Processes that come to harm: killed at a statement, or holding what others wait for. What they sent is stored."""

import os
import signal
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from itertools import count
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any, NamedTuple

from storage.connection import open_store
from tests.faults.work import work


class Point(NamedTuple):
    """Where a process is killed: at a statement of SQL, counted over all of them, or so long after it began."""

    statement: int
    delay_s: float


def on_statement(tell: Callable[[int], None]) -> None:
    """Tells of every statement of this process before it runs, by its number."""
    numbers = count(1)

    class Traced(sqlite3.Connection):
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            self.set_trace_callback(lambda _: tell(next(numbers)))

    sqlite3.connect = partial(sqlite3.connect, factory=Traced)  # type: ignore[assignment]  # of a process soon to end


def die_at(point: Point) -> None:
    """SIGKILL for this process at that point."""

    def tell(number: int) -> None:
        if number == point.statement:
            threading.Thread(target=die, daemon=True).start() if point.delay_s else die()

    def die() -> None:
        time.sleep(point.delay_s)  # lands inside a statement, a write to the log or its flush
        os.kill(os.getpid(), signal.SIGKILL)

    on_statement(tell)


def work_and_die(path: Path, seed: int, point: Point, bundles: list[list[str]], report: Connection) -> None:
    """Works without end, and ends all the same."""
    die_at(point)
    with open_store(path) as store:
        work(store, seed=seed, rounds=None, acknowledge=lambda *said: report.send(said), bundles=bundles)


def climb_and_die(path: Path, point: Point, report: Connection) -> None:
    """Opens a database of an earlier schema, and says so if it lives to see it open."""
    die_at(point)
    open_store(path).close()
    report.send(("opened", ""))


def count_statements(path: Path, report: Connection) -> None:
    """Opens a database and sends how many statements that took."""
    seen: list[int] = []
    on_statement(seen.append)
    open_store(path).close()
    report.send(("statements", str(len(seen))))


def work_together(
    path: Path, seed: int, rounds: int, bundles: list[list[str]], ready: Barrier, report: Connection
) -> None:
    """Opens the file at the same moment as others do and works so many rounds."""
    ready.wait()
    with open_store(path) as store:
        work(store, seed=seed, rounds=rounds, acknowledge=lambda *said: report.send(said), bundles=bundles)


def hold_lock(path: Path, hold_s: float | None, report: Connection) -> None:
    """Holds the writers' lock for so long, or until told."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        report.send(("held", ""))
        if hold_s is None:
            report.recv()
        else:
            time.sleep(hold_s)
        connection.execute("COMMIT")
