"""Recorded answers in: published count files, our own JSONL, CSV; told apart by content, read as a stream.

A bad line is named and the good ones are read. Whatever arrives, memory stays bounded by the ceilings of the lines.
"""

from collections.abc import Iterable
from hashlib import sha256
from itertools import chain
from typing import NamedTuple

from fusion_ui.analysis.answers import AnswersError
from fusion_ui.exchange.answer_entries import MOST_ANSWERS, Entry, LineError, entry_of, is_counted, naming_of
from fusion_ui.exchange.answer_fields import Fields, csv_fields, json_fields
from fusion_ui.exchange.answer_lines import binary_kind, lines_of, metered
from fusion_ui.exchange.grouping import answer_set_of
from fusion_ui.exchange.recorded import AnswerFile, AnswerFormat, Given, Problem, RecordedAnswer

__all__ = ["AnswerFile", "Given", "Problem", "RecordedAnswer", "answer_set_of", "read_answers"]

MOST_PROBLEMS = 100
_MOST_ROWS = 200_000
_HOPELESS = 1_000  # bad lines before a file without a good one is given up
_EXPECTED = (
    "Expected are JSON lines with question, member and answer (or text, or answers), published counts with "
    "problem_num and all_answers, or CSV with a header of these names."
)


def read_answers(chunks: Iterable[bytes], *, name: str) -> AnswerFile:
    """The recorded answers of a file called `name`; raises AnswersError where nothing can be used."""
    digest = sha256()
    lines = lines_of(metered(chunks, digest, name=name), name=name)
    first = next((line for line in lines if line.content.strip()), None)
    if first is None:
        raise AnswersError(f"{name} is empty. {_EXPECTED}")
    if kind := binary_kind(first.content):
        raise AnswersError(f"{name} is {kind}. {_EXPECTED}")
    is_json = first.content.lstrip().startswith((b"{", b"["))
    every = chain([first], lines)
    found = _Found(name)
    for fields in json_fields(every) if is_json else csv_fields(every, name=name):
        found.add(fields)
    if not found.answers_by_place:
        raise found.useless()
    return AnswerFile(
        name=name,
        sha256=digest.hexdigest(),
        format=found.format if is_json else "csv",
        rows=found.rows(),
        problems=tuple(found.problems),
        problem_count=found.problem_count,
    )


class _Place(NamedTuple):
    """What tells the rows of a file apart."""

    set: str
    question: str
    member: str
    gold: str | None


class _Found:
    """What has been read of one file so far."""

    def __init__(self, name: str) -> None:
        self._name, self._naming = name, naming_of(name)
        self._text_by_place: dict[_Place, str] = {}
        self._answers = 0
        self.answers_by_place: dict[_Place, list[Given]] = {}
        self.problems: list[Problem] = []
        self.problem_count = 0
        self.format: AnswerFormat = "jsonl"

    def add(self, fields: Fields) -> None:
        """Take one record in, or note what is wrong with it."""
        try:
            entry = None if fields.problem else entry_of(fields.by_name, naming=self._naming)
        except LineError as error:
            fields = fields._replace(problem=str(error))
            entry = None
        if entry is None:
            self._note(fields.line, fields.problem)
            if not self.answers_by_place and self.problem_count >= _HOPELESS:
                raise self.useless()
            return
        if not self.answers_by_place and is_counted(fields.by_name):
            self.format = "counts"
        self._put(entry, line=fields.line, is_list="answer" not in fields.by_name and "text" not in fields.by_name)

    def rows(self) -> tuple[RecordedAnswer, ...]:
        """Everything read, by question and member in the order of the file."""
        return tuple(
            RecordedAnswer(**place._asdict(), text=self._text_by_place[place], answers=tuple(answers))
            for place, answers in self.answers_by_place.items()
        )

    def useless(self) -> AnswersError:
        """Why nothing could be used."""
        first = self.problems[0]
        return AnswersError(
            f"{self._name} holds no answer that can be used: line {first.line} {first.message}. {_EXPECTED}"
        )

    def _put(self, entry: Entry, *, line: int, is_list: bool) -> None:
        if entry.remark:
            self._note(line, entry.remark)
        place = _Place(entry.set, entry.question, entry.member, entry.gold)
        if place in self.answers_by_place and is_list:
            self._note(line, f"question {place.question[:40]!r} of {place.member} stands above already; both are used")
        self._answers += len(entry.answers)
        known = self.answers_by_place.setdefault(place, [])
        known.extend(entry.answers)
        self._text_by_place[place] = self._text_by_place.get(place) or entry.text
        if self._answers > MOST_ANSWERS or len(self.answers_by_place) > _MOST_ROWS:
            raise AnswersError(
                f"{self._name} holds more than {MOST_ANSWERS:,} answers, or answers to more than {_MOST_ROWS:,} "
                "questions. Split it into several files."
            )

    def _note(self, line: int, message: str) -> None:
        self.problem_count += 1
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(Problem(self._name, line, message))
