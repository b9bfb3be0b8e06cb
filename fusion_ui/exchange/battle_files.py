"""FastChat's battles as it publishes them: one object a vote, with both conversations; as one list or a line each.

Model A is what stood left, as there. How much better something was has no place in this form.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from fusion_ui.exchange.recorded_ratings import JUDGE, RecordedOutcome, RecordedRating

BattleFormat = Literal["json", "jsonl"]
_WINNERS: Mapping[RecordedOutcome, tuple[str, str]] = {
    "first": ("model_a", "model_b"),
    "second": ("model_b", "model_a"),
    "tie": ("tie", "tie"),
    "all_bad": ("tie (bothbad)", "tie (bothbad)"),
}


def write_battles(file: Path, ratings: Iterable[RecordedRating], kind: BattleFormat) -> int:
    """How many battles were written."""
    count = 0
    between = ",\n" if kind == "json" else "\n"
    with file.open("w", encoding="utf-8", newline="") as written:
        written.write("[\n" if kind == "json" else "")
        for count, rating in enumerate(ratings, start=1):
            written.write((between if count > 1 else "") + json.dumps(battle_of(rating), ensure_ascii=False))
        written.write("\n]\n" if kind == "json" else "\n" if count else "")
    return count


def battle_of(rating: RecordedRating) -> dict[str, Any]:
    """The judgement as a battle; what the form has no name for stands beside, under ours."""
    sides = [(rating.first, rating.first_text), (rating.second, rating.second_text)]
    left, right = reversed(sides) if rating.is_turned else sides
    return {
        "question_id": rating.question,
        "model_a": left[0],
        "model_b": right[0],
        "winner": _WINNERS[rating.outcome][rating.is_turned],
        "judge": JUDGE * rating.is_model + rating.rater,
        "conversation_a": _conversation(rating.prompt, left[1]),
        "conversation_b": _conversation(rating.prompt, right[1]),
        "turn": 1,
        "anony": not rating.is_open,
        "language": rating.language,
        "tstamp": datetime.fromisoformat(rating.said_at).timestamp() if rating.said_at else None,
        "note": rating.note,
        "reference": rating.reference,
        "tags": list(rating.tags),
    }


def _conversation(prompt: str, text: str) -> list[dict[str, str]]:
    return [{"role": "user", "content": prompt}, {"role": "assistant", "content": text}]
