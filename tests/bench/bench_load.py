"""Thirty people comparing and forty rating at once against a served app: what breaks, how long it takes, what it costs.

`python -m tests.bench.bench_load [--seconds 900] [--comparing 30] [--rating 40] [--runs-at-once N]` starts `app.py` on
a fresh database. Everybody asks as a browser does (Gradio's queue, then the run's own stream) and comes from an address
of their own, as through a proxy. Prints errors, memory, delays and waits; the last lines are the bounds, each with what
was measured against it, and it fails where one does not hold. What other programs took of the processors is told too:
with much of it, delays say little.
"""

import argparse
import asyncio
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import httpx

from fusion_ui.demo.pack import load_pack
from storage.connection import open_store
from tests.annotation.support import stored, unit

ROOT = Path(__file__).resolve().parents[2]
URL = "http://127.0.0.1:{port}"
BOUNDS = {"first token": 1.0, "saved rating": 0.3}
MOST_GROWTH = 0.10
WINDOW = 1 / 12  # of the time: memory is compared by medians over windows, since it rises and falls with every run
PROMPTS = [example.prompt.text for example in load_pack().examples]


class Ticks(NamedTuple):
    """Processor time since the machine started, in its own unit."""

    server: int
    client: int
    busy: int
    all: int


@dataclass
class Seen:
    """What people saw; delays are in seconds."""

    first_token: list[float] = field(default_factory=list)
    pressed: list[float] = field(default_factory=list)
    waited: list[float] = field(default_factory=list)
    whole_run: list[float] = field(default_factory=list)
    saved: list[float] = field(default_factory=list)
    next_trial: list[float] = field(default_factory=list)
    places: Counter[str] = field(default_factory=Counter)
    acknowledged: set[str] = field(default_factory=set)
    run_ids: set[str] = field(default_factory=set)
    refused: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=900)
    parser.add_argument("--comparing", type=int, default=30)
    parser.add_argument("--rating", type=int, default=40)
    parser.add_argument("--runs-at-once", type=int)
    parser.add_argument("--port", type=int, default=7991)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "load.db"
        with open_store(database) as store:
            study_id = stored(store, *(unit(place) for place in range(3000)), overlap=10, repeats=0.05)
        server = _served(database, asked.port, asked.runs_at_once)
        try:
            before = _ticks(server.pid)
            seen, memory = asyncio.run(_load(server.pid, study_id, asked))
            _tell_processors(before, _ticks(server.pid))
        finally:
            server.terminate()
            server.wait()
        lost = _lost(database, seen)
    _report(seen, memory, lost)


def _served(database: Path, port: int, runs_at_once: int | None) -> "subprocess.Popen[bytes]":
    limits = {"FUSION_UI_LIMITS__RUNS_AT_ONCE": str(runs_at_once)} if runs_at_once else {}
    command = [sys.executable, "app.py", "--port", str(port), "--db", str(database)]
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | limits)
    while process.poll() is None:
        with suppress(httpx.TransportError):
            httpx.get(URL.format(port=port) + "/health", timeout=2)
            return process
        time.sleep(0.1)
    sys.exit("the app did not start")


async def _load(pid: int, study_id: str, asked: argparse.Namespace) -> tuple[Seen, list[float]]:
    """What everybody saw, and the server's memory in MB second by second."""
    seen, stop, memory = Seen(), asyncio.Event(), []
    people = [_Person(f"comparing {number}", seen, stop, asked.port) for number in range(asked.comparing)]
    raters = [_Person(f"rating {number}", seen, stop, asked.port) for number in range(asked.rating)]
    tasks = [asyncio.create_task(person.lives(person.compares())) for person in people]
    tasks += [asyncio.create_task(person.lives(person.rates(study_id))) for person in raters]
    began = time.monotonic()
    while (passed := time.monotonic() - began) < asked.seconds:
        await asyncio.sleep(1)
        memory.append(_resident_mb(pid))
        if len(memory) % 30 == 0:
            load = os.getloadavg()[0]
            print(f"{passed:4.0f} s: {memory[-1]:.0f} MB, {len(seen.whole_run)} runs, {len(seen.saved)} ratings, "
                  f"{sum(seen.errors.values())} errors, load {load:.1f}", flush=True)  # fmt: skip
    stop.set()
    await asyncio.gather(*tasks)
    return seen, memory


