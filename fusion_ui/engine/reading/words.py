"""The words around an answer in the languages of the project: what announces it, links it, ends it, explains it.

Pure vocabulary, as patterns; each language is a line, so that a speaker can check it. Accented letters match in both
Unicode forms. After the words of languages that write a decimal comma, one is expected.
"""

import re
import unicodedata

# In lower case; each begins with plain letters, which lets the scanner skip through a text.
_NOUNS_WITH_POINT = (
    r"answers?|ans|correct\s(?:option|choice)|right\s(?:option|choice)|best\s(?:option|choice)",  # English
    r"答え|回答|解答|正解|答案|答|正しい選択肢|正确选项|正確選項",  # Japanese, Chinese
    r"정답|답변|답",  # Korean
    r"उत्तर|जवाब|सही\sविकल्प",  # Hindi
    r"ال(?:إجابة|اجابة|جواب)(?:\s(?:النهائية|النهائي|الصحيحة|الصحيح))?",  # Arabic
    r"پاسخ(?:\s(?:نهایی|صحیح|درست))?|جواب",  # Persian, Urdu
)
_NOUNS_WITH_COMMA = (
    r"antwort|endantwort|schlussantwort|ergebnis|endergebnis|lösung",  # German
    r"réponse(?:\s(?:finale|correcte|exacte))?",  # French
    r"respuesta(?:\s(?:final|correcta))?|opción\scorrecta",  # Spanish
    r"resposta(?:\s(?:final|correta|certa))?|opção\scorreta|alternativa\scorreta",  # Portuguese
    r"risposta(?:\s(?:finale|corretta|esatta|giusta))?|opzione\scorretta",  # Italian
    r"ответ",  # Russian
    r"cevap|cevabı|yanıtı?|yanit|doğru\s(?:seçenek|şık)",  # Turkish
)
_LINKS = (
    r"(?<!\w)(?:is|are|was|(?:should|would|will|must)\sbe|equals|comes\s(?:out\s)?to|turns\sout\sto\sbe)(?!\w)"
    r"(?:,?\s(?:therefore|thus|hence|simply|just|indeed|then|exactly|clearly|equal\sto)(?!\w),?)*",
    r"(?<!\w)(?:ist|sind|lautet|lauten|beträgt|wäre)(?!\w)(?:\s(?:also|daher|somit|demnach)(?!\w))?",
    r"(?<!\w)(?:est|sont|serait|vaut)(?!\w)(?:\s(?:donc|alors|de)(?!\w))?",
    r"(?<!\w)(?:es|son|sería|será)(?!\w)(?:\s(?:entonces|por\s(?:lo\s)?tanto|de)(?!\w))?",
    r"(?<!\w)(?:é|são|seria)(?!\w)(?:\s(?:então|portanto|de)(?!\w))?",
    r"(?<!\w)(?:è|sono|sarebbe|sarà)(?!\w)(?:\s(?:quindi|dunque)(?!\w))?",
    r"(?<!\w)(?:это|равен|будет|является)(?!\w)",
    r"は[、,]?",
    r"(?:应该是|應該是|应为|應為|就是|是|为|為)",
    r"(?:은|는)(?=\s)",
    r"(?<!\w)(?:है|होगा)(?=\s*:)",
    r"(?<!\w)(?:هي|هو|تساوي|يساوي)(?!\w)",
)
_ARTICLE = r"(?:a|la|die|le|o|el|il|letter|letra|lettera|lettre|option|opción|opção|opzione)"
# Where the verb comes last, the answer follows its noun at once: उत्तर 5 है, Cevap 5'tir.
_VERB_LAST = (
    r"(?<=[\u0900-\u097f\u0600-\u06ff]\s)(?=\S{1,20}\s(?:है|हैं|होगा|است|ہے|ہیں))",
    r"(?<=\s)(?=\S{1,20}['’]?[dt][iıuü]r(?!\w))",
)
_ENDINGS = (
    r"\s?(?:です|でした|である|となります|になります)",
    r"\s?(?:입니다|이다|이에요|예요)",
    r"\s(?:है|हैं|होगा|होगी)",
    r"\s(?:است|می\u200cباشد|میباشد|ہے|ہیں)",
    r"(?:['’]|(?<=\d))(?:d[iıuü]r|t[iıuü]r)|\solur",
    r"\s(?:is|est|es|ist)\s(?:the\s)?(?:correct|correcte|correcto|correcta|richtig)",
)
_REASONS = (
    r",?\s(?:because|since|given\sthat|weil|denn|parce\sque|puisque|porque|ya\sque|pois|perché|poiché|потому|так\sкак|"
    r"поскольку|क्योंकि|çünkü|لأن|لأنها|لأنه|زیرا|کیونکہ)(?!\w)",
    r"(?:,|(?<=\d))\s(?:as|so|which|where|when|but|da|car)(?!\w)",
    r"[,，、]?(?:因为|因為|由于|なぜなら|왜냐하면)",
)
_CONDITIONS = (
    r"(?:if|whether|unless|suppose|assum\w+|imagine|say|check|verify|what|when|why|how|which|no|any|another|wrong|"
    r"incorrect|other|previous|my\sfirst|wenn|falls|ob|si|se|если|eğer|若|如果|假设|もし|إذا|अगर|यदि|만약)"
)
_EMPTY_WORDS = (
    r"(?:not|that|this|these|those|to|in|on|by|based|found|given|obtained|determined|as|also|still|always|very|quite|"
    r"more|something|correct|incorrect|wrong|right|simple|clear|complex|complicated|obvious|straightforward|easy|hard|"
    r"shown|provided|explained|likely|probably|a|an|it|he|she|we|you|they|i|there|here|nicht|pas|one of)(?!\w)"
)


def _either_form(pattern: str) -> str:
    """The pattern matching both composed and decomposed letters, as texts come in both."""
    forms = ((sign, unicodedata.normalize("NFD", sign)) for sign in pattern)
    return "".join(sign if sign == parted else f"(?:{sign}|{parted})" for sign, parted in forms)


def _any_of(*patterns: str) -> str:
    return _either_form("|".join(patterns))


NOUN_BY_MARK = {".": re.compile(_any_of(*_NOUNS_WITH_POINT)), ",": re.compile(_any_of(*_NOUNS_WITH_COMMA))}
LINK = _any_of(*_LINKS)
ARTICLE = _either_form(_ARTICLE)
VERB_LAST = _any_of(*_VERB_LAST)
ENDING = re.compile(rf"(?:{_any_of(*_ENDINGS)})[.。।۔!]?\s*$", re.IGNORECASE)
REASON = re.compile(_any_of(*_REASONS), re.IGNORECASE)
CONDITION = re.compile(
    rf"(?<!\w)(?:{_any_of(_CONDITIONS)})(?:\s(?:the|that|your|an?|die|la|le|el|o|il))*\s*$", re.IGNORECASE
)
EMPTY_WORDS = re.compile(_EMPTY_WORDS)  # "A" and "I" are choices
