"""A copy of the checkout in which one module at a time is made wrong, and what the tests say of it then.

The libraries are loaded once; each run of the tests is a fork of that. The checkout itself is never written to.
"""

import os
import shutil
import sys
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from itertools import count
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from tests.mutation.collected import (
    Serving,
    Trial,
    Verdict,
    ended,
    fork,
    limit_cpu,
    most_cpu_s,
    most_wall_s,
    verdict_of,
)
from tests.mutation.operators import mutated
from tests.mutation.reach import Measuring, NoShrinking, Only, Reach, files_of, read_reach

_COPIED = ("fusion_ui", "storage", "tests", "app.py", "pyproject.toml", "README.md", "requirements.txt", ".github")
_PRELOADED = (
    "_hypothesis_pytestplugin", "anyio.pytest_plugin", "hypothesis.stateful", "numpy", "pandas", "pydantic",
    "rapidfuzz.fuzz", "scipy.optimize", "scipy.stats", "sqlite_utils", "ulid",
)  # fmt: skip
_FLAGS = ("-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:playwright")


class Checkout:
    """The copy; its modules are changed for a while and tested."""

    def __init__(self, source: Path, folder: Path) -> None:
        self.root = folder / "checkout"
        self._source = source
        self._written = folder / "reach.json"
        self._seconds = count(1_000_000_000)
        _copy(source, self.root)
        for name in _PRELOADED:
            import_module(name)

    @contextmanager
    def serving(self, tests: Sequence[Path], modules: Collection[Path]) -> Iterator["Collected"]:
        """These tests collected and, as they reach into the modules, measured."""
        ours, theirs = Pipe()
        server = fork()
        if server == 0:
            ours.close()
            os._exit(self._serve(theirs, tests, modules))
        theirs.close()
        ours.recv()
        yield Collected(self, ours, read_reach(self._written))
        ours.send(None)
        ended(server, wall_s=most_wall_s(0))

    def imported(self, trial: Trial) -> Verdict:
        """What the tests say when all is imported anew with the change."""
        original = (self.root / trial.module).read_text(encoding="utf-8")
        self._write(trial.module, mutated(original, trial.mutant))
        try:
            if (child := fork()) == 0:
                limit_cpu(most_cpu_s(trial.cpu_s))
                os._exit(self._run("-x", *files_of(trial.tests), plugins=[Only(trial.tests)]))
            return verdict_of(ended(child, wall_s=most_wall_s(trial.cpu_s)))
        finally:
            self._write(trial.module, original)

    def _serve(self, connection: Connection, tests: Sequence[Path], modules: Collection[Path]) -> int:
        measuring = Measuring(self.root, modules, self._written)
        return self._run(*map(str, tests), plugins=[measuring, Serving(self.root, connection, measuring)])

    def _write(self, module: Path, source: str) -> None:
        (self.root / module).write_text(source, encoding="utf-8")
        # Compiled code counts as current if its source has the same second and size: no second comes twice here.
        second = next(self._seconds)
        os.utime(self.root / module, (second, second))

    def _run(self, *arguments: str, plugins: Sequence[object]) -> int:
        os.chdir(self.root)
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        sys.path[:] = [str(self.root), *(path for path in sys.path if path not in ("", str(self._source)))]
        for name in [each for each in sys.modules if each.split(".")[0] in ("tests", "fusion_ui", "storage")]:
            del sys.modules[name]
        rooms = f"--basetemp={self.root.parent / 'rooms'}"
        return int(pytest.main([*_FLAGS, rooms, *arguments], [NoShrinking(), *plugins]))


class Collected:
    """The tests as they were measured, ready for one trial after another."""

    def __init__(self, checkout: Checkout, connection: Connection, reach: Reach) -> None:
        self.reach = reach
        self._checkout = checkout
        self._connection = connection

    def verdict(self, trial: Trial, *, is_imported: bool) -> Verdict:
        """What the tests say of the mutant; one that shows at import takes far longer."""
        if not is_imported:
            self._connection.send(trial)
            verdict: Verdict = self._connection.recv()
            if verdict != "not exchanged":
                return verdict
        return self._checkout.imported(trial)


def _copy(source: Path, root: Path) -> None:
    root.mkdir()
    for name in _COPIED:
        if (source / name).is_dir():
            shutil.copytree(source / name, root / name, ignore=shutil.ignore_patterns("__pycache__", ".hypothesis"))
        elif (source / name).exists():
            shutil.copy(source / name, root / name)
    if (source.parent / "shared").is_dir():
        (root.parent / "shared").symlink_to(source.parent / "shared")
