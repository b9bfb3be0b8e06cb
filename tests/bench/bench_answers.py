"""Reading and comparing answers against math-verify, called in this process, on the MATH level 5 candidates."""

import json
import logging
import time
from collections.abc import Callable, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

from math_verify import parse, verify

from fusion_ui.engine.answers import equivalent, extract

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "open" / "math_l5_6models.jsonl"
EVERY_TEXT, EVERY_PAIR = 6, 2  # math-verify takes long enough on a part


def microseconds(work: Callable[..., object], cases: Sequence[Sequence[str]]) -> float:
    began = time.process_time()
    for case in cases:
        work(*case)
    return (time.process_time() - began) / len(cases) * 1e6


def math_verify_reads(text: str) -> object:
    return parse(text, parsing_timeout=None)


def math_verify_compares(first: str, second: str) -> bool:
    one, two = (parse(f"${answer}$", parsing_timeout=None) for answer in (first, second))
    return bool(verify(one, two, timeout_seconds=None))


def compared(name: str, own: float, reference: float, cases: int) -> str:
    return f"{name:22}{own:10.0f} µs{reference:12.0f} µs{reference / own:10.0f} x   ({cases} cases)"


def main() -> None:
    logging.disable(logging.CRITICAL)
    rows: list[dict[str, Any]] = [json.loads(line) for line in DATA.read_text(encoding="utf-8").splitlines()]
    texts = [(candidate["text"],) for row in rows for candidate in row["candidates"]]
    keys = [{found.answer for candidate in row["candidates"] if (found := extract(candidate["text"]))} for row in rows]
    pairs = sorted({pair for distinct in keys for pair in combinations(sorted(distinct), 2)})
    told = [pair for pair in pairs if equivalent(*pair) is not None]
    agreed = sum(equivalent(*pair) is math_verify_compares(*pair) for pair in told)
    some_texts, some_pairs = texts[::EVERY_TEXT], pairs[::EVERY_PAIR]
    print(f"{'':22}{'own':>13}{'math-verify':>15}{'ratio':>12}")
    reading = microseconds(math_verify_reads, some_texts)
    print(compared("read the answer", microseconds(extract, some_texts), reading, len(some_texts)))
    comparing = microseconds(math_verify_compares, some_pairs)
    print(compared("compare two answers", microseconds(equivalent, some_pairs), comparing, len(some_pairs)))
    print(f"told at once {len(told)} of {len(pairs)} pairs, {agreed} of them as math-verify says")


if __name__ == "__main__":
    main()
