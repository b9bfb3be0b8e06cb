"""Forty raters at once against a served app that is killed now and then: how long a save takes, and if any is lost.

`python -m tests.bench.bench_rating [--seconds 300] [--raters 40] [--kills 5]` starts `app.py` on a fresh database with
a study in it. A save that was acknowledged must be in the database once, with its own rater, item and verdict.
"""

import argparse
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from fusion_ui.studies.protocol import Contender, Unit
from storage.connection import open_store
from tests.annotation.support import stored

ROOT = Path(__file__).resolve().parents[2]
PORT = 7990
URL = f"http://127.0.0.1:{PORT}"


@dataclass
class Ledger:
    """What the server acknowledged, and how long it took."""

    acknowledged: list[tuple[str, str]] = field(default_factory=list)  # rater, press
    seconds: list[float] = field(default_factory=list)
    next_seconds: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--raters", type=int, default=40)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--think", type=float, default=1.0, help="seconds between two judgements of one rater")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "rating.db"
        with open_store(database) as store:
            study_id = stored(store, *(_unit(place) for place in range(3000)), overlap=2, repeats=0.05)
        ledger, stop = Ledger(), threading.Event()
        server = _served(database)
        raters = [
            threading.Thread(target=_rate, args=(study_id, f"rater {number}", ledger, stop, asked.think))
            for number in range(asked.raters)
        ]
        for rater in raters:
            rater.start()
        for _ in range(asked.kills):
            time.sleep(asked.seconds / (asked.kills + 1))
            server.send_signal(signal.SIGKILL)
            server.wait()
            server = _served(database)
        time.sleep(asked.seconds / (asked.kills + 1))
        stop.set()
        for rater in raters:
            rater.join()
        server.terminate()
        server.wait()
        _report(database, study_id, ledger)


def _unit(place: int) -> Unit:
    texts = [f"The answer to item {place} is {word}. " * 20 for word in ("six", "seven")]
    contenders = tuple(
        Contender(output_id=f"{place} {role}", role=role, text=text)
        for role, text in zip(("fusion", "best"), texts, strict=True)
    )
    return Unit(place=place, run_id="", prompt=f"Item {place}: how many?", contenders=contenders)


def _served(database: Path) -> subprocess.Popen[bytes]:
    process = subprocess.Popen([sys.executable, "app.py", "--port", str(PORT), "--db", str(database)], cwd=ROOT)
    while True:
        try:
            httpx.get(URL + "/api/rate/studies", timeout=2)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return process


def _rate(study_id: str, name: str, ledger: Ledger, stop: threading.Event, think: float) -> None:
    chance = random.Random(name)
    with httpx.Client(base_url=URL, timeout=30) as client:
        while not stop.is_set():
            trial = _asked(client, f"/api/rate/{study_id}/next", {"rater": name}, ledger.next_seconds, ledger, stop)
            if trial is None or trial["trial"] is None:
                return
            trial_id = trial["trial"]["id"]
            press = f"{name}-{trial_id}"
            said = {"rater": name, "key": press, "verdict": chance.choice(["A", "B", "tie", "all_bad"])}
            address = f"/api/rate/trials/{trial_id}/judgement"
            if _asked(client, address, said, ledger.seconds, ledger, stop) is not None:
                with ledger.lock:
                    ledger.acknowledged.append((name, press))
            stop.wait(chance.uniform(0.5, 1.5) * think)


def _asked(
    client: httpx.Client,
    address: str,
    body: dict[str, str],
    seconds: list[float],
    ledger: Ledger,
    stop: threading.Event,
) -> dict[str, dict[str, str] | None] | None:
    """The answer, asked for again until there is one, as the page does it; None once time is over."""
    while not stop.is_set():
        began = time.perf_counter()
        try:
            reply = client.post(address, json=body)
        except httpx.TransportError:
            time.sleep(0.2)
            continue
        with ledger.lock:
            seconds.append(time.perf_counter() - began)
        if reply.status_code == 200:
            return reply.json()  # type: ignore[no-any-return]
        with ledger.lock:
            ledger.errors[f"{reply.status_code} {reply.text[:100]}"] += 1
        time.sleep(0.2)
    return None


def _report(database: Path, study_id: str, ledger: Ledger) -> None:
    with open_store(database) as store, store.reading() as reader:
        rows = reader.execute(
            "SELECT raters.name, request_key, trial_ratings.rater_id = trials.rater_id FROM trial_ratings "
            "JOIN trials ON trials.id = trial_id JOIN raters ON raters.id = trial_ratings.rater_id"
        ).fetchall()
        over = reader.execute(
            "SELECT count(*) FROM (SELECT unit_place FROM trials WHERE study_id = ? AND kind = 'main' AND EXISTS "
            "(SELECT 1 FROM trial_ratings WHERE trial_id = trials.id) GROUP BY unit_place HAVING count(*) > 2)",
            study_id,
        ).fetchone()[0]
        sound = reader.execute("PRAGMA integrity_check").fetchone()[0]
    found = Counter((name, key) for name, key, _ in rows)
    lost = [entry for entry in ledger.acknowledged if found[entry] != 1]
    crossed = sum(not own for _, _, own in rows)
    print(f"{len(ledger.acknowledged)} acknowledged, {len(rows)} stored; lost or doubled: {len(lost)}")
    print(f"crossed: {crossed}; units beyond their overlap: {over}; integrity: {sound}")
    for name, seconds in (("save", ledger.seconds), ("next", ledger.next_seconds)):
        ranked = sorted(seconds)
        middle, late = statistics.median(ranked), ranked[int(len(ranked) * 0.95)]
        print(f"{name}: median {middle * 1000:.0f} ms, p95 {late * 1000:.0f} ms")
    for words, number in ledger.errors.most_common(5):
        print(f"{number} x {words}")
    if lost or crossed or over or sound != "ok":
        sys.exit("acknowledged judgements were lost, doubled or crossed")


if __name__ == "__main__":
    main()
