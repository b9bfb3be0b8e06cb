"""What the verdicts of a study say so far, contrast by contrast, and whether more of them would decide it.

Figures for the owner of a running study; what a report prints is the analysis's.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from statistics import fmean
from typing import Any

from fusion_ui.analysis.preference.estimates import Share, share_of
from fusion_ui.annotation.making import labels_of
from fusion_ui.studies.protocol import Contrast, Study, Unit
from fusion_ui.studies.quality import ALL_BAD, TIE, Judged, with_doubles
from fusion_ui.studies.settling import Standing, standings

LEVEL = 0.95
FEWEST_UNITS = 5  # below, a share says more about chance than about answers


def contrast_results(counted: Sequence[Judged], study: Study) -> list[dict[str, Any]]:
    """A row a contrast, in the order in which the study has them."""
    units_by_contrast: defaultdict[Contrast, dict[int, Unit]] = defaultdict(dict)
    for unit in study.units:
        if unit.phase == "main" and not unit.is_identical:
            units_by_contrast[unit.contrast][unit.place] = unit
    said: defaultdict[int, list[str]] = defaultdict(list)
    for each in with_doubles(counted, study.units):
        if each.kind == "main" and each.winner is not None:
            said[each.unit].append(each.winner)
    standing_by_contrast: dict[Contrast, Standing] = {}
    if study.protocol.task == "pairwise":
        standing_by_contrast = {each.contrast: each for each in standings(counted, study.units, study.protocol)}
    return [
        _result(contrast, units, said, standing_by_contrast.get(contrast), overlap=study.protocol.overlap)
        for contrast, units in units_by_contrast.items()
    ]


def unit_share(scores_by_unit: Sequence[Sequence[float]]) -> Share | None:
    """The mean over units, which count alike, with the interval for as many results as units.

    Raters of one unit are no independent evidence. None below the number of units that tells anything.
    """
    if len(scores_by_unit) < FEWEST_UNITS:
        return None
    return share_of(sum(map(fmean, scores_by_unit)), len(scores_by_unit), level=LEVEL)


def _result(
    contrast: Contrast,
    units: dict[int, Unit],
    said: dict[int, list[str]],
    standing: Standing | None,
    *,
    overlap: int,
) -> dict[str, Any]:
    judged = [(unit, said[place]) for place, unit in units.items() if said.get(place)]
    counts: Counter[str] = Counter()
    for unit, winners in judged:
        labels = dict(zip((each.output_id for each in unit.contenders), labels_of(unit), strict=True))
        counts.update(labels.get(winner, winner) for winner in winners)
    share = _pair_share(judged) if standing else None
    return {
        "roles": contrast,
        "counts": dict(counts),
        "units": len(judged),
        "judgements": counts.total(),
        "share": share.share if share else None,
        "low": share.low if share else None,
        "high": share.high if share else None,
        "level": LEVEL,
    } | _state(standing, has_share=share is not None, overlap=overlap)


def _pair_share(judged: Sequence[tuple[Unit, list[str]]]) -> Share | None:
    """Ties count half; that both are bad says nothing of which is better."""
    scores = [
        [
            0.5 if winner == TIE else float(winner == unit.contenders[0].output_id)
            for winner in winners
            if winner != ALL_BAD
        ]
        for unit, winners in judged
    ]
    return unit_share([each for each in scores if each])


def _state(standing: Standing | None, *, has_share: bool, overlap: int) -> dict[str, Any]:
    if standing is None:
        return {"state": "none", "more": None, "note": None}
    if not has_share:
        note = f"A share is told from {FEWEST_UNITS} judged items on."
        return {"state": "none", "more": None, "note": note}
    if standing.state == "even":
        return {"state": "settled", "more": None, "note": "Neither is better: they win about as many items each."}
    if standing.state == "settled":
        return {"state": "settled", "more": None, "note": None}
    more = None if standing.more is None else standing.more * overlap
    return {"state": "open", "more": more, "note": _outlook(more, lacking=standing.lacking)}


def _outlook(more: int | None, *, lacking: int) -> str | None:
    if more is None:
        return "As the verdicts fall, more of them would hardly decide it."
    if more > lacking:
        return f"Judgements still to come in this study: {lacking:,}. To decide it takes more items."
    return None
