"""A copy of the checkout in which one module at a time is made wrong, and what the tests say of it then.

The libraries are loaded once; each run of the tests is a fork of that. The checkout itself is never written to.
"""

import os
import resource
import shutil
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Literal

import pytest

Verdict = Literal["passed", "failed", "endless"]
MOST_CPU_S = 60
MOST_WALL_S = 300
_COPIED = ("fusion_ui", "storage", "tests", "app.py", "pyproject.toml", "README.md", "requirements.txt", ".github")
_PRELOADED = ("hypothesis.stateful", "numpy", "rapidfuzz.fuzz", "scipy.optimize", "scipy.stats", "sqlite_utils")
_FLAGS = ("-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist")


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

    def verdict(self, tests: Sequence[Path]) -> Verdict:
        """What the tests say of the copy as it is now; "endless" if they came to no end."""
        child = os.fork()
        if child == 0:
            os._exit(self._tested(tests))
        status = _ended(child)
        if os.WIFSIGNALED(status):
            return "endless"
        return "passed" if os.WEXITSTATUS(status) == pytest.ExitCode.OK else "failed"

    def _write(self, module: Path, source: str) -> None:
        (self.root / module).write_text(source, encoding="utf-8")
        # Compiled code counts as current if its source has the same second and size: no second comes twice here.
        second = next(self._seconds)
        os.utime(self.root / module, (second, second))

    def _tested(self, tests: Sequence[Path]) -> int:
        os.setpgid(0, 0)
        os.chdir(self.root)
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        sys.path[:] = [str(self.root), *(path for path in sys.path if path not in ("", str(self._source)))]
        for name in [each for each in sys.modules if each.split(".")[0] in ("tests", "fusion_ui", "storage")]:
            del sys.modules[name]
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_CPU_S, MOST_CPU_S))
        return int(pytest.main([*_FLAGS, *map(str, tests)]))


def _copy(source: Path, root: Path) -> None:
    root.mkdir()
    for name in _COPIED:
        if (source / name).is_dir():
            shutil.copytree(source / name, root / name, ignore=shutil.ignore_patterns("__pycache__", ".hypothesis"))
        elif (source / name).exists():
            shutil.copy(source / name, root / name)
    if (source.parent / "shared").is_dir():
        (root.parent / "shared").symlink_to(source.parent / "shared")


def _ended(child: int) -> int:
    deadline = time.monotonic() + MOST_WALL_S
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return status
        if time.monotonic() > deadline:
            os.killpg(child, signal.SIGKILL)
        time.sleep(0.02)
