"""Studies for tests: units written by hand, stored as the app stores them."""

from collections.abc import Sequence
from typing import Any

from fusion_ui.annotation.shelf import store_study
from fusion_ui.studies.protocol import Contender, Protocol, Unit
from storage.connection import Store

ROLES = ("fusion", "best")


def unit(place: int, *, texts: Sequence[str] = ("the fused answer", "the picked answer"), **rest: Any) -> Unit:
    """A unit of a fused and a picked answer; texts of their own keep units apart."""
    roles = ("fusion", "best", "vote", "single")[: len(texts)]
    contenders = tuple(
        Contender(output_id=f"{place} {role}", role=role, text=f"{text} to {place}", member=f"model-{role}")  # type: ignore[arg-type]
        for role, text in zip(roles, texts, strict=True)
    )
    return Unit(place=place, run_id="", prompt=f"Question {place}?", contenders=contenders, **rest)


def stored(store: Store, *units: Unit, supersedes: str | None = None, **protocol: Any) -> str:
    """The id of a study of these units."""
    asked = Protocol(**{"title": "Fused or picked", "repeats": 0.0, **protocol})
    with store.writing() as writer:
        return store_study(writer, asked, units, supersedes=supersedes).id
