"""Rubric means drawn: a row a criterion, a mark a system, with intervals over prompts and raters."""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from fusion_ui.figures.axes import GREY, PALE, empty_figure, with_grid
from fusion_ui.figures.labels import labels_of
from fusion_ui.figures.preference_words import level_words
from fusion_ui.figures.rows import Mark, draw_mark, labels_by_system, mark_of, rows_figure
from fusion_ui.figures.signs import signs

_MOST_SYSTEMS = 12
_MOST_LINES = 48  # what fits on a page
_LINES = 0.62  # of text, for a system
_APART = 0.6  # of a row, for all its systems


def rubric_figure(analysis: Mapping[str, Any]) -> Figure:
    """The means as scored; where scales differ, as shares of their scale."""
    means = analysis["rubric"]["means"]
    if not means:
        return empty_figure("No criterion was scored.")
    systems = _distinct(means, "system")[:_MOST_SYSTEMS]
    lines = max(1.3, _LINES * len(systems))
    criteria = _distinct(means, "criterion")[: int(_MOST_LINES / lines)]
    figure = rows_figure(lines * len(criteria), more_in=0.6 + 0.16 * (len(systems) // 2 + 1))
    axes = figure.subplots()
    with_grid(axes)
    axes.grid(visible=False, axis="y")
    axes.set_yticks(range(len(criteria)), labels=labels_of(criteria, longest=18))
    axes.set_ylim(len(criteria) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    for line in range(1, len(criteria)):
        axes.axhline(line - 0.5, color=PALE, linewidth=0.6)
    scales = {tuple(each["scale"]) for each in means}
    _points(axes, [each for each in means if each["criterion"] in criteria], criteria, systems, is_shared=_one(scales))
    _scale(axes, scales, level=level_words(analysis), of=_of(means, criteria, systems))
    label = labels_by_system(analysis, systems)
    for system, sign in zip(systems, signs(), strict=False):
        axes.plot([], [], sign.marker, color=sign.colour, label=label[system])
    if any(not mark_of(each["mean"]).is_firm for each in means):
        axes.plot([], [], "o", color=GREY, markerfacecolor="white", label="these votes only")
    figure.legend(loc="outside lower center", ncols=2, handletextpad=0.1, columnspacing=1.0)
    return figure


def _distinct(means: Sequence[Mapping[str, Any]], name: str) -> list[str]:
    return list(dict.fromkeys(each[name] for each in means))


def _of(means: Sequence[Mapping[str, Any]], criteria: Sequence[str], systems: Sequence[str]) -> str:
    """What was left out."""
    parts = [(criteria, _distinct(means, "criterion"), "criteria"), (systems, _distinct(means, "system"), "systems")]
    return "".join(
        f"\nThe first {len(few)} of {len(all_)} {words}" for few, all_, words in parts if len(few) < len(all_)
    )


def _one(scales: set[tuple[Any, ...]]) -> bool:
    return len(scales) == 1


def _points(
    axes: Axes, means: Sequence[Mapping[str, Any]], criteria: Sequence[str], systems: Sequence[str], *, is_shared: bool
) -> None:
    sign_by_system = dict(zip(systems, signs(), strict=False))
    step = _APART / len(systems)
    for each in means:
        if each["system"] not in sign_by_system or each["mean"]["value"] is None:
            continue
        height = criteria.index(each["criterion"]) + (systems.index(each["system"]) + 0.5) * step - _APART / 2
        mark = mark_of(each["mean"])
        sign = sign_by_system[each["system"]]
        drawn = mark if is_shared else _of_scale(mark, each["scale"])
        draw_mark(axes, height, drawn, colour=sign.colour, weak=sign.colour, sign=sign.marker)


def _of_scale(mark: Mark, scale: Sequence[int]) -> Mark:
    low, high = scale

    def placed(value: float | None) -> float | None:
        return None if value is None else (value - low) / (high - low)

    return Mark(placed(mark.value), placed(mark.low), placed(mark.high), mark.is_firm)


def _scale(axes: Axes, scales: set[tuple[Any, ...]], *, level: str, of: str) -> None:
    if _one(scales):
        ((low, high),) = scales
        axes.set_xlim(low - 0.1, high + 0.1)
        axes.set_xlabel(f"Mean score of {low} to {high}, {level} interval{of}")
    else:
        axes.set_xlim(-0.02, 1.02)
        axes.set_xlabel(f"Mean score, 0 lowest and 1 highest, {level}{of}")
