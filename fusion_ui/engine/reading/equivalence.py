"""Whether two answers say the same, as far as that can be told at once and in bounded time.

True, False, or None where neither is certain and a slower checker may be asked. The relation is reflexive and
symmetric; because 50% equals both 50 and 0.5 it is not transitive, so groups are formed in the order of asking.
"""

import re
from fractions import Fraction
from typing import NamedTuple

from fusion_ui.engine.reading.expressions import Values, values
from fusion_ui.engine.reading.keys import Key, read_key
from fusion_ui.engine.reading.quantities import Number, read_number

_ROUNDED = 5e-7  # math-verify compares decimals after rounding to six places,
_ROUNDED_RELATIVE = 1e-4  # which must not make all tiny numbers equal
_EXACT_RELATIVE = 1e-9
_TINY = 1e-9  # may be a zero that floats did not cancel to the end
_DOUBTFUL = 1e8  # above it, neighbouring integers are closer than _EXACT_RELATIVE
_MOST_MEMBERS = 12
_DEEPEST = 3

_IN_WORDS = re.compile(r"\D*?((?:(?<!\S)-)?\d[\d,]*(?:\.\d+)?%?)\D*")
_FEWEST_WORDS = 3  # "she has 18 left" says 18, "apollo 11" does not say 11
_COMPARING = re.compile(r"\b(?:not?|least|most|more|less|over|under|than|between|x?or|half|million|billion)\b")
_ARTICLE = re.compile(r"(?:the|an?|der|die|das|eine?|les?|la|une?|el|los|las|una|il|lo|gli|os?|as|uma?)\s+|l'")
_PUNCTUATION = re.compile(r"[\s.,;:'\"()\-]+")
_RANGE = re.compile(r"[<>≤≥≠±∪∩]")  # says more than one number
_UNDECIDED = re.compile(
    r"[<>≤≥≠±∪∩]|\\(?:begin|mid|over|overline|bar|hat|vec|sum|int|lim|prod|l?dots|mathbb|equiv|pmod)|\.\.\."
)
_RELATED = re.compile(r"(\\?\w+(?:\(\w\))?|\([a-z](?:,\s*[a-z])+\))\s*[=∈]\s*([^=∈]+)")
_LETTER_UNIT = re.compile(r"-?[\d.]+\s*[msghlcdt]")
_INFINITIES = ("∞", "+∞", "-∞")


class _Members(NamedTuple):
    """The parts of a collection; `shape` is its brackets (order counts), "set", or "list" for bare commas."""

    shape: str
    parts: list[str]


def equivalent(first: str, second: str) -> bool | None:
    """Whether two answers, keys or raw, are the same answer; None = cannot tell."""
    if first == second:
        return True
    one, two = read_key(first), read_key(second)
    if one is None or two is None:
        return False
    return _same(*sorted((one, two)))


def _same(one: Key, two: Key) -> bool | None:
    if _bare(one.text) == _bare(two.text):
        return True
    kinds = {one.kind, two.kind}
    if "choice" in kinds:
        return False
    if kinds == {"words"}:
        return _plain_words(one.text) == _plain_words(two.text)
    if "words" in kinds:
        words, other = (one, two) if one.kind == "words" else (two, one)
        return _says(words.text, other)
    return _same_maths(one.text, two.text, depth=0)


def _bare(text: str) -> str:
    return "".join(text.split()).casefold()


def _plain_words(text: str) -> str:
    article = _ARTICLE.match(text)
    return _PUNCTUATION.sub(" ", text[article.end() :] if article else text).strip()


def _says(words: str, other: Key) -> bool | None:
    """Whether a short sentence states this number and no other; of mathematics among words nothing is certain."""
    if other.kind != "number":
        return None if re.search(r"[\d\\]", words) else False
    found = _IN_WORDS.fullmatch(words)
    if not found or len(words.split()) < _FEWEST_WORDS or _COMPARING.search(words):
        return False
    return bool(_same_numbers(found[1].rstrip(","), other.text))


def _same_maths(one: str, two: str, *, depth: int) -> bool | None:
    one, two = one.strip(), two.strip()
    if _bare(one) == _bare(two):
        return True
    numbers = _same_numbers(one, two)
    if numbers is not None:
        return numbers
    if (read_number(one) or read_number(two)) and _RANGE.search(one + two):
        return False
    if depth > _DEEPEST or _UNDECIDED.search(one) or _UNDECIDED.search(two):
        return None
    relations = _RELATED.fullmatch(one), _RELATED.fullmatch(two)
    if any(relations):
        return _same_relations(one, two, depth=depth)
    collections = _members(one), _members(two)
    if collections[0] and collections[1]:
        return _same_members(collections[0], collections[1], depth=depth)
    return False if any(collections) else _same_values(one, two)


