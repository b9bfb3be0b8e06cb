"""What runs in a process of its own, to be raced or killed. An acknowledgement is sent after its commit."""

from contextlib import suppress
from itertools import count
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier, Semaphore
from pathlib import Path

from sqlite_utils import Database

from storage.connection import open_store
from storage.migrations import climb, scripts
from storage.ratings import rater_named
from storage.rows import Writer
from storage.studies import StudyRow
from storage.trials import TakenError, TrialRow, open_trial, resume_trial, trials_of
from tests.storage.samples import candidate, draw, start_run
from tests.storage.study_samples import flaw, saved


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


def judge_for_ever(path: Path, study: StudyRow, name: str, turn: Semaphore, report: Connection) -> None:
    """Judges one unit after the other when told to, under one name, and acknowledges each by its id and its key."""
    with open_store(path) as store:
        while turn.acquire():
            with store.writing() as writer:
                trial = next_free(writer, study, rater_named(writer, name).id)
            with store.writing() as writer:
                judgement = saved(writer, trial, key=f"{name} {trial.unit_place}", flaws=[flaw(trial)])
            report.send((judgement.row.id, judgement.row.request_key))


def next_free(writer: Writer, study: StudyRow, rater_id: str) -> TrialRow:
    """The trial this rater has open, else one of the first unit that is not theirs and has room."""
    resumed = resume_trial(writer, study_id=study.id, rater_id=rater_id, lease_s=3600.0)
    own = {state.trial.unit_place for state in trials_of(writer, study_id=study.id, rater_id=rater_id)}
    places = (place for place in count() if place not in own)
    while resumed is None:
        place = next(places)
        with suppress(TakenError):
            resumed = open_trial(
                writer, study_id=study.id, unit_place=place, rater_id=rater_id, position=place, shown_order=[0, 1],
                lease_s=3600.0,
            )  # fmt: skip
    return resumed


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
