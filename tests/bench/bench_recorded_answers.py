"""What recorded answers cost: read, stored, read back and grouped, against `json` or `csv` alone on the same lines.

7 members, 500 questions, 100 answers each, in three ways of writing. `python -m tests.bench.bench_recorded_answers`.
"""

import csv
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import NamedTuple, TypeVar

from fusion_ui.exchange.answers import AnswerFile, answer_set_of, read_answers
from fusion_ui.exchange.stored_answers import store_answers, stored_answers
from tests.storage.samples import sample_store

MEMBERS, QUESTIONS, DRAWS = 7, 500, 100
ROUNDS = 5
CHUNK = 65_536
Files = dict[str, bytes]
T = TypeVar("T")


class Drawn(NamedTuple):
    """One member's answers with tokens to one question: most are gold, some blank, the others among twenty."""

    member: str
    question: str
    gold: str
    answers: list[tuple[str, int]]


def drawn() -> list[Drawn]:
    """Everything, member by member."""
    chance = random.Random(7)
    return [
        Drawn(f"m{member}", str(question), str(question % 1000), answers_near(question % 1000, chance))
        for member, question in product(range(MEMBERS), range(QUESTIONS))
    ]


def answers_near(gold: int, chance: random.Random) -> list[tuple[str, int]]:
    """Draws of one member."""
    given = [gold if chance.random() < 0.6 else gold + chance.randrange(20) for _ in range(DRAWS)]
    return [(str(each) if chance.random() > 0.02 else "", chance.randrange(100, 20_000)) for each in given]


def counts(every: list[Drawn]) -> Files:
    """A published count file a member."""
    line_by_name: dict[str, list[str]] = {}
    for each in every:
        line = {"problem_num": each.question, "gold_answer": each.gold, "all_answers": each.answers}
        line_by_name.setdefault(f"analysis_bench_{each.member}.jsonl", []).append(json.dumps(line))
    return {name: "\n".join(lines).encode() for name, lines in line_by_name.items()}


def lines(every: list[Drawn]) -> Files:
    """One JSONL file with one answer a line."""
    written = [
        {"question": question, "member": member, "answer": answer, "tokens": tokens, "gold": gold}
        for member, question, gold, answers in every
        for answer, tokens in answers
    ]
    return {"lines.jsonl": "\n".join(map(json.dumps, written)).encode()}


def table(every: list[Drawn]) -> Files:
    """The same as CSV."""
    rows = [
        f"{question},{member},{answer},{tokens},{gold}"
        for member, question, gold, answers in every
        for answer, tokens in answers
    ]
    return {"table.csv": "\n".join(["question,member,answer,tokens,gold", *rows]).encode()}


def parsed(files: Files) -> int:
    """The reference: every line through the parser of its format and nothing else."""
    texts = {name: content.decode() for name, content in files.items()}
    if "table.csv" in texts:
        return len(list(csv.reader(texts["table.csv"].splitlines())))
    return len([json.loads(line) for text in texts.values() for line in text.splitlines()])


def timed_ms(work: Callable[[], T]) -> tuple[float, T]:
    """How long it took, and what came of it."""
    begin = time.process_time()
    result = work()
    return (time.process_time() - begin) * 1000, result


def load(files: Files) -> list[AnswerFile]:
    """The files as they would arrive from a browser."""
    return [
        read_answers((content[at : at + CHUNK] for at in range(0, len(content), CHUNK)), name=name)
        for name, content in files.items()
    ]


def once(files: Files) -> dict[str, float]:
    """One round over all files, in a fresh store."""
    taken: dict[str, float] = {}
    taken["parse"], _ = timed_ms(lambda: parsed(files))
    taken["read"], read = timed_ms(lambda: load(files))
    with tempfile.TemporaryDirectory() as folder, sample_store(Path(folder)) as store:
        with store.writing() as writer:
            taken["store"], stored = timed_ms(lambda: [store_answers(writer, file) for file in read])
        with store.reading() as reader:
            taken["read back"], rows = timed_ms(lambda: stored_answers(reader, [each.id for each in stored]))
    taken["group"], answer_set = timed_ms(lambda: answer_set_of(rows))
    assert (len(answer_set.members), len(answer_set.questions)) == (MEMBERS, QUESTIONS)
    return taken


def main() -> None:
    """Print medians in milliseconds of processor time for each way of writing, and the ratio to the parser alone."""
    every = drawn()
    for write in (counts, lines, table):
        files = write(every)
        rounds = [once(files) for _ in range(ROUNDS)]
        medians = {step: statistics.median(each[step] for each in rounds) for step in rounds[0]}
        ratio = (medians["read"] + medians["store"]) / medians["parse"]
        sys.stdout.write(f"{write.__name__}: { {step: round(ms) for step, ms in medians.items()} } ms")
        sys.stdout.write(f", (read + store) / parse: {ratio:.2f}\n")


if __name__ == "__main__":
    main()
