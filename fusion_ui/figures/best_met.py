"""Who beat whom among the systems that rank first: of many systems, those that are looked up."""

from collections.abc import Mapping
from typing import Any

_CELLS = ("wins", "ties", "losses", "rates")


def best_met(analysis: Mapping[str, Any], *, most: int) -> dict[str, Any]:
    """The matrix of at most so many systems, in the order of their ranks where they have any."""
    matrix, ladders = analysis["matrix"], analysis["ladders"]
    rank = {rung["system"]: (rung["component"], rung["rank"]) for rung in (ladders[0]["rungs"] if ladders else ())}
    systems = matrix["systems"]
    unranked = len(systems), 0
    places = sorted(range(len(systems)), key=lambda at: (*rank.get(systems[at], unranked), at))[:most]
    cells = {name: [[matrix[name][row][column] for column in places] for row in places] for name in _CELLS}
    return {"systems": [systems[at] for at in places], **cells}
