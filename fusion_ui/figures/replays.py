"""A replay drawn: accuracy against the mean number of draws, fixed and adaptive, with the limit as a line."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from fusion_ui.figures.axes import BLACK, BLUE, GREEN, GREY, VERMILLION, empty_figure, figure_with, with_grid, with_room
from fusion_ui.figures.labels import together


class _Look(NamedTuple):
    words: str
    sign: str
    colour: str
    marker: str


_LOOKS = {
    "bayes": _Look("Best-of-∞ rule", "B", BLUE, "o"),
    "asc": _Look("ASC-Beta", "p", VERMILLION, "^"),
    "certificate": _Look("Certificate", "δ", GREEN, "D"),
    "fixed": _Look("Fixed number", "N", GREY, "s"),
}
_STEPS = ((1, 2, 5), tuple(range(1, 10)))


def replay_figure(result: Mapping[str, Any]) -> Figure:
    """Every rule at its mean draws; agreement with the mode where no question has a known answer."""
    rows = result["rows"]
    if not rows:
        return empty_figure("No rule was replayed.")
    judged = result["limit_accuracy"] is not None
    figure = figure_with(2.7)
    axes = figure.subplots()
    with_grid(axes)
    axes.margins(y=0.09)  # room for the thresholds
    _scale(axes, [row["draws"] for row in rows])
    for rule in dict.fromkeys(row["rule"] for row in rows):
        _series(axes, sorted((row for row in rows if row["rule"] == rule), key=lambda row: row["draws"]), judged=judged)
    if judged:
        limit = result["limit_accuracy"]
        axes.axhline(limit, color=BLACK, linewidth=0.8, linestyle=(0, (4, 2)), label=f"Limit {limit:.3f}", zorder=1)
    axes.set_ylabel("Accuracy, 95 % over trials" if judged else "Agreement with the mode")
    questions = result["judged"] if judged else result["questions"]
    axes.set_title(f"{together(result['members'])}\n{questions} questions, {result['trials']} trials")
    figure.legend(loc="outside lower center", ncols=2, columnspacing=1.2, handlelength=1.8)
    return figure


def _scale(axes: Axes, draws: Sequence[float]) -> None:
    axes.set_xscale("log")
    axes.set_xlim(min(draws) / 1.25, max(draws) * 1.35)
    axes.xaxis.set_major_locator(FixedLocator(_ticks(draws)))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda tick, _: f"{tick:.3g}"))
    axes.set_xlabel("Mean draws a question")


def _ticks(draws: Sequence[float]) -> list[float]:
    """Round numbers over the range of the draws; the ends themselves where it is too narrow for two of them."""
    for steps in _STEPS:
        ticks = [step * 10.0**power for power in range(6) for step in steps]
        if sum(min(draws) <= tick <= max(draws) for tick in ticks) >= 2:
            return ticks
    return [min(draws), max(draws)]


def _series(axes: Axes, rows: Sequence[Mapping[str, Any]], *, judged: bool) -> None:
    look = _LOOKS[rows[0]["rule"]]
    measure = "accuracy" if judged else "mode_agreement"
    heights = [row[measure] for row in rows]
    bounds = _reaches(rows) if judged else None
    is_alone = len(rows) == 1
    axes.errorbar(
        [row["draws"] for row in rows],
        heights,
        yerr=bounds,
        label=_words(look, rows),
        color=look.colour,
        marker=look.marker,
        linestyle="none" if is_alone else "-",
        elinewidth=0.7,
        capsize=1.6,
        capthick=0.7,
    )
    if not is_alone and rows[0]["rule"] != "fixed":
        above = bounds[1] if bounds else [0.0 for _ in rows]
        _thresholds(axes, rows, tops=[height + reach for height, reach in zip(heights, above, strict=True)])


def _reaches(rows: Sequence[Mapping[str, Any]]) -> tuple[list[float], list[float]]:
    """How far the intervals reach below and above the points; nowhere where a single trial gave none."""
    below = [row["accuracy"] - _known(row["accuracy_low"], row) for row in rows]
    above = [_known(row["accuracy_high"], row) - row["accuracy"] for row in rows]
    # An interval cut at 0 or 1 may end a rounding error on the wrong side of its point.
    return [max(0.0, reach) for reach in below], [max(0.0, reach) for reach in above]


def _known(bound: float | None, row: Mapping[str, Any]) -> float:
    return float(row["accuracy"] if bound is None else bound)


def _words(look: _Look, rows: Sequence[Mapping[str, Any]]) -> str:
    if len(rows) == 1:
        return f"{look.words}, {look.sign} = {rows[0]['threshold']:g}"
    return look.words if rows[0]["rule"] == "fixed" else f"{look.words}, {look.sign} at points"


def _thresholds(axes: Axes, rows: Sequence[Mapping[str, Any]], *, tops: Sequence[float]) -> None:
    """Each threshold above its point and interval, as far as there is room."""
    left, right = axes.get_xlim()
    for index in with_room([row["draws"] for row in rows], left=left, right=right):
        row = rows[index]
        axes.annotate(
            f"{row['threshold']:g}",
            (row["draws"], tops[index]),
            xytext=(0, 2),
            textcoords="offset points",
            ha="center",
            va="bottom",
            fontsize=5.5,
            bbox={"facecolor": "white", "linewidth": 0, "pad": 0.2},  # the line of the limit may run behind
            color=_LOOKS[row["rule"]].colour,
        )
