"""Where a text states its answer: boxes, tags, JSON fields, and the words for "the answer is" in many languages.

A statement is the stretch of text after such a mark; whether it holds a short answer is read elsewhere. Thinking
parts are blanked beforehand, with every position kept.
"""

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from fusion_ui.engine.reading.words import ARTICLE, CONDITION, LINK, NOUN_BY_MARK, VERB_LAST

Manner = Literal["declared", "labelled", "prose", "reply"]

_LONGEST = 400  # characters looked at after a mark
_MOST_MARKS = 50  # looked at from the end; nobody states the answer fifty times without giving it
_MOST_HEADING_WORDS = 2  # before the noun: "## The final answer"
_LONGEST_REPLY = 80
_LEAD = 28  # characters that may stand before a label on its line: markup, "Therefore, the final"
_SPACED_SCRIPTS = "\u0600"  # before Arabic, a letter right before the noun makes it another word

_THINKING = re.compile(r"<(/?)(?:think|thinking|thought)\s*>", re.IGNORECASE)
_BOX = re.compile(r"oxed\s*\{")
_BOX_COMMAND = re.compile(r"(?:\\f?b|\x08)\Z")
_TAG = re.compile(r"<(?:final_?)?answer>", re.IGNORECASE)
_CLOSING_TAG = re.compile(r"</(?:final_?)?answer>", re.IGNORECASE)
_LAST_LINE = re.compile(r"^(?:A:|####(?=[ \t]*[-+$€£¥₹\d\\(.]))[ \t]*([^\n]{1,80}?)\s*\Z", re.MULTILINE)
_OTHER_OPTIONS = re.compile(r"^\W*B[:.)]", re.MULTILINE)
_PRAISE = re.compile(r"is\s(?:the\s)?(?:correct|right|best)(?!\w)(\s(?:answer|option|choice)(?!\w))?")
_PRAISED = re.compile(r"(\b(?:[Oo]ption|[Cc]hoice|[Aa]nswer)\s)?(?<![A-Za-z])[*(]{0,3}([A-J])[*)]{0,3}\s\Z")

_WORD = re.compile(r"[^\W\d_]+")
_MARKUP = re.compile(r"[#*_]")
_LIST = re.compile(r"(?:\d{1,2}[.)]|[-•·])\s+\S")
_POINTED = re.compile(r"(?<![\d.,])(?:0\.\d+|\d+\.(?:\d{1,2}|\d{4,20}))(?![\d.,]*\d)")
_WITH_COMMA = re.compile(r"(?<![\d.,])(?:0,\d+|\d+,(?:\d{1,2}|\d{4,20}))(?![\d.,]*\d)")
_QUOTE = re.compile(r"[\"']")
_AFTER_NOUN = re.compile(
    r"(?P<quote>[*_`\"'”’»」』)\]]{0,4})(?:[ \t]\([^()\n]{1,40}\)|\s(?:to|for)\s[^\n.:：]{1,60}?)?(?:</?\w{1,10}>)?"
    r"[*_]{0,3}[ \t\u00a0\u202f]{0,3}(?:(?P<colon>[:：﹕=]|->|[→⇒])|(?P<dash>[-–—](?=\s))|"
    rf"(?P<link>(?:{LINK})\s?[:：]?(?:(?:\s?{ARTICLE}){{1,2}}(?=\s[*(]{{0,3}}[A-J][*).]{{0,3}}(?!\w)))?|{VERB_LAST})|"
    r"(?P<heading>(?=\n))|(?P<choice>(?=\([A-J]\))))",
    re.IGNORECASE,
)
_FIELD_VALUE = re.compile(
    r"\s*(?:\"([^\n]*?)(?<!\\)\"(?=\s*[,})\]]|[ \t]*(?:\n|\Z))|'([^\n]*?)(?<!\\)'(?=\s*[,})\]]|[ \t]*(?:\n|\Z))|"
    r"\[([^\[\]\n]*)\]|(-?[\d.,/]+(?:[eE]-?\d+)?%?|true|false)(?=\s*[,}\n]|\s*\Z))"
)
_OPENING = re.compile(r"[ \t*_`\"'«“„:：>]*(?:\n[\s>#*_]{0,8}(?:```\w{0,10}\n)?){0,3}[ \t*_`\"'«“„]*")
_DISPLAY = re.compile(r"\$\$|\\+\[")
_DISPLAY_END = re.compile(r"\$\$|\\+\]")
_LINE_END = re.compile(r"\n|\\n(?![a-z])")  # a JSON text shows its line breaks as a backslash and an n


class Statement(NamedTuple):
    """Where an answer should stand; what is declared is the answer or there is none. `mark` is the decimal mark."""

    start: int
    end: int
    manner: Manner
    mark: str = "."


class _Mark(NamedTuple):
    """Where a statement is announced; its language's decimal mark makes it a noun."""

    found: re.Match[str]
    decimal: str = ""


