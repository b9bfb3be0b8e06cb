"""A copy of the checkout in which one module at a time is made wrong, and what the tests say of it then.

The libraries are loaded once; each run of the tests is a fork of that. The checkout itself is never written to.
"""

import os
import resource
import shutil
import signal
import sys
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Literal

import pytest

from tests.mutation.reach import Measuring, NoShrinking, Only, Reach, files_of, read_reach

Verdict = Literal["passed", "failed", "endless"]
_SLACK_CPU_S = 5
_SLACK_WALL_S = 60
_MEASURED_CPU_S = 1800
_COPIED = ("fusion_ui", "storage", "tests", "app.py", "pyproject.toml", "README.md", "requirements.txt", ".github")
_PRELOADED = (
    "_hypothesis_pytestplugin", "anyio.pytest_plugin", "hypothesis.stateful", "numpy", "pandas", "pydantic",
    "rapidfuzz.fuzz", "scipy.optimize", "scipy.stats", "sqlite_utils", "ulid",
)  # fmt: skip
_NOTHING_NOTICED = (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)
_FLAGS = ("-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:playwright")


class Checkout:
    """The copy; its modules are changed for a while and tested."""

    def __init__(self, source: Path, folder: Path) -> None:
        self.root = folder / "checkout"
        self._source = source
        self._seconds = count(1_000_000_000)
        _copy(source, self.root)
        for name in _PRELOADED:
            import_module(name)

    @contextmanager
    def changed(self, module: Path, source: str) -> Iterator[None]:
        """The module reads like this meanwhile."""
        original = (self.root / module).read_text(encoding="utf-8")
        self._write(module, source)
        try:
            yield
        finally:
            self._write(module, original)

    def reach(self, tests: Sequence[Path], modules: Collection[Path]) -> Reach:
        """Which of these tests run which lines of the modules, as they are now."""
        written = self.root.parent / "reach.json"
        _ended(self._forked(lambda: self._measured(tests, modules, written)), wall_s=10 * _MEASURED_CPU_S)
        return read_reach(written)

    def verdict(self, tests: Sequence[str], *, cpu_s: float) -> Verdict:
        """What these tests say of the copy as it is now; "endless" if they take far longer than they should."""
        limit = _SLACK_CPU_S + int(4 * cpu_s)
        child = self._forked(lambda: self._tested(["-x", *files_of(tests)], [Only(tests)], cpu_s=limit))
        status = _ended(child, wall_s=_SLACK_WALL_S + 10 * limit)
        if os.WIFSIGNALED(status):
            return "endless"
        return "passed" if os.WEXITSTATUS(status) in _NOTHING_NOTICED else "failed"

    def _write(self, module: Path, source: str) -> None:
        (self.root / module).write_text(source, encoding="utf-8")
        # Compiled code counts as current if its source has the same second and size: no second comes twice here.
        second = next(self._seconds)
        os.utime(self.root / module, (second, second))

    def _forked(self, task: Callable[[], int]) -> int:
        child = os.fork()
        if child == 0:
            os.setpgid(0, 0)
            os._exit(task())
        return child

    def _measured(self, tests: Sequence[Path], modules: Collection[Path], written: Path) -> int:
        measuring = Measuring(self.root, modules)
        status = self._tested(list(map(str, tests)), [measuring], cpu_s=_MEASURED_CPU_S)
        measuring.write(written)
        return status

    def _tested(self, arguments: Sequence[str], plugins: Sequence[object], *, cpu_s: int) -> int:
        os.chdir(self.root)
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        sys.path[:] = [str(self.root), *(path for path in sys.path if path not in ("", str(self._source)))]
        for name in [each for each in sys.modules if each.split(".")[0] in ("tests", "fusion_ui", "storage")]:
            del sys.modules[name]
        resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s))
        return int(pytest.main([*_FLAGS, *arguments], [NoShrinking(), *plugins]))


def _copy(source: Path, root: Path) -> None:
    root.mkdir()
    for name in _COPIED:
        if (source / name).is_dir():
            shutil.copytree(source / name, root / name, ignore=shutil.ignore_patterns("__pycache__", ".hypothesis"))
        elif (source / name).exists():
            shutil.copy(source / name, root / name)
    if (source.parent / "shared").is_dir():
        (root.parent / "shared").symlink_to(source.parent / "shared")


def _ended(child: int, *, wall_s: float) -> int:
    deadline = time.monotonic() + wall_s
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended or time.monotonic() > deadline:
            with suppress(ProcessLookupError):
                os.killpg(child, signal.SIGKILL)  # what its tests started, too
        if ended:
            return status
        time.sleep(0.02)
