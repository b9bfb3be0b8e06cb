"""What a rater said of an item, in a report's words; and what the contenders of an item are called there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from fusion_ui.annotation.making import labels_of
from fusion_ui.preferences.question import By
from fusion_ui.preferences.report_words import role_words
from fusion_ui.studies.protocol import Unit
from fusion_ui.studies.quality import ALL_BAD, TIE

MOST_TEXT = 6_000  # characters of a text; more of them would be no example
_MOST_QUOTED = 160
_NEITHER = {TIE: "Tie", ALL_BAD: "Both bad"}


class Clipped(NamedTuple):
    """A text as far as the report prints it, and how many characters it leaves out."""

    words: str
    left_out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """What one rater said."""

    rater: str
    verdict: str
    remarks: tuple[str, ...]
    note: str


def names_of(unit: Unit, by: By) -> tuple[str, ...]:
    """What the contenders are called: their roles in words, or their members where those are what is compared."""
    members = tuple(contender.member for contender in unit.contenders)
    if by == "member" and all(members) and len(set(members)) == len(members):
        return members
    return tuple(map(role_words, labels_of(unit)))


def saying(said: Mapping[str, Any], called: Mapping[str, str], *, rater: str) -> Saying:
    """What was said by the labels of a unit, with its contenders as they are `called`."""
    remarks = tuple(_remarks(said, called))
    return Saying(rater=rater, verdict=_verdict(said, called), remarks=remarks, note=said["note"])


def _verdict(said: Mapping[str, Any], called: Mapping[str, str]) -> str:
    if said["scores"]:
        return "; ".join(f"{called[label]}: {_scores(scores)}" for label, scores in said["scores"].items())
    if said["ranking"]:
        return ", then ".join(" and ".join(map(called.__getitem__, tied)) for tied in said["ranking"])
    if said["best"] or said["worst"]:
        ends = {"best": said["best"], "worst": said["worst"]}
        return ", ".join(f"{end} {called[label]}" for end, label in ends.items() if label)
    words = called.get(said["verdict"]) or _NEITHER[said["verdict"]]
    return words + (", much better" if said["strength"] == 2 else "")


def _scores(scores: Mapping[str, Any]) -> str:
    return ", ".join(f"{criterion} {score}" for criterion, score in scores.items())


def _remarks(said: Mapping[str, Any], called: Mapping[str, str]) -> Iterator[str]:
    for label, reasons in said["reasons"].items():
        if reasons:
            yield f"{called[label]}: {', '.join(reasons)}"
    if said["confidence"]:
        yield f"sure: {said['confidence']}"
    for flaw in said["flaws"]:
        quote = f" “{clipped(flaw['quote'], most=_MOST_QUOTED).words}”" if flaw["quote"] else ""
        yield f"{called[flaw['role']]}: {flaw['severity']} {flaw['category']}{quote}"


def clipped(words: str, *, most: int = MOST_TEXT) -> Clipped:
    """The beginning of a text."""
    return Clipped(words[:most], max(0, len(words) - most))
