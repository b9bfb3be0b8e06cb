"""Signs that tell several systems apart in one panel: by colour, and by shape in grey print."""

from itertools import product
from typing import NamedTuple

from fusion_ui.figures.axes import BLACK, BLUE, GREEN, PURPLE, VERMILLION

_COLOURS = (BLUE, VERMILLION, GREEN, PURPLE, BLACK)
_MARKERS = "os^Dv"


class Sign(NamedTuple):
    """How a system is marked."""

    colour: str
    marker: str


def signs() -> tuple[Sign, ...]:
    """All there are; neighbours differ in both."""
    return tuple(
        Sign(_COLOURS[place], _MARKERS[(place + turn) % len(_MARKERS)])
        for turn, place in product(range(len(_MARKERS)), range(len(_COLOURS)))
    )
