"""Rows of a figure: a name at the left, an estimate with its interval, and numbers at the right."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from fusion_ui.figures.axes import BLACK, BLUE, GREY, figure_with, with_grid
from fusion_ui.figures.labels import labels_of
from fusion_ui.figures.preference_words import system_words

ROW_IN = 0.17
_BESIDE_PT = 6


class Mark(NamedTuple):
    """A value with its interval; one that is not firm is drawn hollow. No value: the row says so."""

    value: float | None
    low: float | None = None
    high: float | None = None
    is_firm: bool = True


def mark_of(estimate: Mapping[str, Any] | None, *, is_preliminary: bool = False) -> Mark:
    """The mark of an estimate; firm if it is told to hold beyond the votes at hand."""
    if estimate is None or estimate["value"] is None:
        return Mark(None)
    is_firm = estimate["low"] is not None and estimate["basis"] != "these votes only" and not is_preliminary
    return Mark(estimate["value"], estimate["low"], estimate["high"], is_firm)


def labels_by_system(analysis: Mapping[str, Any], systems: Sequence[str], *, longest: int = 22) -> dict[str, str]:
    """What each system is called in a figure, told apart from the others."""
    distinct = list(dict.fromkeys(systems))
    words = [system_words(analysis, system) for system in distinct]
    return dict(zip(distinct, labels_of(words, longest=longest), strict=True))


def rows_figure(rows: float, *, more_in: float = 0.75) -> Figure:
    """A figure high enough for so many lines of rows, and for `more_in` around them."""
    return figure_with(ROW_IN * rows + more_in)


def lay_rows(axes: Axes, labels: Sequence[str]) -> None:
    """Rows from top to bottom under these labels."""
    with_grid(axes)
    axes.grid(visible=False, axis="y")
    axes.set_yticks(range(len(labels)), labels=labels)
    axes.set_ylim(len(labels) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)


def draw_mark(axes: Axes, height: float, mark: Mark, *, colour: str = BLUE, weak: str = GREY, sign: str = "o") -> None:
    """The mark at this height, or the word that there is none."""
    if mark.value is None:
        words = axes.annotate("undefined", (0.5, height), xycoords=("axes fraction", "data"), va="center", ha="center")
        words.set(color=GREY, fontstyle="italic", fontsize=6, bbox={"facecolor": "white", "linewidth": 0, "pad": 0.5})
        return
    shown = colour if mark.is_firm else weak
    if mark.low is not None and mark.high is not None:
        axes.plot([mark.low, mark.high], [height, height], color=shown, linewidth=0.9, solid_capstyle="butt")
    axes.plot(mark.value, height, sign, color=shown, markerfacecolor=shown if mark.is_firm else "white")


def beside(axes: Axes, height: float, words: str, *, colour: str = BLACK) -> None:
    """Words at the right of a row; a height of -0.6 is the head of the column."""
    axes.annotate(
        words,
        (1, height),
        xycoords=("axes fraction", "data"),
        xytext=(_BESIDE_PT, 0),
        textcoords="offset points",
        va="center",
        fontsize=6,
        color=colour,
        annotation_clip=False,
    )


def heading(axes: Axes, words: str) -> None:
    """The head of what stands beside the rows."""
    axes.annotate(
        words,
        (1, 1),
        xycoords="axes fraction",
        xytext=(_BESIDE_PT, 1),
        textcoords="offset points",
        va="bottom",
        fontsize=6,
        color=GREY,
        annotation_clip=False,
    )


def per_cent(axes: Axes) -> None:
    """A whole axis of shares, from nothing to all."""
    axes.set_xlim(0, 1)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1], labels=["0", "25", "50", "75", "100 %"])
    axes.tick_params(axis="x", labelcolor=GREY)


def line_at(axes: Axes, share: float) -> None:
    """A dashed line to hold the marks against: of chance, or of what can be reached."""
    axes.axvline(share, color=BLACK, linewidth=0.8, linestyle=(0, (4, 2)), zorder=1)


def explain_hollow(figure: Figure, words: str = "describes these votes only, or preliminary") -> None:
    """A legend for the hollow marks, where there are any."""
    axes = figure.axes[0]
    axes.plot([], [], "o", color=GREY, markerfacecolor="white", label=words)
    figure.legend(loc="outside lower center", handletextpad=0.1)
