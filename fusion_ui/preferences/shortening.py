"""An analysis as far as a page shows it at first: with many systems, nearly all of it is pairs that nobody looks at."""

from collections.abc import Mapping
from typing import Any

from fusion_ui.figures.best_met import best_met
from fusion_ui.preferences.contrasting import MOST_DETAILED

MOST_MET = 24
"""Systems of the matrix of who beat whom that fit on a screen."""


def shortened(analysis: Mapping[str, Any]) -> dict[str, Any]:
    """The analysis with the contrasts that are told in full and who beat whom among those that rank first."""
    contrasts = analysis["contrasts"]
    if len(contrasts) > MOST_DETAILED:
        contrasts = [each for each in contrasts if each["verdict"] is not None]
    return {**analysis, "contrasts": contrasts, "matrix": best_met(analysis, most=MOST_MET)}
