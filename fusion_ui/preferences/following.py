"""What to have judged next, among the items of studies that are still open."""

from itertools import combinations
from typing import Any

import numpy as np

from fusion_ui.analysis.preference.comparisons import Ints
from fusion_ui.analysis.preference.next_items import Rateable, next_items
from fusion_ui.preferences.comparing import Compared, Systems
from fusion_ui.preferences.counting import Counted
from fusion_ui.preferences.layout import NONE
from fusion_ui.preferences.plain import plain
from fusion_ui.preferences.whole import Whole
from storage.preferences import unit_prompts
from storage.rows import Reader

_MOST_PROMPT = 200  # characters of it


def next_to_rate(
    reader: Reader, whole: Whole, kept: Counted, systems: Systems, compared: Compared
) -> list[dict[str, Any]]:
    """The items as JSON, with where they are and how their prompts begin."""
    if len(compared.comparisons.systems) < 2:
        return []
    rateable = _rateable(whole, kept, systems, compared)
    if not len(rateable):
        return []
    return [_told(reader, whole, plain(item)) for item in next_items(compared.comparisons, rateable)]


def _rateable(whole: Whole, kept: Counted, systems: Systems, compared: Compared) -> Rateable:
    """The units that raters are asked about, each pair of systems that they show, and how often they were judged."""
    is_open = np.array([source.kind == "study" and not source.is_closed for source in whole.sources], dtype=np.bool_)
    units = whole.units
    asked = np.flatnonzero(units.is_shown & units.is_main & kept.unit_fits & is_open[units.source])
    judged = np.bincount(whole.judgements.unit[kept.kept], minlength=len(units))
    place = {name: at for at, name in enumerate(compared.comparisons.systems)}
    system = np.array([place.get(name, NONE) for name in systems.names], dtype=np.int32)[systems.of]
    parts: list[Ints] = [np.zeros((4, 0), dtype=np.int32)]
    for one, other in combinations(range(units.width), 2):
        there = asked[units.start[asked] + other < units.start[asked + 1]]
        first, second = system[units.start[there] + one], system[units.start[there] + other]
        fits = (first != second) & (first != NONE) & (second != NONE)
        parts.append(np.stack([there, first, second, judged[there]])[:, fits].astype(np.int32))
    unit, first, second, judgements = np.concatenate(parts, axis=1)
    return Rateable(unit=unit, first=first, second=second, judgements=judgements)


def _told(reader: Reader, whole: Whole, item: dict[str, Any]) -> dict[str, Any]:
    unit = item["unit"]
    source = whole.sources[whole.units.source[unit]]
    place = int(whole.units.place[unit])
    prompts = unit_prompts(reader, source.id, [place], most=_MOST_PROMPT)
    return item | {"unit": place, "study_id": source.id, "prompt": prompts[place]}
