"""What of a sentence's wording counts: a key free of Markdown, its tokens, and the numbers, negations and names in it.

Works on any script; writing without spaces is taken by pairs of characters. The tables hold the words of the
languages most used here; a language missing from them is compared by its digits and letters alone.
"""

import re
import unicodedata
from fractions import Fraction

from fusion_ui.engine.texts.sentences import CJK

LONGEST_KEY = 2_000  # a code block is compared by its beginning

UNSPACED = CJK + "\uac00-\ud7af\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"

_SUPERSCRIPTS = str.maketrans({mark: f"^{digit}" for digit, mark in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")})
_SYMBOLS = str.maketrans({"−": "-", "×": "*", "·": "*", "÷": "/", "⁄": "/", "٫": ".", "٬": ",", "’": "'"})
_FOREIGN_DIGIT = re.compile(r"(?![0-9])\d")
_TIMES = re.compile(r"\\(?:times|cdot)(?![a-z])")
_MARKUP = re.compile(
    r"^[\s>]*(?:#{1,6}\s|[-*+•‣·▪◦–]\s|\(?\d{1,3}[.)、](?=\s*[^\s\d]))"
    r"|\*{2,}|_{2,}|~~|[`|$\u0640\u064b-\u0652\u0670]|\\[()\[\],;!]|(?:^|(?<=\s))\*(?=\S)|(?<=\S)\*(?=[\s.,;:!?]|$)"
)
_EDGES = " .!?。…,;:،؛؟۔।\"'«»“”„"
_TOKEN = re.compile(rf"[{UNSPACED}]+|[^\W\d_{UNSPACED}]+|\d+(?:[.,]\d+)*|[-+*/=<>^%]")
_IS_UNSPACED = re.compile(f"[{UNSPACED}]")
_WORD = re.compile(r"[^\W\d_]+")

_NUMBER = re.compile(
    r"(?P<grouped>(?<![\d.,])\d{1,3}(?:[, ']\d{3})+(?:\.\d{1,30})?(?![\d,]))"
    r"|(?P<pointed>(?<![\d.,])\d{1,3}(?:\.\d{3})+,\d{1,30}(?!\d))"
    r"|(?P<plain>\d{1,30}(?:[.,/]\d{1,30})?)"
    r"|(?P<counter>[二两兩三四五六七八九十])(?=[个個つ人名本年月日次种種点倍枚匹台回条件只位步項项者])"
    rf"|(?P<word>\b[^\W\d_{UNSPACED}]{{2,9}}\b)"
)
_NUMBER_WORDS = {
    word: str(number)
    for number, words in {
        2: "two zwei deux dos due dois duas два две двух اثنان اثنين twee två iki दो 二 两 兩",
        3: "three drei trois tres tre três три трёх трех ثلاثة ثلاث drie üç तीन 三",
        4: "four vier quatre cuatro quattro quatro четыре четырёх четырех أربعة أربع dört चार 四",
        5: "five fünf cinq cinco cinque пять пяти خمسة خمس vijf beş पांच पाँच 五",
        6: "six sechs seis шесть шести ستة ست zes altı छह 六",
        7: "seven sieben sept siete sette sete семь семи سبعة سبع zeven yedi सात 七",
        8: "eight acht huit ocho otto oito восемь восьми ثمانية ثماني sekiz आठ 八",
        9: "nine neun neuf nueve nove девять девяти تسعة تسع negen dokuz नौ 九",
        10: "ten zehn dix diez dieci dez десять десяти عشرة عشر tien दस 十",
    }.items()
    for word in words.split()
}
_NEGATION = re.compile(
    r"\b(?:not|no|never|none|neither|nor|cannot|without|nobody|nothing|false|incorrect|wrong|untrue|impossible"
    r"|nicht|kein\w*|nie|niemals|ohne|falsch|pas|jamais|aucune?|sans|faux|nunca|jamás|ningun[ao]|ningún|tampoco"
    r"|non|senza|não|nem|sem|не|нет|ни|никогда|без|нельзя|لا|ليس|ليست|لم|لن|غير|بدون|دون|नहीं|मत|बिना|değil|niet|geen)\b"
    r"|n't\b|ない|ません|なかった|なけれ|不(?![仅僅但过過同断斷久])|[没沒]|[無无](?![論论])|非(?![常洲])|未(?![来來])|않|없|못|아니"
)
NUMERAL = re.compile(r"\d+(?:[.,/ ]\d+)*")
_COMMUTES = re.compile(r"\s*[+*x]\s*")
_STEM = 4  # letters that tell a name whatever its case ending


def key(text: str) -> str:
    """The wording of a sentence without markup, case, list marker and outer punctuation; digits are ASCII."""
    plain = unicodedata.normalize("NFKC", text[:LONGEST_KEY].translate(_SUPERSCRIPTS)).casefold().translate(_SYMBOLS)
    plain = _FOREIGN_DIGIT.sub(lambda digit: str(unicodedata.digit(digit[0])), plain)
    plain = _MARKUP.sub("", _TIMES.sub("*", plain.replace("{,}", ",")))
    return " ".join(plain.split()).strip(_EDGES)


def tokens(wording: str) -> tuple[str, ...]:
    """The words, numbers and operators of a key; a run of writing without spaces gives its pairs of characters."""
    found: list[str] = []
    for run in _TOKEN.findall(wording):
        if len(run) > 1 and _IS_UNSPACED.match(run):
            found.extend(run[at : at + 2] for at in range(len(run) - 1))
        else:
            found.append(run)
    return tuple(found)


def numbers(wording: str) -> tuple[Fraction, ...]:
    """The numbers of a key in order, written in digits or as words from two to ten; 1,683 = 1 683 and 0.5 = 1/2.

    Terms and factors are put in order, so that 3 x 5 = 15 reads like 5 x 3 = 15.
    """
    sums: list[list[Fraction]] = []
    end = 0
    for match in _NUMBER.finditer(wording):
        digits = _digits(match)
        if not digits:
            continue
        number = -Fraction(digits) if _is_negative(wording, match.start()) else Fraction(digits)
        if sums and _COMMUTES.fullmatch(wording, end, match.start()):
            sums[-1].append(number)
        else:
            sums.append([number])
        end = match.end()
    return tuple(number for terms in sums for number in sorted(terms))


def _digits(match: re.Match[str]) -> str:
    written = match.group()
    match match.lastgroup:
        case "grouped":
            return re.sub("[, ']", "", written)
        case "pointed":
            return written.replace(".", "").replace(",", ".")
        case "plain":
            return written.partition("/")[0] if re.search("/0+$", written) else written.replace(",", ".")
        case _:
            return _NUMBER_WORDS.get(written, "")


def _is_negative(wording: str, start: int) -> bool:
    """Whether a number has a minus before it, and not the hyphen of a word ("covid-19") or a dash ("apples - 3")."""
    before = wording[max(0, start - 6) : start]
    left = before.rstrip()
    if not left.endswith("-"):
        return False
    if not re.search(r"[^\W\d_]{2}\s*-$", left):
        return True
    return before.endswith(" -")


def negations(wording: str) -> int:
    """How often a key says no."""
    return len(_NEGATION.findall(wording))


def names(text: str) -> frozenset[str]:
    """The capitalised words inside a sentence, case-folded."""
    words = _WORD.findall(text[:LONGEST_KEY])
    return frozenset(word.casefold() for word in words[1:] if word[0].isupper() and word != "I")


def is_named(name: str, tokens: tuple[str, ...]) -> bool:
    """Whether a name occurs among tokens, allowing for its ending to differ."""
    return any(token == name or (len(name) > _STEM and token.startswith(name[:_STEM])) for token in tokens)


def find_whole(text: str, part: str) -> int:
    """Where `part` first stands in `text` without cutting a word or number; -1 if nowhere."""
    at = text.find(part)
    while at >= 0 and (_is_inside_word(text, at) or _is_inside_word(text, at + len(part))):
        at = text.find(part, at + 1)
    return at


def _is_inside_word(text: str, at: int) -> bool:
    pair = text[max(0, at - 1) : at + 1]
    return len(pair) == 2 and pair.isalnum() and not _IS_UNSPACED.search(pair)
