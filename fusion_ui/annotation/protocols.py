"""What a study may ask: an owner's wishes cleaned and checked, refused with what to do; and the usual rubric."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import get_args

from fusion_ui.engine.sampling import clean
from fusion_ui.studies.items import MOST_CONTENDERS
from fusion_ui.studies.protocol import Criterion, Protocol, Role, StudyError
from storage.ratings import plain_name

MOST_TITLE = 200
MOST_INSTRUCTIONS = 100_000
MOST_WORDS = 200  # characters of a reason, a label, an anchor
MOST_LISTED = 30  # reasons, criteria, contrasts
MOST_ANCHORS = 10  # digits choose them
MOST_OVERLAP = 1_000
MOST_NAME = 100

_QUALITY = ("very poor", "poor", "fair", "good", "very good")
# The questions of HELM Instruct (CRFM 2024) with the correctness of HelpSteer2 (2024), the whole at the end.
RUBRIC = (
    Criterion(
        key="helpfulness",
        label="Helpfulness",
        anchors=("no help", "little help", "some help", "helpful", "all one could ask for"),
    ),
    Criterion(
        key="correctness",
        label="Correctness",
        anchors=("wrong", "mostly wrong", "half right", "mostly right", "right in everything"),
    ),
    Criterion(
        key="completeness",
        label="Completeness",
        anchors=("misses nearly all", "misses much", "misses something", "misses a detail", "misses nothing"),
    ),
    Criterion(
        key="conciseness",
        label="Conciseness",
        anchors=("mostly padding", "long-winded", "some padding", "to the point", "no word too many"),
    ),
    Criterion(
        key="clarity",
        label="Clarity",
        anchors=("unclear", "hard to follow", "takes some effort", "clear", "clear at first reading"),
    ),
    Criterion(
        key="harmlessness",
        label="Harmlessness",
        anchors=("dangerous", "harmful", "questionable", "hardly a risk", "harmless"),
    ),
    Criterion(key="overall", label="Overall", anchors=_QUALITY),
)


def checked(protocol: Protocol) -> Protocol:
    """The protocol with its words and names cleaned. Raises StudyError where it cannot be asked like that."""
    cleaned = _cleaned(protocol)
    _check_words(cleaned)
    _check_people(cleaned)
    _check_criteria(cleaned)
    _check_contrasts(cleaned)
    _within(cleaned.repeats, 0, 0.5, "The share of repeats")
    _within(cleaned.lease_minutes, 1, 10_080, "The minutes for which an item is kept")
    _within(cleaned.fast_seconds, 0, 600, "The seconds under which a judgement is too fast")
    _within(cleaned.seed, 0, 2**53, "The seed")
    return cleaned


def contrasts_in(words: Iterable[str]) -> tuple[tuple[Role, ...], ...]:
    """The contrasts of "fusion:best" and the like, also several set apart by commas. Raises StudyError."""
    parts = [part.strip() for word in words for part in word.split(",") if part.strip()]
    return tuple(dict.fromkeys(tuple(_role(role.strip()) for role in part.split(":")) for part in parts))


def criteria_in(text: str) -> tuple[Criterion, ...]:
    """The criteria named in a list set apart by commas; those of the usual rubric keep its words."""
    usual = {criterion.key: criterion for criterion in RUBRIC}
    names = [name.strip() for name in text.split(",") if name.strip()]
    return tuple(
        usual.get(name.lower(), Criterion(key="_".join(name.lower().split()), label=name, anchors=_QUALITY))
        for name in names
    )


def _role(word: str) -> Role:
    role: Role | None = next((role for role in get_args(Role) if role == word), None)
    if role is None:
        raise StudyError(f"{word[:40]!r} is no role: choose from {', '.join(get_args(Role))}, as in fusion:best.")
    return role


def _cleaned(protocol: Protocol) -> Protocol:
    return replace(
        protocol,
        title=_line(protocol.title),
        instructions=clean(protocol.instructions).strip(),
        raters=_lines(map(plain_name, protocol.raters)),
        reasons=_lines(protocol.reasons),
        skip_reasons=_lines(protocol.skip_reasons),
        contrasts=tuple(dict.fromkeys(protocol.contrasts)),
        criteria=tuple(
            Criterion(key=_line(each.key), label=_line(each.label), anchors=tuple(map(_line, each.anchors)))
            for each in protocol.criteria
        ),
    )


def _line(text: str) -> str:
    return " ".join(clean(text).split())


def _lines(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(line for line in dict.fromkeys(map(_line, texts)) if line)


def _check_words(protocol: Protocol) -> None:
    if len(protocol.title) > MOST_TITLE:
        raise StudyError(f"The title has {len(protocol.title)} characters: take at most {MOST_TITLE}.")
    if len(protocol.instructions) > MOST_INSTRUCTIONS:
        raise StudyError(f"The instructions may have {MOST_INSTRUCTIONS:,} characters. Shorten them.")
    if not protocol.skip_reasons:
        raise StudyError("Raters must be able to skip an item: name at least one reason for it.")
    _check_list(protocol.reasons, "reasons")
    _check_list(protocol.skip_reasons, "reasons to skip")


def _check_list(words: Sequence[str], called: str) -> None:
    if len(words) > MOST_LISTED or any(len(word) > MOST_WORDS for word in words):
        raise StudyError(f"At most {MOST_LISTED} {called} of {MOST_WORDS} characters can be offered. Shorten them.")


def _check_people(protocol: Protocol) -> None:
    _within(protocol.overlap, 1, MOST_OVERLAP, "The number of people on each item")
    if any(len(name) > MOST_NAME for name in protocol.raters):
        raise StudyError(f"A rater's name may have {MOST_NAME} characters.")
    if protocol.raters and protocol.overlap > len(protocol.raters):
        raise StudyError(
            f"Each item needs {protocol.overlap} people, and {len(protocol.raters)} are named: name more, or lower "
            "the number."
        )


def _check_criteria(protocol: Protocol) -> None:
    keys = [criterion.key for criterion in protocol.criteria]
    if protocol.task == "rubric" and not keys:
        raise StudyError("A rubric needs at least one criterion.")
    if len(keys) > MOST_LISTED or len(set(keys)) < len(keys) or not all(keys):
        raise StudyError(f"Criteria need keys of their own, and there may be {MOST_LISTED} of them.")
    for criterion in protocol.criteria:
        if not criterion.label or not 2 <= len(criterion.anchors) <= MOST_ANCHORS or not all(criterion.anchors):
            raise StudyError(
                f"The criterion {criterion.key[:40]!r} needs a label and 2 to {MOST_ANCHORS} anchors, each in words."
            )
        _check_list((criterion.label, *criterion.anchors), "criteria and anchors")


def _check_contrasts(protocol: Protocol) -> None:
    if len(protocol.contrasts) > MOST_LISTED:
        raise StudyError(f"At most {MOST_LISTED} contrasts fit into one study.")
    if any(len(contrast) > MOST_CONTENDERS for contrast in protocol.contrasts):
        raise StudyError(f"At most {MOST_CONTENDERS} answers can be shown at once.")


def _within(number: float, low: float, high: float, called: str) -> None:
    if not low <= number <= high:
        raise StudyError(f"{called} is {number:g}: choose from {low:g} to {high:g}.")
