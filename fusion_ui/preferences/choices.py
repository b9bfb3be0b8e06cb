"""What a question can choose from, with how many judgements each choice has."""

from collections import Counter
from typing import Any

import numpy as np

from fusion_ui.preferences.counting import Counted, length_bins
from fusion_ui.preferences.question import LENGTHS
from fusion_ui.preferences.whole import Whole

_Counts = list[list[Any]]


def choices_of(whole: Whole, counted: Counted) -> dict[str, _Counts]:
    """Languages, tags, lengths and raters of the sources asked for, the most judged first."""
    said = whole.judgements
    by_unit = np.bincount(said.unit[counted.asked], minlength=len(whole.units))
    judged = np.flatnonzero(by_unit).tolist()
    languages: Counter[str] = Counter()
    tags: Counter[str] = Counter()
    for unit in judged:
        number = int(by_unit[unit])
        languages[whole.units.language[unit]] += number
        for tag in whole.units.tags[unit]:
            tags[tag] += number
    lengths = np.bincount(length_bins(whole.units), by_unit, minlength=len(LENGTHS)).astype(int)
    by_rater = np.bincount(said.rater[counted.asked], minlength=len(whole.raters))
    return {
        "languages": _ranked({language: number for language, number in languages.items() if language}),
        "tags": _ranked(tags),
        "lengths": [[label, int(number)] for label, number in zip(LENGTHS, lengths, strict=True)],
        "raters": _ranked({name: int(number) for name, number in zip(whole.raters, by_rater, strict=True) if number}),
    }


def _ranked(counts: dict[str, int]) -> _Counts:
    return [[name, number] for name, number in sorted(counts.items(), key=lambda each: (-each[1], each[0]))]
