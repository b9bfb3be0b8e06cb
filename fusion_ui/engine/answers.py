"""What candidates vote with: the short answer a text states, as a key that is equal for equal answers.

An essay, an open explanation or a refusal states none and casts no vote. Keys are made in `keys` and compared in
`equivalence`; which writing names a group is decided by the order of asking.
"""

import re
from collections.abc import Sequence
from typing import Protocol

from fusion_ui.engine.reading.equivalence import equivalent
from fusion_ui.engine.reading.keys import answer_key, is_declined, read_key
from fusion_ui.engine.reading.readings import readings
from fusion_ui.engine.reading.statements import Statement, statements, whole_reply, without_thinking
from fusion_ui.engine.values import Extract

__all__ = ["Checker", "answer_key", "equivalent", "extract", "group_key", "matches_reference"]

_MOST_UNDECIDED = 2  # a checker that could not tell twice about an answer is not kept busy with it

_UNICODE_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_BETWEEN_QUOTES = re.compile(r"[\"']\s*,\s*[\"']")  # of a JSON list


class Checker(Protocol):
    """A slower judge of whether two answers are the same; it raises nothing but cancellation."""

    async def equivalent(self, first: str, second: str) -> bool | None:
        """Whether two answers are the same; None = cannot tell."""
        ...


def extract(text: str) -> Extract | None:
    """The last answer the text states, with the characters it was read from; None where it states none."""
    text = without_thinking(text)
    statement = None
    for statement in statements(text):
        if found := _read(text, statement):
            return found
        if statement.manner == "declared" or is_declined(text[statement.start : statement.end]):
            return None
    reply = None if statement else whole_reply(text)
    return _read(text, reply) if reply else None


async def group_key(answer: str, known: Sequence[str], checker: Checker | None) -> str:
    """The first of the known keys that is the same answer, else the answer itself.

    What can be told at once goes before what a checker must be asked; what nobody can tell is not the same.
    """
    if answer in known:
        return answer
    verdicts = [(key, equivalent(key, answer)) for key in known]
    for key, verdict in verdicts:
        if verdict:
            return key
    doubtful = [key for key, verdict in verdicts if verdict is None]
    return await _first_confirmed(answer, doubtful, checker) if checker else answer


async def matches_reference(answer: str | None, reference: str, checker: Checker | None) -> bool:
    """Whether an answer is the gold one, written as "18", a formula, a letter, or a text that states it ("A: 18")."""
    stated = extract(reference)
    gold = stated.answer if stated else answer_key(reference)
    if answer is None or gold is None:
        return False
    return await group_key(answer, [gold], checker) == gold


def _read(text: str, statement: Statement) -> Extract | None:
    """The first reading that is a number, a choice or a formula, else the first that may be words."""
    words: Extract | None = None
    for reading in readings(text, statement):
        key = read_key(_unescaped(text[reading.start : reading.end]), mark=statement.mark)
        if key is None:
            continue
        found = Extract(answer=key.text, start=reading.start, end=reading.end)
        if key.kind != "words":
            return found
        if reading.takes_words:
            words = words or found
    return words


async def _first_confirmed(answer: str, keys: Sequence[str], checker: Checker) -> str:
    undecided = 0
    for key in keys:
        verdict = await checker.equivalent(key, answer)
        if verdict:
            return key
        undecided += verdict is None
        if undecided >= _MOST_UNDECIDED:
            break
    return answer


def _unescaped(text: str) -> str:
    return _BETWEEN_QUOTES.sub(", ", _UNICODE_ESCAPE.sub(lambda match: chr(int(match[1], 16)), text))
