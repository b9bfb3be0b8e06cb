"""The key an answer votes with: its kind and its canonical text, or none where it is no short answer at all.

Equal numbers have equal keys (1/2, 0.5 and .50 are all 0.5; 18 dollars, $18 and 18.00 are 18); a choice is one capital
letter; words are casefolded; expressions stay as written, spaces apart. The key of a key is itself.
"""

import re
import unicodedata
from typing import Literal, NamedTuple

from fusion_ui.engine.reading.expressions import FUNCTION_NAMES
from fusion_ui.engine.reading.notation import tidy, word_count
from fusion_ui.engine.reading.quantities import is_unit, number_text, read_number

KeyKind = Literal["number", "choice", "expression", "words"]

_MOST_CHARACTERS = 60  # of words; what is longer explains, and explanations do not vote
_MOST_WORDS = 8
_LONGEST_EXPRESSION = 200

_CASELESS = "ء-ي\u05d0-\u05eaक-हア-ンㄱ-ㅎ가나다라마바사甲乙丙丁"
_LETTER = rf"[A-Ja-jА-Яа-я{_CASELESS}]"
_OPTION = (
    r"(?i:(?:the )?(?:correct )?(?:option|choice|letter|opción|opção|opzione|вариант|seçenek|विकल्प|選択肢|选项|選項|"
    r"보기|الخيار|گزینه))\s*"
)
_CHOICE_FORMS = (
    rf"[(\[]\s*({_LETTER})\s*[)\]](?:[:.,]?\s+[^-+*/^=<>].*)?",  # (B), (b) Paris
    rf"({_LETTER})\)(?:\s*[^-+*/^=<>\s)].*)?",  # B), b) Paris
    rf"([A-ZА-Я{_CASELESS}])(?:\s?(?:şıkkı|seçeneği|번))?",  # B
    r"([A-E])(?:\.\s+(?![A-Z]\.)[^a-z].*|:\s.*)",  # B. Paris, but neither E. coli nor J. K. Rowling
    r"([A-J])\s-\s\w{3}.*",  # B - Paris
)
_CHOICE = re.compile(rf"(?:{_OPTION})?(?:{'|'.join(_CHOICE_FORMS)})")
_NAME = re.compile(r"\s*(?:\\[a-z]+\s*)?[^\W\d_][\w\s'{}]{0,30}(?:\([^()]{1,12}\))?\s*")
_ARITHMETIC = re.compile(r"[\d\s.,+*/×·÷()^%-]+")
_CONNECTED = re.compile(
    r",?\s+(?:and|or|und|oder|et|ou|или|и|और|या|ve|veya|و|أو)\s+|(?<=\d)\s+[yeo]\s+(?=-?\d)|(?<=\d)\s*[和或と]\s*(?=-?\d)"
)
_NO_EXPRESSION = re.compile(r":|\d{4}-\d{1,2}-\d{1,2}|\d{1,2}/\d{1,2}/\d{2}")  # times and dates have no value
_MATHS = re.compile(r"[\d\\+*/^=<>≤≥≠√∞±∪∩∅|]|^[a-zα-ω]$")
_SEVERAL = re.compile(r"[A-J](?:, ?[A-J])+")
_COMMAND = re.compile(r"\\(?:begin|end)\{[a-z]*\*?\}(?:\{[lcr|]*\})?|\\[a-zA-Z]+")
_RUN = re.compile(r"[^\W\d_]+")
_MATHS_WORDS = FUNCTION_NAMES | {"max", "min", "mod", "gcd", "lcm", "det", "arg"}
_SHORT_WORDS = frozenset(
    "to be is it in of on or at by no so an as he we me my if do go up us am pm de du la le el un en es et ou da zu im "
    "di il lo al oh ok na ne si se te tu ya yo ja er ob um wo".split()
)
_WITH_UNIT = re.compile(r"(.*?[\dπ)}])\s+([^\W\d_]{2}[^\d\\]*(?:\^?[23])?)")
_RELATION = re.compile(r"[=<>≤≥≠∈]+")
_AROUND_SIGN = re.compile(r"\s*(\\?[-+*/^=<>≤≥≠×·÷±∪∩∈|(){}\[\],;π])\s*")

