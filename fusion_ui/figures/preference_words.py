"""The words of an analysis of preferences that figures and reports share. It needs no matplotlib, and loads none."""

from collections.abc import Mapping, Sequence
from typing import Any

from fusion_ui.analysis.preference.estimates import Share

ROLES: Mapping[str, str] = {
    "fusion": "Fused answer",
    "best": "Best-of-N pick",
    "vote": "Vote",
    "single": "Single sample",
    "candidate": "Candidate",
}
MODELS: Mapping[str, str] = {"bradley_terry": "Bradley-Terry", "davidson": "Davidson"}
NO_SHARE = Share(0, 0, None, None, None)


def system_words(analysis: Mapping[str, Any], system: str) -> str:
    """What a system of this analysis is called."""
    return called(system, by=analysis["asked"]["by"])


def called(system: str, *, by: str) -> str:
    """What a system is called: a role in words ("candidate 2" has a number), a member by its name."""
    role, blank, number = system.partition(" ")
    if by != "role" or role not in ROLES or (blank and not number.isdecimal()):
        return system
    return ROLES[role] + blank + number


def share_in(told: Sequence[Any] | Mapping[str, Any] | None) -> Share:
    """The share that an analysis tells, as a list or by its fields; nothing of nothing where it tells none."""
    if told is None:
        return NO_SHARE
    return Share(**told) if isinstance(told, Mapping) else Share(*told)


def level_words(analysis: Mapping[str, Any]) -> str:
    """The level of the intervals: 95 %."""
    return f"{100 * analysis['asked']['level']:g} %"


def rounded(share: float) -> str:
    """A share of one as a whole per cent."""
    return f"{100 * share:.0f} %"


def people_agreement(analysis: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The agreement over all contrasts on who won, None where it was not computed."""
    whole = (each for each in analysis["agreement"] if each["contrast"] is None and each["level"] == "nominal")
    return next(whole, None)
