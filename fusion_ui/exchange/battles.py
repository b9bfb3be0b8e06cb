"""Votes on pairs: FastChat's battles, and tables with a column for each side, a rater and a winner.

The first side is what stood left. A conversation of several turns becomes one prompt and one text a side, its turns set
apart by a line; `turn` says how many of them were judged.
"""

from collections.abc import Mapping
from typing import NamedTuple

from fusion_ui.exchange.cells import moment_in, name_in, needed, tags_in, text_in
from fusion_ui.exchange.recorded_ratings import JUDGE, RecordedOutcome, RecordedRating
from fusion_ui.exchange.texts import MOST_CHARACTERS, LineError

SIDES = (
    ("model_a", "model_b"), ("model_x", "model_y"), ("system_a", "system_b"), ("model_1", "model_2"),
    ("member_a", "member_b"),
)  # fmt: skip
_TEXTS = (
    ("text_a", "text_b"), ("response_a", "response_b"), ("output_a", "output_b"), ("answer_a", "answer_b"),
    ("text_x", "text_y"), ("text_1", "text_2"),
)  # fmt: skip
_RATERS = ("rater", "worker", "judge", "annotator", "judge_hash", "user")
_QUESTIONS = ("question_id", "prompt_id", "item", "item_id")
_OUTCOMES: Mapping[str, RecordedOutcome] = {
    **dict.fromkeys(("model_a", "a", "left", "1", "first", "model_x", "x", "system_a", "model_1", "member_a"), "first"),
    **dict.fromkeys(
        ("model_b", "b", "right", "2", "second", "model_y", "y", "system_b", "model_2", "member_b"), "second"
    ),
    **dict.fromkeys(("tie", "draw", "equal", "same", "both"), "tie"),
    **dict.fromkeys(
        ("tie (bothbad)", "bothbad", "both bad", "both_bad", "all_bad", "bothbad_vote", "neither"), "all_bad"
    ),
}
_TURNS_APART = "\n\n---\n\n"
_MOST_TURNS = 1_000


class _Rater(NamedTuple):
    name: str
    is_model: bool


class _Talk(NamedTuple):
    """A conversation as one prompt and one text."""

    prompt: str = ""
    text: str = ""


def rating_of(fields: Mapping[str, object], *, line: int) -> RecordedRating:
    """The judgement of one line. Raises LineError."""
    sides = next((pair for pair in SIDES if pair[0] in fields), SIDES[0])
    first, second = (needed(name_in(fields, *_names(fields, sides, place)), sides[place]) for place in (0, 1))
    if first == second:
        raise LineError(f"compares {first[:60]!r} with itself")
    turn = _turn(fields.get("turn"))
    talks = tuple(_talk(fields.get(name), name, turns=turn) for name in ("conversation_a", "conversation_b"))
    question = _question(fields, turn)
    rater = _rater(fields)
    return RecordedRating(
        line=line,
        prompt=_prompt(fields, talks[0]) or (f"Question {question}" if question else f"Vote on line {line}"),
        first=first,
        second=second,
        outcome=_outcome(fields, first, second),
        rater=rater.name,
        question=question,
        first_text=_side_text(fields, 0) or talks[0].text,
        second_text=_side_text(fields, 1) or talks[1].text,
        is_open=_is_open(fields.get("anony")),
        is_model=rater.is_model,
        said_at=moment_in(fields, "tstamp", "timestamp", "saved_at"),
        note=text_in(fields, "note", "rationale", "comment"),
        language=name_in(fields, "language", "lang") or None,
        reference=text_in(fields, "reference", "gold") or None,
        tags=tags_in(fields, "tags", "category"),
    )


def _names(fields: Mapping[str, object], sides: tuple[str, str], place: int) -> tuple[str, ...]:
    # LLMFAO numbers its models and says their names beside.
    is_named = sides[0] == "model_x" and "left" in fields and "right" in fields
    return (("left", "right")[place], sides[place]) if is_named else (sides[place],)


def _prompt(fields: Mapping[str, object], talk: _Talk) -> str:
    asked = fields.get("prompt")
    text = "" if isinstance(asked, list | dict) else text_in(fields, "prompt", "instruction", "question", "input")
    prompt = text or talk.prompt
    return "" if prompt.isspace() else prompt


def _question(fields: Mapping[str, object], turn: int) -> str:
    question = name_in(fields, *_QUESTIONS)
    return f"{question}, turn {turn}" if question and turn > 1 else question


def _outcome(fields: Mapping[str, object], first: str, second: str) -> RecordedOutcome:
    said = needed(text_in(fields, "winner"), "winner").strip()
    if said in (first, second):
        return "first" if said == first else "second"
    found = _OUTCOMES.get(said.casefold())
    if found is None:
        raise LineError(f"winner: {said[:40]!r} is neither a side nor a tie")
    return found


def _rater(fields: Mapping[str, object]) -> _Rater:
    name = next((name for name in _RATERS if fields.get(name) is not None), "")
    said = fields.get(name)
    if isinstance(said, list) and said:  # FastChat names a model judge together with the wording it was asked in
        return _Rater(name_in({name: said[0]}, name), True)
    rater = name_in(fields, name) if name else ""
    return _Rater(rater.removeprefix(JUDGE), rater.startswith(JUDGE))


def _side_text(fields: Mapping[str, object], place: int) -> str:
    return text_in(fields, *(pair[place] for pair in _TEXTS))


def _is_open(anony: object) -> bool:
    """Whether names were visible: FastChat's `anony` is false then."""
    return anony is False or (isinstance(anony, str) and anony.casefold() in ("false", "0"))


def _turn(said: object) -> int:
    try:
        turn = int(said) if isinstance(said, str | int) else 0
    except ValueError:
        return 0
    return turn if 0 < turn <= _MOST_TURNS else 0


def _talk(said: object, name: str, *, turns: int) -> _Talk:
    if said is None or isinstance(said, str):
        return _Talk()
    if not isinstance(said, list) or not all(isinstance(message, dict) for message in said):
        raise LineError(f"{name}: is no list of messages")
    asked, told = (_contents(said, name, role)[: turns or _MOST_TURNS] for role in ("user", "assistant"))
    return _Talk(_TURNS_APART.join(asked)[:MOST_CHARACTERS], _TURNS_APART.join(told)[:MOST_CHARACTERS])


def _contents(messages: list[dict[str, object]], name: str, role: str) -> list[str]:
    return [_content(message.get("content"), name) for message in messages if message.get("role") == role]


def _content(said: object, name: str) -> str:
    """The words of a message, which may come in parts beside pictures."""
    if isinstance(said, list):
        said = "\n".join(part["text"] for part in said if isinstance(part, dict) and isinstance(part.get("text"), str))
    return text_in({name: said}, name)
