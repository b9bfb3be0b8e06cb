"""A private event loop in a daemon thread, so that the work of a model library never holds up the screen's loop."""

import asyncio
import logging
import threading
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any, Generic, TypeVar

T = TypeVar("T")
Emit = Callable[[T], None]

_log = logging.getLogger(__name__)
_LONGEST_GOODBYE_S = 1.0  # how long a closed stream waits for its connection to be closed behind it


class _Ended(Generic[T]):
    """The last thing on a queue: the task that fed it."""

    def __init__(self, task: "asyncio.Task[None]") -> None:
        self.task = task


class Worker:
    """Starts its thread with the first stream; after `close` the next stream starts it anew."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def stream(self, produce: Callable[[Emit[T]], Coroutine[Any, Any, None]]) -> AsyncGenerator[T, None]:
        """What `produce` emits on the private loop, as it comes; closing the generator cancels it there and waits."""
        here = asyncio.get_running_loop()
        arrived: asyncio.Queue[T | _Ended[T]] = asyncio.Queue()
        begun: list[asyncio.Task[None]] = []

        def put(piece: T | _Ended[T]) -> None:
            with suppress(RuntimeError):  # the caller's loop is closed: nobody listens any more
                here.call_soon_threadsafe(arrived.put_nowait, piece)

        def begin() -> None:
            begun.append(asyncio.get_running_loop().create_task(produce(put)))
            begun[0].add_done_callback(lambda task: put(_Ended(task)))

        there = self._schedule(begin)
        try:
            while not isinstance(piece := await arrived.get(), _Ended):
                yield piece
        except BaseException:
            # Calls to another loop keep their order, so the task exists by the time it is cancelled.
            with suppress(RuntimeError):  # that loop is closed, and the task with it
                there.call_soon_threadsafe(lambda: begun[0].cancel())
            await _until_ended(arrived)
            raise
        if not piece.task.cancelled():
            piece.task.result()

    def close(self, farewell: Callable[[], Awaitable[None]] | None = None) -> None:
        """Cancel what still runs, let `farewell` close what it holds on that loop, and end the thread."""
        with self._lock:
            loop, thread = self._loop, self._thread
            self._loop = self._thread = None
        if loop is None or thread is None:
            return
        asyncio.run_coroutine_threadsafe(_wind_up(farewell), loop).result(timeout=10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(timeout=10)

    def _schedule(self, begin: Callable[[], None]) -> asyncio.AbstractEventLoop:
        # Under the lock, so that a `close` meanwhile either comes first or finds the task and ends it.
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._loop.set_exception_handler(_log_without_words)
                self._thread = threading.Thread(target=_run, args=(self._loop,), name=self._name, daemon=True)
                self._thread.start()
            self._loop.call_soon_threadsafe(begin)
            return self._loop


def _run(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
    finally:
        loop.close()


async def _until_ended(arrived: "asyncio.Queue[Any]") -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(_LONGEST_GOODBYE_S):
            while not isinstance(await arrived.get(), _Ended):
                pass


async def _wind_up(farewell: Callable[[], Awaitable[None]] | None) -> None:
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    if farewell is not None:
        await farewell()
    await asyncio.get_running_loop().shutdown_asyncgens()


def _log_without_words(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    # An error in a library's own background task may quote a key, so only its class is told.
    error = context.get("exception")
    if error is not None:
        _log.warning("A background task of the model library failed: %s", type(error).__name__)
