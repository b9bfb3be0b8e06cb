"""Exact numbers as people write them: signs, thousands, decimals, fractions, mixed numbers, scales, percent, units.

Follows math-verify where one answer has two readings: units and currencies are dropped (5 cm = 5), and a percentage
stays one, because it equals both of its readings (50% = 0.5 and 50% = 50).
"""

import re
from fractions import Fraction
from typing import NamedTuple

from fusion_ui.engine.reading.notation import is_wrapped, word_count

_LARGEST = 10**40  # beyond it a number is left to the expressions
_MOST_PLACES = 4  # a decimal for people; with more places a fraction is shorter, until its denominator is long too
_LONG_DENOMINATOR = 1000
_MOST_DECIMALS = 20

_GROUPED = r"\d{1,3}(?:,\d{3})+(?![\d,])|\d{1,2}(?:,\d{2})+,\d{3}(?![\d,])|\d{1,3}(?:[ ']\d{3})+(?!\d)"
_POINT = rf"(?:(?:{_GROUPED}|\d+)(?:\.\d+)?|\.\d+)(?![.,]?\d)"
_COMMA = r"(?:[1-9]\d{0,2}(?:[. ']\d{3})+|\d+)(?:,\d+)?(?![.,]?\d)"
_BOTH_MARKS = r"(?:\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:\.\d{3}){2,})(?![.,]?\d)"
_SIGNED = rf"-?\s?(?:{_POINT})"
_MIXED = re.compile(r"(\d+)(?:\s+and)?\s*(?:\\frac\{(\d+)\}\{(\d+)\}|(?<=\s)(\d+)\s?/\s?(\d+))(?![\d/])")
_SCIENTIFIC = re.compile(rf"({_POINT})(?:\s*[×*·x]\s*10\s*\^\s*\{{?\s*(-?\d{{1,2}})\s*\}}?|[eE]([-+]?\d{{1,2}}))(?!\d)")
_RATIO = re.compile(rf"\\frac\{{({_SIGNED})\}}\{{({_SIGNED})\}}|({_POINT})\s?/\s?({_POINT})(?!\s?/)")
_PLAIN_BY_MARK = {",": re.compile(f"({_COMMA})|({_POINT})"), ".": re.compile(f"({_BOTH_MARKS})|({_POINT})")}

_PREFIX = re.compile(
    r"(?:[≈~]|(?:approximately|approx\.?|about|around|roughly|nearly|circa|ca\.|etwa|ungefähr|rund|environ|cerca de|"
    r"aproximadamente|примерно|около|लगभग|yaklaşık|تقريبا|حوالي|約|约|大约|약)(?![a-z]))?\s*"
    r"(?P<sign>[-+])?\s*(?P<percent>%|yüzde\s)?"
    r"(?:R?\$|[€£¥₹₽₩₺₪฿₫₴]|(?:USD|EUR|GBP|INR|Rs\.?)(?![a-z]))?\s*(?P<late>-)?",
    re.IGNORECASE,
)
_PERCENT = re.compile(
    r"\s*(?:%|pct|per ?cent(?:age)?(?: points?)?|prozent|pour ?cent|por ?c[ie]+nto|per ?cento|процент\w*|प्रतिशत|"
    r"パーセント|퍼센트|프로)(?![a-zа-я])",
    re.IGNORECASE,
)
_SCALES = {
    12: "dozen",
    10**2: "hundred",
    10**3: "thousand tausend mil mila mille тысяч тысячи тыс हज़ार हजार bin ألف 천 千",
    10**4: "万 萬 만",
    10**5: "lakh lakhs लाख",
    10**6: "million millions mio millionen millón millones milhão milhões milione milioni млн миллион миллиона "
    "миллионов मिलियन milyon مليون 百万 百萬 백만",
    10**7: "crore crores करोड़",
    10**8: "亿 億 억",
    10**9: "billion milliarde milliarden milliard milliards miliardi mrd млрд миллиард миллиардов milyar مليار",
    10**12: "trillion 兆 조",
}
_FACTOR_BY_WORD = {word: factor for factor, words in _SCALES.items() for word in words.split()}
_SCALE = re.compile(
    rf"\s*({'|'.join(sorted(_FACTOR_BY_WORD, key=len, reverse=True))})(?![^\W\d_가-힣一-鿿])", re.IGNORECASE
)
_NO_UNIT = frozenset(
    "am pm a.m p.m a.m. p.m. ad bc bce ce and or plus minus times half quarter third thirds to mod choose over if not "
    "than und oder et ou y e o или и uhr sin cos tan sec csc cot log ln exp sqrt".split()
)
_UNIT_SYMBOL = re.compile(
    r"(?:[cdkmnµ]m|[kmµ]g|m[lLs]|lbs?|ft|in|oz|hrs?|min|sec|mph|km/?h|m/s|kWh?|MW|[kMGT]B|[kMG]?Hz|kJ|kN|Pa|dB|mi|yd|sq|"
    r"cc|ppm|rpm|Rs|st|nd|rd|th)(?![^\W\d_])"
)
_LETTER_UNITS = frozenset("msghlLNJWVKCFA")
_UNIT = re.compile(r"[^\W\d_π][^\d\\=+*<>^_(){}\[\]|π]*(?:\^?[23])?")
_CURRENCY = re.compile(r"\s*[$€£¥₹₽₩₺₪฿₫₴]")
_ASIDE = re.compile(r"\s+\([^()\d=]*\)$")
_LONGEST_UNIT = 40
_MOST_UNIT_WORDS = 5
_FIRST_UNSPACED = "\u0400"  # from Cyrillic on, a letter right after a digit is a counter or a unit, never algebra


