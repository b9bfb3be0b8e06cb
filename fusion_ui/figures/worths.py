"""Preference against its price drawn: the share of wins beside what an answer costs, and how long it takes."""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullLocator

from fusion_ui.figures.axes import empty_figure, figure_with, with_grid
from fusion_ui.figures.rows import labels_by_system
from fusion_ui.figures.signs import signs

_PANELS = {"cost_usd": "Mean US dollars an answer", "seconds": "Mean seconds an answer"}
_MOST_SYSTEMS = 14
_WIDE = 10  # times from least to most: from here on a scale of equal factors


def worth_figure(analysis: Mapping[str, Any]) -> Figure:
    """A panel for money and one for time; up and to the left is better."""
    whole = [each for each in analysis["worth"] if each["share"] is not None]
    known = whole[:_MOST_SYSTEMS]
    panels = [name for name in _PANELS if any(each[name] is not None for each in known)]
    panels = [name for name in panels if any(each[name] for each in known)] or panels[:1]  # all free: no choice to draw
    if not panels:
        return empty_figure("Neither price nor time is known of what was compared.")
    figure = figure_with(1.35 * len(panels) + 0.35 + 0.16 * ((len(known) + 1) // 2))
    for axes, name in zip(figure.subplots(len(panels), 1, squeeze=False)[:, 0], panels, strict=True):
        _panel(axes, known, name)
    if len(known) < len(whole):
        figure.axes[0].set_title(f"The first {len(known)} of {len(whole)}")
    label = labels_by_system(analysis, [each["system"] for each in known])
    for each, sign in zip(known, signs(), strict=False):
        figure.axes[0].plot([], [], sign.marker, color=sign.colour, label=label[each["system"]])
    figure.legend(loc="outside lower center", ncols=2, handletextpad=0.1, columnspacing=1.0)
    return figure


def _steps(factor: float) -> tuple[int, ...]:
    """What is labelled of each power of ten, so that labels do not meet."""
    return (1, 2, 5) if factor < 100 else (1, 3) if factor < 1000 else (1,)


def _panel(axes: Axes, known: Sequence[Mapping[str, Any]], name: str) -> None:
    with_grid(axes)
    for each, sign in zip(known, signs(), strict=False):
        if each[name] is not None:
            axes.plot(each[name], each["share"], sign.marker, color=sign.colour, markersize=5)
    prices = [each[name] for each in known if each[name] is not None]
    if min(prices) > 0 and max(prices) / min(prices) >= _WIDE:
        axes.set_xscale("log")
        axes.margins(x=0.08)
        axes.xaxis.set_major_locator(LogLocator(subs=_steps(max(prices) / min(prices)), numticks=7))
        axes.xaxis.set_minor_locator(NullLocator())
    else:
        axes.set_xlim(0, 1.1 * max(prices) or 1)
        axes.xaxis.set_major_locator(MaxNLocator(5))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda tick, _: f"{tick:.3g}"))
    axes.yaxis.set_major_locator(MaxNLocator(4))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda tick, _: f"{100 * tick:.3g} %"))
    axes.margins(y=0.15)
    missing = len(known) - len(prices)
    axes.set_xlabel(_PANELS[name] + (f"; unknown of {missing}" if missing else ""))
    axes.set_ylabel("Share of wins")