_PLACEHOLDER = re.compile(
    r"n/?a|null|nan|tbd|todo|(?:not |un)(?:available|provided|given|applicable|specified|known|clear)|[^\w∅∞]*|"
    r"<[^<>]*>|\[(?:[^\W\d]+ )*[^\W\d]{3,}\]|str\(.*|"
    r"(?:(?:insert |your |the |my |final |correct )*(?:answer|option|letter|choice))(?: here)?|"
    r"(?:as |the )?follow(?:s|ing)|(?:see )?(?:above|below)|(?:it|that|this) depends.*",
    re.IGNORECASE,
)
_REFUSAL = re.compile(
    r"(?:i|we)(?:'m| am| are|'re)? (?:(?:very |so |really )?sorry|afraid|unable|not able|cannot|can ?not|can't|"
    r"could not|couldn't|do not|don't|won't|will not)\b|sorry\b|unfortunately\b|(?:as )?an ai\b|no answer\b|"
    r"es tut mir leid|leider\b|ich kann\b.*\bnicht|je (?:ne peux|suis désolé)|désolée?\b|lo siento|no puedo|"
    r"desculpe|(?:eu )?não posso|mi dispiace|non posso|申し訳|すみません|抱歉|对不起|對不起|我(?:无法|無法|不能)|"
    r"عذر|آسف|لا (?:أستطيع|يمكنني)|متأسف|معذرت|извините|к сожалению|я не могу|क्षमा|माफ़|मैं नहीं|죄송|"
    r"üzgünüm|maalesef",
    re.IGNORECASE,
)


class Key(NamedTuple):
    """A canonical answer and what kind of answer it is."""

    text: str
    kind: KeyKind


def answer_key(text: str) -> str | None:
    """The canonical key of an answer by itself (a reference, a recorded answer), or None where it is none."""
    key = read_key(text)
    return key.text if key else None


def read_key(text: str, *, mark: str = ".") -> Key | None:
    """The key with its kind; `mark` is the decimal mark where a comma between digits may be one."""
    key = _key(tidy(text), mark)
    return key if key and _key(tidy(key.text), ".") == key else None


def is_declined(text: str) -> bool:
    """Whether the text stands where an answer should but refuses or holds its place: sorry, N/A, ___, your answer."""
    plain = tidy(text)
    return len(plain) <= _MOST_CHARACTERS and bool(_PLACEHOLDER.fullmatch(plain) or _REFUSAL.match(plain))


def _key(text: str, mark: str) -> Key | None:
    if not text or text.count("{") != text.count("}") or is_declined(text):
        return None
    if choice := _CHOICE.fullmatch(text):
        return Key(next(filter(None, choice.groups())).upper(), "choice")
    if number := read_number(_result(text), mark=mark):
        return Key(number_text(number), "number")
    listed = _CONNECTED.sub(", ", text)
    if _SEVERAL.fullmatch(listed):
        return Key(", ".join(sorted(set(listed) - set(", "))), "choice")
    expression = _without_unit(listed)
    if is_expression(expression):
        compact = _RELATION.sub(r" \g<0> ", _AROUND_SIGN.sub(r"\1", expression).replace(",", ", ")).strip()
        return Key(compact, "expression") if len(compact) <= _LONGEST_EXPRESSION else None
    return _words(text)


def _result(text: str) -> str:
    """What an assignment or a reckoning comes to: x = 5, total cost = 5 and 2 + 3 = 5 say 5, but 2x = 5 does not."""
    *before, last = text.split("=")
    is_result = all(_NAME.fullmatch(part) or _ARITHMETIC.fullmatch(part) for part in before)
    return last.strip() if is_result else text


def is_expression(text: str) -> bool:
    """Whether a tidied text is mathematics and not words with figures in them."""
    if not _MATHS.search(text) or _NO_EXPRESSION.search(text):
        return False
    return all(map(_is_maths_run, _RUN.findall(_COMMAND.sub(" ", text))))


def _is_maths_run(run: str) -> bool:
    if run in _MATHS_WORDS:
        return True
    return len(run) <= 2 and (run.isascii() or "α" <= run[0].casefold() <= "ω") and run.casefold() not in _SHORT_WORDS


def _without_unit(text: str) -> str:
    parts = _WITH_UNIT.fullmatch(text)
    return parts[1] if parts and is_expression(parts[1]) and is_unit(f" {parts[2]}") else text


def _words(text: str) -> Key | None:
    text = unicodedata.normalize("NFKC", text.casefold()).rstrip("! ")
    if len(text) > _MOST_CHARACTERS or word_count(text) > _MOST_WORDS:
        return None
    return Key(text, "words") if any(map(str.isalnum, text)) else None
