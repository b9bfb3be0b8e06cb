"""Who beats whom drawn: a map of win rates, row against column, with the counts in it."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap, Normalize
from matplotlib.figure import Figure

from fusion_ui.figures.axes import GREY, PALE, empty_figure, figure_with
from fusion_ui.figures.best_met import best_met
from fusion_ui.figures.labels import labels_of
from fusion_ui.figures.preference_words import system_words

_MOST_SYSTEMS = 24
_MOST_COUNTED = 6  # systems whose cells have room for counts
_MOST_WRITTEN = 12
# One hue from pale to dark: also told apart in grey.
_COLOURS = "Blues"
_LINE_IN = 0.115  # a name of a row, so that it does not print over the next
_STEPS = 10  # few enough for a scale made of lines: a finer one would be a picture in the file
_PALEST = 0.15  # of the hue: who lost everything is not white, as who never met is
_ON_PALE, _ON_DARK, _DARK_FROM = "#111111", "#fefefe", 0.6


def matrix_figure(analysis: Mapping[str, Any]) -> Figure:
    """The share of wins of each row over each column; ties and both-bad count half."""
    if not analysis["matrix"] or len(analysis["matrix"]["systems"]) < 2:
        return empty_figure("Nothing was compared yet.")
    matrix = best_met(analysis, most=_MOST_SYSTEMS)
    systems = matrix["systems"]
    size = len(systems)
    figure = figure_with(1.0 + max(_LINE_IN * size, 1.9 * min(1.0, 0.35 + size / 12)))
    axes = figure.subplots()
    rates = np.array([[_rate(matrix, row, column) for column in range(size)] for row in range(size)])
    colours = ListedColormap(colormaps[_COLOURS](np.linspace(_PALEST, 1, _STEPS))).with_extremes(bad="white")
    drawn = axes.pcolormesh(
        np.ma.masked_invalid(rates), cmap=colours, norm=Normalize(0, 1), edgecolors="white", linewidth=0.8
    )
    _write(axes, matrix, rates)
    places = np.arange(size) + 0.5
    names = labels_of([system_words(analysis, system) for system in systems], longest=22)
    axes.set_yticks(places, labels=[f"{name}  {place}" for place, name in enumerate(names, start=1)])
    axes.set_xticks(places, labels=[str(place) for place in range(1, size + 1)])
    axes.tick_params(length=0)
    if size > _MOST_WRITTEN:
        axes.tick_params(labelsize=5.5)
        axes.tick_params(axis="x", labelrotation=90)
    axes.xaxis.tick_top()
    axes.invert_yaxis()
    axes.spines[:].set_visible(False)
    number = len(analysis["matrix"]["systems"])
    of = "" if size == number else f"\nThe first {size} of {number}"
    bar = figure.colorbar(drawn, ax=axes, location="bottom", fraction=0.05, aspect=40)
    bar.set_ticks([0, 0.5, 1], labels=["0", "50", "100 %"])
    bar.outline.set(linewidth=0.4, edgecolor=PALE)
    bar.set_label(f"Win rate of the row over the column{of}")
    return figure


def _rate(matrix: Mapping[str, Any], row: int, column: int) -> float:
    rate = matrix["rates"][row][column]
    return float("nan") if row == column or rate is None else float(rate)


def _write(axes: Axes, matrix: Mapping[str, Any], rates: Any) -> None:
    """As much in each cell as there is room for."""
    size = len(rates)
    if size > _MOST_WRITTEN:
        return
    for row, column in np.ndindex(rates.shape):
        rate = rates[row, column]
        if np.isnan(rate):
            words, colour = ("" if row == column else "–"), GREY
        else:
            words, colour = f"{100 * rate:.0f}", _ON_DARK if rate >= _DARK_FROM else _ON_PALE
            words += f" %\n{_counts(matrix, row, column)}" if size <= _MOST_COUNTED else ""
        axes.text(column + 0.5, row + 0.5, words, ha="center", va="center", fontsize=6, color=colour)


def _counts(matrix: Mapping[str, Any], row: int, column: int) -> str:
    return "–".join(f"{matrix[outcome][row][column]:,}" for outcome in ("wins", "ties", "losses"))
