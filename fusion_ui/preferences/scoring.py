"""Rubric scores by system and criterion. A criterion that studies ask on several scales is one for each scale."""

from typing import Any

import numpy as np

from fusion_ui.analysis.preference.rubric import Scores, rubric_differences, rubric_means
from fusion_ui.preferences.comparing import Systems
from fusion_ui.preferences.counting import Counted
from fusion_ui.preferences.plain import plain
from fusion_ui.preferences.question import Question
from fusion_ui.preferences.whole import Whole


def rubric(whole: Whole, counted: Counted, systems: Systems, question: Question) -> dict[str, Any]:
    """Means and paired differences as JSON."""
    if not counted.kept[whole.scored.said].any():
        return {"means": [], "differences": []}
    scores = _scores(whole, counted, systems)
    return {
        "means": plain(rubric_means(scores, level=question.level)),
        "differences": plain(rubric_differences(scores, level=question.level)),
    }


def _scores(whole: Whole, counted: Counted, systems: Systems) -> Scores:
    kept = counted.kept[whole.scored.said]
    said, contender, criterion, value = (column[kept] for column in whole.scored)
    scale = _scales(whole)[whole.judgements.source[said], criterion]
    asked, place = np.unique(np.column_stack([criterion, scale]), axis=0, return_inverse=True)
    present, system = np.unique(systems.of[contender], return_inverse=True)
    several = {
        int(each) for each, number in zip(*np.unique(asked[:, 0], return_counts=True), strict=True) if number > 1
    }
    return Scores(
        systems=tuple(systems.names[at] for at in present),
        criteria=tuple(
            f"{whole.criteria[at]} ({low} to {high})" if at in several else whole.criteria[at]
            for at, low, high in asked.tolist()
        ),
        scales=tuple((int(low), int(high)) for _, low, high in asked),
        system=system.astype(np.int32),
        criterion=place.reshape(-1).astype(np.int32),
        score=np.rint(value).astype(np.int32),
        prompt=whole.units.prompt[whole.contenders.unit[contender]],
        rater=whole.judgements.rater[said],
    )


def _scales(whole: Whole) -> Any:
    """The scale of each criterion in each source: as its study says, else from the lowest to the highest given."""
    scales = np.zeros((len(whole.sources), len(whole.criteria), 2), dtype=np.int64)
    source = whole.judgements.source[whole.scored.said]
    for at, each in enumerate(whole.sources):
        for place, name in enumerate(whole.criteria):
            values = np.rint(whole.scored.value[(source == at) & (whole.scored.criterion == place)])
            if len(values):
                low, high = each.scales.get(name, (values.min(), values.max()))
                scales[at, place] = min(low, values.min()), max(high, values.max())
    return scales
