"""What wins besides content drawn: the left and the longer answer's share, and scores with both taken out."""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from fusion_ui.figures.axes import BLUE, VERMILLION, empty_figure
from fusion_ui.figures.preference_words import level_words, share_in
from fusion_ui.figures.rows import (
    Mark,
    beside,
    draw_mark,
    heading,
    labels_by_system,
    lay_rows,
    line_at,
    mark_of,
    per_cent,
    rows_figure,
)

_MOST_ROWS = 40  # what fits on a page
_AROUND_IN = 0.75  # the axis of a panel and its words


def effects_figure(analysis: Mapping[str, Any]) -> Figure:
    """A panel of shares, and one of scores at equal side and length beside the plain ones."""
    shares, rungs = _shares(analysis), analysis["adjusted"][:_MOST_ROWS]
    sizes = [len(rows) + 0.6 for rows in (shares, rungs) if rows]
    if not sizes:
        return empty_figure("Neither sides nor lengths of answers are known.")
    figure = rows_figure(sum(sizes), more_in=_AROUND_IN * len(sizes) + 0.15)
    panels = list(figure.subplots(len(sizes), 1, squeeze=False, height_ratios=sizes)[:, 0])
    if shares:
        _draw_shares(panels.pop(0), analysis, shares)
    if rungs:
        _draw_scores(panels.pop(), analysis, rungs)
        figure.legend(loc="outside lower center", ncols=2, handletextpad=0.1)
    return figure


def _shares(analysis: Mapping[str, Any]) -> list[tuple[str, Mark, int]]:
    """The name, mark and number of votes of each share that there is."""
    position, length, shares = analysis["position"], analysis["length"], []
    left, longer = share_in(position and position["left"]), share_in(length and length["longer"])
    if left.of:
        mark = mark_of(position["clustered"])
        shares.append(("Left one won", mark if mark.is_firm else Mark(left.share, left.low, left.high, False), left.of))
    if longer.of:
        shares.append(("Longer one won", Mark(longer.share, longer.low, longer.high, is_firm=False), longer.of))
    return shares


def _draw_shares(axes: Axes, analysis: Mapping[str, Any], shares: Sequence[tuple[str, Mark, int]]) -> None:
    lay_rows(axes, [name for name, _, _ in shares])
    line_at(axes, 0.5)
    for height, (_, mark, votes) in enumerate(shares):
        draw_mark(axes, height, mark)
        beside(axes, height, f"{votes:,}")
    heading(axes, "n")
    per_cent(axes)
    hollow = "" if all(mark.is_firm for _, mark, _ in shares) else "\nHollow: of these votes only"
    axes.set_xlabel(f"Share of decisive votes, {level_words(analysis)} interval{hollow}")


def _draw_scores(axes: Axes, analysis: Mapping[str, Any], rungs: Sequence[Mapping[str, Any]]) -> None:
    label = labels_by_system(analysis, [rung["system"] for rung in rungs])
    lay_rows(axes, [label[rung["system"]] for rung in rungs])
    for height, rung in enumerate(rungs):
        draw_mark(axes, height, mark_of(rung["score"]))
        axes.plot(rung["plain"], height, "D", color=VERMILLION, markerfacecolor="none", markersize=4.6)
    axes.plot([], [], "o", color=BLUE, label="at equal side and length, where known")
    axes.plot([], [], "D", color=VERMILLION, markerfacecolor="none", label="plain")
    axes.margins(x=0.08)
    axes.xaxis.set_major_locator(MaxNLocator(5))
    number = len(analysis["adjusted"])
    of = "" if len(rungs) == number else f"\nThe first {len(rungs)} of {number}"
    axes.set_xlabel(f"Score (natural logarithm), {level_words(analysis)} interval{of}")
