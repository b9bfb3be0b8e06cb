"""The child in which math-verify runs: one question a line in, one verdict a line out, both JSON.

Run by path with a time and a memory limit, never imported. It ends with its input; and should whoever asked be gone,
an alarm ends it in the middle of a question, for simplifying hostile mathematics can take hours.
"""

import contextlib
import json
import logging
import os
import resource
import signal
import sys
from typing import TextIO

from math_verify import parse, verify

_GRACE_SECONDS = 1.0  # the asker's own limit comes first


def main(limit_seconds: float, limit_bytes: int) -> None:
    """Say when it is warm, then answer questions until there are no more."""
    with contextlib.suppress(OSError, ValueError):  # macOS knows no such limit
        resource.setrlimit(resource.RLIMIT_AS, (limit_bytes, limit_bytes))
    logging.disable(logging.CRITICAL)
    with os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="ascii") as replies:
        sys.stdout = sys.stderr  # the parser prints its complaints
        _reply(replies, _is_same(r"\frac{1}{2}", "0.5"))
        for line in sys.stdin:
            signal.setitimer(signal.ITIMER_REAL, limit_seconds + _GRACE_SECONDS)
            _reply(replies, _is_same(*json.loads(line)))
            signal.setitimer(signal.ITIMER_REAL, 0)


def _is_same(first: str, second: str) -> bool:
    """Whether math-verify takes either for the other: its own relation is not symmetric."""
    one, two = (parse(f"${text.replace('$', '')}$", parsing_timeout=None) for text in (first, second))
    return bool(verify(one, two, timeout_seconds=None) or verify(two, one, timeout_seconds=None))


def _reply(replies: TextIO, verdict: bool) -> None:
    replies.write(f"{json.dumps(verdict)}\n")
    replies.flush()


if __name__ == "__main__":
    main(float(sys.argv[1]), int(sys.argv[2]))