def _same_numbers(one: str, two: str) -> bool | None:
    """Exact numbers are compared exactly, decimals to six places, a percentage in both of its readings."""
    first, second = read_number(one), read_number(two)
    if first is None or second is None:
        return None
    is_rounded = "." in one + two
    if first.is_percent == second.is_percent:
        return _is_near(first.value, second.value, is_rounded=is_rounded)
    percent, plain = (first, second) if first.is_percent else (second, first)
    return any(_is_near(reading, plain.value, is_rounded=is_rounded) for reading in _readings(percent))


def _readings(percent: Number) -> tuple[Fraction, Fraction]:
    return percent.value, percent.value / 100


def _is_near(one: Fraction, two: Fraction, *, is_rounded: bool) -> bool:
    limit = min(_ROUNDED, _ROUNDED_RELATIVE * max(abs(one), abs(two)))
    return one == two or (is_rounded and abs(one - two) <= limit)


def _same_relations(one: str, two: str, *, depth: int) -> bool | None:
    """x = 5 is 5; with two equations only those for the same letter can be told apart."""
    first, second = _RELATED.fullmatch(one), _RELATED.fullmatch(two)
    if first and second:
        return _same_maths(first[2], second[2], depth=depth + 1) if _bare(first[1]) == _bare(second[1]) else None
    related, other = (first, two) if first else (second, one)
    if related is None or "=" in other:
        return None
    return _same_maths(related[2], other, depth=depth + 1)


def _members(text: str) -> _Members | None:
    if text.startswith(r"\{") and text.endswith(r"\}"):
        parts = _split(text[2:-2])
        return _Members("set", parts) if parts else None
    if text and text[0] in "([" and text[-1] in ")]":
        parts = _split(text[1:-1])
        if parts and len(parts) > 1:
            return _Members(text[0] + text[-1], parts)
    parts = _split(text)
    return _Members("list", parts) if parts and len(parts) > 1 else None


def _split(text: str) -> list[str] | None:
    """The parts between commas or semicolons outside all brackets; None where brackets close before they open."""
    parts, depth, start = [], 0, 0
    for at, sign in enumerate(text):
        depth += (sign in "([{") - (sign in ")]}")
        if depth < 0:
            return None
        if sign in ",;" and depth == 0:
            parts.append(text[start:at])
            start = at + 1
    return [*parts, text[start:]]


def _same_members(one: _Members, two: _Members, *, depth: int) -> bool | None:
    if max(len(one.parts), len(two.parts)) > _MOST_MEMBERS:
        return None
    if len(one.parts) != len(two.parts):
        return False
    shapes = {one.shape, two.shape}
    if shapes <= {"set", "list"}:
        return _same_unordered(one.parts, two.parts, depth=depth)
    if "set" in shapes:
        return None
    if len(shapes - {"list"}) > 1:
        return False
    verdicts = [_same_maths(first, second, depth=depth + 1) for first, second in zip(one.parts, two.parts, strict=True)]
    return False if False in verdicts else None if None in verdicts else True


def _same_unordered(one: list[str], two: list[str], *, depth: int) -> bool | None:
    left, is_certain = list(two), True
    for part in one:
        verdicts = [_same_maths(part, other, depth=depth + 1) for other in left]
        if True in verdicts:
            del left[verdicts.index(True)]
        elif None in verdicts:
            is_certain = False
        else:
            return False
    return True if is_certain else None


def _same_values(one: str, two: str) -> bool | None:
    if one in _INFINITIES or two in _INFINITIES:
        return False
    if (_LETTER_UNIT.fullmatch(one) and read_number(two)) or (_LETTER_UNIT.fullmatch(two) and read_number(one)):
        return None
    first, second = values(one), values(two)
    return _agree(first, second, is_rounded="." in one + two) if first and second else None


def _agree(one: Values, two: Values, *, is_rounded: bool) -> bool | None:
    is_certain = True
    for first, second in zip(one, two, strict=True):
        gap, size = abs(first - second), max(abs(first), abs(second))
        if size < _TINY:
            is_certain &= gap == 0
            continue
        if gap > (min(_ROUNDED, _ROUNDED_RELATIVE * size) if is_rounded else _EXACT_RELATIVE * size):
            return False
        is_certain &= size < _DOUBTFUL or (gap == 0 and size < 2.0**53)
    return True if is_certain else None
