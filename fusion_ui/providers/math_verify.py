"""A checker that asks math-verify, kept in one child process that can be killed.

math-verify limits its time with signals, which fail outside the main thread, and runs on where it has no limit. So it
never runs here: each question has a deadline of its own, and a child that misses it is replaced. math-verify is not
imported, nothing blocks the event loop, and questions are asked one at a time by one thread.
"""

import asyncio
import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event, Timer
from typing import IO, cast

from fusion_ui.engine.reading.notation import latex

_WORKER = Path(__file__).with_name("math_verify_worker.py")
_LONGEST = 500  # characters of an answer that are sent
_MOST_FAILED_STARTS = 3
_KEPT_VARIABLES = (
    "PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
)  # fmt: skip


class MathVerifyChecker:
    """Whether two answers are mathematically the same; None after the time limit, or where no child will start.

    The child starts with the first question, which waits for it; the limit begins when it is warm. Verdicts are
    remembered. Call `aclose` when done; afterwards every answer is None.
    """

    def __init__(
        self,
        *,
        limit_seconds: float = 2.0,
        start_seconds: float = 30.0,
        limit_bytes: int = 2 << 30,
        most_remembered: int = 4096,
    ) -> None:
        self._limit_seconds = limit_seconds
        self._start_seconds = start_seconds
        self._limit_bytes = limit_bytes
        self._most_remembered = most_remembered
        self._verdicts: dict[tuple[str, str], bool | None] = {}
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="math-verify")
        self._child: _Child | None = None
        self._failed_starts = 0
        self._is_closed = False

    async def equivalent(self, first: str, second: str) -> bool | None:
        """Whether two answers are the same; None = cannot tell."""
        one, two = sorted((latex(first[:_LONGEST]), latex(second[:_LONGEST])))
        if (one, two) in self._verdicts:
            return self._verdicts[one, two]
        if self._is_closed:
            return None
        verdict = await asyncio.wrap_future(self._thread.submit(self._ask, one, two))
        if self._child is None and not self._is_closed:  # lost: the next question shall find a warm one
            self._thread.submit(self._warm_child)
        return verdict

    async def aclose(self) -> None:
        """End the child; questions still waiting are answered with None."""
        self._is_closed = True
        if self._child:
            self._child.kill()
        await asyncio.to_thread(self._thread.shutdown)
        if self._child:
            self._child.close()
            self._child = None

    def _ask(self, first: str, second: str) -> bool | None:
        if (first, second) in self._verdicts:  # asked by another caller meanwhile
            return self._verdicts[first, second]
        child = self._warm_child()
        if child is None:
            return None
        verdict = child.exchange([first, second], self._limit_seconds)
        if verdict is None:
            self._drop_child()
        if not self._is_closed:
            self._remember((first, second), verdict)
        return verdict

    def _warm_child(self) -> "_Child | None":
        if self._child or self._is_closed or self._failed_starts >= _MOST_FAILED_STARTS:
            return self._child
        self._failed_starts += 1
        with contextlib.suppress(OSError):
            self._child = _Child(self._limit_seconds, self._limit_bytes)
        if self._child and self._child.exchange(None, self._start_seconds):
            self._failed_starts = 0
        else:
            self._drop_child()
        return self._child

    def _drop_child(self) -> None:
        child, self._child = self._child, None
        if child:
            child.close()

    def _remember(self, pair: tuple[str, str], verdict: bool | None) -> None:
        while len(self._verdicts) >= self._most_remembered:
            del self._verdicts[next(iter(self._verdicts))]
        self._verdicts[pair] = verdict


class _Child:
    """One process, spoken to by one thread."""

    def __init__(self, limit_seconds: float, limit_bytes: int) -> None:
        # -P: the folder of the worker holds a module named math_verify, which is not the library.
        self._process = subprocess.Popen(
            [sys.executable, "-P", str(_WORKER), str(limit_seconds), str(limit_bytes)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="ascii",
            env=_without_secrets(os.environ),
            start_new_session=True,  # Ctrl-C is for the parent, which then ends the child
        )
        self._questions = cast(IO[str], self._process.stdin)
        self._replies = cast(IO[str], self._process.stdout)

    def exchange(self, question: list[str] | None, seconds: float) -> bool | None:
        """The child's next verdict, on a question if there is one; None if it died, or had to."""
        expired = Event()
        deadline = Timer(seconds, self._expire, (expired,))
        deadline.start()
        reply = self._reply(question)
        deadline.cancel()
        deadline.join()  # else it might kill a child that has just answered
        return None if expired.is_set() or not reply.endswith("\n") else bool(json.loads(reply))

    def kill(self) -> None:
        """End the process, whatever it does."""
        self._process.kill()

    def close(self) -> None:
        """End the process and let go of its pipes."""
        self.kill()
        with contextlib.suppress(BrokenPipeError):
            self._process.communicate()

    def _expire(self, expired: Event) -> None:
        expired.set()
        self.kill()

    def _reply(self, question: list[str] | None) -> str:
        try:
            if question:
                self._questions.write(f"{json.dumps(question)}\n")
                self._questions.flush()
            return self._replies.readline()
        except OSError:
            return ""


def _without_secrets(environment: Mapping[str, str]) -> dict[str, str]:
    """What a Python needs to start; the child reads hostile text and shall not hold anybody's keys."""
    return {name: environment[name] for name in _KEPT_VARIABLES if name in environment}
