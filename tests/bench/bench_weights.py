"""The widest margin by a second program against bisecting it with M = 10 000, on the published counts.

Seconds of one processor, so that a busy machine changes little. The reference is what the published train_main.py
does: one program without a margin, 20 that halve the interval of margins, one at the last margin; every wrong answer
a row, a binary for every question, no rows for gold alone.
"""

import time
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from fusion_ui.analysis.answers import AnswerSet, of_members
from fusion_ui.analysis.limit import STRICT, Judged, gold_leads, judged_of
from fusion_ui.analysis.weights import solve
from tests.analysis.support import counts_files

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data" / "boinf"
BIG_M = 10_000.0
HALVINGS = 20
TRIPLES = 20
REPEATS = 3  # of ours; the one in the middle counts


class Reference(NamedTuple):
    rows: sparse.csr_array
    members: int
    questions: int


def reference_of(judged: tuple[Judged, ...], members: int) -> Reference:
    rows = []
    for place, question in enumerate(judged):
        for rival in range(question.share.shape[1]):
            lead = question.share[:, question.gold] - question.share[:, rival]
            if rival != question.gold and np.abs(lead).max() > 1e-6:
                solved = np.zeros(len(judged))
                solved[place] = -BIG_M
                rows.append(np.concatenate([lead, solved]))
    return Reference(sparse.csr_array(np.array(rows)), members, len(judged))


def solved_at(reference: Reference, margin: float) -> tuple[int, NDArray[np.float64]]:
    counted = np.concatenate([np.zeros(reference.members), np.ones(reference.questions)])
    result = milp(
        -counted,
        integrality=counted,
        bounds=Bounds(0.0, 1.0),
        constraints=[
            LinearConstraint(reference.rows, margin - BIG_M, np.inf),
            LinearConstraint((1.0 - counted)[None, :], 1.0, 1.0),
        ],
    )
    return round(-result.fun), result.x[: reference.members]


def bisected(reference: Reference) -> NDArray[np.float64]:
    most, _ = solved_at(reference, 0.0)
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        count, _ = solved_at(reference, middle)
        low, high = (middle, high) if count >= most else (low, middle)
    return solved_at(reference, low)[1]


def standing(judged: tuple[Judged, ...], weights: NDArray[np.float64]) -> tuple[int, float]:
    leads = gold_leads(judged, weights[None, :])[0]
    return int((leads > STRICT).sum()), float(min(leads[leads > STRICT], default=0.0))


def timed(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def compared(name: str, known: AnswerSet) -> tuple[float, float]:
    judged = judged_of(known)
    reference = reference_of(judged, len(known.members))
    began = time.process_time()
    theirs = standing(judged, bisected(reference))
    slow = time.process_time() - began
    fast = sorted(timed(lambda: solve(known)) for _ in range(REPEATS))[REPEATS // 2]
    found = solve(known)
    ours = standing(judged, np.array(found.weights))
    worse = ours[0] < theirs[0] or (ours[0] == theirs[0] and ours[1] < theirs[1] - 1e-6)
    print(
        f"{name:32}{slow * 1e3:10.0f} ms{fast * 1e3:9.1f} ms{slow / fast:8.1f}x   "
        f"{theirs[0]:4d} {theirs[1]:.6f}   {ours[0]:4d} {ours[1]:.6f}  {found.status}{'  WORSE' if worse else ''}"
    )
    return slow, fast


def main() -> None:
    print(f"{'set':32}{'bisected':>13}{'ours':>12}{'ratio':>9}   {'solved, margin':15}{'solved, margin':>15}")
    times = []
    for folder in ("aime2024", "aime2025", "gpqa_diamond"):
        known = counts_files(*sorted(FOLDER.glob(f"analysis_{folder}_*.jsonl")))
        times.append(compared(f"{folder}, {len(known.members)} members", known))
    known = counts_files(*sorted(FOLDER.glob("analysis_aime2024_*.jsonl")))
    triples = list(combinations(known.members, 3))
    for place in np.random.default_rng(3).permutation(len(triples))[:TRIPLES]:
        times.append(compared(f"aime2024, triple {place}", of_members(known, triples[place])))
    ratios = sorted(slow / fast for slow, fast in times)
    slow, fast = (sum(column) for column in zip(*times, strict=True))
    print(
        f"all together {slow / fast:.1f}x (at least 10), median {ratios[len(ratios) // 2]:.1f}x, least {ratios[0]:.1f}x"
    )


if __name__ == "__main__":
    main()
