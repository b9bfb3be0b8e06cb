"""What large imports cost. `python -m tests.bench.bench_imports`: a million votes, and the same votes again.

`python -m tests.bench.bench_imports large [KIND …]` makes a file of 1 GB of each kind (`large_files.KINDS`; takes as
much space again for its database), and says for the command line what understanding and storing it take. Candidates
become runs at some fifty milliseconds each, so that files of those are only understood unless `--runs` is said.
Memory is the most that a process ever held.
"""

import asyncio
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import TypeVar

from fusion_ui.exchange.entries import RecordedFile
from fusion_ui.imports.importer import Import, Imports
from storage.connection import open_store
from tests.bench.large_files import KINDS, written

VOTES = 1_000_000
GIGABYTE = 1 << 30
STORED_AT_ONCE = ("votes", "battles", "llm_comparator", "answers")
T = TypeVar("T")


def many_votes(path: Path, votes: int) -> RecordedFile:
    """A CSV of a question for five votes, each by one of five times 5,000 raters."""
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


def measure_votes(votes: int) -> None:
    """Measure so many votes."""
    with tempfile.TemporaryDirectory() as folder, open_store(Path(folder) / "bench.db") as store:
        imports = Imports(store)
        wanted = Import(files=(many_votes(Path(folder) / "votes.csv", votes),))
        print(timed("understood", lambda: imports.understand(wanted)).words)
        print(timed("stored", lambda: asyncio.run(imports.bring(wanted))).words)
        print(timed("again", lambda: asyncio.run(imports.bring(wanted))).words)


def measure_large(kinds: Sequence[str], *, with_runs: bool) -> None:
    """Measure a large file of each kind."""
    for kind in kinds:
        with tempfile.TemporaryDirectory() as folder:
            path = written(Path(folder), kind, GIGABYTE)
            print(f"{kind}: {path.name}, {path.stat().st_size:,} bytes")
            command("understood", path, "--dry-run")
            if with_runs or kind in STORED_AT_ONCE:
                command("stored", path)


def command(what: str, path: Path, *options: str) -> None:
    """Says what the command took and told."""
    arguments = ["import", str(path), "--db", str(path.with_name("large.db")), *options]
    begun = time.perf_counter()
    with subprocess.Popen([sys.executable, "-m", "fusion_ui", *arguments], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        told = child.stdout.read().splitlines()
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    took = f"{time.perf_counter() - begun:6.1f} s, {used.ru_utime + used.ru_stime:6.1f} s of computing"
    print(
        f"{what:10} {took}, {used.ru_maxrss / 1000:,.0f} MB, exit code {child.returncode}\n  " + "\n  ".join(told[:2])
    )


def main(arguments: Sequence[str]) -> None:
    """Measure what was asked for."""
    if arguments[:1] == ["large"]:
        kinds = [each for each in arguments[1:] if not each.startswith("--")]
        measure_large(kinds or list(KINDS), with_runs="--runs" in arguments)
    else:
        measure_votes(int(arguments[0]) if arguments else VOTES)


if __name__ == "__main__":
    main(sys.argv[1:])
