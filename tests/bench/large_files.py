"""Files as large as wanted of every kind that can be brought in, written as they come: what a bench or a test feeds.

Texts are made of a few thousand paragraphs of made-up words; every record has one that no other has.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

MEMBERS = tuple(f"model {letter}" for letter in "abcdefgh")
_WINNERS = ("model_a", "model_b", "tie", "tie (bothbad)")
_PARAGRAPHS = 2_000
_RATERS = 2_000
_ROWS_A_GROUP = 2_000
Record = dict[str, Any]


class Texts:
    """Texts by the numbers of the records that they are for."""

    def __init__(self, seed: int) -> None:
        self.dice = Random(seed)
        words = ["".join(self.dice.choices("abdegiklmnoprstu", k=self.dice.randint(2, 9))) for _ in range(5_000)]
        self._paragraphs = [" ".join(self.dice.choices(words, k=60)) + ".\n\n" for _ in range(_PARAGRAPHS)]

    def text(self, name: object, paragraphs: int = 4) -> str:
        """A text of so many paragraphs that says whose it is."""
        return f"{name}: " + "".join(self.dice.choices(self._paragraphs, k=paragraphs))

    def pair(self) -> list[str]:
        """Two members."""
        return self.dice.sample(MEMBERS, 2)

    def rater(self) -> str:
        """One of the raters."""
        return f"rater {self.dice.randrange(_RATERS)}"

    def winner(self) -> str:
        """What a rater may say."""
        return self.dice.choice(_WINNERS)


def _pool(texts: Texts, number: int) -> Record:
    told = [{"member": member, "text": texts.text(f"{number} {member}")} for member in MEMBERS]
    return {"prompt": texts.text(number, 1), "reference": str(number), "candidates": told}


def _candidate(texts: Texts, number: int) -> Record:
    prompt = number // len(MEMBERS)
    return {"prompt": f"prompt {prompt}", "member": MEMBERS[number % len(MEMBERS)], "text": texts.text(number)}


def _sample(texts: Texts, number: int) -> Record:
    return {
        "doc_id": number, "doc": {"question": texts.text(number, 1)}, "target": str(number), "filter": "none",
        "arguments": {"gen_args_0": {"arg_0": texts.text(number, 2), "arg_1": {"until": ["Q:"]}}},
        "resps": [[texts.text(number)]], "filtered_resps": [str(number)], "exact_match": 1.0,
    }  # fmt: skip


def _entry(texts: Texts, number: int) -> Record:
    return {"dataset": "made up", "instruction": texts.text(number, 1), "output": texts.text(number), "generator": "m"}


def _vote(texts: Texts, number: int) -> Record:
    one, other = texts.pair()
    return {
        "question_id": f"q{number // 3}", "prompt": f"prompt {number // 3}", "model_a": one, "model_b": other,
        "rater": texts.rater(), "winner": texts.winner(), "comment": texts.text(number, 1),
    }  # fmt: skip


def _battle(texts: Texts, number: int) -> Record:
    one, other = texts.pair()

    def talk(member: str) -> list[Record]:
        asked = {"role": "user", "content": f"{number}: please tell"}
        return [asked, {"role": "assistant", "content": texts.text(f"{number} {member}", 2)}]

    return {
        "question_id": f"q{number}", "model_a": one, "model_b": other, "winner": texts.winner(),
        "judge": texts.rater(), "conversation_a": talk(one), "conversation_b": talk(other), "turn": 1, "anony": True,
        "language": "English", "tstamp": 1_680_000_000.5 + number,
    }  # fmt: skip


def _example(texts: Texts, number: int) -> Record:
    scores = [{"score": texts.dice.choice([1.5, 0.5, 0.0, -1.0]), "is_flipped": flipped} for flipped in (False, True)]
    return {
        "input_text": texts.text(number, 1), "tags": ["made up"], "output_text_a": texts.text(number, 3),
        "output_text_b": texts.text(number, 3), "score": 0.5, "individual_rater_scores": scores, "custom_fields": {},
    }  # fmt: skip


def _answer(texts: Texts, number: int) -> Record:
    member = MEMBERS[number % len(MEMBERS)]
    text = f"{texts.text(number)} The answer is {texts.dice.randrange(9)}."
    return {"question": f"q{number // 80}", "member": member, "gold": "1", "text": text}


def _lines(file: Path, records: Iterator[Record], size: int) -> None:
    with file.open("wb") as written:
        while written.tell() < size:
            written.write(json.dumps(next(records)).encode() + b"\n")


def _list(file: Path, records: Iterator[Record], size: int, *, head: bytes = b"[", tail: bytes = b"]") -> None:
    with file.open("wb") as written:
        written.write(head + json.dumps(next(records)).encode())
        while written.tell() < size:
            written.write(b", " + json.dumps(next(records)).encode())
        written.write(tail + b"\n")


def _comparison(file: Path, records: Iterator[Record], size: int) -> None:
    head = b'{"metadata": {}, "models": [{"name": "one"}, {"name": "other"}], "examples": ['
    _list(file, records, size, head=head, tail=b"]}")


def _csv(file: Path, records: Iterator[Record], size: int) -> None:
    import csv

    with file.open("w", encoding="utf-8", newline="") as written:
        first = next(records)
        table = csv.DictWriter(written, list(first))
        table.writeheader()
        table.writerow(first)
        while written.tell() < size:
            table.writerows(next(records) for _ in range(100))


def _parquet(file: Path, records: Iterator[Record], size: int) -> None:
    # As in `exchange.table_files`: seconds to load, for one kind.
    import fastparquet
    import pandas

    while not file.exists() or file.stat().st_size < size:
        group = pandas.DataFrame([next(records) for _ in range(_ROWS_A_GROUP)])
        fastparquet.write(str(file), group, compression="UNCOMPRESSED", append=file.exists())


_Made = Callable[[Texts, int], Record]
_Write = Callable[[Path, Iterator[Record], int], None]
KINDS: Mapping[str, tuple[str, _Made, _Write]] = {
    "pools": ("pools.jsonl", _pool, _lines),
    "candidates": ("candidates.jsonl", _candidate, _lines),
    "lm_eval": ("samples_made.jsonl", _sample, _lines),
    "alpaca_eval": ("model_outputs.json", _entry, _list),
    "votes": ("votes.csv", _vote, _csv),
    "battles": ("battles.json", _battle, _list),
    "llm_comparator": ("comparison.json", _example, _comparison),
    "parquet": ("candidates.parquet", _candidate, _parquet),
    "answers": ("answers.jsonl", _answer, _lines),
}
"""By the name of its kind: the file's name, what makes a record, and what writes the file."""


def written(folder: Path, kind: str, size: int) -> Path:
    """A file of this kind with at least so many bytes."""
    name, made, write = KINDS[kind]
    texts = Texts(seed=1)
    write(folder / name, (made(texts, number) for number in count()), size)
    return folder / name
