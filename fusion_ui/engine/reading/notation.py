"""One writing for the many ways to write the same: digits of all scripts, signs, LaTeX dress, markup, outer marks.

`tidy` keeps what is said and drops how it is dressed; what it means (a number, a choice, a set) is read elsewhere.
Mathematical commands become the signs people read (π, ×, ≤); `latex` turns them back for programs that read LaTeX.
"""

import re
import unicodedata

LONGEST = 400  # characters; nobody votes with a longer answer, and everything below is at most quadratic in it
_ROUNDS = 8

_SIGN_BY_COMMAND = {
    r"\pi": "π", r"\infty": "∞", r"\times": "×", r"\cdot": "·", r"\div": "÷", r"\pm": "±", r"\le": "≤", r"\leq": "≤",
    r"\ge": "≥", r"\geq": "≥", r"\ne": "≠", r"\neq": "≠", r"\cup": "∪", r"\cap": "∩", r"\in": "∈", r"\emptyset": "∅",
    r"\varnothing": "∅", r"\lt": "<", r"\gt": ">",
}  # fmt: skip
_COMMAND_BY_SIGN = {sign: command for command, sign in _SIGN_BY_COMMAND.items() if sign not in "<>"}
_SIGN = re.compile(r"\\[a-z]+")

# What a JSON reader makes of an unescaped \frac, \boxed, \text or \right: a control character and the rest.
_EATEN = (
    (re.compile("\x0c(?=[a-z])"), r"\\f"),
    (re.compile("\x08(?=[a-z])"), r"\\b"),
    (re.compile(r"\t(?=ext\w*\{|(?:imes|heta|au)(?![a-z])|frac|an(?=[\\({\d]))"), r"\\t"),
    (re.compile(r"\r(?=ight|ho(?![a-z]))"), r"\\r"),
)
_CHARACTERS = str.maketrans(
    dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d", "-")
    | dict.fromkeys("\u2018\u2019\u201b\u2032", "'")
    | dict.fromkeys("\u201c\u201d\u201e\u201f\u2033", '"')
    | dict.fromkeys("\u2219\u22c5\u2022", "·")
    | dict.fromkeys("\u2044\u2215", "/")
    | dict.fromkeys("\u060c\u066c\u3001", ",")
    | {"\u066a": "%", "\u066b": ".", "\u00ba": "°"}
    | dict.fromkeys("\u00ad\u061c\u200b\u200e\u200f\u2060\ufeff", None)
    | dict.fromkeys(map(chr, [*range(0x202A, 0x202F), *range(0x2066, 0x206A)]), None)
)
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ", "0123456789+-n")
_SUPERSCRIPT = re.compile(r"(?<=[\w)\]}])[⁰¹²³⁴-⁹⁺⁻ⁿ]+")
_BEFORE_VULGAR = re.compile(r"(?<=\d)(?=[¼-¾⅐-⅞])")  # NFKC would read 1½ as 11/2
_UNSAFE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_DECIMAL_DIGIT = re.compile(r"[^\W\x00-\x7f]")

_DOUBLED = re.compile(r"\\\\(?=[a-zA-Z%$,;:!{}()\[\]| ])")
_ROWS = re.compile(r"matrix|array|cases")
_SPACING = re.compile(r"\\(?:quad|qquad)(?![a-zA-Z])|(?<!\\)\\[,;:> ]|(?<!\\)~")
_NOTHING = re.compile(r"\\(?:left|right|displaystyle|textstyle|limits|[bB]igg?[lr]?)(?![a-zA-Z])\s*|\\[!$]")
_TEXT = re.compile(r"\\(?:text(?:bf|it|rm|sf|tt|normal)?|mbox|math(?:rm|bf|sf|it|tt)|operatorname\*?)\s*\{([^{}]*)\}")
_DEGREES = re.compile(r"\s*(?:\^\s*\{?\s*(?:\\circ(?![a-zA-Z])|°)\s*\}?|\\degrees?(?![a-zA-Z])|°)(?:\s*[CFK](?!\w))?")
_FRACTION = re.compile(r"\\[dtc]?frac(?![a-zA-Z])\s*(?:(\w)|(?=\{))\s*")
_SECOND = re.compile(r"(\\frac\{[^{}]*\})\s*(\w)")
_ROOT = re.compile(r"\\sqrt\s*(\w)")
_BRACED_COMMA = re.compile(r"(?<=\d)\{,\}(?=(\d+))")
_EXPONENT = re.compile(r"\^\s*\{\s*(\w)\s*\}")
_DOLLAR = re.compile(r"(?:(?<![a-zA-Z])(?:US|HK|NZ|[AC]))?\$")
_PI = re.compile(r"(?<![a-zA-Z\\])pi(?![a-zA-Z])")
_BOLD = re.compile(r"(?<![\w)*])\*\*([^*]+)\*\*(?![\w(*])")
_TAG = re.compile(r"</?[a-zA-Z]{1,10}\s*/?>|<\|\w{1,20}\|>")
_MATHS = re.compile(r"\\\((.*)\\\)|\\\[(.*)\\\]", re.DOTALL)
_LEADING = " \n\t\"'`*_#«»‹›「」『』【】。｡؟?;:,،।۔¿¡"
_TRAILING = _LEADING.replace("#", "") + ".·"


