"""A report of the lab as a figure: one column of a paper wide, the same bytes each time, safe from several threads."""

from collections.abc import Callable, Mapping
from functools import cache
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import Any, Literal

import matplotlib
from matplotlib import font_manager
from matplotlib.figure import Figure

from fusion_ui.figures.curves import curve_figure
from fusion_ui.figures.replays import replay_figure
from fusion_ui.figures.weightings import subsets_figure, transfer_figure, weights_figure

FigureFormat = Literal["svg", "png", "pdf"]
_FIGURES: dict[str, Callable[[Mapping[str, Any]], Figure]] = {
    "replay": replay_figure,
    "weights": weights_figure,
    "transfer": transfer_figure,
    "subsets": subsets_figure,
    "curve": curve_figure,
}
# No date and no version, so that the same report gives the same bytes.
_UNSIGNED: dict[FigureFormat, dict[str, None]] = {
    "svg": {"Date": None, "Creator": None},
    "png": {"Software": None},
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}
# From matplotlib's own defaults: a matplotlibrc of this machine must not change a figure, or switch LaTeX on.
_STYLE: dict[Any, Any] = {
    name: setting for name, setting in matplotlib.rcParamsDefault.items() if not name.startswith("backend")
} | {
    "font.family": "DejaVu Sans",
    "font.size": 7,
    "text.parse_math": False,  # names of models hold "$" and "_"
    "axes.titlesize": 7,
    "axes.titlelocation": "left",
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.labelsize": 6.5,
    "ytick.labelsize": 6.5,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.major.size": 2.5,
    "ytick.major.size": 2.5,
    "legend.fontsize": 6.5,
    "legend.frameon": False,
    "lines.linewidth": 1.1,
    "lines.markersize": 3.6,
    "savefig.dpi": 300,
    "svg.hashsalt": "fusion-ui",
    "pdf.fonttype": 42,  # many venues refuse Type 3 fonts
}
# Matplotlib's settings and font cache belong to the process, and so does the lock that guards them.
_ONE_AT_A_TIME = Lock()


def figure_of(report: Mapping[str, Any], *, format: FigureFormat) -> bytes:
    """The file of a report's figure. `report` is one of the lab's, with its `kind` and its `result`."""
    return printed(lambda: _FIGURES[report["kind"]](report["result"]), format=format)


def printed(draw: Callable[[], Figure], *, format: FigureFormat) -> bytes:
    """The file of what is drawn, in the style of the house and one at a time in this process."""
    drawn = BytesIO()
    with _ONE_AT_A_TIME, matplotlib.rc_context(_STYLE):
        _take_own_fonts()
        draw().savefig(drawn, format=format, metadata=_UNSIGNED[format])
    return drawn.getvalue()


@cache
def _take_own_fonts() -> None:
    """Have matplotlib know the fonts that come with it and no others.

    A machine may have the same fonts in another version, and the list of fonts that matplotlib keeps in a home may have
    been written by anybody: the same report would be other bytes there.
    """
    folder = Path(matplotlib.get_data_path(), "fonts", "ttf")
    fonts = [font_manager.ttfFontProperty(font_manager.get_font(path)) for path in sorted(folder.glob("*.ttf"))]
    font_manager.fontManager.ttflist = fonts
