"""Raters in processes of their own, killed with SIGKILL five times over: nothing acknowledged is lost or doubled."""

import multiprocessing
from collections import Counter
from contextlib import closing
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from multiprocessing.synchronize import Semaphore
from pathlib import Path

import pytest
from sqlite_utils import Database

from storage.connection import open_store
from storage.judgements import FlawRow, TrialRatingRow
from storage.progress import progress
from storage.studies import StudyRow
from storage.trials import TrialRow
from tests.storage.children import judge_for_ever
from tests.storage.study_samples import flaw, saved, study_of

RATERS = ("Ada", "Ben", "Cyd", "Dan")
OVERLAP = 2
UNITS = 60
KILLS = 5
Acknowledged = tuple[str, str]


@pytest.fixture(scope="module")
def spawning() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.storage.children"])
    return context


@pytest.fixture
def study(tmp_path: Path) -> StudyRow:
    with open_store(tmp_path / "judged.db") as store, store.writing() as writer:
        return study_of(writer, units=UNITS, overlap=OVERLAP)


def judged_until_killed(
    spawning: ForkServerContext, path: Path, study: StudyRow, *, messages: int
) -> list[Acknowledged]:
    """What all raters were acknowledged by the moment they are killed, which is in the middle of one more each."""
    pipes = [spawning.Pipe(duplex=False) for _ in RATERS]
    turns = [spawning.Semaphore(0) for _ in RATERS]
    running = [
        spawning.Process(target=judge_for_ever, args=(path, study, name, turn, theirs))
        for name, turn, (_, theirs) in zip(RATERS, turns, pipes, strict=True)
    ]
    for child in running:
        child.start()
    for _, theirs in pipes:
        theirs.close()
    received: list[Acknowledged] = []
    for _ in range(messages):
        release(turns)
        received += [ours.recv() for ours, _ in pipes]
    release(turns)
    for child in running:
        child.kill()
    for child in running:
        child.join()
    return received + [each for ours, _ in pipes for each in rest_of(ours)]


def release(turns: list[Semaphore]) -> None:
    for turn in turns:
        turn.release()


def rest_of(pipe: Connection) -> list[Acknowledged]:
    rest: list[Acknowledged] = []
    try:
        while True:
            rest.append(pipe.recv())
    except EOFError:
        return rest


def test_what_was_acknowledged_survives_five_kills_once_and_within_the_overlap(
    tmp_path: Path, spawning: ForkServerContext, study: StudyRow
) -> None:
    path = tmp_path / "judged.db"
    acknowledged = [
        each
        for messages in range(1, KILLS + 1)
        for each in judged_until_killed(spawning, path, study, messages=messages)
    ]
    with open_store(path) as store, store.reading() as reader:
        key_by_id = {row.id: row.request_key for row in reader.rows(TrialRatingRow)}
        flaws = Counter(row.rating_id for row in reader.rows(FlawRow))
        found = progress(reader, study.id, now=store.identity.now())
    assert key_by_id.items() >= set(acknowledged)
    assert len(key_by_id) <= len(acknowledged) + KILLS * len(RATERS)  # a kill may fall before the acknowledgement
    assert flaws == dict.fromkeys(key_by_id, 1)
    held = Counter(place for raters in (found.judged, found.leased) for place, ids in raters.items() for _ in ids)
    assert max(held.values()) == OVERLAP
    with closing(Database(path)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []


def test_a_press_that_is_sent_again_after_a_kill_is_acknowledged_alike(
    tmp_path: Path, spawning: ForkServerContext, study: StudyRow
) -> None:
    path = tmp_path / "judged.db"
    acknowledged = judged_until_killed(spawning, path, study, messages=3)
    with open_store(path) as store, store.writing() as writer:
        trial_by_id = {row.id: row for row in writer.rows(TrialRow)}
        before = writer.rows(TrialRatingRow)
        for row in before:
            trial = trial_by_id[row.trial_id]
            assert saved(writer, trial, key=row.request_key, flaws=[flaw(trial)]).row == row
        assert writer.rows(TrialRatingRow) == before
    assert {(row.id, row.request_key) for row in before} >= set(acknowledged)
