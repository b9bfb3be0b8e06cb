"""What runs on the private loop arrives here in order, and ends when nobody listens any more."""

import asyncio
import logging
import threading
from collections.abc import Iterator
from contextlib import aclosing

import pytest

from fusion_ui.providers.worker import Emit, Worker

pytestmark = pytest.mark.anyio


@pytest.fixture
def worker() -> Iterator[Worker]:
    private = Worker("private")
    yield private
    private.close()


async def three(emit: Emit[int]) -> None:
    for number in (1, 2, 3):
        emit(number)


class Endless:
    """Emits once, then waits; remembers whether it was cancelled."""

    def __init__(self) -> None:
        self.was_cancelled = threading.Event()

    async def __call__(self, emit: Emit[str]) -> None:
        try:
            emit("begun")
            await asyncio.Event().wait()
        finally:
            self.was_cancelled.set()


async def collected(worker: Worker) -> list[int]:
    async with aclosing(worker.stream(three)) as numbers:
        return [number async for number in numbers]


async def test_everything_arrives_in_order(worker: Worker) -> None:
    assert await collected(worker) == [1, 2, 3]


async def test_the_work_is_done_on_another_thread(worker: Worker) -> None:
    async def name(emit: Emit[str]) -> None:
        emit(threading.current_thread().name)

    assert [seen async for seen in worker.stream(name)] == ["private"]


async def test_all_streams_share_one_loop(worker: Worker) -> None:
    async def loop(emit: Emit[int]) -> None:
        emit(id(asyncio.get_running_loop()))

    assert len({seen for _ in range(3) async for seen in worker.stream(loop)}) == 1


async def test_an_error_there_is_raised_here_after_what_came_before(worker: Worker) -> None:
    async def broken(emit: Emit[str]) -> None:
        emit("so far")
        raise LookupError("gone")

    stream = worker.stream(broken)
    assert await anext(stream) == "so far"
    with pytest.raises(LookupError, match="gone"):
        await anext(stream)


async def test_closing_a_stream_ends_its_work_before_it_returns(worker: Worker) -> None:
    endless = Endless()
    stream = worker.stream(endless)
    await anext(stream)
    await stream.aclose()
    assert endless.was_cancelled.is_set()


async def test_cancelling_the_reader_ends_the_work(worker: Worker) -> None:
    endless = Endless()

    async def read() -> None:
        async with aclosing(worker.stream(endless)) as pieces:
            async for _ in pieces:
                reading.set()

    reading = asyncio.Event()
    task = asyncio.create_task(read())
    await reading.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert endless.was_cancelled.is_set()


async def test_closing_the_worker_ends_open_streams_quietly(worker: Worker) -> None:
    endless = Endless()
    stream = worker.stream(endless)
    await anext(stream)
    await asyncio.to_thread(worker.close)
    assert [piece async for piece in stream] == []
    assert endless.was_cancelled.is_set()


async def test_a_closed_worker_starts_anew(worker: Worker) -> None:
    await collected(worker)
    worker.close()
    assert await collected(worker) == [1, 2, 3]


async def test_closing_lets_the_owner_say_goodbye_on_that_loop(worker: Worker) -> None:
    said = []

    async def farewell() -> None:
        said.append(threading.current_thread().name)

    await collected(worker)
    worker.close(farewell)
    assert said == ["private"]


def test_a_worker_never_used_has_no_thread_to_close() -> None:
    before = threading.active_count()
    Worker("idle").close()
    assert threading.active_count() == before


def test_a_reader_whose_loop_is_gone_does_not_disturb_the_work(worker: Worker) -> None:
    endless = Endless()

    async def read_one() -> str:
        return await anext(worker.stream(endless))

    assert asyncio.run(read_one()) == "begun"
    worker.close()
    assert endless.was_cancelled.is_set()


async def test_a_lost_task_is_logged_without_its_words(worker: Worker, caplog: pytest.LogCaptureFixture) -> None:
    async def careless(emit: Emit[str]) -> None:
        loop = asyncio.get_running_loop()
        loop.call_exception_handler({"message": "key-in-words", "exception": ValueError("key-in-words")})
        emit("done")

    with caplog.at_level(logging.DEBUG):
        assert [piece async for piece in worker.stream(careless)] == ["done"]
    assert "ValueError" in caplog.text
    assert "key-in-words" not in caplog.text
