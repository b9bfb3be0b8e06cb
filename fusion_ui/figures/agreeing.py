"""Raters drawn: how often each says what most of the others say, beside how often people can be expected to."""

from collections.abc import Mapping
from typing import Any

from matplotlib.figure import Figure

from fusion_ui.figures.axes import empty_figure
from fusion_ui.figures.labels import labels_of
from fusion_ui.figures.preference_words import level_words, people_agreement, rounded, share_in
from fusion_ui.figures.rows import (
    Mark,
    beside,
    draw_mark,
    explain_hollow,
    heading,
    lay_rows,
    line_at,
    per_cent,
    rows_figure,
)

_MOST_ROWS = 50


def raters_figure(analysis: Mapping[str, Any]) -> Figure:
    """Each rater's agreement with the others, the ceiling as a line, and on how many judgements it rests."""
    raters = analysis["raters"][:_MOST_ROWS]
    if not raters:
        return empty_figure("Nobody has judged yet.")
    figure = rows_figure(len(raters), more_in=0.95)
    axes = figure.subplots()
    lay_rows(axes, labels_of([each["rater"] for each in raters]))
    for height, rater in enumerate(raters):
        others = share_in(rater["others"])
        draw_mark(axes, height, Mark(others.share, others.low, others.high, is_firm=not rater["flags"]))
        beside(axes, height, f"{others.of:,}")
    heading(axes, "n")
    per_cent(axes)
    agreement = people_agreement(analysis)
    ceiling = share_in(agreement["ceiling"] if agreement else None).share
    if ceiling is not None:
        line_at(axes, ceiling)
        axes.set_title(f"Dashed: one person with most of the others, {rounded(ceiling)}")
    of = "" if len(raters) == len(analysis["raters"]) else f"; the first {len(raters)} of {len(analysis['raters'])}"
    axes.set_xlabel(f"Agrees with most of the others, {level_words(analysis)}{of}")
    if any(rater["flags"] for rater in raters):
        explain_hollow(figure, "to be looked at: see the table of raters")
    return figure
