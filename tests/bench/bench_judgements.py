"""What saving a judgement costs when 40 raters press at the same moment, and how fast a board is read.

A save is compared with a bare sqlite3 insert of the same size and durability, from as many threads at once.
`python -m tests.bench.bench_judgements`.
"""

import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from storage.connection import Store, open_store
from storage.judgements import NewJudgement, save_judgement
from storage.progress import judged, progress, study_heads
from storage.ratings import rater_named
from storage.rows import Json, Writer, json_text
from storage.studies import StudyRow
from storage.trials import open_trial
from tests.storage.study_samples import study_of

RATERS = 40
ROUNDS = 25
BOARD_UNITS = 33_334
BOARD_OVERLAP = 3
BODY: dict[str, Json] = {"reasons": [{"output_id": "0 fused", "role": "fusion", "reasons": ["correct", "clear"]}]}
SHOWN: dict[str, Json] = {"viewport": [1280, 800], "app_version": "0.1.0"}
BARE = "CREATE TABLE bare (id TEXT PRIMARY KEY, trial_id TEXT, verdict TEXT, body TEXT, shown TEXT, note TEXT) STRICT"


def pressed(ready: Callable[[int, int], Callable[[], object]], *, raters: int) -> list[float]:
    """Milliseconds of every press that raters are ready for: in each round, all of them press at once."""
    together = Barrier(raters)

    def rater(number: int) -> list[float]:
        taken = []
        for turn in range(ROUNDS):
            press = ready(number, turn)
            together.wait()
            begin = time.perf_counter()
            press()
            taken.append((time.perf_counter() - begin) * 1000)
        return taken

    with ThreadPoolExecutor(raters) as pool:
        return [ms for taken in pool.map(rater, range(raters)) for ms in taken]


def save_of(store: Store, study: StudyRow, *, number: int, turn: int) -> Callable[[], object]:
    """To save the judgement of a trial that was just given out."""
    with store.writing() as writer:
        rater_id = rater_named(writer, f"rater {number}").id
        trial = open_trial(
            writer, study_id=study.id, unit_place=turn, rater_id=rater_id, position=turn, shown_order=[1, 0], lease_s=60
        )
    given = NewJudgement(
        trial_id=trial.id, rater_id=rater_id, verdict="output", output_id=f"{turn} fused", role="fusion", body=BODY,
        shown=SHOWN, active_seconds=12.5, request_key=f"{number} {turn}",
    )  # fmt: skip

    def save() -> None:
        with store.writing() as writer:
            save_judgement(writer, given)

    return save


def bare_insert_of(connections: Sequence[sqlite3.Connection], *, number: int, turn: int) -> Callable[[], object]:
    """To insert one row without a key, a guard or a question beyond the table's own."""
    key, connection = f"{number:013}{turn:013}", connections[number]
    cells = (key, key, "output", json_text(BODY), json_text(SHOWN), "x" * 200)

    def insert() -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO bare VALUES (?, ?, ?, ?, ?, ?)", cells)
        connection.execute("COMMIT")

    return insert


def bare_connections(path: Path) -> list[sqlite3.Connection]:
    """One connection a rater, with the pragmas of a store."""
    connections = [
        sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False) for _ in range(RATERS)
    ]
    connections[0].execute("PRAGMA journal_mode = WAL")
    connections[0].execute(BARE)
    for connection in connections:
        connection.execute("PRAGMA synchronous = FULL")
    return connections


def fill_board(writer: Writer, study: StudyRow) -> None:
    """Three judgements of each unit, one in ten of them revised, by plain SQL: 100 000 saves would take minutes."""
    now, new_id = writer.identity.now(), writer.identity.new_id
    raters = [rater_named(writer, f"rater {number}").id for number in range(RATERS)]
    for seq, rater_id in enumerate(raters, start=1):
        writer.execute("INSERT INTO joinings VALUES (?, ?, ?, ?)", study.id, seq, rater_id, now)
    for number in range(BOARD_UNITS * BOARD_OVERLAP):
        place, trial_id, rater_id = number // BOARD_OVERLAP, new_id(), raters[number % RATERS]
        writer.execute(
            "INSERT INTO trials VALUES (?, ?, ?, ?, 'main', NULL, ?, '[1,0]', ?, ?)",
            trial_id, study.id, place, rater_id, place, study.definition_sha256, now,
        )  # fmt: skip
        writer.execute("INSERT INTO leases VALUES (?, 1, ?, ?)", trial_id, now, now)
        before = None
        for revision in (1, 2) if number % 10 == 0 else (1,):
            rating_id = new_id()
            writer.execute(
                "INSERT INTO trial_ratings VALUES "
                "(?, ?, ?, ?, 'main', ?, ?, 'output', ?, 'fusion', 0, ?, 12.5, ?, 0, 0, ?, ?, ?)",
                rating_id, study.id, place, rater_id, trial_id, revision, f"{place} fused", json_text(BODY),
                json_text(SHOWN), before, rating_id, now,
            )  # fmt: skip
            before = rating_id


def told(name: str, taken: Sequence[float]) -> float:
    """The median, printed with the 95th percentile."""
    middle = statistics.median(taken)
    sys.stdout.write(f"{name}: median {middle:.1f} ms, 95 % under {statistics.quantiles(taken, n=20)[-1]:.1f} ms\n")
    return middle


def time_saves(folder: Path, *, raters: int) -> None:
    """Print what presses of so many raters at once take, and the ratio."""
    with open_store(folder / f"{raters}.db") as store:
        with store.writing() as writer:
            study = study_of(writer, units=ROUNDS, overlap=raters)
        saves = pressed(lambda number, turn: save_of(store, study, number=number, turn=turn), raters=raters)
    connections = bare_connections(folder / f"{raters} bare.db")
    inserts = pressed(lambda number, turn: bare_insert_of(connections, number=number, turn=turn), raters=raters)
    for connection in connections:
        connection.close()
    middle = told(f"{raters} at once, save", saves), told(f"{raters} at once, bare insert", inserts)
    sys.stdout.write(f"save / bare insert: {middle[0] / middle[1]:.2f}\n")


def time_board(folder: Path) -> None:
    """Print what each question of a board takes over 100 000 judgements."""
    with open_store(folder / "board.db") as store:
        with store.writing() as writer:
            study = study_of(writer, units=BOARD_UNITS, overlap=BOARD_OVERLAP)
            fill_board(writer, study)
        now = store.identity.now()
        questions: dict[str, Callable[[], object]] = {
            "study_heads": lambda: study_heads(reader),
            "progress": lambda: progress(reader, study.id, now=now),
            "judged": lambda: judged(reader, study.id),
        }
        with store.reading() as reader:
            for name, ask in questions.items():
                taken = []
                for _ in range(7):
                    begin = time.perf_counter()
                    ask()
                    taken.append((time.perf_counter() - begin) * 1000)
                told(name, taken)


def main() -> None:
    """Time both on fresh files."""
    with tempfile.TemporaryDirectory() as name:
        for raters in (1, RATERS):
            time_saves(Path(name), raters=raters)
        time_board(Path(name))


if __name__ == "__main__":
    main()
