"""Which part of a statement may be the answer: all of it, its first sentence, what precedes the reasons, a bold name.

The parts come in the order in which they are to be tried. Words are taken only where they stand alone: said in passing
("the answer is simple. First …") they are no answer, while a number, a choice or a formula is.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from fusion_ui.engine.reading.notation import word_count
from fusion_ui.engine.reading.statements import Statement
from fusion_ui.engine.reading.words import EMPTY_WORDS, ENDING, REASON

_LONGEST = 200
_MOST_WORDS_IN_PROSE = 5
_MOST_WORDS_BEFORE_MORE = 4

_SENTENCE_END = re.compile(
    r"(?:(?<=\w\w)|(?<=[\d)\]}$*%]))(?<!\bSt)(?<!\bDr)(?<!\bMr)(?<!\bMrs)(?<!\bJr)(?<!\bvs)"
    r"[.!?](?=[\s*\"'”’)]|$)|[。！？؟۔।]"
)
_ASIDE = re.compile(r"[,;،；，、](?!\s?\d)|\s[(\[–—]|\s-\s")
_EMPHASIS = re.compile(r"\*\*([^*]+)\*\*|\\\((.+?)\\\)|\$([^$]+)\$")
_CLOSING_BY_OPENING = {"**": "**", '"': '"', "“": "”", "„": "“", "«": "»", "「": "」"}
_AFTER_SENTENCE = " \t\r\n*_`\"'”’).。!！।۔"
_OPEN_ENDS = ("?", "？", "؟", ":", "：")  # a question, or the beginning of a list
_MARKUP = " \t\r\n*_`\"'“”„«»‹›「」『』"


class Reading(NamedTuple):
    """A stretch of text to be read as the answer; `takes_words` where it may be plain words."""

    start: int
    end: int
    takes_words: bool


def readings(text: str, statement: Statement) -> Iterator[Reading]:
    """The parts of a statement to try, the most complete first."""
    start, end = statement.start, statement.end
    if statement.manner == "declared":
        yield from _trimmed(text, start, end, takes_words=True)
    elif text[start:end].rstrip(_MARKUP).endswith(_OPEN_ENDS):
        return
    elif statement.manner == "reply":
        yield from _trimmed(text, start, end, takes_words=word_count(text[start:end]) <= _MOST_WORDS_BEFORE_MORE)
    elif statement.manner == "labelled" or not EMPTY_WORDS.match(text, start):
        yield from _quoted(text, start, end)
        yield from _spoken(text, statement)


def _spoken(text: str, statement: Statement) -> Iterator[Reading]:
    start, end, is_prose = statement.start, statement.end, statement.manner == "prose"
    if is_prose:  # "the answer is 42!" is joy and no factorial
        end = start + len(text[start:end].rstrip(_MARKUP + "!"))
    sentence = _before(_SENTENCE_END, text, start, end)
    reason = _before(REASON, text, start, sentence)
    is_alone = reason == sentence and not text[sentence:end].strip(_AFTER_SENTENCE)
    is_short = not is_prose or word_count(text[start:end]) <= _MOST_WORDS_IN_PROSE
    yield from _trimmed(text, start, end, takes_words=is_alone and is_short)
    may_go_on = not is_prose and text[sentence : sentence + 1] in ".。।۔"
    for stop in (sentence, reason):
        if stop < end:
            is_short = word_count(text[start:stop]) <= _MOST_WORDS_BEFORE_MORE
            yield from _trimmed(text, start, stop, takes_words=may_go_on and is_short)
    yield from _trimmed(text, start, _before(_ASIDE, text, start, sentence), takes_words=False)
    emphasised = list(_EMPHASIS.finditer(text, start, sentence))
    if len(emphasised) == 1:
        yield from _trimmed(text, *emphasised[0].span(), takes_words=False)


def _trimmed(text: str, start: int, end: int, *, takes_words: bool) -> Iterator[Reading]:
    """The stretch without its markup and the verb that ends it, if anything is left."""
    part = text[start:end].rstrip(_MARKUP)
    if ending := ENDING.search(part):
        part = part[: ending.start()]
    stripped = part.strip(_MARKUP)
    start += len(part) - len(part.lstrip(_MARKUP))
    if stripped and len(stripped) <= _LONGEST:
        yield Reading(start, start + len(stripped), takes_words)


def _quoted(text: str, start: int, end: int) -> Iterator[Reading]:
    """What a statement opens with in bold or quotes: **Paris**, because …"""
    for opening in (text[max(0, start - 2) : start], text[max(0, start - 1) : start]):
        closing = _CLOSING_BY_OPENING.get(opening)
        at = text.find(closing, start, end) if closing else -1
        if at > start and word_count(text[start:at]) <= _MOST_WORDS_IN_PROSE:
            yield from _trimmed(text, start, at, takes_words=True)


def _before(pattern: re.Pattern[str], text: str, start: int, end: int) -> int:
    found = pattern.search(text, start, end)
    return found.start() if found else end