class _Person:
    """Somebody with a browser of their own; what goes wrong is counted, and tried again as a person would."""

    def __init__(self, name: str, seen: Seen, stop: asyncio.Event, port: int) -> None:
        self.name, self.seen, self.stop = name, seen, stop
        self.chance = random.Random(name)
        self.session = f"{self.chance.getrandbits(40):x}"  # a page keeps the one that it was opened with
        number = self.chance.getrandbits(24)
        address = f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"
        self.client = httpx.AsyncClient(
            base_url=URL.format(port=port), timeout=60, headers={"X-Forwarded-For": address}
        )

    async def lives(self, work: Any) -> None:
        async with self.client:
            await self.pauses(self.chance.uniform(0, 5))
            await work

    async def pauses(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self.stop.wait(), seconds)

    async def compares(self) -> None:
        fields = _composer((await self.client.get("/config")).json())
        while not self.stop.is_set():
            values = fields | {"Prompt": self.chance.choice(PROMPTS), "N, at most": 8, "Stop sampling": "fixed"}
            pressed = time.perf_counter()
            try:
                run_id = await self._pressed(list(values.values()))
                if run_id is not None:
                    self.seen.run_ids.add(run_id)
                    self.seen.pressed.append(time.perf_counter() - pressed)
                    await self._watches(run_id, pressed)
            except (httpx.HTTPError, ValueError, KeyError) as error:
                self.seen.errors[f"comparing: {type(error).__name__} {str(error)[:100]}"] += 1
            await self.pauses(self.chance.uniform(2, 6))

    async def _pressed(self, values: list[Any]) -> str | None:
        """The run that Compare begins, None where it was refused in words."""
        session = self.session
        body = {"data": values, "fn_index": 0, "session_hash": session, "event_data": None, "trigger_id": None}
        (await self.client.post("/gradio_api/queue/join", json=body)).raise_for_status()
        async for message in self._told(f"/gradio_api/queue/data?session_hash={session}"):
            if message["msg"] == "process_completed":
                board, notice = message["output"]["data"]
                if "run" in board:
                    return str(board["run"])
                self.seen.refused[str(notice)[:120]] += 1
                return None
        raise ValueError("the queue said nothing")

    async def _watches(self, run_id: str, pressed: float) -> None:
        turn, has_token = pressed, False
        async for message in self._told(f"/api/runs/{run_id}/events"):
            now = time.perf_counter()
            status = str(message.get("run", {}).get("status", ""))
            if status.startswith("Waiting"):
                self.seen.places[status] += 1
                turn = now
            elif status and turn != pressed and not has_token:
                turn = now
            finished = any("html" in card for card in message.get("candidates", {}).values())
            if not has_token and ("append" in message or finished):
                has_token = True
                self.seen.first_token.append(now - turn)
                self.seen.waited.append(turn - pressed)
            if message.get("end"):
                self.seen.whole_run.append(now - turn)
                return
        raise ValueError("a run's stream ended before the run did")

    async def _told(self, address: str) -> AsyncIterator[dict[str, Any]]:
        async with self.client.stream("GET", address) as reply:
            reply.raise_for_status()
            async for line in reply.aiter_lines():
                if line.startswith("data: "):
                    yield json.loads(line.removeprefix("data: "))

    async def rates(self, study_id: str) -> None:
        while not self.stop.is_set():
            trial = await self._asked(f"/api/rate/{study_id}/next", {"rater": self.name}, self.seen.next_trial)
            if trial is None or trial["trial"] is None:
                return
            await self.pauses(self.chance.uniform(1, 3))
            trial_id = trial["trial"]["id"]
            key = f"{self.name}-{trial_id}"
            said = {"rater": self.name, "key": key, "verdict": self.chance.choice(["A", "B", "tie", "all_bad"])}
            if await self._asked(f"/api/rate/trials/{trial_id}/judgement", said, self.seen.saved) is not None:
                self.seen.acknowledged.add(key)

    async def _asked(self, address: str, body: dict[str, str], seconds: list[float]) -> dict[str, Any] | None:
        while True:
            began = time.perf_counter()
            try:
                reply = await self.client.post(address, json=body)
                reply.raise_for_status()
            except httpx.HTTPError as error:
                self.seen.errors[f"rating: {type(error).__name__} {str(error)[:100]}"] += 1
                if self.stop.is_set():
                    return None
                await self.pauses(0.5)
                continue
            seconds.append(time.perf_counter() - began)
            return reply.json()  # type: ignore[no-any-return]


def _composer(config: dict[str, Any]) -> dict[str, Any]:
    """The fields of Compare as the page holds them at first, by label."""
    by_id = {each["id"]: each["props"] for each in config["components"]}
    start = next(each for each in config["dependencies"] if each["id"] == 0)
    return {by_id[each]["label"]: by_id[each].get("value") for each in start["inputs"]}


