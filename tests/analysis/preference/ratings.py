"""Ratings of units for tests of agreement: drawn from known shares, or published."""

import csv
from pathlib import Path

import numpy as np

from fusion_ui.analysis.preference.codes import Codes
from fusion_ui.analysis.preference.comparisons import Comparisons

RECIPE_SCALES = "grammar fluency verbosity structure success overall".split()


def rated(*rows: list[int]) -> Codes:
    """The codes of each unit, one a rater; raters are the places in the row."""
    cells = [(code, unit, rater) for unit, row in enumerate(rows) for rater, code in enumerate(row)]
    return Codes(*np.array(cells, dtype=np.int64).reshape(-1, 3).T)


def agreeing(*, units: int, raters: int, skill: float, shares: list[float], seed: int) -> Codes:
    """Raters who say a unit's true class as often as `skill`, and otherwise draw from the shares that truth has too."""
    rng = np.random.default_rng(seed)
    truth = np.repeat(rng.choice(len(shares), units, p=shares), raters)
    guess = rng.choice(len(shares), len(truth), p=shares)
    said = np.where(rng.random(len(truth)) < skill, truth, guess)
    return Codes(said, np.repeat(np.arange(units), raters), np.tile(np.arange(raters), units))


def as_shown(comparisons: Comparisons) -> Codes:
    """Codes by the order in which pairs are written."""
    return Codes(comparisons.outcome, comparisons.unit, comparisons.rater)


def textbook(folder: Path) -> Codes:
    """Krippendorff's example: four raters, twelve units, some not rated."""
    with (folder / "open" / "krippendorff_codings.csv").open(encoding="utf-8") as lines:
        cells = [
            (int(code), unit, rater)
            for rater, row in enumerate(csv.reader(lines))
            for unit, code in enumerate(row)
            if code
        ]
    return Codes(*np.array(cells).T)


def recipes(folder: Path) -> list[dict[str, str]]:
    """The published ratings of recipes, a row a text and participant."""
    with (folder / "open" / "recipes_likert.tsv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t"))


def places(names: list[str]) -> np.ndarray:
    """The place of each name among the different names."""
    return np.unique(names, return_inverse=True)[1]


def without_repeats(codes: Codes) -> Codes:
    """The first code of each rater for each unit."""
    pairs = np.stack([codes.units, codes.raters], axis=1)
    first = np.sort(np.unique(pairs, axis=0, return_index=True)[1])
    return Codes(*(column[first] for column in codes))
