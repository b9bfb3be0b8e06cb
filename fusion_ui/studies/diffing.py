"""What two texts have in common, word by word or sentence by sentence; the pieces joined are the texts again.

Words are compared where a script sets spaces, single characters where it does not; what a reader sees as one sign (an
accent on its letter, a family of emoji) is never cut. Single words in common by chance are not called shared.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from rapidfuzz.distance import Indel

from fusion_ui.engine.texts.phrasing import UNSPACED
from fusion_ui.engine.texts.sentences import sentence_spans

_LEAST_SHARED = 2.0  # words in a row; of a subsequence of single ones, most are "the" and "of" (620 pieces a pair)
_UNSPACED_WEIGHT = 0.5  # a character is about half a word of Chinese
_MOST_COMPARED = 500_000_000  # pairs of tokens: about 0.1 s and 60 MB; longer texts are compared by sentences
_FIRST_CODE = 0x10000  # one character a token, so that equal means equal and not an equal hash
_JOINS = "\u200c\u200d\ufe0f"  # what is no mark and yet belongs to the sign before it, besides the ranges below
_JOINING_RANGES = "\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f"  # skin tones, and the letters of regional flags
_IS_UNSPACED = re.compile(f"[{UNSPACED}]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of one text; `is_shared` if the other text has it too, at its place in the order of things."""

    text: str
    is_shared: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Diff:
    """Both texts in pieces, shared and own by turns."""

    first: tuple[Piece, ...]
    second: tuple[Piece, ...]


def word_diff(first: str, second: str) -> Diff:
    """The words that both texts have in the same order; texts beyond all screens are compared by sentences."""
    cut = _tokeniser(first + second)
    tokens, others = cut.findall(first), cut.findall(second)
    if len(tokens) * len(others) > _MOST_COMPARED:
        return sentence_diff(first, second)
    shared, others_shared = [False] * len(tokens), [False] * len(others)
    for block in Indel.opcodes(*_coded(tokens, others)):
        if block.tag == "equal":
            run = tokens[block.src_start : block.src_end]
            is_edge = block.src_start == block.dest_start == 0 or (
                block.src_end == len(tokens) and block.dest_end == len(others)
            )
            is_shared = _weight(run) >= (_UNSPACED_WEIGHT if is_edge else _LEAST_SHARED)
            shared[block.src_start : block.src_end] = [is_shared] * len(run)
            others_shared[block.dest_start : block.dest_end] = [is_shared] * len(run)
    if _key(first) == _key(second):
        shared, others_shared = [True] * len(tokens), [True] * len(others)
    return Diff(first=_pieces(tokens, shared), second=_pieces(others, others_shared))


def sentence_diff(first: str, second: str) -> Diff:
    """The sentences that both texts have, wherever they stand."""
    sentences, others = _sentences(first), _sentences(second)
    common = Counter(map(_key, sentences)) & Counter(map(_key, others))
    return Diff(
        first=_pieces(sentences, _taken(sentences, Counter(common))),
        second=_pieces(others, _taken(others, Counter(common))),
    )


def _taken(sentences: Sequence[str], left: Counter[str]) -> list[bool]:
    """Which of the sentences are among those left, each of which is taken once."""
    taken = []
    for sentence in sentences:
        key = _key(sentence)
        taken.append(left[key] > 0)
        left[key] -= 1
    return taken


def _sentences(text: str) -> list[str]:
    return [text[span.start : span.end] for span in sentence_spans(text)]


def _tokeniser(text: str) -> re.Pattern[str]:
    """A pattern whose matches cover any text made of these characters: blanks, words, and single signs.

    Python's patterns know no marks, so those that occur are spelt out.
    """
    marks = "".join(char for char in sorted(set(text)) if unicodedata.category(char).startswith("M"))
    joined = f"[{re.escape(marks)}{_JOINS}{_JOINING_RANGES}]*"
    return re.compile(
        rf"\s+{joined}|(?:(?![{UNSPACED}])\w{joined})+|[\U0001f1e6-\U0001f1ff]{{2}}{joined}"
        rf"|.{joined}(?:(?<=\u200d)\S{joined})*",
        re.DOTALL,
    )


def _coded(tokens: Sequence[str], others: Sequence[str]) -> tuple[str, str]:
    code_by_key: dict[str, str] = {}

    def code(token: str) -> str:
        return code_by_key.setdefault(_key(token), chr(_FIRST_CODE + len(code_by_key)))

    return "".join(map(code, tokens)), "".join(map(code, others))


def _key(text: str) -> str:
    """What must be equal for two pieces to be: the signs, whichever way they are composed, and not how they are set."""
    words = unicodedata.normalize("NFC", text).split()
    return " ".join(words) if words else " \n"["\n" in text] if text else ""


def _weight(run: Iterable[str]) -> float:
    """How much a run of tokens says, in words."""
    return sum(_UNSPACED_WEIGHT if _IS_UNSPACED.match(token) else 1.0 for token in run if token[0].isalnum())


def _pieces(tokens: Sequence[str], shared: Sequence[bool]) -> tuple[Piece, ...]:
    runs = groupby(zip(tokens, shared, strict=True), key=itemgetter(1))
    return tuple(Piece(text="".join(token for token, _ in run), is_shared=is_shared) for is_shared, run in runs)
