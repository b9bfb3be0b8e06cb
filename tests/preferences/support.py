"""Studies that were judged, for tests of preferences: small, by hand, and through the true session."""

from typing import Any

from fusion_ui.preferences.analyses import Analyses, Analysis
from fusion_ui.preferences.question import Question
from fusion_ui.studies.protocol import Unit
from storage.connection import Store
from tests.annotation.judging import Room, Thinks
from tests.annotation.support import stored, unit


def analyses(store: Store) -> Analyses:
    return Analyses(store, figure=lambda analysis, name, kind: f"{name}.{kind}".encode())


def asked(store: Store, **question: Any) -> Analysis:
    """The answer of analyses that know nothing yet."""
    return analyses(store).analysis(Question(**question))


def one_contrast(store: Store, **question: Any) -> dict[str, Any]:
    (found,) = asked(store, **question)["contrasts"]
    return found  # type: ignore[no-any-return]


def by_place(unit: Unit) -> str:
    """The fusion is better on every other unit, then the pick, then neither."""
    return ("fusion", "fusion", "best", "tie")[unit.place % 4]


def always(thought: str | dict[str, Any]) -> Thinks:
    """Somebody who thinks the same of everything."""
    return lambda _: thought


def judged_study(store: Store, room: Room, *, units: int = 8, raters: str = "Ada Bob Cem", **protocol: Any) -> str:
    """The id of a study that these people went through."""
    names = raters.split()
    study_id = stored(store, *(unit(place) for place in range(units)), overlap=len(names), **protocol)
    for name in names:
        room.works(study_id, name, by_place)
    return study_id


def without(analysis: Analysis, *names: str) -> Analysis:
    """The analysis but for these parts, and for the time it took."""
    return {name: part for name, part in analysis.items() if name not in ("seconds", *names)}


def rules(analysis: Analysis) -> dict[str, tuple[int, int, bool]]:
    """What each rule concerns: judgements, raters, and whether it is applied."""
    return {each["rule"]: (each["judgements"], each["raters"], each["is_applied"]) for each in analysis["left_out"]}
