"""What a million votes cost: understood, stored, and known when they come again. `python -m tests.bench.bench_imports`.

A CSV of 200,000 questions, each judged by five of 25,000 raters. Memory is the most that this process ever held.
"""

import asyncio
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import TypeVar

from fusion_ui.exchange.entries import RecordedFile
from fusion_ui.imports.importer import Import, Imports
from storage.connection import open_store

VOTES = 1_000_000
T = TypeVar("T")


def written(path: Path, votes: int) -> RecordedFile:
    """The votes as a file."""
    dice = Random(1)
    with path.open("w", encoding="utf-8") as file:
        file.write("question_id,model_a,model_b,rater,winner\n")
        for place in range(votes):
            if place % 5 == 0:
                one, other = dice.sample(range(20), 2)
            winner = dice.choice(["model_a", "model_b", "tie", "tie (bothbad)"])
            file.write(f"q{place // 5},model {one},model {other},r{dice.randrange(5000)} {place % 5},{winner}\n")
    return RecordedFile(path=path, name=path.name)


def timed(what: str, work: Callable[[], T]) -> T:
    """What the work gives, and on stdout how long it took."""
    wall, computing = time.perf_counter(), time.process_time()
    found = work()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    took = f"{time.perf_counter() - wall:6.1f} s, {time.process_time() - computing:6.1f} s of computing"
    print(f"{what:10} {took}, {memory:,.0f} MB")
    return found


def main(votes: int) -> None:
    """Measure."""
    with tempfile.TemporaryDirectory() as folder, open_store(Path(folder) / "bench.db") as store:
        imports = Imports(store)
        wanted = Import(files=(written(Path(folder) / "votes.csv", votes),))
        print(timed("understood", lambda: imports.understand(wanted)).words)
        print(timed("stored", lambda: asyncio.run(imports.bring(wanted))).words)
        print(timed("again", lambda: asyncio.run(imports.bring(wanted))).words)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else VOTES)
