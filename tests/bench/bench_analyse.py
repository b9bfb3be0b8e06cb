"""What the analysis of a million ratings takes: 20 systems, 200 raters, 20 000 prompts, read from a real store.

Each part's time, the whole when nothing was read and after the reading that a server does when it starts, and the most
memory. `python -m tests.bench.bench_analyse [FILE]` keeps the database in FILE, so that it need not be filled again.
"""

import json
import resource
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from threading import Event
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database

from fusion_ui.preferences.analyses import Analyses
from fusion_ui.preferences.comparing import compared, systems_of
from fusion_ui.preferences.composing import timed_parts
from fusion_ui.preferences.counting import counted
from fusion_ui.preferences.question import Question
from fusion_ui.preferences.reading import Reading
from fusion_ui.preferences.whole import whole_of
from storage.connection import open_store
from storage.guards import lift_guards

Answer = TypeVar("Answer")
SYSTEMS = 20
RATERS = 200
PROMPTS = 20_000
UNITS = 2 * PROMPTS
OVERLAP = 25
BODY = json.dumps({"reasons": [{"output_id": "7 0", "role": "candidate", "reasons": ["correct", "clear"]}]})
SHOWN = json.dumps({"viewport": [1280, 800], "app_version": "0.1.0", "font": 16, "order": "sides"})
STUDY = "0" * 26
NOW = "2026-01-01T00:00:00.000Z"


def _id(kind: int, number: int) -> str:
    return f"{kind:02}{number:024}"


def _units() -> Iterator[tuple[Any, ...]]:
    for place in range(UNITS):
        language = ("en", "de", "fr", None)[place % 4]
        body = json.dumps({"language": language, "reference": None, "gold": None, "feedback": ""})
        prompt = f"Question {place % PROMPTS}? " + "Tell all. " * (place % 37)
        yield STUDY, place, None, prompt, "main", 0, None, body


def _contenders(pairs: NDArray[np.int64], lengths: NDArray[np.int64]) -> Iterator[tuple[Any, ...]]:
    for place in range(UNITS):
        for side in (0, 1):
            text = f"{place} {side} " + "x" * int(lengths[place, side])
            digest = sha256(text.encode()).hexdigest()
            member = f"model {pairs[place, side]:02}"
            yield STUDY, place, side, "candidate", None, f"{place} {side}", member, text, digest, "[]"


def _drawn(rng: np.random.Generator) -> dict[str, NDArray[Any]]:
    pairs = np.array([rng.choice(SYSTEMS, 2, replace=False) for _ in range(UNITS)])
    lengths = rng.integers(100, 1_500, (UNITS, 2))
    raters = np.concatenate([rng.choice(RATERS, OVERLAP, replace=False) for _ in range(UNITS)])
    units = np.repeat(np.arange(UNITS), OVERLAP)
    came = rng.permutation(len(units))
    raters, units = raters[came], units[came]
    strength = np.linspace(-0.6, 0.6, SYSTEMS)
    liked = rng.normal(0, 0.7, (PROMPTS, SYSTEMS))
    edge = strength[pairs] + liked[np.arange(UNITS)[:, None] % PROMPTS, pairs]
    chance = 1 / (1 + np.exp(edge[units, 1] - edge[units, 0]))
    dice = rng.random(len(units))
    verdict = np.where(dice < 0.12, 2, np.where(dice < 0.15, 3, (rng.random(len(units)) > chance).astype(int)))
    return {"pairs": pairs, "lengths": lengths, "raters": raters, "units": units, "verdict": verdict,
            "left": rng.integers(0, 2, len(units)), "seconds": rng.gamma(4.0, 6.0, len(units))}  # fmt: skip


