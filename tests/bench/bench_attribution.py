"""How fast text matching is, against difflib in the same run: `python -m tests.bench.bench_attribution`.

A fused text of 8,000 characters, put together from 16 candidates of 8,000 characters that share a third of their
sentences. Prints milliseconds (best of three) and the ratio to difflib, which is timed on one candidate only.
"""

import difflib
import sys
from collections.abc import Callable
from random import Random
from time import perf_counter

from fusion_ui.engine.attribution import copied_text, ledger
from fusion_ui.engine.consensus import consensus_scores
from fusion_ui.engine.extractive import extractive_fusion
from fusion_ui.engine.texts.sentences import sentence_spans
from fusion_ui.engine.values import Candidate, Completion

CANDIDATES, LENGTH = 16, 8_000
WORDS = "the a of to river bridge stone arch city flood mason water year road old wide under over built crossed".split()


def sentence(rng: Random) -> str:
    words = [rng.choice(WORDS) + rng.choice(["", "", "s"]) for _ in range(rng.randint(8, 18))]
    return f"{' '.join(words).capitalize()} {rng.randint(2, 99)}. "


def texts(rng: Random) -> tuple[str, list[str]]:
    """The fused text and the candidates."""
    shared = [sentence(rng) for _ in range(60)]
    pool = []
    for _ in range(CANDIDATES):
        text = ""
        while len(text) < LENGTH:
            text += rng.choice(shared) if rng.random() < 1 / 3 else sentence(rng)
        pool.append(text[:LENGTH])
    pieces = [text[500 * place : 500 * (place + 1)] for place, text in enumerate(pool)]
    return "".join(pieces)[:LENGTH], pool


def best_ms(work: Callable[[], object]) -> float:
    times = []
    for _ in range(3):
        began = perf_counter()
        work()
        times.append((perf_counter() - began) * 1000)
    return min(times)


def main() -> None:
    fused, pool = texts(Random(7))
    candidates = [
        Candidate(position=position, member="anna", completion=Completion(text=text))
        for position, text in enumerate(pool, start=1)
    ]
    began = perf_counter()
    difflib.SequenceMatcher(None, fused, pool[0], autojunk=False).get_matching_blocks()
    difflib_ms = (perf_counter() - began) * 1000 * CANDIDATES
    rows = {
        "difflib, 16 candidates (from one)": difflib_ms,
        "copied_text": best_ms(lambda: copied_text(fused, candidates)),
        "ledger": best_ms(lambda: ledger(fused, candidates)),
        "extractive_fusion": best_ms(lambda: extractive_fusion(candidates, leader=None)),
        "consensus_scores": best_ms(lambda: consensus_scores(candidates)),
        "sentence_spans, all texts": best_ms(lambda: [sentence_spans(text) for text in (fused, *pool)]),
    }
    for name, milliseconds in rows.items():
        sys.stdout.write(f"{name:36}{milliseconds:10.1f} ms   {difflib_ms / milliseconds:8.0f} x\n")


if __name__ == "__main__":
    main()
