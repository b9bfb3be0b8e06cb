"""What can be searched for: texts cut into folded words, the same for what is stored and what is asked.

Case, width, accents and vowel points do not matter. Scripts that set no spaces are cut into overlapping pairs, so that
any part of a word is found. A phrase is looked up in the texts themselves: the index of words keeps no order.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from fusion_ui.engine.values import FusionError
from storage.case_words import Place

MOST_CHARACTERS = 1000
MOST_WORDS = 60
_LONGEST_WORD = 40  # what is longer is no word (base64, a link), and is found by its beginning
_FEWEST_BEGUN = 2  # a single letter begins too much
_PAIR = 2

_SPACELESS = (  # Thai to Myanmar, Khmer, kana, Han, Hangul
    "\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u9fff"
    "\u1100-\u11ff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
_VOWEL_SIGNS = "\u0900-\u0963\u0966-\u0dff"  # of Indic scripts: marks, and yet letters
_MARKS = "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed\ufe00-\ufe0f"
_POINTS = re.compile(f"[{_MARKS}]")
_RUN = re.compile(f"[{_SPACELESS}]+|(?:(?![{_SPACELESS}])(?:[^\\W_]|[{_VOWEL_SIGNS}]))+")
_ASCII_RUN = re.compile("[a-z0-9]+")
_WRITTEN_RUN = re.compile(f"[{_SPACELESS}]+|(?:(?![{_SPACELESS}])(?:[^\\W_]|[{_VOWEL_SIGNS}{_MARKS}]))+")
_IS_SPACELESS = re.compile(f"[{_SPACELESS}]")
_SAID = re.compile(r'(?:(prompt|answer|note):)?(?:["“„]([^"“”]*)["“”]?|(\S+))', re.IGNORECASE)


class SearchError(FusionError):
    """A search that cannot be made; the message says why."""


class Term(NamedTuple):
    """What a case must say: all these words, in one place or in any; `phrase` is what a text must then hold.

    `is_begun`: the last word is only the beginning of one.
    """

    words: tuple[str, ...]
    place: Place | None = None
    phrase: str = ""
    is_begun: bool = False


def folded(text: str) -> str:
    """The text without what does not matter when it is searched."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text).casefold()
    return unicodedata.normalize("NFC", _POINTS.sub("", plain))


def words_of(text: str) -> list[str]:
    """The words of a text, in order, as they are indexed."""
    plain = folded(text)
    if plain.isascii():
        return [word[:_LONGEST_WORD] for word in _ASCII_RUN.findall(plain)]
    return [word for run in _RUN.findall(plain) for word in _cut(run)]


def terms_of(query: str) -> tuple[Term, ...]:
    """What a search asks for. Raises SearchError where it is too long or names no word."""
    if len(query) > MOST_CHARACTERS:
        raise SearchError(f"The search has {len(query)} characters; at most {MOST_CHARACTERS} can be looked for.")
    terms = tuple(_terms(query))
    if query.strip() and not terms:
        raise SearchError(f"There is no word to search for in {query.strip()[:40]!r}: write letters or digits.")
    if sum(len(term.words) for term in terms) > MOST_WORDS:
        raise SearchError(f"The search has more than {MOST_WORDS} words. Leave some out.")
    return terms


def holds(text: str, phrase: str) -> bool:
    """Whether the text says the phrase of a term."""
    plain = folded(text)
    if any(run not in plain for run in phrase.split()):  # ten times as fast as looking for all in a row
        return False
    if plain.isascii():
        return _ascii_pattern(phrase).search(plain) is not None
    return phrase in f" {' '.join(_RUN.findall(plain))} "


def spans_of(text: str, term: Term) -> Iterator[tuple[int, int]]:
    """Where the text says the term, in order, in characters of the text; of a phrase in other scripts, its words."""
    if text.isascii():
        sought = term.phrase or f" {term.words[0]}{'' if term.is_begun else ' '}"
        found = _ascii_pattern(sought).finditer(text.lower()) if sought.isascii() else iter(())
        yield from (each.span() for each in found)
        return
    sought_runs = term.phrase.split() or list(term.words)
    for run in _WRITTEN_RUN.finditer(text):
        yield from _spans_in(run[0], run.start(), sought_runs, is_begun=term.is_begun)


def _spans_in(run: str, at: int, sought: list[str], *, is_begun: bool) -> Iterator[tuple[int, int]]:
    plain = folded(run)
    for word in sought:
        if not _IS_SPACELESS.match(word):
            if plain[:_LONGEST_WORD] == word[:_LONGEST_WORD] or (is_begun and plain.startswith(word)):
                yield at, at + len(run)
        elif word in plain:
            start = plain.index(word) if len(plain) == len(run) else 0
            yield at + start, at + (start + len(word) if len(plain) == len(run) else len(run))


@lru_cache(maxsize=256)
def _ascii_pattern(phrase: str) -> re.Pattern[str]:
    """Finds the runs of a phrase with no letters between them; a space at its end stands for the end of a run."""
    start = "(?<![a-z0-9])" if phrase.startswith(" ") else ""
    end = "(?![a-z0-9])" if phrase.endswith(" ") else ""
    return re.compile(f"{start}{'[^a-z0-9]+'.join(map(re.escape, phrase.split()))}{end}")


def _terms(query: str) -> Iterator[Term]:
    for found in _SAID.finditer(query):
        place, quoted, bare = found.groups()
        said = bare if quoted is None else quoted
        plain = folded(said)
        runs = _RUN.findall(plain)
        if not runs:
            continue
        yield _term(runs, place=_place(place), is_begun=quoted is None and said.endswith("*"))


def _place(name: str | None) -> Place | None:
    places: dict[str, Place] = {"prompt": "prompt", "answer": "answer", "note": "note"}
    return places[name.lower()] if name else None


def _term(runs: list[str], *, place: Place | None, is_begun: bool) -> Term:
    """One run of a spaced script is a word; everything else is a phrase, whose words the index only narrows down."""
    first, last = (_IS_SPACELESS.match(run) is not None for run in (runs[0], runs[-1]))
    if len(runs) == 1 and not first:
        return Term((runs[0][:_LONGEST_WORD],), place, "", is_begun and len(runs[0]) >= _FEWEST_BEGUN)
    if len(runs) == 1 and len(runs[0]) <= _PAIR:
        return Term((runs[0],), place, "", len(runs[0]) < _PAIR)
    words = tuple(dict.fromkeys(word for run in runs for word in _sought(run)))
    if not words:
        return Term((runs[0],), place, " ".join(runs), is_begun=True)
    is_begun = is_begun and not last
    phrase = f"{'' if first else ' '}{' '.join(runs)}{'' if last or is_begun else ' '}"
    return Term(words, place, phrase, is_begun)


def _cut(run: str) -> list[str]:
    """A run of letters as it is indexed. The last sign stands alone too, so that single signs are found everywhere."""
    if not _IS_SPACELESS.match(run):
        return [run[:_LONGEST_WORD]]
    return [run[at : at + _PAIR] for at in range(len(run))]


def _sought(run: str) -> list[str]:
    """The words that every text with this run in it has, wherever the run stands."""
    return _cut(run)[:-1] if _IS_SPACELESS.match(run) else _cut(run)
