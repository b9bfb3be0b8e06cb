"""Recorded answers as values: what one member was recorded to say to one question, and the file it came from."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

AnswerFormat = Literal["counts", "jsonl", "csv"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedAnswer:
    """All that one file holds of one member's answers to one question, in the order of the file.

    An answer is as it was written; None is a blank, a draw that does not vote. `tokens` belong to the same draws, None
    where not one of them was counted. `text` is the question's own, where the file has it. A file that gives a
    question two gold answers has two of these for it.
    """

    question: str
    set: str = ""
    member: str
    gold: str | None = None
    text: str = ""
    answers: tuple[str | None, ...]
    tokens: tuple[float | None, ...] | None = None


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
