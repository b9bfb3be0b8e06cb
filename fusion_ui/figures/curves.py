"""A learning curve drawn: accuracy on questions that were not used, against how many were used to find the weights."""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from fusion_ui.figures.axes import BLUE, GREY, VERMILLION, empty_figure, figure_with, with_grid, with_room
from fusion_ui.figures.labels import together


def curve_figure(result: Mapping[str, Any]) -> Figure:
    """The weights' accuracy with its interval, beside uniform weights and the best single member."""
    points = result["points"]
    if not points:
        return empty_figure("Too few questions for a learning curve.")
    used = [point["questions"] for point in points]
    figure = figure_with(2.4)
    axes = figure.subplots()
    with_grid(axes)
    lows, highs = ([point[end] for point in points] for end in ("low", "high"))
    axes.fill_between(used, lows, highs, color=BLUE, alpha=0.18, linewidth=0)
    axes.plot(used, [point["accuracy"] for point in points], color=BLUE, marker="o", label="Solved weights, 95 %")
    axes.plot(used, [point["uniform"] for point in points], color=GREY, linestyle="--", marker="s", label="Uniform")
    singles = [point["best_single"] for point in points]
    axes.plot(used, singles, color=VERMILLION, linestyle=":", marker="^", label="Best single")
    _scale(axes, used)
    axes.set_xlabel(f"Questions used to find the weights, of {result['total']}")
    axes.set_ylabel("Accuracy on the others")
    axes.set_title(f"{together(result['members'])}\n{result['trials']} trials")
    figure.legend(loc="outside lower center", ncols=3, columnspacing=1.2)
    return figure


def _scale(axes: Axes, used: Sequence[int]) -> None:
    """Logarithmic: sizes double by default."""
    axes.set_xscale("log")
    left, right = axes.get_xlim()
    axes.xaxis.set_major_locator(FixedLocator([used[index] for index in with_room(used, left=left, right=right)]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda tick, _: f"{tick:g}"))
    axes.xaxis.set_minor_locator(NullLocator())
