"""Tests collected once; each mutant is met in a fork of that, in which the code of the changed functions is exchanged.

What is changed at import (a constant, a default, a class) is no matter for this: it takes a fresh import.
"""

import gc
import os
import resource
import signal
import time
from collections.abc import Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from types import CodeType, FunctionType
from typing import Literal, NamedTuple

import pytest

from tests.mutation.operators import Mutant, mutated_tree
from tests.mutation.reach import Measuring

Verdict = Literal["passed", "failed", "endless", "not exchanged"]
_SLACK_CPU_S = 3
# On a busy machine a second of work may take minutes; a process that waits for nothing is not even ready to run.
_SLACK_WALL_S = 600
_MOST_STILL_S = 30
_LOOK_EVERY_S = 1
_NOT_EXCHANGED = 99
_NOTHING_NOTICED = (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)


class Trial(NamedTuple):
    """A mutant of a module, the tests it is to meet, and the processor time they take without it."""

    module: Path
    mutant: Mutant
    tests: Sequence[str]
    cpu_s: float


class Serving:
    """The plugin of a session that collects and then, instead of running, forks for whatever it is sent."""

    def __init__(self, root: Path, connection: Connection, measuring: Measuring) -> None:
        self._root = root
        self._connection = connection
        self._measuring = measuring

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """Nothing more in a fork, where pytest goes on to run what is left of the session."""
        if (measured := fork()) == 0:
            return None
        ended(measured, wall_s=float("inf"))
        self._measuring.stop()
        session.config.pluginmanager.unregister(self._measuring)
        self._connection.send("measured")
        while trial := self._connection.recv():
            if (child := fork()) == 0:
                self._begin(session, trial)
                return None
            self._connection.send(verdict_of(ended(child, wall_s=most_wall_s(trial.cpu_s))))
        return True

    def _begin(self, session: pytest.Session, trial: Trial) -> None:
        rank = {test: at for at, test in enumerate(trial.tests)}
        session.items[:] = sorted(
            (each for each in session.items if each.nodeid in rank), key=lambda each: rank[each.nodeid]
        )
        session.config.option.maxfail = 1
        if not exchanged(self._root / trial.module, trial.mutant):
            os._exit(_NOT_EXCHANGED)
        limit_cpu(most_cpu_s(trial.cpu_s))


def exchanged(path: Path, mutant: Mutant) -> bool:
    """Puts the mutant's code into the functions of a module that is loaded; false if there is none to put it into."""
    source = path.read_text(encoding="utf-8")
    right, wrong = (_codes_by_name(compile(tree, str(path), "exec")) for tree in mutated_tree(source, mutant))
    both = [pair for name, codes in right.items() for pair in zip(codes, wrong.get(name, ()), strict=False)]
    changes = [(old, new) for old, new in both if old != new]
    found = [
        each for each in gc.get_objects() if isinstance(each, FunctionType) and each.__code__.co_filename == str(path)
    ]
    pairs = [(each, new) for each in found for old, new in changes if each.__code__ == old]
    if not pairs or any(old.co_freevars != new.co_freevars for old, new in changes):
        return False
    for function, code in pairs:
        function.__code__ = code
    return True


def most_cpu_s(usual: float) -> int:
    """The processor time after which tests that usually take so long count as endless."""
    return _SLACK_CPU_S + int(3 * usual)


def most_wall_s(usual: float) -> float:
    """The time on the clock after which they do."""
    return _SLACK_WALL_S + 10 * most_cpu_s(usual)


def verdict_of(status: int) -> Verdict:
    """What the end of a process that ran tests says."""
    if os.WIFSIGNALED(status):
        return "endless"
    code = os.WEXITSTATUS(status)
    return "not exchanged" if code == _NOT_EXCHANGED else "passed" if code in _NOTHING_NOTICED else "failed"


def fork() -> int:
    """A child that leads a group of its own."""
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
    return child


def limit_cpu(seconds: int) -> None:
    """The kernel ends this process after so much processor time."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))


def ended(child: int, *, wall_s: float) -> int:
    """How the child ended; what its tests started ends with it, and so does what stands still."""
    began = awake = looked = time.monotonic()
    while True:
        pid, status = os.waitpid(child, os.WNOHANG)
        now = time.monotonic()
        if now - looked > _LOOK_EVERY_S:
            looked = now
            awake = now if is_awake(child) else awake
        if pid or now - began > wall_s or now - awake > _MOST_STILL_S:
            with suppress(ProcessLookupError):
                os.killpg(child, signal.SIGKILL)
        if pid:
            return status
        time.sleep(0.05)


def is_awake(group: int) -> bool:
    """Whether any process of this group works or could; true where the system does not say."""
    states = [fields[0] for fields in map(_status, Path("/proc").glob("[0-9]*/stat")) if fields[2:3] == [str(group)]]
    return not states or bool({"R", "D"} & set(states))


def _status(stat: Path) -> list[str]:
    """The state, the parent and the group of a process, and more; nothing if it has ended."""
    try:
        return stat.read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return []


def _codes_by_name(code: CodeType) -> dict[tuple[str, int], list[CodeType]]:
    """The codes inside this one by their name and line; a change may have left out some."""
    codes: dict[tuple[str, int], list[CodeType]] = {}
    waiting = [code]
    while waiting:
        inner = [each for each in waiting.pop().co_consts if isinstance(each, CodeType)]
        waiting += inner
        for each in inner:
            codes.setdefault((each.co_qualname, each.co_firstlineno), []).append(each)
    return codes
