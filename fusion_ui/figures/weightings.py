"""Weights drawn: what each member weighs, and what that solves beside uniform weights and the best single member."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from fusion_ui.figures.axes import BLUE, GREY, PALE, VERMILLION, empty_figure, figure_with, with_grid
from fusion_ui.figures.labels import labels_of

_ROW_IN = 0.17
_MOST_MEMBERS = 30


class _Mark(NamedTuple):
    """One point of a row: where, its interval if it has one, and whether it was judged on questions not solved for."""

    place: float
    low: float | None = None
    high: float | None = None
    is_fresh: bool = True


def weights_figure(result: Mapping[str, Any]) -> Figure:
    """Bars of the weights above what they solve: where they were solved, and held out."""
    weighting, validation = result["weighting"], result["validation"]
    if not weighting["total"]:
        return empty_figure("No question has a known answer: nothing to solve.")
    rows: dict[str, list[_Mark]] = {"These weights": [_Mark(weighting["solved"], is_fresh=False)]}
    rows["Uniform weights"] = [_Mark(weighting["uniform_solved"], is_fresh=False)]
    rows["Best single member"] = [_Mark(weighting["best_single"]["solved"], is_fresh=False)]
    if validation is not None:
        rows["These weights"].append(_Mark(validation["cross_validated"], validation["low"], validation["high"]))
        rows["Uniform weights"].append(_Mark(validation["uniform"]))
        rows["Best single member"].append(_Mark(validation["best_single"]))
    figure, bars, marks = _panels(weighting["members"], len(rows))
    _weight_bars(bars, weighting["members"], weighting["weights"])
    _mark_rows(marks, rows, names=("on the questions solved for", "held out"))
    marks.set_xlabel(f"Questions solved, of {weighting['total']}")
    return figure


def transfer_figure(result: Mapping[str, Any]) -> Figure:
    """Bars of the weights above the share they solve on the set they come from and on the other one."""
    train, test = result["train"], result["test"]
    if not train["total"] or not test["total"]:
        return empty_figure("One of the sets has no question with a known answer.")
    seen, fresh = _solved(train), _solved(test)
    rows = {
        words: [_Mark(seen[words] / train["total"], is_fresh=False), _Mark(fresh[words] / test["total"])]
        for words in seen
    }
    figure, bars, marks = _panels(result["members"], len(rows))
    _weight_bars(bars, result["members"], result["weights"])
    _mark_rows(marks, rows, names=(f"train set ({train['total']})", f"test set ({test['total']})"))
    marks.set_xlabel("Share of the questions solved")
    return figure


def subsets_figure(result: Mapping[str, Any]) -> Figure:
    """How many subsets do better, the same and worse on the other set than what they are measured against."""
    if not result["rows"]:
        return empty_figure("No subset of this size.")
    tests = [_solved(row["test"]) for row in result["rows"]]
    against = {
        "than best single on train": "Best single on train",
        "than best single on test": "Best single on test",
        "than uniform weights": "Uniform weights",
    }
    figure = figure_with(1.45)
    axes = figure.subplots()
    left = [0] * len(against)
    for words, sign, colour in (("better", 1, BLUE), ("the same", 0, PALE), ("worse", -1, VERMILLION)):
        counts = [
            sum(np.sign(solved["These weights"] - solved[other]) == sign for solved in tests)
            for other in against.values()
        ]
        stacked = axes.barh(list(against), counts, left=left, color=colour, label=words, height=0.62)
        # A part too narrow for its number would lose it; zero is told by the part that is not there.
        shown = [str(count) if count > len(tests) * 0.03 else "" for count in counts]
        axes.bar_label(stacked, labels=shown, label_type="center", color="black" if sign == 0 else "white")
        left = [start + count for start, count in zip(left, counts, strict=True)]
    axes.invert_yaxis()
    axes.tick_params(axis="y", length=0)
    axes.set_xlim(0, len(tests))
    axes.set_xlabel(f"{len(tests)} subsets of {result['size']}, judged on test")
    figure.legend(loc="outside upper center", ncols=3)
    return figure


def _solved(score: Mapping[str, Any]) -> dict[str, int]:
    return {
        "These weights": score["solved"],
        "Uniform weights": score["uniform_solved"],
        "Best single on train": score["best_single"]["solved"],
        "Best single on test": score["best_single_here"]["solved"],
    }


def _panels(members: Sequence[str], rows: int) -> tuple[Figure, Axes, Axes]:
    bars = min(len(members), _MOST_MEMBERS)
    figure = figure_with(_ROW_IN * (bars + rows) + 1.25)
    above, below = figure.subplots(2, 1, height_ratios=[bars + 0.6, rows + 0.6])
    return figure, above, below


def _weight_bars(axes: Axes, members: Sequence[str], weights: Sequence[float]) -> None:
    heaviest = sorted(range(len(members)), key=lambda place: -weights[place])[:_MOST_MEMBERS]
    shown = sorted(heaviest)
    bars = axes.barh(range(len(shown)), [weights[place] for place in shown], color=BLUE, height=0.66)
    axes.bar_label(bars, labels=[f"{weights[place]:.3f}" for place in shown], padding=2, fontsize=6)
    axes.set_yticks(range(len(shown)), labels=labels_of([members[place] for place in shown]))
    axes.set_ylim(len(shown) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.set_xlim(0, 1.12 * max(0.1, *weights))
    of = "" if len(shown) == len(members) else f", the {len(shown)} heaviest of {len(members)}"
    axes.set_xlabel(f"Weight{of}")


def _mark_rows(axes: Axes, rows: Mapping[str, Sequence[_Mark]], *, names: tuple[str, str]) -> None:
    with_grid(axes)
    for height, marks in enumerate(rows.values()):
        for mark in marks:
            _mark(axes, height, mark)
    axes.set_yticks(range(len(rows)), labels=list(rows))
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.margins(x=0.12)
    solved, fresh = names
    axes.plot([], [], "o", color=GREY, markerfacecolor="white", label=solved)
    axes.plot([], [], "o", color=BLUE, label=fresh)
    axes.figure.legend(loc="outside lower center", ncols=2, handletextpad=0.1)


def _mark(axes: Axes, height: int, mark: _Mark) -> None:
    colour = BLUE if mark.is_fresh else GREY
    if mark.low is not None and mark.high is not None:
        axes.plot([mark.low, mark.high], [height, height], color=colour, linewidth=0.9)
    axes.plot(mark.place, height, "o", color=colour, markerfacecolor=colour if mark.is_fresh else "white")
