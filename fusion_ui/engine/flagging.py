"""Asking a model for the flaws of one output: the request, and its reply read back onto the stored text.

A reply that cannot be read is a failure, never an output without flaws. Classes come in as plain words: what they mean
is not known here.
"""

import json
import re
from collections.abc import Mapping, Sequence
from itertools import islice
from random import Random
from typing import Any, NamedTuple

from fusion_ui.engine.ledger import Span
from fusion_ui.engine.prompts import fenced, mark_of, wording
from fusion_ui.engine.quoting import locate
from fusion_ui.engine.sampling import Message, Request, clean
from fusion_ui.engine.values import Completion, Failure, Member, Prompt

MOST_FLAWS = 100  # more of one answer is a model that repeats itself
_THINKING = re.compile(r"<think>.*?(?:</think>|\Z)", re.DOTALL)
_OBJECT = re.compile(r'\{\s*"')  # braces of formulas begin none
_MOST_OBJECTS = 1_000  # each may be read to the end of the reply: many thousands would take seconds
_NOTE_CHARACTERS = 2_000


class Kind(NamedTuple):
    """A class or a severity as the model reads it; `finer` are a class's subtypes."""

    name: str
    label: str
    definition: str
    finer: tuple[str, ...] = ()
    is_flaw: bool = True


class Wanted(NamedTuple):
    """What may be reported."""

    classes: tuple[Kind, ...]
    severities: tuple[Kind, ...]


class Flagged(NamedTuple):
    """A flaw that the model reports; without a span it is of the whole output."""

    category: str
    severity: str
    span: Span | None
    note: str


def flags_request(prompt: Prompt, text: str, *, wanted: Wanted, member: Member, seed: int) -> Request:
    """The request for the flaws of this text, fenced as untrusted material; the same for the same seed."""
    rng = Random(seed)
    mark = mark_of(prompt.text, prompt.reference or "", text, salt=rng.getrandbits(64))
    reference = ""
    if prompt.reference:
        known = fenced(prompt.reference, label="reference", mark=mark)
        reference = f"The answer that is known to be right:\n\n{known}\n\n"
    content = wording("flaws").template.substitute(
        mark=mark,
        question=fenced(prompt.text, label="question", mark=mark),
        reference=reference,
        answer=fenced(text, label="answer", mark=mark),
        classes="\n".join(_told(kind) for kind in wanted.classes if kind.is_flaw),
        severities="\n".join(_told(kind) for kind in wanted.severities),
    )
    return Request(
        member=member,
        messages=(Message(role="user", content=content),),
        purpose="flaws",
        prompt_text=prompt.text,
        seed=rng.getrandbits(31),
        temperature=0.0,
        is_streamed=False,
    )


def read_flags(completion: Completion, text: str, *, wanted: Wanted) -> tuple[Flagged, ...] | Failure:
    """The flaws in a model's reply, placed in the text they are about; a failure where it cannot be read."""
    entries = _entries(_THINKING.sub("", completion.text))
    if entries is None:
        cut = " It was cut off: give the model more tokens." if completion.finish_reason == "length" else ""
        return _unread(f"The reply holds no list of flaws that can be read.{cut}")
    flags: list[Flagged] = []
    for entry in entries[:MOST_FLAWS]:
        read = _read(entry, text, wanted=wanted, taken=[flag.span for flag in flags if flag.span])
        if isinstance(read, Failure):
            return read
        if read is not None and read not in flags:
            flags.append(read)
    return tuple(flags)


def _told(kind: Kind) -> str:
    finer = f" Finer kinds: {', '.join(kind.finer)}." if kind.finer else ""
    return f"- {kind.name}: {kind.definition}{finer}"


def _entries(reply: str) -> list[Any] | None:
    """The last list of flaws in the reply; None where there is none."""
    decoder = json.JSONDecoder(strict=False)
    found: list[Any] | None = None
    after = 0
    for start in islice(_OBJECT.finditer(reply), _MOST_OBJECTS):
        if start.start() < after:
            continue
        try:
            parsed, end = decoder.raw_decode(reply, start.start())
        except (ValueError, RecursionError):
            continue
        flaws = parsed.get("flaws")
        found = flaws if isinstance(flaws, list) else found
        after = end if flaws else after
    return found


def _read(entry: object, text: str, *, wanted: Wanted, taken: Sequence[Span]) -> Flagged | Failure | None:
    """One entry; None where it says that there is no flaw."""
    if not isinstance(entry, Mapping):
        return _unread(f"An entry of the reply is no flaw: {str(entry)[:80]!r}.")
    kind = _named(entry.get("class", entry.get("category")), wanted.classes)
    severity = _named(entry.get("severity"), wanted.severities)
    if kind is not None and not kind.is_flaw:
        return None
    if kind is None or severity is None:
        what = "class" if kind is None else "severity"
        return _unread(f"The reply names a {what} that is not known: {str(entry.get(what))[:80]!r}.")
    quote = clean(_word(entry.get("quote")))
    note = clean(_word(entry.get("note"))).strip()[:_NOTE_CHARACTERS]
    span = locate(quote, text, taken=taken)
    if span is None and quote.strip():
        note = f"{note} (“{quote.strip()[:_NOTE_CHARACTERS]}”)".strip()
    return Flagged(_category(entry, kind), severity.name, span, note)


def _category(entry: Mapping[str, Any], kind: Kind) -> str:
    said = _word(entry.get("class", entry.get("category"))).partition("/")[2].strip().casefold()
    finer = next((each for each in kind.finer if each.casefold() == said), None)
    return f"{kind.name}/{finer}" if finer else kind.name


def _named(said: object, kinds: Sequence[Kind]) -> Kind | None:
    word = _word(said).partition("/")[0].strip().casefold()
    return next((kind for kind in kinds if word in (kind.name.casefold(), kind.label.casefold())), None)


def _word(said: object) -> str:
    return said if isinstance(said, str) else ""


def _unread(message: str) -> Failure:
    return Failure(stage="judging", kind="malformed", message=message, is_retryable=True)
