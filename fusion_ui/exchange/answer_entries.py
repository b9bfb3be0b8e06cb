"""What one line of recorded answers says, from the fields it has: published counts, a list, one answer, or one text.

Nothing is guessed: a field of another kind than it should be makes the line bad, and the message says what is wrong.
"""

import math
import sys
from collections import Counter
from collections.abc import Mapping
from itertools import repeat
from pathlib import PurePath
from typing import NamedTuple

from fusion_ui.engine.answers import extract
from fusion_ui.engine.sampling import clean
from fusion_ui.exchange.texts import LineError, as_text

PLACE_FIELDS = ("question", "problem_num", "member", "set", "gold", "gold_answer")
MOST_ANSWERS = 2_000_000  # of one file; about 100 bytes each while it is read
_MOST_TOKENS = 10**12
_LONGEST_ANSWER = 1_000  # a key has 200 characters at most: what is longer states no short answer
_LONGEST_GOLD = 100_000
_LONGEST_NAME = 200
_LONGEST_QUESTION = 10_000
_LONGEST_TEXT = 400_000


class Naming(NamedTuple):
    """Whose answers a file holds, and to which set of questions, where its lines do not say so."""

    set: str
    member: str


class Place(NamedTuple):
    """Where answers belong; a file that gives one question two gold answers has two places for them."""

    set: str
    question: str
    member: str
    gold: str | None


class Said(NamedTuple):
    """The draws of one line with their tokens, and a remark if something about them is worth knowing."""

    answers: list[str | None]
    tokens: list[float | None]
    remark: str = ""


def naming_of(name: str) -> Naming:
    """What a file's name says: `analysis_SET_MEMBER.jsonl` names both, any other name the member alone."""
    stem = clean(PurePath(name.replace("\\", "/")).stem) or "recorded"
    start, _, member = stem.rpartition("_")
    if member and start.startswith("analysis_"):
        return Naming(start.removeprefix("analysis_"), member[:_LONGEST_NAME])
    return Naming("", stem[:_LONGEST_NAME])


def place_of(fields: Mapping[str, object], naming: Naming) -> Place:
    """Where the answers of a line belong; raises LineError."""
    question = _name(fields, "question", "problem_num", longest=_LONGEST_QUESTION)
    if not question:
        raise LineError("names no question: `question` (or `problem_num`) is missing or blank")
    return Place(
        set=_name(fields, "set", longest=_LONGEST_NAME) or naming.set,
        question=question,
        member=_name(fields, "member", longest=_LONGEST_NAME) or naming.member,
        gold=_text(fields, "gold", "gold_answer", longest=_LONGEST_GOLD) or None,
    )


def text_of(fields: Mapping[str, object]) -> str:
    """The question's own text, "" where the line has none; raises LineError."""
    return _text(fields, "prompt", longest=_LONGEST_TEXT)


def said(fields: Mapping[str, object]) -> Said:
    """The draws of a line; raises LineError."""
    if is_counted(fields):
        return _counted(fields)
    if fields.get("answers") is None:
        return Said([_single(fields)], [_tokens(fields.get("tokens"))])
    if fields.get("tokens") is not None:
        raise LineError("tokens: beside `answers`, write each answer as [answer, tokens]")
    return _listed(fields["answers"], "answers")


def is_counted(fields: Mapping[str, object]) -> bool:
    """Whether a line is of the published format with counts."""
    return "all_answers" in fields or "answer_counts" in fields


def _counted(fields: Mapping[str, object]) -> Said:
    counts = _counts(fields.get("answer_counts"))
    if not fields.get("all_answers"):
        if not any(counts.values()):
            raise LineError("holds no answers: neither `all_answers` nor `answer_counts`")
        answers = [answer for text, count in counts.items() for answer in repeat(_written(text), count)]
        return Said(answers, [None] * len(answers))
    listed = _listed(fields["all_answers"], "all_answers")
    if counts and _votes(counts) != Counter(answer for answer in listed.answers if answer is not None):
        return listed._replace(remark="`answer_counts` does not agree with `all_answers`; `all_answers` is used")
    return listed


def _votes(counts: Mapping[str, int]) -> Counter[str]:
    votes: Counter[str] = Counter()
    for written, count in counts.items():
        answer = _written(written)
        if answer is not None and count:
            votes[answer] += count
    return votes


def _counts(value: object) -> dict[str, int]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise LineError("answer_counts: is no object of answers and how often each was given")
    for answer, count in value.items():
        if type(count) is not int or count < 0:
            raise LineError(f"answer_counts: {str(answer)[:40]!r} was given {str(count)[:40]!r} times")
    if sum(value.values()) > MOST_ANSWERS:
        raise LineError(f"answer_counts: adds up to more than {MOST_ANSWERS:,} answers")
    return value


def _listed(value: object, field: str) -> Said:
    if not isinstance(value, list) or not value:
        raise LineError(f"{field}: is no list of answers, or an empty one")
    pairs = [each if type(each) is list else (each, None) for each in value]
    if odd := next((pair for pair in pairs if len(pair) != 2), None):
        raise LineError(f"{field}: an entry has {len(odd)} parts, not answer and tokens")
    try:
        return Said([_written(answer) for answer, _ in pairs], [_tokens(count) for _, count in pairs])
    except LineError as error:
        raise LineError(f"{field}: {error}") from None


def _single(fields: Mapping[str, object]) -> str | None:
    """The answer of a line with one draw: the one it gives, else the one its text states."""
    if "answer" not in fields and "text" not in fields:
        raise LineError("holds no answer: `answer`, `text` or `answers` is missing")
    answer = _written(fields.get("answer"))
    if answer is not None or fields.get("text") is None:
        return answer
    text = fields["text"]
    if not isinstance(text, str) or len(text) > _LONGEST_TEXT:
        raise LineError(f"text: is no text of at most {_LONGEST_TEXT:,} characters")
    stated = extract(clean(text))
    return stated.answer if stated else None


def _written(value: object) -> str | None:
    """An answer as it was written, None where it is blank or too long to be one."""
    if isinstance(value, str):
        if not (value.isascii() and value.isalnum()):
            value = clean(value).strip()
        # The same few answers come again and again: each is kept once.
        return sys.intern(value) if 0 < len(value) <= _LONGEST_ANSWER else None
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return None
    if isinstance(value, bool | int | float):
        return _written(str(value).lower())
    raise LineError("an answer is a list or an object; write it as text")


def _tokens(value: object) -> float | None:
    if type(value) is int and 0 <= value <= _MOST_TOKENS:
        return value
    if value is None:
        return None
    if type(value) is float and 0 <= value <= _MOST_TOKENS:
        return value
    raise LineError(f"tokens: {str(value)[:40]!r} is no number from 0 to {_MOST_TOKENS:,}")


def _name(fields: Mapping[str, object], *names: str, longest: int) -> str:
    text = _text(fields, *names, longest=longest)
    return text if text.isalnum() else " ".join(text.split())


def _text(fields: Mapping[str, object], *names: str, longest: int) -> str:
    """The first of these fields that is there, as text fit to be stored; "" where none is."""
    for name in names:
        if (value := fields.get(name)) is not None:
            return as_text(value, name, longest=longest).strip()
    return ""