class Number(NamedTuple):
    """An exact value; of a percentage it is the figure before the sign (50% has value 50)."""

    value: Fraction
    is_percent: bool = False


def read_number(text: str, *, mark: str = ".") -> Number | None:
    """The one number a tidied answer is; `mark` is the decimal mark of its language (3,5 is no number with a point)."""
    if is_wrapped(text, "()") and "," not in text:
        text = text[1:-1]
    prefix = _PREFIX.match(text)
    core = _core(text, prefix.end() if prefix else 0, mark)
    if prefix is None or core is None:
        return None
    factor, tail = _scale(text[core.end :])
    percent = _PERCENT.match(tail)
    if not is_unit(tail[percent.end() :] if percent else tail):
        return None
    sign = -1 if (prefix["sign"] == "-") != (prefix["late"] == "-") else 1
    value = sign * factor * core.value
    if max(abs(value.numerator), value.denominator) >= _LARGEST:
        return None
    return Number(value, bool(percent or prefix["percent"]))


def number_text(number: Number) -> str:
    """The number as people like to read it, the same for equal values: 0.75, 1/3, 1234, 12.5%."""
    value = number.value
    places = _decimal_places(value.denominator)
    is_short = places is not None and (
        places <= _MOST_PLACES or (value.denominator > _LONG_DENOMINATOR and places <= _MOST_DECIMALS)
    )
    text = _decimal(value, places) if places is not None and is_short else str(value)
    return f"{text}%" if number.is_percent else text


def is_unit(text: str) -> bool:
    """Whether what follows a number only names its unit: nothing, cm, dollars per day, 個; not x, am or and a half."""
    text = _CURRENCY.sub("", _ASIDE.sub("", text), count=1)
    if not text.strip():
        return True
    if symbol := _UNIT_SYMBOL.match(text.lstrip()):
        rest = text.lstrip()[symbol.end() :]
        return bool(re.fullmatch(r"\s?\^?[23]?", rest)) or (rest[0] in " /" and is_unit(rest))
    if not text[0].isspace() and text[0] < _FIRST_UNSPACED and text[0] not in "-/":
        return False
    return _is_unit_name(text.strip(" -/"))


def _is_unit_name(name: str) -> bool:
    if len(name) > _LONGEST_UNIT or word_count(name) > _MOST_UNIT_WORDS or not _UNIT.fullmatch(name):
        return False
    if name.isascii() and len(name) <= 2:
        return name in _LETTER_UNITS
    return not any(_is_maths_word(word.strip(".,;")) for word in name.split())


def _is_maths_word(word: str) -> bool:
    is_letter = len(word) == 1 and word.isascii() and word not in _LETTER_UNITS | {"a"}
    return is_letter or word.casefold() in _NO_UNIT


class _Core(NamedTuple):
    value: Fraction
    end: int


def _core(text: str, start: int, mark: str) -> _Core | None:
    try:
        if found := _MIXED.match(text, start):
            return _Core(int(found[1]) + Fraction(int(found[2] or found[4]), int(found[3] or found[5])), found.end())
        if found := _SCIENTIFIC.match(text, start):
            return _Core(_exact(found[1], ".") * Fraction(10) ** int(found[2] or found[3]), found.end())
        if found := _RATIO.match(text, start):
            return _Core(_exact(found[1] or found[3], ".") / _exact(found[2] or found[4], "."), found.end())
    except ZeroDivisionError:
        return None
    found = _PLAIN_BY_MARK[mark].match(text, start)
    return _Core(_exact(found[0], "," if found[1] else "."), found.end()) if found else None


def _exact(literal: str, mark: str) -> Fraction:
    grouping = "." if mark == "," else ","
    return Fraction(re.sub(rf"[ '{grouping}]", "", literal).replace(mark, "."))


def _scale(tail: str) -> tuple[int, str]:
    word = _SCALE.match(tail)
    return (_FACTOR_BY_WORD[word[1].casefold()], tail[word.end() :]) if word else (1, tail)


def _decimal_places(denominator: int) -> int | None:
    twos = (denominator & -denominator).bit_length() - 1
    rest, fives = denominator >> twos, 0
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    return max(twos, fives) if rest == 1 else None


def _decimal(value: Fraction, places: int) -> str:
    digits = str(abs(value.numerator) * 10**places // value.denominator).rjust(places + 1, "0")
    sign = "-" if value < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else sign + digits
