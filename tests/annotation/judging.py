"""Raters for tests: they go through a study by what they think of each unit, with a clock that runs while they look."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from fusion_ui.annotation.saying import Said, lettered
from fusion_ui.annotation.sessions import Circumstances, Sessions
from fusion_ui.annotation.sheets import Sheet
from fusion_ui.studies.protocol import Unit
from fusion_ui.studies.taxonomy import load_taxonomy
from storage.connection import Store

Thinks = Callable[[Unit], str | dict[str, Any]]


@dataclass
class Clock:
    """A clock that a test moves."""

    moment: datetime = field(default_factory=lambda: datetime(2026, 1, 1, tzinfo=UTC))

    def __call__(self) -> datetime:
        self.moment += timedelta(milliseconds=1)
        return self.moment

    def passes(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


@dataclass
class Room:
    """Where raters sit."""

    store: Store
    clock: Clock

    def __post_init__(self) -> None:
        self.sessions = Sessions(self.store, taxonomy=load_taxonomy())

    def works(
        self, study_id: str, name: str, thinks: Thinks, *, seconds: float = 20.0, most: int = 1000
    ) -> list[Sheet]:
        """What this rater was given and judged; a thought is a role, "tie", "all_bad" or what `Said` takes."""
        seen = []
        while len(seen) < most and (sheet := self.sessions.next(study_id, name).sheet):
            self.says(sheet, name, thinks(sheet.unit), seconds=seconds)
            seen.append(sheet)
        return seen

    def says(self, sheet: Sheet, name: str, thought: str | dict[str, Any], *, seconds: float = 20.0, **how: Any) -> str:
        """The id of this judgement."""
        self.clock.passes(seconds)
        letters = {contender.role: letter for letter, contender in lettered(sheet.shown).items()}
        if isinstance(thought, str):
            said = Said(verdict=letters.get(thought, thought), skip_reason="unclear" if thought == "skip" else None)  # type: ignore[call-overload]
        else:
            said = Said(**by_letter(thought, letters))
        key = f"{name} {sheet.trial_id} {how.get('supersedes')}"
        circumstances = Circumstances(key=key, active_seconds=seconds, shown={"viewport": [800, 600]}, **how)
        return self.sessions.judge(sheet.trial_id, name, said, circumstances).id


def by_letter(thought: dict[str, Any], letters: dict[Any, str]) -> dict[str, Any]:
    """The thought with its roles as the letters of a trial."""

    def told(value: Any) -> Any:
        if isinstance(value, dict):
            return {letters.get(key, key): told(each) for key, each in value.items()}
        if isinstance(value, tuple):
            return tuple(told(each) for each in value)
        return letters.get(value, value) if isinstance(value, str) else value

    return {name: told(value) for name, value in thought.items()}
