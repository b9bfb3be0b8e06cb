"""How far the raters of a running study agree on who won, contrast by contrast, as the analysis reckons it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

import numpy as np

from fusion_ui.analysis.preference.agreement import Agreement, agreement
from fusion_ui.analysis.preference.comparisons import Outcome
from fusion_ui.annotation.results import LEVEL
from fusion_ui.studies.protocol import Contrast, Study, Unit
from fusion_ui.studies.quality import ALL_BAD, TIE, Judged

_CODES: Mapping[str, int] = {TIE: Outcome.TIE, ALL_BAD: Outcome.BOTH_BAD}


def agreement_results(counted: Iterable[Judged], study: Study) -> list[dict[str, Any]]:
    """A row a contrast that was judged: what is known of its agreement, and in words why the rest is not."""
    return [{"roles": roles} | _told(each) for roles, each in agreement_by_contrast(counted, study.units).items()]


def agreement_by_contrast(judged: Iterable[Judged], units: Sequence[Unit]) -> dict[Contrast, Agreement]:
    """Agreement on who won, for each contrast; first judgements only, as a person's repeats agree with that person.

    Winners count by their place in the contrast, ties and "all bad" as answers of their own.
    """
    said: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
    for each in judged:
        if each.kind == "main" and each.winner is not None:
            said[each.unit].append((each.rater, each.winner))
    place_by_rater: dict[str, int] = {}
    cells: defaultdict[Contrast, list[int]] = defaultdict(list)
    for place, votes in said.items():
        code_by_winner = _codes(units[place])
        cells[units[place].contrast] += chain.from_iterable(
            (code_by_winner[winner], place, place_by_rater.setdefault(rater, len(place_by_rater)))
            for rater, winner in votes
        )
    return {
        contrast: agreement(*np.array(each).reshape(-1, 3).T, level="nominal", confidence=LEVEL)
        for contrast, each in cells.items()
    }


def _codes(unit: Unit) -> dict[str, int]:
    """The code of each winner: even numbers for places, so that the codes of a pair are those of `Outcome`."""
    by_output = {contender.output_id: 2 * place for place, contender in enumerate(unit.contenders)}
    return {**_CODES, **by_output}


def _told(found: Agreement) -> dict[str, Any]:
    alpha = found.alpha
    return {
        "alpha": alpha.value if alpha else None,
        "low": alpha.low if alpha else None,
        "high": alpha.high if alpha else None,
        "level": LEVEL,
        "raw": found.raw,
        "units": found.units,
        "note": alpha.note if alpha else found.note,
    }
