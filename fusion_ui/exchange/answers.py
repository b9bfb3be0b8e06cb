"""Recorded answers in: published count files, our own JSONL, CSV; told apart by content, read as a stream.

A bad line is named and the good ones are read. Whatever arrives, memory stays bounded by the ceilings of the lines.
"""

from collections.abc import Iterable
from hashlib import sha256
from itertools import chain

from fusion_ui.analysis.answers import AnswersError
from fusion_ui.engine.sampling import clean
from fusion_ui.exchange.answer_entries import (
    MOST_ANSWERS,
    PLACE_FIELDS,
    Place,
    Said,
    is_counted,
    naming_of,
    place_of,
    said,
    text_of,
)
from fusion_ui.exchange.answer_fields import Fields, json_fields
from fusion_ui.exchange.answer_keys import gold_key
from fusion_ui.exchange.answer_lines import MOST_BYTES, binary_kind, lines_of, metered
from fusion_ui.exchange.answer_tables import csv_fields
from fusion_ui.exchange.grouping import answer_set_of
from fusion_ui.exchange.recorded import AnswerFile, AnswerFormat, Problem, RecordedAnswer
from fusion_ui.exchange.texts import LineError

__all__ = ["AnswerFile", "Problem", "RecordedAnswer", "answer_set_of", "read_answers"]

MOST_PROBLEMS = 100
_MOST_ROWS = 200_000
_MOST_KEPT = 100_000_000  # characters of questions and gold answers; texts of models are not kept
_LONGEST_FILE_NAME = 200
_HOPELESS = 1_000  # bad lines before a file without a good one is given up
_EXPECTED = (
    "Expected are JSON lines with question, member and answer (or text, or answers), published counts with "
    "problem_num and all_answers, or CSV with a header of these names."
)


def read_answers(chunks: Iterable[bytes], *, name: str, most_bytes: int = MOST_BYTES) -> AnswerFile:
    """The recorded answers of a file called `name`; raises AnswersError where nothing can be used, or too much."""
    name = clean(name).strip()[:_LONGEST_FILE_NAME] or "recorded"
    digest = sha256()
    lines = lines_of(metered(chunks, digest, name=name, most_bytes=most_bytes), name=name)
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
    if not found.said_by_place:
        raise found.useless()
    return AnswerFile(
        name=name,
        sha256=digest.hexdigest(),
        format=found.format if is_json else "csv",
        rows=found.rows(),
        problems=tuple(found.problems),
        problem_count=found.problem_count,
    )


class _Found:
    """What has been read of one file so far."""

    def __init__(self, name: str) -> None:
        self._name, self._naming = name, naming_of(name)
        # A file with one answer a line names the same place again and again: reading it once is most of the speed.
        self._place_by_fields: dict[tuple[object, ...], Place] = {}
        self._text_by_place: dict[Place, str] = {}
        self._golds: set[str] = set()
        self._answers = self._kept = 0
        self.said_by_place: dict[Place, Said] = {}
        self.problems: list[Problem] = []
        self.problem_count = 0
        self.format: AnswerFormat = "jsonl"

    def add(self, fields: Fields) -> None:
        """Take one record in, or note what is wrong with it."""
        if fields.problem:
            self._refuse(fields.line, fields.problem)
            return
        try:
            place = self._place(fields.by_name)
            found = said(fields.by_name)
            text = "" if place in self._text_by_place else text_of(fields.by_name)
        except LineError as error:
            self._refuse(fields.line, str(error))
            return
        if not self.said_by_place and is_counted(fields.by_name):
            self.format = "counts"
        if text:
            self._text_by_place[place] = text
            self._kept += len(text)
        self._put(place, found, line=fields.line)

    def rows(self) -> tuple[RecordedAnswer, ...]:
        """Everything read, by question and member in the order of the file."""
        return tuple(
            RecordedAnswer(
                **place._asdict(),
                text=self._text_by_place.get(place, ""),
                answers=tuple(every.answers),
                tokens=tuple(every.tokens) if any(each is not None for each in every.tokens) else None,
            )
            for place, every in self.said_by_place.items()
        )

    def useless(self) -> AnswersError:
        """Why nothing could be used."""
        where = (
            f"holds no answer that can be used: line {self.problems[0].line} {self.problems[0].message}"
            if self.problems
            else "has a header and no row"
        )
        return AnswersError(f"{self._name} {where}. {_EXPECTED}")

    def _place(self, by_name: dict[str, object]) -> Place:
        named = tuple(map(by_name.get, PLACE_FIELDS))
        try:
            known = self._place_by_fields.get(named)
        except TypeError:  # a list or an object among them, which is refused below
            known = None
        if known is not None:
            return known
        place = place_of(by_name, self._naming)
        # 1 and true are equal, but not the same.
        is_text = all(value is None or isinstance(value, str) for value in named)
        if is_text and len(self._place_by_fields) < _MOST_ROWS:
            self._place_by_fields[named] = place
        return place

    def _put(self, place: Place, found: Said, *, line: int) -> None:
        if found.remark:
            self._note(line, found.remark)
        known = self.said_by_place.get(place)
        if known is None:
            known = self.said_by_place[place] = Said([], [])
            self._kept += len(place.question) + len(place.gold or "")
            self._check_gold(place.gold, line)
        elif len(found.answers) > 1:
            self._note(line, f"question {place.question[:40]!r} of {place.member} stands above already; both are used")
        known.answers.extend(found.answers)
        known.tokens.extend(found.tokens)
        self._answers += len(found.answers)
        if self._answers > MOST_ANSWERS or len(self.said_by_place) > _MOST_ROWS:
            raise AnswersError(
                f"{self._name} holds more than {MOST_ANSWERS:,} answers, or answers to more than {_MOST_ROWS:,} "
                "questions. Split it into several files."
            )
        if self._kept > _MOST_KEPT:
            raise AnswersError(
                f"{self._name} holds questions and gold answers of more than {_MOST_KEPT:,} characters. Leave `prompt` "
                "out, or split it into several files."
            )

    def _check_gold(self, gold: str | None, line: int) -> None:
        if gold is None or gold in self._golds:
            return
        self._golds.add(gold)
        if gold_key(gold) is None:
            self._note(line, f"no short answer can be read from the gold answer {gold[:40]!r}: it counts as no gold")

    def _refuse(self, line: int, message: str) -> None:
        self._note(line, message)
        if not self.said_by_place and self.problem_count >= _HOPELESS:
            raise self.useless()

    def _note(self, line: int, message: str) -> None:
        self.problem_count += 1
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(Problem(self._name, line, message))
