"""Where a text tells who wrote it: "As ChatGPT, …", "I'm Claude", "我是通义千问", "a model trained by Google".

To speak about a model is no fault, to speak as one is; so a name counts where its surroundings are a self-introduction,
and from then on wherever the text repeats it. Names and phrases are in naming.toml. What is said in other words, or by
style alone, goes unseen.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib import resources
from typing import Any, Literal, NamedTuple

from fusion_ui.studies.protocol import Contender

MASK = "▮▮▮"

_Kind = Literal["id", "model", "shared", "maker"]

_LOOK_BACK = 200  # characters: longer than any self-introduction seen
_MOST_CHECKED = 1_000  # mentions of one name: bounds what a text of nothing but names can cost
_VERSION = re.compile(
    r"(?:[-\s]?v?\d+(?:\.\d+)*\w?)?"
    r"(?:[-\s](?i:turbo|pro|ultra|mini|nano|instruct|instant|advanced|chat|plus|sonnet|opus|haiku|flash|\d+b)\b)*"
)
_ID = re.compile(r"(?=.*\d)(?=.*[A-Za-z])(?:\S*/\S+|\S+-\S+-\S+)")
_SENTENCE_END = re.compile(r"[.!?]\s|[。！？؟\n]")
_QUOTES = tuple('"“„«‘「『')
_ANOTHER_NAME = re.compile(r"['’]s\b|-[A-Za-z]| [A-Z][a-z]+\b")  # "Claude's friend", "Claude-Michel", "Claude Monet"
_LETTER = r"[^\W\d_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"  # beside a name it makes a longer word of it


class Naming(NamedTuple):
    """Where in a text a name stands that tells its writer: [start, end) in characters."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Phrase:
    of: frozenset[str]
    before: re.Pattern[str]
    after: re.Pattern[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mention:
    span: Naming
    kind: _Kind
    word: str


def self_naming(text: str, names: Sequence[str] = ()) -> tuple[Naming, ...]:
    """The spans of the names by which the text tells its writer, in order and apart; `names` are those of the study.

    An id of a study's model ("openai/gpt-4o-mini") counts wherever it stands, as nothing else is called so.
    """
    mentions = tuple(_mentions(text, tuple(dict.fromkeys(names))))
    telling: list[_Mention] = []
    told: set[str] = set()
    checked: Counter[str] = Counter()
    for mention in mentions:
        checked[mention.word] += 1
        if mention.word in told or checked[mention.word] > _MOST_CHECKED:
            continue
        if mention.kind == "id" or _tells(text, mention):
            telling.append(mention)
            told.add(mention.word)
    sentences = [_sentence(text, mention.span) for mention in telling if mention.kind != "id"]
    return tuple(mention.span for mention in mentions if mention.word in told or _is_within(mention, sentences))


def masked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with each span hidden; the spans lie apart and in order, as self_naming gives them."""
    pieces, at = [], 0
    for start, end in spans:
        pieces += [text[at:start], MASK]
        at = end
    return "".join([*pieces, text[at:]])


def without_names(contender: Contender, *, names: Sequence[str], masks: bool) -> Contender:
    """The contender with the names found in its text noted, and hidden if so wished."""
    spans = self_naming(contender.text, names)
    found = tuple(dict.fromkeys(contender.text[start:end] for start, end in spans))
    return replace(contender, names=found, text=masked(contender.text, spans) if masks else contender.text)


def _mentions(text: str, names: tuple[str, ...]) -> Iterator[_Mention]:
    kind_by_word = _kinds(names)
    for match in _names(names).finditer(text):
        word, end = _word(match[0]), match.end()
        kind = kind_by_word[word]
        if kind in ("model", "shared") and (version := _VERSION.match(text, end)):
            end = version.end()
        if not text[end : end + 1].isdigit() and not (kind != "id" and _is_anothers(text, end, kind)):
            yield _Mention(span=Naming(match.start(), end), kind=kind, word=word)


def _is_anothers(text: str, end: int, kind: _Kind) -> bool:
    """Whether what follows a name makes it a person's or some other thing's."""
    following = _ANOTHER_NAME.match(text, end)
    return following is not None and (kind == "shared" or following[0].startswith("-"))


def _tells(text: str, mention: _Mention) -> bool:
    """Whether the words around a name make it the writer's own."""
    start, end = mention.span
    window = text[max(0, start - _LOOK_BACK) : start]
    for phrase in _phrases():
        if mention.kind not in phrase.of or not phrase.after.match(text, end):
            continue
        before = phrase.before.search(window)
        if before and not (mention.kind == "shared" and _is_doubtful(window, before)):
            return True
    return False


def _is_doubtful(window: str, before: re.Match[str]) -> bool:
    """Whether a name that others bear is meant as such: "I'm a Gemini", or a figure of a story says its own name."""
    article = before.groupdict().get("article")
    return bool(article) or window[: before.start()].rstrip()[-1:] in _QUOTES


def _sentence(text: str, span: Naming) -> Naming:
    """The sentence around a span, or as much of it as self-introductions need."""
    start, stop = max(0, span.start - _LOOK_BACK), span.end + _LOOK_BACK
    ends = [end.end() for end in _SENTENCE_END.finditer(text, start, span.start)]
    following = _SENTENCE_END.search(text, span.end, stop)
    return Naming(ends[-1] if ends else start, following.start() if following else min(stop, len(text)))


def _is_within(mention: _Mention, sentences: Sequence[Naming]) -> bool:
    """Whether a name that means nothing else stands in a sentence of self-introduction: "I'm Claude, by Anthropic"."""
    if mention.kind == "shared":
        return False
    return any(sentence.start <= mention.span.start < sentence.end for sentence in sentences)


@lru_cache(maxsize=64)
def _names(names: tuple[str, ...]) -> re.Pattern[str]:
    """One pattern for all names, the longest first, with blanks and hyphens taken alike."""
    known = sorted(_spelt(names), key=len, reverse=True)
    insensitive = {name for name in known if _kinds(names)[_word(name)] == "model"}
    parts = (re.sub(r"(?:\\?[\s-])+", r"[\\s-]", re.escape(name)) for name in known)
    either = "|".join(f"(?i:{part})" if name in insensitive else part for name, part in zip(known, parts, strict=True))
    return re.compile(rf"(?<!{_LETTER})(?<!\d)(?:{either})(?!{_LETTER})")


@lru_cache(maxsize=64)
def _kinds(names: tuple[str, ...]) -> dict[str, _Kind]:
    """What kind of name each is, by its letters and digits; a study's own names count as shared unless they are ids."""
    return {_word(name): kind for name, kind in _spelt(names).items()}


def _spelt(names: tuple[str, ...]) -> dict[str, _Kind]:
    known = _catalogue()
    kinds: dict[str, _Kind] = {name.rpartition("/")[2]: "shared" for name in names}
    kinds |= {name: "id" for name in names if _ID.fullmatch(name)}
    for kind, spelt in (("shared", known["shared"]), ("maker", known["makers"]), ("model", known["models"])):
        kinds |= dict.fromkeys(spelt, kind)
    return {name: kind for name, kind in kinds.items() if len(_word(name)) > 1}


def _word(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).casefold()


@cache
def _phrases() -> tuple[_Phrase, ...]:
    return tuple(
        _Phrase(
            of=frozenset(phrase["of"]),
            before=re.compile(f"(?:{phrase.get('before', '')})\\Z", re.VERBOSE),
            after=re.compile(phrase.get("after", ""), re.VERBOSE),
        )
        for phrase in _catalogue()["phrases"]
    )


@cache
def _catalogue() -> dict[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath("naming.toml").read_text(encoding="utf-8"))
