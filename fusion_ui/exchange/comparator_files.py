"""The JSON that LLM Comparator shows: two models, an example for each pair of texts, and every score that was given.

Scores go from 1.5 (A is much better) to -1.5 and are told from the side of A whichever stood left: `is_flipped` says
that B did. That both are bad has no score there: it counts as "same", and the label says it.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from statistics import fmean
from typing import Any

from fusion_ui.exchange.recorded_ratings import JUDGE, RecordedRating

_STEPS = (0.5, 1.0, 1.5)
_LABELS: Mapping[float, str] = {
    1.5: "A is much better", 1.0: "A is better", 0.5: "A is slightly better", 0.0: "same",
    -0.5: "B is slightly better", -1.0: "B is better", -1.5: "B is much better",
}  # fmt: skip
_FIELDS = [
    {"name": "question", "type": "string"},
    {"name": "language", "type": "category"},
    {"name": "judgements", "type": "number"},
    {"name": "length", "type": "per_model_number"},
]


def write_comparator(file: Path, ratings: Iterable[RecordedRating], *, models: tuple[str, str], source: str) -> int:
    """How many examples were written. Ratings are of these models, first and second; those of a question together."""
    count = 0
    head = {"source_path": source, "custom_fields_schema": _FIELDS}
    with file.open("w", encoding="utf-8", newline="") as written:
        named = [{"name": name} for name in models]
        written.write(f'{{"metadata": {_json(head)},\n"models": {_json(named)},\n"examples": [')
        for _, alike in groupby(ratings, key=_example_key):
            written.write((",\n" if count else "\n") + _json(_example(list(alike))))
            count += 1
        written.write("\n]}\n")
    return count


def _example_key(rating: RecordedRating) -> tuple[str, ...]:
    return rating.question, rating.prompt, rating.first_text, rating.second_text


def _example(ratings: Sequence[RecordedRating]) -> dict[str, Any]:
    about = ratings[0]
    given = [_given(rating) for rating in ratings]
    return {
        "input_text": about.prompt,
        "tags": list(about.tags),
        "output_text_a": about.first_text,
        "output_text_b": about.second_text,
        "score": round(fmean(each["score"] for each in given), 6),
        "individual_rater_scores": given,
        "custom_fields": {
            "question": about.question,
            "language": about.language or "",
            "judgements": len(ratings),
            "length": [len(about.first_text), len(about.second_text)],
        },
    }


def _given(rating: RecordedRating) -> dict[str, Any]:
    score = {"first": 1.0, "second": -1.0}.get(rating.outcome, 0.0) * _STEPS[rating.strength]
    return {
        "score": score,
        "rating_label": "both are bad" if rating.outcome == "all_bad" else _LABELS[score],
        "is_flipped": rating.is_turned,
        "rationale": rating.note,
        "rater": JUDGE * rating.is_model + rating.rater,
        "said_at": rating.said_at,
    }


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
