"""What runs in a process of its own, to be raced or killed. An acknowledgement is sent after its commit."""

from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from pathlib import Path

from sqlite_utils import Database

from storage.connection import open_store
from storage.migrations import climb, scripts
from storage.ratings import rater_named
from tests.storage.samples import candidate, draw, start_run


def open_and_write(path: Path, name: str, ready: Barrier, report: Connection) -> None:
    """Opens a file at the same moment as others do and stores one rater in it."""
    ready.wait()
    try:
        with open_store(path) as store, store.writing() as writer:
            rater_named(writer, name)
        report.send("stored")
    except BaseException as error:
        report.send(repr(error))
        raise


def write_for_ever(path: Path, report: Connection) -> None:
    """Stores candidates of one run, one a transaction, and acknowledges each by its id."""
    with open_store(path) as store:
        with store.writing() as writer:
            run = start_run(writer)
        position = 0
        while True:
            position += 1
            with store.writing() as writer:
                writer.insert(draw(run, position))
                output = candidate(writer, run, position=position)
                writer.insert(output)
            report.send(output.id)


def stop_inside(path: Path, committed: int, report: Connection) -> None:
    """Stores so many candidates, then waits for its end inside the transaction of the next."""
    with open_store(path) as store:
        with store.writing() as writer:
            run = start_run(writer)
        for position in range(1, committed + 2):
            with store.writing() as writer:
                writer.insert(draw(run, position))
                output = candidate(writer, run, position=position, text="x" * 5_000_000)
                writer.insert(output)  # larger than the page cache: it reaches the log before the commit
                if position > committed:
                    report.send("inside")
                    report.recv()
            report.send(output.id)


def stop_in_migration(path: Path, report: Connection) -> None:
    """Climbs to the last schema and waits for its end in a step above it."""
    database = Database(path)
    database.register_function(lambda: report.send("climbing") or report.recv(), name="wait_for_the_end")
    step = "CREATE TABLE later (id TEXT) STRICT; SELECT wait_for_the_end();"
    climb(database, path=path, busy_s=1.0, steps=(*scripts(), step))