def fill(path: Path) -> None:
    """A store with the study and its million ratings; guards are lifted meanwhile and laid when it is opened again."""
    drawn = _drawn(np.random.default_rng(0))
    open_store(path).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        lift_guards(Database(connection))
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("BEGIN")
        definition = json.dumps({"task": "pairwise", "is_blind": True, "overlap": OVERLAP})
        connection.execute(
            "INSERT INTO studies VALUES (?, 'A million', ?, ?, ?, 1, NULL, ?)",
            (STUDY, definition, "d" * 64, OVERLAP, NOW),
        )
        connection.executemany(
            "INSERT INTO raters VALUES (?, ?, ?)", [(_id(1, at), f"rater {at}", NOW) for at in range(RATERS)]
        )
        connection.executemany(
            "INSERT INTO joinings VALUES (?, ?, ?, ?)", [(STUDY, at + 1, _id(1, at), NOW) for at in range(RATERS)]
        )
        connection.executemany("INSERT INTO study_units VALUES (?, ?, ?, ?, ?, ?, ?, ?)", _units())
        connection.executemany(
            "INSERT INTO contenders VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            _contenders(drawn["pairs"], drawn["lengths"]),
        )
        connection.executemany("INSERT INTO trials VALUES (?, ?, ?, ?, 'main', NULL, ?, ?, ?, ?)", _trials(drawn))
        connection.executemany(
            "INSERT INTO trial_ratings VALUES (?, ?, ?, ?, 'main', ?, 1, ?, ?, ?, 0, ?, ?, ?, 0, ?, NULL, ?, ?)",
            _ratings(drawn),
        )
        connection.execute("COMMIT")


def _trials(drawn: dict[str, NDArray[Any]]) -> Iterator[tuple[Any, ...]]:
    columns = (drawn[name].tolist() for name in ("units", "raters", "left"))
    for number, (place, rater, left) in enumerate(zip(*columns, strict=True)):
        yield _id(2, number), STUDY, place, _id(1, rater), number // RATERS, "[1,0]" if left else "[0,1]", "d" * 64, NOW


def _ratings(drawn: dict[str, NDArray[Any]]) -> Iterator[tuple[Any, ...]]:
    columns = (drawn[name].tolist() for name in ("units", "raters", "verdict", "seconds"))
    for number, (place, rater, verdict, seconds) in enumerate(zip(*columns, strict=True)):
        is_output = verdict < 2
        key = _id(3, number)
        said = (
            ("output", f"{place} {verdict}", "candidate")
            if is_output
            else (("tie", "all_bad")[verdict - 2], None, None)
        )
        yield key, STUDY, place, _id(1, rater), _id(2, number), *said, BODY, seconds, SHOWN, int(seconds < 3), key, NOW


class Clock:
    """Prints what each part takes: seconds by the wall, and of all cores."""

    def told(self, name: str, part: Callable[[], Answer]) -> Answer:
        """What the part gives."""
        wall, cores = time.perf_counter(), time.process_time()
        answer = part()
        wall, cores = time.perf_counter() - wall, time.process_time() - cores
        sys.stdout.write(f"{name:<24}{wall:7.2f} s{cores:9.2f} s of cores\n")
        sys.stdout.flush()
        return answer


def time_parts(path: Path, question: Question) -> None:
    """Print what each part takes, one after the other."""
    clock = Clock()
    with open_store(path) as store:
        reading = Reading(store)
        marks = reading.marks(question)
        read = clock.told("read", lambda: reading.read(marks, is_open=False))
    whole = clock.told("put together", lambda: whole_of(read.sources, read.names))
    kept = clock.told("rules and filters", lambda: counted(whole, question))
    systems = clock.told("systems", lambda: systems_of(whole.contenders, question.by))
    pairs = clock.told("pairs", lambda: compared(whole, kept, systems))
    for name, part in timed_parts(whole, pairs, question).items():
        clock.told(name, part)


def time_whole(path: Path, question: Question) -> None:
    """Print what the whole takes: cold, of another seed, and the same again."""
    clock = Clock()
    with open_store(path) as store:
        cold = Analyses(store, figure=lambda *_: b"")
        clock.told("whole, nothing read", lambda: cold.analysis(question))
        analyses = Analyses(store, figure=lambda *_: b"")
        clock.told("read ahead, at a start", lambda: analyses.read_ahead(Event()))
        found = clock.told("whole, then", lambda: analyses.analysis(question))
        clock.told("whole, another seed", lambda: analyses.analysis(replace(question, seed=1)))
        clock.told("whole, again", lambda: analyses.analysis(question))
    counts = found["counts"]
    sys.stdout.write(f"{counts['judgements']:,} judgements, {len(found['contrasts'])} contrasts\n")


def main() -> None:
    """Time the whole and its parts on a file that is filled if it is not there."""
    question = Question(by="member")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(sys.argv[1] if len(sys.argv) > 1 else f"{folder}/million.db")
        if not path.exists():
            fill(path)
        time_whole(path, question)
        time_parts(path, question)
    peak_gb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    sys.stdout.write(f"most memory: {peak_gb:.2f} GB\n")


if __name__ == "__main__":
    main()
