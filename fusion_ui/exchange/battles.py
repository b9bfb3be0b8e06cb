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
_PROMPTS = ("prompt", "instruction", "question", "input")
_MORE = (
    "conversation_a", "conversation_b", "turn", "anony", "tstamp", "timestamp", "saved_at", "note", "rationale",
    "comment", "language", "lang", "reference", "gold", "tags", "category",
)  # fmt: skip
_MOST_KEPT = 100_000
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


class _Talk(NamedTuple):
    """A conversation as one prompt and one text."""

    prompt: str = ""
    text: str = ""


class VoteReader:
    """Reads the lines of one file. Which of their fields mean what is asked once for lines that have the same."""

    def __init__(self) -> None:
        self._columns_by_names: dict[tuple[str, ...], _Columns] = {}
        self._name_by_cell: dict[object, str] = {}

    def rating(self, fields: Mapping[str, object], *, line: int) -> RecordedRating:
        """The judgement of one line. Raises LineError."""
        columns = self._columns(fields)
        first, second = self._side(fields, columns.first), self._side(fields, columns.second)
        if first == second:
            raise LineError(f"compares {first[:60]!r} with itself")
        question = self._name(fields, columns.question) if columns.question else ""
        rating = RecordedRating(
            line=line,
            prompt=text_in(fields, columns.prompt) if columns.prompt else "",
            first=first,
            second=second,
            outcome=_outcome(fields, first, second),
            question=question,
        )
        if columns.rater:
            rating = self._rated(rating, fields, columns.rater)
        if columns.has_more:
            rating = _with_more(rating, fields, columns)
        if not rating.prompt or rating.prompt.isspace():
            return rating._replace(prompt=f"Question {rating.question}" if question else f"Vote on line {line}")
        return rating

    def _columns(self, fields: Mapping[str, object]) -> "_Columns":
        names = tuple([name for name, value in fields.items() if value is not None])
        known = self._columns_by_names.get(names)
        if known is None:
            known = _columns_of(fields)
            if len(self._columns_by_names) < _MOST_KEPT:
                self._columns_by_names[names] = known
        return known

    def _rated(self, rating: RecordedRating, fields: Mapping[str, object], name: str) -> RecordedRating:
        said = fields[name]
        if isinstance(said, list) and said:  # FastChat names a model judge together with the wording it was asked in
            return rating._replace(rater=name_in({name: said[0]}, name), is_model=True)
        rater = self._name(fields, name)
        return rating._replace(rater=rater.removeprefix(JUDGE), is_model=rater.startswith(JUDGE))

    def _side(self, fields: Mapping[str, object], name: str) -> str:
        return self._name(fields, name) or needed("", name)

    def _name(self, fields: Mapping[str, object], name: str) -> str:
        cell = fields.get(name)
        if not isinstance(cell, str):
            return name_in(fields, name)
        known = self._name_by_cell.get(cell)
        if known is None:
            known = name_in(fields, name)
            if len(self._name_by_cell) < _MOST_KEPT:
                self._name_by_cell[cell] = known
        return known


class _Columns(NamedTuple):
    """The fields that mean something here; "" where there is none, `has_more` where any but the first few are there."""

    first: str
    second: str
    rater: str
    question: str
    prompt: str
    texts: tuple[str, str]
    has_more: bool


def _columns_of(fields: Mapping[str, object]) -> _Columns:
    def there(*names: str) -> str:
        return next((name for name in names if fields.get(name) is not None), "")

    sides = next((pair for pair in SIDES if there(*pair)), SIDES[0])
    # LLMFAO numbers its models and says their names beside.
    named = ("left", "right") if sides[0] == "model_x" and there("left") and there("right") else sides
    # A list is a conversation, which stands elsewhere too.
    asked = next((name for name in _PROMPTS if isinstance(fields.get(name), str | int | float)), "")
    return _Columns(
        first=named[0],
        second=named[1],
        rater=there(*_RATERS),
        question=there(*_QUESTIONS),
        prompt=asked,
        texts=(there(*(pair[0] for pair in _TEXTS)), there(*(pair[1] for pair in _TEXTS))),
        has_more=bool(there(*_MORE) or there(*(name for pair in _TEXTS for name in pair))),
    )


def _with_more(rating: RecordedRating, fields: Mapping[str, object], columns: _Columns) -> RecordedRating:
    """The same judgement with texts, and with what else a line may say."""
    turn = _turn(fields.get("turn"))
    talks = tuple(_talk(fields.get(name), name, turns=turn) for name in ("conversation_a", "conversation_b"))
    texts = tuple(text_in(fields, name) if name else "" for name in columns.texts)
    question = rating.question
    return rating._replace(
        prompt=rating.prompt or talks[0].prompt,
        question=f"{question}, turn {turn}" if question and turn > 1 else question,
        first_text=texts[0] or talks[0].text,
        second_text=texts[1] or talks[1].text,
        is_open=_is_open(fields.get("anony")),
        said_at=moment_in(fields, "tstamp", "timestamp", "saved_at"),
        note=text_in(fields, "note", "rationale", "comment"),
        language=name_in(fields, "language", "lang") or None,
        reference=text_in(fields, "reference", "gold") or None,
        tags=tags_in(fields, "tags", "category"),
    )


def _outcome(fields: Mapping[str, object], first: str, second: str) -> RecordedOutcome:
    said = needed(text_in(fields, "winner"), "winner").strip()
    if said in (first, second):
        return "first" if said == first else "second"
    found = _OUTCOMES.get(said.casefold())
    if found is None:
        raise LineError(f"winner: {said[:40]!r} is neither a side nor a tie")
    return found


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