def statements(text: str) -> Iterator[Statement]:
    """The statements of a text whose thinking is blanked, the last one first."""
    lowered = _lowered(text)
    marks = [_Mark(found) for pattern in _READER_BY_PATTERN for found in pattern.finditer(text)]
    marks += [_Mark(found, mark) for mark, noun in NOUN_BY_MARK.items() for found in noun.finditer(lowered)]
    marks.sort(key=lambda mark: mark.found.end(), reverse=True)
    writes_points = any(mark.decimal == "," for mark in marks) and _writes_points(text)
    for found, decimal in marks[:_MOST_MARKS]:
        mark = "." if writes_points and decimal else decimal
        statement = _labelled(text, found, mark) if mark else _READER_BY_PATTERN[found.re](text, found)
        if statement and statement.start < statement.end:
            yield statement


def whole_reply(text: str) -> Statement | None:
    """The text itself where it is one short line, as when only the number or the letter was asked for."""
    reply = text.strip()
    start = text.find(reply)
    is_short = (
        0 < len(reply) <= _LONGEST_REPLY and "\n" not in reply and not reply.startswith("#") and not _BOX.search(reply)
    )
    return Statement(start, start + len(reply), "reply") if is_short else None


def without_thinking(text: str) -> str:
    """The text with its thinking parts blanked; an unclosed part counts only where it opens the text."""
    pieces: list[str] = []
    kept, opened = 0, None
    for tag in _THINKING.finditer(text):
        if not tag[1]:
            opened = tag.start() if opened is None else opened
        elif opened is not None or not pieces:
            start = opened or 0
            pieces += [text[kept:start], " " * (tag.end() - start)]
            kept, opened = tag.end(), None
    if opened is not None and not text[kept:opened].strip():
        pieces, kept = [*pieces, " " * (len(text) - kept)], len(text)
    return "".join(pieces) + text[kept:]


def _writes_points(text: str) -> bool:
    """Whether a text writes decimal points and no decimal commas, whatever its language does."""
    return bool(_POINTED.search(text)) and not _WITH_COMMA.search(text)


def _lowered(text: str) -> str:
    """The text in lower case with every position kept; Turkish İ would become two characters."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(sign.lower() if len(sign.lower()) == 1 else sign for sign in text)


def _boxed(text: str, box: re.Match[str]) -> Statement | None:
    if not _BOX_COMMAND.search(text, max(0, box.start() - 3), box.start()):
        return None
    depth = 1
    for at in range(box.end(), min(len(text), box.end() + _LONGEST)):
        depth += (text[at] == "{") - (text[at] == "}")
        if depth == 0:
            is_innermost = not _BOX.search(text, box.end(), at)
            return Statement(box.end(), at, "declared") if is_innermost else None
    return None


def _tagged(text: str, tag: re.Match[str]) -> Statement | None:
    closing = _CLOSING_TAG.search(text, tag.end(), tag.end() + _LONGEST)
    return Statement(tag.end(), closing.start(), "declared") if closing else None


def _last_line(text: str, line: re.Match[str]) -> Statement | None:
    is_option = line[0].startswith("A") and _OTHER_OPTIONS.search(text)
    return None if is_option else Statement(*line.span(1), "declared")


def _praised(text: str, praise: re.Match[str]) -> Statement | None:
    choice = _PRAISED.search(text, max(0, praise.start() - 20), praise.start())
    is_answer = choice and (choice[1] or praise[1])
    return Statement(*choice.span(2), "declared") if choice and is_answer else None


_READER_BY_PATTERN = {_BOX: _boxed, _TAG: _tagged, _LAST_LINE: _last_line, _PRAISE: _praised}


def _labelled(text: str, noun: re.Match[str], decimal: str) -> Statement | None:
    before = text[max(0, noun.start() - _LEAD) : noun.start()]
    label = _AFTER_NOUN.match(text, noun.end())
    if not label or not _is_word(before, noun[0]):
        return None
    line = _LINE_END.split(before)[-1]
    if label["colon"] and label["quote"] and label["quote"][0] in _QUOTE.findall(line):
        return _field(text, label)
    start = _content_start(text, label.end())
    if start is None or CONDITION.search(before):
        return None
    if label["heading"] is None:
        is_label = bool(label["colon"]) and len(line) < _LEAD
    elif len(_WORD.findall(line)) <= _MOST_HEADING_WORDS:
        is_label = bool(_MARKUP.search(line))
    else:
        return None
    return Statement(start, _line_end(text, start), "labelled" if is_label else "prose", decimal)


def _content_start(text: str, at: int) -> int | None:
    """Where the answer begins, on this line or below; a list below is no short answer."""
    opening = _OPENING.match(text, at)
    if opening is None or ("\n" in opening[0] and _LIST.match(text, opening.end())):
        return None
    return opening.end()


def _is_word(before: str, noun: str) -> bool:
    if noun[0] >= _SPACED_SCRIPTS or not before or not before[-1].isalnum():
        return True
    return before.endswith(r"\n")


def _field(text: str, label: re.Match[str]) -> Statement:
    value = _FIELD_VALUE.match(text, label.end())
    if not value or not value.lastindex:
        return Statement(label.start(), label.end(), "declared")
    return Statement(*value.span(value.lastindex), "declared")


def _line_end(text: str, start: int) -> int:
    limit = min(len(text), start + _LONGEST)
    if display := _DISPLAY.match(text, start, limit):
        closing = _DISPLAY_END.search(text, display.end(), limit)
        return closing.end() if closing else limit
    line = _LINE_END.search(text, start, limit)
    return line.start() if line else limit