def tidy(text: str) -> str:
    """The same answer in one plain line, unchanged if tidied again; empty where it is too long or never settles."""
    for _ in range(_ROUNDS):
        if len(text) > LONGEST:
            return ""
        cleaner = _outer(_dress(_characters(text)))
        if cleaner == text:
            return text
        text = cleaner
    return ""


def latex(text: str) -> str:
    """A tidied answer with its mathematical signs as LaTeX commands."""
    text = re.sub(r"√\s*(?:\(([^()]*)\)|(\w+))", lambda match: rf"\sqrt{{{match[1] or match[2]}}}", text)
    return "".join(f"{_COMMAND_BY_SIGN[sign]} " if sign in _COMMAND_BY_SIGN else sign for sign in text)


def word_count(text: str) -> float:
    """The number of words; scripts that write no spaces count two signs a word."""
    unspaced = sum(sign >= "\u2e80" for sign in text)
    return max(words := len(text.split()), words - 1 + unspaced / 2)


def is_wrapped(text: str, pair: str) -> bool:
    """Whether the first character opens what the last one closes, as in `{a}` but not in `{a}+{b}`."""
    if len(text) < 2 or text[0] != pair[0] or text[-1] != pair[1]:
        return False
    depth = 0
    for sign in text[:-1]:
        depth += (sign == pair[0]) - (sign == pair[1])
        if depth == 0:
            return False
    return depth == 1


def _characters(text: str) -> str:
    for eaten, command in _EATEN:
        text = eaten.sub(command, text)
    if text.isascii():
        return _UNSAFE.sub("", text)
    text = _BEFORE_VULGAR.sub(" ", text.translate(_CHARACTERS))
    text = _SUPERSCRIPT.sub(lambda match: f"^{{{match[0].translate(_SUPERSCRIPTS)}}}", text)
    text = unicodedata.normalize("NFKC", text).translate(_CHARACTERS)
    return _DECIMAL_DIGIT.sub(_digit, _UNSAFE.sub("", text))


def _digit(match: re.Match[str]) -> str:
    return str(unicodedata.decimal(match[0], match[0]))


def _dress(text: str) -> str:
    if "\\" in text:
        text = _commands(text if _ROWS.search(text) else _DOUBLED.sub(r"\\", text))
    text = _BRACED_COMMA.sub(lambda match: "," if len(match[1]) == 3 else ".", text)
    text = _EXPONENT.sub(r"^\1", _DEGREES.sub("", text))
    return _BOLD.sub(r"\1", _TAG.sub("", _PI.sub("π", _DOLLAR.sub("", text))))


def _commands(text: str) -> str:
    text = _NOTHING.sub("", _TEXT.sub(r" \1 ", _SPACING.sub(" ", text))).replace(r"\%", "%")
    text = _FRACTION.sub(lambda match: rf"\frac{{{match[1]}}}" if match[1] else r"\frac", text)
    text = _ROOT.sub(r"\\sqrt{\1}", _SECOND.sub(r"\1{\2}", text))
    return _SIGN.sub(lambda match: _SIGN_BY_COMMAND.get(match[0], match[0]), text)


def _outer(text: str) -> str:
    text = " ".join(text.split())
    if wrapped := _MATHS.fullmatch(text):
        return wrapped[1] or wrapped[2] or ""
    if is_wrapped(text, "{}"):
        return text[1:-1]
    return text.lstrip(_LEADING).rstrip(_TRAILING)
