"""Contrasts drawn: a forest of win rates with their intervals, the line of chance, and what they rest on."""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.figure import Figure

from fusion_ui.figures.axes import empty_figure
from fusion_ui.figures.preference_words import level_words
from fusion_ui.figures.rows import (
    beside,
    draw_mark,
    explain_hollow,
    heading,
    labels_by_system,
    lay_rows,
    line_at,
    mark_of,
    per_cent,
    rows_figure,
)

_MOST_ROWS = 28  # what fits on a page
_LONGEST = 20
_LINES = 1.75  # of text in a row


def contrasts_figure(analysis: Mapping[str, Any]) -> Figure:
    """Each contrast's win rate of the first, with wins, ties, losses and both-bad beside it."""
    contrasts = _most_judged(analysis["contrasts"])
    if not contrasts:
        return empty_figure("Nothing was compared yet.")
    figure = rows_figure(_LINES * len(contrasts))
    axes = figure.subplots()
    systems = [each[side] for each in contrasts for side in ("first", "second")]
    label = labels_by_system(analysis, systems, longest=_LONGEST)
    lay_rows(axes, [f"{label[each['first']]}\nover {label[each['second']]}" for each in contrasts])
    line_at(axes, 0.5)
    marks = [mark_of(each["rate"], is_preliminary=each["is_preliminary"]) for each in contrasts]
    has_bad = any(contrast["both_bad"] for contrast in contrasts)
    for height, (contrast, mark) in enumerate(zip(contrasts, marks, strict=True)):
        draw_mark(axes, height, mark)
        told = "–".join(f"{contrast[outcome]:,}" for outcome in ("wins", "ties", "losses"))
        beside(axes, height, f"{told}\n{contrast['both_bad']:,} both bad" if has_bad else told)
    heading(axes, "Win–tie–loss")
    per_cent(axes)
    of = "" if len(contrasts) == len(analysis["contrasts"]) else f"\nThe {_MOST_ROWS} most judged contrasts"
    axes.set_xlabel(f"Win rate, {level_words(analysis)} interval{of}")
    if any(not mark.is_firm and mark.value is not None for mark in marks):
        explain_hollow(figure)
    return figure


def _most_judged(contrasts: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """As many as fit, in the order of the analysis."""
    ranked = sorted(range(len(contrasts)), key=lambda at: (-contrasts[at]["judgements"], at))
    return [contrasts[at] for at in sorted(ranked[:_MOST_ROWS])]
