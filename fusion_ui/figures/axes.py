"""What the figures share: their width, their colours, and an empty one that says why it is empty."""

from collections.abc import Iterator, Sequence
from math import log

from matplotlib.axes import Axes
from matplotlib.figure import Figure

COLUMN_IN = 3.3
# Okabe and Ito's colours: told apart with any kind of colour blindness; markers differ as well, for grey print.
BLUE, VERMILLION, GREEN, PURPLE, GREY, BLACK = "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#6E6E6E", "#000000"
PALE = "#D9D9D9"
_ROOM = 0.09  # of the axis, for a label of four figures


def figure_with(height_in: float) -> Figure:
    """An empty figure of one column's width."""
    return Figure(figsize=(COLUMN_IN, height_in), layout="constrained")


def empty_figure(words: str) -> Figure:
    """A figure that says why there is nothing to see."""
    figure = figure_with(1.0)
    figure.text(0.5, 0.5, words, ha="center", va="center", color=GREY)
    return figure


def with_grid(axes: Axes) -> None:
    """Pale lines behind what is drawn."""
    axes.grid(color=PALE, linewidth=0.4)
    axes.set_axisbelow(True)


def with_room(places: Sequence[float], *, left: float, right: float) -> Iterator[int]:
    """Which of these rising places on a logarithmic axis can be labelled without printing over the one before."""
    taken = -_ROOM
    for index, place in enumerate(places):
        share = log(place / left) / log(right / left)
        if share - taken >= _ROOM:
            taken = share
            yield index
