"""Apps that are up in a third of the time: one process imports what takes seconds, and forks for each app asked for.

A line of JSON on stdin is an app to start; its process number comes back on stdout. It ends with its stdin.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import IO, cast

ROOT = Path(__file__).resolve().parents[2]


class Forked:
    """An app of the nursery, to be asked what `subprocess.Popen` is asked."""

    def __init__(self, pid: int) -> None:
        self._pid = pid

    def poll(self) -> int | None:
        """None while it runs; how it ended is not known."""
        try:
            os.kill(self._pid, 0)
        except ProcessLookupError:
            return 1
        return None

    def terminate(self) -> None:
        with suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGTERM)

    def wait(self, timeout: float) -> None:
        """Raises TimeoutError if it runs on for so many seconds."""
        deadline = time.monotonic() + timeout
        while self.poll() is None:
            if time.monotonic() > deadline:
                raise TimeoutError(f"process {self._pid} runs on")
            time.sleep(0.02)


def forked(arguments: Sequence[str], *, environ: Mapping[str, str], log: Path) -> Forked:
    """`python app.py` with these arguments, its words in `log`."""
    nursery = _nursery()
    asked, told = cast(IO[str], nursery.stdin), cast(IO[str], nursery.stdout)
    asked.write(json.dumps({"arguments": arguments, "environ": dict(environ), "log": str(log)}) + "\n")
    asked.flush()
    return Forked(int(told.readline()))


@cache
def _nursery() -> subprocess.Popen[str]:
    """The one of this test process."""
    command = [sys.executable, "-m", "tests.e2e.nursery"]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def main() -> None:
    """Forks apps until stdin ends."""
    import typer

    import app
    import fusion_ui.ui.server  # noqa: F401 - what takes seconds

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # whoever has ended is gone at once
    for line in sys.stdin:
        if pid := os.fork():
            sys.stdout.write(f"{pid}\n")
            sys.stdout.flush()
            continue
        asked = json.loads(line)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.environ.clear()
        os.environ.update(asked["environ"])
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        log = os.open(asked["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(log, 1)
        os.dup2(log, 2)
        sys.argv = ["app.py", *asked["arguments"]]
        typer.run(app.main)


if __name__ == "__main__":
    main()
