"""A study for tests of reports: judged by three people whose opinions are known, with texts that mean harm."""

from collections.abc import Mapping
from typing import Any

from fusion_ui.figures.preferences import preference_figure
from fusion_ui.preferences.question import Question
from fusion_ui.preferences.reports import Reports
from fusion_ui.studies.protocol import Unit
from storage.connection import Store
from tests.annotation.judging import Room
from tests.annotation.support import stored, unit

HARM = "<script>alert(1)</script><img src=x onerror=alert(1)> **bold**\n\n  indented \u202e turned\n"
# By the place of the unit, what anna, bob and Zoë say.
OPINIONS: Mapping[int, tuple[str, str, str]] = {
    0: ("fusion", "fusion", "fusion"),
    1: ("best", "best", "tie"),
    2: ("fusion", "best", "tie"),
    3: ("all_bad", "all_bad", "fusion"),
    4: ("fusion", "fusion", "best"),
}
PEOPLE = ("anna", "bob", "Zoë")


class Answered:
    """Analyses that have one answer, and keep what they were asked."""

    def __init__(self, analysis: dict[str, Any]) -> None:
        self.answer = analysis
        self.asked: list[Question] = []

    def analysis(self, question: Question) -> dict[str, Any]:
        self.asked.append(question)
        return self.answer


def judged(store: Store, room: Room, *, opinions: Mapping[int, tuple[str, ...]] = OPINIONS, **protocol: Any) -> str:
    """The id of a study that these people have judged."""
    units = [unit(place, texts=(f"{HARM}fused", f"{HARM}picked")) for place in range(len(opinions))]
    study_id = stored(store, *units, overlap=len(PEOPLE), **protocol)
    for number, name in enumerate(PEOPLE):
        room.works(study_id, name, lambda unit, number=number: said(unit, opinions[unit.place][number]))  # type: ignore[misc]
    return study_id


def said(unit: Unit, verdict: str) -> dict[str, Any]:
    """A judgement with a note that names its unit."""
    return {"verdict": verdict, "strength": 2 if verdict == "fusion" else 0, "note": f"<b>note</b> on {unit.place}"}


def reports(store: Store, analysis: dict[str, Any]) -> Reports:
    return Reports(store, Answered(analysis), preference_figure)