def _resident_mb(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def _ticks(pid: int) -> Ticks:
    every = [int(each) for each in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    server, client = (
        sum(int(each) for each in Path(f"/proc/{name}/stat").read_text().rsplit(")", 1)[1].split()[11:13])
        for name in (pid, "self")
    )
    return Ticks(server, client, sum(every) - every[3] - every[4], sum(every))  # without idle and waiting for the disk


def _tell_processors(before: Ticks, after: Ticks) -> None:
    passed = Ticks(*(now - then for now, then in zip(after, before, strict=True)))
    others = passed.busy - passed.server - passed.client
    shares = {"the server": passed.server, "these people": passed.client, "other programs": others}
    told = ", ".join(f"{name} {taken / passed.all:.0%}" for name, taken in shares.items())
    print(f"of {os.cpu_count()} processors: {told}")


def _lost(database: Path, seen: Seen) -> list[str]:
    """What was acknowledged or begun and is not in the database as it should be."""
    with open_store(database) as store, store.reading() as reader:
        keys = Counter(key for (key,) in reader.execute("SELECT request_key FROM trial_ratings"))
        ended = dict(reader.execute("SELECT run_id, ended FROM outcomes").fetchall())
        sound = reader.execute("PRAGMA integrity_check").fetchone()[0]
    lost = [key for key in seen.acknowledged if keys[key] != 1]
    lost += [run_id for run_id in seen.run_ids if ended.get(run_id) != "completed"]
    return lost + ([] if sound == "ok" else [f"integrity: {sound}"])


def _report(seen: Seen, memory: Sequence[float], lost: Sequence[str]) -> None:
    print(f"{len(seen.run_ids)} runs, {len(seen.acknowledged)} ratings; lost or not whole: {len(lost)} {lost[:3]}")
    print(f"places seen: {sum(seen.places.values())}, the last of them {max(map(_place, seen.places), default=0)}")
    for kind, counted in (("refused", seen.refused), ("error", seen.errors)):
        for words, number in counted.most_common(5):
            print(f"{kind}: {number} x {words}")
    for third in range(3):
        part = memory[len(memory) * third // 3 : len(memory) * (third + 1) // 3] or memory
        print(f"memory, third {third + 1}: median {statistics.median(part):.0f} MB, most {max(part):.0f} MB")
    late = {
        name: _line(name, seconds)
        for name, seconds in (
            ("run begun", seen.pressed), ("waited for a turn", seen.waited), ("first token", seen.first_token),
            ("whole run", seen.whole_run), ("next trial", seen.next_trial), ("saved rating", seen.saved),
        )
    }  # fmt: skip
    first, last = (statistics.median(_until(memory, share)) for share in (1 / 3, 1))
    growth = last / first - 1
    bounds = [(f"errors: {sum(seen.errors.values())}, lost: {len(lost)}", not seen.errors and not lost)]
    grown = (
        f"memory: {first:.0f} MB after a third, {last:.0f} MB at the end, {growth:+.1%} (at most {MOST_GROWTH:+.0%})"
    )
    bounds.append((grown, growth <= MOST_GROWTH))
    for name, most in BOUNDS.items():
        bounds.append((f"{name}: p95 {late[name] * 1000:.0f} ms (under {most * 1000:.0f} ms)", late[name] < most))
    for words, holds in bounds:
        print(f"{'holds' if holds else 'DOES NOT HOLD'}: {words}")
    sys.exit(0 if all(holds for _, holds in bounds) else 1)


def _line(name: str, seconds: Sequence[float]) -> float:
    """The 95th percentile of what it prints."""
    ranked = sorted(seconds) or [0.0]
    late = [ranked[min(len(ranked) - 1, int(len(ranked) * share))] for share in (0.5, 0.95, 0.99)]
    told = ", ".join(f"{of} {each * 1000:.0f} ms" for of, each in zip(("median", "p95", "p99"), late, strict=True))
    print(f"{name}: {told}, longest {ranked[-1] * 1000:.0f} ms ({len(seconds)})")
    return late[1]


def _until(memory: Sequence[float], share: float) -> Sequence[float]:
    """The window that ends at this share of the time."""
    end = max(1, round(len(memory) * share))
    return memory[max(0, end - max(1, round(len(memory) * WINDOW))) : end]


def _place(status: str) -> int:
    return int("".join(sign for sign in status if sign.isdigit()))


if __name__ == "__main__":
    main()
