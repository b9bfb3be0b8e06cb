"""An analysis of preferences as a figure of a paper: one column wide, the same bytes each time, from any thread."""

from collections.abc import Callable, Mapping
from typing import Any, get_args

from matplotlib.figure import Figure

from fusion_ui.engine.values import MissingError
from fusion_ui.figures.agreeing import raters_figure
from fusion_ui.figures.figure import FigureFormat, printed
from fusion_ui.figures.forest import contrasts_figure
from fusion_ui.figures.ladders import ladder_figure
from fusion_ui.figures.matrices import matrix_figure
from fusion_ui.figures.rubrics import rubric_figure
from fusion_ui.figures.sways import effects_figure
from fusion_ui.figures.worths import worth_figure

_FIGURES: dict[str, Callable[[Mapping[str, Any]], Figure]] = {
    "contrasts": contrasts_figure,
    "ladder": ladder_figure,
    "matrix": matrix_figure,
    "effects": effects_figure,
    "raters": raters_figure,
    "rubric": rubric_figure,
    "worth": worth_figure,
}
FIGURES = tuple(_FIGURES)


class NoFigureError(MissingError):
    """A figure was asked for that nobody draws."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no figure {name[:40]!r}: choose from {', '.join(FIGURES)}.")


def preference_figure(analysis: Mapping[str, Any], name: str, kind: FigureFormat) -> bytes:
    """The file of this figure of an analysis. Raises NoFigureError."""
    if name not in _FIGURES:
        raise NoFigureError(name)
    if kind not in get_args(FigureFormat):
        raise NoFigureError(f"{name}.{kind}")
    return printed(lambda: _FIGURES[name](analysis), format=kind)
