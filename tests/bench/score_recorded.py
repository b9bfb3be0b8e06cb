"""What vote, pick and fusion score on published recorded answers, run through the command line's own path.

`python -m tests.bench.score_recorded`: 1 319 GSM8K prompts x 4 texts and 120 MATH level 5 prompts x 6 texts.
Expected accuracy counts a tie between the largest groups as the mean over them.
"""

import asyncio
import json
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from fusion_ui.composition import composed
from fusion_ui.engine.answers import Checker, matches_reference
from fusion_ui.engine.voting import leaders
from fusion_ui.exchange.candidates import RecordedPool, read_pools
from fusion_ui.providers.math_verify import MathVerifyChecker
from fusion_ui.recipes import Choices
from fusion_ui.replay import StoredRun
from fusion_ui.settings import load_settings

OPEN = Path(__file__).resolve().parents[3] / "shared" / "data" / "open"
_AT_ONCE = 4


class Scored(NamedTuple):
    """One prompt: the share of right answers each way; `oracle` is whether anybody was right."""

    mean: float
    vote: float
    oracle: float
    by_vote: float
    by_consensus: float
    fusion: float


def gsm8k() -> Iterator[str]:
    for line in (OPEN / "gsm8k_4solutions.jsonl").open(encoding="utf-8"):
        row = json.loads(line)
        texts = [{"member": name, "text": each["solution"]} for name, each in row.items() if isinstance(each, dict)]
        gold = row["ground_truth"].rsplit("A:", 1)[1].strip()
        yield json.dumps({"prompt": row["question"], "reference": gold, "candidates": texts})


def math_level_5() -> Iterator[str]:
    for line in (OPEN / "math_l5_6models.jsonl").open(encoding="utf-8"):
        row = json.loads(line)
        texts = [{"member": each["model"], "text": each["text"]} for each in row["candidates"]]
        yield json.dumps({"prompt": row["question"], "reference": row["gold"], "candidates": texts})


async def scored(name: str, lines: Iterator[str], folder: Path) -> None:
    pools = list(read_pools(lines, name=name))
    checker = MathVerifyChecker()
    began = time.perf_counter()
    with composed(load_settings(db=folder / f"{name}.db")) as services:

        async def compared(pool: RecordedPool, selector: str, fusor: str) -> StoredRun:
            run_id = await services.compare_recorded(pool, Choices(selector=selector, fusor=fusor))
            await services.desk.finished(run_id)
            run = services.run(run_id)
            assert run is not None
            return run

        rows: list[Scored] = []
        for start in range(0, len(pools), _AT_ONCE):
            batch = pools[start : start + _AT_ONCE]
            by_vote = await asyncio.gather(*(compared(pool, "vote", "extractive") for pool in batch))
            by_consensus = await asyncio.gather(*(compared(pool, "consensus", "none") for pool in batch))
            rows += [await _scored(*pair, checker) for pair in zip(by_vote, by_consensus, strict=True)]
        await services.close()
    await checker.aclose()
    print(f"\n{name}: {len(rows)} prompts twice through pipeline and storage, {time.perf_counter() - began:.0f} s")
    for field in Scored._fields:
        print(f"  {field:13s} {sum(getattr(row, field) for row in rows) / len(rows):.4f}")


async def _scored(by_vote: StoredRun, by_consensus: StoredRun, checker: Checker) -> Scored:
    view, gold = by_vote.view, by_vote.rows.prompt.reference or ""
    right = {
        candidate.position: await matches_reference(candidate.answer, gold, checker) for candidate in view.candidates
    }
    winners = leaders(view.tally)
    votes = [next(right[count.positions[0]] for count in view.tally.counts if count.answer == each) for each in winners]
    picks = [run.view.selection.position if run.view.selection else 0 for run in (by_vote, by_consensus)]
    fused = view.fusion.fusion
    return Scored(
        mean=sum(right.values()) / len(right),
        vote=sum(votes) / len(votes) if votes else 0.0,
        oracle=float(any(right.values())),
        by_vote=float(right.get(picks[0], False)),
        by_consensus=float(right.get(picks[1], False)),
        fusion=float(await matches_reference(fused.answer if fused else None, gold, checker)),
    )


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(scored("math_l5", math_level_5(), Path(folder)))
        asyncio.run(scored("gsm8k", gsm8k(), Path(folder)))


if __name__ == "__main__":
    main()
