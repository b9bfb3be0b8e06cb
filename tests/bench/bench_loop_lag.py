"""How long the screen's loop is held up while many models talk: LiteLLM on its own thread against on the same loop.

Run: python -m tests.bench.bench_loop_lag [--streams 32] [--rate 50] [--tokens 150]
"""

import argparse
import asyncio
import gc
import json
import multiprocessing
import statistics
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from multiprocessing.connection import Connection
from typing import Any, NamedTuple

from fusion_ui.engine.sampling import Message, Request, reply_of
from fusion_ui.engine.values import Completion, Member
from fusion_ui.providers.litellm import LiteLLMSampler
from tests.providers.fault_server import FaultServer, Wire

TICK_S = 0.005


class Measured(NamedTuple):
    """Lag of the loop in ms, and how long all streams took."""

    p50_ms: float
    p95_ms: float
    most_ms: float
    seconds: float
    events: int


async def _paced(wire: Wire, *, rate: float, tokens: int) -> None:
    await wire.begin()
    began = time.monotonic()
    for number in range(tokens):
        await asyncio.sleep(max(0.0, began + number / rate - time.monotonic()))
        with suppress(ConnectionError):
            await wire.say(f"token{number} ")
    await wire.say(finish="stop")
    await wire.count(7, tokens)
    await wire.end()


def _serve(pipe: Connection, rate: float, tokens: int) -> None:
    """The server has a process of its own, so that only the client's work is measured."""
    with FaultServer({"paced": partial(_paced, rate=rate, tokens=tokens)}) as server:
        pipe.send(server.base)
        pipe.recv()


async def _measured(work: Callable[[], Awaitable[int]]) -> Measured:
    lags: list[float] = []

    async def watch() -> None:
        while True:
            slept = time.perf_counter()
            await asyncio.sleep(TICK_S)
            lags.append((time.perf_counter() - slept - TICK_S) * 1000)

    watching = asyncio.create_task(watch())
    began = time.perf_counter()
    events = await work()
    seconds = time.perf_counter() - began
    watching.cancel()
    cuts = statistics.quantiles(lags, n=100, method="inclusive")
    return Measured(cuts[49], cuts[94], max(lags), seconds, events)


async def _through_worker(sampler: LiteLLMSampler, base: str, streams: int) -> int:
    member = Member(name="m", model="openai/scripted", api_base=base)
    deltas = 0

    def count(_delta: object) -> None:
        nonlocal deltas
        deltas += 1

    def request(number: int) -> Request:
        return Request(member=member, messages=(Message(role="user", content=f"paced {number}"),))

    ends = await asyncio.gather(*(reply_of(sampler, request(number), count) for number in range(streams)))
    assert all(isinstance(end, Completion) for end in ends), ends
    return deltas


async def _on_same_loop(litellm: Any, base: str, streams: int) -> int:
    async def one(number: int) -> int:
        reply = await litellm.acompletion(
            model="openai/scripted",
            messages=[{"role": "user", "content": f"paced {number}"}],
            api_base=base,
            api_key="none",
            stream=True,
            num_retries=0,
            max_retries=0,
        )
        return sum([bool(piece.choices and piece.choices[0].delta.content) async for piece in reply])

    return sum(await asyncio.gather(*(one(number) for number in range(streams))))


async def compare(base: str, streams: int) -> dict[str, Measured]:
    """Both ways on the same server, the threaded one first."""
    sampler = LiteLLMSampler(environ={}, concurrency=streams)
    await sampler.warm_up()
    await _through_worker(sampler, base, 2)
    import litellm  # only now, with the settings the sampler made

    threaded = await _measured(partial(_through_worker, sampler, base, streams))
    sampler.close()
    gc.collect()
    return {"own thread": threaded, "same loop": await _measured(partial(_on_same_loop, litellm, base, streams))}


def main() -> None:
    """Measure and print one line a way, the ratio, and the same as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--streams", type=int, default=32)
    parser.add_argument("--rate", type=float, default=50.0)
    parser.add_argument("--tokens", type=int, default=150)
    chosen = parser.parse_args()
    ours, theirs = multiprocessing.Pipe()
    serving = multiprocessing.get_context("spawn").Process(
        target=_serve, args=(theirs, chosen.rate, chosen.tokens), daemon=True
    )
    serving.start()
    results = asyncio.run(compare(ours.recv(), chosen.streams))
    ours.send("stop")
    serving.join(5)
    print(f"{chosen.streams} streams x {chosen.rate:g} tokens/s x {chosen.tokens} tokens, loop lag of the screen")
    for way, seen in results.items():
        line = f"p50 {seen.p50_ms:7.1f}  p95 {seen.p95_ms:7.1f}  max {seen.most_ms:7.1f} ms"
        print(f"{way:>10}: {line}, {seen.seconds:.1f} s, {seen.events} events")
    ratio = results["own thread"].p95_ms / results["same loop"].p95_ms
    print(f"ratio of p95: {ratio:.3f}")
    print(json.dumps({way: seen._asdict() for way, seen in results.items()} | {"ratio": ratio}))


if __name__ == "__main__":
    main()
