"""Recorded answers as values: what one member was recorded to say to one question, and the file it came from."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

AnswerFormat = Literal["counts", "jsonl", "csv"]


class Given(NamedTuple):
    """One draw as it was written: its answer (None = blank, which does not vote) and what it took, if that is known."""

    answer: str | None
    tokens: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedAnswer:
    """All that one file holds of one member's answers to one question, in the order of the file.

    `text` is the question's own text where the file has one. A file that gives two gold answers has two of these.
    """

    question: str
    set: str = ""
    member: str
    gold: str | None = None
    text: str = ""
    answers: tuple[Given, ...]


class Problem(NamedTuple):
    """What is wrong with one line of a file, or worth knowing about it."""

    file: str
    line: int
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerFile:
    """A file of recorded answers as read: its usable rows, and the first of its `problem_count` problems."""

    name: str
    sha256: str
    format: AnswerFormat
    rows: tuple[RecordedAnswer, ...]
    problems: tuple[Problem, ...] = ()
    problem_count: int = 0
