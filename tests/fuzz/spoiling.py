"""Real texts made odd: cut, doubled, mixed with others and with what parsers look for, the way a fuzzer would."""

import json
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

from hypothesis import strategies as st

TOKENS = """{ } [ ] ( ) " ' \\ , : ; $ $$ \\( \\) \\[ \\] \\boxed{ \\frac{ \\text{ \\sqrt[ \\left( ^{ _ & % #
    ## ** * ` ``` ~~~ | > - --- <think> </think> <fused> </fused> <comparison> </comparison> <answer-A> {"winner":
    "score": "flaws": {"flaws":[{
    null true NaN Infinity -1e999 \\ud800 \\u0000 winner: Score: Answer: A) (B) 1/2 1,000 1.000,5 1e400 0x1F ½ 50% $5 ٣
    members [[members]] = == [run] 2026-02-30 .. a..b prompt: "exact place:answer* fusion:best gpt=0.7 fixed:8 <script>
    <!-- ]]> javascript: ![](x) [a](b) | :-: &#0; &lt;""".split()
SIGNS = [
    "\n",
    "\n\n",
    "\r\n",
    "\t",
    "\0",
    "\u00a0",
    "\u200d",
    "\u202e",
    "\u0301",
    "\ufeff",
    "\ud800",
    "𝟙",
    "İ",
    "ß",
    "\x85",
]


@cache
def real_texts(folder: Path) -> tuple[str, ...]:
    """The strangest published candidates: short ones, long ones, and those fullest of signs that parsers read."""
    texts: list[str] = []
    for name in ("gsm8k_4solutions.jsonl", "math_l5_6models.jsonl"):
        for line in (folder / "open" / name).read_text(encoding="utf-8").splitlines():
            texts += _strings(json.loads(line))
    told = sorted({text for text in texts if 10 <= len(text) <= 2_500}, key=lambda text: (len(text), text))
    by_signs = sorted(told, key=lambda text: sum(map(text.count, "\\{}$<>|*")) / len(text), reverse=True)
    return tuple(dict.fromkeys([*told[:20], *told[-20:], *by_signs[:40]]))


def spoilt(seeds: Sequence[str], *, most: int = 4_000) -> st.SearchStrategy[str]:
    """One of the seeds after a few edits, at most so long."""
    pieces = st.sampled_from(TOKENS) | st.sampled_from(SIGNS) | st.text(max_size=6)
    edits = st.lists(st.tuples(st.integers(0, 2**16), st.integers(0, 60), pieces, st.sampled_from("idrx")), max_size=8)
    return st.tuples(st.sampled_from(list(seeds)), edits, st.sampled_from(list(seeds))).map(
        lambda drawn: _edited(drawn[0], drawn[1], drawn[2])[:most]
    )


def refused(ask: Callable[[], object], refusal: type[Exception]) -> str:
    """The plain words of the refusal, "" where there is an answer; every other exception passes."""
    try:
        ask()
    except refusal as error:
        return str(error) or "nothing was said"
    return ""


def _edited(text: str, edits: Sequence[tuple[int, int, str, str]], other: str) -> str:
    for at, length, piece, kind in edits:
        at %= len(text) + 1
        if kind == "i":  # written in
            text = text[:at] + piece + text[at:]
        elif kind == "d":  # left out
            text = text[:at] + text[at + length :]
        elif kind == "r":  # said again and again
            text = text[:at] + piece * (length + 1) + text[at:]
        else:  # crossed with another text
            text = text[:at] + other[at : at + 10 * length] + text[at:]
    return text


def _strings(found: object) -> list[str]:
    if isinstance(found, dict):
        return [each for value in found.values() for each in _strings(value)]
    if isinstance(found, list):
        return [each for value in found for each in _strings(value)]
    return [found] if isinstance(found, str) else []
