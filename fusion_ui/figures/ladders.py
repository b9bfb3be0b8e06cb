"""Ladders drawn: scores with their intervals and ranks, a panel a model, for their scales are not the same."""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from fusion_ui.figures.axes import GREY, PALE, empty_figure
from fusion_ui.figures.preference_words import MODELS, level_words
from fusion_ui.figures.rows import (
    beside,
    draw_mark,
    explain_hollow,
    heading,
    labels_by_system,
    lay_rows,
    mark_of,
    rows_figure,
)

_MOST_ROWS = 25  # two panels on a page
_TIES = {"bradley_terry": "ties as half", "davidson": "ties modelled"}


def ladder_figure(analysis: Mapping[str, Any]) -> Figure:
    """Each model's scores by rank; systems that no chain of comparisons joins stand apart."""
    ladders = [ladder for ladder in analysis["ladders"] if ladder["rungs"]]
    if not ladders:
        return empty_figure("A ladder needs three systems or more.")
    shown = [_by_rank(ladder) for ladder in ladders]
    figure = rows_figure(sum(map(len, shown)), more_in=0.3 + 0.75 * len(ladders))
    panels = figure.subplots(len(ladders), 1, squeeze=False, height_ratios=[len(rungs) + 0.6 for rungs in shown])
    for axes, ladder, rungs in zip(panels[:, 0], ladders, shown, strict=True):
        _panel(axes, analysis, ladder, rungs)
    if any(not _mark(rung).is_firm for rungs in shown for rung in rungs):
        explain_hollow(figure)
    return figure


def _by_rank(ladder: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return sorted(ladder["rungs"], key=lambda rung: (rung["component"], rung["rank"]))[:_MOST_ROWS]


def _mark(rung: Mapping[str, Any]) -> Any:
    return mark_of(rung["score"], is_preliminary=rung["is_preliminary"])


def _panel(
    axes: Axes, analysis: Mapping[str, Any], ladder: Mapping[str, Any], rungs: Sequence[Mapping[str, Any]]
) -> None:
    label = labels_by_system(analysis, [rung["system"] for rung in rungs])
    lay_rows(axes, [label[rung["system"]] for rung in rungs])
    for height, rung in enumerate(rungs):
        draw_mark(axes, height, _mark(rung))
        reach = "" if rung["rank_low"] is None else f" ({rung['rank_low']}–{rung['rank_high']})"
        beside(axes, height, f"{rung['rank']}{reach}")
        if height and rung["component"] != rungs[height - 1]["component"]:
            axes.axhline(height - 0.5, color=GREY, linewidth=0.8)
    axes.axvline(0, color=PALE, linewidth=0.8, zorder=0)
    axes.margins(x=0.08)
    heading(axes, "Rank")
    axes.set_title(f"{MODELS[ladder['model']]}: {_TIES[ladder['model']]}", loc="right")  # the left may be too narrow
    axes.set_xlabel(f"Score (natural logarithm), {level_words(analysis)} interval{_apart(ladder, rungs)}")


def _apart(ladder: Mapping[str, Any], rungs: Sequence[Mapping[str, Any]]) -> str:
    words = "" if len(rungs) == len(ladder["rungs"]) else f"\nThe first {len(rungs)} of {len(ladder['rungs'])}"
    return words + ("\nNo comparison across a line" if len(ladder["components"]) > 1 else "")
