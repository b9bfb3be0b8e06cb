"""One case of 32 candidates with 8 000 characters each, and the diff of two texts of 20 000: how long the server takes.

Each is also told as a ratio to a loop of plain Python, which moves with the machine as they do.

    python -m tests.bench.bench_case
"""

import asyncio
import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from random import Random
from time import process_time

from fusion_ui.engine.sampling import Recorded
from fusion_ui.engine.values import Completion
from fusion_ui.inspection.cases import Cases
from fusion_ui.inspection.markdown_copy import markdown_copy
from fusion_ui.studies.diffing import sentence_diff, word_diff
from fusion_ui.ui.anchors import anchored
from fusion_ui.ui.inspection.case_cards import case_card
from fusion_ui.ui.inspection.case_raw import raw_card
from storage.connection import open_store
from tests.inspection.casework import Ear, ran, recipe

CANDIDATES, CHARACTERS, LONG = 32, 8_000, 20_000
_WORDS = (
    "the train covers eighty kilometres in two hours and then it stops at a small station near the old river".split()
)


def prose(chance: Random, characters: int) -> str:
    """Paragraphs with lists, emphasis and formulas, as models write."""
    parts: list[str] = []
    while sum(map(len, parts)) < characters:
        words = " ".join(chance.choice(_WORDS) + str(chance.randrange(40)) for _ in range(12))
        parts.append(chance.choice([f"{words}.\n\n", f"- **{words}**\n", f"It is $x_{{{len(parts)}}}^2$: {words}. "]))
    return "".join(parts)[:characters]


def best_ms(work: Callable[[], object], times: int = 3) -> float:
    """The quickest of a few, in milliseconds of the processor: what others do at the time does not count."""
    found = []
    for _ in range(times):
        began = process_time()
        work()
        found.append((process_time() - began) * 1000)
    return min(found)


def loop_ms() -> float:
    """A million additions: what this machine needs for plain Python now."""
    return best_ms(lambda: sum(number * 3 for number in range(1_000_000)))


def case_rows(folder: Path) -> dict[str, float]:
    """The case as its endpoint makes it, with nothing rendered before; then what is asked for beside it."""
    chance = Random(7)
    texts = [f"{prose(chance, CHARACTERS - 12)}\n\nAnswer: {chance.randrange(4)}" for _ in range(CANDIDATES)]
    kept = {
        at: Recorded(member="anna", model="m", completion=Completion(text=text, cost_usd=0.01))
        for at, text in enumerate(texts, 1)
    }
    fused = " ".join(text[: CHARACTERS // 8] for text in texts[:8])
    with open_store(folder / "case.db") as store:
        run = asyncio.run(ran(store, Ear(fused=fused), recipe(CANDIDATES, members=(), system=""), recorded=kept))
        cases, run_id = Cases(store), run.rows.run.id

        def told() -> str:
            return json.dumps(case_card(cases.case(run_id), rating=None), ensure_ascii=False)

        first_ms = best_ms(told, times=1)
        return {
            "case, first time": first_ms,
            "case, again": best_ms(told),
            "  of it: read": best_ms(lambda: cases.case(run_id)),
            "raw messages": best_ms(lambda: raw_card(run)),
            "copy as Markdown": best_ms(lambda: markdown_copy(cases.case(run_id))),
            "one text as HTML": best_ms(lambda: anchored(texts[0]), times=1),
        }


def diff_rows() -> dict[str, float]:
    """Two texts of 20 000 characters, from those that share nothing to those that share all."""
    chance = Random(7)

    def words(alphabet: str, size: int = 5) -> str:
        text = " ".join("".join(chance.choice(alphabet) for _ in range(size)) for _ in range(LONG))
        return text[:LONG]

    han = [chr(0x4E00 + at) for at in range(2_000)]
    cjk = ["".join(chance.choice(han) for _ in range(LONG)) for _ in range(2)]
    edited = prose(chance, LONG)
    pairs = {
        "nothing in common": (words("abcdefgh"), words("stuvwxyz")),
        "everything in common": (edited, edited),
        "one word in ten changed": (edited, " ".join(w if chance.random() > 0.1 else "x" for w in edited.split(" "))),
        "the same few words": (words("ab", 1), words("ab", 1)),
        "Chinese, unrelated": (cjk[0], cjk[1]),
        "Chinese, one half shared": (cjk[0], cjk[0][: LONG // 2] + cjk[1][LONG // 2 :]),
        "Arabic": (words("ابتثجحخدذرزسشصضطظعغ"), words("ابتثجحخدذرزسشصضطظعغ")),
        "one huge word": ("a" * LONG, "a" * (LONG - 1) + "b"),
        "signs only": (words("!?.,;", 1).replace(" ", ""), words("!?.,;", 1).replace(" ", "")),
        "combining marks": ("e\u0301" * (LONG // 2), "e\u0300" * (LONG // 2)),
        "emoji families": ("👩‍👩‍👧‍👦" * (LONG // 7), "👨‍👩‍👦" * (LONG // 5)),
        "line breaks": ("\n" * LONG, "\n " * (LONG // 2)),
    }
    rows: dict[str, float] = {}
    for name, (first, second) in pairs.items():
        rows[f"words: {name}"] = best_ms(lambda a=first, b=second: word_diff(a, b), times=2)  # type: ignore[misc]
        rows[f"sentences: {name}"] = best_ms(lambda a=first, b=second: sentence_diff(a, b), times=2)  # type: ignore[misc]
    return rows


def main() -> None:
    loop = loop_ms()
    with tempfile.TemporaryDirectory() as folder:
        rows = case_rows(Path(folder)) | diff_rows()
    sys.stdout.write(f"{'a million additions':36}{loop:10.1f} ms\n")
    for name, milliseconds in rows.items():
        sys.stdout.write(f"{name:36}{milliseconds:10.1f} ms {milliseconds / loop:8.2f} x\n")


if __name__ == "__main__":
    main()
